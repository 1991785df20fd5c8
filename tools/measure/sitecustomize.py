"""Measures coverage in every process that `make coverage` starts.

Python imports a module of this name when it starts, before anything of the site. So the
worker processes of pytest-xdist are measured from their first line on.
"""

import coverage

coverage.process_startup()

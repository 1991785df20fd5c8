"""Shifts the clock of a server that a test starts, by CLOCK_SHIFT seconds.

Python imports this file at its start where its folder is in PYTHONPATH.
"""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["CLOCK_SHIFT"])).start()

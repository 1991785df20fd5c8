"""Settings for tests: the site's own, with quick password hashing and no mail sent."""

import os
import tempfile
from pathlib import Path

os.environ["DEBUG"] = (
    # pytest-django turns DEBUG off again; the static files are then looked up where
    # they lie
    "1"
)

from rolefit.settings import *  # noqa: E402, F403
from rolefit.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MAIL_GOES_OUT = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Tests kill processes and never the machine, so nothing need reach the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"
    # A file, as in production: a database in memory cannot be shared by threads as
    # SQLite's WAL is.
    DATABASES["default"]["TEST"] = {
        "NAME": Path(tempfile.gettempdir(), f"rolefit-test-{os.getpid()}.sqlite3")
    }
    # Never the database of this machine's own site, not even by mistake.
    DATABASES["default"]["NAME"] = ":memory:"

"""Settings for tests: the site's own, with quick password hashing and no mail sent."""

import os

os.environ["DEBUG"] = "1"  # pytest-django turns DEBUG off again; the static files are then looked up where they lie

from rolefit.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

"""The WSGI application that the server calls."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rolefit.settings")

application = get_wsgi_application()

if connection.vendor == "postgresql":
    # Here, for with SQLite nobody needs psycopg in memory.
    from .waiting import limit_waits

    limit_waits()

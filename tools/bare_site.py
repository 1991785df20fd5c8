"""The least that Django can do: the measure for what a page of Rolefit costs.

A page, a page with one row, and a write; no middleware, template or session. It runs
with `bench_http.bare`: under granian by WSGI, which costs granian less than the
interface that Rolefit uses, with as many workers and threads.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from rolefit.environment import database

FOLDER = Path(os.environ["BARE_FOLDER"])  # of the SQLite database

settings.configure(
    ALLOWED_HOSTS=["*"],
    # The same database, with the same options, as Rolefit's.
    DATABASES={"default": database("DATABASE_URL", folder=FOLDER)},
    DEBUG=False,
    LOGGING_CONFIG=None,
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for measuring only",  # noqa: S106
)

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

PAGE = "<!DOCTYPE html><title>Bare</title><h1>Bare</h1>"


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


def row(request: HttpRequest) -> HttpResponse:
    """A page with one SELECT."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM bare WHERE id = 1")
        (text,) = cursor.fetchone()
    return HttpResponse(PAGE + text)


@csrf_exempt
def write(request: HttpRequest) -> HttpResponse:
    """Reads a form and writes one row, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bare SET text = %s WHERE id = 1", [request.POST["text"]])
    return HttpResponse(status=204)


urlpatterns = [path("", page), path("row/", row), path("write/", write)]
application = get_wsgi_application()


def prepare() -> None:
    """Make the table, with its one row."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute("CREATE TABLE bare (id integer PRIMARY KEY, text text NOT NULL)")
        cursor.execute("INSERT INTO bare (id, text) VALUES (1, 'one')")


if __name__ == "__main__":
    prepare()

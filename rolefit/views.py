"""Views of the whole site: health checks, and answers to refused posts."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from assessments.visitors.taking import section_after_csrf_failure
from content import published

from . import schema


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process is alive. Reads nothing."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers, is migrated, and has the tables of the models.

    After "ok" comes a line for each address that staff have not set. The log alone
    says what differs in the tables, because anybody may read this page.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not schema.is_migrated(connection):
        return HttpResponse(
            "migrations are missing", status=503, content_type="text/plain"
        )
    if not schema.agrees():
        return HttpResponse("tables differ", status=503, content_type="text/plain")
    # The site works without these, so the answer is the same 200.
    lines = ["ok", *published.current().words.missing]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid CSRF token.

    A section of the questionnaire shows the posted answers again, with a new token. Any
    other form gets a page that says what to do.
    """
    return section_after_csrf_failure(request) or render(
        request, "403_csrf.html", status=403
    )


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """allauth's limits on pages.

    They count the last 60 seconds and no refused post, so nobody waits for longer.
    """
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response

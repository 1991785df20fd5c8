"""Views of the whole site: health checks, and the answers to failures."""

from __future__ import annotations

import logging
import sys

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.cache import never_cache

from assessments.visitors.taking import section_after_csrf_failure
from content import published
from content.kept_form import kept_form

from . import schema
from .logs import is_outage, one_line
from .refusals import RefusedBecause

_log = logging.getLogger(__name__)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process is alive. Reads nothing."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers, takes a write, and fits the code.

    Anybody may read this, so it names the kind of problem; the log has the details.
    "missing" are addresses that staff have not set. The site works without them.
    """
    problem = _problem()
    if problem:
        return JsonResponse({"ready": False, "problem": problem}, status=503)
    return JsonResponse({"ready": True, "missing": published.current().words.missing})


def _problem() -> str:
    """What keeps the site from working, in a few words; nothing if it works."""
    try:
        if not schema.is_migrated(connection):
            return "migrations are missing"
        if not schema.agrees():
            return "tables differ"
        schema.try_write(connection)
    except (DatabaseError, InterfaceError) as error:
        _log.error("Not ready, because the database fails: %s", one_line(error))
        return "the database fails"
    return ""


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request whose view failed: 503 where the database is away, else 500.

    Both pages are plain files of words and ask the database nothing.
    """
    if is_outage(sys.exc_info()[1]):
        html = render_to_string("503.html")
        return HttpResponse(html, status=503, headers={"Retry-After": "10"})
    return defaults.server_error(request)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer whoever may not, with the reason if it is in our words."""
    why = str(exception) if isinstance(exception, RefusedBecause) else ""
    return render(request, "403.html", {"why": why}, status=403)


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid CSRF token.

    A section of the questionnaire shows the posted answers again, with a new token. A
    form of staff or coaches comes back to be saved once more. Any other form gets a
    page that says what to do.
    """
    return (
        section_after_csrf_failure(request)
        or kept_form(request, status=403)
        or render(request, "403_csrf.html", status=403)
    )


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """allauth's limits on pages.

    They count the last 60 seconds and no refused post, so nobody waits for longer.
    """
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response

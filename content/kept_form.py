"""What somebody has typed comes back when it cannot be saved."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

# Fields that are no words of the person, or too secret to stand in a page.
_LEFT_OUT = re.compile(r"csrfmiddlewaretoken|password", re.IGNORECASE)
_HIDDEN = re.compile(
    r"_.*|.*(?:seen|-id|_FORMS|ordering|region|choice|DELETE|action|index)", re.S
)
AREAS = ("/admin/", "/coach/")


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script saves, and not a person with a button."""
    return request.headers.get("Accept") == "application/json"


def comes_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site has posted.

    Another site could otherwise have its words shown here, one press from being saved.
    """
    sent = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        origin = urlsplit(sent)
    except ValueError:
        return False
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())


def posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not _LEFT_OUT.search(name)
        for value in values
    ]


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Those that a person can have written, by the name of the field in words."""
    return [
        (name.rpartition("-")[2].replace("_", " "), value)
        for name, value in posted_fields(request)
        if value.strip() and not _HIDDEN.fullmatch(name)
    ]


def kept_form(request: HttpRequest, *, status: int) -> HttpResponse | None:
    """The posted form again, with a new token, for a person to save after signing in.

    The page holds what was posted; the server keeps nothing. None where it was no form
    of staff or coaches, or where another site has posted it.
    """
    if (
        request.method != "POST"
        or not request.path_info.startswith(AREAS)
        or not comes_from_here(request)
    ):
        return None
    if wants_json(request):
        response: HttpResponse = JsonResponse({"problem": "signed-out"}, status=status)
    else:
        response = render(
            request,
            "kept_form.html",
            {
                "fields": posted_fields(request),
                "files": bool(request.FILES),
                "back": request.path_info,
                "to": request.get_full_path(),
            },
            status=status,
        )
    add_never_cache_headers(response)
    return response

"""Addresses that browsers, password managers and researchers ask every site for."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from content import published

# RFC 9116 wants a date less than a year ahead.
SECURITY_TXT_VALID = timedelta(days=180)


@require_safe
@never_cache
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a hole (RFC 9116). There is none without an address."""
    contact = published.current().words.contact_email
    if not contact:
        raise Http404("nobody to write to")
    until = timezone.now() + SECURITY_TXT_VALID
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {until:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"
    )


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password managers look for the page that changes a password."""
    return redirect("account_change_password")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, for what asks without reading a page's link to it."""
    return redirect(static("img/icon.svg"))

"""The page behind a rating link: how good would each statement look?

The page names no role and no side, so that neither influences a rating. Each browser
gets one sheet: a random number in a signed cookie of the page.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.actions import ratings as rating_actions
from assessments.drafts.rating_form import RatingForm
from assessments.models import RatingPanel
from assessments.queries import ratings as rating_queries
from assessments.web import address_too_often

# Per hour and address: a whole class may share one address.
MAX_SHEETS = 60
SHEET_COOKIE = "rolefit_sheet"
# Longer than anyone collects ratings: after that, the browser could rate again.
SHEET_AGE = timedelta(days=365)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    panel = rating_queries.open_panel(token)
    if panel is None:
        raise Http404("no such panel")
    sheet = _sheet_of(request, panel)
    if sheet and rating_queries.is_counted(panel, sheet):
        return _thanks(request, is_new=False)
    sent = request.POST if request.method == "POST" else None
    form = RatingForm(panel.statements, sent, knows_browser=sheet is not None)
    if sheet and form.is_valid():
        if refusal := address_too_often(request, "rate", most=MAX_SHEETS):
            return refusal
        try:
            is_new = rating_actions.rate(panel, sheet=sheet, numbers=form.numbers())
        except rating_actions.PanelClosed:
            raise Http404("closed meanwhile") from None
        return _thanks(request, is_new=is_new)
    context = {
        "form": form,
        "language": panel.questionnaire.language,
        "count": len(panel.statements),
    }
    response = render(
        request,
        "assessments/rate.html",
        context,
        status=422 if form.errors else 200,
    )
    if sheet is None:
        _give_sheet(response, panel)
    return _noindex(response)


def _thanks(request: HttpRequest, *, is_new: bool) -> HttpResponse:
    return _noindex(render(request, "assessments/rated.html", {"is_new": is_new}))


def _sheet_of(request: HttpRequest, panel: RatingPanel) -> UUID | None:
    """The sheet that we gave to this browser for this panel; None without one.

    A cookie that is forged, too old, or of another panel is none.
    """
    number = request.get_signed_cookie(
        SHEET_COOKIE, default=None, salt=_salt(panel), max_age=SHEET_AGE
    )
    return UUID(number) if number else None


def _give_sheet(response: HttpResponse, panel: RatingPanel) -> None:
    # Lax, not Strict: people follow the link from mails and chats. A browser that did
    # not send the cookie then would get a second sheet.
    response.set_signed_cookie(
        SHEET_COOKIE,
        uuid4().hex,
        salt=_salt(panel),
        max_age=SHEET_AGE,
        path=reverse("rate", args=[panel.token]),
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def _salt(panel: RatingPanel) -> str:
    return f"assessments.rating.{panel.pk}"


def _noindex(response: HttpResponse) -> HttpResponse:
    """Keep a response out of search engines.

    The page has a form, so it keeps the site's referrer policy: with no-referrer the
    CSRF check would fail.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

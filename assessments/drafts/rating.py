"""The page behind a rating link: how good would each statement look?

The page names no role and no side, so that neither influences a rating.
"""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.actions import ratings as rating_actions
from assessments.drafts.rating_form import RatingForm
from assessments.queries import ratings as rating_queries
from assessments.web import too_often

# Per hour and address: a whole class may share one address.
MAX_SHEETS = 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    panel = rating_queries.open_panel(token)
    if panel is None:
        raise Http404("no such panel")
    form = RatingForm(
        panel.statements, request.POST if request.method == "POST" else None
    )
    if "sheet" in form.errors:
        raise SuspiciousOperation("a rating without the number of its page")
    if form.is_valid():
        if refusal := too_often(request, "rate", most=MAX_SHEETS):
            return refusal
        try:
            rating_actions.rate(
                panel, sheet=form.cleaned_data["sheet"], numbers=form.numbers()
            )
        except rating_actions.PanelClosed:
            raise Http404("closed meanwhile") from None
        return _noindex(render(request, "assessments/rated.html"))
    context = {
        "form": form,
        "language": panel.questionnaire.language,
        "count": len(panel.statements),
    }
    return _noindex(
        render(
            request,
            "assessments/rate.html",
            context,
            status=422 if form.errors else 200,
        )
    )


def _noindex(response: HttpResponse) -> HttpResponse:
    """Keep a response out of search engines.

    The page has a form, so it keeps the site's referrer policy: with no-referrer the
    CSRF check would fail.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

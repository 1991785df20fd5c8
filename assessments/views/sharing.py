"""Links that an owner makes to a result, and what whoever follows one sees."""

from __future__ import annotations

import json

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments import joining_queries, queries
from assessments.actions import sharing as actions
from assessments.forms import ShareForm
from assessments.models import Scope, ShareLink
from assessments.report import report, shared_data
from assessments.views.holding import held_page
from assessments.views.owner_cookie import for_owner, too_often

MOST_LINKS_MADE = 60  # an hour and address


def address_of(link: ShareLink) -> str:
    return settings.BASE_URL + reverse("shared", args=[link.token])


def qr_code(address: str) -> SafeString:
    """The address as an SVG of ours: segno escapes what it writes, and draws with attributes alone."""
    code = segno.make(address, error="m")
    return mark_safe(  # noqa: S308
        code.svg_inline(
            omitsize=True, title="QR code of the link", svgclass="qr", lineclass=None
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def links(request: HttpRequest, key: str) -> HttpResponse:
    """Make, list and revoke links. New ones are to the newest result; `?result=` chooses an earlier one. A held result takes
    none, and those that a coach has made of it can be ended all the same."""
    chosen = request.GET.get("result", "")
    result = queries.own_result(
        key,
        int(chosen)
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 9
        else None,
    )
    if result is None:
        raise Http404("nothing to share")
    grants = joining_queries.grants_of(result.owner)
    hold = joining_queries.hold_on(result, grants)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and hold is None and form.is_valid():
        if refusal := too_often(request, "share", most=MOST_LINKS_MADE):
            return refusal
        try:
            actions.make_share_link(result, **form.cleaned_data)
        except actions.NotShareable:
            raise Http404("a careless result is not shared") from None
        except actions.TooManyLinks:
            form.add_error(
                None,
                f"This result has {actions.MOST_USABLE_LINKS} working links already. End one that you no longer need.",
            )
        else:
            messages.success(request, "The link is ready. It is the first in the list.")
            return redirect(f"{request.path}?result={result.number}")
    made = queries.own_share_links(result.owner)
    context = {
        "form": form,
        "hold": hold,
        "result": result,
        "newest": queries.own_result(key) if chosen else result,
        "scopes": Scope.choices,
        "links": [
            _row(link, held=joining_queries.hold_on(link.result, grants) is not None)
            for link in made
            if link.works
        ],
        "ended": [link for link in made if not link.works],
    }
    return render(
        request, "assessments/share.html", context, status=422 if form.errors else 200
    )


def _row(link: ShareLink, *, held: bool) -> dict[str, object]:
    """A working link. One that a coach made of a held result has no address here: its owner would open it unawares."""
    address = "" if held else address_of(link)
    return {"link": link, "address": address, "qr": qr_code(address) if address else ""}


@require_POST
@for_owner
def revoke(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    link = queries.own_share_link(key, pk)
    if link is None:
        raise Http404("no such link of this owner")
    actions.revoke_share_link(link)
    messages.success(
        request,
        "That link no longer works. Whoever opens it sees that there is nothing there.",
    )
    return redirect("share")


@require_safe
@for_owner
def preview(request: HttpRequest, key: str, number: int, scope: str) -> HttpResponse:
    """Exactly what somebody with a link of this scope would see."""
    result = queries.own_result(key, number)
    if result is None or scope not in Scope.values or result.outcome == "careless":
        raise Http404("nothing to preview")
    if held := held_page(request, key, result, joining_queries.grants_of(result.owner)):
        return held
    return render(
        request,
        "assessments/shared.html",
        {
            "report": report(result, scope),
            "result": result,
            "preview": Scope(scope).label,
        },
    )


@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    link = _usable(token)
    context = {
        "report": report(link.result, link.scope),
        "result": link.result,
        "link": link,
    }
    return _sealed(render(request, "assessments/shared.html", context))


@never_cache
@require_safe
def shared_json(request: HttpRequest, token: str) -> HttpResponse:
    link = _usable(token)
    # Frozen bytes: sorted keys, no clock and no words of today.
    text = json.dumps(
        shared_data(link.result, link.scope),
        sort_keys=True,
        ensure_ascii=False,
        indent=1,
    )
    return _sealed(HttpResponse(text + "\n", content_type="application/json"))


def _usable(token: str) -> ShareLink:
    link = queries.shared(token)
    if link is None:
        raise Http404("no such link")
    return link


def _sealed(response: HttpResponse) -> HttpResponse:
    """Kept out of search, referrers and caches. These pages have no form, so no-referrer does no harm here."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response

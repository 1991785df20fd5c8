"""Share links: the owner makes and revokes them; a token opens a result."""

from __future__ import annotations

import json
from contextlib import suppress

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.actions import share_links as share_link_actions
from assessments.engine.numbers import whole_number
from assessments.keys import is_token, read_token
from assessments.models import Scope, ShareLink
from assessments.queries import grants as grant_queries
from assessments.queries import owners
from assessments.queries import share_links as share_link_queries
from assessments.results.report import report, shared_data
from assessments.results.share_form import NamedShareForm
from assessments.typed import isolated
from assessments.visitors.holding import held_page
from assessments.visitors.kept_pages import render_kept
from assessments.visitors.owner_cookie import for_owner
from assessments.web import owner_too_often, qr_code, share_link_url, unaddressed_mail

MAX_LINKS_PER_HOUR = 60  # per owner
TOO_MANY_LINKS = (
    f"This result already has {share_link_actions.MAX_USABLE_LINKS} working links. "
    "End one that you no longer need."
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def links(request: HttpRequest, key: str) -> HttpResponse:
    """List the links and make one to the newest result, or to `?result=`.

    The owner cannot make a link to a held result, but can end a coach's link to it.
    """
    chosen = request.GET.get("result", "")
    number = None
    with suppress(ValueError):
        number = whole_number(chosen)
    result = owners.own_result(key, number)
    if result is None:
        raise Http404("nothing to share")
    grants = grant_queries.grants_of(result.owner)
    hold = grant_queries.hold_on_result(result, grants)
    form = NamedShareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and hold is None and form.is_valid():
        if refusal := owner_too_often(
            request, "share", owner=result.owner_id, most=MAX_LINKS_PER_HOUR
        ):
            return refusal
        try:
            share_link_actions.make_share_link(result, **form.cleaned_data)
        except share_link_actions.NotShareable:
            raise Http404("a careless result is not shared") from None
        except share_link_actions.TooManyLinks:
            form.add_error(None, TOO_MANY_LINKS)
        else:
            messages.success(request, "Your link is ready. It’s the first in the list.")
            return redirect(f"{request.path}?result={result.number}")
    own_links = share_link_queries.own_share_links(result.owner)
    context = {
        "form": form,
        "hold": hold,
        "result": result,
        "newest": owners.own_result(key) if chosen else result,
        "scopes": Scope.choices,
        "links": [
            _row(
                link, held=grant_queries.hold_on_result(link.result, grants) is not None
            )
            for link in own_links
            if link.works
        ],
        "ended": [link for link in own_links if not link.works],
    }
    return render(
        request, "assessments/share.html", context, status=422 if form.errors else 200
    )


def _row(link: ShareLink, *, held: bool) -> dict[str, object]:
    """A working link with its address.

    A coach's link to a held result has no address here, so that the owner does not
    open the result by accident.
    """
    if held:
        return {"link": link}
    address = share_link_url(link)
    called = f"the link {isolated(link.label)}" if link.label else "the link"
    return {
        "link": link,
        "address": address,
        "mailto": unaddressed_mail(
            subject="My result: project manager or product manager?",
            body=f"Here’s my result:\r\n{address}\r\n",
        ),
        "qr": qr_code(address, of=called),
    }


@require_POST
@for_owner
def revoke(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    link = share_link_queries.own_share_link(key, pk)
    if link is None:
        raise Http404("no such link of this owner")
    share_link_actions.revoke_share_link(link)
    messages.success(
        request,
        "That link no longer works. Anyone who opens it sees a page that says so.",
    )
    return redirect("share")


@require_safe
@for_owner
def preview(request: HttpRequest, key: str, number: int, scope: str) -> HttpResponse:
    """Exactly what a link with this scope would show."""
    result = owners.own_result(key, number)
    if result is None or scope not in Scope.values or not result.is_visible:
        raise Http404("nothing to preview")
    if held := held_page(request, key, result, grant_queries.grants_of(result.owner)):
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
def shared_result(request: HttpRequest, token: str) -> HttpResponse:
    link = share_link_queries.usable_link(token)
    if link is None and not is_token(token):
        return pasted_link(request, token)
    if link is None:
        return _no_link(request)
    page = render_kept(
        request,
        "assessments/shared.html",
        {"result": link.result, "link": link, "shared_name": link.name},
        made=lambda: {"report": report(link.result, link.scope)},
    )
    return _sealed(page)


@never_cache
@require_safe
def shared_result_json(request: HttpRequest, token: str) -> HttpResponse:
    link = share_link_queries.usable_link(token)
    if link is None:
        return _no_link(request)
    # The bytes never change: sorted keys, no clock, none of today's words.
    text = json.dumps(
        shared_data(link.result, link.scope),
        sort_keys=True,
        ensure_ascii=False,
        indent=1,
    )
    return _sealed(HttpResponse(text + "\n", content_type="application/json"))


@never_cache
@require_safe
def pasted_link(request: HttpRequest, pasted: str) -> HttpResponse:
    """Send an address with more or less around the token to the right one.

    Any other address gets the page that says what to do.
    """
    token = read_token(pasted)
    return _sealed(redirect("shared", token)) if token else _no_link(request)


def _no_link(request: HttpRequest) -> HttpResponse:
    """The same page for an unknown, an expired and a revoked link."""
    return _sealed(render(request, "assessments/no_link.html", status=404))


def _sealed(response: HttpResponse) -> HttpResponse:
    """Keep a response out of search engines and referrers.

    These pages have no form, so no-referrer does not break the CSRF check.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response

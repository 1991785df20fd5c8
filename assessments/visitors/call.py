"""The clarity call: the site's own page about it, and a result brought to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessments.actions import share_links as share_link_actions
from assessments.models import Result
from assessments.queries import grants as grant_queries
from assessments.queries import owners
from assessments.queries import share_links as share_link_queries
from assessments.visitors.clicks import click
from assessments.visitors.owner_cookie import for_owner
from assessments.visitors.sharing import MAX_LINKS_PER_HOUR, TOO_MANY_LINKS
from assessments.web import number_or_404, owner_too_often, share_link_url
from content import published


# Only the POST, the beacon of call.js, is without a CSRF token; see `click`.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """How to book the call, or that booking is not open yet. A POST counts a click."""
    if request.method == "POST":
        return click(request)
    return render(request, "assessments/call.html")


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def bring(request: HttpRequest, key: str) -> HttpResponse:
    """POST makes the link that the owner brings to the call; GET hands it on.

    The booking page is reached from the answer to the GET. The browser would refuse it
    as the answer to a form: our Content-Security-Policy lets forms go to us alone.
    """
    number = number_or_404((request.POST or request.GET).get("result", ""))
    result = owners.own_result(key, number)
    if result is None or not result.is_visible:
        raise Http404("no result to bring")
    if grant_queries.hold_on_result(result):
        return redirect("result_number", result.number)
    if not published.current().words.booking_address:
        return redirect("call")
    if request.method != "POST":
        return _hand_on(request, result)
    if "bring" not in request.POST:
        return redirect("call")
    if refusal := owner_too_often(
        request, "share", owner=result.owner_id, most=MAX_LINKS_PER_HOUR
    ):
        return refusal
    try:
        share_link_actions.make_call_link(result)
    except share_link_actions.NotShareable:  # the result has just expired
        raise Http404("no result to bring") from None
    except share_link_actions.TooManyLinks:
        messages.error(request, TOO_MANY_LINKS)
        return redirect(f"{reverse('share')}?result={result.number}")
    return redirect(f"{reverse('bring')}?result={result.number}")


def _hand_on(request: HttpRequest, result: Result) -> HttpResponse:
    link = share_link_queries.call_link(result)
    if link is None:
        return redirect("result_number", result.number)
    address, words = share_link_url(link), published.current().words
    context = {
        "result": result,
        "link": link,
        "address": address,
        "onward": words.call_address_with(address),
    }
    return render(request, "assessments/bring.html", context)

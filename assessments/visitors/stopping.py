"""Where people whom a coach wrote to say that they want no more email."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessments.actions import muting
from assessments.queries.personal_links import link_by_code
from assessments.visitors.joining import MAX_GUESSES
from assessments.web import address_too_often, refused_already


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks, POST stops.

    Mail programs post here by themselves (RFC 8058), without a page and its token; who
    may post is who has the email. What the email carries in `mail` works after the link
    and its address are gone.
    """
    if refusal := refused_already(request, "guess", most=MAX_GUESSES):
        return refusal
    link = link_by_code(code)
    digest = muting.read_stop_token(request.GET.get("mail", ""))
    if link and digest and not muting.is_digest_of(digest, link.email):
        # Somebody else's email tells nothing about this code, not even that it is one.
        link = None
    if link is None:
        if refusal := address_too_often(request, "guess", most=MAX_GUESSES):
            return refusal
        if digest is None:
            raise Http404("no such personal link")
    if request.method == "POST" and request.POST.get("action") == "forget":
        if link:
            muting.forget_address(link)
            messages.success(request, "Your email address is deleted.")
        return redirect("join_code", code)
    if request.method == "POST":
        muting.stop_mail(link=link, digest=digest)
    response = render(
        request,
        "assessments/stop_mail.html",
        {
            "link": link,
            "code": code,
            "stopped": request.method == "POST",
            "can_stop": bool(digest or (link and link.email)),
        },
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

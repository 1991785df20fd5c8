"""The owner's data: download all of it, delete all of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.actions import grants as grant_actions
from assessments.actions import retention
from assessments.queries import grants, owners, share_links
from assessments.results import exports
from assessments.visitors.forms import DeleteForm
from assessments.visitors.owner_cookie import delete_owner_cookie, for_owner


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def data(request: HttpRequest, key: str) -> HttpResponse:
    owner = owners.owner_by_key(key)
    if owner is None:
        raise Http404("nothing is kept")
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return delete_owner_cookie(
            render(
                request,
                "assessments/deleted.html",
                {
                    "deleted": retention.delete_everything(owner),
                    "deleted_at": timezone.now(),
                },
            )
        )
    context = {
        "form": form,
        "results": owners.own_results(owner),
        "links": share_links.own_share_links(owner),
        "attempt": owners.open_attempt(key),
        "grants": grants.grants_of(owner),
    }
    return render(
        request, "assessments/data.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def download(request: HttpRequest, key: str) -> HttpResponseBase:
    """What is kept about the owner, as one JSON file.

    The file has results that are held for a talk, too. So with one of them, GET warns,
    and POST opens them first, as the page of a held result does.
    """
    owner = owners.owner_by_key(key)
    if owner is None:
        raise Http404("nothing is kept")
    held = grants.held_results(owner)
    if held and request.method != "POST":
        coaches = dict.fromkeys(name for _, hold in held for name in hold.coaches)
        return render(
            request, "assessments/download_held.html", {"coaches": list(coaches)}
        )
    for result, _ in held:
        grant_actions.open_early(result)
    response = StreamingHttpResponse(
        exports.everything_of(owner), content_type="application/json"
    )
    response["Content-Disposition"] = 'attachment; filename="rolefit.json"'
    return response

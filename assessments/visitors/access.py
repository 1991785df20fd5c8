"""Who can see what of an owner's, taken back with one button or widened by a new consent."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import grants as grant_actions
from assessments.actions.share_links import NotShareable
from assessments.queries import grants as grant_queries
from assessments.queries import owners, share_links
from assessments.visitors.join_forms import NewerForm
from assessments.visitors.owner_cookie import for_owner


@require_safe
@for_owner
def access(request: HttpRequest, key: str) -> HttpResponse:
    return _sees_page(request, key)


def _sees_page(
    request: HttpRequest,
    key: str,
    *,
    refused: NewerForm | None = None,
    gone: bool = False,
) -> HttpResponse:
    """`gone`: what was asked about is no grant of this owner's, or none any more."""
    owner = owners.owner_by_key(key)
    if owner is None:
        raise Http404("nothing is kept")
    grants = grant_queries.grants_of(owner)
    newest = owners.own_result(key)
    forms = {}
    if newest:
        asked = [
            grant.participation
            for grant in grant_queries.not_yet_seen_by(newest, grants)
        ]
        forms = {each.pk: NewerForm(each, result=newest.number) for each in asked}
    if refused:
        forms[refused.participation.pk] = refused
    context = {
        "rows": [
            {
                "grant": grant,
                "given": grant.participation,
                "held": grant_queries.hold_on_result(grant.result, [grant])
                if grant.result
                else None,
                "form": forms.get(grant.participation.pk),
            }
            for grant in grants
        ],
        "newest": newest,
        "refused": refused,
        "gone": gone,
        "links": sum(link.works for link in share_links.own_share_links(owner)),
    }
    return render(
        request,
        "assessments/sees.html",
        context,
        status=404 if gone else 422 if refused else 200,
    )


@require_POST
@for_owner
def withdraw(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    given = grant_queries.own_grant(key, pk)
    if given is None:  # a stranger's, or the second press of a double click
        return _sees_page(request, key, gone=True)
    messages.success(
        request, _receipt(given.invitation.coach.name, grant_actions.withdraw(given))
    )
    return redirect("sees")


def _receipt(coach: str, went: grant_actions.Withdrawn) -> str:
    """What went, in a sentence."""
    parts = ["private notes"] if went.notes else []
    parts += [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((went.steps, "next step"), (went.links, "link"))
        if count
    ]
    gone = f" Deleted with it, of {coach}’s: {', '.join(parts)}." if parts else ""
    return f"Taken back. {coach} sees nothing of it any more.{gone}"


@require_POST
@for_owner
def show_newer(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A new consent, for one newer result."""
    given = grant_queries.own_grant(key, pk)
    if given is None:
        return _sees_page(request, key, gone=True)
    form = NewerForm(given, data=request.POST)
    if not form.is_valid():
        return _sees_page(request, key, refused=form)
    result = owners.own_result(key, form.cleaned_data["result"])
    if result is None:
        raise Http404("no such result of this owner")
    try:
        grant_actions.agree_to_newer(given, result=result)
    except NotShareable:
        raise Http404("a careless result is shown to no coach") from None
    except grant_actions.NotGranted:
        return _sees_page(request, key, gone=True)
    except grant_actions.Closed:
        messages.info(
            request,
            f"{given.invitation.coach.name} has no workspace here any more, so nothing new can be shown there.",
        )
        return redirect("sees")
    messages.success(
        request,
        f"{given.invitation.coach.name} can see your result {result.number}, {result.finished_at:%-d %B %Y}, too.",
    )
    return redirect("sees")

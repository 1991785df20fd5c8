"""The pages of an invitation: enter the code, read the terms, choose."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.actions import attempts, locks
from assessments.actions import grants as grant_actions
from assessments.actions.share_links import NotShareable
from assessments.models import Attempt, Version, Wish
from assessments.queries import guests, invitations, versions
from assessments.queries.grants import coaches_of
from assessments.queries.guests import Guest
from assessments.queries.invitations import WayIn
from assessments.queries.personal_links import is_used_by_another
from assessments.typed import isolated
from assessments.visitors.forms import KeyForm
from assessments.visitors.join_forms import CodeForm, JoinForm
from assessments.visitors.owner_cookie import key_of, set_owner_cookie
from assessments.visitors.taking import TOO_MANY_RESULTS
from assessments.web import address_too_often, owner_too_often, refused_already
from assessments.zones import day_words

MAX_JOINS = 30  # per hour and owner
# Wrong codes in an address. More than any room mistypes: past it, the whole room waits.
MAX_GUESSES = 3_000
# The headline of an invitation that lets nobody new in.
NOT_OPEN = {
    invitations.State.FULL: "All places are taken",
    invitations.State.EXPIRED: "This invitation has ended",
    invitations.State.CLOSED: "This invitation is closed",
}
USED = "Have you started on another device?"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a code. It is posted, so that guesses are counted."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if refusal := address_too_often(request, "code"):
            return refusal
        way = invitations.way_in(form.cleaned_data["code"])
        if way is not None:
            return redirect("join_code", way.code)
        form.add_error(
            "code",
            "No invitation has this code. Compare it with the one your coach gave you.",
        )
    return render(
        request,
        "assessments/join_enter.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The terms, then the choice: share with the coach, or answer privately.

    A code that no invitation has is a guess. Guesses count, also by GET; whoever has
    used them up learns of no further code whether it exists. A real code counts
    nothing, so a mail scanner that follows its link changes no row.
    """
    if refusal := refused_already(request, "guess", most=MAX_GUESSES):
        return refusal
    way = invitations.way_in(code)
    if way is None:
        if refusal := address_too_often(request, "guess", most=MAX_GUESSES):
            return refusal
        raise Http404("no such invitation")
    invitation = way.invitation
    version = versions.live_version()
    if version is None:
        return render(request, "assessments/closed.html", status=503)
    parameters = request.POST if request.method == "POST" else request.GET
    wants_new_key = parameters.get("who") == "new"
    guest = guests.guest(invitation, None if wants_new_key else key_of(request))
    if request.method == "POST" and request.POST.get("action") in (
        "private",
        "take_back",
    ):
        return _too_often(request, guest) or _take_privately(
            request, way, guest, version
        )
    form = JoinForm(
        invitation,
        guest=guest,
        roles=versions.questionnaire_of(version).roles,
        browser=request.META.get("CSRF_COOKIE", ""),
        data=request.POST if request.method == "POST" else None,
        called=way.link.name if way.link else "",
    )
    if (
        form.is_bound
        and guest.has_joined
        and parameters.get("what") not in dict(form.choices)
    ):
        # The second press of a double click, or an old page.
        return redirect("join_code", way.code)
    if form.is_valid():
        if refusal := _too_often(request, guest):
            return refusal
        try:
            return _share(request, way, guest, version, form)
        except (
            grant_actions.Closed,
            grant_actions.Expired,
            grant_actions.UsedUp,
            grant_actions.AlreadyIn,
            grant_actions.FormUsed,
            grant_actions.LinkUsed,
            NotShareable,
            locks.OwnerGone,
        ):
            # The page there says why.
            return redirect("join_code", way.code)
        except attempts.TooManyResults:
            return _full(request, way)
    return _terms_page(request, way, guest, version, form, wants_new_key=wants_new_key)


def _too_often(request: HttpRequest, guest: Guest) -> HttpResponse | None:
    """Who has a key is counted by it, and a new person by the address."""
    if guest.owner is None:
        return address_too_often(request, "join")
    return owner_too_often(request, "join", owner=guest.owner.pk, most=MAX_JOINS)


def _full(request: HttpRequest, way: WayIn) -> HttpResponse:
    messages.error(request, TOO_MANY_RESULTS)
    return redirect("join_code", way.code)


def _terms_page(
    request: HttpRequest,
    way: WayIn,
    guest: Guest,
    version: Version,
    form: JoinForm,
    *,
    wants_new_key: bool,
) -> HttpResponse:
    invitation, link = way.invitation, way.link
    # A personal link has a place of its own.
    limited = invitation.max_uses is not None and link is None
    taken = invitations.places_taken(invitation) if limited else 0
    state = invitations.state_of(invitation, taken)
    used = link is not None and is_used_by_another(
        link, guest.owner.pk if guest.owner else None
    )
    context = {
        "invitation": invitation,
        "code": way.code,
        "link": link,
        "used": used and not guest.has_joined,
        "not_open": USED if used else NOT_OPEN.get(state),
        "coach": invitation.coach.name,
        "state": state,
        "open": (state == invitations.State.OPEN and not used) or guest.has_joined,
        "guest": guest,
        "gap": _gap(guest),
        "shared_with": coaches_of(guest.attempt_grants),
        "may_share": not guest.has_joined
        or (bool(guest.results) and invitation.coach.has_workspace),
        "workspace_closed": not invitation.coach.has_workspace,
        "form": form,
        "key_form": KeyForm(),
        "wants_new_key": wants_new_key,
        "held_until": guest.held_until,
        "version": version,
        "length": len(versions.questionnaire_of(version).questions_of(invitation.form)),
    }
    response = render(
        request, "assessments/join.html", context, status=422 if form.errors else 200
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _share(
    request: HttpRequest,
    way: WayIn,
    guest: Guest,
    version: Version,
    form: JoinForm,
) -> HttpResponse:
    invitation = way.invitation
    name, what = form.cleaned_data["name"], form.cleaned_data.get("what", "answers")
    if what != "answers":
        chosen = next(
            shareable.result
            for shareable in guest.results
            if str(shareable.result.number) == what
        )
        grant_actions.attach(invitation, result=chosen, name=name, link=way.link)
        messages.success(
            request,
            f"{isolated(invitation.coach.name)} can now see your result "
            f"{chosen.number}, {day_words(chosen.finished_at)}.",
        )
        return redirect("sees")
    key = form.new_key
    participation = grant_actions.join(
        invitation,
        owner=guest.owner,
        new_key=key,
        name=name,
        version=version,
        by_staff=request.user.is_staff,
        wish=form.cleaned_data["wish"],
        link=way.link,
    )
    response = _to_questions(participation.attempt)
    return (
        response
        if guest.owner
        else set_owner_cookie(
            response, key, shared_computer=form.cleaned_data["shared_computer"]
        )
    )


def _take_privately(
    request: HttpRequest, way: WayIn, guest: Guest, version: Version
) -> HttpResponse:
    """Answer the questions without sharing. The invitation is not stored.

    An owner has one open attempt at a time. If the guest shares its result already,
    a page asks first whether to take that back.
    """
    if request.POST["action"] == "take_back":
        for grant in guest.attempt_grants:
            grant_actions.withdraw(grant.participation)
    elif guest.attempt_grants:
        context = {
            "invitation": way.invitation,
            "code": way.code,
            "shared_with": coaches_of(guest.attempt_grants),
            "gap": _gap(guest),
        }
        return render(request, "assessments/shared_already.html", context, status=409)
    form, by_staff = way.invitation.form, request.user.is_staff
    wish = request.POST.get("wish", "")
    wish = wish if wish in Wish.values else ""
    if guest.owner:
        try:
            attempt = attempts.start_again(
                guest.owner, version=version, form=form, by_staff=by_staff, wish=wish
            )
            return _to_questions(attempt)
        except locks.OwnerGone:
            pass
        except attempts.TooManyResults:
            return _full(request, way)
    attempt, key = attempts.start(
        version=version, form=form, by_staff=by_staff, wish=wish
    )
    return set_owner_cookie(
        _to_questions(attempt),
        key,
        shared_computer=bool(request.POST.get("shared_computer")),
    )


def _gap(guest: Guest) -> int | None:
    if guest.attempt is None:
        return None
    return versions.walk_of(guest.attempt).first_gap(guest.attempt.answers)


def _to_questions(attempt: Attempt) -> HttpResponse:
    """Redirect to the first unanswered question, or to the review without one."""
    gap = versions.walk_of(attempt).first_gap(attempt.answers)
    return redirect("section", gap) if gap else redirect("review")

"""An invitation as somebody invited meets it: the code, the terms, the choice."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.actions import attempts, locks
from assessments.actions import grants as grant_actions
from assessments.actions.share_links import NotShareable
from assessments.models import Arrival, Attempt, Invitation, Owner, Result, Version
from assessments.queries import grants as grant_queries
from assessments.queries import invitations, owners, versions
from assessments.queries.grants import Grant, coaches_of
from assessments.visitors.join_forms import OUTCOMES, CodeForm, JoinForm
from assessments.visitors.origin import sender_of
from assessments.visitors.owner_cookie import key_of, set_owner_cookie
from assessments.visitors.taking import first_gap
from assessments.web import too_often

MOST_CODES = MOST_JOINED = 300  # an hour and address: a school may stand behind one


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Type a code. It is posted, so that guesses are counted."""
    if request.method == "POST" and (
        refusal := too_often(request, "code", most=MOST_CODES)
    ):
        return refusal
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        invitation = invitations.invitation_by_code(form.cleaned_data["code"])
        if invitation is not None:
            return redirect("join_code", invitation.code)
        form.add_error(
            "code",
            "No invitation has this code. Compare it once more with what you were given.",
        )
    return render(
        request,
        "assessments/join_enter.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever has opened the invitation. `owner` is None for somebody new on this device, or who says that she is."""

    owner: Owner | None
    attempt: Attempt | None  # open
    grants: list[Grant]
    given: list[Grant]  # for this invitation
    results: list[Result]  # that she might let the coach see

    @property
    def stage(self) -> str:
        """How it stands with somebody who has joined: "begun", "seen" by the coach, or "unseen" (careless, or past its date)."""
        if any(grant.result is None for grant in self.given):
            return "begun"
        return "seen" if any(grant.shown for grant in self.given) else "unseen"

    @property
    def shared_sitting(self) -> list[Grant]:
        """The grants, to this coach or another, of the result that her open answers will have."""
        return [
            grant
            for grant in self.grants
            if self.attempt and grant.participation.attempt_id == self.attempt.pk
        ]


def _guest(invitation: Invitation, key: str | None) -> Guest:
    owner = owners.owner_by_key(key) if key else None
    if owner is None or key is None:
        return Guest(None, None, [], [], [])
    grants = grant_queries.grants_of(owner)
    given = [
        grant for grant in grants if grant.participation.invitation_id == invitation.pk
    ]
    granted = {grant.participation.attempt_id for grant in given}
    results = [
        each
        for each in owners.own_results(owner)
        if each.is_visible and each.attempt_id not in granted
    ]
    return Guest(owner, owners.open_attempt(key), grants, given, results)


def _choices(guest: Guest) -> list[tuple[str, str]]:
    """What there is to share, as the form's value and words. Nothing for somebody new: she answers the questions."""
    choices = []
    if guest.owner and not guest.given:
        begun = (
            f"The answers that I have begun here, {len(guest.attempt.answers)} so far, once I finish them"
            if guest.attempt
            else ""
        )
        choices.append(("answers", begun or "A new set of answers"))
    for result in guest.results:
        # A held outcome is not told by the way.
        held = grant_queries.hold_on_result(result, guest.grants)
        outcome = "held for a talk" if held else OUTCOMES[result.outcome]
        choices.append(
            (
                str(result.number),
                f"My result {result.number}, {result.finished_at:%-d %B %Y}, {result.get_form_display().lower()}: {outcome}",
            )
        )
    return choices


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The terms in plain words before question 1, then consent or the private way."""
    invitation = invitations.invitation_by_code(code)
    if invitation is None:
        raise Http404("no such invitation")
    version = versions.live_version()
    if version is None:
        return render(request, "assessments/closed.html", status=503)
    sent = request.POST if request.method == "POST" else request.GET
    afresh = sent.get("who") == "new"
    guest = _guest(invitation, None if afresh else key_of(request))
    if request.method == "POST" and (
        refusal := too_often(request, "join", most=MOST_JOINED)
    ):
        return refusal
    if request.method == "POST" and request.POST.get("action") in (
        "private",
        "take_back",
    ):
        return _take_privately(request, invitation, guest, version)
    choices = _choices(guest)
    if (
        request.method == "POST"
        and guest.given
        and request.POST.get("what") not in dict(choices)
    ):
        return redirect(
            "join_code", invitation.code
        )  # the second press of a double click, or a page from before
    data = request.POST if request.method == "POST" else None
    form = JoinForm(
        invitation,
        choices=choices,
        held_until=_held_until(invitation, guest),
        data=data,
    )
    if form.is_valid():
        try:
            return _share(request, invitation, guest, version, form)
        except (
            grant_actions.Closed,
            grant_actions.Expired,
            grant_actions.UsedUp,
            grant_actions.AlreadyIn,
            NotShareable,
            locks.OwnerGone,
        ):
            return redirect(
                "join_code", invitation.code
            )  # which says how it stands now
    return _terms_page(request, invitation, guest, version, form, afresh=afresh)


def _held_until(invitation: Invitation, guest: Guest) -> datetime | None:
    """Until when a result of answers yet to come would be held; what is finished already never is."""
    return invitation.held_until if invitation.is_holding and not guest.given else None


def _terms_page(
    request: HttpRequest,
    invitation: Invitation,
    guest: Guest,
    version: Version,
    form: JoinForm,
    *,
    afresh: bool,
) -> HttpResponse:
    state = invitations.state_of(invitation, invitations.places_taken(invitation))
    context = {
        "invitation": invitation,
        "coach": invitation.coach.name,
        "state": state,
        "open": state == invitations.State.OPEN or bool(guest.given),
        "guest": guest,
        "gap": _gap(guest),
        "shared_with": coaches_of(guest.shared_sitting),
        "asks": not guest.given
        or (bool(guest.results) and invitation.coach.has_workspace),
        "gone": not invitation.coach.has_workspace,
        "form": form,
        "afresh": afresh,
        "held_until": _held_until(invitation, guest),
        "length": len(versions.questionnaire_of(version).questions_of(invitation.form)),
    }
    response = render(
        request, "assessments/join.html", context, status=422 if form.errors else 200
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _share(
    request: HttpRequest,
    invitation: Invitation,
    guest: Guest,
    version: Version,
    form: JoinForm,
) -> HttpResponse:
    name, what = form.cleaned_data["name"], form.cleaned_data.get("what", "answers")
    if what != "answers":
        chosen = next(result for result in guest.results if str(result.number) == what)
        grant_actions.attach(invitation, result=chosen, name=name)
        messages.success(
            request,
            f"{invitation.coach.name} can see your result {chosen.number}, {chosen.finished_at:%-d %B %Y}, now.",
        )
        return redirect("sees")
    key = form.cleaned_data.get("key", "")
    sender = sender_of(request, arrival=Arrival.COACH)
    participation = grant_actions.join(
        invitation,
        owner=guest.owner,
        new_key=key,
        name=name,
        version=version,
        sender=sender,
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
    request: HttpRequest, invitation: Invitation, guest: Guest, version: Version
) -> HttpResponse:
    """The same questions with nobody told. Where they came from is not kept either. An owner has one set of answers open at a
    time, so where those are shared already, she is asked whether to take that back first."""
    if request.POST["action"] == "take_back":
        for grant in guest.shared_sitting:
            grant_actions.withdraw(grant.participation)
    elif guest.shared_sitting:
        context = {
            "invitation": invitation,
            "shared_with": coaches_of(guest.shared_sitting),
            "gap": _gap(guest),
        }
        return render(request, "assessments/shared_already.html", context, status=409)
    if guest.owner:
        with suppress(locks.OwnerGone):
            return _to_questions(
                attempts.start_again(
                    guest.owner,
                    version=version,
                    form=invitation.form,
                    sender=sender_of(request),
                )
            )
    attempt, key = attempts.start(
        version=version, form=invitation.form, sender=sender_of(request)
    )
    return set_owner_cookie(
        _to_questions(attempt),
        key,
        shared_computer=bool(request.POST.get("shared_computer")),
    )


def _gap(guest: Guest) -> int | None:
    return first_gap(guest.attempt) if guest.attempt else None


def _to_questions(attempt: Attempt) -> HttpResponse:
    """To the first question that waits; to the review where none does."""
    gap = first_gap(attempt)
    return redirect("section", gap) if gap else redirect("review")

"""A coach invites people by name: the list, the email, the reminders, the links."""

from __future__ import annotations

import csv
from io import StringIO

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.actions import invitation_mail, personal_links
from assessments.actions.exports import record_export
from assessments.actions.invitation_mail import MAX_MAILS_A_REQUEST, Sent
from assessments.coaches.access import for_coach, get_invitation_or_404
from assessments.coaches.inviting_forms import MailForm, NamesForm
from assessments.coaches.name_list import as_text
from assessments.csv_cells import cell
from assessments.models import Coach, Invitation
from assessments.queries import invitations
from assessments.queries.people import namesakes, number_of
from assessments.queries.personal_links import (
    invited_people,
    mail_counts,
    not_started,
    own_link,
)
from assessments.typed import numbered
from assessments.web import coach_too_often

MAX_LISTS_PER_HOUR = 60  # per coach
MAX_TESTS_PER_HOUR = 20  # per coach
ENDED = (
    "The invitation is closed or has ended. No one was invited or emailed. "
    "Open the invitation again or choose a later last day."
)


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """A list of people, then what it would make, then the button that makes it."""
    invitation = get_invitation_or_404(coach, pk)
    is_open = _is_open(invitation)
    form = NamesForm(
        request.POST if request.method == "POST" else None, request.FILES or None
    )
    context: dict[str, object] = {
        "invitation": invitation,
        "form": form,
        "is_open": is_open,
    }
    if request.method == "POST" and is_open and form.is_valid():
        listed = personal_links.split_list(invitation, form.people)
        if request.POST.get("action") == "invite":
            if refusal := coach_too_often(
                request, "names", coach=coach, most=MAX_LISTS_PER_HOUR
            ):
                return refusal
            try:
                personal_links.invite_people(invitation, form.people)
            except personal_links.Ended:
                messages.error(request, ENDED)
                return redirect("coach_names", pk)
            except personal_links.TooFewPlaces as few:
                form.add_error(None, _too_few(few.free, len(listed.new)))
            else:
                return redirect("coach_mail", pk)
        context |= {
            "checked": True,
            "new": listed.new,
            "there": listed.there,
            "addresses": sum(bool(person.email) for person in listed.new),
            "list": as_text(form.people),
        }
    return render(
        request,
        "assessments/coach/names.html",
        context,
        status=422
        if form.errors or (request.method == "POST" and not is_open)
        else 200,
    )


def _too_few(free: int, wanted: int) -> str:
    places = "place is" if free == 1 else "places are"
    return (
        f"You want to invite {wanted} people, but only {free} {places} free. "
        "Shorten the list, or raise the number of places first."
    )


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def group_mail(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """What people invited by name get: the text, how it looks, and the sending."""
    return write_mail(request, coach, pk)


def write_mail(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    invitation = get_invitation_or_404(coach, pk)
    form = MailForm.of(invitation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation_mail.save_mail(
                invitation,
                subject=form.cleaned_data["subject"],
                text=form.cleaned_data["text"],
            )
        except invitation_mail.MailChanged:  # just now: compare again
            return write_mail(request, coach, pk)
        return _act(request, coach, invitation) or redirect("coach_mail", pk)
    unsent = not_started(invitation)
    named = unsent[0].name if unsent else coach.name
    return render(
        request,
        "assessments/coach/mail.html",
        {
            "invitation": invitation,
            "coach": coach,
            "form": form,
            "is_open": _is_open(invitation),
            "counts": mail_counts(invitation, now=timezone.now()),
            "sample": invitation_mail.sample_mail(invitation, name=named),
            "most": MAX_MAILS_A_REQUEST,
        },
        status=422 if form.errors else 200,
    )


def _act(
    request: HttpRequest, coach: Coach, invitation: Invitation
) -> HttpResponse | None:
    """What the pressed button asks for, once the text is saved."""
    action = request.POST.get("action", "")
    if action not in ("test", "send", "failed") or not settings.MAIL_GOES_OUT:
        messages.success(request, "Your text is saved.")
        return None
    if action == "test":
        if refusal := coach_too_often(
            request, "test mail", coach=coach, most=MAX_TESTS_PER_HOUR
        ):
            return refusal
        if invitation_mail.send_test(invitation):
            messages.success(
                request,
                f"We sent a test to {coach.email}. Its link goes to the page where "
                "people type a code.",
            )
        else:
            messages.error(
                request, "The mail server refused the test. Try again later."
            )
        return None
    try:
        sent = invitation_mail.send_invitations(invitation, failed=action == "failed")
    except personal_links.Ended:
        messages.error(request, ENDED)
    except invitation_mail.NoMailToday:
        messages.error(request, NO_MORE_TODAY)
    else:
        _say(request, sent, "invitation")
    return None


NO_MORE_TODAY = (
    f"You’ve sent {invitation_mail.MAX_MAILS_A_DAY:,} emails today. "
    "Send the rest tomorrow."
)


def _say(request: HttpRequest, sent: Sent, kind: str) -> None:
    if sent.sent:
        messages.success(
            request,
            f"We sent 1 {kind}." if sent.sent == 1 else f"We sent {sent.sent} {kind}s.",
        )
    if sent.refused:
        messages.error(
            request,
            "The mail server refused 1 address. The list shows which."
            if sent.refused == 1
            else f"The mail server refused {sent.refused} addresses. "
            "The list shows which.",
        )
    if sent.unreachable:
        messages.error(
            request,
            "The mail server can’t be reached right now. "
            "We couldn’t send the rest. Try again later.",
        )


@for_coach
@require_safe
def invited(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """Everybody invited by name, and how far they are."""
    invitation = get_invitation_or_404(coach, pk)
    people = invited_people(invitation)
    joined = [person.link.pk for person in people if person.joined_as]
    names = [str(person.link.client) for person in people]
    numbers = namesakes(coach, names)
    for person in people:
        person.link.invitation = invitation
    return render(
        request,
        "assessments/coach/invited.html",
        {
            "invitation": invitation,
            "people": [
                {
                    "person": person,
                    "number": numbers[person.link.client_id, name],
                    "address": invitation_mail.link_address(person.link),
                    "mailto": invitation_mail.mailto(person.link),
                }
                for person, name in zip(people, names, strict=True)
            ],
            "is_open": _is_open(invitation),
            "counts": mail_counts(invitation, now=timezone.now(), joined=joined),
            "most": MAX_MAILS_A_REQUEST,
        },
    )


@for_coach
@require_POST
def remind(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    invitation = get_invitation_or_404(coach, pk)
    if not settings.MAIL_GOES_OUT:
        raise Http404("no mail goes out")
    try:
        sent = invitation_mail.send_reminders(invitation)
    except personal_links.Ended:
        messages.error(request, ENDED)
    except invitation_mail.NoMailToday:
        messages.error(request, NO_MORE_TODAY)
    else:
        _say(request, sent, "reminder")
        if sent == Sent():
            messages.success(request, "No one needs a reminder right now.")
    return redirect("coach_invited", pk)


@for_coach
@require_POST
def links_file(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """Names and links of people who have not started, for the coach's own mail.

    It is a POST, because an audit entry records the export.
    """
    invitation = get_invitation_or_404(coach, pk)
    if not isinstance(request.user, User):
        raise Http404("nobody is signed in")
    record_export(
        f"the links of people invited by name, invitation {pk}", by=request.user
    )
    file = StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["Name", "Email", "Link"])
    for link in not_started(invitation):
        words = (link.name, link.email)
        writer.writerow([*map(cell, words), invitation_mail.link_address(link)])
    # The byte order mark tells spreadsheets that this is UTF-8.
    response = HttpResponse(
        f"\ufeff{file.getvalue()}", content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="rolefit-links-{pk}.csv"'
    return response


@for_coach
@require_POST
def remove_invited(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """Take back the invitation of somebody who has not joined."""
    link = own_link(coach, pk)
    if link is None:
        raise Http404("no such personal link of this coach")
    called = str(link.client)
    name = numbered(called, number_of(coach, link.client_id, called))
    try:
        personal_links.remove_person(link)
    except personal_links.LinkInUse:
        messages.error(
            request, f"{name} has joined in the meantime, so the link stays."
        )
    else:
        messages.success(
            request,
            f"You canceled the invitation for {name}. The link no longer works.",
        )
    return redirect("coach_invited", link.invitation_id)


def _is_open(invitation: Invitation) -> bool:
    """Whether people may be invited or written to. A full group has their places."""
    return invitations.state_of(invitation, 0) == invitations.State.OPEN

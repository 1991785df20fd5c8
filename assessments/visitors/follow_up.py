"""Asking on the result page, months later, how it turned out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import follow_ups, locks
from assessments.engine import RoleDefinition
from assessments.models import Choice, FollowUp, Result
from assessments.models.attempts import WITH_LIKING
from assessments.queries import grants, owners, versions
from assessments.visitors.owner_cookie import for_owner
from content.addresses import absolute_url

MAX_LINE = 75  # bytes of a line in a calendar file, RFC 5545 section 3.1
LIKING_LABELS = ("Not at all", "A little", "Somewhat", "Quite a lot", "Very much")


class ConsentForm(forms.Form):
    agree = forms.BooleanField(
        label="You may ask me on this page, after five months, how it turned out.",
        error_messages={"required": "Check the box if we may ask you."},
    )


class FollowUpForm(forms.Form):
    chosen = forms.ChoiceField(
        label="Which of the two kinds of work did you choose?",
        required=False,
        widget=forms.RadioSelect,
    )
    liking = forms.TypedChoiceField(
        label="How do you like it?",
        help_text="Skip this one if you haven’t chosen either.",
        choices=list(enumerate(LIKING_LABELS)),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: object, roles: Sequence[RoleDefinition], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        first, second = (role.name for role in roles)
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (Choice.FIRST, f"{first} work"),
            (Choice.SECOND, f"{second} work"),
            (Choice.BOTH, "Something of both"),
            (Choice.NEITHER, "Neither"),
            (Choice.NOT_YET, "I haven’t chosen yet"),
        ]

    def clean(self) -> dict[str, object]:
        answers = self.cleaned_data
        if answers.get("chosen") not in WITH_LIKING:
            answers["liking"] = None
        return answers


@dataclass(frozen=True, slots=True)
class Asking:
    """What a result page says about the follow-up; forms are None where not shown."""

    follow_up: FollowUp | None
    consent: ConsentForm | SimpleLazyObject | None = None
    questions: FollowUpForm | None = None

    @property
    def asked_from(self) -> datetime | None:
        """When the questions will be asked, if that lies ahead."""
        if self.follow_up is None or self.questions or self.follow_up.answered_at:
            return None
        return self.follow_up.result.finished_at + follow_ups.ASKED_AFTER


def asking(
    result: Result,
    *,
    consent: ConsentForm | None = None,
    questions: FollowUpForm | None = None,
) -> Asking | None:
    """None where this result is not the one to ask about."""
    follow_up = getattr(result.owner, "follow_up", None)
    if follow_up is None:
        if not follow_ups.may_be_asked(result):
            return None
        # Lazy, because a kept page does not need the form.
        return Asking(None, consent=consent or SimpleLazyObject(ConsentForm))
    if follow_up.result_id != result.pk:
        return None
    follow_up.result = result
    if not follow_ups.is_due(follow_up):
        return Asking(follow_up)
    roles = versions.questionnaire_of(result.version).roles
    return Asking(follow_up, questions=questions or FollowUpForm(roles=roles))


@require_POST
@for_owner
def follow_up(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Agree to be asked, take that back, or answer."""
    result = owners.own_result(key, number)
    if result is None:
        raise Http404("no such result of this owner")
    back = redirect("result_number", number)
    if grants.hold_on_result(result):
        return back
    action = request.POST.get("action")
    form: ConsentForm | FollowUpForm
    try:
        if action == "agree":
            form = ConsentForm(request.POST)
            if not form.is_valid():
                return _again(request, result, form, asking(result, consent=form))
            follow_ups.agree(result)
            messages.success(request, "Thank you. We’ll ask you here.")
        elif action == "take_back":
            follow_ups.take_back(result.owner)
            messages.success(request, "We won’t ask you.")
        else:
            roles = versions.questionnaire_of(result.version).roles
            form = FollowUpForm(request.POST, roles=roles)
            if not form.is_valid():
                return _again(request, result, form, asking(result, questions=form))
            follow_ups.answer(result.owner, **form.cleaned_data)
            messages.success(request, "Thank you. That’s all we wanted to know.")
    except (follow_ups.NotAsked, locks.OwnerGone):
        pass  # The page says how things are.
    return back


@require_safe
@for_owner
def reminder(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A day in the owner's own calendar: the one after the questions come up.

    The file holds no key and says nothing of the result: calendars are shared.
    """
    result = owners.own_result(key, number)
    asked = asking(result) if result else None
    if asked is None or asked.asked_from is None:
        raise Http404("nothing will be asked here")
    response = HttpResponse(
        _calendar(asked.asked_from + timedelta(days=1)),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="rolefit.ics"'
    return response


def _calendar(moment: datetime) -> str:
    """A file with one whole day, by RFC 5545. Its texts are ASCII without , and ;."""
    day, link = f"{timezone.localtime(moment):%Y%m%d}", absolute_url(reverse("resume"))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rolefit//Reminder//EN",
        "BEGIN:VEVENT",
        f"UID:{day}@{urlsplit(link).hostname}",
        f"DTSTAMP:{timezone.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day}",
        "SUMMARY:Project manager or product manager: how did it turn out?",
        f"DESCRIPTION:Open your result with your key and answer two questions: {link}",
        f"URL:{link}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    folded = (
        re.sub(rf"(.{{{MAX_LINE - 1}}})(?=.)", "\\1\r\n ", line) for line in lines
    )
    return "".join(f"{line}\r\n" for line in folded)


def _again(
    request: HttpRequest,
    result: Result,
    form: ConsentForm | FollowUpForm,
    asked: Asking | None,
) -> HttpResponse:
    """The form alone, with what is wrong, and a way back without an answer."""
    return render(
        request,
        "assessments/follow_up.html",
        {"asking": asked, "form": form, "result": result},
        status=422,
    )

"""The download has every column about its owner, or says that it leaves it out.

A new column fails here until it does.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import reduce
from typing import Any

import pytest
from django.db.models import DateField, Model
from django.utils import timezone

from assessments.actions import attempts
from assessments.models import (
    Attempt,
    Coach,
    Departure,
    FollowUp,
    NextStep,
    Participation,
    PersonalLink,
    Result,
    ResultRequest,
    ShareLink,
    Version,
)
from tests.support.coaching import everything_of, invite, joined

pytestmark = pytest.mark.django_db
LEFT_OUT = "not_included"
# Where the download has a row, and by which key each of its columns.
DOWNLOADED: dict[type[Model], tuple[str, dict[str, str]]] = {
    Attempt: (
        "attempts.-1",
        {
            "version": "version",
            "form": "form",
            "answers": "answers",
            "seconds": "seconds",
            "timed_until": "timed_until",
            "saves": "saves",
            "saves_since": "saves_since",
            "made_from": "made_from_result",
            "timings": "seconds_per_question",
            "by_staff": "by_staff",
            "wish": "hoped_for",
            "started_at": "started",
            "changed_at": "changed",
            "finished_at": "finished",
        },
    ),
    Result: (
        "results.-1",
        {
            "number": "number",
            "version": "reply.version",
            "form": "reply.form",
            "outcome": "reply.outcome",
            "lean": "reply.lean",
            "answers": "answers",
            "seconds": "seconds",
            "reply": "reply",
            "wish": "hoped_for",
            "finished_at": "finished",
            "expires_at": "kept_until",
        },
    ),
    ShareLink: (
        "share_links.-1",
        {
            "result": "result",
            "token": LEFT_OUT,
            "label": "label",
            "name": "name",
            "scope": "scope",
            "created_at": "made",
            "expires_at": "ends",
            "revoked_at": "revoked",
        },
    ),
    FollowUp: (
        "follow_up",
        {
            "result": "result",
            "consented_at": "consented",
            "answered_at": "answered",
            "chosen": "chosen",
            "liking": "liking",
            "counted": "counted",
        },
    ),
    Participation: (
        "participations.-1",
        {
            "name": "name",
            "scope": "scope",
            "onward": "onward",
            "held_until": "held_until",
            "opened_early_at": "opened_early",
            "consented_at": "since",
            "notes": LEFT_OUT,
            "coach_told_at": "coach_told_at",
        },
    ),
    PersonalLink: (
        "participations.-1.personal_link",
        {
            "name": "name",
            "code": LEFT_OUT,
            "email": "email",
            "created_at": "made",
            "sent_at": "sent",
            "reminders": "reminders",
            "reminded_at": "reminded",
            "stopped_at": "no_more_email_since",
            "failed_at": "refused_at",
        },
    ),
    NextStep: (
        "participations.-1.steps.-1",
        {
            "text": "text",
            "due_on": "due",
            "done_at": "done",
            "done_by_client": "done_by_you",
        },
    ),
    ResultRequest: (
        "requests.-1",
        {"result": "result", "created_at": "asked", "declined_at": "declined"},
    ),
    Departure: (
        "removals.-1",
        {
            "at": "removed",
            "had_notes": "coach_had_notes",
            "steps": "steps",
            "links": "links",
        },
    ),
}
# What belongs to what, and what follows from the row's being where it is.
ROWS = {"id", "owner", "attempt", "invitation", "client", "participation"}
ROWS |= {"steps_shared", "removed"}


@pytest.fixture
def grant(coach: Coach) -> Participation:
    """Ann's, with a row of each kind, and no column of them empty."""
    grant = joined(invite(coach, onward=True))
    first, group = grant.attempt.result, grant.invitation
    owner, now = first.owner, timezone.now()
    attempts.correct(first)
    second = attempts.finish(owner)
    Attempt.objects.update(timings={"T1": 3.5}, by_staff=True, saves=7, wish="first")
    Result.objects.update(seconds=299, wish="second")
    until = now + timedelta(days=9)
    ShareLink.objects.create(
        result=first,
        token="Quxtoken",
        label="Quxlabel",
        name="Quxname",
        scope="strengths",
        created_at=now,
        expires_at=until,
    )
    FollowUp.objects.create(
        owner=owner,
        result=second,
        consented_at=now - timedelta(days=90),
        answered_at=now,
        chosen="both",
        liking=3,
        counted=True,
    )
    Participation.objects.update(notes="Quxnotes", steps_shared=True)
    PersonalLink.objects.create(
        invitation=group,
        client=grant.client,
        name="Quxinvited",
        code="Quxcode",
        email="qux@example.org",
        created_at=now,
        reminders=2,
    )
    NextStep.objects.create(participation=grant, text="Quxstep", done_by_client=True)
    ResultRequest.objects.create(
        invitation=invite(coach, max_uses=1), result=second, created_at=now
    )
    Departure.objects.create(
        invitation=group,
        at=now,
        removed=True,
        had_notes=True,
        steps=5,
        links=4,
        owner=owner,
    )
    for model in DOWNLOADED:
        fill_days(model)
    return grant


def fill_days(model: type[Model]) -> None:
    """Give each row another day for each column with days that is empty."""
    row = model._default_manager.latest("pk")
    for number, field in enumerate(model._meta.fields):
        if isinstance(field, DateField) and getattr(row, field.name) is None:
            days = timedelta(days=number, minutes=number)
            now = timezone.now() - days
            day = now if field.get_internal_type() == "DateTimeField" else now.date()
            model._default_manager.filter(pk=row.pk).update(**{field.name: day})


def plain(row: Model, column: str) -> object:
    """A column's value as the download has it."""
    value: Any = getattr(row, column)
    if isinstance(row, Result) and column == "answers":
        return row.answer_map
    if isinstance(row, Result) and column == "reply":
        return row.parsed_reply.data
    if isinstance(value, Attempt):
        return value.result.number
    if isinstance(value, Result):
        return value.number
    if isinstance(value, Version):
        return value.sha256
    if isinstance(value, date):
        return value.isoformat()
    return str(Fraction(value)) if isinstance(value, float) else value


def at(data: Any, path: str) -> Any:
    """What lies there in JSON, by keys, and -1 for the last of a list."""
    return reduce(
        lambda part, key: part[-1 if key == "-1" else key], path.split("."), data
    )


@pytest.mark.parametrize("model", DOWNLOADED)
def test_every_column_is_in_the_download_or_named_as_left_out(
    grant: Participation, model: type[Model]
) -> None:
    place, columns = DOWNLOADED[model]
    assert {field.name for field in model._meta.fields} - ROWS == set(columns)
    row, told = model._default_manager.latest("pk"), everything_of(grant.attempt.owner)
    told_of_it = at(told, place)
    kept = {column: key for column, key in columns.items() if key != LEFT_OUT}
    assert {column: at(told_of_it, key) for column, key in kept.items()} == {
        column: plain(row, column) for column in kept
    }
    assert told[LEFT_OUT]
    left_out = [getattr(row, column) for column in columns if column not in kept]
    assert [words for words in left_out if words in str(told)] == []

"""What the admin's front page counts.

An attempt belongs to the day of its last answer. Attempts that were made from another
one, and those of staff, are left out.

Each figure adds up three parts: the stored sums, the results that are not in the sums
yet, and the attempts still open. So no read grows with the number of all results. A
page that is drawn during a roll-up may count the results of one batch twice, or not at
all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, Q, QuerySet, Sum

from assessments.models import (
    Attempt,
    ClickDay,
    CountDay,
    Form,
    ItemDay,
    Result,
    RollUp,
    Version,
)
from content.models import PageVersion

DayRow = TypeVar("DayRow", CountDay, ItemDay)


class AttemptCount(NamedTuple):
    """Attempts of one version and form: `n` since the start of the month, `today`."""

    version: int
    form: str
    # An outcome, or the id of the question that was reached.
    counted: str
    n: int
    today: int


class OpenAttempts(NamedTuple):
    """Attempts of one version and form that are not finished.

    `reached`: how many of them came to each named place of the questionnaire.
    """

    version: int
    form: str
    n: int
    today: int
    reached: dict[str, int]


def outcomes_in_sums(*, since: datetime, today: datetime) -> list[AttemptCount]:
    """Finished attempts that are in the sums, by outcome."""
    days = _days(CountDay.objects.filter(kind=CountDay.Kind.OUTCOME), since)
    return _counts(
        days.values_list("version_id", "form", "key").annotate(
            month=Sum("n"), today=Sum("n", filter=Q(day=today.date()), default=0)
        )
    )


def outcomes_not_in_sums(*, since: datetime, today: datetime) -> list[AttemptCount]:
    """Finished attempts that the next roll-up will add, by outcome."""
    watermark = RollUp.objects.values_list("watermark", flat=True).first() or 0
    fresh = Result.objects.filter(
        pk__gt=watermark, finished_at__gte=since, attempt__made_from=None
    )
    fresh = fresh.exclude(attempt__by_staff=True).order_by()
    return _counts(
        fresh.values_list("version_id", "form", "outcome").annotate(
            month=Count("pk"), today=Count("pk", filter=Q(finished_at__gte=today))
        )
    )


def reached_in_sums(*, since: datetime, today: datetime) -> list[AttemptCount]:
    """Attempts that are in the sums, by the questions that they reached.

    These are attentive results, and abandoned attempts that have been deleted.
    """
    days = _days(ItemDay.objects.all(), since)
    return _counts(
        days.values_list("version_id", "form", "question").annotate(
            month=Sum("reached"),
            today=Sum("reached", filter=Q(day=today.date()), default=0),
        )
    )


def open_attempts(
    live: Version | None,
    places: Mapping[str, tuple[str, Sequence[str]]],
    *,
    since: datetime,
    today: datetime,
) -> list[OpenAttempts]:
    """Attempts that are still open.

    `places` names the places of the live version to count, each with its form and the
    questions before it. An attempt has reached a place once it has an answer to all of
    these; "Not sure" is an answer.
    """
    reached = {
        name: Count(
            "pk", filter=Q(version=live, form=form, answers__has_keys=list(before))
        )
        for name, (form, before) in places.items()
    }
    attempts = Attempt.objects.filter(
        finished_at=None, made_from=None, changed_at__gte=since
    ).exclude(by_staff=True)
    counted: Any = attempts.values("version_id", "form").annotate(
        n=Count("pk"), today=Count("pk", filter=Q(changed_at__gte=today)), **reached
    )
    return [
        OpenAttempts(
            row["version_id"],
            row["form"],
            row["n"],
            row["today"],
            {name: row[name] for name in reached},
        )
        for row in counted
    ]


def clicks(*, since: datetime) -> list[tuple[str, int]]:
    """How often visitors followed the call to action, by place, most often first."""
    days = (
        ClickDay.objects.filter(day__gte=since.date())
        .values_list("place")
        .annotate(clicks=Sum("n"))
    )
    return [(place, int(n)) for place, n in days.order_by("-clicks", "place")]


def _days(rows: QuerySet[DayRow], since: datetime) -> QuerySet[DayRow]:
    """Of these rows, the days since `since`.

    Every version and form is named, because the index begins with these two.
    """
    return rows.filter(
        version__in=Version.objects.values("pk"),
        form__in=Form.values,
        day__gte=since.date(),
    )


def _counts(rows: Iterable[tuple[int, str, str, int, int]]) -> list[AttemptCount]:
    # On PostgreSQL the sum of big integers is a decimal.
    return [
        AttemptCount(version, form, counted, int(n), int(today))
        for version, form, counted, n, today in rows
    ]


def has_call(place: str) -> bool:
    """Whether this place shows the call to action.

    A place is "result", "/" for the home page, or the path of a published page.
    """
    if place in ("result", "/"):
        return True
    slug = place.strip("/")
    return place == f"/{slug}/" and PageVersion.objects.filter(page__slug=slug).exists()

"""What the admin's front page counts. A sitting belongs to the day of its last answer; one made from another, or by staff, is left out.

Each figure adds up three parts: the sums, the results that are not in the sums yet, and the attempts still open. So no read
grows with all results. A look that meets a roll-up half-way may count its batch twice, or not at all.
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

Row = TypeVar("Row", CountDay, ItemDay)


class Sittings(NamedTuple):
    """How many sittings of one version and form since the beginning of the month, and of these today."""

    version: int
    form: str
    what: str  # an outcome, or the id of the question that was reached
    n: int
    today: int


class Open(NamedTuple):
    """Attempts of one version and form that are not finished; `reached` counts those that came to each place."""

    version: int
    form: str
    n: int
    today: int
    reached: dict[str, int]


def outcomes_in_sums(*, since: datetime, today: datetime) -> list[Sittings]:
    """Finished sittings in the sums, by outcome."""
    days = _days(CountDay.objects.filter(kind=CountDay.Kind.OUTCOME), since)
    return _sittings(
        days.values_list("version_id", "form", "key").annotate(
            month=Sum("n"), today=Sum("n", filter=Q(day=today.date()), default=0)
        )
    )


def outcomes_not_in_sums(*, since: datetime, today: datetime) -> list[Sittings]:
    """Finished sittings that the next roll-up will add, by outcome."""
    watermark = RollUp.objects.values_list("watermark", flat=True).first() or 0
    fresh = Result.objects.filter(
        pk__gt=watermark, finished_at__gte=since, attempt__made_from=None
    )
    fresh = fresh.exclude(attempt__by_staff=True).order_by()
    return _sittings(
        fresh.values_list("version_id", "form", "outcome").annotate(
            month=Count("pk"), today=Count("pk", filter=Q(finished_at__gte=today))
        )
    )


def reached_in_sums(*, since: datetime, today: datetime) -> list[Sittings]:
    """Sittings in the sums, by the questions that they reached: attentive results, and attempts that were left and forgotten."""
    days = _days(ItemDay.objects.all(), since)
    return _sittings(
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
) -> list[Open]:
    """Attempts that are still open. `places` names each place of the live version that is counted, with its form and the
    questions before it: who has answered them all ("Not sure" is an answer) has reached it."""
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
        Open(
            row["version_id"],
            row["form"],
            row["n"],
            row["today"],
            {name: row[name] for name in reached},
        )
        for row in counted
    ]


def clicks(*, since: datetime) -> list[tuple[str, int]]:
    """How often the call to action was followed, by place, most often first."""
    days = (
        ClickDay.objects.filter(day__gte=since.date())
        .values_list("place")
        .annotate(clicks=Sum("n"))
    )
    return [(place, int(n)) for place, n in days.order_by("-clicks", "place")]


def _days(rows: QuerySet[Row], since: datetime) -> QuerySet[Row]:
    """Of every version and form, named so that the database finds the days by the index that begins with these two."""
    return rows.filter(
        version__in=Version.objects.values("pk"),
        form__in=Form.values,
        day__gte=since.date(),
    )


def _sittings(rows: Iterable[tuple[int, str, str, int, int]]) -> list[Sittings]:
    # PostgreSQL adds big integers up to a decimal.
    return [
        Sittings(version, form, what, int(n), int(today))
        for version, form, what, n, today in rows
    ]


def has_call(place: str) -> bool:
    """Whether the call to action stands there: on a result, the first page or a published page, named by its path."""
    if place in ("result", "/"):
        return True
    slug = place.strip("/")
    return place == f"/{slug}/" and PageVersion.objects.filter(page__slug=slug).exists()

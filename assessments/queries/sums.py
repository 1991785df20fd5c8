"""Sums by version, form, day and week. No read grows with the number of results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from assessments.engine.blocks import WeeksBlock, released_blocks
from assessments.engine.sums import (
    ITEM_SUMS,
    SCALE_SUMS,
    WEEK,
    ItemSums,
    ScaleSums,
    Sums,
    week_of,
)
from assessments.models import (
    CountDay,
    ItemDay,
    Result,
    RollUp,
    ScaleDay,
    Version,
)

# results_waiting counts no further; beyond, the page says "or more".
MAX_WAITING = 10_000

VersionAndForm = tuple[int, str]
Week = tuple[int, str, date]


def whole_weeks(since: date, until: date) -> tuple[date, date]:
    """The first day of the week of `since`, and the last day of that of `until`."""
    return week_of(since), week_of(until) + WEEK - timedelta(days=1)


def open_from() -> date | None:
    """The Monday of the open week; None before the first roll-up."""
    return RollUp.objects.values_list("open_from", flat=True).first()


def published_blocks(
    *, since: date, until: date, only: VersionAndForm | None = None
) -> dict[VersionAndForm, list[WeeksBlock]]:
    """The blocks that lie wholly within the weeks of `since` to `until`.

    Every page, file and alarm takes its figures from here. Blocks are made of all
    closed weeks, so that the range chosen does not move their limits. Four queries,
    whatever the number of results.
    """
    first, last = whole_weeks(since, until)
    found = {
        place: [
            block
            for block in released_blocks(weeks)
            if first <= block.first and block.last <= last
        ]
        for place, weeks in _closed_weeks(only).items()
    }
    return {place: shown for place, shown in found.items() if shown}


def waiting_from(version: Version, form: str) -> date | None:
    """The first closed week after the last one shown; None where that one is open.

    It is told by what is shown alone. Whether anybody came since would be told of one
    person, too.
    """
    end = open_from()
    only = version.pk, form
    shown = [
        block.last
        for block in released_blocks(_closed_weeks(only).get(only, {}))
        if block.shows_people
    ]
    next_week = shown[-1] + WEEK if shown else week_of(version.published_at.date())
    return next_week if end and next_week < end else None


def sum_of(shown: Iterable[WeeksBlock]) -> Sums:
    """What blocks show together."""
    return sum((block.sums for block in shown), Sums())


def _closed_weeks(
    only: VersionAndForm | None,
) -> dict[VersionAndForm, dict[date, Sums]]:
    end = open_from()
    return {} if end is None else stored_weeks(only, before=end)


def stored_weeks(
    only: VersionAndForm | None, *, before: date
) -> dict[VersionAndForm, dict[date, Sums]]:
    """What is stored of each week, by its Monday; nobody is shown it as it is."""
    span: dict[str, Any] = {"day__lt": before}
    if only:
        span |= {"version": only[0], "form": only[1]}
    place = ("version", "form", "day")
    items: defaultdict[Week, defaultdict[str, ItemSums]] = defaultdict(
        lambda: defaultdict(ItemSums)
    )
    for pk, form, day, question, *values in ItemDay.objects.filter(**span).values_list(
        *place, "question", *ITEM_SUMS
    ):
        items[pk, form, week_of(day)][question] += ItemSums(*values)
    scales: defaultdict[Week, defaultdict[str, ScaleSums]] = defaultdict(
        lambda: defaultdict(ScaleSums)
    )
    for pk, form, day, scale, *values in ScaleDay.objects.filter(**span).values_list(
        *place, "scale", *SCALE_SUMS
    ):
        scales[pk, form, week_of(day)][scale] += ScaleSums(*values)
    counts: defaultdict[Week, defaultdict[str, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for pk, form, day, kind, key, n in CountDay.objects.filter(**span).values_list(
        *place, "kind", "key", "n"
    ):
        counts[pk, form, week_of(day)][kind][key] += n
    weeks: defaultdict[VersionAndForm, dict[date, Sums]] = defaultdict(dict)
    for week in items.keys() | counts.keys():
        weeks[week[:2]][week[2]] = _sums(items[week], scales[week], counts[week])
    return weeks


def _sums(
    items: Mapping[str, ItemSums],
    scales: Mapping[str, ScaleSums],
    counts: Mapping[str, Counter[str]],
) -> Sums:
    kinds = CountDay.Kind
    return Sums(
        items=items,
        scales=scales,
        outcomes=counts[kinds.OUTCOME],
        leans=counts[kinds.LEAN],
        seconds=Counter({int(key): n for key, n in counts[kinds.SECONDS].items()}),
        retests=counts[kinds.RETEST],
        wishes=counts[kinds.WISH],
        turnout=counts[kinds.TURNOUT],
    )


def results_waiting(*, settled_before: datetime) -> int:
    """How many results a roll-up would look at now; counted up to MAX_WAITING."""
    watermark = RollUp.objects.values_list("watermark", flat=True).first() or 0
    return (
        Result.objects.filter(pk__gt=watermark, finished_at__lte=settled_before)
        .order_by()[:MAX_WAITING]
        .count()
    )

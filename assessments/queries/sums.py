"""Sums by version, form, day and week. No read grows with the number of results."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncWeek

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
    Form,
    ItemDay,
    Result,
    RollUp,
    ScaleDay,
    Version,
)


def sums_of(version: Version, form: str, *, since: date, until: date) -> Sums:
    """The sums of one version and form, in the weeks of `since` to `until`."""
    only = version.pk, form
    return sums_by_form(since=since, until=until, only=only).get(only, Sums())


# results_waiting counts no further; beyond, the page says "or more".
MAX_WAITING = 10_000

VersionAndForm = tuple[int, str]


def sums_by_form(
    *, since: date, until: date, only: VersionAndForm | None = None
) -> dict[VersionAndForm, Sums]:
    """The sums in the weeks of `since` to `until`, by version and form.

    Three queries, whatever the number of results.
    """
    # Every version and form is named, because the index begins with these two.
    wanted: dict[str, Any] = {
        "version__in": Version.objects.values("pk"),
        "form__in": Form.values,
    }
    span = ({"version": only[0], "form": only[1]} if only else wanted) | {
        "day__range": whole_weeks(since, until)
    }
    # On PostgreSQL the sum of big integers is a decimal.
    items: defaultdict[VersionAndForm, dict[str, ItemSums]] = defaultdict(dict)
    for pk, form, question, *sums in (
        ItemDay.objects.filter(**span)
        .values_list("version", "form", "question")
        .annotate(*map(Sum, ITEM_SUMS))
    ):
        items[pk, form][question] = ItemSums(*map(int, sums))
    scales: defaultdict[VersionAndForm, dict[str, ScaleSums]] = defaultdict(dict)
    for pk, form, scale, *sums in (
        ScaleDay.objects.filter(**span)
        .values_list("version", "form", "scale")
        .annotate(*map(Sum, SCALE_SUMS))
    ):
        scales[pk, form][scale] = ScaleSums(*map(int, sums))
    counts: defaultdict[VersionAndForm, defaultdict[str, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for pk, form, kind, key, n in (
        CountDay.objects.filter(**span)
        .values_list("version", "form", "kind", "key")
        .annotate(Sum("n"))
    ):
        counts[pk, form][kind][key] = int(n)
    return {
        place: Sums(
            items=items[place],
            scales=scales[place],
            outcomes=counts[place][CountDay.Kind.OUTCOME],
            leans=counts[place][CountDay.Kind.LEAN],
            seconds=Counter(
                {
                    int(bucket): n
                    for bucket, n in counts[place][CountDay.Kind.SECONDS].items()
                }
            ),
            retests=counts[place][CountDay.Kind.RETEST],
            wishes=counts[place][CountDay.Kind.WISH],
            turnout=counts[place][CountDay.Kind.TURNOUT],
        )
        for place in items.keys() | counts.keys()
    }


def whole_weeks(since: date, until: date) -> tuple[date, date]:
    """The first day of the week of `since`, and the last day of that of `until`."""
    return week_of(since), week_of(until) + WEEK - timedelta(days=1)


def outcomes_by_week(
    version: Version, form: str, *, since: date, until: date
) -> dict[date, Counter[str]]:
    """How often each outcome was given, by the Monday of each week, in order."""
    days = CountDay.objects.filter(
        version=version,
        form=form,
        kind=CountDay.Kind.OUTCOME,
        day__range=whole_weeks(since, until),
    )
    by_week: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for monday, outcome, n in (
        days.order_by().values_list(TruncWeek("day"), "key").annotate(Sum("n"))
    ):
        by_week[monday][outcome] = int(n)
    return dict(sorted(by_week.items()))


def results_waiting(*, settled_before: datetime) -> int:
    """How many results a roll-up would look at now; counted up to MAX_WAITING."""
    watermark = RollUp.objects.values_list("watermark", flat=True).first() or 0
    return (
        Result.objects.filter(pk__gt=watermark, finished_at__lte=settled_before)
        .order_by()[:MAX_WAITING]
        .count()
    )

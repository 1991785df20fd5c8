"""Finished results become additive sums (docs/instrument.md section 6)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import partial
from itertools import takewhile
from operator import add, attrgetter
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, TextField
from django.db.models.functions import Cast, TruncDate

from assessments.actions.slices import SLICE, in_slices
from assessments.engine import Definition
from assessments.engine.outcomes import NOT_SHOWN
from assessments.engine.sums import (
    ITEM_SUMS,
    NOTHING_TIMED,
    SCALE_SUMS,
    Finished,
    Sums,
    add_up,
    dropout_sums,
    lean_of,
    week_of,
)
from assessments.engine.turnout import turnout_keys
from assessments.models import (
    Attempt,
    CountDay,
    FollowUp,
    ItemDay,
    Result,
    RollUp,
    ScaleDay,
    Version,
)
from assessments.queries import versions as version_queries
from assessments.queries.sums import open_from

# Transactions commit out of the order of their ids. Until a result is this old, one
# with a smaller id may still become visible.
SETTLED = timedelta(minutes=10)
# Time between the first and the second sitting (docs/instrument.md section 2.4).
RETEST_FROM, RETEST_UNTIL = timedelta(days=2), timedelta(days=30)

UNTIMED = "{}"
# Version, form, day.
Day = tuple[int, str, date]
DAY = ("version_id", "form", "day")
SumRow = TypeVar("SumRow", ItemDay, ScaleDay, CountDay)


@dataclass(frozen=True, slots=True)
class RolledUp:
    """How many results were read, and how many of them were added to the sums."""

    seen: int
    counted: int


class Original(NamedTuple):
    """A result that was not made from another one, nor by staff who tried it out."""

    pk: int
    owner: int
    number: int
    day: Day
    finished: Finished
    wish: str


def roll_up(*, now: datetime, slices: int | None = None, rest: float = 0) -> RolledUp:
    """Add every settled result that is not in the sums yet, SLICE at a time.

    Then add the answers to follow-ups that nobody has counted.

    At most `slices` of each; `rest` is that of `in_slices`. Safe to repeat, to
    interrupt and to run twice at once: a slice moves the watermark, or marks its
    follow-ups, and adds its sums in one transaction, under one lock. Of two at once,
    the slower one stops.
    """
    settled = partial(_roll_up_slice, now - SETTLED)
    parts = list(in_slices(settled, most=slices, rest=rest))
    answers = list(in_slices(_count_follow_ups, most=slices, rest=rest))
    monday = week_of((now - SETTLED).date())
    all_seen = slices not in (len(parts), len(answers))
    if all_seen and (open_from() or date.min) < monday:
        _close_weeks(before=monday)
    return RolledUp(
        sum(part.seen for part in parts), sum(part.counted for part in parts)
    )


@transaction.atomic
def _close_weeks(*, before: date) -> None:
    """Close the weeks before a Monday. What is counted later enters the open week."""
    progress = _lock_sums()
    start = datetime.combine(before, datetime.min.time(), UTC)
    if Result.objects.filter(pk__gt=progress.watermark, finished_at__lt=start).exists():
        # Another roll-up was quicker, and is not done.
        return
    progress.open_from = max(progress.open_from or date.min, before)
    progress.save(update_fields=["open_from"])


def _roll_up_slice(settled_before: datetime) -> RolledUp | None:
    """Add the next SLICE results. None at the end, or if another roll-up was quicker.

    Adding up comes before the transaction, which holds the lock for a moment only.
    """
    watermark = RollUp.objects.values_list("watermark", flat=True).first() or 0
    rows = Result.objects.filter(pk__gt=watermark).order_by("pk")
    # The database cuts the timestamp down to its day, because parsing timestamps in
    # Python takes longer than adding up the answers. Timings come as text for the same
    # reason: _originals parses all of them at once.
    rows = rows.annotate(
        settled=ExpressionWrapper(Q(finished_at__lte=settled_before), BooleanField()),
        day=TruncDate("finished_at", tzinfo=UTC),
        timed=Cast("attempt__timings", TextField()),
    )
    named = rows.values_list(
        *("settled", "pk", "attempt__made_from_id", "attempt__by_staff"),
        *("answers", "timed", "outcome", "seconds", "wish"),
        *("owner_id", "number", "version_id", "form", "day"),
        named=True,
    )
    # The first unsettled result ends the slice: the watermark must not pass it.
    settled = list(takewhile(attrgetter("settled"), named[:SLICE]))
    if not settled:
        return None
    originals = _originals(settled)
    sums = _sums_by_day(originals)
    with transaction.atomic():
        progress = _lock_sums()
        if progress.watermark != watermark:
            return None
        _add(sums, progress)
        progress.watermark = settled[-1].pk
        progress.save(update_fields=["watermark"])
    return RolledUp(len(settled), len(originals))


def _sums_by_day(originals: list[Original]) -> dict[Day, Sums]:
    by_day: defaultdict[Day, list[Finished]] = defaultdict(list)
    for original in originals:
        by_day[original.day].append(original.finished)
    versions = Version.objects.defer("definition").in_bulk(
        {version for version, _, _ in by_day}
    )
    questionnaires = {
        pk: version_queries.questionnaire_of(version)
        for pk, version in versions.items()
    }
    sums = {
        day: add_up(questionnaires[day[0]], day[1], people)
        for day, people in by_day.items()
    }
    for retest_day, retests in _retests(originals, questionnaires).items():
        sums[retest_day] += Sums(retests=retests)
    for original in originals:
        if original.wish:
            sums[original.day] += Sums(wishes=Counter([original.wish]))
    return sums


def _count_follow_ups() -> int:
    """Add the next SLICE of answered follow-ups to the sums, and how many they were.

    They count in the week of the answer, for version and form of the result.
    """
    waiting = FollowUp.objects.filter(counted=False, answered_at__isnull=False)
    return _count_slice_of(waiting) if waiting.exists() else 0


@transaction.atomic
def _count_slice_of(waiting: QuerySet[FollowUp]) -> int:
    progress = _lock_sums()
    # One that is being deleted is passed over. Waiting for it could be a deadlock with
    # whoever deletes several.
    rows = list(
        waiting.select_for_update(of=("self",), skip_locked=True)
        .select_related("result")
        .defer("result__reply", "result__answers")
        .annotate(day=TruncDate("answered_at", tzinfo=UTC))
        .order_by("pk")[:SLICE]
    )
    by_day: defaultdict[Day, Sums] = defaultdict(Sums)
    for row in rows:
        by_day[row.result.version_id, row.result.form, row.day] += Sums(
            turnout=turnout_keys(
                chosen=row.chosen,
                liking=row.liking,
                lean=row.result.lean or 0.0,
                wish=row.result.wish,
            )
        )
    _add(by_day, progress)
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(counted=True)
    return len(rows)


def _originals(settled: list[Any]) -> list[Original]:
    """Of the rows of a slice, those that make an Original."""
    rows = [
        row
        for row in settled
        if row.attempt__made_from_id is None and not row.attempt__by_staff
    ]
    # Parsing all texts at once takes half the time of parsing them one by one.
    answers = json.loads(f"[{','.join(row.answers for row in rows)}]")
    timings = iter(
        json.loads(f"[{','.join(row.timed for row in rows if row.timed != UNTIMED)}]")
    )
    return [
        Original(
            row.pk,
            row.owner_id,
            row.number,
            (row.version_id, row.form, row.day),
            Finished(
                row_answers,
                row.outcome,
                row.seconds,
                NOTHING_TIMED if row.timed == UNTIMED else next(timings),
            ),
            row.wish,
        )
        for row, row_answers in zip(rows, answers, strict=True)
    ]


def _retests(
    originals: list[Original], questionnaires: Mapping[int, Definition]
) -> dict[Day, Counter[str]]:
    """How the exact lean changed between an owner's first and second sitting, by day.

    Counted are originals that are the owner's second one of this version and form, and
    that came RETEST_FROM to RETEST_UNTIL after the first. Both are attentive, and have
    no "Not sure" among the answers that move the lean.
    """
    again = {
        original.pk: original
        for original in originals
        if original.number > 1 and original.finished.outcome not in NOT_SHOWN
    }
    if not again:
        return {}
    # Found by owner alone: with versions or `made_from` among the conditions, SQLite
    # takes an index on these and reads every result there is.
    sittings = Result.objects.filter(
        owner__in={original.owner for original in again.values()}
    )
    sittings = (
        sittings.exclude(outcome__in=NOT_SHOWN)
        .exclude(attempt__by_staff=True)
        .order_by("number")
    )
    by_owner: defaultdict[
        tuple[int, int, str], list[tuple[int, datetime, Fraction]]
    ] = defaultdict(list)
    rows = sittings.values_list(
        *("pk", "owner_id", "version_id", "form", "finished_at", "answers"),
        "attempt__made_from_id",
    )
    for pk, owner, version, form, finished_at, answers, made_from in rows:
        if made_from is not None or version not in questionnaires:
            continue
        lean = lean_of(questionnaires[version], form, json.loads(answers))
        if lean is not None:
            by_owner[owner, version, form].append((pk, finished_at, lean))
    changes: defaultdict[Day, Counter[str]] = defaultdict(Counter)
    for (_, first_at, first), (pk, second_at, second) in (
        complete[:2] for complete in by_owner.values() if len(complete) > 1
    ):
        if pk in again and RETEST_FROM <= second_at - first_at <= RETEST_UNTIL:
            changes[again[pk].day][str(second - first)] += 1
    return changes


def add_dropouts(attempts: QuerySet[Attempt]) -> None:
    """Add to the sums where unfinished attempts stopped, on the day of the last answer.

    Must run in the transaction that deletes the attempts. Attempts that were made from
    another one, and those of staff, are left out.
    """
    by_day: defaultdict[Day, Sums] = defaultdict(Sums)
    unfinished = attempts.filter(finished_at=None, made_from=None).exclude(
        by_staff=True
    )
    unfinished = unfinished.select_related("version").defer("version__definition")
    for attempt in unfinished.iterator(chunk_size=2000):
        day = attempt.version_id, attempt.form, attempt.changed_at.date()
        by_day[day] += dropout_sums(
            version_queries.questionnaire_of(attempt.version),
            attempt.form,
            attempt.answers,
        )
    if by_day:
        _add(by_day, _lock_sums())


def _lock_sums() -> RollUp:
    """Take the lock that every action which adds to the sums takes first.

    On SQLite the transaction itself is the lock.
    """
    return RollUp.objects.select_for_update().get_or_create(pk=1)[0]


def _add(by_day: Mapping[Day, Sums], progress: RollUp) -> None:
    """Add sums to their weeks, or to the open week where theirs is closed."""
    by_week: defaultdict[Day, Sums] = defaultdict(Sums)
    for (version, form, day), sums in by_day.items():
        monday = max(week_of(day), progress.open_from or date.min)
        by_week[version, form, monday] += sums
    items = {
        (*week, question): _values(row, ITEM_SUMS)
        for week, sums in by_week.items()
        for question, row in sums.items.items()
    }
    scales = {
        (*week, scale): _values(row, SCALE_SUMS)
        for week, sums in by_week.items()
        for scale, row in sums.scales.items()
    }
    counts = {
        (*week, kind, str(key)): (n,)
        for week, sums in by_week.items()
        for kind, count in _counts(sums)
        for key, n in count.items()
    }
    _add_rows(ItemDay, (*DAY, "question"), ITEM_SUMS, items)
    _add_rows(ScaleDay, (*DAY, "scale"), SCALE_SUMS, scales)
    _add_rows(CountDay, (*DAY, "kind", "key"), ("n",), counts)


def _values(row: object, names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in names)


def _counts(sums: Sums) -> tuple[tuple[str, Mapping[Any, int]], ...]:
    kinds = CountDay.Kind
    return (
        (kinds.OUTCOME, sums.outcomes),
        (kinds.LEAN, sums.leans),
        (kinds.SECONDS, sums.seconds),
        (kinds.RETEST, sums.retests),
        (kinds.WISH, sums.wishes),
        (kinds.TURNOUT, sums.turnout),
    )


def _add_rows(
    model: type[SumRow],
    keys: tuple[str, ...],
    names: tuple[str, ...],
    fresh: Mapping[tuple[Any, ...], tuple[int, ...]],
) -> None:
    """Add `fresh` to the stored rows, and make those that are missing.

    The lock of _lock_sums makes it safe to read first and write afterward.
    """
    span = {
        f"{name}__in": {key[place] for key in fresh}
        for place, name in enumerate(keys[:3])
    }
    touched = model._default_manager.filter(**span)
    stored = {
        row[: len(keys)]: row[len(keys) :] for row in touched.values_list(*keys, *names)
    }
    rows: list[SumRow] = []
    for key, values in fresh.items():
        summed = map(add, values, stored.get(key, (0,) * len(names)))
        rows.append(
            model(
                **dict(zip(keys, key, strict=True)),
                **dict(zip(names, summed, strict=True)),
            )
        )
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=keys, update_fields=names
    )

"""Finished results become additive sums (docs/instrument.md section 6)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import takewhile
from operator import add, itemgetter
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, TextField
from django.db.models.functions import Cast, TruncDate

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
from assessments.models import (
    Attempt,
    CountDay,
    ItemDay,
    Result,
    RollUp,
    ScaleDay,
    Version,
)
from assessments.queries import versions as version_queries

BATCH = 10_000  # results a transaction
SETTLED = timedelta(
    minutes=10
)  # ids can commit out of order: a younger result may still have an unseen one before it
RETEST_FROM, RETEST_UNTIL = (
    timedelta(days=2),
    timedelta(days=30),
)  # after the first sitting (docs/instrument.md section 2.4)

COLUMNS = (
    *("settled", "pk", "attempt__made_from_id", "answers", "timed"),
    *("outcome", "seconds", "owner_id", "number", "version_id", "form", "day"),
    "attempt__by_staff",
)
BY_STAFF = COLUMNS.index("attempt__by_staff")
UNTIMED = "{}"
Day = tuple[int, str, date]  # version, form, day
DAY = ("version_id", "form", "day")
Row = TypeVar("Row", ItemDay, ScaleDay, CountDay)


@dataclass(frozen=True, slots=True)
class RolledUp:
    """How many results were looked at, and how many of them were added to the sums."""

    seen: int
    counted: int


class Original(NamedTuple):
    """A result that is not made from another, nor by staff who were trying it out."""

    pk: int
    owner: int
    number: int
    day: Day
    finished: Finished


def roll_up(*, now: datetime, batches: int | None = None) -> RolledUp:
    """Add every result that has settled and is not in the sums yet, a batch at a time; no more than so many `batches`. Safe to
    repeat, to interrupt and to run twice at once: a batch moves the watermark and adds its sums in one transaction, under one lock."""
    seen = counted = done = 0
    while done != batches and (batch := _roll_up_batch(now - SETTLED)).seen:
        seen, counted, done = seen + batch.seen, counted + batch.counted, done + 1
    return RolledUp(seen, counted)


@transaction.atomic
def _roll_up_batch(settled_before: datetime) -> RolledUp:
    progress = _lock()
    rows = Result.objects.filter(pk__gt=progress.watermark).order_by("pk")
    # The database says what day it is: turning a timestamp into Python's costs more than adding up the answers. The same goes
    # for timings as text, which are read below in one go.
    rows = rows.annotate(
        settled=ExpressionWrapper(Q(finished_at__lte=settled_before), BooleanField()),
        day=TruncDate("finished_at"),
        timed=Cast("attempt__timings", TextField()),
    )
    # The first result that has not settled ends the batch, whatever comes after it: the watermark may not pass it.
    settled = list(takewhile(itemgetter(0), rows.values_list(*COLUMNS)[:BATCH]))
    if not settled:
        return RolledUp(0, 0)
    originals = _originals(settled)
    by_day: defaultdict[Day, list[Finished]] = defaultdict(list)
    for each in originals:
        by_day[each.day].append(each.finished)
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
    for its_day, retests in _retests(originals, questionnaires).items():
        sums[its_day] += Sums(retests=retests)
    _add(sums)
    progress.watermark = settled[-1][1]
    progress.save(update_fields=["watermark"])
    return RolledUp(len(settled), len(originals))


def _originals(settled: list[tuple[Any, ...]]) -> list[Original]:
    """Rows of COLUMNS, those left out that were made from another, or by staff."""
    rows = [row for row in settled if row[2] is None and not row[BY_STAFF]]
    # All texts are read in one go, which takes half the time of one by one.
    answers = json.loads(f"[{','.join(row[3] for row in rows)}]")
    timings = iter(
        json.loads(f"[{','.join(row[4] for row in rows if row[4] != UNTIMED)}]")
    )
    return [
        Original(
            pk,
            owner,
            number,
            (version, form, day),
            Finished(
                its_answers,
                outcome,
                seconds,
                NOTHING_TIMED if text == UNTIMED else next(timings),
            ),
        )
        for its_answers, (
            _,
            pk,
            _,
            _,
            text,
            outcome,
            seconds,
            owner,
            number,
            version,
            form,
            day,
            _,
        ) in zip(answers, rows, strict=True)
    ]


def _retests(
    originals: list[Original], questionnaires: Mapping[int, Definition]
) -> dict[Day, Counter[str]]:
    """The change of the exact lean, by day, of each result that is its owner's second of this version and form and came 2 to 30
    days after the first. Counted are those without a skip that moves the lean, attentive, not made from another, and not by staff."""
    again = {
        each.pk: each
        for each in originals
        if each.number > 1 and each.finished.outcome not in NOT_SHOWN
    }
    if not again:
        return {}
    sittings = Result.objects.filter(
        owner__in={each.owner for each in again.values()},
        version__in=questionnaires,
        attempt__made_from=None,
    )
    sittings = (
        sittings.exclude(outcome__in=NOT_SHOWN)
        .exclude(attempt__by_staff=True)
        .order_by("number")
    )
    by_owner: defaultdict[
        tuple[int, int, str], list[tuple[int, datetime, Fraction]]
    ] = defaultdict(list)
    for pk, owner, version, form, at, answers in sittings.values_list(
        "pk", "owner_id", "version_id", "form", "finished_at", "answers"
    ):
        lean = lean_of(questionnaires[version], form, json.loads(answers))
        if lean is not None:
            by_owner[owner, version, form].append((pk, at, lean))
    found: defaultdict[Day, Counter[str]] = defaultdict(Counter)
    for (_, first_at, first), (pk, second_at, second) in (
        complete[:2] for complete in by_owner.values() if len(complete) > 1
    ):
        if pk in again and RETEST_FROM <= second_at - first_at <= RETEST_UNTIL:
            found[again[pk].day][str(second - first)] += 1
    return found


def count_left(attempts: QuerySet[Attempt]) -> None:
    """Add where unfinished attempts were left, on the day of their last answer. Belongs into the transaction that deletes
    them; attempts made from another, and those of staff, are left out."""
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
        _lock()
        _add(by_day)


def _lock() -> RollUp:
    """Every writer of sums takes this lock first. On SQLite the transaction itself is the lock."""
    return RollUp.objects.select_for_update().get_or_create(pk=1)[0]


def _add(by_day: Mapping[Day, Sums]) -> None:
    items = {
        (*day, question): _values(row, ITEM_SUMS)
        for day, sums in by_day.items()
        for question, row in sums.items.items()
    }
    scales = {
        (*day, scale): _values(row, SCALE_SUMS)
        for day, sums in by_day.items()
        for scale, row in sums.scales.items()
    }
    counts: Counter[tuple[Any, ...]] = Counter()
    for (version, form, day), sums in by_day.items():
        for when, kind, count in _counts(day, sums):
            counts.update(
                {(version, form, when, kind, str(key)): n for key, n in count.items()}
            )
    _add_rows(ItemDay, (*DAY, "question"), ITEM_SUMS, items)
    _add_rows(ScaleDay, (*DAY, "scale"), SCALE_SUMS, scales)
    _add_rows(
        CountDay,
        (*DAY, "kind", "key"),
        ("n",),
        {key: (n,) for key, n in counts.items()},
    )


def _values(row: object, names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in names)


def _counts(day: date, sums: Sums) -> tuple[tuple[date, str, Mapping[Any, int]], ...]:
    kinds, monday = CountDay.Kind, week_of(day)
    return (
        (day, kinds.OUTCOME, sums.outcomes),
        (monday, kinds.LEAN, sums.leans),
        (monday, kinds.SECONDS, sums.seconds),
        (monday, kinds.RETEST, sums.retests),
    )


def _add_rows(
    model: type[Row],
    keys: tuple[str, ...],
    names: tuple[str, ...],
    fresh: Mapping[tuple[Any, ...], tuple[int, ...]],
) -> None:
    """Add `fresh` to the stored rows, made where missing. The lock is what makes reading and then writing safe."""
    span = {
        f"{name}__in": {key[place] for key in fresh}
        for place, name in enumerate(keys[:3])
    }
    touched = model._default_manager.filter(**span)
    stored = {
        row[: len(keys)]: row[len(keys) :] for row in touched.values_list(*keys, *names)
    }
    rows: list[Row] = []
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

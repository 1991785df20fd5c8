"""Finished results become additive sums (INSTRUMENT.md section 6)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from operator import add, itemgetter
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import TruncDate

from assessments import queries
from assessments.engine.sums import ITEM_SUMS, SCALE_SUMS, Finished, Sums, add_up, left
from assessments.models import Attempt, CountDay, ItemDay, Result, RollUp, ScaleDay, Version

BATCH = 10_000  # results a transaction
SETTLED = timedelta(minutes=10)  # ids can commit out of order: a younger result may still have an unseen one before it

Day = tuple[int, str, date]  # version, form, day
DAY = ("version_id", "form", "day")
Row = TypeVar("Row", ItemDay, ScaleDay, CountDay)


@dataclass(frozen=True, slots=True)
class RolledUp:
    """How many results were looked at, and how many of them were added to the sums."""

    seen: int
    counted: int


def roll_up(*, now: datetime) -> RolledUp:
    """Add every result that has settled and is not in the sums yet, a batch at a time. Safe to repeat, to interrupt and to
    run twice at once: a batch moves the watermark and adds its sums in one transaction, under one lock."""
    seen = counted = 0
    while (batch := _roll_up_batch(now - SETTLED)).seen:
        seen, counted = seen + batch.seen, counted + batch.counted
    return RolledUp(seen, counted)


@transaction.atomic
def _roll_up_batch(settled_before: datetime) -> RolledUp:
    progress = _lock()
    rows = Result.objects.filter(pk__gt=progress.watermark).order_by("pk")
    # The database says what day it is: turning a timestamp into Python's costs more than adding up the answers.
    rows = rows.annotate(settled=ExpressionWrapper(Q(finished_at__lte=settled_before), BooleanField()), day=TruncDate("finished_at"))
    columns = rows.values_list("settled", "pk", "version_id", "form", "day", "attempt__made_from_id", "answers", "outcome", "seconds")
    # The first result that has not settled ends the batch, whatever comes after it: the watermark may not pass it.
    settled = list(takewhile(itemgetter(0), columns[:BATCH]))
    if not settled:
        return RolledUp(0, 0)
    originals = [row for row in settled if row[5] is None]
    read = json.loads(f"[{','.join(row[6] for row in originals)}]")  # in one go: half the time of one by one
    by_day: defaultdict[Day, list[Finished]] = defaultdict(list)
    for (_, _, version, form, day, _, _, outcome, seconds), answers in zip(originals, read, strict=True):
        by_day[version, form, day].append(Finished(answers, outcome, seconds))
    versions = Version.objects.defer("definition").in_bulk({version for version, _, _ in by_day})
    _add({day: add_up(queries.questionnaire_of(versions[day[0]]), day[1], finished) for day, finished in by_day.items()})
    progress.watermark = settled[-1][1]
    progress.save(update_fields=["watermark"])
    return RolledUp(len(settled), len(originals))


def count_left(attempts: QuerySet[Attempt]) -> None:
    """Add where unfinished attempts were left, on the day of their last answer. Belongs into the transaction that deletes
    them; attempts made from another are left out."""
    by_day: defaultdict[Day, Sums] = defaultdict(Sums)
    unfinished = attempts.filter(finished_at=None, made_from=None).select_related("version").defer("version__definition")
    for attempt in unfinished.iterator(chunk_size=2000):
        day = attempt.version_id, attempt.form, attempt.changed_at.date()
        by_day[day] += left(queries.questionnaire_of(attempt.version), attempt.form, attempt.answers)
    if by_day:
        _lock()
        _add(by_day)


def _lock() -> RollUp:
    """Every writer of sums takes this lock first. On SQLite the transaction itself is the lock."""
    return RollUp.objects.select_for_update().get_or_create(pk=1)[0]


def _add(by_day: Mapping[Day, Sums]) -> None:
    items = {(*day, question): _values(row, ITEM_SUMS) for day, sums in by_day.items() for question, row in sums.items.items()}
    scales = {(*day, scale): _values(row, SCALE_SUMS) for day, sums in by_day.items() for scale, row in sums.scales.items()}
    counts = {(*day, kind, str(key)): (n,) for day, sums in by_day.items() for kind, count in _counts(sums) for key, n in count.items()}
    _add_rows(ItemDay, (*DAY, "question"), ITEM_SUMS, items)
    _add_rows(ScaleDay, (*DAY, "scale"), SCALE_SUMS, scales)
    _add_rows(CountDay, (*DAY, "kind", "key"), ("n",), counts)


def _values(row: object, names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in names)


def _counts(sums: Sums) -> tuple[tuple[str, Mapping[Any, int]], ...]:
    return (CountDay.Kind.OUTCOME, sums.outcomes), (CountDay.Kind.LEAN, sums.leans), (CountDay.Kind.SECONDS, sums.seconds)


def _add_rows(model: type[Row], keys: tuple[str, ...], names: tuple[str, ...], fresh: Mapping[tuple[Any, ...], tuple[int, ...]]) -> None:
    """Add `fresh` to the stored rows, made where missing. The lock is what makes reading and then writing safe."""
    touched = model._default_manager.filter(version__in={key[0] for key in fresh}, day__in={key[2] for key in fresh})
    stored = {row[: len(keys)]: row[len(keys) :] for row in touched.values_list(*keys, *names)}
    rows: list[Row] = []
    for key, values in fresh.items():
        summed = map(add, values, stored.get(key, (0,) * len(names)))
        rows.append(model(**dict(zip(keys, key, strict=True)), **dict(zip(names, summed, strict=True))))
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=keys, update_fields=names)

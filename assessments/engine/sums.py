"""Additive sums over many people's answers (docs/instrument.md section 6).

They are exact integers that merge by `+` in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from fractions import Fraction
from math import log2
from operator import add, mul
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from .compiled import Yardstick
from .outcomes import NOT_SHOWN
from .parts import Answers
from .questionnaire import Definition
from .scales import FormScales, Item, Scale, form_scales

BUCKETS_A_DOUBLING = 8  # of active seconds: each bucket is 9 % wider
WEEK = timedelta(days=7)
TIME_BUCKETS = 16  # of the histogram of seconds on one question, two a doubling

NOTHING_TIMED: Mapping[str, float] = MappingProxyType({})

Row = TypeVar("Row", "ItemSums", "ScaleSums")


class Finished(NamedTuple):
    """What is counted of one finished attempt.

    `seconds` is the active time, None where it is unknown; `timings` holds the
    seconds on each question, where known.
    """

    answers: Answers
    outcome: str
    seconds: int | None
    timings: Mapping[str, float] = NOTHING_TIMED


@dataclass(frozen=True, slots=True)
class ItemSums:
    """One item.

    n to sxt count people who answered every item of its scale, the rest all attentive
    results. x is the item's value in its scale: -2 to 2 for trade-offs (positive for
    project), 0 to 4 for ratings. T is the total of the scale. Options are counted from
    left to right as they stand on the page, seconds by `time_bucket_of`.
    """

    n: int = 0
    sx: int = 0
    sxx: int = 0
    sxt: int = 0
    option_0: int = 0
    option_1: int = 0
    option_2: int = 0
    option_3: int = 0
    option_4: int = 0
    skips: int = 0
    reached: int = 0
    left_here: int = 0
    time_0: int = 0
    time_1: int = 0
    time_2: int = 0
    time_3: int = 0
    time_4: int = 0
    time_5: int = 0
    time_6: int = 0
    time_7: int = 0
    time_8: int = 0
    time_9: int = 0
    time_10: int = 0
    time_11: int = 0
    time_12: int = 0
    time_13: int = 0
    time_14: int = 0
    time_15: int = 0

    def __add__(self, other: ItemSums) -> ItemSums:
        return _plus(self, other)

    @property
    def options(self) -> tuple[int, int, int, int, int]:
        return (
            self.option_0,
            self.option_1,
            self.option_2,
            self.option_3,
            self.option_4,
        )

    @property
    def times(self) -> Counter[int]:
        """How many people fell into each bucket of `time_bucket_of`."""
        return Counter(
            {
                bucket: count
                for bucket in range(TIME_BUCKETS)
                if (count := getattr(self, f"time_{bucket}"))
            }
        )


@dataclass(frozen=True, slots=True)
class ScaleSums:
    """One scale, over the people who answered every item of it.

    `s_odd` is the total of its 1st, 3rd, … items, `s_even` of the others.
    """

    n: int = 0
    s_odd: int = 0
    s_even: int = 0
    s_odd_odd: int = 0
    s_even_even: int = 0
    s_odd_even: int = 0

    def __add__(self, other: ScaleSums) -> ScaleSums:
        return _plus(self, other)

    @property
    def st(self) -> int:
        """The sum of the totals."""
        return self.s_odd + self.s_even

    @property
    def stt(self) -> int:
        """The sum of the squared totals."""
        return self.s_odd_odd + 2 * self.s_odd_even + self.s_even_even


ITEM_SUMS = tuple(part.name for part in fields(ItemSums))
SCALE_SUMS = tuple(part.name for part in fields(ScaleSums))


def _plus(one: Row, other: Row) -> Row:
    return type(one)(
        *(getattr(one, part.name) + getattr(other, part.name) for part in fields(one))
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """All sums of one version and form: items by id, scales and outcomes by name.

    `leans` counts each exact lean (a fraction in lowest terms, as text) of people who
    skipped no question that moves it. `seconds` counts active times of attentive
    results by `bucket_of`. `retests` counts each change from the exact lean of a
    person's first sitting to that of the second. `wishes` counts the roles hoped for
    before the first question, `turnout` the answers of months later (see turnout.py).
    """

    items: Mapping[str, ItemSums] = field(default_factory=dict)
    scales: Mapping[str, ScaleSums] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    leans: Counter[str] = field(default_factory=Counter)
    seconds: Counter[int] = field(default_factory=Counter)
    retests: Counter[str] = field(default_factory=Counter)
    wishes: Counter[str] = field(default_factory=Counter)
    turnout: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            _merged(self.items, other.items),
            _merged(self.scales, other.scales),
            self.outcomes + other.outcomes,
            self.leans + other.leans,
            self.seconds + other.seconds,
            self.retests + other.retests,
            self.wishes + other.wishes,
            self.turnout + other.turnout,
        )


def _merged(one: Mapping[str, Row], other: Mapping[str, Row]) -> dict[str, Row]:
    merged = dict(one)
    for name, sums in other.items():
        merged[name] = merged[name] + sums if name in merged else sums
    return merged


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def bucket_of(seconds: int) -> int:
    """The bucket of an active time; bucket b begins at 2 ** (b / 8) seconds.

    Less than a second falls into the first bucket.
    """
    return int(BUCKETS_A_DOUBLING * log2(max(seconds, 1)))


def time_bucket_of(seconds: float) -> int:
    """The bucket of the seconds on one question, 0 to 15.

    Bucket 0 is below 1 s; bucket b begins at 2 ** ((b - 1) / 2) s, so the last one
    begins at 128 s.
    """
    return min(1 + int(2 * log2(seconds)), TIME_BUCKETS - 1) if seconds >= 1 else 0


def add_up(questionnaire: Definition, form: str, finished: Iterable[Finished]) -> Sums:
    """The sums of finished attempts of one version and form.

    Results that are not shown (too few, careless) count among the outcomes and nowhere
    else. Scoring must have checked the answers.
    """
    scales = form_scales(questionnaire, form)
    outcomes: Counter[str] = Counter()
    seconds: Counter[int] = Counter()
    rows, timings = [], []
    for attempt in finished:
        outcomes[attempt.outcome] += 1
        if attempt.outcome in NOT_SHOWN:
            continue
        rows.append(tuple(map(attempt.answers.get, scales.ids)))
        if attempt.seconds is not None:
            seconds[bucket_of(attempt.seconds)] += 1
        if attempt.timings:
            timings.append(tuple(map(attempt.timings.get, scales.ids)))
    # Whole columns at a time: the loops over people then run inside the interpreter,
    # which is several times as fast.
    columns = dict(zip(scales.ids, zip(*rows, strict=True), strict=False))
    times = dict(zip(scales.ids, zip(*timings, strict=True), strict=False))
    items: dict[str, ItemSums] = {}
    scale_sums: dict[str, ScaleSums] = {}
    if rows:
        for scale in scales.summed:
            keyed = _keyed(scale, columns)
            odd, even = _totals(keyed[::2]), _totals(keyed[1::2]) or [0] * len(keyed[0])
            scale_sums[scale.name] = ScaleSums(
                len(odd),
                sum(odd),
                sum(even),
                _dot(odd, odd),
                _dot(even, even),
                _dot(odd, even),
            )
            if scale in scales.scored:
                total = list(map(add, odd, even))
                items |= {
                    item.id: _item_sums(
                        item, values, total, columns[item.id], times.get(item.id, ())
                    )
                    for item, values in zip(scale.items, keyed, strict=True)
                }
    return Sums(items, scale_sums, outcomes, _leans(scales, columns), seconds)


def _keyed(
    scale: Scale, columns: Mapping[str, tuple[int | None, ...]]
) -> list[list[int]]:
    """The values of each item, over the people who answered all items of the scale."""
    complete = [
        row
        for row in zip(*(columns[item.id] for item in scale.items), strict=True)
        if None not in row
    ]
    answered = list(zip(*complete, strict=True)) or [()] * len(scale.items)
    return [
        list(map(item.by_button.__getitem__, column))
        for item, column in zip(scale.items, answered, strict=True)
    ]


def _totals(columns: list[list[int]]) -> list[int]:
    return list(map(sum, zip(*columns, strict=True)))


def _dot(one: list[int], other: list[int]) -> int:
    return sum(map(mul, one, other))


def _item_sums(
    item: Item,
    values: list[int],
    total: list[int],
    buttons: tuple[int | None, ...],
    seconds: tuple[float | None, ...],
) -> ItemSums:
    counts, first = Counter(buttons), item.first_button
    return ItemSums(
        n=len(values),
        sx=sum(values),
        sxx=_dot(values, values),
        sxt=_dot(values, total),
        option_0=counts[first],
        option_1=counts[first + 1],
        option_2=counts[first + 2],
        option_3=counts[first + 3],
        option_4=counts[first + 4],
        skips=counts[None],
        reached=len(buttons),
        **_times(seconds),
    )


def _times(seconds: tuple[float | None, ...]) -> dict[str, int]:
    buckets: Counter[str] = Counter()
    # Many people share a tenth of a second: one logarithm serves all of them.
    for time, count in Counter(seconds).items():
        if time is not None:
            buckets[f"time_{time_bucket_of(time)}"] += count
    return buckets


def _lean_units(scales: FormScales, lean: Yardstick) -> dict[str, list[int]]:
    """What each button adds to the lean, in units of 1/`denominator` points."""
    first_points, second_points = lean.enjoyment
    weights = [
        (scales.trade_offs, lean.step),
        (scales.enjoyment[0], first_points),
        (scales.enjoyment[1], -second_points),
    ]
    return {
        item.id: [weight * value for value in item.by_button]
        for scale, weight in weights
        for item in scale.items
    }


def _leans(
    scales: FormScales, columns: Mapping[str, tuple[int | None, ...]]
) -> Counter[str]:
    if scales.lean is None or not columns:
        return Counter()
    units = _lean_units(scales, scales.lean)
    complete = (
        row
        for row in zip(*(columns[id] for id in units), strict=True)
        if None not in row
    )
    weighted = [
        map(table.__getitem__, column)
        for table, column in zip(
            units.values(), zip(*complete, strict=True), strict=False
        )
    ]
    counts = Counter(map(sum, zip(*weighted, strict=True)))
    return Counter(
        {
            str(Fraction(unit, scales.lean.denominator)): count
            for unit, count in counts.items()
        }
    )


def lean_of(questionnaire: Definition, form: str, answers: Answers) -> Fraction | None:
    """The exact lean in points; None where a question that moves it was skipped."""
    scales = form_scales(questionnaire, form)
    if scales.lean is None:
        return None
    total = 0
    for id, table in _lean_units(scales, scales.lean).items():
        button = answers.get(id)
        if button is None:
            return None
        total += table[button]
    return Fraction(total, scales.lean.denominator)


def dropout_sums(questionnaire: Definition, form: str, answers: Answers) -> Sums:
    """The sums of one attempt that was never finished.

    Every question up to the first one without an answer was reached, and the attempt
    was left at that one. "Not sure" (None) is an answer here, a missing id is not.
    """
    items: dict[str, ItemSums] = {}
    for id in form_scales(questionnaire, form).ids:
        is_unanswered = id not in answers
        items[id] = ItemSums(reached=1, left_here=int(is_unanswered))
        if is_unanswered:
            break
    return Sums(items)

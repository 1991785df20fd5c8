"""Quality of items and scales from additive sums.

See docs/instrument.md sections 2.4 and 6. A statistic with too few people is None.
Variances are exact fractions of integer sums, because large sums nearly cancel; what is
shown is a float.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import sqrt

from .scales import Item, Scale
from .sums import ItemSums, ScaleSums, Sums

Z_95 = 1.959963984540054  # two-sided 95 % of the normal distribution
MIN_CELL = 10  # no cell under 10 people is displayed
# The number of people from which a statistic is computed.
MIN_FOR_ITEM = 30  # mean, spread and option shares
MIN_FOR_SECONDS = 50
MIN_FOR_SCALE_MEAN = MIN_FOR_ITEM_REST = MIN_FOR_SKIPS = 100
MIN_FOR_ALPHA = 200
MIN_FOR_ERROR_VARIANCE = 300


def decimals_of(people: int) -> int:
    """How many decimals a figure over so many people may have, from 1 person on."""
    return len(str(people)) - 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval.

    `people` is how many people it counts: all of them for a mean, those in the cell for
    a share.
    """

    value: float
    low: float
    high: float
    people: int
    of: int = 0  # for a share: how many people all cells count

    @property
    def decimals(self) -> int:
        """How many decimals the figure may have: 2 from 100 people, 3 from 1,000."""
        return decimals_of(max(self.people, self.of))

    @property
    def rounded(self) -> float:
        return round(self.value, self.decimals)

    @property
    def displayed(self) -> bool:
        return self.people >= MIN_CELL


def suppress_small_counts(parts: Sequence[int]) -> tuple[bool, ...]:
    """Which parts of one whole may be shown, by how many people each counts.

    A part below MIN_CELL people is hidden. Further parts are hidden until the hidden
    ones together count at least MIN_CELL people, because the whole minus the shown
    parts would otherwise reveal a small count.
    """
    shown = [people >= MIN_CELL for people in parts]
    hidden = sum(
        people for people, is_shown in zip(parts, shown, strict=True) if not is_shown
    )
    while not all(shown) and any(shown) and hidden < MIN_CELL:
        people, place = min(
            (people, place) for place, people in enumerate(parts) if shown[place]
        )
        shown[place], hidden = False, hidden + people
    return tuple(shown)


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One question.

    The mean is in the item's own values: -2 to 2 for trade-offs (positive for project),
    0 to 4 for ratings. Shares are 0 to 1.
    """

    item: Item
    answered: int
    mean: Estimate | None
    sd: float | None
    # Shares of the five options, from left to right.
    options: tuple[Estimate, ...] | None
    skipped: Estimate | None
    left_here: Estimate | None  # of those who reached the question
    item_rest: float | None
    alpha_without: Estimate | None
    median_seconds: float | None  # of those whose browser said how long they took


@dataclass(frozen=True, slots=True)
class ScaleStatistics:
    """One scale, over the n people who answered all of its items.

    The mean is that of one item, in its own values.
    """

    scale: Scale
    n: int
    mean: Estimate | None
    alpha: Estimate | None
    split_half: float | None
    error_variance: (
        Fraction | None
    )  # V of docs/instrument.md section 2.4, in button steps squared


@dataclass(frozen=True, slots=True)
class _Spread:
    """Exact variances and covariances of a scale, from 2 people and 2 items on."""

    variances: tuple[Fraction, ...]  # of each item
    covariances: tuple[Fraction, ...]  # of each item with the total
    total: Fraction

    @property
    def k(self) -> int:
        return len(self.variances)

    @property
    def alpha(self) -> float | None:
        return _alpha(self.k, sum(self.variances), self.total)

    @property
    def error_variance(self) -> Fraction:
        """Mean item variance minus mean covariance between items."""
        k, of_items = self.k, sum(self.variances)
        return Fraction(of_items, k) - Fraction(self.total - of_items, k * (k - 1))

    def without(self, index: int) -> Fraction:
        """The variance of the total of all other items."""
        return self.total + self.variances[index] - 2 * self.covariances[index]

    def item_rest(self, index: int) -> float | None:
        both = self.variances[index] * self.without(index)
        return (
            float(self.covariances[index] - self.variances[index]) / sqrt(both)
            if both > 0
            else None
        )

    def alpha_without(self, index: int) -> float | None:
        return _alpha(
            self.k - 1, sum(self.variances) - self.variances[index], self.without(index)
        )


def _alpha(k: int, of_items: Fraction | int, of_total: Fraction) -> float | None:
    return (
        float(Fraction(k, k - 1) * (1 - of_items / of_total))
        if k > 1 and of_total > 0
        else None
    )


def covariance(n: int, sx: int, sy: int, sxy: int) -> Fraction:
    """The covariance from sums; the variance where both variables are the same.

    Raises ZeroDivisionError for n below 2.
    """
    return Fraction(n * sxy - sx * sy, n * (n - 1))


def share(part: int, whole: int) -> Estimate | None:
    """A share with its Wilson interval, which stays within 0 and 1; None of nothing."""
    if not whole:
        return None
    value, z_squared = part / whole, Z_95**2
    center = (part + z_squared / 2) / (whole + z_squared)
    half = (
        Z_95 / (whole + z_squared) * sqrt(part * (whole - part) / whole + z_squared / 4)
    )
    return Estimate(
        value, max(center - half, 0.0), min(center + half, 1.0), part, whole
    )


def mean_of_sums(n: int, sx: int, sxx: int, *, of: int = 1) -> Estimate | None:
    """The mean over n people, divided by `of`; None below 2 people."""
    if n < 2:
        return None
    value, half = sx / (n * of), Z_95 * sqrt(covariance(n, sx, sx, sxx) / n) / of
    return Estimate(value, value - half, value + half, n)


def median_bucket(counts: Counter[int]) -> float | None:
    """The median of a histogram with whole numbers as buckets; None below 50 people.

    7.25 means a quarter of the way into bucket 7.
    """
    n = counts.total()
    if n < MIN_FOR_SECONDS:
        return None
    buckets = sorted(counts)
    up_to = list(accumulate(counts[bucket] for bucket in buckets))
    place = bisect_left(up_to, n / 2)
    bucket = buckets[place]
    return bucket + 1 - (up_to[place] - n / 2) / counts[bucket]


def median_seconds_on(item_sums: ItemSums) -> float | None:
    """The median of the seconds on one question; None below 50 people.

    Within a bucket it is interpolated by the logarithm. The first bucket counts from
    0.71 s, the last one to 181 s.
    """
    place = median_bucket(item_sums.times)
    return None if place is None else float(2 ** ((place - 1) / 2))


def split_half(sums: ScaleSums) -> float | None:
    """Odd against even items, stepped up to the full length.

    None where one half does not vary, or where r is -1.
    """
    if sums.n < 2:
        return None
    odd, even = (
        covariance(sums.n, sums.s_odd, sums.s_odd, sums.s_odd_odd),
        covariance(sums.n, sums.s_even, sums.s_even, sums.s_even_even),
    )
    if not odd * even:
        return None
    r = float(covariance(sums.n, sums.s_odd, sums.s_even, sums.s_odd_even)) / sqrt(
        odd * even
    )
    return 2 * r / (1 + r) if r > -1 else None


def alpha_error(alpha: float, *, k: int, n: int) -> float:
    """The standard error of alpha, for k > 1 items and n > 2 people."""
    return (1 - alpha) * sqrt(2 * k / ((k - 1) * (n - 2)))


def _alpha_estimate(alpha: float | None, *, k: int, n: int) -> Estimate | None:
    if alpha is None or n < MIN_FOR_ALPHA:
        return None
    half = Z_95 * alpha_error(alpha, k=k, n=n)
    return Estimate(alpha, alpha - half, alpha + half, n)


def scale_statistics(scale: Scale, sums: Sums) -> ScaleStatistics:
    """Quality of one scale."""
    totals = sums.scales.get(scale.name, ScaleSums())
    k, n, spread = len(scale.items), totals.n, _spread(scale, sums)
    return ScaleStatistics(
        scale=scale,
        n=n,
        mean=mean_of_sums(n, totals.st, totals.stt, of=k)
        if n >= MIN_FOR_SCALE_MEAN
        else None,
        alpha=_alpha_estimate(spread.alpha, k=k, n=n) if spread else None,
        split_half=split_half(totals) if n >= MIN_FOR_ALPHA else None,
        error_variance=spread.error_variance
        if spread and n >= MIN_FOR_ERROR_VARIANCE
        else None,
    )


def scale_mean(scale: Scale, sums: Sums) -> Estimate | None:
    """The mean of one item of the scale, over those who answered all of it.

    For `FormScales.buttons` it is the pull to the right side.
    """
    totals = sums.scales.get(scale.name, ScaleSums())
    return (
        mean_of_sums(totals.n, totals.st, totals.stt, of=len(scale.items))
        if totals.n >= MIN_FOR_SCALE_MEAN
        else None
    )


def item_statistics(scale: Scale, sums: Sums) -> tuple[ItemStatistics, ...]:
    """Quality of each item of the scale, in form order."""
    spread = _spread(scale, sums)
    return tuple(
        _item_statistics(index, item, sums.items.get(item.id, ItemSums()), spread)
        for index, item in enumerate(scale.items)
    )


def _item_statistics(
    index: int, item: Item, item_sums: ItemSums, spread: _Spread | None
) -> ItemStatistics:
    answered = sum(item_sums.options)
    sx = sum(
        count * value
        for count, value in zip(item_sums.options, item.values, strict=True)
    )
    sxx = sum(
        count * value * value
        for count, value in zip(item_sums.options, item.values, strict=True)
    )
    enough = answered >= MIN_FOR_ITEM
    return ItemStatistics(
        item=item,
        answered=answered,
        mean=mean_of_sums(answered, sx, sxx) if enough else None,
        sd=sqrt(covariance(answered, sx, sx, sxx)) if enough else None,
        options=tuple(_shares(item_sums.options)) if enough else None,
        skipped=share(item_sums.skips, answered + item_sums.skips)
        if answered + item_sums.skips >= MIN_FOR_SKIPS
        else None,
        left_here=share(item_sums.left_here, item_sums.reached)
        if item_sums.reached >= MIN_FOR_SKIPS
        else None,
        item_rest=spread.item_rest(index)
        if spread and item_sums.n >= MIN_FOR_ITEM_REST
        else None,
        alpha_without=_alpha_estimate(
            spread.alpha_without(index), k=spread.k - 1, n=item_sums.n
        )
        if spread
        else None,
        median_seconds=median_seconds_on(item_sums),
    )


def _shares(counts: tuple[int, ...]) -> Iterable[Estimate]:
    return (
        estimate
        for count in counts
        if (estimate := share(count, sum(counts))) is not None
    )


def _spread(scale: Scale, sums: Sums) -> _Spread | None:
    totals = sums.scales.get(scale.name, ScaleSums())
    if totals.n < 2 or len(scale.items) < 2:
        return None
    rows = [sums.items[item.id] for item in scale.items]
    return _Spread(
        variances=tuple(covariance(row.n, row.sx, row.sx, row.sxx) for row in rows),
        covariances=tuple(
            covariance(row.n, row.sx, totals.st, row.sxt) for row in rows
        ),
        total=covariance(totals.n, totals.st, totals.st, totals.stt),
    )

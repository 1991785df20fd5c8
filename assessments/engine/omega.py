"""Omega, the reliability of the sum of the trade-offs under one common factor (docs/instrument.md section 6; McDonald 1999).

For a look once a month, from the stored answers: it needs the sums of all products of two items, which the roll-up does not keep.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import sqrt

from .scales import Scale
from .statistics import covariance
from .sums import Answers

MAX_ROUNDS, CLOSE_ENOUGH = 10_000, 1e-12


@dataclass(frozen=True, slots=True)
class ProductSums:
    """Over the `n` people who answered every item: sums of each item, and of the product of each pair, items with themselves
    included (78 of twelve items)."""

    n: int
    sums: tuple[int, ...]
    products: dict[tuple[int, int], int]

    @property
    def covariances(self) -> list[list[float]]:
        """Raises ZeroDivisionError for fewer than 2 people."""
        places = range(len(self.sums))
        return [
            [
                float(
                    covariance(
                        self.n,
                        self.sums[i],
                        self.sums[j],
                        self.products[min(i, j), max(i, j)],
                    )
                )
                for j in places
            ]
            for i in places
        ]


def product_sums(scale: Scale, people: Iterable[Answers]) -> ProductSums:
    """Of the answers of many people; who skipped an item of the scale is left out."""
    pairs = list(combinations_with_replacement(range(len(scale.items)), 2))
    n, sums, products = 0, [0] * len(scale.items), dict.fromkeys(pairs, 0)
    for answers in people:
        buttons = [answers.get(item.id) for item in scale.items]
        if None in buttons:
            continue
        values = [
            item.by_button[button]
            for item, button in zip(scale.items, buttons, strict=True)
            if button is not None
        ]
        n += 1
        for place, value in enumerate(values):
            sums[place] += value
        for i, j in pairs:
            products[i, j] += values[i] * values[j]
    return ProductSums(n, tuple(sums), products)


def omega(found: ProductSums) -> float | None:
    """From 0 to 1: the share of the variance of the sum that one common factor explains. None where an item does not vary, or
    no factor fits. One factor is fitted to the correlations by iterated principal axes."""
    if found.n < 2:
        return None
    covariances = found.covariances
    sds = [sqrt(row[place]) for place, row in enumerate(covariances)]
    if len(sds) < 3 or not all(sds):
        return None
    correlations = [
        [value / (sds[i] * sds[j]) for j, value in enumerate(row)]
        for i, row in enumerate(covariances)
    ]
    loadings = _one_factor(correlations)
    common = sum(loading * sd for loading, sd in zip(loadings, sds, strict=True)) ** 2
    unique = sum(
        sd**2 * (1 - loading**2) for loading, sd in zip(loadings, sds, strict=True)
    )
    return (
        common / (common + unique)
        if all(abs(loading) <= 1 for loading in loadings)
        else None
    )


def _one_factor(correlations: list[list[float]]) -> list[float]:
    """Loadings of the first principal axis, with communalities in the diagonal that repeat themselves."""
    size = len(correlations)
    loadings = [0.5] * size
    for _ in range(MAX_ROUNDS):
        reduced = [
            [loadings[i] ** 2 if i == j else correlations[i][j] for j in range(size)]
            for i in range(size)
        ]
        # One step of the power method a round: both settle together.
        product = [
            sum(value * loading for value, loading in zip(row, loadings, strict=True))
            for row in reduced
        ]
        length = sqrt(sum(value**2 for value in product))
        if not length:
            return product
        eigenvalue = length / sqrt(sum(loading**2 for loading in loadings))
        following = [value / length * sqrt(eigenvalue) for value in product]
        if (
            max(
                abs(one - other) for one, other in zip(following, loadings, strict=True)
            )
            < CLOSE_ENOUGH
        ):
            return following
        loadings = following
    return loadings

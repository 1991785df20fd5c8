"""A group of at least three people: the spread of its leans, outcomes, strengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .outcomes import Outcome
from .rounding import root, whole

MIN_PEOPLE = 3  # an average of two people reveals each to the other
BIN_WIDTH = 10  # points of lean


@dataclass(frozen=True, slots=True)
class Member:
    """One result.

    `band_squared` is the square of the half-width of its 90 % band, in points.
    `strengths` maps a slug to a score of 0 to 100 or None; it is None as a whole where
    the person shared no strengths or took the short form.
    """

    outcome: Outcome
    lean: Fraction
    band_squared: Fraction
    strengths: Mapping[str, Fraction | None] | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Exact figures of many values of one thing, with how often each value occurs."""

    n: int
    mean: Fraction
    variance: Fraction
    lowest: Fraction
    highest: Fraction
    counts: tuple[tuple[Fraction, int], ...]  # from the lowest value up

    @property
    def shown_mean(self) -> int:
        return whole(self.mean)

    @property
    def shown_deviation(self) -> int:
        """The standard deviation, rounded."""
        return root(self.variance)


@dataclass(frozen=True, slots=True)
class Bin:
    """The leans nearest to one multiple of 10, by the role that the outcome names.

    Halves go away from zero, so that both sides are cut alike.
    """

    center: int
    first: int
    neither: int
    second: int

    @property
    def n(self) -> int:
        return self.first + self.neither + self.second


@dataclass(frozen=True, slots=True)
class Typical:
    """The people with one outcome: their number and mean lean.

    `band_squared` is the mean square of the half-widths of their bands. It says how far
    one such result may be from its lean, not how sure the mean is.
    """

    outcome: Outcome
    n: int
    lean: Fraction
    band_squared: Fraction


@dataclass(frozen=True, slots=True)
class Picture:
    """A group of at least three.

    `members` go from the project end of the scale to the product end, `bins` from -100
    to 100.
    """

    members: tuple[Member, ...]
    # Of each outcome that occurs, in the order of docs/instrument.md section 2.5.
    typical: tuple[Typical, ...]
    leans: Spread
    bins: tuple[Bin, ...]
    # Those with three scores or more, in the order of the slugs passed to picture_of.
    strengths: tuple[tuple[str, Spread], ...]
    strength_people: int  # how many share any score of a strength

    @property
    def outcomes(self) -> tuple[tuple[Outcome, int], ...]:
        return tuple((typical.outcome, typical.n) for typical in self.typical)


def picture_of(members: Sequence[Member], slugs: Iterable[str]) -> Picture | None:
    """The picture of a group with the strengths of `slugs`; None below three people."""
    if len(members) < MIN_PEOPLE:
        return None
    around = Counter((_center(member.lean), member.outcome.side) for member in members)
    strengths = []
    for slug in slugs:
        scores = [
            score
            for member in members
            if member.strengths and (score := member.strengths.get(slug)) is not None
        ]
        if len(scores) >= MIN_PEOPLE:
            strengths.append((slug, spread(scores)))
    return Picture(
        members=tuple(sorted(members, key=lambda member: -member.lean)),
        typical=tuple(_typical(members)),
        leans=spread([member.lean for member in members]),
        bins=tuple(
            Bin(center, *(around[center, side] for side in (0, None, 1)))
            for center in range(-100, 101, BIN_WIDTH)
        ),
        strengths=tuple(strengths),
        strength_people=sum(member.strengths is not None for member in members),
    )


def _typical(members: Sequence[Member]) -> Iterator[Typical]:
    for outcome in Outcome:
        if alike := [member for member in members if member.outcome == outcome]:
            n = len(alike)
            lean = sum((member.lean for member in alike), Fraction(0)) / n
            yield Typical(
                outcome,
                n,
                lean,
                sum((member.band_squared for member in alike), Fraction(0)) / n,
            )


def spread(values: Sequence[Fraction]) -> Spread:
    """Exact figures of two or more values. Raises ValueError for fewer."""
    n = len(values)
    if n < 2:
        raise ValueError("a spread needs two values")
    counts = sorted(Counter(values).items())
    total = sum((value * count for value, count in counts), Fraction(0))
    squares = sum((value * value * count for value, count in counts), Fraction(0))
    return Spread(
        n=n,
        mean=total / n,
        variance=(squares - total * total / n) / (n - 1),
        lowest=counts[0][0],
        highest=counts[-1][0],
        counts=tuple(counts),
    )


def _center(lean: Fraction) -> int:
    return whole(lean / BIN_WIDTH) * BIN_WIDTH

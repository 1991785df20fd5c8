"""Prints how often rule P10 is right about simulated panels.

docs/instrument.md sections 1.4 and 3.6 give these figures. Ratings are whole numbers
from 1 to 7. Nothing is known yet about how real raters spread, hence three assumptions
about it: the standard deviation of the ratings that one statement gets, and how the
ratings of the two sides of a trade-off correlate.
"""

from __future__ import annotations

import argparse
import sys
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from random import Random
from statistics import NormalDist, fmean

sys.path.insert(0, str(Path(__file__).parent.parent))

from assessments.defaults import default_questionnaire
from assessments.engine.desirability import (
    EVEN,
    MAX_APART,
    OFF,
    Sheet,
    gaps_of_forms,
    gaps_of_trade_offs,
    trade_offs,
)

# Standard deviation and correlation of the ratings as given.
ASSUMPTIONS = ((1.3, 0.3), (1.0, 0.5), (0.8, 0.5))
MIDDLE = 4.5  # mean rating of a balanced pair: statements are meant to look good
# Points by which the sides of T1 differ in an unbalanced form. At the limit, blocking
# and "even" are both wrong, and each may happen in one of twenty.
OFF_BY, AT_LIMIT = 1.0, MAX_APART
CUTS = [rating + 0.5 for rating in range(1, 7)]  # between one whole number and the next
STANDARD = NormalDist()


@dataclass(frozen=True, slots=True)
class Statement:
    """How people rate one statement: a normal variable, cut into whole numbers.

    `cuts` are in its standard deviations. `slope` is the covariance of the rating with
    the normal variable, by which a correlation of ratings is turned into one of normal
    variables.
    """

    cuts: Sequence[float]
    slope: float


@cache
def statement(mean: float, sd: float) -> Statement:
    """A statement whose ratings, as given, have this mean and standard deviation."""
    center, spread = mean, sd
    for _ in range(200):
        shares = [STANDARD.cdf((cut - center) / spread) for cut in CUTS]
        chances = [
            high - low for low, high in zip([0, *shares], [*shares, 1], strict=True)
        ]
        given = sum(chance * rating for rating, chance in enumerate(chances, 1))
        variance = sum(
            chance * (rating - given) ** 2 for rating, chance in enumerate(chances, 1)
        )
        center, spread = center + mean - given, spread * sd / sqrt(variance)
    cuts = [(cut - center) / spread for cut in CUTS]
    return Statement(cuts, sum(map(STANDARD.pdf, cuts)))


def panel(
    random: Random, *, raters: int, sd: float, r: float, off_by: float = 0.0
) -> list[Sheet]:
    """Ratings of the default trade-offs, all of them balanced but T1."""
    even = statement(MIDDLE, sd)
    first = statement(MIDDLE + off_by / 2, sd), statement(MIDDLE - off_by / 2, sd)
    pairs = []
    for question in trade_offs(default_questionnaire(), "full"):
        project, product = first if question.id == "T1" else (even, even)
        shared = r * sd**2 / (project.slope * product.slope)
        pairs.append((question.statement_names, project, product, shared))
    sheets: list[Sheet] = []
    for _ in range(raters):
        sheet = {}
        for (left, right), project, product, shared in pairs:
            common = sqrt(shared) * random.gauss()
            own = sqrt(1 - shared)
            for name, side in ((left, project), (right, product)):
                sheet[name] = 1 + bisect(side.cuts, common + own * random.gauss())
        sheets.append(sheet)
    return sheets


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the runs with one kind of panel, from 0 to 1.

    `covered` is of all intervals of trade-offs: those that hold the true difference.
    """

    blocked: float
    even: float
    first_off: float
    first_even: float
    covered: float


def shares(
    runs: int, *, raters: int, sd: float, r: float, off_by: float = 0.0, seed: int = 7
) -> Shares:
    random, questionnaire = Random(seed), default_questionnaire()
    rows = []
    for _ in range(runs):
        sheets = panel(random, raters=raters, sd=sd, r=r, off_by=off_by)
        pairs = gaps_of_trade_offs(questionnaire, sheets)
        verdicts = [
            gap.verdict
            for gap in (*pairs.values(), *gaps_of_forms(questionnaire, sheets).values())
        ]
        covered = fmean(
            abs(gap.mean - (off_by if name == "T1" else 0)) <= gap.half_width
            for name, gap in pairs.items()
        )
        first = pairs["T1"].verdict
        rows.append(
            (
                OFF in verdicts,
                set(verdicts) == {EVEN},
                first == OFF,
                first == EVEN,
                covered,
            )
        )
    return Shares(*(fmean(column) for column in zip(*rows, strict=True)))


def main(runs: int, seed: int) -> bool:
    """Print the figures; whether they are as docs/instrument.md promises."""
    kept = True
    for sd, r in ASSUMPTIONS:
        print(f"standard deviation {sd}, correlation {r}, {runs} panels each")
        for raters in (12, 40, 60, 100):
            found = shares(runs, raters=raters, sd=sd, r=r, seed=seed)
            print(
                f"  {raters:3} raters, all balanced:   blocked {found.blocked:6.1%}, "
                f"even {found.even:6.1%}, "
                f"intervals with the truth {found.covered:6.1%}"
            )
            kept &= found.blocked <= 0.05
        for raters, off_by in ((60, AT_LIMIT), *((n, OFF_BY) for n in (40, 60, 100))):
            found = shares(runs, raters=raters, sd=sd, r=r, off_by=off_by, seed=seed)
            print(
                f"  {raters:3} raters, T1 off by {off_by}: T1 blocks "
                f"{found.first_off:6.1%}, T1 even {found.first_even:6.1%}, "
                f"all even {found.even:6.1%}"
            )
            if (raters, off_by) == (60, OFF_BY):
                kept &= found.first_off >= 0.8
    print("as promised" if kept else "NOT as promised")
    return kept


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    sys.exit(not main(options.runs, options.seed))

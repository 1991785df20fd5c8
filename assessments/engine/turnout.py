"""Did it come true? What people chose months later, against their lean and their wish.

Counted are five kinds of keys, never a whole person: choice and liking; choice and
lean; choice and wish; and the last two of those who like the work. Leans are counted in
steps of 5 points (docs/instrument.md section 8 (g)).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import exp, log, sqrt

from .guide import MIN_LIKED
from .statistics import MIN_CELL, Z_95, Estimate

FIRST, SECOND = "first", "second"  # the version's roles, as a choice or a wish
LIKING, LEAN, LIKED, WISH = "liking", "lean", "liked", "wish"
LIKED_WISH = "liked_wish"
LEAN_STEP = 5  # points
MIN_FOR_AUC = 100  # people who chose the first or the second role
# How far a wish speaks for the first role. Either and unknown say nothing.
WISH_SCORES = {FIRST: 2, "either": 1, "unknown": 1, SECOND: 0}


def turnout_keys(
    *, chosen: str, liking: int | None, lean: float, wish: str
) -> Counter[str]:
    """What one person's answers add. `lean` is in points; empty texts were skipped."""
    keys = [f"{LIKING}|{chosen}|{'' if liking is None else liking}"]
    if chosen in (FIRST, SECOND):
        step = LEAN_STEP * round(lean / LEAN_STEP)
        keys.append(f"{LEAN}|{chosen}|{step}")
        likes = liking is not None and liking >= MIN_LIKED
        if likes:
            keys.append(f"{LIKED}|{chosen}|{step}")
        if wish:
            keys.append(f"{WISH}|{chosen}|{wish}")
            if likes:
                keys.append(f"{LIKED_WISH}|{chosen}|{wish}")
    return Counter(keys)


def counted(turnout: Counter[str], kind: str, chosen: str) -> Counter[str]:
    """The counts of one kind among those who chose so, by the last part of the key."""
    head = f"{kind}|{chosen}|"
    return Counter(
        {
            key.removeprefix(head): n
            for key, n in turnout.items()
            if key.startswith(head)
        }
    )


def auc_of_leans(turnout: Counter[str], kind: str = LEAN) -> Estimate | None:
    """How well the lean tells apart what people chose; `kind` is LEAN or LIKED."""
    return auc(
        *(
            Counter({int(step): n for step, n in counted(turnout, kind, role).items()})
            for role in (FIRST, SECOND)
        )
    )


def auc_of_wishes(turnout: Counter[str], kind: str = WISH) -> Estimate | None:
    """How well the wish tells apart what people chose; `kind` is WISH or LIKED_WISH."""
    scores: list[Counter[int]] = []
    for role in (FIRST, SECOND):
        by_score: Counter[int] = Counter()
        for wish, n in counted(turnout, kind, role).items():
            by_score[WISH_SCORES[wish]] += n
        scores.append(by_score)
    return auc(*scores)


def auc(first: Mapping[int, int], second: Mapping[int, int]) -> Estimate | None:
    """The share of pairs in which the one from `first` has the higher value.

    Both map values to numbers of people. Ties count half: 0.5 is chance, 1 is perfect.
    The variance is that of DeLong, DeLong and Clarke-Pearson (1988). The 95 % interval
    is symmetric on the logit scale, because a plain one misses the truth too often
    where groups are small (Pohar Perme and Manevski 2018). None below MIN_FOR_AUC
    people in all or MIN_CELL in a group, and where nobody is on the wrong side, because
    the interval would have no width.
    """
    n_first, n_second = sum(first.values()), sum(second.values())
    if n_first + n_second < MIN_FOR_AUC or min(n_first, n_second) < MIN_CELL:
        return None
    wins = {value: _share_below(value, second, n_second) for value in first}
    losses = {value: 1 - _share_below(value, first, n_first) for value in second}
    area = Fraction(sum(first[value] * share for value, share in wins.items()), n_first)
    variance = (
        _variance(first, wins, area, n_first) / n_first
        + _variance(second, losses, area, n_second) / n_second
    )
    if not variance:
        return None
    value = float(area)
    logit, half = log(area / (1 - area)), Z_95 * sqrt(variance) / (value * (1 - value))
    return Estimate(
        value, _from_logit(logit - half), _from_logit(logit + half), n_first + n_second
    )


def _from_logit(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def _share_below(value: int, group: Mapping[int, int], n: int) -> Fraction:
    """The share of the group below the value, ties counting half."""
    twice = sum(
        people * (2 if other < value else 1)
        for other, people in group.items()
        if other <= value
    )
    return Fraction(twice, 2 * n)


def _variance(
    group: Mapping[int, int], shares: Mapping[int, Fraction], mean: Fraction, n: int
) -> Fraction:
    squares = sum(
        people * (shares[value] - mean) ** 2 for value, people in group.items()
    )
    return Fraction(squares, n - 1)

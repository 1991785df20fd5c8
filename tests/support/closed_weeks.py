"""What an attacker counts in sums that are shown."""

from __future__ import annotations

from collections import Counter
from typing import Any

from assessments.engine.blocks import bin_of
from assessments.engine.sums import Sums


def cells(sums: Sums) -> Counter[Any]:
    """How many people every cell counts that a page or file can be made of."""
    found: Counter[Any] = Counter()
    for name, item in sums.items.items():
        for option, n in enumerate(item.options):
            found[name, option] = n
        found[name, "skips"] = item.skips
        found[name, "complete"] = item.n
        found[name, "left"] = item.left_here
        found[name, "stayed"] = item.reached - item.left_here
        found[name, "times"] = item.times.total()
    for name, scale in sums.scales.items():
        found[name, "n"] = scale.n
    for outcome, n in sums.outcomes.items():
        found["outcome", outcome] = n
    for lean, n in sums.leans.items():
        found["lean", bin_of(lean)] += n
    found["seconds"] = sums.seconds.total()
    found["retests"] = sums.retests.total()
    for wish, n in sums.wishes.items():
        found["wish", wish] = n
    for key, n in sums.turnout.items():
        kind, chosen, value = key.split("|")
        likes = kind == "liking" and value >= "3"
        found["turnout", kind, chosen, likes] += n
    return found

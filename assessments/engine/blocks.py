"""Which sums may be shown (docs/instrument.md section 6, docs/decisions/0020).

Closed weeks become blocks of at least ten people. Within a block, each cell (one answer
to one question, one outcome, ...) that gained fewer than ten people waits for a later
block. So whatever is shown, and whatever two things shown differ by, is a sum of
steps of at least ten people in every cell.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from .guide import MIN_LIKED
from .statistics import MIN_CELL
from .sums import TIME_BUCKETS, ItemSums, Sums
from .turnout import LIKING

LEAN_BIN = 10  # points
OPTION_SUMS = tuple(f"option_{number}" for number in range(5))
TIMES = tuple(f"time_{bucket}" for bucket in range(TIME_BUCKETS))

ITEM = "item"

# What waits together, for example ("outcomes", "close"): a place, and a part of it.
CellKey = tuple[Hashable, Hashable]
Counts = Counter[Any]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class WeeksBlock:
    """What weeks on end added to what is shown; `first` and `last` are Mondays."""

    first: date
    last: date
    sums: Sums

    @property
    def shows_people(self) -> bool:
        """Whether anything in it counts people. A block of a few dropouts does not."""
        complete = [scale.n for scale in self.sums.scales.values()]
        complete += [item.n for item in self.sums.items.values()]
        return any(complete) or any(n > 0 for _, _, n in _cells(self.sums))


def released_blocks(weeks: Mapping[date, Sums]) -> list[WeeksBlock]:
    """The blocks of one version and form, from its closed weeks by their Mondays.

    A later week never changes an earlier block. Weeks that fill no block yet wait.
    """
    found: list[WeeksBlock] = []
    waiting: dict[CellKey, Counts] = {}
    first, gathered = None, Sums()
    for monday, sums in sorted(weeks.items()):
        first, gathered = first or monday, gathered + sums
        if _fills_a_block(gathered):
            found.append(WeeksBlock(first, monday, _released(gathered, waiting)))
            first, gathered = None, Sums()
    return found


def bin_of(lean: str) -> int:
    """The multiple of ten points that is nearest; halves round away from 0."""
    points = Fraction(lean)
    size = int(abs(points) / LEAN_BIN + Fraction(1, 2))
    return LEAN_BIN * (size if points > 0 else -size)


def steps(
    weeks: Mapping[date, Mapping[Key, int]], *, since: date = date.min
) -> Counter[Key]:
    """Counts by week, each in steps of at least ten that begin at `since` or later.

    Steps are made of all weeks, so that `since` does not move their limits.
    """
    shown: Counter[Key] = Counter()
    waiting: Counter[Key] = Counter()
    begun: dict[Key, date] = {}
    for monday, week in sorted(weeks.items()):
        for key, n in week.items():
            first = begun.setdefault(key, monday)
            waiting[key] += n
            if waiting[key] >= MIN_CELL:
                step = waiting.pop(key)
                del begun[key]
                shown[key] += step if first >= since else 0
    return +shown


def _fills_a_block(sums: Sums) -> bool:
    """Whether each sum that is over whole people has at least ten of them, or none."""
    people = [sums.outcomes.total()]
    people += [scale.n for scale in sums.scales.values()]
    people += [item.n for item in sums.items.values()]
    return all(n == 0 or n >= MIN_CELL for n in people)


def _released(sums: Sums, waiting: dict[CellKey, Counts]) -> Sums:
    """What a block adds to what is shown. Changes `waiting`."""
    for cell, key, n in _cells(sums):
        waiting.setdefault(cell, Counter())[key] += n
    shown: defaultdict[Hashable, Counts] = defaultdict(Counter)
    for cell in [cell for cell, held in waiting.items() if held.total() >= MIN_CELL]:
        shown[cell[0]].update(waiting.pop(cell))
    return Sums(
        items={
            name: _item(item, shown[ITEM, name]) for name, item in sums.items.items()
        }
        | {
            place[1]: _item(ItemSums(), counts)
            for place, counts in shown.items()
            if isinstance(place, tuple) and place[1] not in sums.items
        },
        scales=sums.scales,
        **{table: shown[table] for table in TABLES},
    )


def _item(item: ItemSums, counts: Counts) -> ItemSums:
    """The sums over complete cases as they are, all else from the cells."""
    left = counts.pop("left_here", 0)
    reached = left + counts.pop("stayed", 0)
    return ItemSums(
        n=item.n,
        sx=item.sx,
        sxx=item.sxx,
        sxt=item.sxt,
        left_here=left,
        reached=reached,
        **counts,
    )


def _cells(sums: Sums) -> Iterator[tuple[CellKey, Any, int]]:
    """Every count of the sums: the cell that it waits with, its key, the people."""
    for name, item in sums.items.items():
        place = (ITEM, name)
        for column in (*OPTION_SUMS, "skips", "left_here"):
            yield (place, column), column, getattr(item, column)
        yield (place, "stayed"), "stayed", item.reached - item.left_here
        for column in TIMES:
            yield (place, "times"), column, getattr(item, column)
    for table, cell_of in TABLES.items():
        for key, n in getattr(sums, table).items():
            yield (table, cell_of(key)), key, n
    # Those who said nothing are a part of the wishes, too.
    yield ("wishes", ""), "", sums.outcomes.total() - sums.wishes.total()


def _told(key: str) -> str:
    """The cell of a key of turnout_keys: likings by whether they like it.

    Leans and wishes are shown only as one figure over all who chose so.
    """
    kind, chosen, value = key.split("|")
    if kind != LIKING:
        return f"{kind}|{chosen}"
    return f"{kind}|{chosen}|{bool(value) and int(value) >= MIN_LIKED}"


def _all(key: object) -> str:
    return ""


# The counts beside items and scales, and the cell of a key.
TABLES: dict[str, Callable[[Any], Hashable]] = {
    "outcomes": str,
    "leans": bin_of,
    "seconds": _all,
    "retests": _all,
    "wishes": str,
    "turnout": _told,
}

"""Does a question work alike for every group of people? (docs/instrument.md section 6, differential functioning.)

People are compared with people of the same rest-lean: the lean that all their answers but the one to the question give. Counted
are those who skipped no question that moves the lean, and not the question itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from .compiled import compiled_form, yardstick_of
from .outcomes import NOT_SHOWN
from .quality import ALARM_LIMITS, DIFFERS, DIFFERS_MUCH, Alarm
from .questionnaire import Definition
from .scales import Item, Scale, form_scales
from .sums import Finished

GROUPINGS = (
    "device",
    "language",
    "arrival",
)  # what Finished.groups tells, in this order
# Rest-lean in points. With the default questionnaire each of the five strata holds about a fifth of people (lean has a standard
# deviation near 30), and no rest-lean falls on a cut.
CUTS = (-24, -8, 8, 24)
STRATA = len(CUTS) + 1
MIN_FOR_GROUP = 200  # people who answered the question, in either group


class Place(NamedTuple):
    """Where a sum of groups belongs. `stratum`: 0 (towards the second role) to 4 (towards the first)."""

    grouping: str
    group: str
    question: str
    stratum: int


class Cell(NamedTuple):
    """How many people there are, and the sum of their values x of the item (as in `sums.ItemSums`)."""

    n: int
    sx: int


NOBODY = Cell(0, 0)
GroupSums = Mapping[Place, Cell]


@dataclass(frozen=True, slots=True)
class Difference:
    """How one group (`people` in number) answers one question, less how the reference group does where the rest-lean is alike.

    In the item's values: trade-offs in steps towards the first role, ratings in steps of liking. `alarm` where the question
    should be reviewed, or replaced.
    """

    grouping: str
    group: str
    reference: str
    question: str
    people: int
    reference_people: int
    value: float
    alarm: Alarm | None


def stratum_of(rest_lean: Fraction | int, unit: int = 1) -> int:
    """The stratum of a rest-lean, given in units of 1/`unit` points. One on a cut belongs to the side nearer the middle, so that
    swapping the roles mirrors the strata."""
    cuts = [cut * unit for cut in CUTS]
    return (
        bisect_right(cuts, rest_lean) if rest_lean < 0 else bisect_left(cuts, rest_lean)
    )


def add_up_groups(
    questionnaire: Definition, form: str, finished: Iterable[Finished]
) -> dict[Place, Cell]:
    """The sums of groups of finished attempts of one version and form. Who is of no known group ("") is left out of that
    grouping; results that are too few or careless are left out of all."""
    scales = form_scales(questionnaire, form)
    parts = (scales.trade_offs, *scales.enjoyment)
    moving = [item.id for part in parts for item in part.items]
    ids = [*moving, *(item.id for item in scales.shared.items)]
    people = [
        each for each in finished if each.groups and each.outcome not in NOT_SHOWN
    ]
    rows = [(each.groups, tuple(map(each.answers.get, ids))) for each in people]
    rows = [row for row in rows if None not in row[1][: len(moving)]]
    if scales.lean is None or not rows:
        return {}
    groups = [its_groups for its_groups, _ in rows]
    columns = dict(
        zip(ids, zip(*(answers for _, answers in rows), strict=True), strict=True)
    )
    totals = [_totals(part, columns) for part in parts]
    cells: dict[Place, Cell] = {}
    for number, scale in enumerate((*parts, scales.shared)):
        counts = [len(part.items) - (part is scale) for part in parts]
        if not scale.items or not all(counts):
            continue  # without this question nothing would be left of its side of the lean
        rest = yardstick_of(compiled_form(questionnaire, form), *counts)
        weights = (rest.step, rest.enjoyment[0], -rest.enjoyment[1])
        kinds, kind_of = _kinds(
            groups,
            _weighted(weights, totals),
            scale,
            (*weights, 0)[number],
            rest.denominator,
        )
        for item in scale.items:
            cells |= _cells(
                item, kinds, Counter(zip(kind_of, columns[item.id], strict=True))
            )
    return cells


def _totals(scale: Scale, columns: Mapping[str, tuple[int | None, ...]]) -> list[int]:
    keyed = [map(item.by_button.__getitem__, columns[item.id]) for item in scale.items]  # type: ignore[arg-type]  # none is None
    return list(map(sum, zip(*keyed, strict=True)))


def _weighted(weights: tuple[int, int, int], totals: list[list[int]]) -> list[int]:
    one, two, three = weights
    return [
        one * steps + two * first + three * second
        for steps, first, second in zip(*totals, strict=True)
    ]


Kind = tuple[
    tuple[str, ...], tuple[int, ...]
]  # the groups of a person; her stratum by what she answers, from the lowest value up


def _kinds(
    groups: list[tuple[str, ...]],
    leans: list[int],
    scale: Scale,
    weight: int,
    unit: int,
) -> tuple[list[Kind], list[int]]:
    """The different kinds of people there are for the items of one scale, and of which kind each person is. An item's share in
    the lean is `weight` times its value: that much goes off `leans` to leave the rest-lean."""
    values = sorted(scale.items[0].values)
    strata = {
        lean: tuple(stratum_of(lean - weight * value, unit) for value in values)
        for lean in set(leans)
    }
    numbers: dict[Kind, int] = {}
    kind_of = [
        numbers.setdefault(kind, len(numbers))
        for kind in zip(groups, map(strata.__getitem__, leans), strict=True)
    ]
    return list(numbers), kind_of


def _cells(
    item: Item, kinds: list[Kind], counts: Counter[tuple[int, int | None]]
) -> dict[Place, Cell]:
    """The sums of one item, from how many people of each kind pressed each button."""
    lowest = min(item.values)
    sums: defaultdict[tuple[tuple[str, ...], int], list[int]] = defaultdict(
        lambda: [0, 0]
    )
    for (kind, button), count in counts.items():
        if button is None:
            continue
        groups, strata = kinds[kind]
        value = item.by_button[button]
        its = sums[groups, strata[value - lowest]]
        its[0] += count
        its[1] += count * value
    by_group: defaultdict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for (groups, stratum), (n, sx) in sums.items():
        for grouping, group in zip(GROUPINGS, groups, strict=True):
            its = by_group[grouping, group, stratum]
            its[0] += n
            its[1] += sx
    return {
        Place(grouping, group, item.id, stratum): Cell(*its)
        for (grouping, group, stratum), its in by_group.items()
        if group
    }


def differences(
    questionnaire: Definition, form: str, sums: GroupSums
) -> tuple[Difference, ...]:
    """For each grouping, each group against the largest one, each question of the form in order, where both have 200 people."""
    questions = [question.id for question in questionnaire.questions_of(form)]
    rows: defaultdict[tuple[str, str, str], list[Cell]] = defaultdict(
        lambda: [NOBODY] * STRATA
    )
    by_grouping: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place, cell in sums.items():
        rows[place.grouping, place.group, place.question][place.stratum] = cell
        by_grouping[place.grouping][place.group] += cell.n
    found = []
    for grouping, sizes in sorted(by_grouping.items()):
        reference, *others = sorted(sizes, key=lambda group: (-sizes[group], group))
        for group in sorted(others):
            for question in questions:
                pair = (
                    rows[grouping, group, question],
                    rows[grouping, reference, question],
                )
                compared = _compared(*pair)
                if compared is not None:
                    people, reference_people, value = compared
                    alarm = _alarm(question, value)
                    found.append(
                        Difference(
                            grouping,
                            group,
                            reference,
                            question,
                            people,
                            reference_people,
                            value,
                            alarm,
                        )
                    )
    return tuple(found)


def _compared(focal: list[Cell], others: list[Cell]) -> tuple[int, int, float] | None:
    """How many people there are of both, and the difference of their means within the strata that both share."""
    people, reference_people = (
        sum(cell.n for cell in focal),
        sum(cell.n for cell in others),
    )
    if min(people, reference_people) < MIN_FOR_GROUP:
        return None
    shared = [
        (ours, theirs)
        for ours, theirs in zip(focal, others, strict=True)
        if ours.n and theirs.n
    ]
    if not shared:
        return None
    value = sum(
        ours.sx - ours.n * theirs.sx / theirs.n for ours, theirs in shared
    ) / sum(ours.n for ours, _ in shared)
    return people, reference_people, value


def _alarm(question: str, value: float) -> Alarm | None:
    for statistic in (DIFFERS_MUCH, DIFFERS):
        limit = ALARM_LIMITS[statistic, None].above
        if limit is not None and abs(value) > limit:
            return Alarm(statistic, value, limit, question)
    return None

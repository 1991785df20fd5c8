"""An attacker who compares everything that is ever shown finds no fewer than ten."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.engine.blocks import released_blocks, steps
from assessments.engine.statistics import MIN_CELL
from assessments.engine.sums import WEEK, ItemSums, ScaleSums, Sums
from tests.support.closed_weeks import cells

MONDAY = date(2026, 1, 5)
OUTCOMES = ("close", "clear_project", "careless")
# One person: an answer (None for a skip), an outcome, whether they came back.
PERSON = st.tuples(
    st.sampled_from([0, 1, 2, 3, 4, None]), st.sampled_from(OUTCOMES), st.booleans()
)
HISTORIES = st.lists(st.lists(PERSON, max_size=40), min_size=1, max_size=8)


def week_sums(
    people: list[tuple[int | None, str, bool]], left: int = 0, told: int = 0
) -> Sums:
    """The sums of a week: `left` dropped out, `told` answered a follow-up."""
    answers = [answer for answer, outcome, _ in people if outcome != "careless"]
    chosen = Counter(answers)
    complete = [answer for answer in answers if answer is not None]
    item = ItemSums(
        n=len(complete),
        sx=sum(complete),
        skips=chosen[None],
        reached=len(answers) + left,
        left_here=left,
        **{f"option_{option}": chosen[option] for option in range(5)},
        time_3=len(answers),
    )
    return Sums(
        items={"T1": item} if answers or left else {},
        scales={"trade_offs": ScaleSums(n=len(complete), s_odd=sum(complete))}
        if answers
        else {},
        outcomes=Counter(outcome for _, outcome, _ in people),
        leans=Counter(str(20 * answer) for answer in complete),
        seconds=Counter({40: len(answers)} if answers else {}),
        retests=Counter(["1/2" for _, _, again in people if again]),
        wishes=Counter(["first" for _, _, again in people if again]),
        turnout=Counter(f"liking|first|{number % 5}" for number in range(told)),
    )


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(
    HISTORIES,
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30)), min_size=8, max_size=8),
)
def test_attacker_never_isolates_fewer_than_ten(
    history: list[list[tuple[int | None, str, bool]]], others: list[tuple[int, int]]
) -> None:
    """At every moment, all ranges; two states differ in each cell by 0 or ten."""
    weeks = {
        MONDAY + number * WEEK: week_sums(people, *left_and_told)
        for number, (people, left_and_told) in enumerate(
            zip(history, others, strict=False)
        )
    }
    before: list[Any] = []
    for moment in range(1, len(weeks) + 1):
        shown = released_blocks(dict(list(weeks.items())[:moment]))
        # What was shown stays, so a later look adds whole blocks and nothing else.
        assert shown[: len(before)] == before
        before = shown
    # Ranges are unions of blocks on end: it is enough that every block is safe, and
    # every run of blocks, which is the difference of two nested ranges.
    for start, end in combinations(range(len(before) + 1), 2):
        run = sum((block.sums for block in before[start:end]), Sums())
        assert run.outcomes.total() == 0 or run.outcomes.total() >= MIN_CELL
        for cell, n in cells(run).items():
            assert n == 0 or n >= MIN_CELL, cell
    everything = sum(weeks.values(), Sums())
    silent = everything.outcomes.total() - everything.wishes.total()
    everything += Sums(wishes=Counter({"": silent}))
    all_shown = cells(sum((block.sums for block in before), Sums()))
    for cell, n in cells(everything).items():
        assert all_shown[cell] <= n


def test_block_of_a_few_who_left_shows_nobody() -> None:
    few, many = week_sums([], left=9), week_sums([], left=10)
    [nobody] = released_blocks({MONDAY: few})
    [somebody] = released_blocks({MONDAY: many})
    assert (nobody.shows_people, somebody.shows_people) == (False, True)
    # Twelve who answered a whole scale, and hardly a cell of ten.
    spread = [(number % 5, OUTCOMES[number % 2], False) for number in range(12)]
    [scale] = released_blocks({MONDAY: week_sums(spread)})
    assert (scale.shows_people, scale.sums.outcomes.total()) == (True, 0)


def test_nobody_waits_longer_than_needed() -> None:
    week = week_sums([(2, "close", False)] * 12)
    small = week_sums([(2, "close", False)] * 4)
    shown = released_blocks(
        {MONDAY: week, MONDAY + WEEK: small, MONDAY + 4 * WEEK: week}
    )
    assert [(block.first, block.last) for block in shown] == [
        (MONDAY, MONDAY),
        (MONDAY + WEEK, MONDAY + 4 * WEEK),
    ]
    assert [block.sums.items["T1"].option_2 for block in shown] == [12, 16]


def test_rare_answer_waits_for_ten_while_the_rest_is_shown() -> None:
    week = week_sums([(2, "close", False)] * 12 + [(0, "close", False)] * 6)
    shown = released_blocks({MONDAY: week, MONDAY + WEEK: week})
    assert [block.sums.items["T1"].option_0 for block in shown] == [0, 12]
    assert [block.sums.items["T1"].n for block in shown] == [18, 18]


def test_follow_ups_are_shown_where_nobody_finishes_any_more() -> None:
    weeks = {
        MONDAY: week_sums([(2, "close", False)] * 12),
        MONDAY + 20 * WEEK: week_sums([], told=20),
        MONDAY + 21 * WEEK: week_sums([], told=20),
    }
    sums = sum((block.sums for block in released_blocks(weeks)), Sums())
    assert (sums.outcomes.total(), sums.turnout.total()) == (12, 40)


def test_one_cell_of_a_scale_too_few_keeps_the_week_waiting() -> None:
    people = [(None, "close", False)] * 30 + [(1, "close", False)] * 9
    assert released_blocks({MONDAY: week_sums(people)}) == []


def test_counts_of_clicks_change_in_steps_of_ten() -> None:
    weeks = {
        MONDAY + number * WEEK: counts
        for number, counts in enumerate(
            [{"/": 6}, {"/": 5, "/skills/": 9}, {"/": 9}, {"/": 12}]
        )
    }
    until = [dict(list(weeks.items())[:end]) for end in range(1, 5)]
    shown = [{}, {"/": 11}, {"/": 11}, {"/": 32}]
    assert [steps(some) for some in until] == shown
    # A range leaves out whole steps, and moves none.
    starts = [steps(weeks, since=MONDAY + number * WEEK) for number in range(4)]
    assert starts == [{"/": 32}, {"/": 21}, {"/": 21}, {}]

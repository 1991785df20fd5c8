"""People with answers, and the same sums made answer by answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

from assessments.engine.scales import SHARED_SKILLS, TRADE_OFFS, enjoyment_of
from assessments.engine.sums import Finished
from tests.support.engine.cases import SIDES, Answers

PEOPLE = 20_000
TRADE_OFF_IDS = [f"T{number}" for number in range(1, 13)]
SCALE_IDS = {
    TRADE_OFFS: TRADE_OFF_IDS,
    enjoyment_of("project-manager"): ["E1", "E3", "E5", "E7"],
    enjoyment_of("product-manager"): ["E2", "E4", "E6", "E8"],
    SHARED_SKILLS: ["S1", "S2", "S3", "S4", "S5"],
}


def make_people(count: int, *, seed: int, skips: float = 0.01) -> list[Answers]:
    """Full forms of people with a pull to one role and a liking of their own."""
    chance = Random(seed)
    people = []
    for _ in range(count):
        pull, liking = chance.gauss(0.1, 0.8), chance.gauss(2.2, 0.8)
        answers: Answers = {}
        for number, side in enumerate(SIDES, 1):
            answers[f"T{number}"] = min(
                max(round(chance.gauss(3 - pull if side == "L" else 3 + pull, 1.1)), 1),
                5,
            )
        for number in range(1, 9):
            towards = pull if number % 2 else -pull
            answers[f"E{number}"] = min(
                max(round(chance.gauss(liking + towards / 2, 1)), 0), 4
            )
        for number in range(1, 6):
            answers[f"S{number}"] = min(max(round(chance.gauss(liking, 1)), 0), 4)
        people.append(
            {
                question: None if chance.random() < skips else answer
                for question, answer in answers.items()
            }
        )
    return people


def finished(
    people: Iterable[Answers], outcome: str = "close", seconds: int | None = 240
) -> list[Finished]:
    return [Finished(answers, outcome, seconds) for answers in people]


def value_of(question: str, button: int) -> int:
    """By hand: trade-offs keyed to project, ratings as they are."""
    if question.startswith("T"):
        return 3 - button if SIDES[int(question[1:]) - 1] == "L" else button - 3
    return button


class Plain(NamedTuple):
    """One scale, answer by answer, of those who answered all of it."""

    items: dict[str, list[int]]
    totals: list[int]


def plainly(people: Sequence[Answers], ids: list[str]) -> Plain:
    complete = [
        answers
        for answers in people
        if all(answers[question] is not None for question in ids)
    ]
    items = {
        question: [value_of(question, answers[question]) for answers in complete]
        for question in ids
    }
    return Plain(items, [sum(row) for row in zip(*items.values(), strict=True)])

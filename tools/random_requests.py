"""Write seeded random requests for the engine, one JSON object a line.

    python tools/random_requests.py --count 100000 --seed 7 --definition FILE

The answers are drawn so that every outcome and every cut-off of the scoring rules comes
up often. They do not resemble those of real visitors.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Question:
    id: str
    kind: str
    # A trade-off with the project statement on the left, or the rating of a project
    # strength.
    project_first: bool

    def button(self, project_steps: int) -> int:
        """The button of a trade-off: +2 is much more project, -2 much more product."""
        return 3 - project_steps if self.project_first else 3 + project_steps


Answers = dict[str, int]
Person = Callable[[Random, list[Question]], Answers]


def questions_of(definition: Json, form: str) -> list[Question]:
    first_role = definition["roles"][0]["slug"]
    first_role_strengths = {
        strength["slug"]
        for strength in definition["strengths"]
        if strength["role"] == first_role
    }
    return [
        Question(
            id=question["id"],
            kind=section["kind"],
            project_first=question["side"] == "left"
            if section["kind"] == "trade_off"
            else question["strength"] in first_role_strengths,
        )
        for section in definition["sections"]
        if form == "full" or section["in_short"]
        for question in section["questions"]
    ]


def within(low: int, value: int, high: int) -> int:
    return max(low, min(high, value))


def answered(
    chance: Random,
    questions: list[Question],
    *,
    pull: int,
    spread: int,
    liking: tuple[int, ...],
) -> Answers:
    """Trade-offs around `pull` steps toward project, and enjoyment out of `liking`.

    A strong pull moves the enjoyment too.
    """
    answers = {}
    for question in questions:
        if question.kind == "trade_off":
            answers[question.id] = question.button(
                within(-2, pull + chance.randint(-spread, spread), 2)
            )
        elif question.kind == "enjoyment":
            shift = pull // 2 if question.project_first else -(pull // 2)
            answers[question.id] = within(0, chance.choice(liking) + shift, 4)
        else:
            answers[question.id] = chance.randint(0, 4)
    return answers


def at_random(chance: Random, questions: list[Question]) -> Answers:
    return {
        question.id: chance.randint(1, 5)
        if question.kind == "trade_off"
        else chance.randint(0, 4)
        for question in questions
    }


def all_alike(chance: Random, questions: list[Question]) -> Answers:
    button, level = chance.randint(1, 5), chance.randint(0, 4)
    return {
        question.id: button if question.kind == "trade_off" else level
        for question in questions
    }


def leaning(chance: Random, questions: list[Question]) -> Answers:
    return answered(
        chance,
        questions,
        pull=chance.randint(-2, 2),
        spread=chance.randint(0, 3),
        liking=(0, 1, 2, 3, 4),
    )


def slightly_leaning(chance: Random, questions: list[Question]) -> Answers:
    pull = chance.choice((-1, 1))
    answers = answered(chance, questions, pull=0, spread=1, liking=(1, 2, 3))
    for question in questions:
        if question.kind == "trade_off" and chance.random() < 0.4:
            answers[question.id] = question.button(pull)
    return answers


def bored(chance: Random, questions: list[Question]) -> Answers:
    return answered(
        chance,
        questions,
        pull=chance.choice((-1, 0, 0, 1)),
        spread=chance.randint(0, 2),
        liking=(0, 1, 1, 2),
    )


def keen_on_both(chance: Random, questions: list[Question]) -> Answers:
    return answered(
        chance,
        questions,
        pull=0,
        spread=chance.choice((0, 1, 1, 2)),
        liking=(2, 3, 3, 4),
    )


def straight_liner(chance: Random, questions: list[Question]) -> Answers:
    """One button all the way, with at most two breaks."""
    answers = at_random(chance, questions)
    trade_offs = [question.id for question in questions if question.kind == "trade_off"]
    answers |= dict.fromkeys(trade_offs, chance.choice((1, 2, 4, 5)))
    for broken in chance.sample(trade_offs, chance.randint(0, 2)):
        answers[broken] = chance.choice((3, 3, 1, 5))
        if chance.random() < 0.3:
            del answers[broken]
    return answers


def at_the_cut_offs(chance: Random, questions: list[Question]) -> Answers:
    """Answers at a cut-off of the scoring rules, or one point beside it.

    The enjoyment of each role is about 3/8, 4/8 or 5/8 of its points, and the sum of
    the trade-offs is chosen.
    """
    answers = at_random(chance, questions)
    trade_offs = [question for question in questions if question.kind == "trade_off"]
    steps = [0] * len(trade_offs)
    direction = chance.choice((-1, 1))
    for _ in range(chance.randint(0, len(trade_offs))):
        steps[
            chance.choice([place for place, step in enumerate(steps) if abs(step) < 2])
        ] += direction
    answers |= {
        question.id: question.button(step)
        for question, step in zip(trade_offs, steps, strict=True)
    }
    eighths = chance.choice((3, 4, 5))
    for project_first in (True, False):
        ratings = [
            question.id
            for question in questions
            if question.kind == "enjoyment" and question.project_first is project_first
        ]
        levels = [0] * len(ratings)
        for _ in range(len(ratings) * eighths // 2 + chance.choice((0, 0, 0, -1, 1))):
            levels[
                chance.choice(
                    [place for place, level in enumerate(levels) if level < 4]
                )
            ] += 1
        answers |= dict(zip(ratings, levels, strict=True))
    return answers


PEOPLE: tuple[Person, ...] = (
    *(
        at_random,
        all_alike,
        leaning,
        leaning,
        slightly_leaning,
        slightly_leaning,
        bored,
    ),
    *(keen_on_both, keen_on_both, straight_liner, at_the_cut_offs, at_the_cut_offs),
)


def skipped(chance: Random, questions: list[Question], least: Json) -> set[str]:
    """The questions to skip: none, a few, many, or almost too many.

    Almost too many leaves about as many answers as the rules require in each group.
    """
    way = chance.choice(("none", "none", "none", "few", "few", "many", "to_the_least"))
    if way != "to_the_least":
        share = {"none": 0.0, "few": 0.1, "many": 0.35}[way]
        return {question.id for question in questions if chance.random() < share}
    left_out: set[str] = set()
    for kind, project_first, kept in (
        ("trade_off", None, least["least_trade_offs"]),
        ("enjoyment", True, least["least_enjoyment"]),
        ("enjoyment", False, least["least_enjoyment"]),
        ("shared", None, 4),
    ):
        group = [
            question.id
            for question in questions
            if question.kind == kind and project_first in (None, question.project_first)
        ]
        spare = len(group) - kept + chance.choice((0, 0, 0, 0, 0, 0, -1, 1))
        left_out.update(chance.sample(group, within(0, spare, len(group))))
    return left_out


def one_request(
    chance: Random, form: str, questions: list[Question], constants: Json
) -> Json:
    answers = chance.choice(PEOPLE)(chance, questions)
    left_out = skipped(chance, questions, constants["forms"][form])
    shuffled = chance.sample(questions, len(questions))
    given: dict[str, int | None] = {
        question.id: None if question.id in left_out else answers.get(question.id)
        for question in shuffled
        if (question.id in answers and question.id not in left_out)
        or chance.random() < 0.5
    }
    request: Json = {"form": form, "answers": given}
    pressed = sum(button is not None for button in given.values())
    least_seconds = ceil(Fraction(constants["seconds_per_question"]) * pressed)
    pace = chance.choice(
        (
            "unknown",
            "null",
            "fast",
            "at_the_cut_off",
            "normal",
            "normal",
            "normal",
            "normal",
            "normal",
            "normal",
        )
    )
    if pace == "null":
        request["seconds"] = None
    elif pace == "fast":
        request["seconds"] = chance.randint(0, least_seconds)
    elif pace == "at_the_cut_off":
        request["seconds"] = max(0, least_seconds - chance.randint(0, 1))
    elif pace == "normal":
        request["seconds"] = chance.randint(3 * pressed, 15 * pressed)
    return request


def requests(count: int, seed: int, definition: Json) -> Iterator[Json]:
    """`count` valid requests for this definition, the same ones for the same seed."""
    chance = Random(seed)
    questions = {form: questions_of(definition, form) for form in ("full", "short")}
    for _ in range(count):
        form = chance.choice(("full", "full", "short"))
        yield one_request(chance, form, questions[form], definition["constants"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Write seeded random requests for the engine, one a line."
    )
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--definition", type=Path, required=True, help="a questionnaire frozen as JSON"
    )
    options = parser.parse_args()
    definition = json.loads(options.definition.read_text(encoding="utf-8"))
    for request in requests(options.count, options.seed, definition):
        sys.stdout.write(json.dumps(request, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()

"""Ways of answering that say nothing about a person.

Those that sides can keep even may not favor a role, or the questionnaire itself does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle, product
from math import sqrt
from random import Random
from statistics import fmean, stdev

from .outcomes import Outcome
from .parts import FORMS, TRADE_OFF, QuestionDefinition
from .questionnaire import Definition
from .scorers import score

# Name, places of the buttons on trade-offs (repeated), place of the rating; 0 to 4.
FIXED = (
    ("all left", (0,), 2),
    ("all right", (4,), 2),
    ("all middle", (2,), 2),
    ("all highest", (2,), 4),
    ("all lowest", (2,), 0),
    ("left and right in turn", (0, 4), 2),
    ("right and left in turn", (4, 0), 2),
    ("a bit left, a bit right in turn", (1, 3), 2),
    ("a bit right, a bit left in turn", (3, 1), 2),
)
CLICKERS = 400
# A mean lean of the clickers of more standard errors than this favors a role.
FAVOR_Z = 3.0


@dataclass(frozen=True, slots=True)
class ResponsePattern:
    """One way of answering one form.

    `favors` is the slug of the role that it favors, None for no role. `lean` is in
    points; for random clickers it is the mean, and their `outcome` is None. `avoidable`
    says whether an order of sides can keep it from favoring a role: none that rule P4
    allows can for every repetition of three buttons.
    """

    name: str
    form: str
    outcome: Outcome | None
    lean: float
    favors: str | None
    avoidable: bool = True


def response_patterns(
    questionnaire: Definition, *, seed: int = 1
) -> list[ResponsePattern]:
    """Score constant buttons, repetitions of two and three, and random clickers.

    Both forms are scored. Only one kind of question goes to an extreme at a time, so
    that each kind alone could favor a role. Of the repetitions of three buttons, the
    one with the largest lean stands for all. No time is given, so rule 2 looks at runs
    only (docs/instrument.md section 2.5).
    """
    patterns = []
    for form in FORMS:
        questions = questionnaire.questions_of(form)
        patterns += [
            _probe(questionnaire, name, form, _answers(questions, places, rating))
            for name, places, rating in FIXED
        ]
        three = [
            _probe(
                questionnaire,
                "three buttons over and over, at worst",
                form,
                _answers(questions, places, 2),
            )
            for places in product((0, 4), repeat=3)
            if len(set(places)) > 1
        ]
        worst = max(three, key=lambda pattern: abs(pattern.lean))
        patterns.append(replace(worst, avoidable=False))
        random = Random(seed)  # noqa: S311
        patterns.append(_clickers(questionnaire, form, questions, random))
    return patterns


def _answers(
    questions: Sequence[QuestionDefinition], places: Sequence[int], rating: int
) -> dict[str, int]:
    """The buttons at these places on the trade-offs, over and over; 0 is the first."""
    turns = cycle(places)
    return {
        question.id: question.buttons[
            next(turns) if question.kind == TRADE_OFF else rating
        ]
        for question in questions
    }


def _probe(
    questionnaire: Definition, name: str, form: str, answers: dict[str, int]
) -> ResponsePattern:
    result = score(questionnaire, answers, form=form)
    lean = float(result.scores.lean) if result.scores else 0.0
    return ResponsePattern(
        name,
        form,
        result.outcome,
        lean,
        _role(questionnaire, lean) if result.outcome.named else None,
    )


def _clickers(
    questionnaire: Definition,
    form: str,
    questions: tuple[QuestionDefinition, ...],
    random: Random,
) -> ResponsePattern:
    leans = []
    for _ in range(CLICKERS):
        scores = score(
            questionnaire,
            {question.id: random.choice(question.buttons) for question in questions},
            form=form,
        ).scores
        leans.append(float(scores.lean) if scores else 0.0)
    mean, error = fmean(leans), stdev(leans) / sqrt(CLICKERS)
    return ResponsePattern(
        "random clickers",
        form,
        None,
        mean,
        _role(questionnaire, mean) if abs(mean) > FAVOR_Z * error else None,
    )


def _role(questionnaire: Definition, lean: float) -> str:
    return questionnaire.roles[0 if lean > 0 else 1].slug

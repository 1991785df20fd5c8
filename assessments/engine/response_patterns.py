"""Ways of answering that say nothing about a person.

None of them may favor a role, or the questionnaire itself does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import fmean, stdev

from .outcomes import Outcome
from .parts import FORMS, TRADE_OFF, QuestionDefinition
from .questionnaire import Definition
from .scorers import score

CLICKERS = 400
# A mean lean of the clickers of more standard errors than this favors a role.
FAVOR_Z = 3.0


@dataclass(frozen=True, slots=True)
class ResponsePattern:
    """One way of answering one form.

    `favors` is the slug of the role that it favors, None for no role. `lean` is in
    points; for random clickers it is the mean, and their `outcome` is None.
    """

    name: str
    form: str
    outcome: Outcome | None
    lean: float
    favors: str | None


def response_patterns(
    questionnaire: Definition, *, seed: int = 1
) -> list[ResponsePattern]:
    """Score all left, right, middle, highest and lowest, and random clickers.

    Both forms are scored. Only one kind of question goes to an extreme at a time, so
    that each kind alone could favor a role. No time is given, so rule 2 looks at runs
    only (docs/instrument.md section 2.5).
    """
    patterns = []
    for form in FORMS:
        questions = questionnaire.questions_of(form)
        for name, trade_off, rating in (
            ("all left", 0, 2),
            ("all right", 4, 2),
            ("all middle", 2, 2),
            ("all highest", 2, 4),
            ("all lowest", 2, 0),
        ):
            answers = {
                question.id: question.buttons[
                    trade_off if question.kind == TRADE_OFF else rating
                ]
                for question in questions
            }
            patterns.append(_probe(questionnaire, name, form, answers))
        random = Random(seed)  # noqa: S311
        patterns.append(_clickers(questionnaire, form, questions, random))
    return patterns


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

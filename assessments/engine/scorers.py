"""The table of scorers: a version names its scorer, and that scorer alone explains it.

A change of scoring adds a scorer under a new name and leaves the older ones as they
are, so that no stored result ever changes. The functions below look the scorer up;
the functions in the table belong to one scorer and never look up another.

Simulation and the quality statistics know only the scorer "graded-pairs-1".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from .guide import Guide, guide_of_pairs
from .parts import Answers
from .questionnaire import Definition
from .result import ScoredAnswers
from .scoring import offer_of_pairs, score_pairs, steps_of_pairs
from .working import Working, working_of_pairs


class Score(Protocol):
    def __call__(
        self,
        questionnaire: Definition,
        answers: Answers,
        /,
        *,
        form: str,
        seconds: int | None = None,
    ) -> ScoredAnswers: ...


class WorkOut(Protocol):
    def __call__(
        self, questionnaire: Definition, answers: Answers, /, *, form: str
    ) -> Working: ...


class Explain(Protocol):
    def __call__(
        self, questionnaire: Definition, answers: Answers, /, *, form: str
    ) -> Guide: ...


class CountSteps(Protocol):
    def __call__(
        self, questionnaire: Definition, answers: Answers, /, *, form: str
    ) -> tuple[int, int]: ...


class Offer(Protocol):
    def __call__(
        self, questionnaire: Definition, answers: Answers, /
    ) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Scorer:
    """Everything that is worked out from answers under one way of scoring."""

    score: Score
    working: WorkOut
    guide: Explain
    steps_to_lean: CountSteps
    stop_offer: Offer


SCORERS: dict[str, Scorer] = {
    "graded-pairs-1": Scorer(
        score=score_pairs,
        working=working_of_pairs,
        guide=guide_of_pairs,
        steps_to_lean=steps_of_pairs,
        stop_offer=offer_of_pairs,
    ),
}


def score(
    questionnaire: Definition,
    answers: Answers,
    *,
    form: str,
    seconds: int | None = None,
) -> ScoredAnswers:
    """The result of one person's answers (docs/instrument.md section 2).

    `answers` maps questions of the form to the button pressed: 1 to 5 from the left
    for trade-offs, 0 to 4 for ratings, None or absent for a skip. `seconds` is the
    active time, None where it is unknown. Raises RequestError for anything else.
    """
    scorer = SCORERS[questionnaire.scorer]
    return scorer.score(questionnaire, answers, form=form, seconds=seconds)


def working(questionnaire: Definition, answers: Answers, *, form: str) -> Working:
    """The whole sum, line by line (docs/instrument.md sections 2.1 to 2.3).

    Raises RequestError for bad answers, ValueError where there are too few.
    """
    return SCORERS[questionnaire.scorer].working(questionnaire, answers, form=form)


def guide(questionnaire: Definition, answers: Answers, *, form: str) -> Guide:
    """What a coach might talk about (docs/instrument.md sections 2.2, 2.6 and 5).

    Raises RequestError for bad answers, ValueError where there are too few.
    """
    return SCORERS[questionnaire.scorer].guide(questionnaire, answers, form=form)


def steps_to_lean(
    questionnaire: Definition, answers: Answers, *, form: str
) -> tuple[int, int]:
    """The fewest single steps on trade-offs that name the first and the second role.

    0 where that role is named already (docs/instrument.md section 2.6). Raises
    RequestError for bad answers, ValueError where there are too few.
    """
    scorer = SCORERS[questionnaire.scorer]
    return scorer.steps_to_lean(questionnaire, answers, form=form)


def stop_offer(questionnaire: Definition, answers: Answers) -> str | None:
    """What to offer once the short form is answered (docs/instrument.md section 2.9).

    "stop" where more questions would very rarely change a clear outcome, "go_on"
    where the outcome is clear but less so, None where it is not clear.
    """
    return SCORERS[questionnaire.scorer].stop_offer(questionnaire, answers)

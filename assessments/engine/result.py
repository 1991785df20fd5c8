"""What scoring gives: the scores of one request, and the reply that is stored."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .display import shown_scores
from .outcomes import Outcome
from .parts import SHORT
from .questionnaire import Definition
from .scores import ChangeNeeded, Contribution, Scores


@dataclass(frozen=True, slots=True)
class ScoredAnswers:
    """The outcome and the scores of one request.

    `scores` is None for too_few; `change` is None unless the outcome names a role.
    """

    questionnaire: Definition
    form: str
    outcome: Outcome
    trade_offs_answered: int
    scores: Scores | None
    change: ChangeNeeded | None
    evidence: tuple[Contribution, ...]
    against: tuple[Contribution, ...]

    @property
    def version(self) -> str:
        return self.questionnaire.sha256

    @property
    def provisional(self) -> bool:
        return self.form == SHORT

    def reply(self) -> dict[str, object]:
        """The reply of docs/engine.md as plain JSON values.

        Exact fractions are strings; what is undefined is None.
        """
        return {
            "version": self.version,
            "form": self.form,
            "provisional": self.provisional,
            "outcome": self.outcome.value,
            "trade_offs_answered": self.trade_offs_answered,
            **self._scores_data(),
            "to_close": list(self.change.to_close) if self.change else None,
            "to_flip": list(self.change.to_flip)
            if self.change and self.change.to_flip
            else None,
            "steps_to_close": self.change.steps_to_close if self.change else None,
            "evidence": [_data(contribution) for contribution in self.evidence],
            "against": [_data(contribution) for contribution in self.against],
            "shown": shown_scores(self.questionnaire, self.outcome, self.scores),
        }

    def _scores_data(self) -> dict[str, object]:
        scores = self.scores
        if scores is None:
            return dict.fromkeys(SCORE_KEYS, None) | {"split": False, "scatter": False}
        first, second = (role.slug for role in self.questionnaire.roles)
        name_of = self.questionnaire.strength
        return {
            "lean": str(scores.lean),
            "se_squared": str(scores.se_squared),
            "z_squared": str(scores.z_squared),
            "preference": {
                first: str(scores.preference[0]),
                second: str(scores.preference[1]),
            },
            "enjoyment": {
                first: str(scores.enjoyment[0]),
                second: str(scores.enjoyment[1]),
            },
            "fit": {first: str(scores.fit[0]), second: str(scores.fit[1])},
            "strengths": None
            if scores.strengths is None
            else {
                name_of(slug).name: _text(score)
                for slug, score in scores.strengths.items()
            },
            "doing": _text(scores.doing),
            "wanting": _text(scores.wanting),
            "shared_skills": _text(scores.shared_skills),
            "split": scores.split,
            "scatter": scores.scatter,
        }


SCORE_KEYS = (
    "lean",
    "se_squared",
    "z_squared",
    "preference",
    "enjoyment",
    "fit",
    "strengths",
    "doing",
    "wanting",
    "shared_skills",
)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _data(contribution: Contribution) -> dict[str, object]:
    return {
        "question": contribution.question,
        "answer": contribution.answer,
        "contribution": str(contribution.contribution),
    }

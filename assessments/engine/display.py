"""The numbers and words that pages print, each rounded once from its exact value.

docs/engine.md lists them under `shown`.
"""

from __future__ import annotations

from fractions import Fraction

from .outcomes import Outcome
from .questionnaire import Definition
from .rounding import points_range, root, root_text, whole
from .scores import Scores

# Points of shared skills (docs/instrument.md section 2.2)
STEADY_FROM, GROWING_FROM = 75, 50
_KEYS = (
    "lean",
    "half_width_90",
    "band_90",
    "preference",
    "enjoyment",
    "fit",
    "fit_half_width_90",
    "strengths",
    "strength_words",
    "doing",
    "wanting",
    "shared_skills",
    "shared_word",
    "certainty",
    "towards",
    "of_two",
)


def shown_scores(
    questionnaire: Definition, outcome: Outcome, scores: Scores | None
) -> dict[str, object]:
    """What pages print of one result; every value is None where there are no scores."""
    if scores is None:
        return dict.fromkeys(_KEYS)
    first, second = (role.slug for role in questionnaire.roles)
    band_z_squared = questionnaire.constants.band_z_squared
    band_squared = band_z_squared * scores.se_squared
    towards = first if scores.lean > 0 else second if scores.lean < 0 else None
    return {
        "lean": whole(scores.lean),
        "half_width_90": root_text(band_squared),
        "band_90": list(points_range(scores.lean, band_squared)),
        "preference": {
            first: whole(scores.preference[0]),
            second: whole(scores.preference[1]),
        },
        "enjoyment": {
            first: whole(scores.enjoyment[0]),
            second: whole(scores.enjoyment[1]),
        },
        "fit": {first: whole(scores.fit[0]), second: whole(scores.fit[1])},
        "fit_half_width_90": {
            first: root(band_z_squared * scores.fit_se_squared[0]),
            second: root(band_z_squared * scores.fit_se_squared[1]),
        },
        **_strengths(questionnaire, scores.strengths),
        "doing": _whole(scores.doing),
        "wanting": _whole(scores.wanting),
        "shared_skills": _whole(scores.shared_skills),
        "shared_word": shared_word(scores.shared_skills),
        "certainty": scores.certainty,
        "towards": towards,
        "of_two": towards
        if outcome == Outcome.LOW_BOTH and scores.would_be_named
        else None,
    }


def strength_word(questionnaire: Definition, score: Fraction | None) -> str | None:
    """The word for a strength's score of 0 to 100 (docs/instrument.md section 2.2)."""
    if score is None:
        return None
    if score >= questionnaire.constants.strong_pull:
        return "strong pull"
    return "weak pull" if score <= questionnaire.constants.weak_pull else "some pull"


def shared_word(score: Fraction | None) -> str | None:
    """The word for shared skills, scored 0 to 100 (docs/instrument.md section 2.2)."""
    if score is None:
        return None
    if score >= STEADY_FROM:
        return "steady habits"
    return "growing" if score >= GROWING_FROM else "worth building"


def _strengths(
    questionnaire: Definition, strengths: dict[str, Fraction | None] | None
) -> dict[str, object]:
    if strengths is None:
        return {"strengths": None, "strength_words": None}
    named = {
        questionnaire.strength(slug).name: score for slug, score in strengths.items()
    }
    return {
        "strengths": {name: _whole(score) for name, score in named.items()},
        "strength_words": {
            name: strength_word(questionnaire, score) for name, score in named.items()
        },
    }


def _whole(value: Fraction | None) -> int | None:
    return None if value is None else whole(value)

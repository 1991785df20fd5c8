"""How every page names the outcomes: one table, for owners, coaches and staff."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.engine.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """One outcome in words.

    `short` names it in tables and filters. `clause` follows the name of a result.
    `own` and `others` are the headline of a result, for its owner and for anyone else;
    `{role}` stands for the named role. `lead` is the sentence under the headline;
    `{your}` stands for "your" or "the", `{Your}` for the same at the start.
    """

    short: str
    clause: str
    own: str
    others: str
    lead: str = ""


_CLEAR = "answers point clearly to {role} management."
_LEANS = "answers lean toward {role} management."
_OTHER_ROLE = "The other role stays worth a look."
_CARELESS = "These answers came too fast (or too alike) to say anything fair."
_TOO_FEW = "We need a few more answers."

OUTCOME_WORDS = {
    Outcome.CLEAR_PROJECT: OutcomeWords(
        "clearly project",
        "points clearly to project management",
        f"Your {_CLEAR}",
        f"The {_CLEAR}",
    ),
    Outcome.LEAN_PROJECT: OutcomeWords(
        "leans toward project",
        "leans toward project management",
        f"Your {_LEANS}",
        f"The {_LEANS}",
        _OTHER_ROLE,
    ),
    Outcome.CLOSE: OutcomeWords(
        "close call",
        "a close call",
        "This is a close call.",
        "This is a close call.",
        "{Your} answers pull both ways by nearly the same amount. That is a finding, "
        "not a failure: read on for what would tip it.",
    ),
    Outcome.BOTH: OutcomeWords(
        "would enjoy both",
        "both would be enjoyed",
        "You would enjoy both, and your choices do not separate them.",
        "This person would enjoy both, and the choices do not separate them.",
        "Try one small task of each, and see which one you would do again.",
    ),
    Outcome.LEAN_PRODUCT: OutcomeWords(
        "leans toward product",
        "leans toward product management",
        f"Your {_LEANS}",
        f"The {_LEANS}",
        _OTHER_ROLE,
    ),
    Outcome.CLEAR_PRODUCT: OutcomeWords(
        "clearly product",
        "points clearly to product management",
        f"Your {_CLEAR}",
        f"The {_CLEAR}",
    ),
    Outcome.LOW_BOTH: OutcomeWords(
        "low interest in both",
        "neither sounds much fun",
        "Neither role sounds much fun to you right now.",
        "Neither role sounds much fun to this person right now.",
        "That is worth knowing. There are many other kinds of work, and tastes change "
        "once you have tried something.",
    ),
    Outcome.CARELESS: OutcomeWords(
        "too fast or too alike",
        "too fast or too alike",
        _CARELESS,
        _CARELESS,
        "Perhaps you were just looking around. Nothing is lost by starting again, and "
        "there is no time limit.",
    ),
    Outcome.TOO_FEW: OutcomeWords(
        "too few answers", "too few answers", _TOO_FEW, _TOO_FEW
    ),
}


def short_words(outcome: str) -> str:
    """The outcome as tables and filters name it, such as "leans toward project"."""
    return OUTCOME_WORDS[Outcome(outcome)].short

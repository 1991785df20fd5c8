"""How every page names the outcomes: one table, for owners, coaches and staff."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.engine.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """One outcome in words.

    `short` names it in tables and filters. `clause` follows the name of a result.
    `own` and `others` are the headline of a result, for its owner and for anyone else;
    `{role}` stands for the named role.
    """

    short: str
    clause: str
    own: str
    others: str


_CLEAR = "answers point clearly to {role} management."
_LEANS = "answers lean toward {role} management."
_CARELESS = "These answers were too fast or too similar for a fair result."
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
    ),
    Outcome.CLOSE: OutcomeWords(
        "close call",
        "a close call",
        "This is a close call.",
        "This is a close call.",
    ),
    Outcome.BOTH: OutcomeWords(
        "would enjoy both",
        "you’d enjoy both",
        "You’d enjoy both, and your choices don’t separate them.",
        "This person would enjoy both, and their choices don’t separate the two.",
    ),
    Outcome.LEAN_PRODUCT: OutcomeWords(
        "leans toward product",
        "leans toward product management",
        f"Your {_LEANS}",
        f"The {_LEANS}",
    ),
    Outcome.CLEAR_PRODUCT: OutcomeWords(
        "clearly product",
        "points clearly to product management",
        f"Your {_CLEAR}",
        f"The {_CLEAR}",
    ),
    Outcome.LOW_BOTH: OutcomeWords(
        "low interest in both",
        "neither role sounds like much fun",
        "Neither role sounds like much fun to you right now.",
        "Neither role sounds like much fun to this person right now.",
    ),
    Outcome.CARELESS: OutcomeWords(
        "too fast or too similar",
        "too fast or too similar",
        _CARELESS,
        _CARELESS,
    ),
    Outcome.TOO_FEW: OutcomeWords(
        "too few answers", "too few answers", _TOO_FEW, _TOO_FEW
    ),
}

# How sure a reply says it is, in percent. Its words are frozen: "about 99 in 100".
PERCENT_SURE = {
    "about 4 in 5": "80%",
    "about 19 in 20": "95%",
    "about 99 in 100": "99%",
}


def short_words(outcome: str) -> str:
    """The outcome as tables and filters name it, such as "leans toward project"."""
    return OUTCOME_WORDS[Outcome(outcome)].short

"""The words on the card that an owner saves as a picture. It speaks as its sharer."""

from __future__ import annotations

from assessments.engine.outcomes import Outcome

# The line above, and the large line, where {role} stands for the named role.
_CLEAR = ("My answers point clearly to", "{role} management.")
_LEANS = ("My answers lean toward", "{role} management.")
_NO_ROLE = "Project or product? For me,"

CARD_LINES = {
    Outcome.CLEAR_PROJECT: _CLEAR,
    Outcome.LEAN_PROJECT: _LEANS,
    Outcome.CLOSE: (_NO_ROLE, "it’s a close call."),
    Outcome.BOTH: ("Project or product?", "I’d enjoy both."),
    Outcome.LEAN_PRODUCT: _LEANS,
    Outcome.CLEAR_PRODUCT: _CLEAR,
    Outcome.LOW_BOTH: (_NO_ROLE, "neither, for now."),
}


def card_lines(outcome: Outcome, *, role: str) -> tuple[str, str]:
    """Both lines for an outcome that is shown; `role` is the named one, or empty."""
    above, large = CARD_LINES[outcome]
    return above, large.format(role=role)

"""The nine outcomes of a questionnaire (docs/instrument.md section 2.5).

This is the only place that says which role an outcome names, where it lies on the
scale, and whether its result may be shown.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of one result, in the order in which the rules are tried.

    "Project" stands for the first role of a version, "product" for the second.
    """

    TOO_FEW = "too_few"
    CARELESS = "careless"
    LOW_BOTH = "low_both"
    CLEAR_PROJECT = "clear_project"
    CLEAR_PRODUCT = "clear_product"
    LEAN_PROJECT = "lean_project"
    LEAN_PRODUCT = "lean_product"
    BOTH = "both"
    CLOSE = "close"

    @property
    def side(self) -> int | None:
        """The position of the role that the outcome names; None where it names none."""
        return _SIDES.get(self)

    @property
    def named(self) -> bool:
        """Whether the outcome names a role."""
        return self in _SIDES

    @property
    def clear(self) -> bool:
        """Whether the outcome names a role clearly (rule 4)."""
        return self in CLEAR

    @property
    def shown(self) -> bool:
        """Whether the answers say something fair, so that pages may show scores."""
        return self not in NOT_SHOWN

    @property
    def step(self) -> int | None:
        """From -2 (clearly the second role) to 2 (clearly the first).

        None where the result is not shown.
        """
        return _STEPS.get(self)


# Both stand in the order of the roles.
CLEAR = (Outcome.CLEAR_PROJECT, Outcome.CLEAR_PRODUCT)
LEANS = (Outcome.LEAN_PROJECT, Outcome.LEAN_PRODUCT)
NOT_SHOWN = (Outcome.TOO_FEW, Outcome.CARELESS)
_UNDECIDED = (Outcome.CLOSE, Outcome.BOTH)
# Outcomes that pages show, from the first role's end of the scale to the second's.
IN_SCALE_ORDER = (
    Outcome.CLEAR_PROJECT,
    Outcome.LEAN_PROJECT,
    Outcome.CLOSE,
    Outcome.BOTH,
    Outcome.LEAN_PRODUCT,
    Outcome.CLEAR_PRODUCT,
    Outcome.LOW_BOTH,
)
# Outcomes that a stored result can have: too few answers make no result.
STORED = (*IN_SCALE_ORDER, Outcome.CARELESS)

_SIDES = {
    outcome: side
    for side, outcomes in enumerate(zip(CLEAR, LEANS, strict=True))
    for outcome in outcomes
}
_STEPS = {
    Outcome.CLEAR_PROJECT: 2,
    Outcome.LEAN_PROJECT: 1,
    Outcome.CLOSE: 0,
    Outcome.BOTH: 0,
    Outcome.LOW_BOTH: 0,
    Outcome.LEAN_PRODUCT: -1,
    Outcome.CLEAR_PRODUCT: -2,
}
# The parts of all stored results that staff compare from week to week.
OUTCOME_GROUPS: dict[str, tuple[Outcome, ...]] = {
    "first": tuple(outcome for outcome in STORED if outcome.side == 0),
    "second": tuple(outcome for outcome in STORED if outcome.side == 1),
    "undecided": _UNDECIDED,
    "low": (Outcome.LOW_BOTH,),
    "careless": (Outcome.CARELESS,),
}

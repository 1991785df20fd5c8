"""How far a guest has come with an invitation."""

from __future__ import annotations

import pytest

from assessments.models import Attempt, Participation, Result
from assessments.queries.grants import Grant
from assessments.queries.guests import Guest, Stage


def grant(outcome: str | None, *, shown: bool = False, attempt: int = 1) -> Grant:
    """A grant of a result with this outcome, or of an open attempt."""
    result = None if outcome is None else Result(outcome=outcome)
    return Grant(Participation(attempt_id=attempt), result, shown, 0, [])


def guest(*grants: Grant, attempt: Attempt | None = None) -> Guest:
    return Guest(None, attempt, list(grants), list(grants), [], None)


@pytest.mark.parametrize(
    ("grants", "stage"),
    [
        ([], Stage.NEW),
        ([grant(None)], Stage.BEGUN),
        ([grant(None), grant("both", shown=True)], Stage.BEGUN),
        ([grant("both", shown=True)], Stage.SEEN),
        ([grant("careless"), grant("both", shown=True)], Stage.SEEN),
        ([grant("careless")], Stage.CARELESS),
        ([grant("both")], Stage.EXPIRED),
        ([grant("both"), grant("careless")], Stage.EXPIRED),
    ],
)
def test_the_stage_follows_from_the_grants(grants: list[Grant], stage: Stage) -> None:
    assert guest(*grants).stage == stage
    assert guest(*grants).has_joined == bool(grants)


def test_the_grants_of_the_open_attempt_are_those_of_its_result() -> None:
    own, other = grant(None, attempt=7), grant("both", attempt=8)
    assert guest(own, other, attempt=Attempt(pk=7)).attempt_grants == [own]
    assert guest(own, other).attempt_grants == []

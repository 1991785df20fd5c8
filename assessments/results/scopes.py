"""What each scope shows, in words (docs/architecture.md section 5).

The consent page and the form for share links read the same list.
"""

from __future__ import annotations

from assessments.models import Scope

# Follows "may". The terms and the consent that repeats them use the same words.
COACH_MAY = (
    "put it in a picture of the group without names, compare it with another "
    "client’s result, print it, and save it as a file"
)

# What each scope shows beyond the scope before it.
ADDED_BY_SCOPE = {
    Scope.SUMMARY: (
        "the outcome in words, and how sure it is",
        "where the mark is between project and product, with its range",
        "how well each role fits",
    ),
    Scope.STRENGTHS: (
        "your strengths, if you took the full form",
        "what you tend to do, and what you’d enjoy",
        "the skills that both roles need",
    ),
    Scope.ANSWERS: (
        "what points to the result, what points away, and what would change it",
        "every question with your answer, and the sum line by line",
    ),
}


def shown_at(scope: str) -> list[str]:
    """Everything that this scope shows, including every narrower scope."""
    included = Scope.values[: Scope.values.index(scope) + 1]
    return [line for name in included for line in ADDED_BY_SCOPE[Scope(name)]]


def left_out_at(scope: str) -> list[str]:
    """Everything that only a wider scope would show."""
    wider = Scope.values[Scope.values.index(scope) + 1 :]
    return [line for name in wider for line in ADDED_BY_SCOPE[Scope(name)]]

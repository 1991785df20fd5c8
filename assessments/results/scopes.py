"""What each scope shows, in words: one list for whoever is asked to agree and for whoever makes a link (docs/architecture.md section 5)."""

from __future__ import annotations

from assessments.models import Scope

# What a coach may do with a result at any scope, after "may": for the terms and for the consent that repeats them.
COACH_MAY = "put it into a picture of the group without names, lay it beside another client’s result, print it, and save it as a file"

ADDS = {
    Scope.SUMMARY: (
        "the outcome in words, and how sure it is",
        "where the mark stands between project and product, with its range",
        "the fit of both roles",
    ),
    Scope.STRENGTHS: (
        "your strengths, where you took the full form",
        "what you tend to do beside what you would enjoy",
        "the skills that both roles need",
    ),
    Scope.ANSWERS: (
        "what speaks for the result, what speaks against it and what would change it",
        "every question with your answer, and the whole sum",
    ),
}


def shown_at(scope: str) -> list[str]:
    """All that somebody sees at this scope: each scope holds the one before it."""
    place = Scope.values.index(scope)
    return [line for each in Scope.values[: place + 1] for line in ADDS[Scope(each)]]


def left_out_at(scope: str) -> list[str]:
    """What a wider scope would have shown besides."""
    place = Scope.values.index(scope)
    return [line for each in Scope.values[place + 1 :] for line in ADDS[Scope(each)]]

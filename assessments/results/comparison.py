"""Two stored Results beside each other, as far as both clients agreed: the narrower of the two scopes holds for both.

The answers are scored again, as the conversation guide does, since a reply does not keep all that is compared. What it does keep
comes out the same: tests/engine/test_stored_numbers.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assessments.engine import Definition, score
from assessments.engine.comparison import (
    AnswersComparison,
    compare_answers,
    compare_leans,
    compare_strengths,
)
from assessments.engine.rounding import root, whole
from assessments.models import Participation, Result, Scope
from assessments.queries.versions import questionnaire_of
from assessments.results.lean_figure import percent
from assessments.results.report import SIDES, Report, report

Granted = tuple[Participation, Result]  # a grant, and the Result that its coach sees


@dataclass(frozen=True, slots=True)
class StrengthPair:
    """One strength with the scores of both, 0 to 100. `higher` is whose is the higher one where they may be told apart."""

    name: str
    side: str
    one: int
    two: int
    one_x: str
    two_x: str
    apart: int
    higher: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a page says of two results. `strengths` and `answers` are None where the scope, or for strengths a form, has none."""

    names: tuple[str, str]
    reports: tuple[Report, Report]
    scope: str
    same_version: bool
    apart: int  # of the leans, in points
    apart_half: int  # the half-width of its 90 % range
    differs: bool
    gap: int  # from which on two strengths are told apart
    strengths: tuple[StrengthPair, ...] | None
    alike: int
    answers: AnswersComparison | None


def comparison(one: Granted, two: Granted) -> Comparison:
    """Of two different grants."""
    (grant, result), (other, second) = one, two
    names = _names(one, two)
    scope = min(grant.scope, other.scope, key=Scope.values.index)
    questionnaires = questionnaire_of(result.version), questionnaire_of(second.version)
    answers = result.answer_map, second.answer_map
    scored = (
        score(questionnaires[0], answers[0], form=result.form, seconds=result.seconds),
        score(questionnaires[1], answers[1], form=second.form, seconds=second.seconds),
    )
    leans = compare_leans(*scored)
    pairs = compare_strengths(*scored) if scope != Scope.SUMMARY else ()
    return Comparison(
        names=names,
        reports=(report(result, Scope.SUMMARY), report(second, Scope.SUMMARY)),
        scope=scope,
        same_version=questionnaires[0] == questionnaires[1],
        apart=whole(abs(leans.difference)),
        apart_half=root(leans.half_width_squared),
        differs=leans.differs,
        gap=whole(max(each.constants.rank_gap for each in questionnaires)),
        strengths=tuple(
            _pair(
                questionnaires[0],
                pair.strength.name,
                pair.strength.role,
                pair.one,
                pair.two,
                pair.alike,
                names,
            )
            for pair in pairs
        )
        or None,
        alike=sum(pair.alike for pair in pairs),
        answers=compare_answers(
            questionnaires[0], answers[0], result.form, questionnaires[1], answers[1]
        )
        if scope == Scope.ANSWERS
        else None,
    )


def _pair(
    questionnaire: Definition,
    name: str,
    role: str | None,
    one: Fraction,
    two: Fraction,
    alike: bool,
    names: tuple[str, str],
) -> StrengthPair:
    side = next(
        side
        for side, each in zip(SIDES, questionnaire.roles, strict=True)
        if each.slug == role
    )
    higher = "" if alike else names[one < two]
    return StrengthPair(
        name,
        side,
        whole(one),
        whole(two),
        percent(one),
        percent(two),
        whole(abs(one - two)),
        higher,
    )


def _names(one: Granted, two: Granted) -> tuple[str, str]:
    """What to call the two where both have one name: the same client twice, or two who chose alike."""
    (grant, result), (other, second) = one, two
    if grant.name != other.name:
        return grant.name, other.name
    how = (
        "%-d %B %Y"
        if result.finished_at.date() != second.finished_at.date()
        else "%-d %B %Y, %H:%M:%S"
    )
    return (
        f"{grant.name}, {result.finished_at:{how}}",
        f"{other.name}, {second.finished_at:{how}}",
    )

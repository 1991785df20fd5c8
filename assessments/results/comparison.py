"""Compare two stored Results, at the narrower of the two scopes that clients agreed to.

The answers are scored again, as for the conversation guide: a stored reply lacks some
of the compared numbers. Scoring again gives the numbers that a stored reply has, too
(tests/engine/test_stored_numbers.py).
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

# A grant, and the Result that its coach may see.
GrantedResult = tuple[Participation, Result]


@dataclass(frozen=True, slots=True)
class StrengthPair:
    """One strength with both scores, 0 to 100.

    `higher` is the name of the client with the higher score, or empty where the two
    scores are too close to order.
    """

    name: str
    side: str
    one: int
    two: int
    one_x: str
    two_x: str
    apart: int
    higher: str


@dataclass(frozen=True, slots=True)
class ResultComparison:
    """The facts that a page shows about two results.

    `strengths` is None below scope "strengths" and for a form without strengths.
    `answers` is None below scope "answers".
    """

    names: tuple[str, str]
    reports: tuple[Report, Report]
    scope: str
    same_version: bool
    apart: int  # distance between the leans, in points
    apart_half: int  # half-width of the 90 % range of that distance
    differs: bool
    gap: int  # smallest distance at which a page orders two strengths
    strengths: tuple[StrengthPair, ...] | None
    alike: int
    answers: AnswersComparison | None


def compare_results(
    one: GrantedResult, two: GrantedResult, names: tuple[str, str]
) -> ResultComparison:
    """Compare the results of two different grants, called by `names` on the page."""
    (grant, result), (other, second) = one, two
    scope = min(grant.scope, other.scope, key=Scope.values.index)
    questionnaires = questionnaire_of(result.version), questionnaire_of(second.version)
    answers = result.answer_map, second.answer_map
    scored = (
        score(questionnaires[0], answers[0], form=result.form, seconds=result.seconds),
        score(questionnaires[1], answers[1], form=second.form, seconds=second.seconds),
    )
    leans = compare_leans(*scored)
    pairs = compare_strengths(*scored) if scope != Scope.SUMMARY else ()
    return ResultComparison(
        names=names,
        reports=(report(result, Scope.SUMMARY), report(second, Scope.SUMMARY)),
        scope=scope,
        same_version=questionnaires[0] == questionnaires[1],
        apart=_points_apart(*(each.scores.lean for each in scored if each.scores)),
        apart_half=root(leans.half_width_squared),
        differs=leans.differs,
        gap=whole(
            max(questionnaire.constants.rank_gap for questionnaire in questionnaires)
        ),
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


def _points_apart(one: Fraction, two: Fraction) -> int:
    """The distance of what the page shows: 41 between 84 and 43."""
    return abs(whole(one) - whole(two))


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
        for side, own_role in zip(SIDES, questionnaire.roles, strict=True)
        if own_role.slug == role
    )
    higher = "" if alike else names[one < two]
    return StrengthPair(
        name,
        side,
        whole(one),
        whole(two),
        percent(one),
        percent(two),
        _points_apart(one, two),
        higher,
    )

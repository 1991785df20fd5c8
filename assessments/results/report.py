"""One result as every page shows it, at one scope.

The facts come from a reply and from the questionnaire that the reply was scored with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.engine import (
    Answers,
    Definition,
    QuestionDefinition,
    SectionDefinition,
    Working,
    steps_to_lean,
    working,
)
from assessments.engine.outcomes import Outcome
from assessments.engine.reply import ExactScores, Reply, ShownScores
from assessments.engine.rounding import plain
from assessments.engine.scores import Contribution
from assessments.engine.walk import Walk
from assessments.models import Result, Scope
from assessments.queries import versions
from assessments.results.lean_figure import LeanFigure, lean_figure, towards_words
from assessments.results.scoring_facts import ScoringFacts, disclosure, scoring_facts

# The signs and colors of the two roles, in the version's order.
SIDES = ("project", "product")
# The sentence above the list of strengths names at most this many. They have no order
# there, because they may lie closer than the rank gap.
MAX_TOP_STRENGTHS = 3


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question as the visitor saw it, with the words on the pressed button."""

    id: str
    number: int
    left: str
    right: str  # empty for a rating
    answered: bool
    skipped: bool
    words: str
    section: int  # the number of its section in the form


@dataclass(frozen=True, slots=True)
class AnsweredSection:
    stem: str
    kind: str
    rows: tuple[AnswerRow, ...]


def _row(
    section: SectionDefinition,
    question: QuestionDefinition,
    number: int,
    section_number: int,
    answers: Answers,
) -> AnswerRow:
    answer = answers.get(question.id)
    two = question.kind == "trade_off"
    return AnswerRow(
        id=question.id,
        number=number,
        left=question.left.text if two else question.statement.text,
        right=question.right.text if two else "",
        answered=question.id in answers,
        skipped=question.id in answers and answer is None,
        words=""
        if question.id not in answers
        else "Not sure"
        if answer is None
        else section.label_of(answer),
        section=section_number,
    )


def answered_sections(
    questionnaire: Definition, answers: Answers, form: str
) -> list[AnsweredSection]:
    """Every question of the form, numbered from 1, with its answer in words."""
    walk, sections = Walk(questionnaire, form), []
    for section_number, section in walk.numbered():
        rows = tuple(
            _row(section, question, number, section_number, answers)
            for number, question in enumerate(
                section.questions, walk.first_question(section_number)
            )
        )
        sections.append(AnsweredSection(section.stem, section.kind, rows))
    return sections


@dataclass(frozen=True, slots=True)
class RoleFigures:
    slug: str
    name: str
    side: str
    fit: int
    fit_half: int
    preference: int | None
    enjoyment: int | None


@dataclass(frozen=True, slots=True)
class StrengthRow:
    slug: str
    name: str
    side: str
    score: int | None
    word: str
    width: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    row: AnswerRow
    statement: str  # the favored one; for a middle answer, the left one
    over: str
    points: str
    side: str


@dataclass(frozen=True, slots=True)
class Report:
    """The facts of one result. Templates choose the words.

    Facts beyond the scope are None or empty.
    """

    scoring: ScoringFacts
    scope: str
    outcome: Outcome
    provisional: bool
    named: str  # "project", "product" or empty
    of_two: str
    certainty: str
    lean_words: str
    towards: str
    figure: LeanFigure | None
    roles: tuple[RoleFigures, ...]
    answered: int
    asked: int
    # From scope "strengths" on.
    strengths: tuple[StrengthRow, ...] = ()
    top: tuple[str, ...] = ()
    shared_skills: int | None = None
    shared_word: str = ""
    shared_names: tuple[str, ...] = ()
    split: bool = False
    doing: str = ""
    wanting: str = ""
    # At scope "answers".
    evidence: tuple[EvidenceRow, ...] = ()
    against: tuple[EvidenceRow, ...] = ()
    to_close: tuple[AnswerRow, ...] = ()
    to_flip: tuple[AnswerRow, ...] = ()
    steps_to_close: int | None = None
    tips: tuple[tuple[str, int], ...] = ()
    scatter: bool = False
    sections: tuple[AnsweredSection, ...] = ()
    working: Working | None = None
    reply: Mapping[str, Any] | None = None

    def row(self, question: str) -> AnswerRow:
        """The answer to one question, by the question's id."""
        return next(
            row
            for section in self.sections
            for row in section.rows
            if row.id == question
        )

    @property
    def has_scores(self) -> bool:
        return self.figure is not None

    @property
    def shows_strengths(self) -> bool:
        return self.scope != Scope.SUMMARY

    @property
    def shows_answers(self) -> bool:
        return self.scope == Scope.ANSWERS


def report(result: Result, scope: str = Scope.ANSWERS) -> Report:
    """The report of one stored result at one scope (docs/architecture.md section 5).

    Every page and the JSON share this one allow-list.
    """
    return report_of(
        versions.questionnaire_of(result.version),
        result.parsed_reply,
        result.answer_map,
        scope,
    )


def report_of(
    questionnaire: Definition,
    reply: Reply,
    answers: Answers,
    scope: str,
) -> Report:
    """The report of a reply (docs/engine.md) to these answers, stored or not."""
    exact, shown = reply.exact, reply.shown
    outcome, slugs = reply.outcome, [role.slug for role in questionnaire.roles]
    side_of = dict(zip(slugs, SIDES, strict=True)) | {None: ""}
    named = "" if outcome.side is None else SIDES[outcome.side]
    facts: dict[str, Any] = {
        "scoring": scoring_facts(questionnaire),
        "scope": scope,
        "outcome": outcome,
        "provisional": reply.provisional,
        "named": named,
        "of_two": side_of[shown.of_two] if shown else "",
        "certainty": "",
        "lean_words": "",
        "towards": "",
        "figure": None,
        "roles": (),
        "answered": sum(answer is not None for answer in answers.values()),
        "asked": len(answers),
    }
    if not outcome.shown or exact is None or shown is None:
        return Report(**facts)
    facts |= {
        "certainty": shown.certainty,
        "lean_words": towards_words(shown.lean),
        "towards": side_of[shown.towards],
        "figure": lean_figure(exact, shown, questionnaire.constants, side=named),
        "roles": tuple(
            RoleFigures(
                slug=role.slug,
                name=role.name,
                side=side_of[role.slug],
                fit=shown.fit[role.slug],
                fit_half=shown.fit_half_width_90[role.slug],
                preference=shown.preference[role.slug]
                if scope == Scope.ANSWERS
                else None,
                enjoyment=shown.enjoyment[role.slug]
                if scope == Scope.ANSWERS
                else None,
            )
            for role in questionnaire.roles
        ),
    }
    if scope != Scope.SUMMARY:
        facts |= _strengths(questionnaire, exact, shown, side_of)
        facts["split"] = reply.split
    if scope == Scope.ANSWERS:
        facts |= _answers(questionnaire, reply, answers)
    return Report(**facts)


def _strengths(
    questionnaire: Definition,
    exact: ExactScores,
    shown: ShownScores,
    side_of: Mapping[str | None, str],
) -> dict[str, Any]:
    scores = exact.strengths or {}
    points, words = shown.strengths or {}, shown.strength_words or {}
    rows = [
        StrengthRow(
            slug=strength.slug,
            name=strength.name,
            side=side_of[strength.role],
            score=points[strength.name],
            word=words[strength.name] or "too few answers",
            width=f"{float(scores[strength.name] or 0):.2f}%",
        )
        for strength in questionnaire.strengths
        if strength.kind == "key" and exact.strengths is not None
    ]
    # A stable sort by the exact score: equal scores keep the article's order.
    rows.sort(key=lambda row: -(scores[row.name] or -1))
    strong = [row.name for row in rows if row.word == "strong pull"]
    return {
        "strengths": tuple(rows),
        "top": tuple(strong[:MAX_TOP_STRENGTHS]),
        "shared_skills": shown.shared_skills,
        "shared_word": shown.shared_word or "",
        "shared_names": tuple(
            strength.name
            for strength in questionnaire.strengths
            if strength.kind == "shared"
        ),
        "doing": towards_words(shown.doing) if shown.doing is not None else "",
        "wanting": towards_words(shown.wanting) if shown.wanting is not None else "",
    }


def _answers(
    questionnaire: Definition, reply: Reply, answers: Answers
) -> dict[str, Any]:
    sections = answered_sections(questionnaire, answers, reply.form)
    rows = {row.id: row for section in sections for row in section.rows}

    def evidence(contributions: Iterable[Contribution]) -> tuple[EvidenceRow, ...]:
        return tuple(
            _evidence(
                questionnaire.question(contribution.question),
                rows[contribution.question],
                contribution,
            )
            for contribution in contributions
        )

    steps = (
        ()
        if reply.outcome.named
        else steps_to_lean(questionnaire, answers, form=reply.form)
    )
    return {
        "evidence": evidence(reply.evidence),
        "against": evidence(reply.against),
        "to_close": tuple(rows[question] for question in reply.to_close or ()),
        "to_flip": tuple(rows[question] for question in reply.to_flip or ()),
        "steps_to_close": reply.steps_to_close,
        "tips": tuple(zip(SIDES, steps, strict=True)) if steps else (),
        "scatter": reply.scatter,
        "sections": tuple(sections),
        "working": working(questionnaire, answers, form=reply.form),
        "reply": reply.data,
    }


def _evidence(
    question: QuestionDefinition, row: AnswerRow, contribution: Contribution
) -> EvidenceRow:
    statement, over = row.left, row.right
    if question.kind == "trade_off" and contribution.answer > 3:
        statement, over = row.right, row.left
    points = contribution.contribution
    return EvidenceRow(
        row=row,
        statement=statement,
        over=over,
        points=plain(abs(points)),
        side=SIDES[points < 0] if points else "",
    )


def shared_data(result: Result, scope: str) -> dict[str, Any]:
    """What `/r/<token>.json` gives at this scope.

    It computes nothing: everything is copied from the stored reply, the stored
    answers and the version, so the bytes never change.
    """
    reply: dict[str, Any] = dict(result.parsed_reply.data)
    data: dict[str, Any] = {
        name: reply[name]
        for name in (
            "version",
            "form",
            "provisional",
            "outcome",
            "lean",
            "se_squared",
            "fit",
        )
    }
    names = [
        "lean",
        "half_width_90",
        "band_90",
        "fit",
        "fit_half_width_90",
        "certainty",
        "towards",
        "of_two",
    ]
    if scope != Scope.SUMMARY:
        data |= {
            name: reply[name]
            for name in ("strengths", "doing", "wanting", "split", "shared_skills")
        }
        names += [
            "strengths",
            "strength_words",
            "doing",
            "wanting",
            "shared_skills",
            "shared_word",
        ]
    if scope == Scope.ANSWERS:
        answers = result.answer_map
        data, names = dict(reply), list(reply["shown"])
        data["answers"] = answers
        data["questions"] = [
            {
                "id": row.id,
                "number": row.number,
                "stem": section.stem,
                "left": row.left,
                "right": row.right,
                "answer": row.words,
            }
            for section in answered_sections(
                versions.questionnaire_of(result.version), answers, reply["form"]
            )
            for row in section.rows
        ]
    data["shown"] = {name: reply["shown"][name] for name in names}
    return data | {
        "scope": scope,
        "finished": result.finished_at.date().isoformat(),
        "disclosure": disclosure(measured=result.version.constants_measured),
    }

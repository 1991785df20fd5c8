"""One result as every page shows it, at one scope.

The facts come from a reply and from the questionnaire that the reply was scored with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.utils import timezone

from assessments.engine import (
    Answers,
    Definition,
    QuestionDefinition,
    SectionDefinition,
    Working,
    longest_run,
    steps_to_lean,
    working,
)
from assessments.engine.outcomes import Outcome
from assessments.engine.parts import ENJOYMENT, TRADE_OFF
from assessments.engine.reply import ExactScores, Reply, ShownScores
from assessments.engine.scores import Contribution
from assessments.engine.scoring import is_too_fast
from assessments.engine.tally import MIDDLE
from assessments.engine.walk import Walk
from assessments.models import Result, Scope
from assessments.queries import versions
from assessments.results.lean_figure import LeanFigure, lean_figure, toward_words
from assessments.results.outcome_words import PERCENT_SURE
from assessments.results.scoring_facts import ScoringFacts, disclosure, scoring_facts

# The signs and colors of the two roles, in the version's order.
SIDES = ("project", "product")
# How a trade-off was decided, by the distance of its button from the middle one.
HOW = ("tie", "little", "lot")
MIDDLE_RATING = 2  # of the buttons 0 to 4
# The sentence above the strengths names all that pull strongly, or counts them where
# they are more than this. It never cuts: two of them may be exactly equal.
MAX_NAMED_STRENGTHS = 4
# What a person would rather do, of an outcome that names neither role.
MAX_LIKED = 3
# Questions on the middle button that a page without a named role points out.
MAX_EVEN = 2


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
    two = question.kind == TRADE_OFF
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
class StrengthGroup:
    """The strengths of which the page says the same word, such as "strong pull"."""

    word: str
    rows: tuple[StrengthRow, ...]


@dataclass(frozen=True, slots=True)
class StrongPulls:
    """The strengths that pull strongly: all their names, or none where they are many.

    `project` and `product` count them for each role.
    """

    names: tuple[str, ...]
    project: int
    product: int

    @property
    def count(self) -> int:
        return self.project + self.product


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    row: AnswerRow
    statement: str  # the favored one; for a middle answer, the left one
    over: str  # the other one; empty for a rating
    # "lot", "little" or "tie" of a trade-off, "rated" of a rating; "disliked" of a
    # rating that speaks against the role of its own statement.
    how: str
    side: str  # that it pulls toward; empty where it pulls toward neither


@dataclass(frozen=True, slots=True)
class Choices:
    """How many trade-offs were answered, and how many of them went each way."""

    answered: int
    project: int
    product: int


@dataclass(frozen=True, slots=True)
class Careless:
    """Why the answers say nothing fair (docs/instrument.md section 2.5, rule 2).

    `seconds` is None where the time does not count against them, `run` where the row
    of equal buttons does not.
    """

    seconds: int | None
    run: int | None
    seconds_per_question: str
    first_question: str  # where answering again begins


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
    sure: str  # the certainty as "80%"; empty where it is too close to say
    lean_words: str
    toward: str
    half_width: str  # of the band, in points with two decimals
    figure: LeanFigure | None
    roles: tuple[RoleFigures, ...]
    answered: int
    asked: int
    careless: Careless | None = None
    # From scope "strengths" on.
    strengths: tuple[StrengthRow, ...] = ()
    pulls: tuple[StrengthGroup, ...] = ()
    strong: StrongPulls | None = None
    shared_skills: int | None = None
    shared_word: str = ""
    shared_names: tuple[str, ...] = ()
    split: bool = False
    doing: str = ""
    wanting: str = ""
    # The sides that these two lean to; empty in the middle.
    doing_side: str = ""
    wanting_side: str = ""
    # At scope "answers".
    choices: Choices | None = None
    quotes: tuple[EvidenceRow, ...] = ()
    liked: tuple[AnswerRow, ...] = ()
    even: tuple[AnswerRow, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    against: tuple[EvidenceRow, ...] = ()
    to_close: tuple[AnswerRow, ...] = ()
    to_flip: tuple[AnswerRow, ...] = ()
    steps_to_close: int | None = None
    # Steps that would name the first role, and the second.
    tips: tuple[int, ...] = ()
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

    def role(self, side: str) -> RoleFigures:
        """The figures of the role of this side."""
        return self.roles[SIDES.index(side)]

    @property
    def other(self) -> str:
        """The side that the outcome does not name; empty where it names none."""
        return SIDES[1 - SIDES.index(self.named)] if self.named else ""

    @property
    def sides_to_read(self) -> tuple[str, ...]:
        """Both sides, the named one first."""
        return (self.named, self.other) if self.named else SIDES

    @property
    def named_choices(self) -> int:
        """How many trade-offs went to the side that the outcome names."""
        return getattr(self.choices, self.named, 0) if self.named else 0

    @property
    def other_choices(self) -> int:
        """How many went to the other side; the rest are ties."""
        return getattr(self.choices, self.other, 0) if self.other else 0

    @property
    def strong_on_side(self) -> int:
        """How many strengths of the named role pull strongly."""
        return getattr(self.strong, self.named, 0) if self.named else 0

    @property
    def all_strong_on_side(self) -> bool:
        """Whether every strength of the named role pulls strongly."""
        sides = [row.side for row in self.strengths]
        return self.strong_on_side == sides.count(self.named)

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
        seconds=result.seconds,
    )


def report_of(
    questionnaire: Definition,
    reply: Reply,
    answers: Answers,
    scope: str,
    *,
    seconds: int | None = None,
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
        "sure": "",
        "lean_words": "",
        "toward": "",
        "half_width": "",
        "figure": None,
        "roles": (),
        "answered": sum(answer is not None for answer in answers.values()),
        "asked": len(answers),
    }
    if outcome == Outcome.CARELESS:
        facts["careless"] = _careless(questionnaire, reply.form, answers, seconds)
    if not outcome.shown or exact is None or shown is None:
        return Report(**facts)
    facts |= {
        "certainty": shown.certainty,
        "sure": PERCENT_SURE.get(shown.certainty, ""),
        "lean_words": toward_words(shown.lean),
        "toward": side_of[shown.towards],
        "half_width": shown.half_width_90,
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
    return {
        "strengths": tuple(rows),
        "pulls": tuple(
            StrengthGroup(word, tuple(same))
            for word, same in groupby(rows, key=lambda row: row.word)
        ),
        "strong": strong_pulls(rows),
        "shared_skills": shown.shared_skills,
        "shared_word": shown.shared_word or "",
        "shared_names": tuple(
            strength.name
            for strength in questionnaire.strengths
            if strength.kind == "shared"
        ),
        "doing": toward_words(shown.doing) if shown.doing is not None else "",
        "wanting": toward_words(shown.wanting) if shown.wanting is not None else "",
        "doing_side": _side(exact.doing),
        "wanting_side": _side(exact.wanting),
    }


def strong_pulls(rows: Iterable[StrengthRow]) -> StrongPulls:
    """The strengths of which the page says "strong pull"."""
    strong = [row for row in rows if row.word == "strong pull"]
    sides = [row.side for row in strong]
    return StrongPulls(
        tuple(row.name for row in strong) if len(strong) <= MAX_NAMED_STRENGTHS else (),
        *map(sides.count, SIDES),
    )


def _side(points: Fraction | None) -> str:
    return SIDES[points < 0] if points else ""


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

    # Only a close call asks what would tip it.
    steps = (
        steps_to_lean(questionnaire, answers, form=reply.form)
        if reply.outcome == Outcome.CLOSE
        else ()
    )
    speak_for, against = evidence(reply.evidence), evidence(reply.against)
    the_sum = working(questionnaire, answers, form=reply.form)
    trade_offs = [row for row in rows.values() if row.right and row.answered]
    return {
        "choices": _choices(the_sum),
        "quotes": _quotes(reply.outcome, speak_for, against),
        "liked": _liked(questionnaire, reply.outcome, answers, rows),
        "even": tuple(row for row in trade_offs if answers[row.id] == MIDDLE)[
            :MAX_EVEN
        ],
        "evidence": speak_for,
        "against": against,
        "to_close": tuple(rows[question] for question in reply.to_close or ()),
        "to_flip": tuple(rows[question] for question in reply.to_flip or ()),
        "steps_to_close": reply.steps_to_close,
        "tips": steps,
        "scatter": reply.scatter,
        "sections": tuple(sections),
        "working": the_sum,
        "reply": reply.data,
    }


def _evidence(
    question: QuestionDefinition, row: AnswerRow, contribution: Contribution
) -> EvidenceRow:
    statement, over = row.left, row.right
    if question.kind == TRADE_OFF and contribution.answer > MIDDLE:
        statement, over = row.right, row.left
    points = contribution.contribution
    return EvidenceRow(
        row=row,
        statement=statement,
        over=over,
        how=_how(question, contribution.answer),
        side=_side(points),
    )


def _how(question: QuestionDefinition, button: int) -> str:
    if question.kind == TRADE_OFF:
        return HOW[abs(button - MIDDLE)]
    return "rated" if button >= MIDDLE_RATING else "disliked"


def _careless(
    questionnaire: Definition, form: str, answers: Answers, seconds: int | None
) -> Careless:
    constants = questionnaire.constants
    run = longest_run(questionnaire, answers, form=form)
    answered = sum(answer is not None for answer in answers.values())
    fast = is_too_fast(constants, answered=answered, seconds=seconds)
    return Careless(
        seconds=seconds if fast else None,
        run=run if run >= constants.of(form).careless_run else None,
        seconds_per_question=scoring_facts(questionnaire).seconds,
        first_question=questionnaire.questions_of(form)[0].id,
    )


def _choices(the_sum: Working) -> Choices:
    steps = [line.step for line in the_sum.trade_offs if line.step is not None]
    return Choices(
        answered=len(steps),
        project=sum(step > 0 for step in steps),
        product=sum(step < 0 for step in steps),
    )


def _quotes(
    outcome: Outcome,
    speak_for: tuple[EvidenceRow, ...],
    against: tuple[EvidenceRow, ...],
) -> tuple[EvidenceRow, ...]:
    """The choices that the advice quotes: one for the named role, or one of each."""
    sides = [speak_for] if outcome.named else [speak_for, against]
    return tuple(
        row
        for rows in sides
        for row in [item for item in rows if item.how in ("lot", "little")][:1]
    )


def _liked(
    questionnaire: Definition,
    outcome: Outcome,
    answers: Answers,
    rows: Mapping[str, AnswerRow],
) -> tuple[AnswerRow, ...]:
    """What this person would like best: one of each role's ratings for "both".

    For "neither", those with the highest button, if it is not the lowest. Ties keep
    the order of the form.
    """
    rated = [
        (answers[question.id] or 0, question.statement.strength, rows[question.id])
        for section in questionnaire.sections
        if section.kind == ENJOYMENT
        for question in section.questions
        if answers.get(question.id) is not None
    ]
    best = sorted(rated, key=lambda item: -item[0])
    if outcome == Outcome.LOW_BOTH:
        return tuple(row for button, _, row in best[:MAX_LIKED] if button)
    if outcome != Outcome.BOTH:
        return ()
    role_of = {line.slug: line.role for line in questionnaire.strengths}
    first_of = {role_of[strength]: row for _, strength, row in reversed(best)}
    return tuple(first_of[role.slug] for role in questionnaire.roles)


def shared_data(result: Result, scope: str) -> dict[str, Any]:
    """What `/r/<token>.json` gives at this scope.

    It computes nothing: everything is copied from the stored reply, the stored
    answers and the version, so the bytes never change. The day is that of the current
    time zone, as on the pages beside it.
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
        "finished": timezone.localdate(result.finished_at).isoformat(),
        "disclosure": disclosure(
            steadiness_measured=result.version.steadiness_measured
        ),
    }

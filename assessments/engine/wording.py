"""The rules about words: P9 to P12 of docs/instrument.md section 1.4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import fmean, mean

from .findings import Finding
from .parts import FORMS, TRADE_OFF, QuestionDefinition, Statement
from .place import Place
from .questionnaire import Definition
from .readability import grade, words_in

# Of one statement: 1 (looks bad) to 7 (looks good), one number a rater.
Ratings = Sequence[int]

MAX_WORDS, MAX_WORDS_APART = 14, 2
MAX_GRADE, MAX_MEAN_GRADE = 8.0, 6.0
MIN_RATERS = 12
# Desirability points, per trade-off and per form.
MAX_APART, MAX_APART_ON_AVERAGE = Fraction(1, 2), Fraction(3, 20)

# Words that say which role a statement is about. Both roles have goals and plans.
GIVEAWAYS = re.compile(
    r"\b(projects?|products?|managers?|management|road ?maps?|stakeholders?|sprints?|"
    r"backlogs?|scrum|gantt|deliverables?|milestones?|market fit)\b",
    re.I,
)
NEGATIONS = re.compile(r"\b(not|never|cannot|hate[sd]?|hating)\b|n['’]t\b", re.I)
ABILITY = re.compile(
    r"\bI(?: am|['’]m) (?:very |really )?(?:good|great|skilled|strong) "
    r"(?:at|in|with)\b|\bI can\b",
    re.I,
)


def placed(
    questionnaire: Definition,
) -> Iterator[tuple[Place, Statement, QuestionDefinition]]:
    """Every statement of the full form with its place, in order."""
    for question in questionnaire.questions_of("full"):
        parts = ("project", "product") if question.kind == TRADE_OFF else ("",)
        for part, statement in zip(parts, question.statements, strict=True):
            yield Place(question=question.id, part=part), statement, question


def readability(questionnaire: Definition) -> Iterator[Finding]:
    """P9: short statements, sides of like length, easy words (a warning)."""
    grades = []
    for place, statement, _ in placed(questionnaire):
        count, level = len(words_in(statement.text)), grade(statement.text)
        grades.append(level)
        if count > MAX_WORDS:
            yield Finding(
                "P9",
                place,
                f"The statement has {count} words. Shorten it to {MAX_WORDS} or fewer.",
            )
        if level > MAX_GRADE:
            yield Finding(
                "P9",
                place,
                f"The statement reads at grade {level:.1f}. Use shorter words "
                f"to get to {MAX_GRADE:.0f} or lower.",
                blocking=False,
            )
    for question in questionnaire.questions_of("full"):
        if question.kind == TRADE_OFF:
            project, product = (
                len(words_in(statement.text)) for statement in question.statements
            )
            if abs(project - product) > MAX_WORDS_APART:
                yield Finding(
                    "P9",
                    Place(question=question.id),
                    f"The sides have {project} and {product} words. Bring them "
                    f"within {MAX_WORDS_APART} of each other.",
                )
    if grades and fmean(grades) > MAX_MEAN_GRADE:
        yield Finding(
            "P9",
            Place("statements"),
            f"On average, the statements read at grade {fmean(grades):.1f}. "
            f"Bring that down to {MAX_MEAN_GRADE:.0f} or lower.",
            blocking=False,
        )


def desirability(
    questionnaire: Definition, ratings: Mapping[str, Ratings]
) -> Iterator[Finding]:
    """P10: both sides of a trade-off look equally good to say.

    Too few ratings cause a warning.
    """
    for form in FORMS:
        gaps = []
        for question in questionnaire.questions_of(form):
            if question.kind != TRADE_OFF:
                continue
            sides = [ratings.get(place, ()) for place in question.statement_names]
            if min(map(len, sides)) < MIN_RATERS:
                if form == FORMS[0]:
                    yield Finding(
                        "P10",
                        Place(question=question.id),
                        f"Fewer than {MIN_RATERS} people have rated both sides.",
                        blocking=False,
                    )
                continue
            gaps.append(mean(map(Fraction, sides[0])) - mean(map(Fraction, sides[1])))
            if abs(gaps[-1]) > MAX_APART and form == FORMS[0]:
                better = "project" if gaps[-1] > 0 else "product"
                yield Finding(
                    "P10",
                    Place(question=question.id),
                    f"The {better} side looks better by "
                    f"{float(abs(gaps[-1])):.2f} of 7 points. The limit is "
                    f"{float(MAX_APART)}. Reword one side.",
                )
        if gaps and abs(mean(gaps)) > MAX_APART_ON_AVERAGE:
            yield Finding(
                "P10",
                Place(form=form, part="desirability"),
                f"In the {form} form, one role’s side looks better by "
                f"{float(abs(mean(gaps))):.2f} on average. The limit is "
                f"{float(MAX_APART_ON_AVERAGE)}.",
            )


def telling_words(questionnaire: Definition) -> Iterator[Finding]:
    """P11: no word that names a side, no negation, no claim of ability.

    An intro stands above both sides alike, so it gives neither away. But readers who
    meet a role's name there begin to sort statements by role, which is worth a warning.
    """
    giveaways = _giveaways(questionnaire)
    for place, statement, _ in placed(questionnaire):
        for pattern, message in (
            (giveaways, "gives away which role it belongs to"),
            (NEGATIONS, "is a negation, which people misread"),
            (ABILITY, "claims an ability and not what people do or enjoy"),
        ):
            if match := pattern.search(statement.text):
                yield Finding(
                    "P11", place, f"“{match[0]}” {message}. Say it another way."
                )
    for number, section in enumerate(questionnaire.sections):
        for text in (section.stem, *section.labels):
            if match := giveaways.search(text):
                yield Finding(
                    "P11",
                    Place("sections", section=number),
                    f"“{match[0]}” in “{text}” hints at a side. Say it another way.",
                )
    if match := giveaways.search(questionnaire.intro):
        message = (
            f"“{match[0]}” makes people think of the roles while they choose. "
            "Leave it out if you can."
        )
        yield Finding("P11", Place("intro"), message, blocking=False)


def _giveaways(questionnaire: Definition) -> re.Pattern[str]:
    """GIVEAWAYS and the names of this questionnaire's roles, which staff may change."""
    names = [
        r"\s+".join(map(re.escape, role.name.split()))
        for role in questionnaire.roles
        if role.name.strip()
    ]
    return re.compile(
        "|".join([*(rf"(?<!\w){name}s?(?!\w)" for name in names), GIVEAWAYS.pattern]),
        re.I,
    )


def one_idea_only(
    questionnaire: Definition, ticked: frozenset[str]
) -> Iterator[Finding]:
    """P11: a member of staff has ticked that each statement says one thing."""
    for place, statement, _ in placed(questionnaire):
        if str(place) not in ticked:
            yield Finding(
                "P11",
                place,
                f"Read “{statement.text}” again. If it says just one thing, check "
                "“One idea only”.",
            )


def labels(questionnaire: Definition) -> Iterator[Finding]:
    """P12: five answer labels, each with words of its own."""
    for number, section in enumerate(questionnaire.sections):
        worded = [label.strip().casefold() for label in section.labels]
        if len(worded) != 5 or not all(
            any(letter.isalpha() for letter in label) for label in worded
        ):
            yield Finding(
                "P12",
                Place("sections", section=number, part="labels"),
                "A section needs five answer labels, all in words.",
            )
        elif len(set(worded)) != 5:
            yield Finding(
                "P12",
                Place("sections", section=number, part="labels"),
                "Two answer labels are the same. Give each its own words.",
            )

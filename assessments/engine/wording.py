"""The rules about words: P9 to P12 of docs/instrument.md section 1.4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import fmean

from .desirability import (
    MIN_RATERS,
    OFF,
    UNSETTLED,
    Gap,
    Sheet,
    gaps_of_forms,
    gaps_of_trade_offs,
)
from .findings import Finding
from .parts import TRADE_OFF, QuestionDefinition, Statement
from .place import Place
from .questionnaire import Definition
from .readability import counts_words, grade, grades, words_in

MAX_WORDS, MAX_WORDS_APART = 14, 2
MAX_GRADE, MAX_MEAN_GRADE = 8.0, 6.0

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
    """P9: short statements, sides of like length, easy words (a warning).

    Warns of what it cannot judge in the language of the questionnaire.
    """
    if counts_words(questionnaire.language):
        yield from _lengths(questionnaire)
    else:
        yield Finding(
            "P9",
            Place("language"),
            "We can’t count words in this language. Check that statements are short, "
            "and that the two sides of a trade-off are about the same length.",
            blocking=False,
        )
    if grades(questionnaire.language):
        yield from _grades(questionnaire)
    else:
        yield Finding(
            "P9",
            Place("language"),
            "We can only grade English. Ask people who speak this language how easy "
            "the statements are to read.",
            blocking=False,
        )


def _lengths(questionnaire: Definition) -> Iterator[Finding]:
    for place, statement, _ in placed(questionnaire):
        count = len(words_in(statement.text))
        if count > MAX_WORDS:
            yield Finding(
                "P9",
                place,
                f"The statement has {count} words. Shorten it to {MAX_WORDS} or fewer.",
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


def _grades(questionnaire: Definition) -> Iterator[Finding]:
    found = []
    for place, statement, _ in placed(questionnaire):
        found.append(level := grade(statement.text))
        if level > MAX_GRADE:
            yield Finding(
                "P9",
                place,
                f"The statement reads at grade {level:.1f}. Use shorter words "
                f"to get to {MAX_GRADE:.0f} or lower.",
                blocking=False,
            )
    if found and fmean(found) > MAX_MEAN_GRADE:
        yield Finding(
            "P9",
            Place("statements"),
            f"On average, the statements read at grade {fmean(found):.1f}. "
            f"Bring that down to {MAX_MEAN_GRADE:.0f} or lower.",
            blocking=False,
        )


def desirability(
    questionnaire: Definition, sheets: Sequence[Sheet]
) -> Iterator[Finding]:
    """P10: both sides of a trade-off look equally good to say.

    Only what the ratings show to be off blocks publishing. What they leave undecided
    causes a warning, and so do too few of them.
    """
    for name, gap in gaps_of_trade_offs(questionnaire, sheets).items():
        place = Place(question=name)
        if gap.raters < MIN_RATERS:
            yield Finding("P10", place, _too_few_raters(gap), blocking=False)
        elif gap.verdict == OFF:
            message = (
                f"{_difference(gap)}. The limit is {gap.limit}, so reword one side."
            )
            yield Finding("P10", place, message)
        elif gap.verdict == UNSETTLED:
            message = (
                f"{_difference(gap)}. The limit is {gap.limit}, so this is undecided. "
                f"{_more_raters(gap)}"
            )
            yield Finding("P10", place, message, blocking=False)
    for form, gap in gaps_of_forms(questionnaire, sheets).items():
        place = Place(form=form, part="desirability")
        # Too few raters are told of at the trade-off that lacks them.
        if gap.verdict == OFF:
            message = (
                f"{_difference(gap)} on average over the {form} form. The limit is "
                f"{gap.limit}. Reword the trade-offs that differ most."
            )
            yield Finding("P10", place, message)
        elif gap.verdict == UNSETTLED and gap.raters >= MIN_RATERS:
            message = (
                f"{_difference(gap)} on average over the {form} form. The limit is "
                f"{gap.limit}, so this is undecided. {_more_raters(gap)}"
            )
            yield Finding("P10", place, message, blocking=False)


def _too_few_raters(gap: Gap) -> str:
    if not gap.raters:
        return f"Nobody has rated both sides yet. It takes {MIN_RATERS} people."
    people = "person has" if gap.raters == 1 else "people have"
    return (
        f"Only {gap.raters} {people} rated both sides. It takes {MIN_RATERS}, so "
        f"{gap.more} more."
    )


def _more_raters(gap: Gap) -> str:
    if gap.more is None:
        return (
            "The difference is so close to the limit that more raters would hardly "
            "decide. Reword one side, or leave it."
        )
    return f"About {about(gap.more)} more raters would decide."


def about(more: int) -> int:
    """A number of raters as it is told: the next multiple of five."""
    return -(-more // 5) * 5


def _difference(gap: Gap) -> str:
    """The mean difference and its interval, as seen from the side that looks better.

    The interval starts below zero where the other side may look better.
    """
    mean, half = abs(gap.mean), gap.half_width
    interval = f"90% interval {signed(mean - half)} to {signed(mean + half)}"
    if not gap.better:
        return f"Neither side looks better ({interval})"
    return f"The {gap.better} side looks better by {mean:.2f} of 7 points ({interval})"


def signed(points: float) -> str:
    """Two decimals, with a true minus sign and no minus before zero."""
    return f"{round(points, 2) + 0.0:.2f}".replace("-", "−")


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

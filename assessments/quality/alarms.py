"""An alarm in two plain sentences for staff: what is seen, and what to do about it (docs/instrument.md section 6)."""

from __future__ import annotations

from typing import NamedTuple

from assessments.engine import Definition
from assessments.engine import quality as alarms
from assessments.engine.quality import Alarm
from assessments.engine.scales import SHARED_SKILLS, TRADE_OFFS, enjoyment_of
from assessments.results.outcome_words import short_words

MOST_DECIMALS = 6


class Sentences(NamedTuple):
    what: str
    do: str


class Unit(NamedTuple):
    """How figures of one kind are written: times `factor`, with so many decimals or more, and a name behind."""

    factor: float
    decimals: int
    name: str


PLAIN, STEPS, PER_CENT = Unit(1, 2, ""), Unit(1, 2, " steps"), Unit(100, 1, " %")
POINTS, SECONDS, MINUTES = (
    Unit(100, 1, " points"),
    Unit(1, 1, " seconds"),
    Unit(1 / 60, 1, " minutes"),
)

# By statistic: its unit, what is seen and what to do. {beyond} ends a sentence, like "0.72 steps, more than 0.6 steps".
WORDS: dict[str, tuple[Unit, str, str]] = {
    alarms.MEAN: (
        STEPS,
        "{place}: the average answer is away from the middle by {beyond}.",
        "One statement sounds better to nearly everybody. Reword the weaker one in the next draft and have both rated again.",
    ),
    alarms.MIDDLE_OPTION: (
        PER_CENT,
        "{place}: the middle button is pressed by {beyond}.",
        "People cannot tell where they stand. Make the statements of this question more concrete in the next draft.",
    ),
    alarms.RAREST_OPTION: (
        PER_CENT,
        "{place}: one of its five answers is chosen by {beyond}.",
        "Part of the scale is hardly used. Reword the question in the next draft so that its ends are easier to choose.",
    ),
    alarms.SPREAD: (
        STEPS,
        "{place}: answers spread around their average by {beyond}.",
        "Nearly everybody answers alike, so the question tells people little. Reword it in the next draft.",
    ),
    alarms.FORM_MEAN: (
        STEPS,
        "The average of {place} is away from the middle by {beyond}.",
        "Statements of one role sound better. Check the wording of every trade-off before you believe that visitors differ.",
    ),
    alarms.SIDE: (
        STEPS,
        "Trade-offs are pulled towards one side of the page by {beyond}.",
        "Check the page and its labels for something that favours a side, on a phone and on a computer.",
    ),
    alarms.ITEM_REST: (
        PLAIN,
        "{place}: its correlation with the other questions of its kind is {beyond}.",
        "It measures something else. Reword or replace it in the next draft; where it is below 0, check that its sides are right.",
    ),
    alarms.ALPHA: (
        PLAIN,
        "The answers to {place} hang together weakly: their alpha is {beyond}.",
        "Repair the questions with the lowest correlations first, in the next draft.",
    ),
    alarms.ALPHA_GAIN: (
        PLAIN,
        "{place}: without it, alpha of its scale would rise by {beyond}.",
        "The scale is better without it. Reword or replace it in the next draft.",
    ),
    alarms.V_TRADE_OFF: (
        PLAIN,
        "The error of one trade-off answer (V_T) is {beyond}.",
        "Results are less certain than they say. Begin the next draft with the new constants, which widen its ranges.",
    ),
    alarms.V_ENJOYMENT: (
        PLAIN,
        "The error of one enjoyment answer (V_E) is {beyond}.",
        "Results are less certain than they say. Begin the next draft with the new constants, which widen its ranges.",
    ),
    alarms.RELIABILITY: (
        PLAIN,
        "The reliability of the lean is {beyond}.",
        "Too much of the difference between people is chance. Repair the weakest questions in the next draft.",
    ),
    alarms.AGREEMENT: (
        PER_CENT,
        "Expected share of people whom a second sitting would put into the same of project, undecided and product: {beyond}.",
        "Too many results would turn out otherwise on another day. Repair the weakest questions, or widen the ranges.",
    ),
    alarms.SKIPPED: (
        PER_CENT,
        "{place} is answered with “Not sure” by {beyond}.",
        "Look whether it is hard to understand or does not apply to many. Reword it in the next draft.",
    ),
    alarms.LEFT_HERE: (
        PER_CENT,
        "{place}: of those who reach it, the questionnaire is left there by {beyond}.",
        "Look at the page on a phone, then at the wording: something here puts people off.",
    ),
    alarms.LEFT_FIRST: (
        PER_CENT,
        "{place}: of those who begin, the questionnaire is left before its first answer by {beyond}.",
        "Look at the first page on a phone, and whether the start page promises something else.",
    ),
    alarms.FORM_SECONDS: (
        MINUTES,
        "The middle of the times that people take for this form is {beyond}.",
        "Look for the questions that take longest and shorten their statements in the next draft.",
    ),
    alarms.QUESTION_SECONDS: (
        SECONDS,
        "{place}: the middle of the times that people take for it is {beyond}.",
        "Under 3 seconds it is hardly read: make it harder to overlook. Over 25 it is hard to read: make it shorter and plainer.",
    ),
    alarms.UNDECIDED_SHARE: (
        PER_CENT,
        "The share of close calls and of people who would enjoy both is {beyond}.",
        "Many: repair the weakest questions. Few: check that the ranges are not too narrow, and where visitors come from.",
    ),
    alarms.CARELESS_SHARE: (
        PER_CENT,
        "The share of results that came too fast or too alike is {beyond}.",
        "Find out where these visitors come from, and whether a group was made to answer. Count on the others alone.",
    ),
    alarms.ONE_ROLE: (
        PER_CENT,
        "Of the results that name a role, the share of the more frequent one is {beyond}.",
        "Check the wording for one side that sounds better, then where visitors come from, before you believe it.",
    ),
    alarms.SHIFT: (
        POINTS,
        "The share of “{place}” moved from one week to the next by {beyond}.",
        "Find out what changed that week: a new version, a link from elsewhere, a large group.",
    ),
}


def sentence(alarm: Alarm, questionnaire: Definition) -> Sentences:
    """What is seen, with figure and limit, and what to do. A figure that counts under 10 people is left out, its limit is not."""
    unit, what, do = WORDS[alarm.statistic]
    return Sentences(
        what.format(place=_place(alarm, questionnaire), beyond=_beyond(alarm, unit)), do
    )


def scale_words(name: str, questionnaire: Definition) -> str:
    """A scale as it stands in a sentence."""
    names = {
        enjoyment_of(role.slug): f"the enjoyment questions of the {role.name.lower()}"
        for role in questionnaire.roles
    }
    return (names | {TRADE_OFFS: "the trade-offs", SHARED_SKILLS: "the shared skills"})[
        name
    ]


def _place(alarm: Alarm, questionnaire: Definition) -> str:
    if alarm.statistic in (alarms.FORM_MEAN, alarms.ALPHA):
        return scale_words(alarm.place, questionnaire)
    if alarm.statistic == alarms.SHIFT:
        return short_words(alarm.place)
    return f"Question {alarm.place}"


def _beyond(alarm: Alarm, unit: Unit) -> str:
    limit = f"{alarm.limit * unit.factor:g}{unit.name}"
    # A shift has a direction, and its limit is one of size alone.
    value = abs(alarm.value) if alarm.statistic == alarms.SHIFT else alarm.value
    than = f"{'less' if value < alarm.limit else 'more'} than {limit}"
    return (
        f"{_figure(value, alarm.limit, unit)}{unit.name}, {than}"
        if alarm.displayed
        else than
    )


def _figure(value: float, limit: float, unit: Unit) -> str:
    """With as many decimals as tell it from its limit."""
    for decimals in range(unit.decimals, MOST_DECIMALS):
        if (
            f"{value * unit.factor:.{decimals}f}"
            != f"{limit * unit.factor:.{decimals}f}"
        ):
            return f"{value * unit.factor:.{decimals}f}".replace("-", "−")
    return f"{value * unit.factor:.{MOST_DECIMALS}f}".replace("-", "−")

"""Alarms in words: what happens, what to do (docs/instrument.md section 6)."""

from __future__ import annotations

from typing import NamedTuple

from assessments.engine import Definition
from assessments.engine import quality as alarms
from assessments.engine.quality import Alarm
from assessments.engine.scales import SHARED_SKILLS, TRADE_OFFS, enjoyment_of
from assessments.results.outcome_words import short_words

MAX_DECIMALS = 6


class Sentences(NamedTuple):
    """What an alarm says: the problem, and what staff can do."""

    problem: str
    advice: str


class Unit(NamedTuple):
    """How to write figures of one kind: factor, least number of decimals, suffix."""

    factor: float
    decimals: int
    name: str


IN_PLAIN = Unit(1, 2, "")
IN_STEPS = Unit(1, 2, " steps")
IN_PERCENT = Unit(100, 1, " %")
IN_POINTS = Unit(100, 1, " points")
IN_SECONDS = Unit(1, 1, " seconds")
IN_MINUTES = Unit(1 / 60, 1, " minutes")

# Statistic to its unit, what happens, and what to do. {beyond} ends a sentence, for
# example with "0.72 steps, more than 0.6 steps".
ALARM_WORDS: dict[str, tuple[Unit, str, str]] = {
    alarms.MEAN: (
        IN_STEPS,
        "{place}: the average answer is away from the middle by {beyond}.",
        "One statement sounds better to nearly everybody. Reword the weaker one in "
        "the next draft and have both rated again.",
    ),
    alarms.MIDDLE_OPTION: (
        IN_PERCENT,
        "{place}: the middle button is pressed by {beyond}.",
        "People cannot tell where they stand. Make the statements of this question "
        "more concrete in the next draft.",
    ),
    alarms.RAREST_OPTION: (
        IN_PERCENT,
        "{place}: one of its five answers is chosen by {beyond}.",
        "Part of the scale is hardly used. Reword the question in the next draft "
        "so that its ends are easier to choose.",
    ),
    alarms.SPREAD: (
        IN_STEPS,
        "{place}: answers spread around their average by {beyond}.",
        "Nearly everybody answers alike, so the question tells people little. "
        "Reword it in the next draft.",
    ),
    alarms.FORM_MEAN: (
        IN_STEPS,
        "The average of {place} is away from the middle by {beyond}.",
        "Statements of one role sound better. Check the wording of every trade-off "
        "before you believe that visitors differ.",
    ),
    alarms.SIDE: (
        IN_STEPS,
        "Trade-offs are pulled towards one side of the page by {beyond}.",
        "Check the page and its labels for something that favours a side, on a phone "
        "and on a computer.",
    ),
    alarms.ITEM_REST: (
        IN_PLAIN,
        "{place}: its correlation with the other questions of its kind is {beyond}.",
        "It measures something else. Reword or replace it in the next draft; where "
        "it is below 0, check that its sides are right.",
    ),
    alarms.ALPHA: (
        IN_PLAIN,
        "The answers to {place} hang together weakly: their alpha is {beyond}.",
        "Repair the questions with the lowest correlations first, in the next draft.",
    ),
    alarms.ALPHA_GAIN: (
        IN_PLAIN,
        "{place}: without it, alpha of its scale would rise by {beyond}.",
        "The scale is better without it. Reword or replace it in the next draft.",
    ),
    alarms.V_TRADE_OFF: (
        IN_PLAIN,
        "The error of one trade-off answer (V_T) is {beyond}.",
        "Results are less certain than they say. Begin the next draft with the new "
        "constants, which widen its ranges.",
    ),
    alarms.V_ENJOYMENT: (
        IN_PLAIN,
        "The error of one enjoyment answer (V_E) is {beyond}.",
        "Results are less certain than they say. Begin the next draft with the new "
        "constants, which widen its ranges.",
    ),
    alarms.RELIABILITY: (
        IN_PLAIN,
        "The reliability of the lean is {beyond}.",
        "Too much of the difference between people is chance. Repair the weakest "
        "questions in the next draft.",
    ),
    alarms.AGREEMENT: (
        IN_PERCENT,
        "Expected share of people whom a second sitting would put into the same of "
        "project, undecided and product: {beyond}.",
        "Too many results would turn out otherwise on another day. Repair the "
        "weakest questions, or widen the ranges.",
    ),
    alarms.SKIPPED: (
        IN_PERCENT,
        "{place} is answered with “Not sure” by {beyond}.",
        "Look whether it is hard to understand or does not apply to many. Reword "
        "it in the next draft.",
    ),
    alarms.LEFT_HERE: (
        IN_PERCENT,
        "{place}: of those who reach it, the questionnaire is left there by {beyond}.",
        "Look at the page on a phone, then at the wording: something here puts "
        "people off.",
    ),
    alarms.LEFT_FIRST: (
        IN_PERCENT,
        "{place}: of those who begin, the questionnaire is left before its first "
        "answer by {beyond}.",
        "Look at the first page on a phone, and whether the start page promises "
        "something else.",
    ),
    alarms.FORM_SECONDS: (
        IN_MINUTES,
        "The middle of the times that people take for this form is {beyond}.",
        "Look for the questions that take longest and shorten their statements in "
        "the next draft.",
    ),
    alarms.QUESTION_SECONDS: (
        IN_SECONDS,
        "{place}: the middle of the times that people take for it is {beyond}.",
        "Under 3 seconds it is hardly read: make it harder to overlook. Over 25 it "
        "is hard to read: make it shorter and plainer.",
    ),
    alarms.UNDECIDED_SHARE: (
        IN_PERCENT,
        "The share of close calls and of people who would enjoy both is {beyond}.",
        "Many: repair the weakest questions. Few: check that the ranges are not "
        "too narrow, and where visitors come from.",
    ),
    alarms.CARELESS_SHARE: (
        IN_PERCENT,
        "The share of results that came too fast or too alike is {beyond}.",
        "Find out where these visitors come from, and whether a group was made to "
        "answer. Count on the others alone.",
    ),
    alarms.ONE_ROLE: (
        IN_PERCENT,
        "Of the results that name a role, the share of the more frequent one is "
        "{beyond}.",
        "Check the wording for one side that sounds better, then where visitors "
        "come from, before you believe it.",
    ),
    alarms.SHIFT: (
        IN_POINTS,
        "The share of “{place}” moved from one week to the next by {beyond}.",
        "Find out what changed that week: a new version, a link from elsewhere, a "
        "large group.",
    ),
}


def sentence(alarm: Alarm, questionnaire: Definition) -> Sentences:
    """What happens, with figure and limit, and what to do.

    A figure that counts under ten people is left out, and its limit stays.
    """
    unit, problem, advice = ALARM_WORDS[alarm.statistic]
    return Sentences(
        problem.format(place=_place(alarm, questionnaire), beyond=_beyond(alarm, unit)),
        advice,
    )


def scale_words(name: str, questionnaire: Definition) -> str:
    """The name of a scale in a sentence."""
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
    # A shift has a direction, but its limit has none.
    value = abs(alarm.value) if alarm.statistic == alarms.SHIFT else alarm.value
    than = f"{'less' if value < alarm.limit else 'more'} than {limit}"
    return (
        f"{_figure(value, alarm.limit, unit)}{unit.name}, {than}"
        if alarm.displayed
        else than
    )


def _figure(value: float, limit: float, unit: Unit) -> str:
    """The figure with enough decimals to differ from its limit."""
    for decimals in range(unit.decimals, MAX_DECIMALS):
        if (
            f"{value * unit.factor:.{decimals}f}"
            != f"{limit * unit.factor:.{decimals}f}"
        ):
            return f"{value * unit.factor:.{decimals}f}".replace("-", "−")
    return f"{value * unit.factor:.{MAX_DECIMALS}f}".replace("-", "−")

"""Alarms in words: what happens, what to do (docs/instrument.md section 6)."""

from __future__ import annotations

from typing import NamedTuple

from assessments.engine import Definition
from assessments.engine import quality as alarms
from assessments.engine.quality import Alarm
from assessments.engine.scales import SHARED_SKILLS, TRADE_OFFS, enjoyment_of
from assessments.results.outcome_words import short_words


class Sentences(NamedTuple):
    """What an alarm says: the problem, and what staff can do."""

    problem: str
    advice: str


class Unit(NamedTuple):
    """How to write figures of one kind: factor, most decimals, suffix."""

    factor: float
    decimals: int
    name: str


IN_PLAIN = Unit(1, 2, "")
IN_STEPS = Unit(1, 2, " steps")
IN_PERCENT = Unit(100, 1, "%")
IN_POINTS = Unit(100, 1, " points")
IN_SECONDS = Unit(1, 1, " seconds")
IN_MINUTES = Unit(1 / 60, 1, " minutes")

# Statistic to its unit, what happens, and what to do. {beyond} ends a sentence, for
# example with "0.72 steps, more than 0.6 steps".
ALARM_WORDS: dict[str, tuple[Unit, str, str]] = {
    alarms.MEAN: (
        IN_STEPS,
        "{place}: the average answer is off the middle by {beyond}.",
        "One statement sounds better to almost everyone. Reword the weaker one in "
        "the next draft and have both rated again.",
    ),
    alarms.MIDDLE_OPTION: (
        IN_PERCENT,
        "{place}: the share of middle answers is {beyond}.",
        "People can’t tell where they stand. Make this question’s statements more "
        "concrete in the next draft.",
    ),
    alarms.RAREST_OPTION: (
        IN_PERCENT,
        "{place}: the share of its rarest answer is {beyond}.",
        "Part of the scale is hardly used. Reword the question in the next draft "
        "so that its ends are easier to choose.",
    ),
    alarms.SPREAD: (
        IN_STEPS,
        "{place}: answers spread around their average by {beyond}.",
        "Almost everyone answers alike, so the question says little. "
        "Reword it in the next draft.",
    ),
    alarms.FORM_MEAN: (
        IN_STEPS,
        "The average of {place} is off the middle by {beyond}.",
        "One role’s statements may sound better. Check the wording of every trade-off "
        "before you conclude that visitors prefer that role.",
    ),
    alarms.SIDE: (
        IN_STEPS,
        "Trade-off answers pull toward one side of the page by {beyond}.",
        "Look at the page and its labels on a phone and on a computer. Something may "
        "favor one side.",
    ),
    alarms.ITEM_REST: (
        IN_PLAIN,
        "{place}: its correlation with the other questions of its kind is {beyond}.",
        "It measures something else. Reword or replace it in the next draft. If the "
        "correlation is below 0, check that its sides are right.",
    ),
    alarms.ALPHA: (
        IN_PLAIN,
        "The answers to {place} don’t go together well: their consistency (alpha) is "
        "{beyond}.",
        "In the next draft, fix the questions with the lowest correlations first.",
    ),
    alarms.ALPHA_GAIN: (
        IN_PLAIN,
        "{place}: without it, the consistency (alpha) of its scale would rise by "
        "{beyond}.",
        "The scale is better without it. Reword or replace it in the next draft.",
    ),
    alarms.V_TRADE_OFF: (
        IN_PLAIN,
        "The error of one trade-off answer (V_T) is {beyond}.",
        "Results are less certain than they say. Start the next draft with the new "
        "constants, which widen the ranges.",
    ),
    alarms.V_ENJOYMENT: (
        IN_PLAIN,
        "The error of one enjoyment answer (V_E) is {beyond}.",
        "Results are less certain than they say. Start the next draft with the new "
        "constants, which widen the ranges.",
    ),
    alarms.RELIABILITY: (
        IN_PLAIN,
        "The reliability of the lean is {beyond}.",
        "Too much of the difference between people is chance. Fix the weakest "
        "questions in the next draft.",
    ),
    alarms.AGREEMENT: (
        IN_PERCENT,
        "With other questions of this kind, the expected share of people who would be "
        "on the same side again is {beyond}.",
        "Too many results depend on which questions we ask. Fix the weakest questions "
        "or widen the ranges.",
    ),
    alarms.KAPPA: (
        IN_PLAIN,
        "With other questions of this kind, agreement on the side beyond chance "
        "(kappa) is {beyond}.",
        "The questions say little about who is on which side. Fix the weakest ones. If "
        "almost everyone is on one side, check the wording for a side that sounds "
        "better.",
    ),
    alarms.SKIPPED: (
        IN_PERCENT,
        "{place}: the share of “Not sure” answers is {beyond}.",
        "It may be hard to understand, or it may not apply to many people. Reword it "
        "in the next draft.",
    ),
    alarms.LEFT_HERE: (
        IN_PERCENT,
        "{place}: the share of people who reach it and stop there is {beyond}.",
        "Look at the page on a phone, then at the wording. Something here puts "
        "people off.",
    ),
    alarms.LEFT_FIRST: (
        IN_PERCENT,
        "{place}: the share of people who start and leave before their first answer "
        "is {beyond}.",
        "Look at the first page on a phone. Check whether the start page promises "
        "something else.",
    ),
    alarms.FORM_SECONDS: (
        IN_MINUTES,
        "The median time for this form is {beyond}.",
        "Find the questions that take longest, and shorten their statements in the "
        "next draft.",
    ),
    alarms.QUESTION_SECONDS: (
        IN_SECONDS,
        "{place}: the median time is {beyond}.",
        "Under 3 seconds, people hardly read it: make it harder to overlook. Over 25, "
        "it’s hard to read: make it shorter and plainer.",
    ),
    alarms.UNDECIDED_SHARE: (
        IN_PERCENT,
        "The share of people who got a close call or “both” is {beyond}.",
        "If it’s high, fix the weakest questions. If it’s low, check that the ranges "
        "aren’t too narrow, and find out where visitors come from.",
    ),
    alarms.CARELESS_SHARE: (
        IN_PERCENT,
        "The share of results that were too fast or too similar is {beyond}.",
        "Find out where these visitors come from, and whether a group was made to "
        "answer. Rely on the other results only.",
    ),
    alarms.ONE_ROLE: (
        IN_PERCENT,
        "Among results that name a role, the share of the more frequent role is "
        "{beyond}.",
        "Before you believe it, check the wording for a side that sounds better. Then "
        "find out where visitors come from.",
    ),
    alarms.SHIFT: (
        IN_POINTS,
        "The share of “{place}” changed from one week to the next by {beyond}.",
        "Find out what changed that week: a new version, a link from elsewhere, or a "
        "large group.",
    ),
}


def sentence(alarm: Alarm, questionnaire: Definition) -> Sentences:
    """What happens, with figure and limit, and what to do.

    A figure that counts under ten people is left out, and its limit stays. So is one
    that equals its limit in as many decimals as the number of people allows.
    """
    unit, problem, advice = ALARM_WORDS[alarm.statistic]
    return Sentences(
        problem.format(place=_place(alarm, questionnaire), beyond=_beyond(alarm, unit)),
        advice,
    )


def scale_words(name: str, questionnaire: Definition) -> str:
    """The name of a scale in a sentence."""
    names = {
        enjoyment_of(role.slug): f"the enjoyment questions for {role.name.lower()}"
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
    decimals = _decimals(alarm, unit)
    figure = f"{value * unit.factor:.{decimals}f}"
    return (
        f"{figure.replace('-', '−')}{unit.name}, {than}"
        if alarm.displayed and figure != f"{alarm.limit * unit.factor:.{decimals}f}"
        else than
    )


def _decimals(alarm: Alarm, unit: Unit) -> int:
    if alarm.decimals is None:
        return unit.decimals
    of_percent = 2 if unit.factor == 100 else 0
    return max(min(unit.decimals, alarm.decimals - of_percent), 0)

"""The numbers that pages print about how a version scores, and the disclosure.

Everything is computed from the version's own constants and questions, so that the
pages stay true after staff publish another version.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import erf, lcm, sqrt

from assessments.engine import Constants, Definition
from assessments.engine.parts import (
    ENJOYMENT,
    FULL,
    INTEREST,
    KEY,
    SHARED_SKILL,
    SHORT,
    TRADE_OFF,
)
from assessments.engine.rounding import plain, root, root_text, whole
from assessments.engine.scales import form_scales

NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
# About 11 seconds for a trade-off and 7 to 10 for a rating (docs/instrument.md section
# 4), plus time to read the page around them.
SECONDS_PER_QUESTION = 12


def number_in_words(number: int) -> str:
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


@dataclass(frozen=True, slots=True)
class FormFacts:
    """One form: its questions, the width of its band without skips, and its limits.

    The limits are those of rules 1 and 2 (docs/instrument.md section 2).
    """

    questions: int
    trade_offs: str
    enjoyment: str
    shared: str
    minutes: str
    half_width: int | None  # None where the form cannot give a lean
    least_trade_offs: int
    least_enjoyment: int
    careless_run: int


@dataclass(frozen=True, slots=True)
class ScoringFacts:
    """How one version scores, as pages print it.

    Half-widths belong to the version's own band.
    """

    full: FormFacts
    short: FormFacts
    full_only: int  # questions that the short form leaves out
    strengths: str  # number of key strengths of one role
    interests: str
    trade_off_points: str
    enjoyment_points: str
    trade_off_parts: str
    enjoyment_parts: str
    v_trade_off: Fraction
    v_enjoyment: Fraction
    typical_error: str  # typical error of one answer, in buttons
    band_percent: int
    band_times: str
    leans_z: str
    clear_z: str
    leans_floor: str
    clear_floor: str
    low_enjoyment: str
    high_enjoyment: str
    seconds: str
    weak_pull: int
    strong_pull: int
    weak_x: str
    strong_x: str
    rank_gap: str
    rank_gap_shared: int  # where two strengths share trade-offs
    strength_answers: str
    strength_half: int
    shared_half: int | None  # None without shared skills


@lru_cache(maxsize=64)
def scoring_facts(questionnaire: Definition) -> ScoringFacts:
    constants = questionnaire.constants
    weights = constants.trade_off_weight, constants.enjoyment_weight
    denominator = lcm(*(weight.denominator for weight in weights))
    parts = [int(weight * denominator) for weight in weights]
    full, short = (_form_facts(questionnaire, form) for form in (FULL, SHORT))
    first = questionnaire.roles[0].slug
    lines = Counter(line.kind for line in questionnaire.strengths if line.role == first)
    about_one, error = _answers_about_a_strength(questionnaire)
    shared = sum(
        question.kind == SHARED_SKILL for question in questionnaire.questions_of(FULL)
    )
    percent = round(100 * erf(sqrt(constants.band_z_squared / 2)))
    times = Fraction(percent, 100)
    return ScoringFacts(
        full=full,
        short=short,
        full_only=full.questions - short.questions,
        strengths=number_in_words(lines[KEY]),
        interests=number_in_words(lines[INTEREST]),
        trade_off_points=plain(50 * constants.trade_off_weight),
        enjoyment_points=plain(25 * constants.enjoyment_weight),
        trade_off_parts=_parts(parts[0]),
        enjoyment_parts=_parts(parts[1]),
        v_trade_off=constants.v_trade_off,
        v_enjoyment=constants.v_enjoyment,
        typical_error=_typical_error(constants),
        band_percent=percent,
        band_times=f"{times.numerator} times in {times.denominator}",
        leans_z=root_text(constants.leans_z_squared),
        clear_z=root_text(constants.clear_z_squared),
        leans_floor=plain(constants.leans_floor),
        clear_floor=plain(constants.clear_floor),
        low_enjoyment=plain(constants.low_enjoyment),
        high_enjoyment=plain(constants.high_enjoyment),
        seconds=_seconds(constants.seconds_per_question),
        weak_pull=whole(constants.weak_pull),
        strong_pull=whole(constants.strong_pull),
        weak_x=f"{float(constants.weak_pull):.2f}%",
        strong_x=f"{float(constants.strong_pull):.2f}%",
        rank_gap=plain(constants.rank_gap),
        rank_gap_shared=_rank_gap_shared(questionnaire, about_one, error),
        strength_answers=number_in_words(about_one),
        strength_half=root(constants.band_z_squared * error),
        shared_half=root(
            constants.band_z_squared * 625 * constants.v_enjoyment / shared
        )
        if shared
        else None,
    )


def disclosure(*, steadiness_measured: bool, of_client: bool = False) -> str:
    """The disclosure that stands with every result (docs/instrument.md section 5).

    `steadiness_measured` is that of the Version. One sitting shows nothing about days,
    so what it measures changes nothing here. `of_client`: on a coach's pages, which
    speak about somebody else's result.
    """
    result, experience = (
        ("this result", "personal experience comes first")
        if of_client
        else ("your result", "trust your own experience first")
    )
    range_from = (
        "The range comes from how much people’s answers varied from day to day."
        if steadiness_measured
        else "The range rests on an assumption that we haven’t checked with enough "
        "people yet."
    )
    return (
        "This questionnaire helps you think. It compares your answers with the "
        "strengths and interests our article lists for two roles. It has not been "
        "validated as a selection test, so please do not use it to decide about "
        f"hiring anyone. {range_from} If changing two answers would change {result}, "
        f"{experience}."
    )


def _seconds(seconds: Fraction) -> str:
    return f"{plain(seconds)} second{'' if seconds == 1 else 's'}"


def _form_facts(questionnaire: Definition, form: str) -> FormFacts:
    questions, constants = questionnaire.questions_of(form), questionnaire.constants
    kinds = Counter(question.kind for question in questions)
    lean, limits = form_scales(questionnaire, form).lean, constants.of(form)
    return FormFacts(
        questions=len(questions),
        trade_offs=number_in_words(kinds[TRADE_OFF]),
        enjoyment=number_in_words(kinds[ENJOYMENT]),
        shared=number_in_words(kinds[SHARED_SKILL]),
        minutes=_minutes(len(questions)),
        half_width=root(constants.band_z_squared * lean.se_squared) if lean else None,
        least_trade_offs=limits.least_trade_offs,
        least_enjoyment=limits.least_enjoyment,
        careless_run=limits.careless_run,
    )


def _minutes(questions: int) -> str:
    whole_minutes, rest = divmod(questions * SECONDS_PER_QUESTION, 60)
    if rest and whole_minutes:
        low, high = number_in_words(whole_minutes), number_in_words(whole_minutes + 1)
        return f"{low} to {high} minutes"
    return (
        f"about {number_in_words(whole_minutes)} minutes"
        if whole_minutes > 1
        else "about a minute"
    )


def _parts(number: int) -> str:
    return f"{number_in_words(number)} part{'' if number == 1 else 's'}"


def _typical_error(constants: Constants) -> str:
    """The standard deviation of one answer, to the nearest half button."""
    trade_off = _buttons(constants.v_trade_off)
    enjoyment = _buttons(constants.v_enjoyment)
    if trade_off == enjoyment:
        return f"a single answer is typically {trade_off} away"
    return (
        f"a single trade-off is typically {trade_off}, "
        f"an enjoyment answer {enjoyment} away"
    )


def _buttons(variance: Fraction) -> str:
    halves = root(4 * variance)
    named = {
        0: "less than half a button",
        1: "about half a button",
        2: "about one button",
        3: "about one and a half buttons",
    }
    return named.get(halves) or f"about {plain(Fraction(halves, 2))} buttons"


def _answers_about_a_strength(questionnaire: Definition) -> tuple[int, Fraction]:
    """How many answers of the full form score a key strength, and the score's variance.

    One strength stands for all: the publishing rules make both the same for every key
    strength. An answer gives 0 to 4 points.
    """
    slug = next(
        (line.slug for line in questionnaire.strengths if line.kind == KEY), None
    )
    about_it = [
        q.kind
        for q in questionnaire.questions_of(FULL)
        if any(statement.strength == slug for statement in q.statements)
    ]
    constants, count = questionnaire.constants, len(about_it)
    points = sum(
        (
            constants.v_trade_off if kind == TRADE_OFF else constants.v_enjoyment
            for kind in about_it
        ),
        Fraction(0),
    )
    return count, Fraction(25, max(count, 1)) ** 2 * points


def _rank_gap_shared(questionnaire: Definition, about_one: int, error: Fraction) -> int:
    """The smallest difference that orders two strengths which share trade-offs.

    What one of them wins there the other loses, so their difference varies more than
    that of two others.
    """
    shared = Counter(
        frozenset(statement.strength for statement in question.statements)
        for question in questionnaire.questions_of(FULL)
        if question.kind == TRADE_OFF
    )
    constants = questionnaire.constants
    points = Fraction(25, max(about_one, 1))
    covariance = max(shared.values(), default=0) * constants.v_trade_off * points**2
    return root(constants.band_z_squared * 2 * (error + covariance))

"""From answers to exact scores: the scorer "graded-pairs-1".

See docs/instrument.md section 2. A change of scoring is a new scorer (scorers.py).
"""

from __future__ import annotations

from fractions import Fraction

from .compiled import CompiledForm, Yardstick, compiled_form, yardstick_of
from .explanation import certainty_word, change, evidence
from .outcomes import CLEAR, LEANS, Outcome
from .parts import FULL, INTEREST, KEY, SHORT, Answers, Constants
from .questionnaire import Definition
from .request import check_answers, check_form, check_seconds
from .result import ScoredAnswers
from .scores import Scores
from .tally import Tally, tally

STOP, GO_ON = "stop", "go_on"  # what the offer after the short form may be
MIN_STRENGTH_ANSWERS = 2  # for the score of one strength
MIN_STRENGTH_TRADE_OFFS, MIN_INTEREST_TRADE_OFFS = 6, 3  # for doing and wanting
MIN_SHARED_ANSWERS = 4  # for readiness on shared skills


def score_pairs(
    questionnaire: Definition,
    answers: Answers,
    *,
    form: str,
    seconds: int | None = None,
) -> ScoredAnswers:
    """The scores of one person's answers; `scorers.score` says what it takes."""
    check_form(form)
    check_seconds(seconds)
    compiled = compiled_form(questionnaire, form)
    check_answers(compiled, answers)
    sums = tally(compiled, answers)
    limits = compiled.constants.of(form)
    if (
        sums.n < limits.least_trade_offs
        or min(sums.enjoyment_counts) < limits.least_enjoyment
    ):
        return ScoredAnswers(
            questionnaire, form, Outcome.TOO_FEW, sums.n, None, None, (), ()
        )
    yardstick = yardstick_of(compiled, sums.n, *sums.enjoyment_counts)
    lean = lean_units(yardstick, sums)
    scores = _scores(compiled, yardstick, sums, lean)
    careless = (
        is_too_fast(compiled.constants, answered=sums.answered, seconds=seconds)
        or sums.longest_run >= limits.careless_run
    )
    outcome = (
        Outcome.CARELESS
        if careless
        else _outcome(compiled.constants, yardstick, scores, lean)
    )
    named = outcome.named
    towards = 0 if not named else 1 if lean > 0 else -1
    return ScoredAnswers(
        questionnaire,
        form,
        outcome,
        sums.n,
        scores,
        change(yardstick, sums.lean_answers, lean) if named else None,
        *evidence(yardstick, sums.lean_answers, towards),
    )


def is_too_fast(constants: Constants, *, answered: int, seconds: int | None) -> bool:
    """The time part of rule 2: too few seconds for the questions answered.

    Unknown seconds (None) are never too few.
    """
    return seconds is not None and seconds < constants.seconds_per_question * answered


def lean_units(yardstick: Yardstick, sums: Tally) -> int:
    """The lean in whole units of the yardstick; above 0 toward the first role."""
    (first_points, second_points), (first_unit, second_unit) = (
        sums.enjoyment_points,
        yardstick.enjoyment,
    )
    return (
        yardstick.step * sums.total
        + first_unit * first_points
        - second_unit * second_points
    )


def _outcome(
    constants: Constants, yardstick: Yardstick, scores: Scores, lean: int
) -> Outcome:
    """The first of rules 3 to 7 of docs/instrument.md section 2.5 that holds."""
    if max(scores.enjoyment) <= constants.low_enjoyment:
        return Outcome.LOW_BOTH
    side = 0 if lean > 0 else 1
    if abs(lean) >= yardstick.clear_from:
        return CLEAR[side]
    if abs(lean) >= yardstick.leans_from:
        return LEANS[side]
    if min(scores.enjoyment) >= constants.high_enjoyment:
        return Outcome.BOTH
    return Outcome.CLOSE


def _scores(
    compiled: CompiledForm, yardstick: Yardstick, sums: Tally, lean: int
) -> Scores:
    constants = compiled.constants
    full = compiled.form == FULL
    n, total = sums.n, sums.total
    (n_first, n_second), (x_first, x_second) = (
        sums.enjoyment_counts,
        sums.enjoyment_points,
    )
    # These hold even where the weights do not add up to 1: the difference of the two
    # fits is the lean in any case.
    preference_part, enjoyment_part = (
        compiled.trade_off_points,
        compiled.enjoyment_points,
    )
    first_fit = Fraction(
        (
            preference_part * (2 * n + total) * n_first
            + enjoyment_part * 2 * x_first * n
        ),
        2 * compiled.denominator * n * n_first,
    )
    second_fit = Fraction(
        (
            preference_part * (2 * n - total) * n_second
            + enjoyment_part * 2 * x_second * n
        ),
        2 * compiled.denominator * n * n_second,
    )
    se_squared = yardstick.se_squared
    doing, wanting = _doing_and_wanting(sums) if full else (None, None)
    distance = abs(lean)
    return Scores(
        lean=Fraction(lean, yardstick.denominator),
        se_squared=se_squared,
        z_squared=Fraction(
            lean * lean * se_squared.denominator,
            yardstick.denominator**2 * se_squared.numerator,
        ),
        preference=(
            Fraction(25 * (2 * n + total), n),
            Fraction(25 * (2 * n - total), n),
        ),
        enjoyment=(Fraction(25 * x_first, n_first), Fraction(25 * x_second, n_second)),
        fit=(first_fit, second_fit),
        fit_se_squared=yardstick.fit_se_squared,
        strengths=_strengths(compiled, sums) if full else None,
        doing=doing,
        wanting=wanting,
        shared_skills=Fraction(25 * sums.shared_points, sums.shared_count)
        if sums.shared_count >= MIN_SHARED_ANSWERS
        else None,
        split=_split(constants, sums, doing, wanting),
        scatter=n * sums.squares - total * total > 2 * n * (n - 1),
        certainty=certainty_word(yardstick, distance),
        would_be_named=distance >= min(yardstick.leans_from, yardstick.clear_from),
    )


def _strengths(compiled: CompiledForm, sums: Tally) -> dict[str, Fraction | None]:
    return {
        slug: Fraction(25 * points, count) if count >= MIN_STRENGTH_ANSWERS else None
        for slug, (count, points) in zip(
            compiled.key_slugs, sums.strengths, strict=True
        )
    }


def _doing_and_wanting(sums: Tally) -> tuple[Fraction | None, Fraction | None]:
    (n_strength, strength_total), (n_interest, interest_total) = (
        sums.by_kind[KEY],
        sums.by_kind[INTEREST],
    )
    if n_strength < MIN_STRENGTH_TRADE_OFFS or n_interest < MIN_INTEREST_TRADE_OFFS:
        return None, None
    (n_first, n_second), (x_first, x_second) = (
        sums.enjoyment_counts,
        sums.enjoyment_points,
    )
    top = 50 * interest_total * n_first * n_second + 25 * n_interest * (
        x_first * n_second - x_second * n_first
    )
    return Fraction(50 * strength_total, n_strength), Fraction(
        top, 2 * n_interest * n_first * n_second
    )


def _split(
    constants: Constants, sums: Tally, doing: Fraction | None, wanting: Fraction | None
) -> bool:
    """Whether doing and wanting point to different roles beyond their 90 % range.

    See docs/instrument.md section 2.2.
    """
    if doing is None or wanting is None or doing * wanting >= 0:
        return False
    return (doing - wanting) ** 2 >= split_gap_squared(constants, sums)


def split_gap_squared(constants: Constants, sums: Tally) -> Fraction:
    """The square of the smallest gap between doing and wanting that counts, in points.

    The sums must have a doing and a wanting (docs/instrument.md section 2.2).
    """
    v_trade_off, v_enjoyment = constants.v_trade_off, constants.v_enjoyment
    n_strength, n_interest = sums.by_kind[KEY][0], sums.by_kind[INTEREST][0]
    n_first, n_second = sums.enjoyment_counts
    wanting_variance = (
        2500 * v_trade_off / n_interest
        + 625 * v_enjoyment * (Fraction(1, n_first) + Fraction(1, n_second))
    ) / 4
    return constants.band_z_squared * (
        2500 * v_trade_off / n_strength + wanting_variance
    )


def steps_of_pairs(
    questionnaire: Definition, answers: Answers, *, form: str
) -> tuple[int, int]:
    """The fewest steps that name either role, as `scorers.steps_to_lean` promises."""
    check_form(form)
    compiled = compiled_form(questionnaire, form)
    check_answers(compiled, answers)
    sums = tally(compiled, answers)
    if not (sums.n and min(sums.enjoyment_counts)):
        raise ValueError("too few answers to score")
    yardstick = yardstick_of(compiled, sums.n, *sums.enjoyment_counts)
    lean = lean_units(yardstick, sums)
    first, second = (
        -(-max(yardstick.leans_from - side * lean, 0) // yardstick.step)
        for side in (1, -1)
    )
    return first, second


def offer_of_pairs(questionnaire: Definition, answers: Answers) -> str | None:
    """STOP, GO_ON or None; `scorers.stop_offer` says when."""
    short = {
        question.id: answers.get(question.id)
        for question in questionnaire.questions_of(SHORT)
    }
    result = score_pairs(questionnaire, short, form=SHORT)
    if not result.outcome.clear or result.scores is None:
        return None
    return (
        STOP
        if result.scores.z_squared >= questionnaire.constants.stop_z_squared
        else GO_ON
    )

"""The whole sum of one result, line by line, so that it can be redone by hand.

See docs/instrument.md sections 2.1 to 2.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from .compiled import (
    CompiledForm,
    CompiledTradeOff,
    Yardstick,
    compiled_form,
    yardstick_of,
)
from .parts import FULL, INTEREST, KEY, Answers
from .questionnaire import Definition
from .rounding import plain, root, root_text, whole
from .scores import Scores
from .scoring import score_pairs
from .tally import MIDDLE, Tally, tally


@dataclass(frozen=True, slots=True)
class TradeOffLine:
    """One trade-off.

    `step` is -2 to 2, positive for project; the points (of 4) are what each side gets;
    `part` is its part of the lean in points.
    """

    id: str
    button: int | None
    step: int | None
    project_points: int | None
    product_points: int | None
    part: Fraction


@dataclass(frozen=True, slots=True)
class EnjoymentLine:
    """One enjoyment question.

    `role` is 0 or 1, the role of its strength; `answer` is 0 to 4; `part` is its part
    of the lean in points.
    """

    id: str
    role: int
    answer: int | None
    part: Fraction


@dataclass(frozen=True, slots=True)
class StrengthSum:
    """One key strength: points earned of 4 times the answers given.

    `score` is 0 to 100, None below two answers.
    """

    slug: str
    name: str
    points: int
    answered: int
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class SumStep:
    """One figure of the result and how it is worked out from the sums above it.

    `role` is 0 or 1 where there is one figure for each role. `value` is exact, or None
    for a square root, which has no exact digits; `shown` is what the page prints.
    """

    name: str
    role: int | None
    expression: str
    value: Fraction | None
    shown: str

    @property
    def exact(self) -> str:
        return "" if self.value is None else plain(self.value)


@dataclass(frozen=True, slots=True)
class Working:
    """Every line and sum behind one scored result.

    The parts of all lines add up to the lean exactly.
    """

    trade_offs: tuple[TradeOffLine, ...]
    enjoyment: tuple[EnjoymentLine, ...]
    strengths: tuple[StrengthSum, ...]
    n: int
    total: int
    enjoyment_counts: tuple[int, int]
    enjoyment_points: tuple[int, int]
    shared_count: int
    shared_points: int
    steps: tuple[SumStep, ...]

    @property
    def trade_off_part(self) -> Fraction:
        return sum((line.part for line in self.trade_offs), Fraction(0))

    @property
    def enjoyment_part(self) -> Fraction:
        return sum((line.part for line in self.enjoyment), Fraction(0))

    @property
    def lean(self) -> Fraction:
        return self.trade_off_part + self.enjoyment_part


def working_of_pairs(
    questionnaire: Definition, answers: Answers, *, form: str
) -> Working:
    """The working of answers that have scores; `scorers.working` has the contract."""
    scores = score_pairs(questionnaire, answers, form=form).scores
    if scores is None:
        raise ValueError("too few answers to score")
    compiled = compiled_form(questionnaire, form)
    sums = tally(compiled, answers)
    yardstick = yardstick_of(compiled, sums.n, *sums.enjoyment_counts)
    unit = Fraction(1, yardstick.denominator)
    trade_offs, enjoyment = [], []
    for question in compiled.lean_questions:
        button = answers.get(question.id)
        if isinstance(question, CompiledTradeOff):
            step = None if button is None else (MIDDLE - button) * question.sign
            project, product = (None, None) if step is None else (2 + step, 2 - step)
            trade_offs.append(
                TradeOffLine(
                    question.id,
                    button,
                    step,
                    project,
                    product,
                    (step or 0) * yardstick.step * unit,
                )
            )
        else:
            sign = 1 if question.role == 0 else -1
            enjoyment.append(
                EnjoymentLine(
                    question.id,
                    question.role,
                    button,
                    sign * (button or 0) * yardstick.enjoyment[question.role] * unit,
                )
            )
    return Working(
        trade_offs=tuple(trade_offs),
        enjoyment=tuple(enjoyment),
        strengths=tuple(_strength_lines(questionnaire, compiled, sums, scores)),
        n=sums.n,
        total=sums.total,
        enjoyment_counts=sums.enjoyment_counts,
        enjoyment_points=sums.enjoyment_points,
        shared_count=sums.shared_count,
        shared_points=sums.shared_points,
        steps=tuple(_steps(compiled, yardstick, sums, scores)),
    )


def _strength_lines(
    questionnaire: Definition, compiled: CompiledForm, sums: Tally, scores: Scores
) -> Iterator[StrengthSum]:
    if scores.strengths is not None:
        for slug, (count, points) in zip(
            compiled.key_slugs, sums.strengths, strict=True
        ):
            yield StrengthSum(
                slug,
                questionnaire.strength(slug).name,
                points,
                count,
                scores.strengths[slug],
            )


def _signed(number: int) -> str:
    return plain(Fraction(number)) if number >= 0 else f"({plain(Fraction(number))})"


def _bracketed(value: Fraction) -> str:
    """In brackets where a square or a division would bind only a part of the number."""
    text = plain(value)
    return f"({text})" if value < 0 or "/" in text else text


def _steps(
    compiled: CompiledForm, yardstick: Yardstick, sums: Tally, scores: Scores
) -> Iterator[SumStep]:
    constants, n, total = compiled.constants, sums.n, _signed(sums.total)
    (n_first, n_second), (x_first, x_second) = (
        sums.enjoyment_counts,
        sums.enjoyment_points,
    )
    trade_off_points, enjoyment_points = (
        50 * constants.trade_off_weight,
        25 * constants.enjoyment_weight,
    )
    band = plain(constants.band_z_squared)
    trade_off_error = (
        f"{plain(trade_off_points**2)} × {plain(constants.v_trade_off)} ÷ {n}"
    )
    fit_trade_off_error = (
        f"{plain(trade_off_points**2 / 4)} × {plain(constants.v_trade_off)} ÷ {n}"
    )
    enjoyment_error = f"{plain(enjoyment_points**2)} × {plain(constants.v_enjoyment)}"

    def step(name: str, role: int | None, expression: str, value: Fraction) -> SumStep:
        return SumStep(name, role, expression, value, plain(Fraction(whole(value))))

    yield step("preference", 0, f"50 + 25 × {total} ÷ {n}", scores.preference[0])
    yield step(
        "preference", 1, f"100 − {plain(scores.preference[0])}", scores.preference[1]
    )
    for role, (points, count) in enumerate(((x_first, n_first), (x_second, n_second))):
        yield step(
            "enjoyment", role, f"25 × {points} ÷ {count}", scores.enjoyment[role]
        )
    for role, count in enumerate((n_first, n_second)):
        expression = (
            f"{plain(constants.trade_off_weight)} × "
            f"{plain(scores.preference[role])} + "
            f"{plain(constants.enjoyment_weight)} × {plain(scores.enjoyment[role])}"
        )
        yield step("fit", role, expression, scores.fit[role])
        half = constants.band_z_squared * scores.fit_se_squared[role]
        yield SumStep(
            "fit_half_width",
            role,
            f"√({band} × ({fit_trade_off_error} + {enjoyment_error} ÷ {count}))",
            None,
            str(root(half)),
        )
    lean = (
        f"{plain(trade_off_points)} × {total} ÷ {n} + {plain(enjoyment_points)} × "
        f"({x_first} ÷ {n_first} − {x_second} ÷ {n_second})"
    )
    yield step("lean", None, lean, scores.lean)
    se_squared = (
        f"{trade_off_error} + {enjoyment_error} × (1 ÷ {n_first} + 1 ÷ {n_second})"
    )
    yield SumStep(
        "se_squared", None, se_squared, scores.se_squared, root_text(scores.se_squared)
    )
    yield SumStep(
        "half_width",
        None,
        f"√({band} × {plain(scores.se_squared)})",
        None,
        root_text(constants.band_z_squared * scores.se_squared),
    )
    z_squared = f"{_bracketed(scores.lean)}² ÷ {_bracketed(scores.se_squared)}"
    yield SumStep(
        "z_squared",
        None,
        z_squared,
        scores.z_squared,
        plain(Fraction(whole(scores.z_squared * 100), 100)),
    )
    if (
        compiled.form == FULL
        and scores.doing is not None
        and scores.wanting is not None
    ):
        (n_strength, strength_total), (n_interest, interest_total) = (
            sums.by_kind[KEY],
            sums.by_kind[INTEREST],
        )
        yield step(
            "doing",
            None,
            f"50 × {_signed(strength_total)} ÷ {n_strength}",
            scores.doing,
        )
        first, second = (plain(value) for value in scores.enjoyment)
        yield step(
            "wanting",
            None,
            f"(50 × {_signed(interest_total)} ÷ {n_interest} + {first} − {second}) ÷ 2",
            scores.wanting,
        )
    if scores.shared_skills is not None:
        yield step(
            "shared_skills",
            None,
            f"25 × {sums.shared_points} ÷ {sums.shared_count}",
            scores.shared_skills,
        )

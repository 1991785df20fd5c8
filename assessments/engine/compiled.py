"""A form prepared for quick scoring: integers over common denominators."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, lcm

from .parts import ENJOYMENT, KEY, LEFT, TRADE_OFF, Constants
from .questionnaire import Definition
from .rounding import root_ceiling


@dataclass(frozen=True, slots=True)
class CompiledTradeOff:
    id: str
    sign: int  # +1 where the project statement stands on the left
    kind: str  # "key" or "interest", that of its lines
    project: int | None  # index into CompiledForm.key_slugs, None for an interest
    product: int | None


@dataclass(frozen=True, slots=True)
class CompiledEnjoyment:
    id: str
    role: int  # 0 for the first role, 1 for the second
    strength: int | None  # index into CompiledForm.key_slugs


@dataclass(frozen=True, slots=True, eq=False)
class CompiledForm:
    """One form of one questionnaire, prepared once for any number of answers."""

    form: str
    constants: Constants
    role_slugs: tuple[str, str]
    key_slugs: tuple[str, ...]
    kinds: dict[str, str]  # the kind of each question of this form, by its id
    lean_questions: tuple[CompiledTradeOff | CompiledEnjoyment, ...]  # in form order
    shared_questions: tuple[str, ...]
    trade_off_points: int  # 50 times the weight of trade-offs, over `denominator`
    enjoyment_points: int  # 25 times the weight of enjoyment, over `denominator`
    denominator: int


@lru_cache(maxsize=64)
def compiled_form(questionnaire: Definition, form: str) -> CompiledForm:
    """Prepare one form, `full` or `short`; the result is cached."""
    constants = questionnaire.constants
    first, second = (role.slug for role in questionnaire.roles)
    keys = {
        strength.slug: index
        for index, strength in enumerate(
            s for s in questionnaire.strengths if s.kind == KEY
        )
    }
    questions = questionnaire.questions_of(form)
    lean_questions: list[CompiledTradeOff | CompiledEnjoyment] = []
    for question in questions:
        if question.kind == TRADE_OFF:
            project, product = question.project.strength, question.product.strength
            sign = 1 if question.side == LEFT else -1
            kind = questionnaire.strength(project).kind
            lean_questions.append(
                CompiledTradeOff(
                    question.id, sign, kind, keys.get(project), keys.get(product)
                )
            )
        elif question.kind == ENJOYMENT:
            strength = questionnaire.strength(question.statement.strength)
            lean_questions.append(
                CompiledEnjoyment(
                    question.id, int(strength.role == second), keys.get(strength.slug)
                )
            )
    trade_off_points, enjoyment_points = (
        50 * constants.trade_off_weight,
        25 * constants.enjoyment_weight,
    )
    denominator = lcm(trade_off_points.denominator, enjoyment_points.denominator)
    return CompiledForm(
        form=form,
        constants=constants,
        role_slugs=(first, second),
        key_slugs=tuple(keys),
        kinds={question.id: question.kind for question in questions},
        lean_questions=tuple(lean_questions),
        shared_questions=tuple(
            q.id for q in questions if q.kind not in (TRADE_OFF, ENJOYMENT)
        ),
        trade_off_points=int(trade_off_points * denominator),
        enjoyment_points=int(enjoyment_points * denominator),
        denominator=denominator,
    )


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The units and bounds of a lean for given numbers of answers.

    A lean is counted in whole units of 1/`denominator` points. It is named from
    `leans_from` units on (rule 5) and clear from `clear_from` units on (rule 4); the
    `…_z_from` bounds go by z² alone (docs/instrument.md sections 2.3 and 2.5).
    """

    denominator: int
    step: int  # lean units of one step on one trade-off
    enjoyment: tuple[int, int]  # lean units of one point of enjoyment, for each role
    se_squared: Fraction
    fit_se_squared: tuple[Fraction, Fraction]
    leans_z_from: int
    clear_z_from: int
    sure_z_from: int
    leans_from: int
    clear_from: int


@lru_cache(maxsize=4096)
def yardstick_of(
    compiled: CompiledForm, n: int, n_first: int, n_second: int
) -> Yardstick:
    """The yardstick for n trade-offs and two numbers of enjoyment answers, each > 0."""
    constants = compiled.constants
    denominator = compiled.denominator * n * n_first * n_second
    trade_off_variance = (
        (50 * constants.trade_off_weight) ** 2 * constants.v_trade_off / n
    )
    first_variance, second_variance = (
        (25 * constants.enjoyment_weight) ** 2 * constants.v_enjoyment / k
        for k in (n_first, n_second)
    )
    se_squared = trade_off_variance + first_variance + second_variance
    in_units = se_squared * denominator * denominator
    leans_z_from, clear_z_from, sure_z_from = (
        root_ceiling(z * in_units)
        for z in (
            constants.leans_z_squared,
            constants.clear_z_squared,
            constants.sure_z_squared,
        )
    )
    return Yardstick(
        denominator=denominator,
        step=compiled.trade_off_points * n_first * n_second,
        enjoyment=(
            compiled.enjoyment_points * n * n_second,
            compiled.enjoyment_points * n * n_first,
        ),
        se_squared=se_squared,
        fit_se_squared=(
            trade_off_variance / 4 + first_variance,
            trade_off_variance / 4 + second_variance,
        ),
        leans_z_from=leans_z_from,
        clear_z_from=clear_z_from,
        sure_z_from=sure_z_from,
        leans_from=max(leans_z_from, ceil(constants.leans_floor * denominator)),
        clear_from=max(clear_z_from, ceil(constants.clear_floor * denominator)),
    )

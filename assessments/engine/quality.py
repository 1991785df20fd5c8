"""What staff see about one version and form, and what should alarm them.

Alarms advise and never edit: a version is repaired only by publishing another one
(docs/instrument.md section 6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from operator import attrgetter

from .consistency import LeanStatistics, lean_statistics
from .outcomes import NOT_SHOWN, OUTCOME_GROUPS, Outcome
from .parts import ENJOYMENT, FULL, SHARED_SKILL, TRADE_OFF
from .questionnaire import Definition
from .scales import form_scales
from .statistics import (
    MIN_CELL,
    Estimate,
    ItemStatistics,
    ScaleStatistics,
    decimals_of,
    item_statistics,
    median_bucket,
    scale_mean,
    scale_statistics,
    share,
)
from .sums import BUCKETS_A_DOUBLING, Sums

MIN_FOR_OUTCOMES = 100

# Statistics that may alarm
MEAN, MIDDLE_OPTION, RAREST_OPTION, SPREAD = "mean", "middle", "rarest_option", "sd"
FORM_MEAN, SIDE = "form_mean", "side"
ITEM_REST, ALPHA, ALPHA_GAIN = "item_rest", "alpha", "alpha_gain"
V_TRADE_OFF, V_ENJOYMENT, RELIABILITY, AGREEMENT, KAPPA = (
    "v_trade_off",
    "v_enjoyment",
    "reliability",
    "agreement",
    "kappa",
)
SKIPPED, LEFT_HERE, LEFT_FIRST = "skipped", "left_here", "left_first"
FORM_SECONDS, UNDECIDED_SHARE, CARELESS_SHARE, ONE_ROLE, SHIFT = (
    "seconds",
    "undecided",
    "careless",
    "one_role",
    "shift",
)
QUESTION_SECONDS = "question_seconds"
# The share of answers below which one is rare.
RARE = 0.03


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a statistic begins to alarm; the bounds themselves cause no alarm.

    With `whole_interval`, the whole 95 % interval must be beyond the bound.
    """

    below: float | None = None
    above: float | None = None
    whole_interval: bool = False


# By statistic, and by kind of question or form where the limits differ. Of means, the
# side and shifts only the size counts.
ALARM_LIMITS: dict[tuple[str, str | None], Limits] = {
    (MEAN, TRADE_OFF): Limits(above=0.6),
    (MIDDLE_OPTION, None): Limits(above=0.5),
    (RAREST_OPTION, None): Limits(below=RARE),
    (SPREAD, None): Limits(below=0.8),
    (FORM_MEAN, TRADE_OFF): Limits(above=0.15),
    (SIDE, None): Limits(above=0.10),
    (ITEM_REST, TRADE_OFF): Limits(below=0.20),
    (ITEM_REST, ENJOYMENT): Limits(below=0.25),
    (ITEM_REST, SHARED_SKILL): Limits(below=0.0),
    (ALPHA, TRADE_OFF): Limits(below=0.65),
    (ALPHA, ENJOYMENT): Limits(below=0.50),
    (ALPHA_GAIN, None): Limits(above=0.02),
    (V_TRADE_OFF, None): Limits(above=1.5),
    (V_ENJOYMENT, None): Limits(above=1.3),
    (RELIABILITY, None): Limits(below=0.70),
    (AGREEMENT, None): Limits(below=0.60, whole_interval=True),
    (KAPPA, None): Limits(below=0.50, whole_interval=True),
    (SKIPPED, None): Limits(above=0.05),
    (LEFT_FIRST, None): Limits(above=0.08),
    (LEFT_HERE, None): Limits(above=0.03),
    (FORM_SECONDS, FULL): Limits(above=480.0),
    (QUESTION_SECONDS, None): Limits(below=3.0, above=25.0),
    (UNDECIDED_SHARE, None): Limits(below=0.10, above=0.45),
    (CARELESS_SHARE, None): Limits(above=0.10),
    (ONE_ROLE, None): Limits(above=0.75),
    (SHIFT, None): Limits(above=0.05),
}
# A shift of an outcome's share must also be this many standard errors wide.
SHIFT_Z = 3.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """A statistic beyond its limit.

    `place` is a question id, the name of a scale, an outcome, or the form. `people` is
    how many people a share counts. `decimals` is how many the number of people allows;
    None means two of them always.
    """

    statistic: str
    value: float
    limit: float
    place: str
    people: int | None = None
    decimals: int | None = None

    @property
    def displayed(self) -> bool:
        """Whether the value may be shown; the fact of the alarm may always be shown."""
        return self.people is None or self.people >= MIN_CELL


# Statistic, kind of question or form, place, value.
Measured = tuple[str, str | None, str, Estimate | float | None]


@dataclass(frozen=True, slots=True)
class OutcomeStatistics:
    """Shares from 0 to 1; None below 100 people.

    `of_all` and `careless` are shares of all results. `undecided` (close and both) is a
    share of attentive results, `first_role` of results that name a role.
    """

    of_all: dict[str, Estimate] | None
    undecided: Estimate | None
    careless: Estimate | None
    first_role: Estimate | None


@dataclass(frozen=True, slots=True)
class Quality:
    """All statistics of one version and form."""

    form: str
    items: tuple[ItemStatistics, ...]
    scales: tuple[ScaleStatistics, ...]
    # Mean of trade-off answers as they stand on the page: above 0 = to the right.
    side: Estimate | None
    lean: LeanStatistics
    outcomes: OutcomeStatistics
    median_seconds: float | None
    alarms: tuple[Alarm, ...]


def quality(questionnaire: Definition, form: str, sums: Sums) -> Quality:
    """All statistics of one version and form.

    A statistic is None where there are too few people for it; sums of no people are
    valid.
    """
    scales = form_scales(questionnaire, form)
    of_items = {
        statistics.item.id: statistics
        for scale in scales.scored
        for statistics in item_statistics(scale, sums)
    }
    items = tuple(of_items[question] for question in scales.ids)
    of_scales = tuple(scale_statistics(scale, sums) for scale in scales.scored)
    side = scale_mean(scales.buttons, sums)
    lean, outcomes, seconds = (
        lean_statistics(questionnaire, form, sums),
        outcome_statistics(sums.outcomes),
        median_seconds(sums.seconds),
    )
    measured: list[Measured] = [
        *_of_items(items, of_scales),
        *_of_scales(of_scales),
        (SIDE, None, form, _size(side)),
        *_of_lean(lean, form),
        (FORM_SECONDS, form, form, seconds),
        *_of_outcomes(outcomes, form),
    ]
    return Quality(
        form, items, of_scales, side, lean, outcomes, seconds, tuple(_alarms(measured))
    )


def outcome_statistics(outcomes: Counter[str]) -> OutcomeStatistics:
    """The shares of the outcomes."""
    total = outcomes.total()
    attentive = total - sum(outcomes[outcome] for outcome in NOT_SHOWN)
    first, second, undecided = (
        sum(outcomes[outcome] for outcome in OUTCOME_GROUPS[group])
        for group in ("first", "second", "undecided")
    )
    named = first + second
    enough = total >= MIN_FOR_OUTCOMES
    return OutcomeStatistics(
        of_all={
            outcome: estimate
            for outcome, count in outcomes.items()
            if (estimate := share(count, total))
        }
        if enough
        else None,
        undecided=share(undecided, attentive)
        if attentive >= MIN_FOR_OUTCOMES
        else None,
        careless=share(outcomes[Outcome.CARELESS], total) if enough else None,
        first_role=share(first, named) if named >= MIN_FOR_OUTCOMES else None,
    )


def shifts(before: Counter[str], after: Counter[str]) -> tuple[Alarm, ...]:
    """Outcomes whose share changed from one week to the next.

    An alarm needs a change of more than 5 points and of more than SHIFT_Z standard
    errors.
    """
    n_before, n_after = before.total(), after.total()
    if min(n_before, n_after) < MIN_FOR_OUTCOMES:
        return ()
    alarms = []
    limit = ALARM_LIMITS[SHIFT, None].above or 0.0
    for outcome in sorted(before.keys() | after.keys()):
        pooled = (before[outcome] + after[outcome]) / (n_before + n_after)
        shift = after[outcome] / n_after - before[outcome] / n_before
        error = sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after))
        if abs(shift) > limit and abs(shift) > SHIFT_Z * error:
            decimals = decimals_of(min(n_before, n_after))
            alarms.append(Alarm(SHIFT, shift, limit, outcome, decimals=decimals))
    return tuple(alarms)


def median_seconds(seconds: Counter[int]) -> float | None:
    """The median active time in seconds, within 9 %; None below 50 people."""
    place = median_bucket(seconds)
    return None if place is None else float(2 ** (place / BUCKETS_A_DOUBLING))


def _alarms(measured: list[Measured]) -> Iterator[Alarm]:
    for statistic, kind, place, measure in measured:
        limits = ALARM_LIMITS.get((statistic, kind)) or ALARM_LIMITS.get(
            (statistic, None)
        )
        if measure is None or limits is None:
            continue
        value, people, decimals = (
            (measure.value, measure.people, measure.decimals)
            if isinstance(measure, Estimate)
            else (measure, None, None)
        )
        low, high = (
            (measure.low, measure.high)
            if isinstance(measure, Estimate) and limits.whole_interval
            else (value, value)
        )
        if limits.below is not None and high < limits.below:
            yield Alarm(statistic, value, limits.below, place, people, decimals)
        if limits.above is not None and low > limits.above:
            yield Alarm(statistic, value, limits.above, place, people, decimals)


def _of_items(
    items: tuple[ItemStatistics, ...], scales: tuple[ScaleStatistics, ...]
) -> Iterator[Measured]:
    alphas = {item.id: scale.alpha for scale in scales for item in scale.scale.items}
    for number, figures in enumerate(items):
        kind, place, alpha = figures.item.kind, figures.item.id, alphas[figures.item.id]
        yield MEAN, kind, place, _size(figures.mean)
        yield SPREAD, kind, place, _spread(figures)
        if figures.options:
            yield MIDDLE_OPTION, kind, place, figures.options[2]
            # Hardly anyone never does what both roles need, and that is no fault.
            offered = figures.options[1 if kind == SHARED_SKILL else 0 :]
            rarest = min(offered, key=attrgetter("value"))
            if _is_rare(rarest, figures.options):
                yield RAREST_OPTION, kind, place, rarest
        yield ITEM_REST, kind, place, figures.item_rest
        yield (
            ALPHA_GAIN,
            kind,
            place,
            figures.alpha_without.value - alpha.value
            if figures.alpha_without and alpha
            else None,
        )
        yield SKIPPED, kind, place, figures.skipped
        yield LEFT_HERE if number else LEFT_FIRST, kind, place, figures.left_here
        yield QUESTION_SECONDS, kind, place, figures.median_seconds


def _is_rare(rarest: Estimate, options: Sequence[Estimate]) -> bool:
    """Whether an answer is rare even if as many wait to be shown as can (blocks.py)."""
    waiting = MIN_CELL - 1
    chosen = (rarest.people or 0) + waiting
    everybody = sum(option.people or 0 for option in options) + waiting
    return chosen / everybody < RARE


def _of_scales(scales: tuple[ScaleStatistics, ...]) -> Iterator[Measured]:
    for figures in scales:
        yield FORM_MEAN, figures.scale.kind, figures.scale.name, _size(figures.mean)
        yield ALPHA, figures.scale.kind, figures.scale.name, figures.alpha


def _of_lean(lean: LeanStatistics, form: str) -> Iterator[Measured]:
    yield (
        V_TRADE_OFF,
        None,
        form,
        float(lean.v_trade_off) if lean.v_trade_off is not None else None,
    )
    yield (
        V_ENJOYMENT,
        None,
        form,
        float(lean.v_enjoyment) if lean.v_enjoyment is not None else None,
    )
    yield RELIABILITY, None, form, lean.reliability
    again = lean.other_questions
    yield AGREEMENT, None, form, again.share if again else None
    yield KAPPA, None, form, again.kappa if again else None


def _of_outcomes(outcomes: OutcomeStatistics, form: str) -> Iterator[Measured]:
    yield UNDECIDED_SHARE, None, form, outcomes.undecided
    yield CARELESS_SHARE, None, form, outcomes.careless
    first = outcomes.first_role
    yield (
        ONE_ROLE,
        None,
        form,
        replace(first, value=max(first.value, 1 - first.value)) if first else None,
    )


def _size(mean: Estimate | None) -> Estimate | None:
    return replace(mean, value=abs(mean.value)) if mean else None


def _spread(figures: ItemStatistics) -> Estimate | None:
    """The spread, with the number of people behind it."""
    sd = figures.sd
    return None if sd is None else Estimate(sd, sd, sd, figures.answered)

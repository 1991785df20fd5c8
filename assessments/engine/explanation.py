"""Why a result came out as it did, and what would change it.

Everything is in whole lean units (docs/instrument.md sections 2.6 and 2.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from .compiled import Yardstick
from .scores import ChangeNeeded, Contribution
from .tally import Answered

TOO_CLOSE, FOUR_IN_5, NINETEEN_IN_20, NINETY_NINE_IN_100 = (
    "too close to say",
    "about 4 in 5",
    "about 19 in 20",
    "about 99 in 100",
)
ENJOYMENT_MIDDLE = 2  # an enjoyment answer of 0..4 that pulls to neither side


def certainty_word(yardstick: Yardstick, distance: int) -> str:
    """The chance, in words, that the true lean lies on this side, by z² alone.

    `distance` is the absolute lean in units.
    """
    if distance < yardstick.leans_z_from:
        return TOO_CLOSE
    if distance < yardstick.clear_z_from:
        return FOUR_IN_5
    return NINETEEN_IN_20 if distance < yardstick.sure_z_from else NINETY_NINE_IN_100


def evidence(
    yardstick: Yardstick, answers: Sequence[Answered], towards: int
) -> tuple[tuple[Contribution, ...], tuple[Contribution, ...]]:
    """The answers for the result and the answers against it, the largest first.

    Ties keep the order of the form. `towards` is 1 or -1 where the outcome names the
    first or the second role. Where it names none, `towards` is 0, and the two lists
    hold the two largest contributions to the first role and to the second.
    """
    units = [(_contribution(yardstick, answer), answer) for answer in answers]
    side = towards or 1
    ahead = sorted(
        (pair for pair in units if pair[0] * side > 0), key=lambda pair: -abs(pair[0])
    )
    behind = sorted(
        (pair for pair in units if pair[0] * side < 0), key=lambda pair: -abs(pair[0])
    )
    against = behind[:2]
    if towards and not against:
        against = [pair for pair in units if not pair[0]][:2]
    return _contributions(yardstick, ahead[: 3 if towards else 2]), _contributions(
        yardstick, against
    )


def change(
    yardstick: Yardstick, answers: Sequence[Answered], lean: int
) -> ChangeNeeded:
    """The fewest answers, and the fewest steps, that would change a named result.

    `lean` is in units and named. Taking the largest gain first is exact, because gains
    add up and the standard error does not depend on the answers.
    """
    side = 1 if lean > 0 else -1
    gains = sorted(
        ((_gain(yardstick, answer, side), answer.id) for answer in answers),
        key=lambda pair: -pair[0],
    )
    order = tuple(question for _, question in gains)
    # After no answer, one answer, two answers, …
    remaining = list(accumulate((-gain for gain, _ in gains), initial=abs(lean)))
    # Answering everything the opposite way crosses 0, so a close call is on the way.
    close = next(
        count for count, units in enumerate(remaining) if units < yardstick.leans_from
    )
    flip = next(
        (
            count
            for count, units in enumerate(remaining)
            if units <= -yardstick.leans_from
        ),
        None,
    )
    return ChangeNeeded(
        to_close=order[:close],
        to_flip=None if flip is None else order[:flip],
        # A definition may set the bound of "clear" below that of "leans". A clear lean
        # then needs no step at all to be a close call.
        steps_to_close=max((abs(lean) - yardstick.leans_from) // yardstick.step + 1, 0),
    )


def _contribution(yardstick: Yardstick, answer: Answered) -> int:
    if answer.role is None:
        return answer.value * yardstick.step
    units = (answer.value - ENJOYMENT_MIDDLE) * yardstick.enjoyment[answer.role]
    return units if answer.role == 0 else -units


def _gain(yardstick: Yardstick, answer: Answered, side: int) -> int:
    """How many units the lean loses if this question gets the opposite extreme."""
    if answer.role is None:
        return yardstick.step * (2 + side * answer.value)
    helps = (side > 0) == (answer.role == 0)
    return yardstick.enjoyment[answer.role] * (
        answer.value if helps else 4 - answer.value
    )


def _contributions(
    yardstick: Yardstick, pairs: Sequence[tuple[int, Answered]]
) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(answer.id, answer.button, Fraction(units, yardstick.denominator))
        for units, answer in pairs
    )

"""The scales of a form: items that add up to a total (docs/instrument.md section 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .compiled import CompiledTradeOff, Yardstick, compiled_form, yardstick_of
from .parts import ENJOYMENT, SHARED_SKILL, TRADE_OFF, QuestionDefinition
from .questionnaire import Definition

TRADE_OFFS, SHARED_SKILLS, BUTTONS = "trade_offs", "shared", "buttons"
ASKED_TWICE = "asked_twice"
OPTIONS = range(5)


def enjoyment_of(role: str) -> str:
    """The name of the scale of one role's enjoyment items."""
    return f"enjoyment:{role}"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a scale.

    `values` are those of its five options, from left to right.
    """

    id: str
    kind: str
    first_button: int  # the button of the first option
    values: tuple[int, int, int, int, int]

    @property
    def by_button(self) -> tuple[int, ...]:
        """The values, indexed by button."""
        return (0,) * self.first_button + self.values


@dataclass(frozen=True, slots=True)
class Scale:
    """Items whose values add up to one total, in form order."""

    name: str
    kind: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FormScales:
    """The scales of one form; scales without items are left out.

    `buttons` holds the trade-offs once more, valued as they stand on the page: from -2
    for the leftmost button to +2 for the rightmost, whatever the side of the project
    statement. Its total shows a pull to one side.

    `asked_twice` holds the trade-offs about lines of the article that have two of them,
    in such an order that its 1st, 3rd, … items ask about each of these lines once and
    the others ask about each once more. So its halves are two short forms about the
    same lines in other words. It has no items where no line has two trade-offs, as in
    the short form.
    """

    form: str
    trade_offs: Scale
    enjoyment: tuple[Scale, Scale]  # in the order of the roles
    shared: Scale
    buttons: Scale
    asked_twice: Scale
    # The yardstick of answers without a skip; None where the form cannot give a lean.
    lean: Yardstick | None
    ids: tuple[str, ...]  # every question of the form, in order

    @property
    def scored(self) -> tuple[Scale, ...]:
        """The scales of the item statistics; every question stands in exactly one."""
        return tuple(
            scale
            for scale in (self.trade_offs, *self.enjoyment, self.shared)
            if scale.items
        )

    @property
    def summed(self) -> tuple[Scale, ...]:
        """Every scale whose totals are kept."""
        return (
            *self.scored,
            *(scale for scale in (self.buttons, self.asked_twice) if scale.items),
        )


@lru_cache(maxsize=64)
def form_scales(questionnaire: Definition, form: str) -> FormScales:
    """The scales of one form, `full` or `short`."""
    compiled = compiled_form(questionnaire, form)
    questions = {question.id: question for question in questionnaire.questions_of(form)}
    signs = {
        planned.id: planned.sign
        for planned in compiled.lean_questions
        if isinstance(planned, CompiledTradeOff)
    }
    roles = {
        planned.id: planned.role
        for planned in compiled.lean_questions
        if not isinstance(planned, CompiledTradeOff)
    }
    trade_offs = Scale(
        TRADE_OFFS,
        TRADE_OFF,
        tuple(_item(questions[id], sign=-sign) for id, sign in signs.items()),
    )
    first, second = (
        Scale(
            enjoyment_of(slug),
            ENJOYMENT,
            tuple(
                _item(questions[id])
                for id, role_of_item in roles.items()
                if role_of_item == role
            ),
        )
        for role, slug in enumerate(compiled.role_slugs)
    )
    counts = len(trade_offs.items), len(first.items), len(second.items)
    return FormScales(
        form=form,
        trade_offs=trade_offs,
        enjoyment=(first, second),
        shared=Scale(
            SHARED_SKILLS,
            SHARED_SKILL,
            tuple(_item(questions[id]) for id in compiled.shared_questions),
        ),
        buttons=Scale(
            BUTTONS, TRADE_OFF, tuple(_item(questions[id], sign=1) for id in signs)
        ),
        asked_twice=Scale(
            ASKED_TWICE,
            TRADE_OFF,
            tuple(
                _item(question, sign=-signs[question.id])
                for question in _asked_twice([questions[id] for id in signs])
            ),
        ),
        lean=yardstick_of(compiled, *counts) if all(counts) else None,
        ids=tuple(questions),
    )


def _asked_twice(trade_offs: Iterable[QuestionDefinition]) -> list[QuestionDefinition]:
    """The trade-offs of `FormScales.asked_twice`, in its order.

    Empty where only some of the lines that face each other have two trade-offs.
    """
    lines = {
        question: (question.project.strength, question.product.strength)
        for question in trade_offs
    }
    asked = _times_asked(lines.values())
    twice = [
        question
        for question, both in lines.items()
        # A draft may ask about one line on both sides of a trade-off.
        if all(asked[line] == 2 for line in both) and both[0] != both[1]
    ]
    if any(
        count != 2 for count in _times_asked(lines[each] for each in twice).values()
    ):
        return []
    ordered: list[QuestionDefinition] = []
    while len(ordered) < len(twice):
        # Walk to the other trade-off about the same product line, then to the other one
        # about the same project line, and so on, until the walk is back at its start.
        # Neighbors share a line, so every second one asks about each line once.
        question = next(each for each in twice if each not in ordered)
        shared = 1
        while question not in ordered:
            ordered.append(question)
            line = lines[question][shared]
            [question] = (
                each for each in twice if each != question and line in lines[each]
            )
            shared = 1 - shared
    return ordered


def _times_asked(lines: Iterable[Sequence[str]]) -> Counter[str]:
    return Counter(line for both in lines for line in both)


def _item(question: QuestionDefinition, *, sign: int = 0) -> Item:
    """`sign` is 1 where the rightmost button of a trade-off counts +2, -1 for the
    leftmost.
    """
    values = (-2 * sign, -sign, 0, sign, 2 * sign) if sign else (0, 1, 2, 3, 4)
    return Item(question.id, question.kind, question.buttons[0], values)

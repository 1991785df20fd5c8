"""Counting one person's answers (docs/instrument.md section 2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from .compiled import CompiledForm, CompiledTradeOff, compiled_form
from .parts import INTEREST, KEY, Answers
from .questionnaire import Definition

MIDDLE = 3  # the middle button of a trade-off


@dataclass(frozen=True, slots=True)
class Answered:
    """One answered question that moves the lean."""

    id: str
    button: int
    role: int | None  # of an enjoyment question; None for a trade-off
    # a = -2..2 of a trade-off (+ project), x = 0..4 of an enjoyment question.
    value: int


@dataclass(frozen=True, slots=True)
class Tally:
    lean_answers: tuple[Answered, ...]  # in form order
    n: int  # trade-offs answered
    total: int  # A, the sum of their steps
    squares: int  # the sum of the squared steps
    # KEY and INTEREST: trade-offs answered, sum of steps.
    by_kind: dict[str, tuple[int, int]]
    enjoyment_counts: tuple[int, int]
    enjoyment_points: tuple[int, int]
    # For each key strength: answers, points (4 an answer at most).
    strengths: tuple[tuple[int, int], ...]
    shared_count: int
    shared_points: int
    longest_run: int  # of one button, not the middle, on neighboring trade-offs

    @property
    def answered(self) -> int:
        return self.n + sum(self.enjoyment_counts) + self.shared_count


def tally(compiled: CompiledForm, answers: Answers) -> Tally:
    """Add up checked answers. Skipped questions count nowhere."""
    lean_answers: list[Answered] = []
    n = total = squares = 0
    kind_counts, kind_sums = {KEY: 0, INTEREST: 0}, {KEY: 0, INTEREST: 0}
    counts, points = [0, 0], [0, 0]
    strength_counts, strength_points = (
        [0] * len(compiled.key_slugs),
        [0] * len(compiled.key_slugs),
    )
    run = longest_run = 0
    last_button = MIDDLE
    for question in compiled.lean_questions:
        button = answers.get(question.id)
        if isinstance(question, CompiledTradeOff):
            if button is None or button == MIDDLE:
                run = 0
            else:
                run = run + 1 if button == last_button else 1
                longest_run = max(longest_run, run)
            last_button = MIDDLE if button is None else button
            if button is None:
                continue
            step = (MIDDLE - button) * question.sign
            n += 1
            total += step
            squares += step * step
            kind_counts[question.kind] += 1
            kind_sums[question.kind] += step
            if question.project is not None:
                strength_counts[question.project] += 1
                strength_points[question.project] += 2 + step
            if question.product is not None:
                strength_counts[question.product] += 1
                strength_points[question.product] += 2 - step
            lean_answers.append(Answered(question.id, button, None, step))
        elif button is not None:
            counts[question.role] += 1
            points[question.role] += button
            if question.strength is not None:
                strength_counts[question.strength] += 1
                strength_points[question.strength] += button
            lean_answers.append(Answered(question.id, button, question.role, button))
    shared = [
        button
        for button in map(answers.get, compiled.shared_questions)
        if button is not None
    ]
    return Tally(
        lean_answers=tuple(lean_answers),
        n=n,
        total=total,
        squares=squares,
        by_kind={
            kind: (kind_counts[kind], kind_sums[kind]) for kind in (KEY, INTEREST)
        },
        enjoyment_counts=(counts[0], counts[1]),
        enjoyment_points=(points[0], points[1]),
        strengths=tuple(zip(strength_counts, strength_points, strict=True)),
        shared_count=len(shared),
        shared_points=sum(shared),
        longest_run=longest_run,
    )


def longest_run(questionnaire: Definition, answers: Answers, *, form: str) -> int:
    """How many neighboring trade-offs in a row got the same button, at most.

    The middle button and skipped questions end a run (docs/instrument.md section 2.5,
    rule 2).
    """
    return tally(compiled_form(questionnaire, form), answers).longest_run

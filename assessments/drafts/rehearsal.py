"""What would happen if a draft were published.

A rehearsal scores fixed probes and simulated people, and replays stored answers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from assessments.engine import Definition, RequestError, score
from assessments.engine.outcomes import Outcome
from assessments.engine.parts import FORMS
from assessments.engine.response_patterns import ResponsePattern, response_patterns
from assessments.engine.simulation import Figures, simulate
from assessments.engine.statistics import MIN_CELL

PEOPLE = 10_000  # simulated per form, in about a second
SLICE = 500  # people simulated, or answer sets replayed, per report of progress
FIRST_SEED = 7

# Form, answers as JSON, seconds, outcome.
StoredAnswers = tuple[str, str, int | None, str]
# Yields how many people are done.
Work = Generator[int, None, "Rehearsal"]


@lru_cache(maxsize=32 * PEOPLE // SLICE)
def _figures_of_slice(questionnaire: Definition, form: str, number: int) -> Figures:
    """Simulate one slice, once per process: a definition never changes.

    The seed of a slice is the same in every process.
    """
    return simulate(questionnaire, form=form, people=SLICE, seed=FIRST_SEED + number)


def in_tens(people: int) -> int:
    """A number of people, rounded down to tens."""
    return people - people % MIN_CELL


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """How many stored results would get another outcome. None hides a small number."""

    before: Outcome
    after: Outcome
    count: int | None

    @property
    def way(self) -> str:
        """ "project", "product", or empty where the change favors neither role."""
        before, after = self.before.step, self.after.step
        if before is None or after is None or before == after:
            return ""
        return "project" if after > before else "product"


@dataclass(slots=True)
class Replay:
    """Stored answers scored by a draft.

    `counts` counts the pairs of old and new outcome that differ.
    """

    fitting: int = 0
    not_fitting: int = 0
    counts: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)

    @property
    def fitting_in_tens(self) -> int:
        """Rounded down to tens from ten on; the page hides smaller numbers."""
        return in_tens(self.fitting) or self.fitting

    @property
    def not_fitting_in_tens(self) -> int:
        return in_tens(self.not_fitting) or self.not_fitting

    @property
    def changes(self) -> list[OutcomeChange]:
        """The changes, most frequent first, without small numbers.

        Do not show their sum: subtracting the shown numbers would reveal a hidden one.
        """
        return [
            OutcomeChange(before, after, in_tens(count) or None)
            for (before, after), count in self.counts.most_common()
        ]

    def add(self, questionnaire: Definition, stored: Iterable[StoredAnswers]) -> None:
        """Score stored answers. A set fits only if the draft has the same questions."""
        ids = {
            form: {question.id for question in questionnaire.questions_of(form)}
            for form in FORMS
        }
        for form, text, seconds, outcome in stored:
            answers = json.loads(text)
            try:
                now = (
                    score(questionnaire, answers, form=form, seconds=seconds).outcome
                    if answers.keys() == ids[form]
                    else None
                )
            except RequestError:
                now = None
            if now is None:
                self.not_fitting += 1
                continue
            self.fitting += 1
            if now != outcome:
                self.counts[Outcome(outcome), now] += 1


@dataclass(frozen=True, slots=True)
class FormFigures:
    """The simulated figures of one form, for the draft and for the live version."""

    form: str
    draft: Figures
    live: Figures | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    probes: list[ResponsePattern]
    figures: list[FormFigures]
    replay: Replay

    @property
    def favored(self) -> list[ResponsePattern]:
        """The patterns that favor a role and need not, with other sides or weights."""
        return [probe for probe in self.probes if probe.favors and probe.avoidable]


def people_in(live: Definition | None, stored: int) -> int:
    """The number of people that `rehearsing` counts up to, simulated and stored."""
    return PEOPLE * len(FORMS) * (2 if live else 1) + stored


def rehearsing(
    draft: Definition, *, live: Definition | None, stored: Iterable[StoredAnswers]
) -> Work:
    """Rehearse a draft that can be scored, one slice at a time.

    Yields how many people are done and returns the Rehearsal. It takes a few seconds,
    more with many stored results, and writes nothing. The result is the same on every
    machine.
    """
    done = 0
    probes = response_patterns(draft)
    figures: dict[tuple[Definition, str], Figures] = {}
    for questionnaire in (draft, live) if live else (draft,):
        for form in FORMS:
            total = Figures()
            for number in range(PEOPLE // SLICE):
                total += _figures_of_slice(questionnaire, form, number)
                done += SLICE
                yield done
            figures[questionnaire, form] = total
    replay, rows = Replay(), iter(stored)
    while batch := list(islice(rows, SLICE)):
        replay.add(draft, batch)
        done += len(batch)
        yield done
    compared = [
        FormFigures(form, figures[draft, form], figures[live, form] if live else None)
        for form in FORMS
    ]
    return Rehearsal(probes, compared, replay)


def rehearse(
    draft: Definition, *, live: Definition | None, stored: Iterable[StoredAnswers]
) -> Rehearsal:
    """Rehearse a draft without reports of progress."""
    work = rehearsing(draft, live=live, stored=stored)
    while True:
        try:
            next(work)
        except StopIteration as end:
            rehearsal: Rehearsal = end.value
            return rehearsal

"""What would happen if a draft were published.

A rehearsal scores fixed probes and simulated people, and replays stored answers.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice

from assessments.engine import Definition, RequestError, score
from assessments.engine.blocks import steps
from assessments.engine.outcomes import Outcome
from assessments.engine.parts import FORMS
from assessments.engine.response_patterns import ResponsePattern, response_patterns
from assessments.engine.simulation import Figures, simulate
from assessments.engine.statistics import MIN_CELL
from assessments.engine.sums import week_of

PEOPLE = 10_000  # simulated per form, in about a second
SLICE = 500  # people simulated, or answer sets replayed, per report of progress
FIRST_SEED = 7

# Form, answers as JSON, seconds, outcome, day.
StoredAnswers = tuple[str, str, int | None, str, date]
# What a replay counts: whether answers fit, and outcomes before and after.
FITTING, NOT_FITTING = "fitting", "not_fitting"
Found = str | tuple[Outcome, Outcome]
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
    """How many stored results would get another outcome, in tens."""

    before: Outcome
    after: Outcome
    count: int

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

    `weeks` counts, by week, those that fit, those that don't, and the pairs of old and
    new outcome that differ. Each is shown in steps of at least ten, rounded down to
    tens: fewer than ten look like none.
    """

    weeks: defaultdict[date, Counter[Found]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    @property
    def shown(self) -> dict[Found, int]:
        return {found: in_tens(count) for found, count in steps(self.weeks).items()}

    @property
    def fitting(self) -> int:
        return self.shown.get(FITTING, 0)

    @property
    def not_fitting(self) -> int:
        return self.shown.get(NOT_FITTING, 0)

    @property
    def changes(self) -> list[OutcomeChange]:
        """The changes of at least ten, most frequent first."""
        found = [
            OutcomeChange(*pair, count)
            for pair, count in self.shown.items()
            if isinstance(pair, tuple)
        ]
        return sorted(
            found, key=lambda change: (-change.count, change.before, change.after)
        )

    def add(self, questionnaire: Definition, stored: Iterable[StoredAnswers]) -> None:
        """Score stored answers. A set fits only if the draft has the same questions."""
        ids = {
            form: {question.id for question in questionnaire.questions_of(form)}
            for form in FORMS
        }
        for form, text, seconds, outcome, day in stored:
            week = self.weeks[week_of(day)]
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
                week[NOT_FITTING] += 1
                continue
            week[FITTING] += 1
            if now != outcome:
                week[Outcome(outcome), now] += 1


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

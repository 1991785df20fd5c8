"""What would happen if a draft were published: fixed probes, simulated people, and every stored answer set replayed."""

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

PEOPLE = 10_000  # simulated, per form: about a second
SLICE = 500  # people simulated, or stored answer sets replayed, between two words about progress
FIRST_SEED = 7
LEAST_SHOWN = 10  # people: a smaller number could tell of one of them

Stored = tuple[str, str, int | None, str]  # form, answers as JSON, seconds, outcome
Work = Generator[int, None, "Rehearsal"]  # yields how many people are behind it


@lru_cache(maxsize=32 * PEOPLE // SLICE)
def _figures_of_slice(questionnaire: Definition, form: str, number: int) -> Figures:
    """Worked out once a process, for a definition never changes. Every slice has a seed of its own, the same in each process."""
    return simulate(questionnaire, form=form, people=SLICE, seed=FIRST_SEED + number)


@dataclass(frozen=True, slots=True)
class Change:
    """Stored results whose outcome would differ. `way` is towards project, towards product, or neither (empty)."""

    before: Outcome
    after: Outcome
    count: int | None  # None where fewer than LEAST_SHOWN

    @property
    def way(self) -> str:
        before, after = self.before.step, self.after.step
        if before is None or after is None or before == after:
            return ""
        return "project" if after > before else "product"


@dataclass(slots=True)
class Replay:
    """Stored answer sets scored by a draft, counted by (outcome then, outcome with the draft) where these differ."""

    fitting: int = 0
    not_fitting: int = 0
    counts: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)

    @property
    def changes(self) -> list[Change]:
        """From the most frequent down. No sum is told beside them: less what is told, it would give away a small number."""
        return [
            Change(before, after, count if count >= LEAST_SHOWN else None)
            for (before, after), count in self.counts.most_common()
        ]

    def add(self, questionnaire: Definition, stored: Iterable[Stored]) -> None:
        """Score stored results again. A set whose questions the draft does not have, or has more of, does not fit and is left out."""
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
class Compared:
    """Simulated figures of one form: the draft's, and those of the live version where there is one."""

    form: str
    draft: Figures
    live: Figures | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    probes: list[ResponsePattern]
    figures: list[Compared]
    replay: Replay

    @property
    def favoured(self) -> list[ResponsePattern]:
        return [probe for probe in self.probes if probe.favours]


def people_in(live: Definition | None, stored: int) -> int:
    """How many people a rehearsal goes through, simulated and stored: what `rehearsing` counts up to."""
    return PEOPLE * len(FORMS) * (2 if live else 1) + stored


def rehearsing(
    draft: Definition, *, live: Definition | None, stored: Iterable[Stored]
) -> Work:
    """Rehearse a draft that can be scored, a slice at a time. Yields the number of people behind it; returns the Rehearsal.

    A few seconds, and longer with many stored results. Nothing is written, and the slices add up to the same on every machine.
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
        Compared(form, figures[draft, form], figures[live, form] if live else None)
        for form in FORMS
    ]
    return Rehearsal(probes, compared, replay)


def rehearse(
    draft: Definition, *, live: Definition | None, stored: Iterable[Stored]
) -> Rehearsal:
    """The whole of it at once."""
    work = rehearsing(draft, live=live, stored=stored)
    while True:
        try:
            next(work)
        except StopIteration as end:
            rehearsal: Rehearsal = end.value
            return rehearsal

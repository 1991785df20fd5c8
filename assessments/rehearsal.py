"""What would happen if a draft were published: fixed probes, simulated people, and every stored answer set replayed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assessments.engine import Questionnaire, RequestError, score
from assessments.engine.probes import Probe, fixed_probes
from assessments.engine.simulation import Figures, simulate

PEOPLE = 10_000  # simulated, per form: about a second
SEED = 7
FORMS = ("full", "short")


@lru_cache(maxsize=32)
def figures(questionnaire: Questionnaire, form: str) -> Figures:
    """Simulated figures of one form; worked out once a process, for a definition never changes."""
    return simulate(questionnaire, form=form, people=PEOPLE, seed=SEED)


@dataclass(frozen=True, slots=True)
class Replay:
    """Stored answer sets scored by a draft. `changes` counts each (outcome then, outcome with the draft) that differ."""

    fitting: int
    not_fitting: int
    changes: tuple[tuple[str, str, int], ...]

    @property
    def changed(self) -> int:
        return sum(count for _, _, count in self.changes)


def replay(questionnaire: Questionnaire, stored: Iterable[tuple[str, str, int | None, str]]) -> Replay:
    """Score stored results again, each given as form, answers as JSON, seconds and outcome. A set whose questions the
    draft does not have, or has more of, does not fit and is left out."""
    ids = {form: {question.id for question in questionnaire.questions_of(form)} for form in FORMS}
    changes: Counter[tuple[str, str]] = Counter()
    fitting = not_fitting = 0
    for form, text, seconds, outcome in stored:
        answers = json.loads(text)
        try:
            now = score(questionnaire, answers, form=form, seconds=seconds).outcome if answers.keys() == ids[form] else None
        except RequestError:
            now = None
        if now is None:
            not_fitting += 1
            continue
        fitting += 1
        if now != outcome:
            changes[outcome, now] += 1
    return Replay(fitting, not_fitting, tuple((before, after, count) for (before, after), count in changes.most_common()))


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All three parts, beside the live version's figures where there is one."""

    probes: list[Probe]
    draft: dict[str, Figures]
    live: dict[str, Figures]
    replay: Replay

    @property
    def favoured(self) -> list[Probe]:
        return [probe for probe in self.probes if probe.favours]


def rehearse(draft: Questionnaire, *, live: Questionnaire | None, stored: Iterable[tuple[str, str, int | None, str]]) -> Rehearsal:
    """Rehearse a draft that can be read (engine.Questionnaire). Takes a few seconds, and longer with many stored results."""
    return Rehearsal(
        probes=fixed_probes(draft),
        draft={form: figures(draft, form) for form in FORMS},
        live={form: figures(live, form) for form in FORMS} if live else {},
        replay=replay(draft, stored),
    )

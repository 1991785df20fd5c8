"""The numbers on the admin's front page.

Numbers under ten people are hidden. Every picture has a table beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assessments.engine.outcomes import NOT_SHOWN, STORED
from assessments.engine.statistics import MIN_CELL
from assessments.engine.sums import WEEK, ItemSums, Sums
from assessments.models import Form, Version
from assessments.quality.cells import people_cell
from assessments.quality.page import FormAlarms, form_alarms
from assessments.quality.weeks_form import DEFAULT_WEEKS
from assessments.queries import dashboard, sums, versions
from assessments.results.outcome_words import short_words

# Percent of the picture: words stand before a bar, its number behind it.
BAR_FROM = 24
MAX_BAR_WIDTH = 60
STEP_HEIGHT = 28  # pixels
RESULT_PAGE = "A result"  # clicks on results are counted for all results together


@dataclass(frozen=True, slots=True)
class People:
    """A number of people, or of their clicks, shown in tens."""

    n: int

    def __str__(self) -> str:
        return people_cell(self.n).text


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One row of a funnel, with its bar. Few people have no bar."""

    name: str
    about: str
    people: People
    y: int
    width: float
    number_x: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the sittings of one form came, in the live version."""

    form: str
    label: str
    steps: tuple[FunnelStep, ...]

    @property
    def is_shown(self) -> bool:
        return self.steps[0].people.n >= MIN_CELL

    @property
    def height(self) -> int:
        return STEP_HEIGHT * len(self.steps)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The counts of the closed weeks of the last half year."""

    started: People
    finished: People
    funnels: tuple[Funnel, ...]
    outcomes: tuple[tuple[str, People], ...]
    clicks: tuple[tuple[str, People], ...]

    @property
    def has_people(self) -> bool:
        return self.started.n > 0


def numbers(live: Version | None, *, now: datetime) -> Numbers:
    """Sittings, funnels, outcomes and clicks; a sitting counts when it is over."""
    until = now.date()
    since = until - (DEFAULT_WEEKS - 1) * WEEK
    shown = {
        place: sums.sum_of(blocks)
        for place, blocks in sums.published_blocks(since=since, until=until).items()
    }
    outcomes = sum((each.outcomes for each in shown.values()), Counter[str]())
    return Numbers(
        started=People(sum(map(_started, shown.values()))),
        finished=People(outcomes.total()),
        funnels=tuple(_funnels(live, shown)) if live else (),
        # Every outcome: a missing one would reveal that nobody had it.
        outcomes=tuple(
            (short_words(outcome).capitalize(), People(outcomes[outcome]))
            for outcome in STORED
        ),
        clicks=tuple(
            (RESULT_PAGE if place == "result" else place, People(n))
            for place, n in dashboard.clicks(since=since)
        ),
    )


def alarms(live: Version, *, now: datetime) -> list[tuple[Form, FormAlarms]]:
    """The alarms of the live version by form."""
    since, until = live.published_at.date(), now.date()
    return [(form, form_alarms(live, form, since=since, until=until)) for form in Form]


def _started(form_sums: Sums) -> int:
    """Every sitting that is over reached the first question; none came only later."""
    reached = max((item.reached for item in form_sums.items.values()), default=0)
    return reached + _not_in_items(form_sums)


def _not_in_items(form_sums: Sums) -> int:
    """Sittings that the sums of questions leave out. They reached every section."""
    return sum(form_sums.outcomes[outcome] for outcome in NOT_SHOWN)


def _funnels(live: Version, shown: Mapping[tuple[int, str], Sums]) -> Iterator[Funnel]:
    questionnaire = versions.questionnaire_of(live)
    for form in Form:
        form_sums = shown.get((live.pk, form), Sums())
        steps = []
        for number, section in enumerate(questionnaire.sections_of(form), 1):
            first = form_sums.items.get(section.questions[0].id, ItemSums())
            people = first.reached + _not_in_items(form_sums)
            steps.append((f"Section {number}", section.stem, people))
        steps.append(("Finished", "They got a result.", form_sums.outcomes.total()))
        yield Funnel(form, form.label, tuple(_steps(steps)))


def _steps(steps: list[tuple[str, str, int]]) -> Iterator[FunnelStep]:
    steps = [(name, about, n - n % MIN_CELL) for name, about, n in steps]
    largest = max(n for _, _, n in steps)
    for row, (name, about, n) in enumerate(steps):
        width = round(MAX_BAR_WIDTH * n / largest, 2) if n else 0.0
        yield FunnelStep(
            name, about, People(n), row * STEP_HEIGHT, width, BAR_FROM + width
        )

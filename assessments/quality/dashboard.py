"""The numbers on the admin's front page.

Numbers under ten people are hidden. Every picture has a table beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from assessments.engine import Definition
from assessments.engine.outcomes import NOT_SHOWN, STORED
from assessments.engine.statistics import MIN_CELL
from assessments.models import Form, Version
from assessments.quality.cells import FEW
from assessments.quality.page import AlarmNotice, notices
from assessments.queries import dashboard, versions
from assessments.queries.dashboard import AttemptCount, OpenAttempts
from assessments.results.outcome_words import short_words

# Percent of the picture: words stand before a bar, its number behind it.
BAR_FROM = 24
MAX_BAR_WIDTH = 60
STEP_HEIGHT = 28  # pixels
RESULT_PAGE = "A result"  # clicks on results are counted for all results together


@dataclass(frozen=True, slots=True)
class People:
    """A number of people, or of their clicks, that is hidden under ten."""

    n: int

    def __str__(self) -> str:
        return f"{self.n:,}" if self.n >= MIN_CELL else FEW


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
    """How far this month's sittings of one form came, in the live version."""

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
    """All counts of the current month."""

    started: People
    finished: People
    started_today: People
    finished_today: People
    funnels: tuple[Funnel, ...]
    outcomes: tuple[tuple[str, People], ...]
    clicks: tuple[tuple[str, People], ...]

    @property
    def has_people(self) -> bool:
        return self.started.n > 0


def numbers(live: Version | None, *, now: datetime) -> Numbers:
    """Attempts, funnels, outcomes and clicks of this month, and attempts of today."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    span = {"since": today.replace(day=1), "today": today}
    questionnaire = versions.questionnaire_of(live) if live else None
    in_sums, fresh = (
        dashboard.outcomes_in_sums(**span),
        dashboard.outcomes_not_in_sums(**span),
    )
    reached = dashboard.reached_in_sums(**span)
    opened = dashboard.open_attempts(live, _places(questionnaire), **span)
    finished = [*in_sums, *fresh]
    begun = list(_begun(in_sums, fresh, reached, opened))
    return Numbers(
        started=People(sum(n for n, _ in begun)),
        finished=People(sum(sittings.n for sittings in finished)),
        started_today=People(sum(n for _, n in begun)),
        finished_today=People(sum(sittings.today for sittings in finished)),
        funnels=(
            tuple(_funnels(live, questionnaire, in_sums, fresh, reached, opened))
            if live and questionnaire
            else ()
        ),
        outcomes=tuple(_outcomes(finished)),
        clicks=tuple(
            (RESULT_PAGE if place == "result" else place, People(n))
            for place, n in dashboard.clicks(since=span["since"])
        ),
    )


def alarms(
    live: Version, *, now: datetime
) -> list[tuple[Form, tuple[AlarmNotice, ...]]]:
    """The alarms of the live version by form, without forms that have none."""
    since, until = live.published_at.date(), now.date()
    by_form = [(form, notices(live, form, since=since, until=until)) for form in Form]
    return [(form, form_notices) for form, form_notices in by_form if form_notices]


def _begun(
    in_sums: list[AttemptCount],
    fresh: list[AttemptCount],
    reached: list[AttemptCount],
    opened: list[OpenAttempts],
) -> Iterator[tuple[int, int]]:
    """Pairs of sittings begun this month and today. The pairs add up."""
    first: defaultdict[tuple[int, str], list[AttemptCount]] = defaultdict(list)
    for sittings in reached:
        first[sittings.version, sittings.form].append(sittings)
    # Every attentive or abandoned sitting has reached the first question, and none
    # reaches a later question without it. So the largest number counts them all.
    yield from (
        (max(row.n for row in rows), max(row.today for row in rows))
        for rows in first.values()
    )
    yield from ((row.n, row.today) for row in in_sums if row.counted in NOT_SHOWN)
    yield from ((row.n, row.today) for row in fresh)
    yield from ((row.n, row.today) for row in opened)


def _places(
    questionnaire: Definition | None,
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every section after the first of a form, with the questions before it."""
    places: dict[str, tuple[str, tuple[str, ...]]] = {}
    if questionnaire is None:
        return places
    for form in Form.values:
        before: tuple[str, ...] = ()
        for number, section in enumerate(questionnaire.sections_of(form), 1):
            if before:
                places[_place(form, number)] = (form, before)
            before += tuple(question.id for question in section.questions)
    return places


def _place(form: str, number: int) -> str:
    return f"{form}_{number}"


def _funnels(
    live: Version,
    questionnaire: Definition,
    in_sums: list[AttemptCount],
    fresh: list[AttemptCount],
    reached: list[AttemptCount],
    opened: list[OpenAttempts],
) -> Iterator[Funnel]:
    for form in Form:
        key = (live.pk, form)
        reached_question = {row.counted: row.n for row in reached if row[:2] == key}
        # The sums of questions leave these sittings out. They reached every section.
        finished_elsewhere = sum(
            row.n for row in in_sums if row[:2] == key and row.counted in NOT_SHOWN
        )
        finished_elsewhere += sum(row.n for row in fresh if row[:2] == key)
        still_open = [row for row in opened if row[:2] == key]
        steps = [
            (
                f"Section {number}",
                section.stem,
                reached_question.get(section.questions[0].id, 0)
                + finished_elsewhere
                + sum(
                    row.n if number == 1 else row.reached[_place(form, number)]
                    for row in still_open
                ),
            )
            for number, section in enumerate(questionnaire.sections_of(form), 1)
        ]
        finished = sum(row.n for row in [*in_sums, *fresh] if row[:2] == key)
        steps.append(("Finished", "They got a result.", finished))
        yield Funnel(form, form.label, tuple(_steps(steps)))


def _steps(steps: list[tuple[str, str, int]]) -> Iterator[FunnelStep]:
    largest = max(n for _, _, n in steps)
    for row, (name, about, n) in enumerate(steps):
        width = round(MAX_BAR_WIDTH * n / largest, 2) if n >= MIN_CELL else 0.0
        yield FunnelStep(
            name, about, People(n), row * STEP_HEIGHT, width, BAR_FROM + width
        )


def _outcomes(finished: Iterable[AttemptCount]) -> Iterator[tuple[str, People]]:
    """Every outcome in words. A missing outcome would reveal that nobody had it."""
    totals: Counter[str] = Counter()
    for sittings in finished:
        totals[sittings.counted] += sittings.n
    for outcome in STORED:
        yield short_words(outcome).capitalize(), People(totals[outcome])

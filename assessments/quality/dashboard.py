"""The numbers of the admin's front page, as its template shows them: nothing under ten people, every picture beside its table."""

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
from assessments.quality.page import Notice, notices
from assessments.queries import dashboard, versions
from assessments.queries.dashboard import AttemptCount, OpenAttempts
from assessments.results.outcome_words import short_words

WIDEST = 60  # per cent of the picture that the longest bar takes; words stand before it, its number behind
BAR_FROM = 24  # per cent
STEP_HEIGHT = 28  # pixels
EVERY_RESULT = "A result"


@dataclass(frozen=True, slots=True)
class People:
    """A number of people, or of their clicks, that is told from ten on."""

    n: int

    def __str__(self) -> str:
        return f"{self.n:,}" if self.n >= MIN_CELL else FEW


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a funnel, with its bar; of few people there is no bar."""

    name: str
    about: str
    people: People
    y: int
    width: float
    number_x: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far this month's sittings of one form of the live version came."""

    form: str
    label: str
    steps: tuple[Step, ...]

    @property
    def told(self) -> bool:
        return self.steps[0].people.n >= MIN_CELL

    @property
    def height(self) -> int:
        return STEP_HEIGHT * len(self.steps)


@dataclass(frozen=True, slots=True)
class Numbers:
    """All counts of one month so far."""

    started: People
    finished: People
    started_today: People
    finished_today: People
    funnels: tuple[Funnel, ...]
    outcomes: tuple[tuple[str, People], ...]
    clicks: tuple[tuple[str, People], ...]

    @property
    def anybody(self) -> bool:
        return self.started.n > 0


def numbers(live: Version | None, *, now: datetime) -> Numbers:
    """Takers, funnel, outcomes and clicks of the month that `now` is in, and of its day."""
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
        finished=People(sum(each.n for each in finished)),
        started_today=People(sum(n for _, n in begun)),
        finished_today=People(sum(each.today for each in finished)),
        funnels=tuple(_funnels(live, questionnaire, in_sums, fresh, reached, opened))
        if live and questionnaire
        else (),
        outcomes=tuple(_outcomes(finished)),
        clicks=tuple(
            (EVERY_RESULT if place == "result" else place, People(n))
            for place, n in dashboard.clicks(since=span["since"])
        ),
    )


def alarms(live: Version, *, now: datetime) -> list[tuple[Form, tuple[Notice, ...]]]:
    """What the sums of the live version say that should alarm, by form; forms without any are left out."""
    since, until = live.published_at.date(), now.date()
    found = [(form, notices(live, form, since=since, until=until)) for form in Form]
    return [(form, each) for form, each in found if each]


def _begun(
    in_sums: list[AttemptCount],
    fresh: list[AttemptCount],
    reached: list[AttemptCount],
    opened: list[OpenAttempts],
) -> Iterator[tuple[int, int]]:
    """Attempts begun, and those of today, in parts that add up."""
    first: defaultdict[tuple[int, str], list[AttemptCount]] = defaultdict(list)
    for each in reached:
        first[each.version, each.form].append(each)
    # Whoever was attentive or left has reached the first question, and nobody has reached another without it.
    yield from (
        (max(each.n for each in rows), max(each.today for each in rows))
        for rows in first.values()
    )
    yield from ((each.n, each.today) for each in in_sums if each.what in NOT_SHOWN)
    yield from ((each.n, each.today) for each in fresh)
    yield from ((each.n, each.today) for each in opened)


def _places(
    questionnaire: Definition | None,
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every section after a form's first, with the questions before it."""
    places = {}
    for form in Form.values if questionnaire else ():
        before: tuple[str, ...] = ()
        for number, section in enumerate(questionnaire.sections_of(form), 1):  # type: ignore[union-attr]
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
        ours = (live.pk, form)
        at = {each.what: each.n for each in reached if each[:2] == ours}
        # Results that the questions' sums do not hold have come the whole way.
        whole_way = sum(
            each.n for each in in_sums if each[:2] == ours and each.what in NOT_SHOWN
        )
        whole_way += sum(each.n for each in fresh if each[:2] == ours)
        still_open = [each for each in opened if each[:2] == ours]
        came = [
            (
                f"Section {number}",
                section.stem,
                at.get(section.questions[0].id, 0)
                + whole_way
                + sum(
                    each.n if number == 1 else each.reached[_place(form, number)]
                    for each in still_open
                ),
            )
            for number, section in enumerate(questionnaire.sections_of(form), 1)
        ]
        finished = sum(each.n for each in [*in_sums, *fresh] if each[:2] == ours)
        yield Funnel(
            form,
            form.label,
            tuple(_steps([*came, ("Finished", "A result was given.", finished)])),
        )


def _steps(came: list[tuple[str, str, int]]) -> Iterator[Step]:
    most = max(n for _, _, n in came)
    for row, (name, about, n) in enumerate(came):
        width = round(WIDEST * n / most, 2) if n >= MIN_CELL else 0.0
        yield Step(name, about, People(n), row * STEP_HEIGHT, width, BAR_FROM + width)


def _outcomes(finished: Iterable[AttemptCount]) -> Iterator[tuple[str, People]]:
    """Every outcome in words, also those that nobody had.

    Which outcomes nobody had would give away small numbers.
    """
    totals: Counter[str] = Counter()
    for sittings in finished:
        totals[sittings.what] += sittings.n
    for outcome in STORED:
        yield short_words(outcome).capitalize(), People(totals[outcome])

"""An attacker reads all that staff can read, at all moments, and isolates nobody.

Each form of each version is a history of its own, so one roll-up serves many.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from assessments.actions.clicks import count_click
from assessments.actions.sums import SETTLED, add_dropouts, roll_up
from assessments.drafts.rehearsal import Replay
from assessments.engine import Definition
from assessments.engine.blocks import WeeksBlock, steps
from assessments.engine.statistics import MIN_CELL
from assessments.engine.sums import WEEK, Sums
from assessments.keys import digest
from assessments.models import Attempt, CountDay, FollowUp, Form, Owner, Result, Version
from assessments.quality import dashboard
from assessments.quality.cells import FEW, HIDDEN
from assessments.quality.page import form_alarms, headlines, quality_page
from assessments.queries import answers, versions
from assessments.queries.dashboard import clicks
from assessments.queries.sums import open_from, published_blocks, waiting_from
from tests.support.closed_weeks import cells
from tools.fill_results import Person, canonical, person

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HISTORIES = int(os.environ.get("HISTORIES", "12"))
WEEKS = 6
BEGINNING = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
KEPT = datetime(2100, 1, 1, tzinfo=UTC)
WISHES = ("first", "second", "either", "unknown", "")
Shown = dict[tuple[int, str], list[WeeksBlock]]


class World:
    """Random people who take the questionnaire, and what they do later."""

    def __init__(self, version: Version, chance: Random) -> None:
        self.chance = chance
        self.live = version
        self.number = count()
        self.questionnaire = versions.questionnaire_of(version)
        pool = [person(self.questionnaire, chance, 0.8) for _ in range(60)]
        self.people = {
            form: [one for one in pool if one.form == form] for form in Form.values
        }
        fields = {
            field.attname: getattr(version, field.attname)
            for field in Version._meta.concrete_fields
            if not field.primary_key
        }
        copies = [
            Version(**fields | {"number": number})
            for number in range(2, HISTORIES // len(Form.values) + 1)
        ]
        self.versions = [version, *Version.objects.bulk_create(copies)]

    def pass_until(self, now: datetime) -> None:
        """People finish, leave, come late, tell how it turned out, and delete."""
        finished, left = [], []
        for version in self.versions:
            for form in Form.values:
                pool = self.people[form]
                finished += [
                    (version, form, self.chance.choice(pool))
                    for _ in range(self.chance.choice((0, 0, 1, 1, 3, 7, 14)))
                ]
                left += [
                    (version, form, self.chance.choice(pool))
                    for _ in range(self.chance.choice((0, 0, 0, 2, 9)))
                ]
        self.finish(finished, now)
        self.leave(left, now)
        self.tell(now)
        gone = Result.objects.values_list("attempt", flat=True)
        Attempt.objects.filter(pk__in=[pk for pk in gone if self.one_in(40)]).delete()
        for _ in range(self.chance.choice((0, 1, 9, 14))):
            count_click(self.chance.choice(("/", "result")), day=now.date())

    def one_in(self, n: int) -> bool:
        return self.chance.randrange(n) == 0

    def owners(self, n: int) -> list[Owner]:
        return Owner.objects.bulk_create(
            Owner(key_sha256=digest(f"attacker {next(self.number)}")) for _ in range(n)
        )

    def finish(self, visits: list[tuple[Version, str, Person]], now: datetime) -> None:
        # Every tenth becomes visible late: its week may be closed.
        times = [
            now - timedelta(days=self.chance.randrange(15) if self.one_in(10) else 0)
            for _ in visits
        ]
        attempts = Attempt.objects.bulk_create(
            Attempt(
                owner=owner,
                version=version,
                form=form,
                answers=visitor.answers,
                seconds=visitor.seconds,
                timings=visitor.timings,
                started_at=at,
                changed_at=at,
                finished_at=at,
            )
            for owner, (version, form, visitor), at in zip(
                self.owners(len(visits)), visits, times, strict=True
            )
        )
        Result.objects.bulk_create(
            Result(
                owner=attempt.owner,
                number=1,
                attempt=attempt,
                version=attempt.version,
                form=attempt.form,
                outcome=visitor.outcome,
                answers=canonical(visitor.answers),
                seconds=visitor.seconds,
                reply=visitor.reply,
                wish=self.chance.choice(WISHES),
                finished_at=attempt.finished_at,
                expires_at=KEPT,
            )
            for attempt, (_, _, visitor) in zip(attempts, visits, strict=True)
        )

    def leave(self, visits: list[tuple[Version, str, Person]], now: datetime) -> None:
        Attempt.objects.bulk_create(
            Attempt(
                owner=owner,
                version=version,
                form=form,
                answers=dict(
                    list(visitor.answers.items())[: self.chance.choice((0, 1, 9))]
                ),
                started_at=now,
                changed_at=now,
            )
            for owner, (version, form, visitor) in zip(
                self.owners(len(visits)), visits, strict=True
            )
        )
        if self.one_in(2):
            unfinished = Attempt.objects.filter(finished_at=None)
            with transaction.atomic():
                add_dropouts(unfinished)
                unfinished.delete()

    def tell(self, now: datetime) -> None:
        asked = Result.objects.filter(owner__follow_up=None).values_list("pk", "owner")
        FollowUp.objects.bulk_create(
            FollowUp(
                owner_id=owner,
                result_id=pk,
                consented_at=now,
                answered_at=now,
                chosen=self.chance.choice(("first", "second")),
                liking=self.chance.choice((1, 4)),
            )
            for pk, owner in asked
            if self.one_in(3)
        )


def moments(chance: Random) -> Iterator[datetime]:
    now = BEGINNING
    while now < BEGINNING + WEEKS * WEEK:
        now += timedelta(hours=chance.randrange(1, 150))
        yield now


def everything() -> Shown:
    return published_blocks(since=date.min, until=date(9999, 1, 1))


def nobody_is_alone(before: Counter[Any], after: Counter[Any]) -> None:
    for cell in before.keys() | after.keys():
        gained = after[cell] - before[cell]
        assert gained == 0 or gained >= MIN_CELL, (cell, before[cell], after[cell])


def is_in_tens(text: str) -> bool:
    return text in (FEW, HIDDEN) or int(text.replace(",", "")) % MIN_CELL == 0


def read_pages(world: World, since: date, until: date, now: datetime) -> None:
    """Every number of people on pages and in files is in tens."""
    chance = world.chance
    version, form = chance.choice(world.versions), chance.choice(Form.values)
    page = quality_page(version, form, since=since, until=until)
    for table in page.tables.values():
        heads, *lines = table.lines()
        for place in [place for place, head in enumerate(heads) if head == "People"]:
            assert all(is_in_tens(str(line[place])) for line in lines)
    assert page.alarms == form_alarms(version, form, since=since, until=until)
    assert is_in_tens(page.results)
    assert all(is_in_tens(row.results) for row in headlines(since=since, until=until))
    board = dashboard.numbers(world.live, now=now)
    people = [board.started, board.finished]
    people += [step.people for funnel in board.funnels for step in funnel.steps]
    people += [each for _, each in (*board.outcomes, *board.clicks)]
    assert all(is_in_tens(str(each)) for each in people)


def replay_of(draft: Definition) -> Replay:
    replay = Replay()
    replay.add(draft, answers.stored_answers())
    told = [replay.fitting, replay.not_fitting]
    told += [change.count for change in replay.changes]
    assert all(n % MIN_CELL == 0 for n in told)
    return replay


def test_attacker_isolates_nobody(questionnaire: Version) -> None:
    if connection.vendor == "postgresql":
        # Making up many people takes longer than the site lets a transaction idle.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    chance = Random(1)
    world = World(questionnaire, chance)
    before: Shown = {}
    clicked: Counter[Any] = Counter()
    for now in moments(chance):
        world.pass_until(now)
        if chance.random() < 0.3:
            assert everything() == before  # nothing that is not rolled up is shown
            continue
        roll_up(now=now + (SETTLED if chance.random() < 0.8 else timedelta(0)))
        shown = everything()
        for place, blocks in shown.items():
            seen = before.get(place, [])
            # What was shown stays. A later look adds whole blocks, and nothing else.
            assert blocks[: len(seen)] == seen
            # A range is blocks on end, and so is the difference of two. Those that end
            # in what was shown before have been looked at.
            for end in range(len(seen), len(blocks)):
                run: Counter[Any] = Counter()
                for block in reversed(blocks[: end + 1]):
                    run.update(cells(block.sums))
                    nobody_is_alone(Counter(), run)
        assert before.keys() <= shown.keys()
        before = shown
        more = Counter(dict(clicks(since=date.min)))
        nobody_is_alone(clicked, more)
        clicked = more
        if chance.random() < 0.6:
            continue
        first, last = sorted(
            BEGINNING.date() + chance.randrange(WEEKS) * WEEK for _ in range(2)
        )
        ranged = published_blocks(since=first, until=last)
        assert ranged == {
            place: some
            for place, blocks in shown.items()
            if (some := [b for b in blocks if first <= b.first and b.last <= last])
        }
        read_pages(world, first, last, now)
    assert sum(map(len, before.values())) > HISTORIES
    total = sum((b.sums for blocks in before.values() for b in blocks), Sums())
    assert total.scales
    assert all((total.outcomes, total.turnout, total.wishes))
    # Everything in the sums that is not shown waits. Nothing is shown twice.
    held = sum(CountDay.objects.filter(kind="outcome").values_list("n", flat=True))
    assert total.outcomes.total() <= held
    # A rehearsal, before and after two more weeks are closed.
    earlier = steps(replay_of(world.questionnaire).weeks)
    roll_up(now=BEGINNING + (WEEKS + 2) * WEEK)
    nobody_is_alone(earlier, steps(replay_of(world.questionnaire).weeks))


def test_before_the_first_roll_up_nothing_is_shown(questionnaire: Version) -> None:
    assert open_from() is None
    assert (everything(), clicks(since=date.min)) == ({}, [])
    assert waiting_from(questionnaire, "full") is None
    assert list(answers.stored_answers()) == []

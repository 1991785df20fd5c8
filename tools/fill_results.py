"""Fills the database with seeded results of invented people on the published version, for measuring. Never for a live site.

    python tools/fill_results.py --count 100000 --seed 1 --days 30

Replies are those of the engine for a pool of at most 5,000 different people, so that a million results take minutes and not hours.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import django

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rolefit.settings")
    django.setup()

from django.db import transaction
from django.utils import timezone

from assessments.actions.attempts import canonical
from assessments.engine import Definition, QuestionDefinition, score
from assessments.keys import digest
from assessments.models import Attempt, Owner, Result, Version
from assessments.queries import versions

POOL = 5_000
SLICE = 10_000  # rows a transaction
SHORT_SHARE, SKIP_SHARE, CORRECTED_SHARE, HASTY_SHARE = 0.2, 0.01, 0.05, 0.05
AGAIN_SHARE = 0.03  # sit down a second time, under the same key


@dataclass(frozen=True)
class Person:
    form: str
    answers: dict[str, int | None]
    seconds: int | None
    outcome: str
    reply: str
    timings: dict[str, float]


def person(questionnaire: Definition, chance: Random, timed: float) -> Person:
    """Somebody with a pull to one role and a liking of her own, who now and then is hasty or not sure. `timed`: the share of
    people whose browser tells the seconds on each question."""
    form = "short" if chance.random() < SHORT_SHARE else "full"
    pull, liking = chance.gauss(0, 0.8), chance.gauss(2.3, 0.7)
    answers = {
        question.id: button(question, chance, pull, liking)
        for question in questionnaire.questions_of(form)
    }
    seconds: int | None = (
        chance.randint(5, 9) * len(answers)
        if chance.random() > HASTY_SHARE
        else chance.choice((len(answers), None))
    )
    result = score(questionnaire, answers, form=form, seconds=seconds)
    if result.scores is None:
        return person(
            questionnaire, chance, timed
        )  # too few: a result is never stored for that
    return Person(
        form,
        answers,
        seconds,
        result.outcome,
        canonical(result.reply()),
        timings={
            question: round(chance.lognormvariate(2, 0.6), 1) for question in answers
        }
        if chance.random() < timed
        else {},
    )


def button(
    question: QuestionDefinition, chance: Random, pull: float, liking: float
) -> int | None:
    if chance.random() < SKIP_SHARE:
        return None
    if question.side is None:
        return min(max(round(chance.gauss(liking, 1)), 0), 4)
    towards = pull if question.side == "right" else -pull
    return min(max(round(chance.gauss(3 + towards, 1)), 1), 5)


def fill(
    version: Version,
    *,
    count: int,
    seed: int,
    until: datetime,
    days: int,
    timed: float = 0.9,
) -> None:
    """Store `count` results on `version`, finished evenly over the `days` before `until`, the last one an hour before it."""
    chance = Random(seed)
    questionnaire = versions.questionnaire_of(version)
    pool = [person(questionnaire, chance, timed) for _ in range(min(count, POOL))]
    last = until - timedelta(hours=1)
    first = last - timedelta(days=days - 1)
    step = (last - first) / max(count, 1)
    for start in range(0, count, SLICE):
        numbers = range(start, min(start + SLICE, count))
        people = [chance.choice(pool) for _ in numbers]
        times = [first + step * (number + 1) for number in numbers]
        store(
            version, people, times, [f"{seed} {number}" for number in numbers], chance
        )


@transaction.atomic
def store(
    version: Version,
    people: list[Person],
    times: list[datetime],
    names: list[str],
    chance: Random,
) -> None:
    # The last of these rows are second sittings of those who came first, so that some days lie between.
    again = int(len(names) * AGAIN_SHARE)
    fresh = Owner.objects.bulk_create(
        [Owner(key_sha256=digest(name)) for name in names[again:]]
    )
    owners = [*fresh, *fresh[:again]]
    attempts = Attempt.objects.bulk_create(
        [
            Attempt(
                owner=owner,
                version=version,
                form=each.form,
                answers=each.answers,
                seconds=each.seconds,
                timings=each.timings,
                started_at=at,
                changed_at=at,
                finished_at=at,
            )
            for owner, each, at in zip(owners, people, times, strict=True)
        ]
    )
    corrected = [
        attempt for attempt in attempts[1:] if chance.random() < CORRECTED_SHARE
    ]
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in corrected]).update(
        made_from=attempts[0]
    )
    Result.objects.bulk_create(
        [
            Result(
                owner=attempt.owner,
                number=1 if place < len(names) - again else 2,
                attempt=attempt,
                version=version,
                form=each.form,
                outcome=each.outcome,
                answers=canonical(each.answers),
                seconds=each.seconds,
                reply=each.reply,
                finished_at=at,
                expires_at=at + timedelta(days=365),
            )
            for place, (attempt, each, at) in enumerate(
                zip(attempts, people, times, strict=True)
            )
        ]
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--timed", type=float, default=0.9)
    options = parser.parse_args()
    live = versions.live_version()
    if live is None:
        sys.exit("Nothing is published: run `manage.py prepare` first.")
    fill(
        live,
        count=options.count,
        seed=options.seed,
        until=timezone.now(),
        days=options.days,
        timed=options.timed,
    )

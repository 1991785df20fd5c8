"""Fills the database with results of invented people, to measure with many results.

It uses the published version. Never run it on a live site.

    python tools/fill_results.py --count 100000 --seed 1 --days 30

The engine scores at most 5,000 people. The database copies their rows for the others,
so that a million results take minutes and not hours.
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

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from assessments.actions.attempts import canonical
from assessments.engine import Definition, QuestionDefinition, score
from assessments.keys import digest
from assessments.models import Attempt, Owner, Result, Version
from assessments.queries import versions

POOL = 5_000
COPIES = 10  # of the pool in one transaction
# 64 random hexadecimal digits, as a SHA-256 has.
RANDOM_KEY = {
    "sqlite": "lower(hex(randomblob(32)))",
    "postgresql": "replace(concat(gen_random_uuid(), gen_random_uuid()), '-', '')",
}
SHORT_SHARE, SKIP_SHARE, CORRECTED_SHARE, HASTY_SHARE = 0.2, 0.01, 0.05, 0.05
RETEST_SHARE = 0.03  # people who answer a second time, under the same key


# In the order of their foreign keys.
COPIED: list[type[Model]] = [Owner, Attempt, Result]


@dataclass(frozen=True)
class Person:
    form: str
    answers: dict[str, int | None]
    seconds: int | None
    outcome: str
    reply: str
    timings: dict[str, float]


def person(questionnaire: Definition, chance: Random, timed: float) -> Person:
    """A person with a pull to one role and a liking for work, at times hasty or unsure.

    `timed`: the share of people whose browser reports the seconds on each question.
    """
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
        # Too few answers make no result: draw another person.
        return person(questionnaire, chance, timed)
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
    """Store `count` results on `version`, finished evenly over `days`.

    The last one finishes an hour before `until`. Beyond POOL, each result is a copy of
    one of the first POOL, with an owner and ids of its own.
    """
    chance = Random(seed)
    questionnaire = versions.questionnaire_of(version)
    scored = min(count, POOL)
    pool = [person(questionnaire, chance, timed) for _ in range(scored)]
    last = until - timedelta(hours=1)
    first = last - timedelta(days=days - 1)
    step = (last - first) / max(scored, 1)
    people = [chance.choice(pool) for _ in range(scored)]
    times = [first + step * (number + 1) for number in range(scored)]
    names = [f"{seed} {number}" for number in range(scored)]
    before = {model: last_id(model) for model in COPIED}
    store(version, people, times, names, chance)
    if count > scored:
        copy(before, scored, count - scored)


def last_id(model: type[Model]) -> int:
    newest: int = model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
    return newest


def copy(before: dict[type[Model], int], size: int, count: int) -> None:
    """Store `count` results more, as copies of the `size` results after `before`.

    A copy has the ids of its original plus a multiple of what the originals span.
    """
    spans = {
        model: (
            model._default_manager.filter(pk__gt=before[model]).earliest("pk").pk,
            last_id(model),
        )
        for model in COPIED
    }
    whole, rest = divmod(count, size)
    parts = [
        (number + 1, min(number + COPIES, whole), size)
        for number in range(0, whole, COPIES)
    ]
    parts += [(whole + 1, whole + 1, rest)] if rest else []
    for first, last, originals in parts:
        with transaction.atomic(), connection.cursor() as cursor:
            for model in COPIED:
                start, end = spans[model]
                ids = start, min(end, start + originals - 1)
                cursor.execute(_copying(model, spans), [first, last, *ids])
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), COPIED):
            cursor.execute(statement)


def _copying(model: type[Model], spans: dict[type[Model], tuple[int, int]]) -> str:
    """An INSERT with four parameters.

    They are the numbers of the first and last copy, and the first and last id to copy.
    """
    values = {}
    for field in model._meta.concrete_fields:
        column = str(field.column)
        moved = model if field.primary_key else field.related_model
        values[column] = column
        if moved in spans:
            start, end = spans[moved]
            values[column] = f"{column} + copy * {end - start + 1}"
        if field.name == "key_sha256":
            values[column] = RANDOM_KEY[connection.vendor]
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(values)}) "  # noqa: S608
        "WITH RECURSIVE copies(copy) AS (SELECT %s UNION ALL "
        "SELECT copy + 1 FROM copies WHERE copy < %s) "
        f"SELECT {', '.join(values.values())} FROM copies CROSS JOIN {table} "
        "WHERE id BETWEEN %s AND %s ORDER BY copy, id"
    )


@transaction.atomic
def store(
    version: Version,
    people: list[Person],
    times: list[datetime],
    names: list[str],
    chance: Random,
) -> None:
    # The last rows are second sittings of the first people, so days lie between them.
    retests = int(len(names) * RETEST_SHARE)
    new_owners = Owner.objects.bulk_create(
        [Owner(key_sha256=digest(name)) for name in names[retests:]]
    )
    owners = [*new_owners, *new_owners[:retests]]
    attempts = Attempt.objects.bulk_create(
        [
            Attempt(
                owner=owner,
                version=version,
                form=visitor.form,
                answers=visitor.answers,
                seconds=visitor.seconds,
                timings=visitor.timings,
                started_at=at,
                changed_at=at,
                finished_at=at,
            )
            for owner, visitor, at in zip(owners, people, times, strict=True)
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
                number=1 if place < len(names) - retests else 2,
                attempt=attempt,
                version=version,
                form=visitor.form,
                outcome=visitor.outcome,
                answers=canonical(visitor.answers),
                seconds=visitor.seconds,
                reply=visitor.reply,
                finished_at=at,
                expires_at=at + timedelta(days=365),
            )
            for place, (attempt, visitor, at) in enumerate(
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

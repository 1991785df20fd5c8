"""Measures the roll-up and the quality page with few and with many results.

    python tools/with_postgres.py \
        python tools/bench_quality.py --few 1000 --many 100000

It fills the database of DATABASE_URL, which must be empty: two versions with the same
questions, one with few results and one with many, over the same days. It fails where
the page with many results takes more than 1.5 times as long as the page with few, or
where the roll-up adds fewer than 1,000 results a second.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import django

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions.drafts import duplicate
from assessments.actions.sums import roll_up
from assessments.actions.versions import publish
from assessments.models import Questionnaire, Version
from tests.support.second_factor import give_with_force_login
from tools.fill_results import fill

DAYS = 182  # what the page shows by default
ROUNDS = 15
MAX_RATIO, MIN_RESULTS_A_SECOND = 1.5, 1_000


def publish_again(version: Version) -> Version:
    """A second version with the same questions."""
    draft = duplicate(version)
    Questionnaire.objects.filter(pk=draft.pk).update(name=f"{draft.name} once more")
    draft.refresh_from_db()
    return publish(draft, by=None)


def fill_and_roll_up(version: Version, count: int) -> float:
    """Results a second of the roll-up alone."""
    fill(version, count=count, seed=version.number, until=timezone.now(), days=DAYS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does in time
    began = perf_counter()
    roll_up(now=timezone.now())  # without the pauses of the daily job
    return count / (perf_counter() - began)


def analyst() -> Client:
    user = User.objects.create_superuser("analyst@example.org", "analyst@example.org")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client(headers={"host": "localhost"})
    give_with_force_login()
    client.force_login(user)
    return client


def seconds(client: Client, version: Version) -> float:
    began = perf_counter()
    response = client.get(
        reverse("admin:assessments_rollup_page", args=[version.number, "full"])
    )
    if response.status_code != 200:
        sys.exit(f"The quality page answers {response.status_code}.")
    return perf_counter() - began


def page_seconds(versions: tuple[Version, Version]) -> tuple[float, float]:
    """The median of both pages, taken in turn, so that other load slows both alike."""
    client = analyst()
    for version in versions:
        seconds(client, version)
    rounds = [
        tuple(seconds(client, version) for version in versions) for _ in range(ROUNDS)
    ]
    few, many = (median(column) for column in zip(*rounds, strict=True))
    return few, many


def main(few: int, many: int) -> int:
    if connection.introspection.table_names():
        sys.exit("This fills a database with invented people: give it an empty one.")
    call_command("prepare", verbosity=0)
    first = Version.objects.earliest("number")
    versions = first, publish_again(first)
    fill_and_roll_up(versions[0], few)
    a_second = fill_and_roll_up(versions[1], many)
    quick, slow = page_seconds(versions)
    print(f"roll-up of {many:,} results: {a_second:,.0f} a second")
    print(
        f"quality page: {few:,} results {1000 * quick:.1f} ms, "
        f"{many:,} results {1000 * slow:.1f} ms, ratio {slow / quick:.2f}"
    )
    return 0 if slow <= MAX_RATIO * quick and a_second >= MIN_RESULTS_A_SECOND else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    options = parser.parse_args()
    sys.exit(main(options.few, options.many))

"""Measures a coach's pages of few and of many people, side by side.

    python tools/with_postgres.py python tools/bench_groups.py --few 50 --many 5000

It runs on the database of DATABASE_URL, which must be empty. It fails where a page of
the large group takes more than 1.5 times as long as that of the small one.
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

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from assessments.models import Coach
from tests.support.coaching import invite, make_coach, make_manager, signed_in_as
from tests.support.group import (
    GROUP_ADDRESSES,
    PEOPLE_ADDRESSES,
    fill_group,
    fill_workspace,
)
from tests.support.second_factor import give_with_force_login

LIST = "/coach/groups/"
MAX_RATIO = 1.5
ROUNDS = 25
# Seconds. The list of groups is so short that counting 5,000 rows shows in a ratio.
MAX_UNNOTICED = 0.02


def make_group(coach: Coach, size: int) -> tuple[Client, int]:
    group = invite(coach)
    fill_group(group, size)
    return signed_in_as(coach.user), group.pk


def make_workspace(coach: Coach, size: int) -> tuple[Client, int]:
    groups = [invite(coach) for _ in range(5)]
    fill_workspace(groups, size)
    return signed_in_as(coach.user), groups[0].pk


def seconds(browser: Client, address: str) -> float:
    began = perf_counter()
    if browser.get(address).status_code != 200:
        sys.exit(f"{address} does not answer.")
    return perf_counter() - began


def compare(address: str, groups: list[tuple[Client, int]]) -> tuple[float, float]:
    """Take the medians in turn, so that other load slows both alike."""
    pages = [(browser, address.format(group=group)) for browser, group in groups]
    rounds = [[seconds(*page) for page in pages] for _ in range(ROUNDS)]
    small, large = (median(column) for column in zip(*rounds, strict=True))
    return small, large


def main(few: int, many: int) -> int:
    give_with_force_login()
    if connection.introspection.table_names():
        sys.exit("This fills a database with invented people: give it an empty one.")
    settings.ALLOWED_HOSTS = ["*"]
    call_command("prepare", verbosity=0)
    manager = make_manager()
    groups = [
        make_group(make_coach("Carla", by=manager), few),
        make_group(make_coach("Otto", by=manager), many),
    ]
    workspaces = [
        make_workspace(make_coach("Petra", by=manager), few),
        make_workspace(make_coach("Quinn", by=manager), many),
    ]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does in time
    slow = 0
    pages = [
        (LIST, groups),
        *((f"/coach/{{group}}/{page}", groups) for page in GROUP_ADDRESSES),
        *((f"/coach/{page}", workspaces) for page in PEOPLE_ADDRESSES),
    ]
    for address, owned in pages:
        small, large = compare(address, owned)
        print(f"{address}: {1000 * small:.1f} ms and {1000 * large:.1f} ms")
        unnoticed = MAX_UNNOTICED * (address == LIST)
        if large > MAX_RATIO * small and large - small > unnoticed:
            print(f"  more than {MAX_RATIO} times as long")
            slow += 1
    return 1 if slow else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=50)
    parser.add_argument("--many", type=int, default=5_000)
    options = parser.parse_args()
    sys.exit(main(options.few, options.many))

"""Measures what could grow with the number of results, on the database as it is.

    python tools/bench_jobs.py

These are the pages of coaches and staff, a client who deletes everything, and one slice
of each daily job (assessments/actions/slices.py). Call it with few results in the
database and again with many. Times are the shortest of several, in ms, and include the
database. It adds a coach with a group and lets results expire: never run it on a live
site.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import django

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rolefit.settings")
    django.setup()

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions.retention import (
    delete_everything,
    forget_old,
    forget_timings,
)
from assessments.actions.sums import roll_up
from assessments.management.commands.forget_old import TIMINGS_KEPT
from assessments.management.commands.verify_results import next_part, verifies
from assessments.models import Owner, Result, RollUp
from assessments.queries.overdue import overdue
from tests.support.coaching import invite, make_coach, make_manager, signed_in_as
from tests.support.group import fill_group
from tests.support.second_factor import give_with_force_login

CLIENTS = 50
PART = 100  # results that a job is measured with
ROUNDS = 10
DELETIONS = 3  # rounds that delete results


def ms(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return 1000 * (perf_counter() - began)


def show(name: str, rounds: list[float]) -> None:
    print(f"{name:<36}{min(rounds):>10.1f} ms", flush=True)


def page(browser: Client, address: str) -> Callable[[], None]:
    def ask() -> None:
        status = browser.get(address).status_code
        if status != 200:
            raise AssertionError(f"{address} answered {status}")

    return ask


def measure_pages(name: str) -> None:
    give_with_force_login()
    manager = make_manager(f"manager-of-{name}")
    group = invite(make_coach(name, by=manager))
    fill_group(group, CLIENTS)
    coach = signed_in_as(group.coach.user)
    staff = User.objects.create_superuser(f"{name}@staff.example")
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={})
    admin = Client()
    admin.force_login(staff)
    client = group.participations.latest("pk").pk
    for label, browser, address in [
        ("a coach's groups", coach, "/coach/groups/"),
        (f"a group of {CLIENTS}", coach, f"/coach/{group.pk}/"),
        ("the group by lean", coach, f"/coach/{group.pk}/?sort=project"),
        ("a client", coach, f"/coach/client/{client}/"),
        ("admin, front page", admin, reverse("admin:index")),
        ("quality", admin, reverse("admin:assessments_rollup_changelist")),
        (
            "quality of the full form",
            admin,
            reverse("admin:assessments_rollup_page", args=[1, "full"]),
        ),
    ]:
        ask = page(browser, address)
        ask()
        show(label, [ms(ask) for _ in range(ROUNDS)])


def expire(count: int) -> None:
    """Let the oldest results expire."""
    oldest = list(Result.objects.order_by("pk").values_list("pk", flat=True)[:count])
    Result.objects.filter(pk__in=oldest).update(expires_at=timezone.now())


def wait_for_roll_up(count: int) -> None:
    """Let the newest results wait, as when the job runs every hour."""
    newest = Result.objects.order_by("-pk").values_list("pk", flat=True)
    RollUp.objects.update_or_create(pk=1, defaults={"watermark": newest[count]})


def owner_in_the_middle() -> Owner:
    middle = Result.objects.order_by("pk").values_list("owner", flat=True)
    return Owner.objects.get(pk=middle[Result.objects.count() // 2])


def measure_jobs() -> None:
    tomorrow = timezone.now() + timedelta(days=1)  # so that all results are settled

    def forget() -> None:
        forget_old(now=timezone.now())

    def empty() -> None:
        forget_timings(now=timezone.now(), kept=TIMINGS_KEPT)

    def verify() -> None:
        last = Result.objects.order_by("-pk").values_list("pk", flat=True)[PART]
        if not all(map(verifies, next_part(last))):
            raise AssertionError("a result differs")

    roll_up(now=tomorrow, slices=1)
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        wait_for_roll_up(PART)
        times["rollup"].append(ms(lambda: roll_up(now=tomorrow)))
        times["rollup, nothing to do"].append(ms(lambda: roll_up(now=tomorrow)))
        times["verify_results"].append(ms(verify))
        times["whether jobs are late"].append(ms(lambda: overdue(now=tomorrow)))
    empty()
    for _ in range(DELETIONS):
        expire(PART)
        times["forget_old, results"].append(ms(forget))
        times["forget_old, nothing to do"].append(ms(forget))
        times["forget_old, no seconds to empty"].append(ms(empty))
        owner = owner_in_the_middle()
        times["a visitor deletes everything"].append(
            ms(partial(delete_everything, owner))
        )
    for name, rounds in times.items():
        show(name, rounds)


def main() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    logging.disable(logging.INFO)  # sign-ins
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does in time
    results = Result.objects.count()
    print(f"Pages of coaches and staff, and {PART} results of each daily job, in ms:")
    measure_jobs()
    measure_pages(f"Coach{results}")


if __name__ == "__main__":
    main()

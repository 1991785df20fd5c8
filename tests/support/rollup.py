"""The roll-up in a process of its own, and second sittings for it to count."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from assessments.actions.sums import roll_up
from assessments.engine.sums import Sums
from assessments.models import Attempt, CountDay, Result, RollUp, Version
from assessments.queries.sums import stored_weeks, whole_weeks
from tests.support.taker import EXAMPLES, Taker, answers_of

LATER = timedelta(minutes=11)
ALWAYS = {"since": date.min, "until": date(9999, 1, 1)}
ROOT = Path(__file__).resolve().parents[2]
# Rolls up a slice of 40 results after another. Every process kills itself before a
# write, each one write later than the one before. The first that lives is the last.
KILLED = """
import os
import signal
import sys
from itertools import count
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.db import connection
from django.utils import timezone
from assessments.actions import sums
sums.SLICE = 40
def killed_before(last):
    writes = count(1)
    def execute(act, sql, *rest):
        if sql.startswith(("INSERT", "UPDATE")) and next(writes) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(sql, *rest)
    return connection.execute_wrapper(execute)
for last in count(1):
    if os.fork() == 0:
        with killed_before(last):
            sums.roll_up(now=timezone.now())
        sys.exit()
    _, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    if code != -signal.SIGKILL:
        break
print(last - 1)
sys.exit(code)
"""


def killed_at_every_write() -> int:
    """Roll up the test's database in processes of their own that are killed in turn.

    How many of them were. Raises if the last of them fails.
    """
    name = str(connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=True,
    )
    return int(done.stdout)


def sums_of(version: Version, form: str, *, since: date, until: date) -> Sums:
    """What is stored of the weeks of `since` to `until`, whether shown or not."""
    only = version.pk, form
    first, last = whole_weeks(since, until)
    weeks = stored_weeks(only, before=date.max).get(only, {})
    return sum((sums for day, sums in weeks.items() if first <= day <= last), Sums())


def watermark() -> int:
    return RollUp.objects.values_list("watermark", flat=True).first() or 0


def again(visitor: Taker, example: str, *, after: timedelta) -> None:
    """The same owner takes the questionnaire afresh, and finishes so long after the
    newest result.
    """
    before = visitor.result().finished_at
    visitor.client.post("/quiz/", {"form": EXAMPLES[example][0], "who": "same"})
    for number in range(1, 7 if EXAMPLES[example][0] == "full" else 4):
        visitor.answer(number, answers_of(example))
    Attempt.objects.filter(finished_at=None).update(seconds=300)
    visitor.client.post("/quiz/review/")
    Result.objects.filter(pk=visitor.result().pk).update(finished_at=before + after)


def retests() -> list[tuple[str, str, int]]:
    roll_up(now=timezone.now() + timedelta(days=400))
    return list(CountDay.objects.filter(kind="retest").values_list("form", "key", "n"))

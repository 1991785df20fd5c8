from __future__ import annotations

import re
import shutil
import stat
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import (
    ManifestStaticFilesStorage,
    staticfiles_storage,
)
from django.core import checks
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F, Max
from django.utils import timezone

from assessments.models import Attempt, MutedAddress
from assessments.queries import versions
from assessments.queries.overdue import overdue
from content import published
from content.models import PageVersion, SiteWords

# Clocks of two machines may differ by this much.
MAX_CLOCK_DIFFERENCE = timedelta(seconds=5)
MIN_FREE_BYTES = 1_000_000_000
# What a draft of a text leaves behind.
PLACEHOLDER = re.compile(
    r"lorem ipsum|\bTODO\b|\bTBD\b|\bXXX\b|\bexample\.(?:com|net|org)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something that is not as it should be.

    `wrong`: the site doesn't work as promised. Otherwise somebody should look at it.
    """

    wrong: bool
    what: str
    to_do: str


def wrong(what: str, to_do: str) -> Symptom:
    return Symptom(True, what, to_do)


def look(what: str, to_do: str) -> Symptom:
    return Symptom(False, what, to_do)


def check_settings() -> Iterator[Symptom]:
    """How this process was started."""
    public = settings.BASE_URL.startswith("https://")
    if settings.DEBUG:
        symptom = wrong if public else look
        yield symptom("DEBUG is 1.", "Unset it: it shows code to visitors.")
    if not public:
        yield look(
            f"BASE_URL is {settings.BASE_URL}, without https.",
            "On a server, set BASE_URL to the https address that visitors use.",
        )
    for message in checks.run_checks(include_deployment_checks=public):
        if message.level >= checks.WARNING:
            yield wrong(str(message.msg), str(message.hint or "See `manage.py check`."))


def check_earlier_keys() -> Iterator[Symptom]:
    """Whether earlier secret keys are still needed.

    A muted address is a digest made with the key of its day. It doesn't say which key
    that was, so every one may need an earlier key.
    """
    if not settings.SECRET_KEY_FALLBACKS:
        return
    what = "SECRET_KEY_FALLBACKS still accepts an earlier key."
    muted = MutedAddress.objects.count()
    if muted:
        yield look(
            f"{what} Without it, coaches may again email people who asked for no more "
            f"email: up to {muted}.",
            "Keep it. Unset it only if the key was stolen.",
        )
    else:
        yield look(what, "Unset it two weeks after the change of keys.")


def check_database() -> Iterator[Symptom]:
    """Whether the database answers and gives up in time."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            if cursor.fetchone()[0] < 2:
                yield wrong(
                    "A power cut may lose saved answers.",
                    "Set synchronous=FULL in the settings of the database.",
                )
            return
        for limit in (
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
        ):
            cursor.execute("SELECT current_setting(%s)", [limit])
            if cursor.fetchone()[0] == "0":
                yield wrong(
                    f"PostgreSQL has no {limit}, so a stuck query holds a thread.",
                    f"ALTER DATABASE … SET {limit} = …, as docs/operate.md says.",
                )


def check_schema() -> Iterator[Symptom]:
    """Whether the tables are those of this release."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield wrong(f"{len(plan)} migrations are missing.", "Run `manage.py prepare`.")
        return
    for message in checks.run_checks(
        tags=[checks.Tags.database], databases=["default"]
    ):
        yield wrong(str(message.msg), str(message.hint or "See `manage.py check`."))


def check_writing() -> Iterator[Symptom]:
    """Whether the site can save, and who else may read its files."""
    sent = timezone.now().isoformat()
    cache.set("doctor", sent, timeout=60)
    if cache.get("doctor") != sent:
        yield wrong(
            "The database can be read but not written.",
            "Look for a full disk, a read-only mount, or missing rights.",
        )
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < MIN_FREE_BYTES:
        yield wrong(
            f"The disk of DATA_DIR has {free / 1_000_000:,.0f} MB left.",
            "Make room: once it is full, nothing can be saved.",
        )
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield wrong(
                f"Other accounts on this machine can read {file}.",
                "Run `manage.py prepare`, which takes the right away.",
            )


def check_clock() -> Iterator[Symptom]:
    """Whether this machine's time agrees with the database and with stored rows."""
    now = timezone.now()
    known: list[datetime] = []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            known.append(cursor.fetchone()[0])
        if abs(known[0] - now) > MAX_CLOCK_DIFFERENCE:
            yield wrong(
                f"The clocks of this machine and of PostgreSQL differ by "
                f"{abs(known[0] - now).total_seconds():.0f} seconds.",
                "Turn on time synchronization on both.",
            )
    newest = (
        Attempt.objects.order_by("-changed_at")
        .values_list("changed_at", flat=True)
        .first()
    )
    if newest and newest > now + MAX_CLOCK_DIFFERENCE:
        yield wrong(
            f"An answer is from the future: {newest:%B %-d, %Y, %H:%M} UTC.",
            "Set the clock of this machine; someone may have set it back.",
        )


def check_mail() -> Iterator[Symptom]:
    """Whether mail can go out."""
    if not settings.MAIL_GOES_OUT:
        yield look("Mail is written to the console.", "Set EMAIL_URL.")
        return
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
        yield wrong(
            "MAIL_FROM is not set, so other servers refuse the mail.",
            "Set MAIL_FROM to an address of your domain.",
        )
    try:
        with get_connection():
            pass
    except OSError as error:
        yield wrong(f"The mail server doesn't answer: {error}.", "Check EMAIL_URL.")


def check_static_files() -> Iterator[Symptom]:
    """Whether the collected static files are those of this release."""
    if settings.DEBUG:
        return
    missing = [
        path
        for finder in get_finders()
        for path, _ in finder.list(None)
        if not _is_collected(path)
    ]
    if missing:
        yield wrong(
            f"{len(missing)} static files are not collected, such as {missing[0]}.",
            "Run `manage.py collectstatic --noinput`, then restart.",
        )


def _is_collected(path: str) -> bool:
    try:
        storage = cast(ManifestStaticFilesStorage, staticfiles_storage)
        return storage.exists(storage.stored_name(path))
    except ValueError:
        return False


def check_published() -> Iterator[Symptom]:
    """Whether visitors find the article and the questionnaire."""
    if versions.newest_version() is None:
        yield wrong("No questionnaire is published.", "Run `manage.py prepare`.")
    if not PageVersion.objects.exists():
        yield wrong("No page is published.", "Run `manage.py prepare`.")


def check_jobs() -> Iterator[Symptom]:
    """Whether the hourly and daily jobs do their work."""
    late = overdue(now=timezone.now())
    if late.roll_up:
        yield wrong(
            f"Results wait for the quality pages since {late.roll_up:%B %-d, %Y}.",
            "Run `manage.py rollup` every hour (deploy/rolefit-rollup.timer).",
        )
    if late.deletion:
        yield wrong(
            f"Data waits to be deleted since {late.deletion:%B %-d, %Y}.",
            "Run `manage.py forget_old` every day (deploy/rolefit-forget.timer).",
        )


def check_words() -> Iterator[Symptom]:
    """Whether words are missing, or were left over from a draft."""
    published.forget()
    for sentence in published.current().words.missing:
        yield look(sentence, "Set it in the admin, under Site words, and publish.")
    for version in PageVersion.objects.alias(
        newest=Max("page__versions__number")
    ).filter(number=F("newest")):
        if found := PLACEHOLDER.search(version.content):
            yield look(
                f"The page {version.page} says “{found[0]}”.",
                "Change the page, and publish it.",
            )
    advice = "Change it in Site words, and publish the words."
    for words in published.published_words(SiteWords).values():
        for name, text in words.items():
            if found := PLACEHOLDER.search(text):
                yield look(f"{name} says “{found[0]}”.", advice)


CHECKS: dict[str, Callable[[], Iterator[Symptom]]] = {
    "Settings": check_settings,
    "Earlier keys": check_earlier_keys,
    "Database": check_database,
    "Schema": check_schema,
    "Writing": check_writing,
    "Clock": check_clock,
    "Mail": check_mail,
    "Static files": check_static_files,
    "Published": check_published,
    "Jobs": check_jobs,
    "Words": check_words,
}


def symptoms_of(check: Callable[[], Iterator[Symptom]]) -> list[Symptom]:
    """What a check finds. One that the database stops is wrong itself."""
    try:
        return list(check())
    except (DatabaseError, InterfaceError) as error:
        sentence = str(error).strip().splitlines()[0]
        return [
            wrong(
                f"The database answered: {sentence}.",
                "Start it, or correct DATABASE_URL or DATA_DIR; "
                "on a new site, run `manage.py prepare`.",
            )
        ]


class Command(BaseCommand):
    help = (
        "Look whether the site can do its work, and say what to do where it can't. "
        "Run it with the settings of the server. Exits with 1 if anything is wrong."
    )
    # `manage.py doctor` reports what the checks before a command would stop at.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mail", metavar="ADDRESS", help="send a mail there, too")

    def handle(self, *args: Any, **options: Any) -> None:
        any_wrong = False
        for name, check in CHECKS.items():
            symptoms = symptoms_of(check)
            if not symptoms:
                self.stdout.write(f"ok     {name}")
            for symptom in symptoms:
                any_wrong |= symptom.wrong
                mark = "WRONG" if symptom.wrong else "look "
                self.stdout.write(f"{mark}  {name:<13} {symptom.what}")
                self.stdout.write(f"       {'':<13} {symptom.to_do}")
        if options["mail"]:
            any_wrong |= not self.send_mail(options["mail"])
        if any_wrong:
            raise CommandError("Something is wrong; the lines above say what to do.")

    def send_mail(self, address: str) -> bool:
        mail = EmailMessage(
            subject="Mail from Rolefit arrives",
            body=f"{settings.BASE_URL} can send mail. You asked for this with "
            "`manage.py doctor --mail`.",
            to=[address],
        )
        try:
            mail.send()
        except OSError as error:
            self.stdout.write(f"WRONG  Mail          Not sent: {error}.")
            return False
        self.stdout.write(f"ok     Mail          Sent to {address}. See if it arrives.")
        return True

from __future__ import annotations

import secrets
import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments import keys
from assessments.actions import attempts, clients, grants, invitations, share_links
from assessments.actions.sums import roll_up
from assessments.engine import QuestionDefinition
from assessments.management.demo_data import (
    CLIENTS,
    COACH,
    COACH_NAME,
    EVERYTHING,
    GROUP_LABEL,
    SHORT_WORDS,
    SINGLE,
    SINGLE_LABEL,
    STAFF,
    DemoClient,
)
from assessments.models import (
    Attempt,
    Coach,
    Form,
    Invitation,
    Owner,
    Result,
    Scope,
    ShareLink,
    Version,
)
from assessments.queries import versions

VISITORS = 320  # without a coach; quality pages show every figure from 300 people on
VISITORS_SINCE = timedelta(days=28)
PASSWORD_WORDS = 5


class Command(BaseCommand):
    help = (
        "Fill a new site with invented people: staff, a coach, a group of twelve "
        "with results, share links, and visitors. Prints how to sign in. For your own "
        "machine only: it refuses a site that has accounts or answers, and a public "
        "site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--code",
            action="store_true",
            help="print the current code of the second factor",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BASE_URL.startswith("https://"):
            raise CommandError(
                "BASE_URL is https, so this may be a public site. Demo data is for "
                "your own machine."
            )
        if options["code"]:
            self._print_code()
            return
        call_command("prepare")
        if User.objects.exists() or Owner.objects.exists() or Coach.objects.exists():
            raise CommandError(
                "This site already has accounts or answers, and demo data is for a new "
                "site. Nothing has changed. Set DATA_DIR to an empty folder, or delete "
                "the folder you have."
            )
        version = versions.newest_version()
        if version is None or not answers_fit(version):
            raise CommandError(
                "The published questionnaire isn't the default one, and the demo's "
                "answers fit only that one. Set DATA_DIR to an empty folder."
            )
        self.stdout.write("Making invented people (about ten seconds)")
        with transaction.atomic():
            self._make(version)

    def _make(self, version: Version) -> None:
        password = "-".join(
            secrets.choice(SHORT_WORDS.split()) for _ in range(PASSWORD_WORDS)
        )
        secret = totp.generate_totp_secret()
        for staff in STAFF:
            user = make_account(staff.email, staff.name, password, secret)
            user.is_staff, user.is_superuser = True, staff.group is None
            user.save()
            if staff.group:
                user.groups.add(Group.objects.get(name=staff.group))
        coach = make_coach(password, secret)
        # Visitors first: the roll-up goes by ids and stops at the first result that
        # is younger than ten minutes.
        make_visitors(version, now=timezone.now())
        roll_up(now=timezone.now())
        key, invitation, links = make_clients(coach, version)
        self._print(password, secret, key, invitation, links)

    def _print(
        self,
        password: str,
        secret: str,
        key: str,
        invitation: Invitation,
        links: list[ShareLink],
    ) -> None:
        first = CLIENTS[0].name
        accounts = [(staff.email, staff.may) for staff in STAFF]
        accounts.append((COACH, f"is the coach {COACH_NAME}, with a group of twelve"))
        lines = [
            "",
            "The demo data is ready. All people in it are invented.",
            "",
            f"  Start the site   make run, then open {settings.BASE_URL}/",
            f"  Sign in at       {address('account_login')}",
            f"  Password         {password}   (the same for every account)",
            "  Second factor    .venv/bin/python manage.py demo --code   "
            "prints the current code",
            f"                   or put this key into an authenticator app: {secret}",
            "",
            *(f"  {email:<24} {may}" for email, may in accounts),
            "",
            f"  Shared results   {address('shared', links[0].token)}   "
            f"({links[0].scope})",
            f"                   {address('shared', links[1].token)}   "
            f"({links[1].scope}, made by the coach)",
            f"  Be a client      {address('join_code', invitation.code)}",
            f"  Be {first}           enter {keys.spaced(key)} at {address('resume')}",
            "",
            "  Copy the password now. It isn't shown again.",
        ]
        self.stdout.write("\n".join(lines))

    def _print_code(self) -> None:
        authenticator = Authenticator.objects.filter(
            user__email=EVERYTHING, type=Authenticator.Type.TOTP
        ).first()
        if authenticator is None:
            raise CommandError("There is no demo data. Make it with: make demo")
        # The first of allauth's counters is one step old, and an app shows the newest.
        period, now = second_factor.TOTP_PERIOD, int(time.time())
        secret = decrypt(authenticator.data["secret"])
        code = totp.format_hotp_value(totp.hotp_value(secret, now // period))
        seconds_left = period - now % period
        self.stdout.write(f"{code}   (for {seconds_left} more seconds)")


def address(name: str, *args: str) -> str:
    return settings.BASE_URL + reverse(name, args=args)


def answers_fit(version: Version) -> bool:
    """Whether the invented answers answer this version."""
    questions = versions.questionnaire_of(version).questions_of(Form.FULL)
    return {question.id for question in questions} == set(SINGLE.answers)


def make_account(email: str, name: str, password: str, secret: str) -> User:
    """An account that can sign in at once. One second factor serves all of them."""
    user = User.objects.create_user(email, email, password, first_name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
    )
    return user


def make_coach(password: str, secret: str) -> Coach:
    """An approved coach. The action that approves also writes a mail, which nobody
    would read here."""
    return Coach.objects.create(
        user=make_account(COACH, COACH_NAME, password, secret),
        name=COACH_NAME,
        email=COACH,
        works_with="People who want to change jobs",
        approved_at=timezone.now(),
        approved_by=User.objects.get(email=EVERYTHING),
    )


def make_clients(
    coach: Coach, version: Version
) -> tuple[str, Invitation, list[ShareLink]]:
    """The group, somebody invited alone, and two links to results.

    Returns the owner key of the first client, the group's invitation, the links.
    """
    group = invite(coach, label=GROUP_LABEL, scope=Scope.ANSWERS, onward=True)
    owner_keys = [join_and_answer(group, client, version) for client in CLIENTS]
    first, second = group.participations.order_by("pk")[:2]
    clients.set_notes(first, notes="Likes to plan. Ask about the school trip.")
    clients.add_step(first, text="Plan a small event with dates and a budget.")
    clients.add_step(first, text="Talk to someone who manages projects.")
    clients.share_steps(first, shared=True)
    links = [
        share_links.make_share_link(
            first.attempt.result, scope=Scope.SUMMARY, label="For a friend", days=30
        ),
        clients.make_onward_link(
            second, scope=Scope.STRENGTHS, label="For a mentor", days=30
        ),
    ]
    single = invite(
        coach,
        label=SINGLE_LABEL,
        scope=Scope.STRENGTHS,
        max_uses=1,
        held_until=timezone.now() + timedelta(days=7),
    )
    join_and_answer(single, SINGLE, version)
    return owner_keys[0], group, links


def invite(coach: Coach, **terms: Any) -> Invitation:
    usual: dict[str, Any] = {
        "form": Form.FULL,
        "onward": False,
        "held_until": None,
        "expires_at": None,
        "max_uses": None,
    }
    return invitations.make_invitation(coach, code=keys.new_code(), **usual | terms)


def join_and_answer(
    invitation: Invitation, client: DemoClient, version: Version
) -> str:
    """Consent, answer everything, finish. Returns the owner key."""
    key = keys.new_key()
    participation = grants.join(
        invitation,
        owner=None,
        new_key=key,
        name=client.name,
        version=version,
    )
    answer_and_finish(participation.attempt, key, client.answers, client.seconds)
    return key


def answer_and_finish(
    attempt: Attempt, key: str, answers: dict[str, int | None], seconds: int
) -> Result:
    posted = attempts.Posted(seen={}, chosen=answers)
    attempts.save_post(key, lambda _: posted, ends_page=True)
    # Nobody waits while a demo is made, and answers that took no time are careless.
    Attempt.objects.filter(pk=attempt.pk).update(seconds=seconds)
    return attempts.finish(attempt.owner)


def make_visitors(version: Version, *, now: datetime) -> None:
    """People without a coach over the last four weeks, the same in every demo."""
    chance = Random(8)  # noqa: S311 sample data
    questions = versions.questionnaire_of(version).questions_of(Form.FULL)
    for number in range(VISITORS):
        pull, liking = chance.gauss(0, 0.8), chance.gauss(2.3, 0.7)
        attempt, key = attempts.start(version=version, form=Form.FULL)
        result = answer_and_finish(
            attempt,
            key,
            {
                question.id: press(question, chance, pull, liking)
                for question in questions
            },
            chance.randint(150, 420),
        )
        since = VISITORS_SINCE * (VISITORS - number) / VISITORS
        moments = {"finished_at": now - since}
        Result.objects.filter(pk=result.pk).update(
            **moments, expires_at=now - since + settings.FINISHED_KEPT
        )
        Attempt.objects.filter(pk=attempt.pk).update(
            **moments, started_at=now - since, changed_at=now - since
        )


def press(
    question: QuestionDefinition, chance: Random, pull: float, liking: float
) -> int:
    """The button that a person with this pull to one role and this liking presses."""
    lowest, *_, highest = question.buttons
    if question.side is None:
        middle = liking
    else:
        middle = 3 + (pull if question.side == "right" else -pull)
    return min(max(round(chance.gauss(middle, 1)), lowest), highest)

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from assessments.actions.coaches import MAX_EMAIL_LENGTH, password_link
from assessments.actions.staff_groups import STAFF_GROUPS
from assessments.typed import plain_address, visible_name
from content.models import AuditEntry

# Django's limit of a first name.
MAX_NAME_LENGTH = 150


class Command(BaseCommand):
    help = (
        "Make a staff account. Asks for an email address, a name, and a password, or "
        "takes the first two as options. "
        "Without a group, the account may do everything and give rights to others."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--group",
            action="append",
            default=[],
            choices=[group.name for group in STAFF_GROUPS],
            help="put the account in this group (you can repeat this option). "
            + " ".join(f"{group.name}: {group.may}" for group in STAFF_GROUPS),
        )

        parser.add_argument(
            "--email",
            help="ask no questions, and print a link to set the first password",
        )
        parser.add_argument("--name", help="goes with --email")

    def handle(self, *args: Any, **options: Any) -> None:
        names = set(options["group"])
        groups = list(Group.objects.filter(name__in=names))
        if len(groups) < len(names):
            raise CommandError(
                "There are no groups yet, so no account was made. "
                "Run `manage.py prepare` first."
            )
        user = User(is_staff=True, is_superuser=not names)
        if options["email"] or options["name"]:
            user.first_name = visible_name(options["name"] or "")
            user.username = user.email = plain_address(options["email"] or "")
            if problem := _problem_of_name(user.first_name) or _problem(user.email):
                raise CommandError(problem)
            user.set_unusable_password()
        else:
            self._ask(user)
        with transaction.atomic():
            user.save()
            user.groups.set(groups)
            EmailAddress.objects.create(
                user=user, email=user.email, verified=True, primary=True
            )
            powers = ", ".join(sorted(names)) or "superuser"
            AuditEntry.objects.create(
                act=AuditEntry.Act.MAKE, subject=f"account {user.pk}: {powers}"
            )
        if user.has_usable_password():
            next_step = f"{user.email} can now sign in at /admin/."
        else:
            next_step = (
                f"{user.email} sets a password with this link, once, within three "
                f"days: {password_link(user)}"
            )
        self.stdout.write(
            f"{next_step}\nThe first visit to /admin/ sets up a second factor."
        )

    def _ask(self, user: User) -> None:
        if not sys.stdin.isatty():
            raise CommandError(
                "make_staff asks for a password, so it needs a terminal. "
                "Without one, give --email and --name."
            )
        try:
            user.username = user.email = self._email()
            user.first_name = self._name()
            user.set_password(self._password(user))
        except (KeyboardInterrupt, EOFError):
            raise CommandError("Stopped. No account was made.") from None

    def _email(self) -> str:
        """An address that no account has yet, in lower case as the sign-in needs it."""
        while True:
            email = plain_address(input("Email: "))
            if _is_taken(email):
                raise CommandError(_problem(email))
            if not (problem := _problem(email)):
                return email
            self.stderr.write(problem)

    def _name(self) -> str:
        while True:
            name = visible_name(input("Name: "))
            if not (problem := _problem_of_name(name)):
                return name
            self.stderr.write(problem)

    def _password(self, user: User) -> str:
        while True:
            password = getpass("Password: ")
            try:
                validate_password(password, user)
            except ValidationError as refusal:
                self.stderr.write("\n".join(refusal.messages))
                continue
            if getpass("The same password again: ") == password:
                return password
            self.stderr.write("The two passwords differ. Try again.")


def _problem(email: str) -> str:
    """Why an account can’t have this address, or nothing."""
    try:
        validate_email(email)
    except ValidationError:
        return "That isn't an email address. Try again."
    if _is_taken(email):
        return (
            f"{email} already has an account. "
            "To reset a forgotten password, open /accounts/password/reset/."
        )
    if len(email) > MAX_EMAIL_LENGTH:
        return f"Use an address of at most {MAX_EMAIL_LENGTH} characters."
    return ""


def _is_taken(email: str) -> bool:
    return (
        User.objects.filter(username=email).exists()
        or EmailAddress.objects.filter(email=email).exists()
    )


def _problem_of_name(name: str) -> str:
    if 0 < len(name) <= MAX_NAME_LENGTH:
        return ""
    return f"Write a name of 1 to {MAX_NAME_LENGTH} characters."

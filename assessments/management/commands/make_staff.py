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

from assessments.actions.coaches import MAX_EMAIL_LENGTH
from assessments.actions.staff_groups import STAFF_GROUPS
from assessments.typed import plain_address, visible_name

# Django's limit of a first name.
MAX_NAME_LENGTH = 150


class Command(BaseCommand):
    help = (
        "Make a staff account. Asks for an email address, a name, and a password. "
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

    def handle(self, *args: Any, **options: Any) -> None:
        if not sys.stdin.isatty():
            raise CommandError(
                "make_staff asks for a password, so it needs a terminal. "
                "Run it by hand."
            )
        names = set(options["group"])
        groups = list(Group.objects.filter(name__in=names))
        if len(groups) < len(names):
            raise CommandError(
                "There are no groups yet, so no account was made. "
                "Run `manage.py prepare` first."
            )
        try:
            user = User(is_staff=True, is_superuser=not names)
            user.username = user.email = self._email()
            user.first_name = self._name()
            user.set_password(self._password(user))
        except (KeyboardInterrupt, EOFError):
            raise CommandError("Stopped. No account was made.") from None
        with transaction.atomic():
            user.save()
            user.groups.set(groups)
            EmailAddress.objects.create(
                user=user, email=user.email, verified=True, primary=True
            )
        self.stdout.write(
            f"{user.email} can now sign in at /admin/. "
            "The first visit there sets up a second factor."
        )

    def _email(self) -> str:
        """An address that no account has yet, in lower case as the sign-in needs it."""
        while True:
            email = plain_address(input("Email: "))
            try:
                validate_email(email)
            except ValidationError:
                self.stderr.write("That isn't an email address. Try again.")
                continue
            if (
                User.objects.filter(username=email).exists()
                or EmailAddress.objects.filter(email=email).exists()
            ):
                raise CommandError(
                    f"{email} already has an account. "
                    "To reset a forgotten password, open /accounts/password/reset/."
                )
            if len(email) > MAX_EMAIL_LENGTH:
                self.stderr.write(
                    f"Use an address of at most {MAX_EMAIL_LENGTH} characters."
                )
                continue
            return email

    def _name(self) -> str:
        while True:
            name = visible_name(input("Name: "))
            if 0 < len(name) <= MAX_NAME_LENGTH:
                return name
            self.stderr.write(f"Write a name of 1 to {MAX_NAME_LENGTH} characters.")

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

"""Writes to the audit trail whatever gives or takes power, wherever it is done.

The models themselves tell of it (signals), so no page can forget to. Only changes made
in a request of somebody signed in are written here: actions of the terminal, and what
came with the software, write their own entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.db.models import Model, QuerySet
from django.db.models.signals import (
    m2m_changed,
    post_save,
    pre_delete,
    pre_save,
)
from django.dispatch import receiver

from assessments.models import Question, Questionnaire, Section
from content.actions import record_change
from content.models import AuditEntry, Page

NOTHING = "none"
# What an account may do, by the words of the admin.
POWERS = {
    "is_active": "active",
    "is_staff": "staff",
    "is_superuser": "superuser",
}
# Of these, an entry says only that they have changed: see `name_of`.
NAMES = {"email": "email", "username": "sign-in name"}
# The relations that carry rights, from both ends: what they are called there.
RELATIONS = {
    User.groups.through: ("groups", "user_set", "groups", "members"),
    User.user_permissions.through: (
        "user_permissions",
        "user_set",
        "rights",
        "accounts",
    ),
    Group.permissions.through: ("permissions", "group_set", "rights", "groups"),
}
MADE = {User, Group, Authenticator, Page, Questionnaire}
DELETED = {*MADE, Section, Question}


def actor() -> User | None:
    """Who is signed in, in the request that is being answered."""
    user = getattr(context.request, "user", None)
    return user if isinstance(user, User) else None


def name_of(row: Model) -> str:
    """What an entry calls the row."""
    if isinstance(row, User):
        # By number: a name would stay here when the account is erased.
        return f"account {row.pk}"
    if isinstance(row, Group):
        return f"the group “{row.name}”"
    if isinstance(row, Authenticator):
        kind = Authenticator.Type(row.type).label
        return f"a second factor of account {row.user_id} ({kind})"
    if isinstance(row, Question):
        return f"question {row} of “{row.section.questionnaire}”"
    if isinstance(row, Section):
        return f"section {row} of “{row.questionnaire}”"
    return f"“{row}”, {row._meta.verbose_name}"


def record(act: str, subject: str, *, by: User) -> None:
    most = AuditEntry._meta.get_field("subject").max_length or 0
    AuditEntry.objects.create(by=by, act=act, subject=subject[:most])


@receiver(pre_save, sender=User)
def remember_powers(instance: User, **kwargs: Any) -> None:
    """Keep what the account could do before, to compare with it once it is saved."""
    fields = kwargs["update_fields"]
    if (
        actor() is None
        or instance.pk is None
        or (fields is not None and (POWERS | NAMES).keys().isdisjoint(fields))
    ):
        return
    before = User.objects.filter(pk=instance.pk).values(*POWERS, *NAMES).first()
    vars(instance)["_powers_before"] = before


@receiver(post_save, sender=User)
def record_powers(instance: User, **kwargs: Any) -> None:
    before = vars(instance).pop("_powers_before", None)
    by = actor()
    if before is None or by is None:
        return
    changes = {
        words: ("no", "yes") if getattr(instance, field) else ("yes", "no")
        for field, words in POWERS.items()
        if before[field] != getattr(instance, field)
    }
    record_change(name_of(instance), changes, by=by)
    names = [
        words
        for field, words in NAMES.items()
        if before[field] != getattr(instance, field)
    ]
    if names:
        record(AuditEntry.Act.CHANGE, f"{name_of(instance)}: {', '.join(names)}", by=by)


@receiver(m2m_changed)
def record_relation(
    sender: Any, instance: Model, action: str, reverse: bool, **kwargs: Any
) -> None:
    if sender not in RELATIONS or (by := actor()) is None:
        return
    forth, back, word, word_back = RELATIONS[sender]
    attribute, words = (back, word_back) if reverse else (forth, word)
    names = _names(getattr(instance, attribute).all())
    if action.startswith("pre_"):
        vars(instance)[f"_{attribute}_before"] = names
        return
    before = vars(instance).pop(f"_{attribute}_before", names)
    if names != before:
        record_change(name_of(instance), {words: (before, names)}, by=by)


def _names(rows: Iterable[Model]) -> str:
    names = (
        name_of(row)
        if isinstance(row, User)
        else getattr(row, "codename", None) or str(row)
        for row in rows
    )
    return ", ".join(sorted(names)) or NOTHING


@receiver(post_save)
def record_made(sender: Any, instance: Model, created: bool, **kwargs: Any) -> None:
    if created and sender in MADE and (by := actor()):
        record(AuditEntry.Act.MAKE, name_of(instance), by=by)


@receiver(pre_delete)
def record_deleted(
    sender: Any, instance: Model, origin: Model | QuerySet[Model], **kwargs: Any
) -> None:
    """One entry for what was deleted on purpose, and none for what goes with it."""
    chosen = origin.model if isinstance(origin, QuerySet) else type(origin)
    if sender in DELETED and chosen is sender and (by := actor()):
        record(AuditEntry.Act.DELETE, name_of(instance), by=by)


class LongEnough(MinimumLengthValidator):
    """Django tells validators of new passwords, so this one writes of them, too."""

    def get_error_message(self) -> str:
        return f"This password is too short. Use at least {self.min_length} characters."

    def password_changed(self, password: str, user: User | None = None) -> None:
        if context.request is None or user is None:
            return
        # Whoever follows a link to reset a password is nobody yet.
        record(
            AuditEntry.Act.CHANGE, f"{name_of(user)}: new password", by=actor() or user
        )

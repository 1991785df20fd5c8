"""What each group of staff may do: one table, which `prepare` writes to the database.

The organization puts people into groups in the admin. It may also make groups of its
own, with rights that it chooses. It cannot change the rights of the groups below for
long: the next `prepare` sets them back to this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Model

from assessments.models import (
    Coach,
    ConversationPrompt,
    Question,
    Questionnaire,
    RatingPanel,
    Section,
    Version,
)
from content.models import (
    BLOCKS,
    AuditEntry,
    Page,
    Role,
    SiteWords,
    Strength,
    WordsVersion,
)

PAGE_MODELS: tuple[type[Model], ...] = (Page, *BLOCKS.values())
DRAFT_MODELS: tuple[type[Model], ...] = (
    Questionnaire,
    Section,
    Question,
    RatingPanel,
)
WORD_MODELS: tuple[type[Model], ...] = (Role, Strength, SiteWords, ConversationPrompt)
ALL = ("view", "add", "change", "delete")


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """A group and its rights.

    `may` says them in words, for the people who put others into groups. `permissions`
    have the form "app.codename".
    """

    name: str
    may: str
    permissions: frozenset[str]


def _allow(*models: type[Model], to: Iterable[str]) -> frozenset[str]:
    return frozenset(
        f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
        for model in models
        for verb in to
    )


EDITOR = StaffGroup(
    "Editor",
    "Edits drafts: pages, questionnaires, and the words outside pages, such as roles, "
    "strengths, and the site's words. Asks people to rate statements. Sees how well "
    "questions work.",
    _allow(*PAGE_MODELS, *DRAFT_MODELS, to=ALL)
    | _allow(*WORD_MODELS, to=["view", "change"])
    | _allow(Strength, to=["add"])
    | _allow(WordsVersion, Version, to=["view"])
    | {"assessments.view_quality"},
)
PUBLISHER = StaffGroup(
    "Publisher",
    "Reads drafts of pages, words, and questionnaires, and publishes them. Reads the "
    "audit trail.",
    _allow(*PAGE_MODELS, *DRAFT_MODELS, *WORD_MODELS, to=["view"])
    | _allow(WordsVersion, Version, AuditEntry, to=["view"])
    | {
        "content.publish_page",
        "content.publish_words",
        "assessments.publish_questionnaire",
    },
)
ANALYST = StaffGroup(
    "Analyst",
    "Sees how well the questionnaire works on real answers.",
    _allow(Version, to=["view"]) | {"assessments.view_quality"},
)
COACH_MANAGER = StaffGroup(
    "Coach manager",
    "Approves coaches and closes their workspaces. Reads the audit trail.",
    _allow(Coach, to=ALL) | _allow(AuditEntry, to=["view"]),
)
STAFF_GROUPS = (EDITOR, PUBLISHER, ANALYST, COACH_MANAGER)


@transaction.atomic
def sync_groups() -> list[str]:
    """Set the permissions of the groups in this table; leave all other groups alone.

    Returns a sentence for each change.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    changes: list[str] = []
    for staff_group in STAFF_GROUPS:
        group, _ = Group.objects.get_or_create(name=staff_group.name)
        present = {
            f"{permission.content_type.app_label}.{permission.codename}"
            for permission in group.permissions.select_related("content_type")
        }
        missing = sorted(staff_group.permissions - present)
        extra = sorted(present - staff_group.permissions)
        group.permissions.add(*(known[name] for name in missing))
        group.permissions.remove(*(known[name] for name in extra))
        for names, sentence in ((missing, "gained"), (extra, "lost")):
            if names:
                changes.append(
                    f"Group {group.name} {sentence} these rights: {', '.join(names)}."
                )
    return changes

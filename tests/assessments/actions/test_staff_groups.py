"""The table of what each group of staff may do, and how it gets into the database."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db.models import Model

from assessments.actions.staff_groups import (
    ALL,
    EDITOR,
    PUBLISHER,
    STAFF_GROUPS,
    sync_groups,
)
from assessments.models import Question, RatingPanel, Section, Version
from content.models import BLOCKS, AuditEntry, Page

pytestmark = pytest.mark.django_db


def permissions_of(name: str) -> set[str]:
    return {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Group.objects.get(name=name).permissions.all()
    }


def name_of(model: type[Model], verb: str) -> str:
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


def in_database() -> dict[str, set[str]]:
    return {group.name: permissions_of(group.name) for group in STAFF_GROUPS}


def in_table() -> dict[str, set[str]]:
    return {group.name: set(group.permissions) for group in STAFF_GROUPS}


def test_groups_have_the_rights_of_the_table() -> None:
    """Also those for models that came after the migration that made the groups."""
    assert in_database() == in_table()
    assert sync_groups() == []


def test_groups_are_made_where_there_are_none() -> None:
    Group.objects.all().delete()
    changes = sync_groups()
    assert in_database() == in_table()
    assert [change.split(" gained ")[0] for change in changes] == [
        "Group Editor",
        "Group Publisher",
        "Group Analyst",
        "Group Coach manager",
    ]


def test_rights_come_back_and_go_as_the_table_says() -> None:
    analyst = Group.objects.get(name="Analyst")
    analyst.permissions.remove(Permission.objects.get(codename="view_quality"))
    analyst.permissions.add(Permission.objects.get(codename="delete_page"))
    assert sync_groups() == [
        "Group Analyst gained these rights: assessments.view_quality.",
        "Group Analyst lost these rights: content.delete_page.",
    ]
    assert in_database() == in_table()
    assert sync_groups() == []


def test_groups_of_the_organization_and_members_stay(staff: User) -> None:
    own = Group.objects.create(name="Interns")
    own.permissions.add(Permission.objects.get(codename="delete_page"))
    staff.groups.add(own, Group.objects.get(name="Editor"))
    sync_groups()
    assert permissions_of("Interns") == {"content.delete_page"}
    assert set(staff.groups.values_list("name", flat=True)) == {"Interns", "Editor"}


def test_prepare_sets_the_rights_back_and_says_so(questionnaire: Version) -> None:
    Group.objects.get(name="Analyst").permissions.clear()
    out = StringIO()
    call_command("prepare", stdout=out)
    said = (
        "Group Analyst gained these rights: "
        "assessments.view_quality, assessments.view_version."
    )
    assert said in out.getvalue().splitlines()
    assert in_database() == in_table()


@pytest.mark.parametrize("kind", BLOCKS)
def test_editors_may_edit_every_kind_of_block(kind: str) -> None:
    names = {name_of(BLOCKS[kind], verb) for verb in ALL}
    assert names <= permissions_of("Editor")
    assert name_of(BLOCKS[kind], "view") in permissions_of("Publisher")


def test_every_page_of_the_admin_that_is_ours_opens_for_some_group() -> None:
    """The table names every model that staff edit, or only superusers reach it."""
    known = {name for group in STAFF_GROUPS for name in group.permissions}
    inlines = [
        inline.model
        for model_admin in admin.site._registry.values()
        for inline in model_admin.inlines
    ]
    models = [
        model
        for model in (*admin.site._registry, *inlines, Section, Question, RatingPanel)
        if model._meta.app_label in ("assessments", "content")
    ]
    assert {Page, *BLOCKS.values()} <= set(models)
    # The pages of the sums have a permission of their own.
    names = {
        model: (
            "assessments.view_quality"
            if model._meta.model_name == "rollup"
            else name_of(model, "view")
        )
        for model in models
    }
    assert [model for model, name in names.items() if name not in known] == []


def test_whoever_edits_does_not_publish() -> None:
    publishing = {"content.publish_page", "assessments.publish_questionnaire"}
    assert publishing <= PUBLISHER.permissions
    assert not publishing & EDITOR.permissions
    assert name_of(AuditEntry, "view") not in EDITOR.permissions


def test_every_group_says_in_words_what_it_may() -> None:
    for group in STAFF_GROUPS:
        assert group.may.endswith(".")
        assert len(group.may) > 30

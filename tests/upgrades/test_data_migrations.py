"""What migrations do to rows that are there already."""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.utils import timezone

from .scratch import migrate_to

BEFORE_STAFF_MARK, STAFF_MARK = (
    "0009_counts_by_week",
    "0010_staff_mark_instead_of_groups",
)


def make_version(models: Apps) -> Any:
    return models.get_model("assessments", "Version").objects.create(
        number=1,
        name="First",
        definition="{}",
        sha256="0" * 64,
        published_at=timezone.now(),
    )


def make_attempt(models: Apps, name: str, **values: Any) -> Any:
    """An unfinished attempt of an owner with this name for a key."""
    owner = models.get_model("assessments", "Owner").objects.create(key_sha256=name)
    moment = timezone.now()
    return models.get_model("assessments", "Attempt").objects.create(
        owner=owner, form="full", started_at=moment, changed_at=moment, **values
    )


def by_owner(models: Apps, field: str) -> dict[str, Any]:
    attempts = models.get_model("assessments", "Attempt").objects
    return dict(attempts.values_list("owner__key_sha256", field))


def test_attempts_of_staff_stay_marked_and_back_again(empty_database: None) -> None:
    models = migrate_to(BEFORE_STAFF_MARK)
    version = make_version(models)
    for arrival in ("site", "coach", "staff"):
        make_attempt(models, arrival, version=version, arrival=arrival)
    models = migrate_to(STAFF_MARK)
    assert by_owner(models, "by_staff") == {
        "site": False,
        "coach": False,
        "staff": True,
    }
    models = migrate_to(BEFORE_STAFF_MARK)
    assert by_owner(models, "arrival") == {
        "site": "site",
        "coach": "site",
        "staff": "staff",
    }


def test_permissions_of_a_deleted_model_are_gone(empty_database: None) -> None:
    models = migrate_to(BEFORE_STAFF_MARK)
    permissions = models.get_model("auth", "Permission").objects
    assert permissions.filter(content_type__model="groupmonth").count() == 4
    models = migrate_to(STAFF_MARK)
    permissions = models.get_model("auth", "Permission").objects
    assert not permissions.filter(content_type__model="groupmonth").exists()
    assert permissions.filter(content_type__model="countday").count() == 4

"""What staff take out of the admin as a file: written down, with who took it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from assessments.models import Version
from content.models import AuditEntry


@transaction.atomic
def export_definition(version: Version, *, by: User) -> str:
    """The frozen JSON of a version, byte for byte, for whoever takes it away."""
    record_export(f"the questionnaire, version {version.number}", by=by)
    return version.definition


def record_export(subject: str, *, by: User) -> None:
    """Write down that `by` takes a file away. `subject` says in words what is in it, in at most 200 characters."""
    AuditEntry.objects.create(by=by, act=AuditEntry.Act.EXPORT, subject=subject)

"""What leaves the site as a file is written into the audit trail."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from assessments import engine
from assessments.actions.versions import assemble
from assessments.models import Invitation, Questionnaire, Version
from content.models import AuditEntry


def record_group_export(
    invitation: Invitation, *, by: User, kind: str, results: int
) -> None:
    """Write down that a group left the house: `kind` in words (CSV, JSON), `results` how many were in it."""
    AuditEntry.objects.create(
        by=by,
        act=AuditEntry.Act.EXPORT,
        subject=f"group {invitation.pk} as {kind}, {results} results",
    )


@transaction.atomic
def export_definition(version: Version, *, by: User) -> str:
    """The frozen JSON of a version, byte for byte, for whoever takes it away."""
    record_export(f"the questionnaire, version {version.number}", by=by)
    return version.definition


@transaction.atomic
def export_draft(draft: Questionnaire, *, by: User) -> str:
    """The JSON that publishing would freeze, whatever the rules of publishing say of it. Raises engine.DefinitionError where
    the rows make no questionnaire, so that every file that goes out can come in again; then nothing is written."""
    questionnaire = assemble(draft)
    engine.validate(questionnaire)
    record_export(f"the questionnaire draft “{draft}”", by=by)
    return questionnaire.to_json()


def record_export(subject: str, *, by: User) -> None:
    """Write down that `by` takes a file away. `subject` says in words what is in it, in at most 200 characters."""
    AuditEntry.objects.create(by=by, act=AuditEntry.Act.EXPORT, subject=subject)

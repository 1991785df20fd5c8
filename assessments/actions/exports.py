"""Files that leave the site; each is recorded in the audit trail."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from assessments import engine
from assessments.actions.versions import assemble
from assessments.models import Questionnaire, Version
from content.models import AuditEntry


def record_export(subject: str, *, by: User) -> None:
    """Record in the audit trail that `by` downloads a file.

    `subject` says in words what is in the file, in at most 200 characters.
    """
    AuditEntry.objects.create(by=by, act=AuditEntry.Act.EXPORT, subject=subject)


@transaction.atomic
def export_definition(version: Version, *, by: User) -> str:
    """The frozen JSON of a version, byte for byte; the export is recorded."""
    record_export(f"the questionnaire, version {version.number}", by=by)
    return version.definition


@transaction.atomic
def export_draft(draft: Questionnaire, *, by: User) -> str:
    """The JSON that publishing would freeze, whether or not its rules allow publishing.

    Raises engine.DefinitionError, and records nothing, where the rows make no
    questionnaire: every exported file can be imported again.
    """
    questionnaire = assemble(draft)
    engine.validate(questionnaire)
    record_export(f"the questionnaire draft “{draft}”", by=by)
    return questionnaire.to_json()

"""Words outside pages are published and restored; what drafts said before is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField
from django.utils.crypto import get_random_string
from django.utils.text import capfirst

from . import published
from .actions import PublishError, lock_pages
from .models import AuditEntry, FormerWords, Page, Wording, WordsVersion
from .models.words import (
    WordsState,
    draft_rows,
    draft_state,
    newest_words,
    word_models,
    words_to_json,
)
from .word_review import review_words


@transaction.atomic
def publish_words(*, by: User | None, seen: str | None = None) -> WordsVersion | None:
    """Freeze the words as drafted as what visitors see; None if nothing changes.

    `seen` is WordsReview.seen of what the publisher looked at.

    Raises PublishError, and writes nothing, if a text is missing or wrong, or if a
    draft or the published words have changed since the publisher looked at them.
    """
    review = review_words(lock=True)
    if review.findings:
        raise PublishError([f"{finding}." for finding in review.findings])
    if seen is not None and seen != review.seen:
        raise PublishError(
            [
                "Someone saved or published words after you looked at them. Nothing "
                "was published. Check below what would change now."
            ]
        )
    if review.current and not review.waits:
        return None
    return publish_state(review.draft, by=by)


@transaction.atomic
def publish_state(state: WordsState, *, by: User | None) -> WordsVersion:
    """Make these words what visitors see, whatever the drafts say."""
    newest = newest_words()
    version = WordsVersion.objects.create(
        number=newest.number + 1 if newest else 1,
        content=words_to_json(state),
        published_by=by,
    )
    AuditEntry.objects.create(
        by=by, act=AuditEntry.Act.PUBLISH, subject=f"the words, state {version.number}"
    )
    transaction.on_commit(published.forget)
    return version


@transaction.atomic
def restore_words(version: WordsVersion, *, by: User) -> int:
    """Give the drafts the words of a published state; return how many rows changed.

    Rows that came later stay as they are. What the others said is kept. Raises
    ValidationError, and writes nothing, where the words don't go together with a row
    that came later, for example because it has the name of one.
    """
    draft_state(lock=True)
    lock_pages()
    state = version.state()
    changed = []
    for model in word_models():
        rows = {row.key: row for row in draft_rows(model)}
        changing = []
        for key, values in state[model.model_name()].items():
            row = rows.get(key) or model(**{model.key_field: key})
            before = row.freeze()
            names = [name for name in values if values[name] != before[name]]
            if not names:
                continue
            if key in rows:
                keep_former_words(row, _values(row, names), by=by)
                _free_names(row)
            changing.append((row, values))
        for row, values in changing:
            row.take(values)
            try:
                row.full_clean()
            except ValidationError as error:
                name = capfirst(model.name_in(row.key, values))
                raise ValidationError(f"{name}: {' '.join(error.messages)}") from error
            row.save()
            changed.append(row)
    for row in changed:
        LogEntry.objects.log_actions(
            by.pk, [row], CHANGE, f"Restored state {version.number} of the words."
        )
    AuditEntry.objects.create(
        by=by,
        act=AuditEntry.Act.RESTORE,
        subject=f"the words, state {version.number}, to the drafts",
    )
    return len(changed)


def _free_names(row: Wording) -> None:
    """Let another row take the name of this one, which gets a new name next."""
    if names := {
        field.name: f"{row.pk} {get_random_string(22)}"
        for field in row.frozen_fields()
        if field.unique and isinstance(field, CharField)
    }:
        type(row)._base_manager.filter(pk=row.pk).update(**names)


def _values(row: Wording, names: list[str]) -> dict[str, Any]:
    fields: list[Any] = [row._meta.get_field(name) for name in names]
    return {field.name: field.value_from_object(row) for field in fields}


def lock_row(model: type[Wording], pk: Any) -> Any:
    """One row, which nobody else saves until the transaction ends.

    Locks all pages, too, if a row of this kind names one. Raises model.DoesNotExist.
    """
    row = draft_rows(model, lock=True).get(pk=pk)
    if any(field.related_model is Page for field in model.frozen_fields()):
        lock_pages()
    return row


def keep_former_words(
    row: Wording, values: Mapping[str, Any], *, by: User | None
) -> FormerWords | None:
    """Keep what these fields of a draft said before it was saved."""
    if not values:
        return None
    return FormerWords.objects.create(
        kind=row.model_name(), row=row.pk, values=dict(values), changed_by=by
    )


@transaction.atomic
def put_back_words(former: FormerWords, row: Any, *, by: User) -> None:
    """Give the fields of one save their values before it.

    What they say now is kept, too. Raises ValidationError where the row may no longer
    be so, for example because another one has the name.
    """
    row = lock_row(type(row), row.pk)
    values = row.known(former.values)
    now = _values(row, list(values))
    for name, value in values.items():
        setattr(row, row._meta.get_field(name).attname, value)
    row.full_clean()
    row.save()
    keep_former_words(row, now, by=by)
    LogEntry.objects.log_actions(by.pk, [row], CHANGE, "Restored the earlier wording.")

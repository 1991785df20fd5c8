"""The words as drafted: what blocks publishing, and what it would change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from .difference import WordsDifference, words_difference
from .models import WordsVersion
from .models.words import (
    WordsState,
    draft_rows,
    draft_state,
    newest_words,
    published_state,
    word_models,
    words_to_json,
)


@dataclass(frozen=True)
class WordsReview:
    # What visitors see; None where words were never published.
    current: WordsVersion | None
    draft: WordsState
    # Sentences without a period, which block publishing.
    findings: list[str]
    difference: WordsDifference

    @property
    def waits(self) -> bool:
        """Whether publishing would freeze anything new."""
        return bool(self.difference)

    @property
    def seen(self) -> str:
        """SHA-256 of both states, as 64 hexadecimal digits.

        It tells whether what a publisher looked at is what would be published now.
        """
        live = self.current.content if self.current else ""
        return hashlib.sha256(
            f"{live}\n{words_to_json(self.draft)}".encode()
        ).hexdigest()


def waiting_words() -> WordsDifference:
    """What publishing the words would freeze.

    Words of a kind that was never published count, though visitors see them.
    """
    return words_difference(published_state(), draft_state())


def review_words(*, lock: bool = False) -> WordsReview:
    """`lock`: until the transaction ends, nobody else saves or publishes words."""
    draft = draft_state(lock=lock)
    return WordsReview(
        newest_words(), draft, _findings(), words_difference(published_state(), draft)
    )


def _findings() -> list[str]:
    """What no form would have saved, as sentences without a period."""
    findings = []
    for model in word_models():
        relations = {field.name for field in model.frozen_fields() if field.is_relation}
        for row in draft_rows(model):
            try:
                row.clean_fields(exclude=relations)
            except ValidationError as error:
                name = capfirst(model.name_in(row.key, row.freeze()))
                findings += [
                    f"{name}, {_label(model, field)}: {_sentence(refusal)}"
                    for field, refusals in error.error_dict.items()
                    for refusal in refusals
                ]
    return findings


def _sentence(refusal: ValidationError) -> str:
    if refusal.code == "blank":
        return "still empty"
    return " ".join(refusal.messages).removesuffix(".")


def _label(model: type, field: str) -> str:
    return str(model._meta.get_field(field).verbose_name)  # type: ignore[attr-defined]

"""Words outside pages: each row is a draft, and a WordsVersion is what visitors see.

Any app can have such rows: it derives their model from Wording.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

# Values by field, by the key of the row, by the name of the model in lowercase.
WordsState = dict[str, dict[str, dict[str, Any]]]


class Wording(models.Model):
    """A row of words. Editors change it; visitors see it as last published."""

    # The field that tells rows apart and never changes.
    key_field: ClassVar[str] = "slug"

    class Meta:
        abstract = True

    @classmethod
    def model_name(cls) -> str:
        return str(cls._meta.model_name)

    @classmethod
    def frozen_fields(cls) -> list[models.Field[Any, Any]]:
        return [
            field
            for field in cls._meta.concrete_fields
            if field.editable and not field.primary_key and field.name != cls.key_field
        ]

    @classmethod
    def name_in(cls, key: str, values: Mapping[str, Any]) -> str:
        """How staff name the row with these frozen values."""
        return f"{cls._meta.verbose_name} “{values['name']}”"

    @classmethod
    def known(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of stored values whose field the model still has."""
        names = {field.name for field in cls._meta.concrete_fields}
        return {name: value for name, value in values.items() if name in names}

    @property
    def key(self) -> str:
        return str(getattr(self, self.key_field))

    def freeze(self) -> dict[str, Any]:
        """The values of the row.

        A related row of words is named by its key, another related row by its pk.
        """
        values = {}
        for field in self.frozen_fields():
            if _leads_to_words(field):
                related = getattr(self, field.name)
                values[field.name] = related.key if related else None
            else:
                values[field.name] = getattr(self, field.attname)
        return values

    def take(self, values: Mapping[str, Any]) -> None:
        """Give the row frozen values, without saving it.

        A related row that is gone is none.
        """
        for field in self.frozen_fields():
            value, related = values[field.name], cast(Any, field.related_model)
            if related:
                name = related.key_field if _leads_to_words(field) else "pk"
                value = related._base_manager.filter(**{name: value}).first()
            setattr(self, field.name, value)


def _leads_to_words(field: models.Field[Any, Any]) -> bool:
    return field.is_relation and issubclass(cast(type, field.related_model), Wording)


class WordsVersion(models.Model):
    """All words as they were published. Visitors see the newest; none ever changes."""

    number = models.PositiveIntegerField(unique=True)
    # JSON of a WordsState. As text, because a JSON column would lose the order of rows.
    content = models.TextField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        verbose_name = "state of the words"
        verbose_name_plural = "published words"
        default_permissions = ("view",)
        permissions = [("publish_words", "Can publish words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1), name="words_version_number_from_1"
            )
        ]

    def __str__(self) -> str:
        return f"State {self.number} of the words"

    def state(self) -> WordsState:
        """The frozen words, in the fields of today.

        A field that came later has its default; one that is gone is left out.
        """
        stored = json.loads(self.content)
        return {
            model.model_name(): {
                key: {
                    field.name: values.get(field.name, field.get_default())
                    for field in model.frozen_fields()
                }
                for key, values in stored.get(model.model_name(), {}).items()
            }
            for model in word_models()
        }


def word_models() -> list[type[Wording]]:
    return [model for model in apps.get_models() if issubclass(model, Wording)]


def words_to_json(state: WordsState) -> str:
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def draft_rows(model: type[Wording], *, lock: bool = False) -> models.QuerySet[Any]:
    related = [field.name for field in model.frozen_fields() if _leads_to_words(field)]
    rows = model._default_manager.select_related(*related)
    if not lock:
        return rows
    # Rows that name one of these, such as a block about a role, can still be saved:
    # whoever saves one may hold the lock of a page. A new name takes a stronger lock,
    # and a new page of a role needs that page. So whoever saves words locks the pages
    # first (content.actions.lock_pages), right after this.
    return rows.select_for_update(of=("self",), no_key=True)


def draft_state(*, lock: bool = False) -> WordsState:
    """The words as the rows say them, each kind in its order.

    `lock`: until the transaction ends, nobody else saves one of the rows.
    """
    return {
        model.model_name(): {
            row.key: row.freeze() for row in draft_rows(model, lock=lock)
        }
        for model in word_models()
    }


def newest_words() -> WordsVersion | None:
    return WordsVersion.objects.order_by("-number").first()


def published_state() -> WordsState:
    """The words as last published; nothing of a kind that never was."""
    version = newest_words()
    return version.state() if version else {}


def live_state() -> WordsState:
    """The words that visitors see.

    Words of a kind that was never published are those of its rows.
    """
    state = published_state()
    return {
        model.model_name(): state.get(model.model_name())
        or {row.key: row.freeze() for row in draft_rows(model)}
        for model in word_models()
    }

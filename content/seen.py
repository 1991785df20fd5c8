"""Forms that notice what others have saved since the form was drawn.

A form has a hidden field `seen`: for each field a short hash of its value as drawn.
When the form comes back, a field is mine if its posted value has another hash, and
theirs if the stored value has. What is only theirs stays as it is stored. What is both
is refused, and the form shows both texts and asks which to keep. So nobody overwrites
what they have not read.

The stored row must be locked before the form is made. A form without `seen`, such as
one of an earlier release, is saved as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import DeclarativeFieldsMetaclass
from django.forms.formsets import DELETION_FIELD_NAME
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator

GONE = "gone"  # what `seen` says of a row that somebody has deleted meanwhile
MINE, THEIRS = "mine", "theirs"
BACK, DROP = "back", "drop"


class SeenField(forms.Field):
    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False  # it is about the other fields


def hash_of(form_field: forms.Field, value: Any) -> str:
    """A short hash of a value: the same for a stored value and for what browsers send
    of it.
    """
    is_row = isinstance(form_field, forms.ModelChoiceField)
    if not is_row:  # which would ask the database
        with suppress(ValidationError):
            value = form_field.to_python(value)
    value = form_field.prepare_value(value)
    if value is None:
        text = ""
    elif isinstance(value, str) or not isinstance(value, Iterable):
        text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    else:
        text = ",".join(sorted(map(str, value)))
    return blake2s(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


@dataclass
class _Drawn:
    """What `seen` says of one field."""

    digest: str
    asked: bool = False  # the form shows both texts and asks which to keep

    def __str__(self) -> str:
        return f"{self.digest}!" if self.asked else self.digest


def _read(seen: str) -> dict[str, _Drawn]:
    drawn = {}
    for part in seen.split():
        name, _, rest = part.partition(":")
        if re.fullmatch(r"[0-9a-f]{12}!?", rest):
            drawn[name] = _Drawn(rest[:12], rest.endswith("!"))
    return drawn


def _write(drawn: dict[str, _Drawn]) -> str:
    return " ".join(f"{name}:{value}" for name, value in drawn.items())


def seen_of(form: Any, stored: Any) -> str:
    """What a form draws that is opened on a stored row now."""
    return str(form(instance=stored).initial["seen"])


@dataclass
class Met:
    """What a posted form met in the database."""

    theirs: list[str] = field(default_factory=list)  # fields that stay as stored
    contested: list[str] = field(default_factory=list)
    deletion: bool = False  # of a row that somebody has changed meanwhile
    gone: bool = False

    @property
    def asks(self) -> bool:
        return bool(self.contested or self.deletion or self.gone)


class SeenForm(forms.BaseForm, metaclass=DeclarativeFieldsMetaclass):
    """A form about something stored; `initial` holds the stored values."""

    seen = SeenField(required=False)
    # Whether the page's script saves the form while somebody types.
    saves_itself = False
    # Who changed the stored row last, for the question which text to keep.
    changed_by = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.met = Met()
        if "seen" not in self.fields:
            return
        if self.saves_itself and self.is_stored():
            self.fields["seen"].widget.attrs["data-saves-itself"] = ""
        if self.is_bound:
            self._drawn = self._posted_seen()
            self._meet()
        else:
            self.initial["seen"] = _write(self._stored()) if self.is_stored() else ""

    def is_stored(self) -> bool:
        instance = getattr(self, "instance", None)
        return instance is None or instance.pk is not None

    def title(self) -> str:
        """What the row is called: the first words in it."""
        text = str(self[self._first_of_words()].value() or "").strip()
        return Truncator(text).chars(60)

    def _first_of_words(self) -> str:
        return next(
            name
            for name, form_field in self.fields.items()
            if isinstance(form_field, forms.CharField) and not self._is_hidden(name)
        )

    def _is_hidden(self, name: str) -> bool:
        # self[name] would remember a field that the formset replaces later.
        return self.fields[name].widget.is_hidden

    def theirs(self) -> list[str]:
        """The labels of fields that stay as somebody has saved them meanwhile."""
        return [
            str(self.fields[name].label or name)
            for name in self.met.theirs
            if not self._is_hidden(name)
        ]

    def seen_after_saving(self, **saved: Any) -> str:
        """`seen` for a page that stays open: it still shows the old text of fields that
        others have changed.

        `saved`: what a new form is made from, `instance` or `initial`.
        """
        stored = type(self)(**saved)._stored()
        for name in self.met.theirs:
            stored[name] = self._drawn[name]
        return _write(stored)

    def _compared(self) -> dict[str, forms.Field]:
        return {
            name: form_field
            for name, form_field in self.fields.items()
            if name not in ("seen", "id", DELETION_FIELD_NAME)
            and not form_field.disabled
            and not isinstance(
                form_field, forms.models.InlineForeignKeyField | forms.FileField
            )
        }

    def _stored(self) -> dict[str, _Drawn]:
        return {
            name: _Drawn(hash_of(form_field, self._stored_value(name)))
            for name, form_field in self._compared().items()
        }

    def _stored_value(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _posted_value(self, name: str) -> Any:
        return self.fields[name].widget.value_from_datadict(
            self.data, self.files, self.add_prefix(name)
        )

    def _posted_seen(self) -> dict[str, _Drawn]:
        return _read(str(self.data.get(self.add_prefix("seen"), "")))

    def _choice(self, name: str = "") -> str:
        key = f"{name}-choice" if name else "choice"
        return str(self.data.get(self.add_prefix(key), ""))

    def _meet(self) -> None:
        if self.data.get(self.add_prefix("seen")) == GONE:
            self.met.gone = True
            self._draw_beside(self._first_of_words(), "seen/gone.html", {})
            return
        if not self._drawn or not self.is_stored():
            return
        if not getattr(self.data, "_mutable", True):
            self.data: Any = self.data.copy()
        now = self._stored()
        if self.data.get(self.add_prefix(DELETION_FIELD_NAME)) and any(
            now[name].digest != drawn.digest and not self._is_hidden(name)
            for name, drawn in self._drawn.items()
            if name in now
        ):
            self.met.deletion = True
            del self.data[self.add_prefix(DELETION_FIELD_NAME)]
            for name in now:
                self._take_theirs(name)
        else:
            for name in now:
                if name in self._drawn:
                    self._meet_field(name, self._drawn[name], now[name])
        self.data[self.add_prefix("seen")] = _write(now)

    def _meet_field(self, name: str, drawn: _Drawn, now: _Drawn) -> None:
        posted = hash_of(self.fields[name], self._posted_value(name))
        if posted == now.digest:
            return
        mine, theirs = posted != drawn.digest, now.digest != drawn.digest
        if drawn.asked and not theirs and self._choice(name) in (MINE, THEIRS):
            if self._choice(name) == THEIRS:
                self._take_theirs(name)
        elif not drawn.asked and not mine:
            self.met.theirs.append(name)
            self._take_theirs(name)
        elif (drawn.asked or theirs) and not self._is_hidden(name):
            now.asked = True
            self.met.contested.append(name)
            stored = self.shown(name)
            self._draw_beside(
                name,
                "seen/both.html",
                {
                    "stored": stored,
                    "is_html": isinstance(stored, SafeString),
                    "kind": self.kind_of(name),
                },
            )

    def kind_of(self, name: str) -> str:
        """What the question calls the two values."""
        return "text"

    def shown(self, name: str) -> Any:
        """The stored value as the question shows it: text, or a safe string of HTML."""
        form_field, value = self.fields[name], self._stored_value(name)
        if isinstance(form_field, forms.BooleanField):
            return "Yes" if value else "No"
        if isinstance(form_field, forms.ChoiceField):
            value = form_field.prepare_value(value)
            choices: Any = form_field.choices
            for key, words in choices:
                inner = words if isinstance(words, list | tuple) else [(key, words)]
                for inner_key, inner_words in inner:
                    if str(inner_key) == str(value):
                        return str(inner_words)
        value = form_field.prepare_value(value)
        return "" if value is None else str(value)

    def _take_theirs(self, name: str) -> None:
        """Post the stored value, as if the form had been drawn just now."""
        key, form_field = self.add_prefix(name), self.fields[name]
        value = form_field.prepare_value(self._stored_value(name))
        if isinstance(form_field, forms.BooleanField):
            if value:
                self.data[key] = "on"
            else:
                self.data.pop(key, None)
        elif isinstance(value, Iterable) and not isinstance(value, str):
            self.data.setlist(key, [str(part) for part in value])
        else:
            self.data[key] = "" if value is None else str(value)

    def _draw_beside(self, name: str, template: str, context: dict[str, Any]) -> None:
        """Draw the question which text to keep below the field itself.

        So every template that draws the field draws it.
        """
        widget: Any = self.fields[name].widget
        draw = widget.render

        def render(*args: Any, **kwargs: Any) -> SafeString:
            asked = render_to_string(
                template,
                {
                    "name": self.add_prefix(name),
                    "row": self.prefix,
                    "label": self.fields[name].label,
                    "changed_by": self.changed_by,
                    **context,
                },
            )
            return SafeString(draw(*args, **kwargs) + asked)

        widget.render = render

    def _clean_form(self) -> None:
        super()._clean_form()  # type: ignore[misc]
        for name in self.met.contested:
            self.add_error(
                name,
                ValidationError(
                    "This changed after you opened the page. "
                    f"Choose which {self.kind_of(name)} to keep.",
                    code="contested",
                ),
            )
        if self.met.deletion:
            self.add_error(
                None,
                ValidationError(
                    "This changed after you opened the page, so it wasn’t deleted. "
                    "Read the new text. Then delete it if you still want to.",
                    code="contested",
                ),
            )
        if self.met.gone:
            self.add_error(
                None,
                ValidationError(
                    "This was deleted after you opened the page. "
                    "Choose whether to restore it.",
                    code="contested",
                ),
            )


class SeenModelForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    pass


class SeenFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Rows of one kind, each with its own `seen`.

    Rows are told apart by their keys and not by their place, so a row that has vanished
    is no error: unless somebody typed in it, it stays deleted.
    """

    model: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deleted: list[str] = []  # rows that others have deleted, as posted
        self.places: list[int] = []  # of each form in the page that was posted
        if self.is_bound:
            self._meet()

    def _meet(self) -> None:
        try:
            total = int(self.data[f"{self.prefix}-TOTAL_FORMS"])
        except (KeyError, ValueError):
            return  # Django refuses it
        if not 0 <= total <= self.absolute_max:
            return
        if not getattr(self.data, "_mutable", True):
            self.data: Any = self.data.copy()
        posted = self._take_rows(total)
        key = self.model._meta.pk.name
        existing = {str(row.pk): row for row in self.get_queryset()}
        named = {row.get(key, [""])[-1] for row in posted}
        unnamed = [row for pk, row in existing.items() if pk not in named]
        kept: list[int] = []
        gone: list[int] = []
        new: list[int] = []
        for place, row in enumerate(posted):
            pk, seen = row.get(key, [""])[-1], row.get("seen", [""])[-1]
            choice = row.get("choice", [""])[-1]
            if pk in existing:
                kept.append(place)
            elif not pk and seen != GONE:
                saved = self._saved_before(row, unnamed)
                if saved is not None:
                    row[key], row["seen"] = [str(saved.pk)], [seen_of(self.form, saved)]
                (new if saved is None else kept).append(place)
            elif DELETION_FIELD_NAME in row or choice == DROP:
                continue  # both have deleted it
            elif seen != GONE and not self._is_typed_in(row, _read(seen)):
                self.deleted.append(self._title(row))
            else:
                back = seen == GONE and choice == BACK
                row[key], row["seen"] = [""], ["" if back else GONE]
                (new if back else gone).append(place)
        self.places = [*kept, *gone, *new]
        for index, place in enumerate(self.places):
            for name, values in posted[place].items():
                self.data.setlist(f"{self.prefix}-{index}-{name}", values)
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(self.places))
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(kept))

    def _saved_before(self, row: dict[str, list[str]], unnamed: list[Any]) -> Any:
        """The stored row that a new one has become already; the answer was lost."""
        for stored in unnamed:
            drawn = _read(seen_of(self.form, stored))
            drawn.pop(self.fk.name, None)
            if not self._is_typed_in(row, drawn):
                unnamed.remove(stored)
                return stored
        return None

    def _take_rows(self, total: int) -> list[dict[str, list[str]]]:
        rows: list[dict[str, list[str]]] = [{} for _ in range(total)]
        part = re.compile(
            rf"{re.escape(str(self.prefix))}-(0|[1-9]\d{{0,4}})-(.+)", re.S
        )
        for key in list(self.data):
            match = part.fullmatch(key)
            if match and int(match[1]) < total:
                rows[int(match[1])][match[2]] = self.data.getlist(key)
                del self.data[key]
        return rows

    def _is_typed_in(self, row: dict[str, list[str]], drawn: dict[str, _Drawn]) -> bool:
        if not drawn:
            return True
        fields = self.form.base_fields
        return any(
            value.asked
            or value.digest
            != hash_of(
                fields[name],
                row.get(name, [""])[-1]
                if not isinstance(fields[name], forms.BooleanField)
                else name in row,
            )
            for name, value in drawn.items()
            if name in fields and not fields[name].widget.is_hidden
        )

    def _title(self, row: dict[str, list[str]]) -> str:
        for name, form_field in self.form.base_fields.items():
            text = row.get(name, [""])[-1].strip()
            if (
                text
                and isinstance(form_field, forms.CharField)
                and not form_field.widget.is_hidden
            ):
                return Truncator(text).chars(60)
        return str(self.model._meta.verbose_name)

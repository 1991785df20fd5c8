"""Reading a stored reply (docs/engine.md): from JSON to typed, frozen values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from .outcomes import Outcome
from .parts import FORMS
from .result import SCORE_KEYS
from .scores import Contribution
from .strict_json import JSONError, load_json

_EXACT = re.compile(r"-?[0-9]+(/[1-9][0-9]*)?")
_KEYS = frozenset(
    (
        *("version", "form", "provisional", "outcome", "trade_offs_answered"),
        *SCORE_KEYS,
        *("split", "scatter", "to_close", "to_flip", "steps_to_close"),
        *("evidence", "against", "shown"),
    )
)
Parsed = TypeVar("Parsed")


class ReplyError(ValueError):
    """The text is not a reply; the message names the first key at fault."""


@dataclass(frozen=True, slots=True)
class ExactScores:
    """The exact scores of a reply, in points of 100 (lean: -100 to 100).

    Role maps go from a role's slug to its score, `strengths` from a strength's name.
    None is what a short form or too many skips leave undefined.
    """

    lean: Fraction
    se_squared: Fraction
    z_squared: Fraction
    preference: Mapping[str, Fraction]
    enjoyment: Mapping[str, Fraction]
    fit: Mapping[str, Fraction]
    strengths: Mapping[str, Fraction | None] | None
    doing: Fraction | None
    wanting: Fraction | None
    shared_skills: Fraction | None


@dataclass(frozen=True, slots=True)
class ShownScores:
    """The same scores as pages print them: rounded once, and in words."""

    lean: int
    half_width_90: str
    band_90: tuple[int, int]
    preference: Mapping[str, int]
    enjoyment: Mapping[str, int]
    fit: Mapping[str, int]
    fit_half_width_90: Mapping[str, int]
    strengths: Mapping[str, int | None] | None
    strength_words: Mapping[str, str | None] | None
    doing: int | None
    wanting: int | None
    shared_skills: int | None
    shared_word: str | None
    certainty: str
    towards: str | None
    of_two: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. `exact` and `shown` are None for the outcome too_few.

    `data` is the whole reply as JSON values, for what is passed on unread.
    """

    version: str
    form: str
    provisional: bool
    outcome: Outcome
    trade_offs_answered: int
    exact: ExactScores | None
    shown: ShownScores | None
    split: bool
    scatter: bool
    to_close: tuple[str, ...] | None
    to_flip: tuple[str, ...] | None
    steps_to_close: int | None
    evidence: tuple[Contribution, ...]
    against: tuple[Contribution, ...]
    data: Mapping[str, object]

    @classmethod
    def from_json(cls, text: str | bytes) -> Reply:
        """Read the text of a reply. Raises ReplyError."""
        try:
            data = load_json(text)
        except JSONError as error:
            raise ReplyError(f"reply: {error}") from None
        return cls.from_data(data)

    @classmethod
    def from_data(cls, data: object) -> Reply:
        """Read a reply from plain JSON values. Raises ReplyError."""
        reply = _Object(data, "reply")
        if reply.data.keys() != _KEYS:
            key = min(reply.data.keys() ^ _KEYS)
            raise ReplyError(f"reply.{key}: is missing or does not belong here")
        outcome = reply.value("outcome", _outcome)
        scored = outcome != Outcome.TOO_FEW
        return cls(
            version=reply.value("version", _text),
            form=reply.value("form", _form),
            provisional=reply.value("provisional", _flag),
            outcome=outcome,
            trade_offs_answered=reply.value("trade_offs_answered", _whole),
            exact=_exact_scores(reply) if scored else None,
            shown=_shown_scores(_Object(data, "reply", "shown")) if scored else None,
            split=reply.value("split", _flag),
            scatter=reply.value("scatter", _flag),
            to_close=reply.optional("to_close", _texts),
            to_flip=reply.optional("to_flip", _texts),
            steps_to_close=reply.optional("steps_to_close", _whole),
            evidence=reply.value("evidence", _contributions),
            against=reply.value("against", _contributions),
            data=reply.data,
        )


class _Object:
    """The keys of one JSON object; `path` is for the message of a fault."""

    def __init__(self, data: object, path: str, key: str | None = None) -> None:
        if key is not None and isinstance(data, dict):
            data, path = data.get(key), f"{path}.{key}"
        if not isinstance(data, dict):
            raise ReplyError(f"{path}: must be an object")
        self.data: dict[str, object] = data
        self.path = path

    def value(self, key: str, read: Callable[[object], Parsed]) -> Parsed:
        try:
            return read(self.data[key])
        except (KeyError, TypeError, ValueError):
            raise ReplyError(f"{self.path}.{key}: is no value of a reply") from None

    def optional(self, key: str, read: Callable[[object], Parsed]) -> Parsed | None:
        return None if self.data.get(key) is None else self.value(key, read)


def _exact_scores(reply: _Object) -> ExactScores:
    return ExactScores(
        lean=reply.value("lean", _exact),
        se_squared=reply.value("se_squared", _exact),
        z_squared=reply.value("z_squared", _exact),
        preference=reply.value("preference", _map_of(_exact)),
        enjoyment=reply.value("enjoyment", _map_of(_exact)),
        fit=reply.value("fit", _map_of(_exact)),
        strengths=reply.optional("strengths", _map_of(_or_none(_exact))),
        doing=reply.optional("doing", _exact),
        wanting=reply.optional("wanting", _exact),
        shared_skills=reply.optional("shared_skills", _exact),
    )


def _shown_scores(shown: _Object) -> ShownScores:
    return ShownScores(
        lean=shown.value("lean", _whole),
        half_width_90=shown.value("half_width_90", _text),
        band_90=shown.value("band_90", _band),
        preference=shown.value("preference", _map_of(_whole)),
        enjoyment=shown.value("enjoyment", _map_of(_whole)),
        fit=shown.value("fit", _map_of(_whole)),
        fit_half_width_90=shown.value("fit_half_width_90", _map_of(_whole)),
        strengths=shown.optional("strengths", _map_of(_or_none(_whole))),
        strength_words=shown.optional("strength_words", _map_of(_or_none(_text))),
        doing=shown.optional("doing", _whole),
        wanting=shown.optional("wanting", _whole),
        shared_skills=shown.optional("shared_skills", _whole),
        shared_word=shown.optional("shared_word", _text),
        certainty=shown.value("certainty", _text),
        towards=shown.optional("towards", _text),
        of_two=shown.optional("of_two", _text),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _outcome(value: object) -> Outcome:
    return Outcome(_text(value))


def _form(value: object) -> str:
    if value not in FORMS:
        raise ValueError
    return _text(value)


# The same fractions come up in many replies, and a group picture reads hundreds.
@lru_cache(maxsize=4096)
def _fraction(text: str) -> Fraction:
    if not _EXACT.fullmatch(text):
        raise ValueError
    return Fraction(text)


def _exact(value: object) -> Fraction:
    return _fraction(_text(value))


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _items(value))


def _band(value: object) -> tuple[int, int]:
    low, high = _items(value)
    return _whole(low), _whole(high)


def _or_none(read: Callable[[object], Parsed]) -> Callable[[object], Parsed | None]:
    return lambda value: None if value is None else read(value)


def _map_of(read: Callable[[object], Parsed]) -> Callable[[object], dict[str, Parsed]]:
    def read_map(value: object) -> dict[str, Parsed]:
        if not isinstance(value, dict):
            raise TypeError
        return {_text(key): read(item) for key, item in value.items()}

    return read_map


def _contributions(value: object) -> tuple[Contribution, ...]:
    rows = [_Object(item, "contribution") for item in _items(value)]
    return tuple(
        Contribution(
            row.value("question", _text),
            row.value("answer", _whole),
            row.value("contribution", _exact),
        )
        for row in rows
    )

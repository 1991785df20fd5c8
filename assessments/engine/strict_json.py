"""Strict JSON: a text is refused unless it means exactly one thing."""

from __future__ import annotations

import json
from collections import Counter
from typing import NoReturn

# A full request takes about 300 bytes, the default definition about 12,000.
MAX_BYTES = 1_048_576


class JSONError(ValueError):
    """A text is not one clean JSON value; the message fits on one line."""


class ObjectWithRepeats(dict[str, object]):
    """A JSON object with a repeated key, kept so that its reader can name the place."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated = [
            key for key, times in Counter(key for key, _ in pairs).items() if times > 1
        ]


def load_json(text: str | bytes) -> object:
    """Read one JSON value; an object with a repeated key is an `ObjectWithRepeats`.

    Raises JSONError for anything but UTF-8 JSON of at most `MAX_BYTES`. That includes
    NaN, Infinity, nesting beyond the interpreter's limit and integers of thousands of
    digits.
    """
    if len(text) > MAX_BYTES:
        raise JSONError(f"is longer than {MAX_BYTES} bytes")
    try:
        if isinstance(text, bytes):
            text = text.decode()
        if not text.strip():
            raise JSONError("is empty")
        return _DECODER.decode(text)
    except JSONError:
        raise
    except UnicodeDecodeError:
        raise JSONError("is not UTF-8 text") from None
    except RecursionError:
        raise JSONError("is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise JSONError(
            f"is not JSON ({error.msg} at line {error.lineno}, column {error.colno})"
        ) from None
    except ValueError:  # int() refuses thousands of digits
        raise JSONError("contains a number with too many digits") from None


def dump(value: object) -> str:
    """The canonical text: sorted keys, no spaces, non-ASCII characters unescaped."""
    return _ENCODER.encode(value)


def quoted(text: str) -> str:
    """A piece of somebody's input, safe to print within one line."""
    cut = text if len(text) <= 40 else text[:40] + "…"
    return cut if cut.isprintable() else json.dumps(cut)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else ObjectWithRepeats(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise JSONError(f"contains {name}, which is not a number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

"""What the rules of publishing say."""

from __future__ import annotations

from dataclasses import dataclass

from .place import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of a rule of publishing (docs/instrument.md section 1.4).

    `rule` is its id, P1 to P16; `message` says how to repair it; `other` is a second
    place that the message names. Only a blocking finding prevents publishing.
    """

    rule: str
    place: Place
    message: str
    blocking: bool = True
    other: Place | None = None

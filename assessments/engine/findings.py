"""What the rules of publishing say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of a rule: its id (P1 to P16), the place (`T3.project`, `constants.v_trade_off`, …) and how to mend it."""

    rule: str
    place: str
    message: str
    blocking: bool = True

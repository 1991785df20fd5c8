"""Texts that stand where a number should, made to hang or to break what reads them."""

from __future__ import annotations

HOSTILE = [
    # Exponents: short to write, long to work out.
    "1e999999999",
    "-1e999999999",
    "1e-999999999",
    "1e400",
    "1E5",
    "9" * 30 + "e" + "9" * 30,
    # Many digits. Python refuses 4,301 of them; no column holds 4,300.
    "9" * 100_000,
    "9" * 4_300,
    "9" * 20,
    "1." + "0" * 5_000 + "1",
    "1/" + "9" * 5_000,
    "9" * 5_000 + "/" + "9" * 4_999,
    # The ends of columns of 32 and 64 bits.
    str(2**31),
    str(2**63),
    str(2**63 - 1),
    str(2**63 + 1),
    str(-(2**63) - 1),
    "-0",
    "-1",
    "+1",
    # No numbers, although some language or library reads them as such.
    "NaN",
    "Infinity",
    "-inf",
    "0x10",
    "0/0",
    "1_0",
    "1,5",
    "1 2",
    "1.",
    "true",
    # Digits of other scripts, and what looks like one.
    "\u0661\u0662",  # Arabic-Indic
    "\u0967",  # Devanagari
    "\uff11\uff12",  # full width
    "\u00b2",  # superscript
    "\u00bd",  # one half
    "\u2167",  # Roman eight
    # Characters that cut or break a text.
    "1\0002",
    "\ud8001",
    "1\u200b",
    # Depth.
    "[" * 100_000,
]

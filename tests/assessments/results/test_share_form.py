"""The name that an owner writes on a link: one line of characters that can be seen."""

from __future__ import annotations

import pytest

from assessments.results.share_form import (
    MAX_NAME_ON_LINK,
    NamedShareForm,
    ShareForm,
    visible_name,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sam", "Sam"),
        ("  Sam \t Lee\n", "Sam Lee"),
        ("Zoë", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("Ｓａｍ", "Sam"),
        ("山田 太郎", "山田 太郎"),
        ("سلمى", "سلمى"),
        ("O’Neill-Smith, Jr.", "O’Neill-Smith, Jr."),
        ("Sam 🚀", "Sam 🚀"),
        ("Sam\u00a0Lee", "Sam Lee"),
        ("S\u200bam\ufeff", "Sam"),
        ("\u202eSam\u202c", "Sam"),
        ("\u2066Sam\u2069", "Sam"),
        ("S\u00adam", "Sam"),
        ("Sam\x00\x07", "Sam"),
        ("Sam\ue000", "Sam"),
        ("Sam \u200b Lee", "Sam Lee"),
        ("", ""),
        (" \u200b\u2800\u3164 ", ""),
        ("\u0301\u0301", ""),
        ("Ann\u034f\ufe0f\u180b", "Ann"),
        ("Q" + "\u0316" * 50, "Q" + "\u0316" * 3),
    ],
)
def test_name_keeps_what_can_be_seen(typed: str, kept: str) -> None:
    assert visible_name(typed) == kept


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("x" * MAX_NAME_ON_LINK, True),
        ("x" * (MAX_NAME_ON_LINK + 1), False),
        # Only what is left counts.
        ("x" * MAX_NAME_ON_LINK + "\u200b", True),
        # This one character stands for eighteen.
        ("\ufdfa" * 4, False),
        ("x" * 500, False),
    ],
)
def test_name_is_held_to_its_length_after_it_is_made_plain(
    name: str, fits: bool
) -> None:
    form = NamedShareForm({"name": name, "label": "", "scope": "summary", "days": "30"})
    assert form.is_valid() == fits
    assert form.errors.keys() == (set() if fits else {"name"})


def test_only_an_owners_form_asks_for_a_name() -> None:
    assert list(ShareForm().fields) == ["scope", "days", "label"]
    assert list(NamedShareForm().fields) == ["scope", "days", "name", "label"]

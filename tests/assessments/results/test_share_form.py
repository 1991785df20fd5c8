"""The name that an owner writes on a link: one line of characters that can be seen."""

from __future__ import annotations

import pytest

from assessments.results.share_form import (
    MAX_NAME_ON_LINK,
    NamedShareForm,
    ShareForm,
)


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

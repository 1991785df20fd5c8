"""What people type to say who they are: names, email addresses, codes and keys.

Everything that identifies goes through `plain_text` before it is stored or compared.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

# Controls, format and direction marks, unassigned and private characters, separators.
UNSEEN_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# Characters that Unicode counts among the letters and symbols, and that show nothing.
BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
# Marks that change nothing to see: joiners and variation selectors.
BLANK_MARKS = re.compile(
    "[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# More accents on one letter than any language has draw over the text around it.
MAX_MARKS = 3
# Longer than any name or address may be. A form refuses a longer text unread, because
# one character can stand for eighteen.
MAX_READ = 400


def plain_text(text: str) -> str:
    """One line of NFKC without characters that cannot be seen or that turn the text.

    Two texts that look the same become the same.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    # NFKC joins letters and accents only where nothing unseen stands between them, and
    # it can make unseen characters and spaces of its own.
    return _seen(unicodedata.normalize("NFKC", _seen(text)))


def _seen(text: str) -> str:
    kept = "".join(
        character
        for character in " ".join(text.split())
        if unicodedata.category(character) not in UNSEEN_CATEGORIES
        and character not in BLANK_LETTERS
    )
    return " ".join(BLANK_MARKS.sub("", kept).split())


def visible_name(text: str) -> str:
    """A name as `plain_text`; empty where nothing can be read.

    A name stands on a page that others read. So accents do not pile up over the lines
    around it.
    """
    kept = _few_marks(plain_text(text))
    # An accent without a letter under it cannot be read.
    readable = any(unicodedata.category(character)[0] in "LNPS" for character in kept)
    return kept if readable else ""


def _few_marks(text: str) -> str:
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def plain_address(text: str) -> str:
    """An email address as accounts have it: `plain_text` in lower case."""
    return plain_text(text).lower()


def letters_and_digits(text: str) -> str:
    """A code or key without what programs and people put between its characters.

    In capitals. Digits of other scripts become 0 to 9, as keyboards type them.
    """
    return "".join(
        str(unicodedata.decimal(character, character))
        for character in plain_text(text)
        if character.isalnum()
    ).upper()


def folded(text: str) -> str:
    """`plain_text` without regard to case: “Straße” and “STRASSE” become the same."""
    return plain_text(plain_text(text).casefold())


# The directions of Hebrew, of Arabic, and of Arabic digits.
RIGHT_TO_LEFT = {"R", "AL", "AN"}


def isolated(name: str) -> str:
    """A name within other text that is no HTML, such as a title or a message.

    The two characters do what the element <bdi> does: a name that is written from right
    to left leaves the order of the text around it alone. Other names stay as they are,
    so that in a menu typing their first letter still finds them.
    """
    if any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in name):
        return f"\u2068{name}\u2069"
    return name


def numbered(name: str, number: int) -> str:
    """A name within other text, with the number of a namesake unless that is 0."""
    return f"{isolated(name)} ({number})" if number else name


class NameField(forms.CharField):
    """A name, read by `visible_name` before its length is checked."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if len(text) > MAX_READ else visible_name(text)


class AddressField(forms.EmailField):
    """An email address, read by `plain_address` before it is checked."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if len(text) > MAX_READ else plain_address(text)

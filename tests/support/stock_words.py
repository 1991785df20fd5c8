"""Words of Django and django-allauth that a page shows in place of ours.

The catalogs for translators, which come with both libraries, list all of their words.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import allauth
import django
from django.http import HttpResponseBase

from tests.support.dom import parse

CATALOG = "locale/en/LC_MESSAGES/django.po"
FRAMEWORK = Path(django.__file__).parent
ACCOUNTS = (
    Path(allauth.__file__).parent,
    FRAMEWORK / "conf",
    FRAMEWORK / "contrib" / "auth",
)
ENTRY = re.compile(r'^msgid(?:_plural)? ((?:"[^\n]*"\n)+)', re.M)
TAG = re.compile(r"<[^>]+>")
# What a library fills in.
GAP = re.compile(r"%\(\w+\)[rsd]|%[sd]|\{\w*\}")
# Attributes that people read, too.
READ = ("alt", "aria-label", "placeholder", "title")
# A sentence, or three words: anyone may use single words such as “Password”.
LONG = re.compile(r".*\w \w.*[.!?]|\S+ \S+ \S+.*", re.S)


@cache
def _stock(folder: Path) -> dict[str, re.Pattern[str]]:
    """A pattern for each text of a library, by the text."""
    found = {}
    for entry in ENTRY.findall((folder / CATALOG).read_text()):
        lines = [ast.literal_eval(line) for line in entry.splitlines()]
        text = _flat(TAG.sub(" ", "".join(lines)))
        if LONG.fullmatch(GAP.sub("", text)):
            parts = [re.escape(part) for part in GAP.split(text)]
            found[text] = re.compile(rf"(?<!\w){'.+?'.join(parts)}(?!\w)")
    return found


def _flat(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


def stock_words(page: HttpResponseBase | str, *, also: str = "") -> set[str]:
    """The texts of the libraries that this page or mail shows.

    `also`: a further app of Django whose words count.
    """
    element = parse(page)
    shown = [element.text]
    for part in element.all("[alt]") + element.all("[aria-label]"):
        shown += [part.attributes.get(name, "") for name in READ]
    for part in element.all("input"):
        shown += [part.attributes.get(name, "") for name in READ]
        if part.attributes.get("type") == "submit":
            shown.append(part.value)
    text = _flat("\n".join(shown))
    folders = [*ACCOUNTS, *([FRAMEWORK / "contrib" / also] if also else [])]
    return {
        words
        for folder in folders
        for words, pattern in _stock(folder).items()
        if pattern.search(text)
    }

"""Whatever a person could mean by a key is read as the key; the rest is refused."""

from __future__ import annotations

import pytest

from assessments import keys
from assessments.visitors.forms import KeyForm
from tests.support.dom import parse
from tests.support.taker import Taker

# With 0 and 1, which look like O, I and L.
KEY = "65DQ665DQ00HJ18WYZ4K"
SHOWN = keys.spaced(KEY)
FULL_WIDTH = "".join(chr(ord(letter) + 0xFEE0) for letter in SHOWN)
ARABIC = "".join(
    chr(0x660 + int(letter)) if letter.isdigit() else letter for letter in SHOWN
)
LINK = f"https://rolefit.example/quiz/resume/#{SHOWN}"

MEANT = {
    "as shown": SHOWN,
    "lower case": SHOWN.lower(),
    "line ends": SHOWN.replace("-", "\r\n"),
    "period": f"{SHOWN}.",
    "O for 0 and l for 1": SHOWN.replace("0", "O").replace("1", "l"),
    "no-break spaces": SHOWN.replace("-", "\u00a0"),
    "narrow no-break spaces": SHOWN.replace("-", "\u202f"),
    "hyphens": SHOWN.replace("-", "\u2010"),
    "no-break hyphens": SHOWN.replace("-", "\u2011"),
    "minus signs": SHOWN.replace("-", "\u2212"),
    "soft hyphens": SHOWN.replace("-", "\u00ad"),
    "zero-width spaces": SHOWN.replace("-", "\u200b"),
    "byte order mark": f"\ufeff{SHOWN}",
    "direction mark": f"\u200e{SHOWN}\u200e",
    "full-width letters": FULL_WIDTH,
    "quotation marks": f"“{SHOWN}”",
    "label": f"Key: {SHOWN}",
    "comma": f"{SHOWN},",
    "slashes": SHOWN.replace("-", "/"),
    "colons": SHOWN.replace("-", ":"),
    "digits of another script": ARABIC,
    "link": LINK,
    # Beyond the reported ones.
    "link with spaces": LINK.replace("-", "%20"),
    "own mail": f"Your Rolefit key: {SHOWN}\r\n\r\nThis link opens it:\r\n{LINK}\r\n",
    "label of the mail": f"Your Rolefit key: {SHOWN}",
}
NOT_MEANT = {
    "null character": f"{SHOWN}\0",
    "wrong letter": f"{SHOWN[:-1]}U",
    "one too many": f"{SHOWN}7",
    "one too few": SHOWN[:-1],
    "letter with an accent": f"{SHOWN[:-1]}É",
    "empty": "",
    "link without a key": LINK[: -len(SHOWN)],
    "a book": SHOWN * 100,
}


@pytest.mark.parametrize("text", MEANT.values(), ids=MEANT)
def test_key_is_read_as_it_was_meant(text: str) -> None:
    assert keys.read_key(text) == KEY
    form = KeyForm({"key": text})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["key"] == KEY


@pytest.mark.parametrize("text", NOT_MEANT.values(), ids=NOT_MEANT)
def test_anything_else_is_no_key_and_the_form_says_so(text: str) -> None:
    assert keys.read_key(text) is None
    form = KeyForm({"key": text})
    assert form.errors.keys() == {"key"}
    [sentence] = form.errors["key"]
    assert sentence.endswith(".")


def test_join_code_is_read_from_its_link() -> None:
    assert keys.read_code("https://rolefit.example/join/65DQ6-65DQ0/") == "65DQ665DQ0"


@pytest.mark.django_db
def test_pasted_link_opens_the_answers(visitor: Taker, stranger: Taker) -> None:
    visitor.start()
    link = f"http://localhost:8000/quiz/resume/#{keys.spaced(visitor.key)}."
    response = stranger.client.post("/quiz/resume/", {"key": link})
    assert (response.status_code, stranger.key) == (302, visitor.key)


@pytest.mark.django_db
def test_page_that_refuses_keeps_what_was_typed(visitor: Taker) -> None:
    page = parse(visitor.client.post("/quiz/resume/", {"key": "7K3M9"}))
    assert page.one("input[name=key]").value == "7K3M9"
    assert page.one(".error-summary a").value == "#id_key"

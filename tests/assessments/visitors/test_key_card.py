"""The key as pages hand it over: to copy, to mail to oneself, and as a QR code."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import Settings

from assessments import keys
from assessments.web import key_card, qr_code
from tests.support.dom import parse
from tests.support.taker import Taker, answers_of

KEY = "7K3M9Q2RTX0F5HJ8WYZ4"
SHOWN = "7K3M9-Q2RTX-0F5HJ-8WYZ4"


@pytest.mark.parametrize("spelling", [KEY, SHOWN])
def test_card_opens_the_answers_with_the_key_behind_the_hash(
    settings: Settings, spelling: str
) -> None:
    settings.BASE_URL = "https://rolefit.example"
    card = key_card(spelling)
    assert card.spaced == SHOWN
    assert card.link == f"https://rolefit.example/quiz/resume/#{SHOWN}"
    assert card.qr == qr_code(card.link, of="your key")
    assert card.qr != qr_code(card.link)


def test_mail_goes_to_no_address_and_its_text_holds_the_link(
    settings: Settings,
) -> None:
    settings.BASE_URL = "https://rolefit.example"
    card = key_card(KEY)
    mail = urlsplit(card.mailto)
    assert (mail.scheme, mail.path, mail.fragment) == ("mailto", "", "")
    fields = parse_qs(mail.query, strict_parsing=True)
    assert fields.keys() == {"subject", "body"}
    [text] = fields["body"]
    assert {card.link, card.spaced} <= set(text.split())
    # A mail program reads + as a plus, and wants line ends as %0D%0A.
    assert "+" not in mail.query
    assert "\n" not in text.replace("\r\n", "")
    assert keys.read_key(text) == KEY


@pytest.mark.django_db
def test_key_appears_after_the_first_save_and_not_before(visitor: Taker) -> None:
    visitor.start()
    assert not parse(visitor.client.get("/quiz/1/")).has("#key")
    visitor.answer(1, answers_of("both"))
    for address in ("/quiz/1/", "/quiz/2/", "/quiz/"):
        page = parse(visitor.client.get(address))
        assert page.one("#key").text == keys.spaced(visitor.key)
        assert page.one("[data-copy=key]").attributes["hidden"] == ""
        assert page.one("a[href^=mailto]").value == key_card(visitor.key).mailto
        fold = page.one("details.qr-fold")
        assert fold.has("svg.qr")
        assert "open" not in fold.attributes


@pytest.mark.django_db
def test_page_that_clears_the_computer_hands_the_key_over(visitor: Taker) -> None:
    visitor.start()
    key = visitor.key
    page = parse(visitor.client.post("/quiz/leave/"))
    assert page.one("#key").text == keys.spaced(key)

"""A share link still opens with what chat and mail programs add to it or take away.

Whatever nobody could mean gets the page that says what to do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.actions.share_links import make_share_link
from assessments.keys import read_token
from assessments.models import ShareLink
from rolefit.logs import HideSecrets
from tests.support.dom import parse
from tests.support.pages import template_of
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db

# What stands in the address, as the browser sends it, where {t} is the token.
MEANT = [
    "/r/{t}",
    "/r/{t}.",
    "/r/{t}/.",
    "/r/{t}/,",
    "/r/{t}/;",
    "/r/{t}/)",
    "/r/{t}/]",
    "/r/{t}/%3E",
    "/r/%3C{t}%3E",
    "/r/{t}/%22",
    "/r/{t}/'",
    "/r/{t}/%E2%80%9D",
    "/r/{t}/%C2%A0",
    "/r/{t}%25C2%25A0",
    "/r/%20{t}%20/",
    "/r/{t}%0A/",
    "/r/{t}%E2%80%8B/",
    "/r/{t}/&gt;",
    "/r/{t}//",
    "/r//{t}/",
    "//r//{t}/",
    "/R/{t}/",
    "/r/{T}/",
    "/r/{half}%0D%0A%20{rest}/",
    "/r/https://rolefit.example/r/{t}/",
]
WRONG = [
    "/r/{short}/",
    "/r/{t}x/",
    "/r/{t}/thanks",
    "/r/{t}{t}/",
    "/r/!!!/",
    "/r/ /",
    "/r/" + "%20" * 3000 + "/",
]


@pytest.fixture
def token(visitor: Taker) -> str:
    """Of a link to a result; it has a 0 and a 1, which people mistake for O and l."""
    visitor.take("clear_project")
    link = make_share_link(visitor.result(), scope="summary", label="", days=7)
    link.token = "01234567890123456789abcdef"
    link.save()
    return link.token


@pytest.fixture
def open_link(token: str) -> Callable[[str], HttpResponse]:
    """Open an address in which {t} and its like stand for the token, as pasted."""

    def open_as_pasted(address: str) -> HttpResponse:
        parts = {"half": token[:13], "rest": token[13:], "short": token[1:]}
        pasted = address.format(t=token, T=token.upper(), **parts)
        client = Client()
        # As a server hands the path over. The client would take //r// for a host.
        path = unquote_to_bytes(pasted).decode("latin-1")
        response = client.generic("GET", "/", PATH_INFO=path)
        if response.status_code == 302:
            response = client.get(response["Location"])
        return response

    return open_as_pasted


def test_link_opens_however_it_was_pasted(
    open_link: Callable[[str], HttpResponse],
) -> None:
    pages = {address: open_link(address) for address in MEANT}
    assert {
        address: (page.status_code, parse(page).has(".verdict h1"))
        for address, page in pages.items()
    } == dict.fromkeys(MEANT, (200, True))


def test_letters_that_look_like_digits_count_as_these(token: str) -> None:
    typed = [token.replace("0", "o"), token.replace("0", "O")]
    typed += [token.replace("1", "l"), token.replace("1", "I")]
    assert [read_token(text) for text in typed] == [token] * 4


def test_wrong_link_gets_a_page_that_says_what_to_do(
    open_link: Callable[[str], HttpResponse],
) -> None:
    pages = {address: open_link(address) for address in WRONG}
    assert {
        address: (page.status_code, template_of(page))
        for address, page in pages.items()
    } == dict.fromkeys(WRONG, (404, "assessments/no_link.html"))
    page = parse(pages["/r/{short}/"])
    assert page.one("main .lead").text
    assert page.has("main a[href=/quiz/]")
    assert page.one("meta[name=robots]").value == "noindex, nofollow"


def test_the_way_to_the_right_address_is_neither_kept_nor_told(token: str) -> None:
    response = Client().get(f"/r/{token.upper()}/")
    assert (response.status_code, response["Location"]) == (302, f"/r/{token}/")
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_pasted_link_is_only_read(token: str) -> None:
    client = Client()
    refused = [getattr(client, method) for method in ("post", "put", "delete")]
    assert [send(f"/r/{token}./").status_code for send in refused] == [405] * 3


def test_no_token_reaches_the_log(
    open_link: Callable[[str], HttpResponse],
    token: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.handler.addFilter(HideSecrets())
    ShareLink.objects.update(revoked_at=timezone.now())
    with caplog.at_level(logging.DEBUG):
        for address in (*MEANT, *WRONG):
            open_link(address)
    written = "".join(caplog.messages).casefold()
    assert written.count("not found: ") == len(MEANT) + len(WRONG)
    assert token[:13] not in written
    assert token[13:] not in written

"""Two editors save one page in the same moment: no accepted text is lost.

CONCURRENCY_ROUNDS asks for more rounds, and `make soak` does.
"""

from __future__ import annotations

from functools import partial
from itertools import cycle, islice

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content.models import Page, ProseBlock
from tests.support.articles import make_page, make_prose
from tests.support.editing import member_of, sign_in
from tests.support.forms import form_in, opened
from tests.support.threads import ROUNDS, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]
BLOCK = "content_proseblock_set-0"
LEAD, TEXT, DELETE = "lead", f"{BLOCK}-text", f"{BLOCK}-DELETE"
# What each of the two does.
PAIRS = [
    (LEAD, LEAD),
    (LEAD, "title"),
    (TEXT, TEXT),
    (TEXT, LEAD),
    (TEXT, DELETE),
    (DELETE, DELETE),
    (DELETE, LEAD),
]


@pytest.fixture
def two(editor_client: Client, groups: None) -> list[Client]:
    return [editor_client, sign_in(member_of("Editor"))]


def test_no_text_is_lost_when_two_save_at_once(two: list[Client]) -> None:
    for number, pair in enumerate(islice(cycle(PAIRS), ROUNDS // 2)):
        page = make_page(f"page-{number}")
        make_prose(page)
        address = reverse("admin:content_page_change", args=[page.pk])
        texts = {
            DELETE: ("on", "on"),
            TEXT: (f"<p>{number} one</p>", f"<p>{number} two</p>"),
            LEAD: (f"Lead {number} one", f"Lead {number} two"),
            "title": (f"Title {number} one", f"Title {number} two"),
        }
        typed = [texts[what][who] for who, what in enumerate(pair)]
        answers = at_once(
            *(
                partial(client.post, address, opened(client, address) | {what: text})
                for client, what, text in zip(two, pair, typed, strict=True)
            )
        )
        check(page, pair, typed, answers)


def check(
    page: Page,
    pair: tuple[str, str],
    typed: list[str],
    answers: list[HttpResponse | Exception],
) -> None:
    page.refresh_from_db()
    block = ProseBlock.objects.filter(parent=page).first()
    codes = []
    for what, text, answer in zip(pair, typed, answers, strict=True):
        assert isinstance(answer, HttpResponse), answer
        codes.append(answer.status_code)
        if answer.status_code == 302:
            if what == DELETE:
                assert block is None
            elif what == TEXT:
                assert block is not None
                assert block.text == text
            else:
                assert getattr(page, what) == text
        else:
            assert answer.status_code == 422
            if what != DELETE:
                assert form_in(answer)[what] == [text]
    clash = pair in ((LEAD, LEAD), (TEXT, TEXT), (TEXT, DELETE))
    assert sorted(codes) == ([302, 422] if clash else [302, 302]), pair

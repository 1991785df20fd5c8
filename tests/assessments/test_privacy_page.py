"""The privacy page names what is kept for coaching:

a new column fails here until the page speaks of it.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client

from assessments.models import Coach, NextStep, Participation
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db
AGREED, OPENED = (
    "what you agreed to, and when",
    "whether and when you opened a held result early",
)
KEPT: dict[type[Model], dict[str, str]] = {
    Participation: {
        "name": "the name by which you want the coach to know you",
        "scope": AGREED,
        "onward": AGREED,
        "held_until": AGREED,
        "consented_at": AGREED,
        "opened_early_at": OPENED,
        "notes": "private notes",
        "steps_shared": "the next steps that the coach shares",
    },
    NextStep: {"text": "next steps", "done_at": "next steps"},
    Coach: {
        "name": "your name",
        "email": "your e-mail",
        "works_with": "who you work with",
        "asked_at": "A request is kept until it is answered",
        "approved_at": "that you became a coach",
        "closed_at": "when your workspace was closed",
    },
}
ROWS = {
    "id",
    "invitation",
    "attempt",
    "participation",
    "user",
    "approved_by",
    "closed_by",
}  # what belongs to what


@pytest.fixture
def page(questionnaire: object, client: Client) -> str:
    return text_of(client.get("/privacy/").content)


@pytest.mark.parametrize("model", KEPT)
def test_every_column_is_named(page: str, model: type[Model]) -> None:
    assert {field.name for field in model._meta.fields} - ROWS == set(KEPT[model])
    assert [words for words in KEPT[model].values() if words not in page] == []


def test_page_tells_who_sees_it_and_that_a_coach_is_one_of_them(page: str) -> None:
    assert "Nobody sees them unless you share them" in page
    assert "a coach, as far as you agreed and until you take it back" in page
    assert "What the coach has printed or saved by then stays with the coach." in page


def test_session_cookie_lasts_as_the_page_says(page: str) -> None:
    assert "it lasts until the browser closes, and 12 hours at most" in page
    assert (settings.SESSION_COOKIE_AGE, settings.ACCOUNT_SESSION_REMEMBER) == (
        12 * 3600,
        False,
    )


def test_start_page_names_the_coach_too(questionnaire: object, client: Client) -> None:
    text = text_of(client.get("/quiz/").content)
    assert "no name unless you give one to a coach" in text
    assert (
        "Nobody sees them unless you share them, by a link or with a coach who invited"
        " you." in text
    )

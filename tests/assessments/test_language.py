"""Pages that show the words of a version carry its language and direction."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client

from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish
from assessments.models import Attempt, Version
from tests.support.dom import parse
from tests.support.snapshots import forget_snapshots
from tests.support.taker import Taker, answers_of

RENDERED = Template("{% load language %}<p{% language_attributes tag %}></p>")


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("en", {"lang": "en", "dir": "ltr"}),
        ("ar", {"lang": "ar", "dir": "rtl"}),
        ("he-IL", {"lang": "he-IL", "dir": "rtl"}),
        ("pt-BR", {"lang": "pt-BR", "dir": "ltr"}),
        ("", {}),
    ],
)
def test_language_gives_its_direction(tag: str, attributes: dict[str, str]) -> None:
    page = parse(RENDERED.render(Context({"tag": tag})))
    assert page.one("p").attributes == attributes


@pytest.fixture
def arabic(questionnaire: Version) -> Version:
    """The live version says that its words are Arabic."""
    draft = duplicate(questionnaire)
    draft.language = "ar"
    draft.save()
    version = publish(draft, by=None)
    forget_snapshots()
    return version


@pytest.mark.django_db
def test_pages_with_the_words_of_a_version_follow_its_language(
    arabic: Version,
) -> None:
    visitor = Taker()
    visitor.start("short")
    addresses = ["/quiz/1/", "/quiz/1/?change=T1", "/quiz/review/"]
    shown = [visitor.client.get(address) for address in addresses]
    for number in (1, 2, 3):
        visitor.answer(number, answers_of("clear_short"))
    Attempt.objects.update(seconds=300)
    visitor.client.post("/quiz/review/")
    addresses = [
        "/quiz/review/",
        "/quiz/result/1/change/T1/",
        "/quiz/result/",
        "/quiz/result/1/preview/answers/",
    ]
    shown += [visitor.client.get(address) for address in addresses]
    for response in shown:
        page = parse(response)
        assert page.one("html").attributes["lang"] == "en-US"
        main = page.one("main").attributes
        assert (main["lang"], main["dir"]) == ("ar", "rtl")


@pytest.mark.django_db
def test_pages_in_our_own_words_carry_no_language_of_their_own(
    client: Client, questionnaire: Version
) -> None:
    for address in ("/", "/quiz/", "/privacy/"):
        page = parse(client.get(address))
        assert page.one("html").attributes["lang"] == "en-US"
        assert "lang" not in page.one("main").attributes

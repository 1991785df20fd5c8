"""Kept pages: the same page as one rendered anew, and never somebody else's."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from difflib import SequenceMatcher

import pytest
from django.db.models import F
from django.test import Client

from assessments.actions import share_links
from assessments.models import Coach, Participation, Result, ShareLink, Version
from assessments.visitors import kept_pages
from content.models import SiteWords
from tests.support.articles import publish_drafted_words
from tests.support.coaching import invite
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.snapshots import forget_snapshots
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
# New at each request: the mask of the token, and the time of drawing.
CHANGING = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=name="shown" value=")[\w:-]+'
    r'|(?<=name="time-drawn" value=")[\w:-]+'
)


def both_ways(client: Client, address: str) -> tuple[str, str]:
    """A page from what is kept, and the same page after everything was forgotten."""
    kept = client.get(address)
    assert not kept.templates  # nothing was rendered
    forget_snapshots()
    anew = client.get(address)
    assert anew.templates
    first, second = (CHANGING.sub("", page.content.decode()) for page in (kept, anew))
    return first, second


@pytest.mark.parametrize("form", ["full", "short"])
def test_sections_are_the_same_kept_and_anew(questionnaire: Version, form: str) -> None:
    first, second = Taker(), Taker()
    for taker in (first, second):
        taker.start(form)
    example = "both" if form == "full" else "clear_short"
    numbers = range(1, 7 if form == "full" else 4)
    for number in numbers:
        first.client.get(f"/quiz/{number}/")
    for number in numbers:
        page = second.page(number) | {"time-T1": "3.5"}
        asked = [name[4:] for name in page if name.startswith("was-")]
        some = {question: answers_of(example)[question] for question in asked[1:]}
        second.answer(number, some, page=page, action="leave")
    for number in numbers:
        second.client.get(f"/quiz/{number}/")
        kept, anew = both_ways(second.client, f"/quiz/{number}/")
        assert kept == anew
        shown = parse(second.client.get(f"/quiz/{number}/"))
        assert len(shown.all("input[checked]")) == len(shown.all("fieldset")) - 1
        assert shown.has("#key")


def test_what_one_visitor_chose_is_on_nobody_elses_page(
    questionnaire: Version,
) -> None:
    one, other = Taker(), Taker()
    one.start()
    one.answer(1, answers_of("both"))
    assert len(parse(one.client.get("/quiz/1/")).all("input[checked]")) == 4
    other.start()
    text = other.client.get("/quiz/1/").content.decode()
    assert one.key not in text.replace("-", "")
    assert not parse(other.client.get("/quiz/1/")).all("input[checked]")


def test_result_is_the_same_kept_and_anew(visitor: Taker) -> None:
    visitor.take("clear_project")
    visitor.client.get("/quiz/result/")
    kept, anew = both_ways(visitor.client, "/quiz/result/")
    assert kept == anew


def test_results_of_two_owners_with_the_same_answers_hold_their_own_keys(
    questionnaire: Version,
) -> None:
    one, other = Taker(), Taker()
    for taker in (one, other):
        taker.take("clear_project")
    for _ in range(2):
        for taker in (one, other):
            shown = parse(taker.client.get("/quiz/result/")).one("#key").text
            assert shown.replace("-", "") == taker.key


def test_result_shows_at_once_that_it_is_kept_longer(visitor: Taker) -> None:
    visitor.take("clear_project")
    shown = [parse(visitor.client.get("/quiz/result/")).all("#keep b")[0].text]
    Result.objects.update(expires_at=F("expires_at") + timedelta(days=400))
    shown.append(parse(visitor.client.get("/quiz/result/")).all("#keep b")[0].text)
    assert shown[0] != shown[1]


def test_message_is_shown_once_and_not_kept(visitor: Taker) -> None:
    visitor.take("clear_project")
    visitor.client.get("/quiz/result/")
    visitor.client.post("/quiz/result/1/keep/")
    seen = [
        len(parse(visitor.client.get("/quiz/result/1/")).all(".notice"))
        for _ in range(3)
    ]
    assert seen == [1, 0, 0]


def test_a_coach_who_is_granted_the_result_is_named_at_once(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer_all("clear_project")
    named = [parse(guest.client.get("/quiz/result/")).has("#seen") for _ in range(2)]
    Participation.objects.all().delete()
    named.append(parse(guest.client.get("/quiz/result/")).has("#seen"))
    assert named == [True, True, False]


def test_shared_page_is_kept_by_link_and_scope_and_ends_with_the_link(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    for scope in ("summary", "answers"):
        visitor.client.post(
            "/quiz/result/share/", {"label": "", "scope": scope, "days": "30"}
        )
    links = {link.scope: link for link in ShareLink.objects.all()}
    for _ in range(2):
        for scope, link in links.items():
            page = parse(Client().get(f"/r/{link.token}/"))
            assert page.has("#sum") == (scope == "answers")
    kept, anew = both_ways(Client(), f"/r/{links['answers'].token}/")
    assert kept == anew
    share_links.revoke_share_link(links["answers"])
    assert Client().get(f"/r/{links['answers'].token}/").status_code == 404
    assert Client().get(f"/r/{links['summary'].token}/").status_code == 200


def test_words_of_the_site_are_new_at_once(visitor: Taker) -> None:
    visitor.start()
    for _ in range(2):
        visitor.client.get("/quiz/1/")
    SiteWords.objects.update(name="Another name")
    publish_drafted_words()
    assert b"Another name" in visitor.client.get("/quiz/1/").content


def test_the_page_that_was_used_longest_ago_makes_room(
    questionnaire: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_pages, "MAX_KEPT", 2)
    visitor = Taker()
    visitor.start()
    rendered = [
        bool(visitor.client.get(f"/quiz/{number}/").templates)
        for number in (1, 2, 1, 3, 1, 2)
    ]
    assert rendered == [True, True, False, True, False, True]


@pytest.mark.parametrize("address", ["/quiz/result/", "/quiz/1/"])
def test_compressed_page_is_the_same_page(visitor: Taker, address: str) -> None:
    if "result" in address:
        visitor.take("clear_project")
    else:
        visitor.start()
    plain = visitor.client.get(address)
    packed = [
        visitor.client.get(address, headers={"Accept-Encoding": "gzip, br"})
        for _ in range(2)
    ]
    for page in packed:
        assert page["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in page["Vary"]
        text = gzip.decompress(page.content).decode()
        assert CHANGING.sub("", text) == CHANGING.sub("", plain.content.decode())
    # Random bytes and a fresh mask.
    assert packed[0].content != packed[1].content


def test_fresh_section_is_compressed_once_for_everybody(questionnaire: Version) -> None:
    pages = []
    for _ in range(2):
        taker = Taker()
        taker.start()
        packed = taker.client.get("/quiz/1/", headers={"Accept-Encoding": "gzip"})
        pages.append(packed.content)
    # Deflated text that both share, and not only a few bytes of the head.
    shared = SequenceMatcher(None, *pages, autojunk=False).find_longest_match()
    assert shared.size > 1_000


def test_compressed_sections_of_visitors_who_have_answered_differ_as_their_answers(
    questionnaire: Version,
) -> None:
    some, none = Taker(), Taker()
    for taker in (some, none):
        taker.start()
    some.answer(1, answers_of("both"))
    for _ in range(2):
        for taker, checked in ((some, 4), (none, 0)):
            packed = taker.client.get("/quiz/1/", headers={"Accept-Encoding": "gzip"})
            text = gzip.decompress(packed.content).decode()
            plain = taker.client.get("/quiz/1/").content.decode()
            assert CHANGING.sub("", text) == CHANGING.sub("", plain)
            assert text.count("checked") == checked

"""The clarity call: our own page about it, and a result that its owner brings to it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.actions import share_links
from assessments.actions.clients import make_onward_link
from assessments.models import Coach, Participation, Result, ShareLink
from assessments.queries.share_links import CALL_LABEL
from content import published
from content.models import SiteWords
from tests.support.articles import publish_drafted_words
from tests.support.coaching import invite
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.pages import levels, template_of
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db

PLAIN = "https://calls.example.net/new"
TAKES_RESULT = "https://calls.example.net/new?from=us&result={result}"
BRING = "/quiz/call/"


def book_at(address: str) -> None:
    SiteWords.objects.update(booking_address=address)
    publish_drafted_words()


def bring(visitor: Taker, **data: str) -> HttpResponse:
    return visitor.client.post(BRING, {"result": "1", "bring": "on"} | data)


@pytest.mark.parametrize("path", ["/", "/future/"])
def test_button_leads_to_our_own_page_until_there_is_a_booking_address(
    questionnaire: object, client: Client, path: str
) -> None:
    assert parse(client.get(path)).values("[data-call]") == ["/call/"]
    page = client.get("/call/")
    assert (page.status_code, template_of(page)) == (200, "assessments/call.html")
    main = parse(page).one("main")
    ways = main.values("a")
    assert {"/quiz/", "/project-management/", "/product-management/"} <= set(ways)
    assert not any(way.startswith("mailto:") for way in ways)
    assert not page.cookies
    book_at(PLAIN)
    assert parse(client.get(path)).values("[data-call]") == [PLAIN]
    assert PLAIN in parse(client.get("/call/")).values("main a")


def test_page_of_the_call_names_the_contact_address_once_there_is_one(
    questionnaire: object, client: Client
) -> None:
    SiteWords.objects.update(contact_email="a@example.net")
    publish_drafted_words()
    assert "mailto:a@example.net" in parse(client.get("/call/")).values("main a")


def test_plain_link_has_no_placeholder(visitor: Taker) -> None:
    visitor.take("clear_project")
    book_at(TAKES_RESULT)
    link = "https://calls.example.net/new?from=us&result="
    assert parse(Client().get("/")).values("[data-call]") == [link]
    own = parse(visitor.client.get("/quiz/result/"))
    assert own.values(".call a") == [link]
    assert not own.has("input[name=bring]:checked")
    assert own.values(".call form") == [BRING]


def test_result_without_a_booking_address_offers_no_choice(visitor: Taker) -> None:
    visitor.take("clear_project")
    own = parse(visitor.client.get("/quiz/result/"))
    assert own.values(".call a") == ["/call/"]
    assert not own.has("input[name=bring]")


@pytest.mark.parametrize("address", [PLAIN, TAKES_RESULT])
def test_link_made_for_the_call_is_a_summary_for_30_days(
    visitor: Taker, address: str
) -> None:
    visitor.take("clear_project")
    book_at(address)
    assert bring(visitor)["Location"] == f"{BRING}?result=1"
    link = ShareLink.objects.get()
    assert (link.result, link.label, link.scope, link.name) == (
        visitor.result(),
        "Clarity call",
        "summary",
        "",
    )
    assert link.expires_at - link.created_at == timedelta(days=30)
    assert Client().get(f"/r/{link.token}/").status_code == 200


def test_booking_address_that_takes_a_result_gets_the_link(visitor: Taker) -> None:
    visitor.take("clear_project")
    book_at(TAKES_RESULT)
    page = parse(visitor.client.get(bring(visitor)["Location"]))
    shared = f"http://localhost:8000/r/{ShareLink.objects.get().token}/"
    onward = f"https://calls.example.net/new?from=us&result={quote(shared, safe='')}"
    assert page.one("meta[http-equiv=refresh]").value == f"0; url={onward}"
    assert onward in page.values("main a")


def test_other_booking_address_gets_a_page_with_the_link_to_copy(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    page = parse(visitor.client.get(bring(visitor)["Location"]))
    assert not page.has("meta[http-equiv]")
    token = ShareLink.objects.get().token
    assert page.one("#address").value == f"http://localhost:8000/r/{token}/"
    assert PLAIN in page.values("main a")


def test_link_that_still_works_is_brought_again(visitor: Taker) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    first = [bring(visitor) and ShareLink.objects.get().pk for _ in range(3)]
    assert len(set(first)) == 1
    visitor.client.post(f"/quiz/result/share/{first[0]}/revoke/")
    bring(visitor)
    assert ShareLink.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": timedelta(hours=1), "created_at": timedelta(days=-29)},
        {"expires_at": timedelta(days=364)},
        {"name": "Sam"},
    ],
)
def test_link_that_shows_more_or_ends_otherwise_is_not_brought(
    visitor: Taker, changes: dict[str, timedelta | str]
) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    bring(visitor)
    now = timezone.now()
    ShareLink.objects.update(
        **{
            field: value if isinstance(value, str) else now + value
            for field, value in changes.items()
        }
    )
    page = parse(visitor.client.get(bring(visitor)["Location"]))
    newest = ShareLink.objects.latest("pk")
    assert ShareLink.objects.count() == 2
    assert page.one("#address").value.endswith(f"/r/{newest.token}/")


def test_page_says_when_the_link_ends_with_its_result(visitor: Taker) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    last = timezone.now() + timedelta(days=2)
    Result.objects.update(expires_at=last)
    page = parse(visitor.client.get(bring(visitor)["Location"]))
    assert f"{last:%B %-d, %Y}" in page.one("main").text


def test_without_the_tick_nothing_is_made(visitor: Taker) -> None:
    visitor.take("clear_project")
    book_at(TAKES_RESULT)
    response = visitor.client.post(BRING, {"result": "1"})
    assert response["Location"] == "/call/"
    assert not ShareLink.objects.exists()


def test_without_a_booking_address_nothing_is_made(visitor: Taker) -> None:
    visitor.take("clear_project")
    assert bring(visitor)["Location"] == "/call/"
    assert visitor.client.get(f"{BRING}?result=1")["Location"] == "/call/"
    assert not ShareLink.objects.exists()


def test_reading_the_page_makes_nothing_and_leads_back(visitor: Taker) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    response = visitor.client.get(f"{BRING}?result=1")
    assert response["Location"] == "/quiz/result/1/"
    assert not ShareLink.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "-1", "2", "9" * 20, "١"])
def test_result_that_is_not_there_is_not_brought(visitor: Taker, number: str) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    assert bring(visitor, result=number).status_code == 404
    assert visitor.client.get(f"{BRING}?result={number}").status_code == 404
    assert not ShareLink.objects.exists()


def test_careless_result_is_not_brought(visitor: Taker) -> None:
    visitor.take("careless")
    book_at(PLAIN)
    assert bring(visitor).status_code == 404
    assert not parse(visitor.client.get("/quiz/result/")).has("input[name=bring]")


def test_stranger_cannot_bring_the_result_of_another(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    bring(visitor)
    stranger.start()
    assert stranger.client.get(f"{BRING}?result=1").status_code == 404
    assert bring(stranger).status_code == 404
    for response in (Client().get(f"{BRING}?result=1"), bring(Taker())):
        assert response["Location"] == "/quiz/"
    assert ShareLink.objects.count() == 1


def test_forged_form_brings_nothing(visitor: Taker) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = visitor.client.cookies
    response = forger.post(BRING, {"result": "1", "bring": "on"})
    assert response.status_code == 403
    assert not ShareLink.objects.exists()


def test_held_result_is_not_brought(coach: Coach) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    guest.share()
    guest.answer_all("clear_project")
    book_at(PLAIN)
    response = guest.client.post(BRING, {"result": "1", "bring": "on"})
    assert response["Location"] == "/quiz/result/1/"
    assert not ShareLink.objects.exists()


def test_coachs_link_with_the_same_label_is_not_brought(coach: Coach) -> None:
    guest = Guest(invite(coach, onward=True))
    guest.share()
    guest.answer_all("clear_project")
    book_at(PLAIN)
    onward = make_onward_link(
        Participation.objects.get(), scope="summary", label=CALL_LABEL, days=30
    )
    guest.client.post(BRING, {"result": "1", "bring": "on"})
    assert ShareLink.objects.exclude(pk=onward.pk).get().made_by is None


def test_owner_with_too_many_links_is_told_and_sent_to_the_list(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    for _ in range(share_links.MAX_USABLE_LINKS):
        share_links.make_share_link(visitor.result(), scope="summary", label="", days=7)
    response = bring(visitor)
    assert response["Location"] == "/quiz/result/share/?result=1"
    assert levels(visitor.client.get(response["Location"])) == ["error"]
    assert ShareLink.objects.count() == share_links.MAX_USABLE_LINKS


def test_bringing_counts_toward_the_limit_of_making_links(
    visitor: Taker, monkeypatch: pytest.MonkeyPatch, half_past: object
) -> None:
    visitor.take("clear_project")
    book_at(PLAIN)
    monkeypatch.setattr("assessments.visitors.call.MAX_LINKS_PER_HOUR", 2)
    statuses = [bring(visitor).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]


def test_link_on_a_shared_page_is_plain(visitor: Taker) -> None:
    visitor.take("clear_project")
    book_at(TAKES_RESULT)
    bring(visitor)
    shared = parse(Client().get(f"/r/{ShareLink.objects.get().token}/"))
    assert shared.values(".call [data-call]") == [
        published.current().words.call_address
    ]
    assert not shared.has("form")

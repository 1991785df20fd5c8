"""The call to action is counted where script runs, by day and place, and nothing else
of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Route

from assessments.actions.clicks import count_click
from assessments.models import ClickDay
from assessments.visitors.clicks import MAX_CLICKS
from content.models import PageVersion, SiteWords
from tests.support.articles import publish_drafted_words
from tests.support.dom import parse
from tests.support.pages import OURS
from tests.support.taker import Taker

pytestmark = pytest.mark.database

ELSEWHERE = "https://calls.example.net/"


def counted() -> list[tuple[str, int]]:
    return list(ClickDay.objects.order_by("place").values_list("place", "n"))


def click(place: str, headers: dict[str, str] = OURS) -> HttpResponse:
    return Client(enforce_csrf_checks=True).post(
        "/call/", {"place": place}, headers=headers
    )


def test_click_adds_one_to_its_place_and_day(questionnaire: object) -> None:
    for place in ("/", "/skills/", "result", "/skills/"):
        response = click(place)
        assert (response.status_code, response.content, response.cookies) == (
            204,
            b"",
            {},
        )
    assert counted() == [("/", 1), ("/skills/", 2), ("result", 1)]
    assert {row.day for row in ClickDay.objects.all()} == {timezone.now().date()}


def test_another_day_has_a_count_of_its_own(db: None) -> None:
    for day in (1, 2, 2):
        count_click("/", day=date(2026, 11, day))
    assert list(ClickDay.objects.order_by("day").values_list("day", "n")) == [
        (date(2026, 11, 1), 1),
        (date(2026, 11, 2), 2),
    ]


@pytest.mark.parametrize(
    "place",
    [
        "",
        "/nowhere/",
        "skills",
        "/skills",
        "//skills//",
        "/r/secret/",
        "/quiz/result/",
        "x" * 63,
        "\x00",
    ],
)
def test_place_that_has_no_call_is_refused(questionnaire: object, place: str) -> None:
    assert click(place).status_code == 400
    assert counted() == []


def test_page_that_is_not_published_is_no_place(questionnaire: object) -> None:
    PageVersion.objects.filter(page__slug="skills").delete()
    assert click("/skills/").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
        ({"Origin": "http://testserver"}, 204),
    ],
)
def test_only_a_page_of_ours_may_count(
    questionnaire: object, headers: dict[str, str], status: int
) -> None:
    assert click("/", headers).status_code == status
    assert len(counted()) == (status == 204)


def test_one_sender_cannot_run_the_count_up(questionnaire: object) -> None:
    statuses = [click("/").status_code for _ in range(MAX_CLICKS + 2)]
    assert statuses == [204] * MAX_CLICKS + [429] * 2
    assert counted() == [("/", MAX_CLICKS)]


def test_reading_the_address_counts_nothing(
    questionnaire: object, client: Client
) -> None:
    assert client.get("/call/?place=/", headers=OURS).status_code == 200
    assert client.put("/call/?place=/", headers=OURS).status_code == 405
    assert counted() == []


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_are_all_counted() -> None:
    def click_ten_times(_: int) -> None:
        for _ in range(10):
            count_click("/", day=date(2026, 11, 24))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(click_ten_times, range(8)))
    assert counted() == [("/", 80)]


def test_result_is_a_place_without_its_number_and_a_shared_one_runs_no_script(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    own = parse(visitor.client.get("/quiz/result/1/"))
    assert own.one("[data-call]").attributes["data-call"] == "result"
    assert len(own.all("script[src*=js/call]")) == 1
    shared = parse(visitor.client.get("/quiz/result/1/preview/summary/"))
    assert shared.has("main .call a")
    assert shared.all("script") == []


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_link_works_and_is_counted_where_script_runs(
    questionnaire: object,
    live_server: Any,
    new_context: Callable[..., Any],
    script: bool,
) -> None:
    SiteWords.objects.update(booking_address=ELSEWHERE)
    publish_drafted_words()
    page: Page = new_context(java_script_enabled=script).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.context.route(f"{ELSEWHERE}**", booked)
    for number, path in enumerate(("/", "/future/"), 1):
        page.goto(live_server.url + path)
        page.locator("[data-call]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(ELSEWHERE)
        latest = monotonic() + 60
        # The beacon may still be under way: the browser sends it while it goes
        # elsewhere.
        while script and len(counted()) < number and monotonic() < latest:
            page.wait_for_timeout(20)
    assert counted() == ([("/", 1), ("/future/", 1)] if script else [])
    assert said == []


def booked(route: Route) -> None:
    route.fulfill(body="<title>Booked</title>", content_type="text/html")

"""The public page for coaches: what they get, and the request for a workspace."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.coaches.sample import SAMPLE_CLIENTS, sample
from assessments.models import Coach, Version
from tests.support.coaching import signed_in_as
from tests.support.dom import parse

ASK = "/coach/ask/"
TYPED = {"name": "Nora", "email": "nora@example.org", "works_with": "Nurses"}


def test_page_shows_a_group_its_clients_and_a_guide_and_then_asks_for_three_things(
    article: None, client: Client
) -> None:
    page = parse(client.get(ASK))
    assert len(page.all(".group-table tbody tr")) == len(SAMPLE_CLIENTS)
    # One line for each, and the table behind the figure has each, too.
    assert len(page.all("figure svg.row")) == len(SAMPLE_CLIENTS)
    assert len(page.all("figure details tbody tr")) == len(SAMPLE_CLIENTS)
    assert page.has(".topic .ask")
    fields = [
        field.attributes["name"]
        for kind in ("input[type=text]", "input[type=email]", "textarea")
        for field in page.all(f"#ask {kind}")
    ]
    assert fields == [*TYPED]
    assert page.has("main a[href='/accounts/login/?next=/coach/']")


def test_sample_is_drawn_where_its_numbers_lie() -> None:
    drawn = {client.name: client.figure for client in sample().clients}
    for name, outcome, lean, _, _ in SAMPLE_CLIENTS:
        assert drawn[name].outcome == outcome
        assert drawn[name].mark == f"{50 - lean / 2:.2f}%"


def test_request_that_is_refused_comes_back_first_with_what_was_typed(
    article: None, client: Client
) -> None:
    response = client.post(ASK, TYPED | {"email": "nora"})
    page = parse(response)
    assert response.status_code == 422
    assert page.one("head title").text.startswith("Error: ")
    assert page.values(".error-summary a") == ["#id_email"]
    assert page.one("main textarea").text.strip() == "Nurses"
    first, *_ = page.all("main .part")
    assert first.attributes["id"] == "ask"
    assert len(page.all("main form")) == 1
    assert not Coach.objects.exists()


def test_request_is_kept(article: None, client: Client) -> None:
    assert client.post(ASK, TYPED).status_code == 200
    assert Coach.objects.values(*TYPED).get() == TYPED


@pytest.mark.parametrize("closed", [True, False])
def test_coach_who_is_signed_in_finds_the_way_to_the_workspace(
    questionnaire: Version, coach: Coach, closed: bool
) -> None:
    client = signed_in_as(coach.user)
    if closed:
        Coach.objects.update(closed_at=coach.approved_at, closed_by=coach.approved_by)
    page = parse(client.get(ASK))
    assert page.has("main a.button[href='/coach/']") is not closed
    assert page.has("#ask form") is closed

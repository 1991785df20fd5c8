"""Somebody invited by name wants no more email, or no address kept here."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments.actions import muting, personal_links
from assessments.actions.personal_links import Person
from assessments.models import Coach, MutedAddress, PersonalLink
from assessments.visitors import stopping
from tests.support.coaching import invite
from tests.support.dom import parse

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(coach: Coach) -> PersonalLink:
    personal_links.invite_people(invite(coach), [Person("Ada", ADDRESS)])
    return PersonalLink.objects.get()


def stop_page(link: PersonalLink, token: str = "") -> str:
    return f"/join/{link.code}/stop/" + (f"?mail={token}" if token else "")


def is_muted() -> bool:
    return muting.muted([ADDRESS]) == {ADDRESS}


def test_looking_changes_nothing(client: Client, link: PersonalLink) -> None:
    page = client.get(stop_page(link, muting.stop_token(ADDRESS)))
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert parse(page).values("main button") == ["stop", "forget"]
    assert not is_muted()


def test_button_stops_and_deletes_the_address(
    client: Client, link: PersonalLink
) -> None:
    for _ in range(2):
        page = client.post(stop_page(link), {"action": "stop"})
        assert page.status_code == 200
        assert not parse(page).has("main button")
    link.refresh_from_db()
    assert (link.email, link.stopped_at is not None) == ("", True)
    assert is_muted()
    assert client.get(f"/join/{link.code}/").status_code == 200


def test_mail_program_stops_with_one_post(link: PersonalLink) -> None:
    """RFC 8058: without a page, a cookie or a token of ours."""
    program = Client(enforce_csrf_checks=True)
    assert program.post(stop_page(link), ONE_CLICK).status_code == 200
    assert is_muted()


def test_mail_stops_after_link_and_address_are_gone(
    client: Client, link: PersonalLink
) -> None:
    token = muting.stop_token(ADDRESS)
    muting.forget_address(link)
    assert not parse(client.get(stop_page(link))).has("main button")
    assert parse(client.get(stop_page(link, token))).has("main button[value=stop]")
    PersonalLink.objects.all().delete()
    assert client.get(stop_page(link, token)).status_code == 200
    assert client.post(stop_page(link, token), ONE_CLICK).status_code == 200
    assert is_muted()


def test_address_alone_is_deleted(client: Client, link: PersonalLink) -> None:
    done = client.post(stop_page(link), {"action": "forget"})
    assert done["Location"] == f"/join/{link.code}/"
    link.refresh_from_db()
    assert (link.email, link.stopped_at) == ("", None)
    assert not MutedAddress.objects.exists()


@pytest.mark.parametrize("token", ["", "0" * 64, "0" * 64 + ":forged"])
def test_guesses_meet_404_and_count(
    client: Client,
    link: PersonalLink,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    half_past: object,
) -> None:
    monkeypatch.setattr(stopping, "MAX_GUESSES", 2)
    PersonalLink.objects.update(code="AAAAAAAAAA")
    statuses = [client.post(stop_page(link, token)).status_code for _ in range(3)]
    assert statuses == [404, 404, 429]
    assert not MutedAddress.objects.exists()


def test_email_to_somebody_else_tells_and_changes_nothing(
    client: Client, link: PersonalLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = muting.stop_token("thief@example.org")
    guessed = stop_page(link, token)
    wrong = guessed.replace(link.code, "AAAAAAAAAA")
    seen = [client.get(page) for page in (guessed, wrong)]
    assert [page.status_code for page in seen] == [200, 200]
    assert parse(seen[0]).one("main").text == parse(seen[1]).one("main").text
    assert parse(seen[0]).values("main button") == ["stop"]
    for fields in ({"action": "forget"}, {"action": "stop"}, ONE_CLICK):
        client.post(guessed, fields)
    link.refresh_from_db()
    assert (link.email, link.stopped_at, is_muted()) == (ADDRESS, None, False)
    monkeypatch.setattr(stopping, "MAX_GUESSES", 6)
    assert [client.get(guessed).status_code for _ in range(2)] == [200, 429]


def test_email_from_before_a_change_of_the_secret_key_knows_its_link(
    client: Client, link: PersonalLink, settings: Any
) -> None:
    page = stop_page(link, muting.stop_token(ADDRESS))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the tests, as long as the first"
    assert parse(client.get(page)).values("main button") == ["stop", "forget"]
    client.post(page, {"action": "stop"})
    link.refresh_from_db()
    assert (link.email, link.stopped_at is not None) == ("", True)


def test_address_that_is_deleted_twice_may_still_get_email(
    client: Client, link: PersonalLink
) -> None:
    page = stop_page(link, muting.stop_token(ADDRESS))
    for _ in range(2):
        done = client.post(page, {"action": "forget"})
        assert done["Location"] == f"/join/{link.code}/"
    assert not MutedAddress.objects.exists()


def test_code_of_a_group_has_no_such_page(client: Client, coach: Coach) -> None:
    group = invite(coach)
    assert client.get(f"/join/{group.code}/stop/").status_code == 404

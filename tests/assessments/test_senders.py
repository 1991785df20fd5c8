"""An attempt remembers a coarse device class, a language and how the visitor came, and nothing finer."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.test import Client, RequestFactory

from assessments.actions import attempts
from assessments.actions.attempts import Sender
from assessments.models import Arrival, Attempt, Version
from assessments.visitors.origin import sender_of
from tests.support.taker import Taker

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
IPAD = "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1"
PIXEL = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
GALAXY_TAB = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
FIREFOX_TABLET = "Mozilla/5.0 (Android 14; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def posted(
    headers: dict[str, str], user: User | AnonymousUser | None = None
) -> HttpRequest:
    request = RequestFactory().post("/quiz/", headers=headers)
    request.user = user or AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("agent", "mobile", "device"),
    [
        (IPHONE, "", "phone"),
        (PIXEL, "?1", "phone"),
        (PIXEL, "", "phone"),
        (LAPTOP, "?1", "phone"),
        (IPAD, "", "tablet"),
        (GALAXY_TAB, "?0", "tablet"),
        (FIREFOX_TABLET, "", "tablet"),
        (LAPTOP, "?0", "computer"),
        ("", "", ""),
    ],
)
def test_device_is_a_class_of_devices(agent: str, mobile: str, device: str) -> None:
    request = posted({"User-Agent": agent, "Sec-CH-UA-Mobile": mobile})
    assert sender_of(request) == Sender(device=device)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("DE", "de"),
        (" fil-PH, en;q=0.5", "fil"),
        ("zh-Hant-TW", "zh"),
        ("pt;q=0.7", "pt"),
        ("*", ""),
        ("", ""),
        ("english", ""),
        ("x", ""),
        ("<b>", ""),
    ],
)
def test_language_is_the_first_without_its_country(
    accepted: str, language: str
) -> None:
    request = posted({"Accept-Language": accepted})
    assert sender_of(request, arrival=Arrival.COACH) == Sender(
        language=language, arrival="coach"
    )


@pytest.mark.django_db
def test_attempt_remembers_whence_it_is_taken_and_one_made_from_it_does_too(
    questionnaire: Version,
) -> None:
    visitor = Taker(Client(headers={"User-Agent": PIXEL, "Accept-Language": "sw-KE"}))
    visitor.take("both")
    attempts.correct(visitor.result())
    found = list(Attempt.objects.values_list("device", "language", "arrival"))
    assert found == [("phone", "sw", "site")] * 2


@pytest.mark.django_db
def test_attempt_started_again_is_told_of_the_device_of_this_time(
    visitor: Taker,
) -> None:
    visitor.take("both")
    visitor.client.post(
        "/quiz/", {"form": "full", "who": "same"}, headers={"User-Agent": IPAD}
    )
    assert (
        visitor.attempt.device,
        visitor.attempt.language,
        visitor.attempt.arrival,
    ) == ("tablet", "", "site")


@pytest.mark.django_db
def test_attempt_from_an_invitation_says_so(questionnaire: Version) -> None:
    attempt, _ = attempts.start(
        version=questionnaire, form="full", sender=Sender(arrival=Arrival.COACH)
    )
    assert Attempt.objects.get(pk=attempt.pk).arrival == "coach"


@pytest.mark.parametrize(("is_staff", "arrival"), [(True, "staff"), (False, "coach")])
def test_whoever_is_signed_in_as_staff_arrives_so_however_she_came(
    is_staff: bool, arrival: str
) -> None:
    request = posted({}, User(username="stella", is_staff=is_staff))
    assert sender_of(request, arrival=Arrival.COACH).arrival == arrival

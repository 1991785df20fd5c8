"""Coaches and clients at once through their pages.

Double clicks, the last free place, a link while its client withdraws.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from assessments import keys
from assessments.actions import retention
from assessments.coaches.group_forms import signed_code
from assessments.models import (
    Coach,
    Invitation,
    Owner,
    Participation,
    RateCount,
    ShareLink,
    Version,
)
from assessments.queries import invitations
from assessments.visitors.owner_cookie import COOKIE
from tests.support.coaching import answer, invite, join, make_coach, signed_in_as
from tests.support.threads import ROUNDS, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]
LINK = {"label": "", "scope": "summary", "days": "7"}
TERMS = {
    "label": "Spring",
    "places": "3",
    "form": "full",
    "scope": "answers",
    "held_until": "",
    "last_day": "",
}
CONSENT = {"name": "Ann", "agree": "on", "action": "share"}


@pytest.fixture
def coach(questionnaire: Version) -> Coach:
    return make_coach("Carla", by=User.objects.create_user("mara"))


@pytest.fixture
def session(coach: Coach) -> str:
    return signed_in_as(coach.user).cookies["sessionid"].value


def press(
    address: str, data: dict[str, str], *, at: int, **cookies: str
) -> Callable[[], object]:
    """One press of a button in a browser of its own; each round comes from another
    place, or it would meet the limits.
    """
    client = Client(REMOTE_ADDR=f"192.0.2.{at % 250}")
    for name, value in cookies.items():
        client.cookies[name] = value
    return partial(_answer, client, address, data)


def _answer(client: Client, address: str, data: dict[str, str]) -> tuple[int, str]:
    response: HttpResponse = client.post(address, data)
    return response.status_code, response.headers.get("Location", "")


def test_link_that_is_made_while_its_client_withdraws_does_not_outlive_the_grant(
    coach: Coach, session: str
) -> None:
    group = invite(coach, onward=True)
    for at in range(ROUNDS):
        key = keys.new_key()
        grant = join(group, key=key)
        result = answer(grant.attempt.owner)
        address = f"/coach/client/{grant.pk}/"
        made, withdrawn, _ = at_once(
            press(f"{address}links/", LINK, at=at, sessionid=session),
            press(
                f"/quiz/result/sees/{grant.pk}/withdraw/", {}, at=at, **{COOKIE: key}
            ),
            press(
                f"{address}notes/",
                {"notes": "Begin with school."},
                at=at,
                sessionid=session,
            ),
        )
        assert made in [(302, f"{address}#links"), (404, "")]
        assert withdrawn == (302, "/quiz/result/sees/")
        assert not ShareLink.objects.exists()
        assert not Participation.objects.exists()
        assert Owner.objects.get(pk=result.owner_id).results.get() == result
        retention.delete_everything(result.owner)


def test_last_free_place_goes_to_one_of_two_who_press_at_once(coach: Coach) -> None:
    for at in range(ROUNDS):
        group = invite(coach, max_uses=1)
        address = f"/join/{group.code}/"
        owners = Owner.objects.count()
        outcomes = at_once(
            *(
                press(address, CONSENT | {"nonce": keys.new_nonce()}, at=at)
                for _ in range(2)
            )
        )
        assert sorted(outcomes) == [(302, address), (302, "/quiz/1/")]
        assert invitations.places_taken(group) == 1
        assert Owner.objects.count() == owners + 1


def test_double_click_on_the_consent_is_one_person_with_one_grant(coach: Coach) -> None:
    group = invite(coach)
    for at in range(ROUNDS):
        key = keys.new_key()
        owners, grants = Owner.objects.count(), Participation.objects.count()
        # The second press is sent before the first is answered, so neither carries the
        # cookie.
        presses = [
            press(f"/join/{group.code}/", CONSENT | {"nonce": key}, at=at)
            for _ in range(2)
        ]
        assert at_once(*presses) == [(302, "/quiz/1/")] * 2
        assert (Owner.objects.count(), Participation.objects.count()) == (
            owners + 1,
            grants + 1,
        )
        assert Owner.objects.latest("pk").key_sha256 == keys.digest(
            keys.key_made_from(key, f"{settings.SECRET_KEY} ")
        )


def test_double_click_on_make_the_invitation_makes_one(
    coach: Coach, session: str
) -> None:
    for at in range(ROUNDS):
        form = signed_code(code := keys.new_code())
        RateCount.objects.all().delete()
        outcomes = at_once(
            *(
                press("/coach/new/", TERMS | {"code": form}, at=at, sessionid=session)
                for _ in range(3)
            )
        )
        made = Invitation.objects.get(code=code)
        assert outcomes == [(302, f"/coach/{made.pk}/")] * 3
        assert Invitation.objects.count() == at + 1

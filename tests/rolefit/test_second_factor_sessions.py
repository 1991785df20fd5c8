"""A session that gave no second factor opens nothing once the account has one."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from assessments.actions.account_sessions import sessions_of
from assessments.models import Coach
from tests.support.coaching import make_coach
from tests.support.codes import code_of, unused_code_of
from tests.support.dom import parse
from tests.support.passkeys import Passkey

PASSWORD = "a long pass phrase"
BEHIND_THE_FACTOR = ["/coach/", "/coach/groups/", "/admin/", "/accounts/2fa/"]


@pytest.fixture
def carla(staff: User, questionnaire: object) -> User:
    """A coach who is on the staff, without a second factor."""
    coach: Coach = make_coach("Carla", by=staff)
    User.objects.filter(pk=coach.user_id).update(is_staff=True, is_superuser=True)
    EmailAddress.objects.filter(user=coach.user_id).update(verified=True)
    return User.objects.get(pk=coach.user_id)


def with_the_password(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def opened_by(client: Client) -> list[str]:
    return [path for path in BEHIND_THE_FACTOR if client.get(path).status_code == 200]


def set_up_an_app(client: Client) -> None:
    page = parse(client.get("/accounts/2fa/totp/activate/"))
    code = code_of(page.values("#authenticator_secret")[0])
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).has_header(
        "Location"
    )


def test_first_factor_ends_the_other_sessions_and_opens_this_one(carla: User) -> None:
    thief, owner = with_the_password(carla), with_the_password(carla)
    assert opened_by(thief) == opened_by(owner) == ["/accounts/2fa/"]
    set_up_an_app(owner)
    assert opened_by(owner) == BEHIND_THE_FACTOR
    assert opened_by(thief) == []
    assert len(sessions_of(carla)) == 1


@pytest.mark.parametrize("first", BEHIND_THE_FACTOR)
def test_session_that_was_left_is_signed_out_where_a_factor_is_needed(
    carla: User, first: str
) -> None:
    """As a sign-in that was under way while the factor was set up."""
    thief = with_the_password(carla)
    totp.TOTP.activate(carla, totp.generate_totp_secret())
    assert len(sessions_of(carla)) == 1
    assert thief.get(first).status_code in (302, 404)
    assert sessions_of(carla) == []
    assert opened_by(thief) == []


def test_form_of_a_session_that_was_left_changes_nothing(carla: User) -> None:
    thief = with_the_password(carla)
    totp.TOTP.activate(carla, totp.generate_totp_secret())
    thief.post("/accounts/2fa/totp/deactivate/")
    thief.post("/coach/new/", {"label": "Theirs", "form": "full", "scope": "summary"})
    assert Authenticator.objects.filter(user=carla).exists()
    assert not carla.coach.invitations.exists()


@pytest.mark.parametrize("way", ["app", "recovery code"])
def test_sign_in_with_the_factor_opens_everything(carla: User, way: str) -> None:
    totp.TOTP.activate(carla, secret := totp.generate_totp_secret())
    codes = RecoveryCodes.activate(carla).get_unused_codes()
    client = with_the_password(carla)
    assert opened_by(client) == []
    code = unused_code_of(secret) if way == "app" else codes[0]
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert opened_by(client) == BEHIND_THE_FACTOR


def test_later_factor_ends_no_session_and_counts_for_none(
    carla: User, rf: RequestFactory
) -> None:
    left, owner = with_the_password(carla), Client()
    totp.TOTP.activate(carla, totp.generate_totp_secret())
    owner.force_login(carla)
    request = rf.post("/accounts/2fa/webauthn/add/")
    request.user, request.session = carla, left.session
    with request_context(request):
        Passkey(carla).register()
    request.session.save()
    assert len(sessions_of(carla)) == 2
    assert opened_by(left) == []
    assert opened_by(owner) == BEHIND_THE_FACTOR


def test_first_passkey_opens_the_session_that_added_it(
    carla: User, rf: RequestFactory
) -> None:
    owner, other = with_the_password(carla), with_the_password(carla)
    request = rf.post("/accounts/2fa/webauthn/add/")
    request.user, request.session = carla, owner.session
    with request_context(request):
        Passkey(carla).register()
    request.session.save()
    assert opened_by(owner) == BEHIND_THE_FACTOR
    assert opened_by(other) == []

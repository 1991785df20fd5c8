"""From the first mail to the workspace, without typing a password twice."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from assessments.actions import coaches
from assessments.models import Coach, Version
from tests.support.coaching import make_manager
from tests.support.codes import code_of
from tests.support.dom import parse
from tests.support.passkeys import Passkey

pytestmark = pytest.mark.django_db
PASSWORD = "seventeen gray herons"
KEY_BUTTON = "#mfa_webauthn_authenticate"


@pytest.fixture
def edith(article: None) -> User:
    """On the staff, with a password and nothing else."""
    user = User.objects.create_user(
        "edith@example.org", "edith@example.org", PASSWORD, is_staff=True
    )
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def set_up(client: Client) -> str:
    """Set up an app. The address of the page that comes then."""
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = parse(page).values("#authenticator_secret")[0]
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    return str(done["Location"])


def test_approved_coach_chooses_a_password_and_is_never_asked_for_it(
    questionnaire: Version,
) -> None:
    coaches.ask_for_account(name="Nora", email="nora@example.org", works_with="Nurses")
    coaches.approve_coach(Coach.objects.get(), by=make_manager())
    coaches.mail_approval(Coach.objects.get())
    [message] = [sent for sent in mail.outbox if sent.to == ["nora@example.org"]]
    [link] = re.findall(r"http://\S+?(/accounts/password/\S+)", str(message.body))
    nora = Client()
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    way = nora.post(link, chosen, follow=True).redirect_chain
    assert [address for address, _ in way] == ["/coach/", "/accounts/2fa/"]
    codes = parse(nora.get(set_up(nora)))
    assert codes.has("main b.key")
    assert codes.has("main a.button[href='/coach/']")
    assert not codes.has("main a[href='/admin/']")
    assert nora.get("/coach/").status_code == 200


def test_staff_get_from_the_sign_in_to_the_admin(edith: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": edith.email, "password": PASSWORD})
    codes = parse(client.get(set_up(client)))
    assert codes.has("main a.button[href='/admin/']")
    assert not codes.has("main a[href='/coach/']")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("has_key", [True, False])
def test_key_is_offered_to_an_account_that_has_one(edith: User, has_key: bool) -> None:
    totp.TOTP.activate(edith, totp.generate_totp_secret())
    if has_key:
        Passkey(edith).register()
    client = Client()
    client.post("/accounts/login/", {"login": edith.email, "password": PASSWORD})
    page = parse(client.get("/accounts/2fa/authenticate/"))
    assert page.has("input[name=code]")
    assert page.has(KEY_BUTTON) is has_key


@pytest.mark.parametrize("field", ["code", "credential"])
def test_title_says_that_the_second_factor_was_refused(edith: User, field: str) -> None:
    Passkey(edith).register()
    client = Client()
    client.post("/accounts/login/", {"login": edith.email, "password": PASSWORD})
    page = parse(client.post("/accounts/2fa/authenticate/", {field: ""}))
    assert page.one("title").text.startswith("Error: ")
    assert page.has(".error-summary")

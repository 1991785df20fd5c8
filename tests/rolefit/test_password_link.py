"""The mailed link under which an account gets a password.

It works once, writes nothing until it is used, and gives nothing away.
"""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.support.dom import parse

pytestmark = pytest.mark.django_db
NEW = {"password1": "quite another phrase", "password2": "quite another phrase"}


@pytest.fixture
def nora(article: None) -> User:
    nora = User.objects.create_user("nora", "nora@example.org", "a long pass phrase")
    EmailAddress.objects.create(
        user=nora, email=nora.email, verified=True, primary=True
    )
    return nora


@pytest.fixture
def link(nora: User, mailoutbox: list[EmailMessage]) -> str:
    return mailed_link(mailoutbox)


def mailed_link(mailoutbox: list[EmailMessage]) -> str:
    """As it stands in the mail that Nora asks for."""
    Client().post("/accounts/password/reset/", {"email": "nora@example.org"})
    (found,) = re.findall(
        r"http://\S+?(/accounts/password/reset/key/\S+)", str(mailoutbox[0].body)
    )
    return str(found)


def test_form_stands_at_the_address_of_the_link_and_reading_it_keeps_nothing(
    client: Client, link: str
) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert parse(page).values("main form") == [link]
    assert set(client.cookies) == {"csrftoken"}
    assert not Session.objects.exists()


def test_password_is_set_once_and_opens_the_account(
    client: Client, link: str, nora: User
) -> None:
    response = client.post(link, NEW)
    assert response["Location"] == "/coach/"
    assert client.session["_auth_user_id"] == str(nora.pk)
    # Nobody types it again seconds later.
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    nora.refresh_from_db()
    assert nora.check_password(NEW["password1"])
    again = Client().post(
        link, {"password1": "a third long phrase", "password2": "a third long phrase"}
    )
    assert again.status_code == 404
    nora.refresh_from_db()
    assert nora.check_password(NEW["password1"])


def test_new_password_opens_no_closed_account(
    client: Client, link: str, nora: User
) -> None:
    User.objects.filter(pk=nora.pk).update(is_active=False)
    client.post(link, NEW)
    assert "_auth_user_id" not in client.session


def test_new_password_alone_opens_no_account_with_a_second_factor(
    client: Client, nora: User, mailoutbox: list[EmailMessage]
) -> None:
    totp.TOTP.activate(nora, totp.generate_totp_secret())
    response = client.post(mailed_link(mailoutbox), NEW)
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get("/coach/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"password2": "something else again"},
        {"password1": "short", "password2": "short"},
        {"password1": ""},
    ],
)
def test_faulty_password_comes_back_with_the_reason_and_the_link_still_works(
    client: Client, link: str, nora: User, wrong: dict[str, str]
) -> None:
    assert client.post(link, NEW | wrong).status_code == 200
    nora.refresh_from_db()
    assert nora.check_password("a long pass phrase")
    assert client.post(link, NEW).status_code == 302


def test_another_account_is_signed_out_by_using_the_link_and_not_by_reading_it(
    link: str, nora: User
) -> None:
    browser = Client()
    browser.force_login(
        User.objects.create_user("otto", "otto@example.org", "a long pass phrase")
    )
    browser.get(link)
    otto = browser.session["_auth_user_id"]
    browser.post(link, NEW)
    assert otto != browser.session["_auth_user_id"] == str(nora.pk)


def test_own_session_is_asked_for_the_second_factor_too(
    nora: User, mailoutbox: list[EmailMessage]
) -> None:
    Authenticator.objects.create(user=nora, type="totp", data={})
    browser = Client()
    browser.force_login(nora)
    sent_to = browser.post(mailed_link(mailoutbox), NEW).headers["Location"]
    assert sent_to == reverse("mfa_authenticate")
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("changed", [(r"key/\w+-", "key/zz9-"), ("key/", "key/9")])
def test_wrong_link_is_told_from_nothing_else(
    client: Client, link: str, method: str, changed: tuple[str, str]
) -> None:
    for wrong in (re.sub(*changed, link), link[:-2] + "x/"):
        response = getattr(client, method)(wrong, NEW)
        assert response.status_code == 404
        assert response.context["token_fail"] is True
        assert not parse(response).has("main form")


def test_no_page_of_it_tells_its_address_onward(client: Client, link: str) -> None:
    for address in (link, link[:-2] + "x/"):
        response = client.get(address)
        assert response["Referrer-Policy"] == "strict-origin"
        assert "no-store" in response["Cache-Control"]


def test_forty_heads_do_not_use_up_the_limit_of_the_form(
    client: Client, link: str
) -> None:
    assert {client.head(link).status_code for _ in range(40)} == {200}
    assert client.post(link, NEW).status_code == 302

"""Sites that send no mail say so, and a Coach manager makes a link for a coach who
forgot her password.
"""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from assessments.models import Coach
from content.models import AuditEntry
from tests.support.coaching import invite, join, signed_in_as
from tests.support.staff import signed_in, text_of

pytestmark = pytest.mark.django_db
LINK = re.compile(r'value="http://localhost:8000(/accounts/password/reset/key/[^"]+)"')


@pytest.fixture
def no_mail(settings) -> None:
    settings.MAIL_GOES_OUT = False


@pytest.fixture
def mara(manager: User) -> Client:
    return signed_in_as(manager)


def address(coach: Coach) -> str:
    return f"/admin/assessments/coach/{coach.pk}/new-password/"


def page(mara: Client, coach: Coach) -> str:
    return text_of(mara.get(f"/admin/assessments/coach/{coach.pk}/change/"))


# What the pages say


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/", "/accounts/password/reset/done/"]
)
def test_pages_about_passwords_promise_no_mail_where_none_goes_out(
    client: Client, article: None, settings, path: str
) -> None:
    with_mail = text_of(client.get(path))
    settings.MAIL_GOES_OUT = False
    without = text_of(client.get(path))
    assert (
        "whoever looks after it for a link" in with_mail,
        "whoever looks after it for a link" in without,
    ) == (False, True)
    assert ("on its way" in with_mail or "We send a link" in with_mail) is True
    assert [
        words
        for words in ("on its way", "We send a link", "Look into your mail", "<form")
        if words in without
    ] == []


# The link


def test_manager_makes_a_link_that_is_shown_once_and_sets_a_password_once(
    mara: Client, coach: Coach, no_mail: None
) -> None:
    assert "Make a link to a new password" in page(mara, coach)
    answer = mara.post(address(coach))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    [link] = LINK.findall(answer.content.decode())
    assert "/reset/key/" not in page(mara, coach)
    assert [str(entry) for entry in AuditEntry.objects.all()][:1] == [
        "approved a new password for Carla, a coach"
    ]
    browser = Client()
    assert b"password1" in browser.get(link).content
    chosen = {"password1": "quite a long phrase", "password2": "quite a long phrase"}
    assert browser.post(link, chosen).status_code == 302
    assert User.objects.get(coach=coach).check_password("quite a long phrase")
    assert b"password1" not in Client().get(link).content


def test_link_does_not_pass_by_the_second_factor(
    mara: Client, coach: Coach, no_mail: None
) -> None:
    signed_in_as(coach.user)
    [link] = LINK.findall(mara.post(address(coach)).content.decode())
    browser = Client()
    browser.post(
        link, {"password1": "quite a long phrase", "password2": "quite a long phrase"}
    )
    browser.post(
        "/accounts/login/",
        {"login": "carla@example.org", "password": "quite a long phrase"},
    )
    assert browser.get("/coach/").status_code == 404


def change(user: User, what: str) -> None:
    if what == "group":
        user.groups.add(Group.objects.get(name="Analyst"))
    elif what == "permission":
        user.user_permissions.add(Permission.objects.get(codename="view_version"))
    else:
        setattr(user, what, what != "is_active")
        user.save()


@pytest.mark.parametrize(
    "what", ["is_staff", "is_superuser", "group", "permission", "is_active"]
)
def test_account_with_more_rights_or_closed_gets_no_link(
    mara: Client, coach: Coach, no_mail: None, what: str
) -> None:
    assert coach.user is not None
    change(coach.user, what)
    why = (
        "There is no open workspace."
        if what == "is_active"
        else "This account may do more than coach."
    )
    assert why in page(mara, coach)
    refused = mara.post(address(coach), follow=True)
    assert why in text_of(refused)
    assert "/reset/key/" not in text_of(refused)
    assert not AuditEntry.objects.filter(subject__contains="new password").exists()


def test_account_with_clients_gets_a_link_with_a_second_factor_alone(
    mara: Client, coach: Coach, no_mail: None
) -> None:
    join(invite(coach))
    assert "no second factor" in text_of(mara.post(address(coach), follow=True))
    Authenticator.objects.create(user=coach.user, type=Authenticator.Type.TOTP, data={})
    assert LINK.findall(mara.post(address(coach)).content.decode())


def test_site_with_mail_makes_no_link(mara: Client, coach: Coach) -> None:
    assert "new password" not in page(mara, coach)
    assert "This site sends mail" in text_of(mara.post(address(coach), follow=True))


def test_request_that_waits_has_no_account_to_open(mara: Client, no_mail: None) -> None:
    waiting = Coach.objects.create(name="Wendy", email="wendy@example.org")
    assert "new password" not in page(mara, waiting)
    assert "There is no open workspace." in text_of(
        mara.post(address(waiting), follow=True)
    )


def test_others_make_no_link(mara: Client, coach: Coach, no_mail: None) -> None:
    assert mara.get(address(coach)).status_code == 405
    assert mara.post("/admin/assessments/coach/999/new-password/").status_code == 404
    assert (
        signed_in("egon", "view_version", "view_coach").post(address(coach)).status_code
        == 403
    )
    assert signed_in_as(coach.user).post(address(coach)).status_code == 302
    assert Client().post(address(coach)).status_code == 302
    assert not AuditEntry.objects.filter(subject__contains="new password").exists()

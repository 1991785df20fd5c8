"""Sites that send no mail say so, and a Coach manager makes a link for a coach who
forgot the password.
"""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpResponse
from django.test import Client

from assessments.actions.coaches import why_no_new_password
from assessments.models import Coach, Version
from content.models import AuditEntry, SiteWords
from tests.support.admin import buttons_of_coach
from tests.support.articles import publish_drafted_words
from tests.support.coaching import invite, join, signed_in_as
from tests.support.dom import parse
from tests.support.pages import levels
from tests.support.staff import confirmed, signed_in

pytestmark = pytest.mark.django_db
HERE = "http://localhost:8000"
RESET = f"{HERE}/accounts/password/reset/key/"


@pytest.fixture
def no_mail(settings) -> None:
    settings.MAIL_GOES_OUT = False


@pytest.fixture
def mara(manager: User) -> Client:
    return confirmed(signed_in_as(manager))


def address(coach: Coach) -> str:
    return f"/admin/assessments/coach/{coach.pk}/new-password/"


def links(response: HttpResponse) -> list[str]:
    """The links to a password that a page shows, without the host."""
    shown = parse(response).values(f"input[value^='{RESET}']")
    return [link.removeprefix(HERE) for link in shown]


def page(mara: Client, coach: Coach) -> HttpResponse:
    return mara.get(f"/admin/assessments/coach/{coach.pk}/change/")


def refusal(mara: Client, coach: Coach) -> str:
    """Why there is no link: after asking for one; the one message is an error."""
    response = mara.post(address(coach), follow=True)
    assert (levels(response), links(response)) == (["error"], [])
    [message] = response.context["messages"]
    return message.message


# What the pages say


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/", "/accounts/password/reset/done/"]
)
def test_pages_about_passwords_promise_no_mail_where_none_goes_out(
    client: Client, article: None, settings, path: str
) -> None:
    SiteWords.objects.update(contact_email="help@example.net")
    publish_drafted_words()
    with_mail = parse(client.get(path)).one("main")
    settings.MAIL_GOES_OUT = False
    response = client.get(path)
    without = parse(response).one("main")
    own = "a[href='/accounts/password/reset/']"
    form = "form[action='/accounts/password/reset/']"
    asks = with_mail.all(own) + with_mail.all(form)
    assert len(asks) == 1
    assert without.all(own) + without.all(form) == []
    assert with_mail.values("a[href^='mailto:']") == []
    assert without.values("a[href^='mailto:']") == ["mailto:help@example.net"]
    # No paragraph that promises a mail is left.
    assert with_mail.texts("p")
    assert not set(with_mail.texts("p")) & set(without.texts("p"))


# The link


def asks_for(response: HttpResponse) -> list[str]:
    """The fields for a password on a page."""
    fields = parse(response).all("input[type=password]")
    return [field.attributes["name"] for field in fields]


def test_manager_makes_a_link_that_is_shown_once_and_sets_a_password_once(
    mara: Client, coach: Coach, no_mail: None
) -> None:
    assert buttons_of_coach(page(mara, coach)) == ["close", "new-password"]
    answer = mara.post(address(coach))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    [link] = links(answer)
    assert links(page(mara, coach)) == []
    assert [str(entry) for entry in AuditEntry.objects.all()][:1] == [
        f"approved a new password for coach {coach.pk}"
    ]
    browser = Client()
    assert asks_for(browser.get(link)) == ["password1", "password2"]
    chosen = {"password1": "quite a long phrase", "password2": "quite a long phrase"}
    assert browser.post(link, chosen).status_code == 302
    assert User.objects.get(coach=coach).check_password("quite a long phrase")
    assert asks_for(Client().get(link)) == []


def test_link_does_not_pass_by_the_second_factor(
    mara: Client, coach: Coach, no_mail: None
) -> None:
    signed_in_as(coach.user)
    [link] = links(mara.post(address(coach)))
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
    why = why_no_new_password(coach)
    no_workspace = why_no_new_password(Coach(user=None))
    assert (why == no_workspace) == (what == "is_active")
    shown = page(mara, coach)
    assert shown.context["why_no_new_password"] == why
    assert buttons_of_coach(shown) == ["close"]
    assert refusal(mara, coach) == why
    assert not AuditEntry.objects.filter(subject__contains="new password").exists()


def test_account_with_clients_gets_a_link_with_a_second_factor_alone(
    mara: Client, coach: Coach, no_mail: None
) -> None:
    join(invite(coach))
    assert refusal(mara, coach) == why_no_new_password(coach)
    Authenticator.objects.create(user=coach.user, type=Authenticator.Type.TOTP, data={})
    assert len(links(mara.post(address(coach)))) == 1


def test_site_with_mail_makes_no_link(mara: Client, coach: Coach) -> None:
    assert buttons_of_coach(page(mara, coach)) == ["close"]
    assert refusal(mara, coach) == why_no_new_password(coach)


def test_first_password_is_asked_for_by_post_and_written_down(
    mara: Client, questionnaire: Version, no_mail: None
) -> None:
    nora = Coach.objects.create(name="Nora", email="nora@example.org")
    mara.post(f"/admin/assessments/coach/{nora.pk}/approve/")
    shown = page(mara, nora)
    assert (links(shown), buttons_of_coach(shown)) == ([], ["close", "new-password"])
    before = AuditEntry.objects.count()
    [link] = links(mara.post(address(nora)))
    assert AuditEntry.objects.count() == before + 1
    assert asks_for(Client().get(link)) == ["password1", "password2"]


def test_request_that_waits_has_no_account_to_open(mara: Client, no_mail: None) -> None:
    waiting = Coach.objects.create(name="Wendy", email="wendy@example.org")
    assert buttons_of_coach(page(mara, waiting)) == ["approve"]
    assert refusal(mara, waiting) == why_no_new_password(waiting)


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

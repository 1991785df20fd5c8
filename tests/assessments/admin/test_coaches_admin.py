"""A Coach manager in the admin: approves, declines, hands over the link."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from assessments.actions.coaches import (
    EMAIL_TOO_LONG,
    approve_coach,
    ask_for_account,
)
from assessments.models import Coach, Version
from content.models import AuditEntry
from tests.support.admin import buttons_of_coach, errors_of
from tests.support.coaching import make_coach, signed_in_as
from tests.support.dom import parse
from tests.support.pages import levels
from tests.support.staff import signed_in


@pytest.fixture
def asked(manager: User) -> Coach:
    ask_for_account(
        name="Carla",
        email="carla@example.org",
        works_with="Students in their last year",
    )
    return Coach.objects.get()


@pytest.fixture
def mara(manager: User) -> Client:
    return signed_in_as(manager)


def page(coach: Coach) -> str:
    return f"/admin/assessments/coach/{coach.pk}/change/"


def approve(client: Client, coach: Coach) -> HttpResponse:
    return client.post(f"/admin/assessments/coach/{coach.pk}/approve/", follow=True)


def links(response: HttpResponse) -> list[str]:
    """The links that the page shows for copying."""
    return parse(response).values("input[readonly]")


def test_manager_sees_requests_and_approves_one(mara: Client, asked: Coach) -> None:
    listed = parse(mara.get("/admin/assessments/coach/"))
    assert listed.texts("#result_list td.field-works") == [
        "Students in their last year"
    ]
    shown = mara.get(page(asked))
    assert buttons_of_coach(shown) == ["approve", "decline"]
    judged = parse(shown).one("textarea[name=works_with]")
    assert judged.text.strip() == "Students in their last year"
    told = approve(mara, asked)
    asked.refresh_from_db()
    assert asked.approved_by is not None
    assert asked.approved_by.username == "mara"
    assert levels(told) == ["success"]
    assert links(told) == links(mara.get(page(asked))) == []
    assert [message.to for message in mail.outbox] == [["carla@example.org"]]
    assert [(each.act, each.subject) for each in AuditEntry.objects.all()][:1] == [
        ("approve", f"coach {asked.pk}")
    ]


def test_link_is_gone_once_the_coach_has_a_password(
    mara: Client, manager: User
) -> None:
    coach = make_coach("Carla", by=manager)
    shown = mara.get(page(coach))
    assert links(shown) == []
    assert list(shown.context["adminform"].form.fields) == [
        "name",
        "works_with",
        "seen",
    ]
    assert buttons_of_coach(shown) == ["close"]


def test_approving_twice_says_so(mara: Client, manager: User) -> None:
    coach = make_coach("Carla", by=manager)
    assert levels(approve(mara, coach)) == ["info"]


def test_manager_adds_a_coach_and_approves_at_once(
    mara: Client, questionnaire: Version
) -> None:
    mara.post(
        "/admin/assessments/coach/add/",
        {"name": "Olga", "email": "olga@example.org", "works_with": ""},
    )
    approve(mara, Coach.objects.get(name="Olga"))
    assert Coach.objects.get(name="Olga").user.email == "olga@example.org"


@pytest.mark.parametrize("email", ["Olga@Example.ORG", "olga@example.org"])
def test_address_is_kept_in_small_letters_and_once(
    mara: Client, questionnaire: Version, email: str
) -> None:
    ask_for_account(name="Olga", email="olga@example.org", works_with="")
    refused = mara.post(
        "/admin/assessments/coach/add/", {"name": "Another", "email": email}
    )
    assert errors_of(refused) == {"email": ["unique"]}
    mara.post(
        "/admin/assessments/coach/add/",
        {"name": "Ottilie", "email": "Ottilie@Example.org"},
    )
    assert set(Coach.objects.values_list("email", flat=True)) == {
        "olga@example.org",
        "ottilie@example.org",
    }


def test_address_too_long_for_an_account_is_refused_with_a_sentence(
    mara: Client, questionnaire: Version
) -> None:
    long = f"{'n' * 60}@{'e' * 60}.{'f' * 30}.example"
    shown = mara.post("/admin/assessments/coach/add/", {"name": "Nora", "email": long})
    assert parse(shown).texts(".field-email .errorlist li") == [EMAIL_TOO_LONG]
    assert not Coach.objects.exists()


def test_manager_closes_a_workspace_and_opens_it_again(
    mara: Client, manager: User
) -> None:
    coach = make_coach("Carla", by=manager)
    assert buttons_of_coach(mara.get(page(coach))) == ["close"]
    for name, then in (("close", ["open", "erase"]), ("open", ["close"])):
        told = mara.post(f"/admin/assessments/coach/{coach.pk}/{name}/", follow=True)
        assert levels(told) == ["success"]
        assert buttons_of_coach(told) == then
    trail = [
        (each.by, each.act, each.subject)
        for each in AuditEntry.objects.select_related("by")
    ]
    assert trail[:2] == [
        (manager, "restore", f"the workspace of coach {coach.pk}"),
        (manager, "revoke", f"the workspace of coach {coach.pk}"),
    ]


@pytest.mark.parametrize("name", ["close", "open"])
def test_closing_and_opening_are_posts_of_those_who_may(
    mara: Client, manager: User, name: str
) -> None:
    coach = make_coach("Carla", by=manager)
    address = f"/admin/assessments/coach/{coach.pk}/{name}/"
    assert mara.get(address).status_code == 405
    assert signed_in("egon", "view_coach").post(address).status_code == 403
    assert mara.post(f"/admin/assessments/coach/999/{name}/").status_code == 404
    coach.refresh_from_db()
    assert coach.closed_at is None


def test_request_has_no_workspace_to_close(mara: Client, asked: Coach) -> None:
    assert "close" not in buttons_of_coach(mara.get(page(asked)))
    mara.post(f"/admin/assessments/coach/{asked.pk}/close/")
    asked.refresh_from_db()
    assert asked.closed_at is None


def test_request_is_declined_and_its_author_is_told(mara: Client, asked: Coach) -> None:
    told = mara.post(f"/admin/assessments/coach/{asked.pk}/decline/", follow=True)
    assert levels(told) == ["success"]
    assert not Coach.objects.exists()
    assert [message.to for message in mail.outbox] == [["carla@example.org"]]


def test_declining_is_a_post_of_those_who_may_about_what_waits(
    mara: Client, asked: Coach, manager: User, settings
) -> None:
    address = f"/admin/assessments/coach/{asked.pk}/decline/"
    assert mara.get(address).status_code == 405
    assert signed_in("egon", "change_coach").post(address).status_code == 403
    settings.MAIL_GOES_OUT = False
    assert "decline" not in buttons_of_coach(mara.get(page(asked)))
    assert mara.post(address).status_code == 403
    settings.MAIL_GOES_OUT = True
    coach = make_coach("Nora", by=manager)
    address = f"/admin/assessments/coach/{coach.pk}/decline/"
    assert mara.post(address).status_code == 403
    assert (Coach.objects.count(), mail.outbox) == (2, [])


@pytest.mark.parametrize("name", ["approve", "decline", "mail"])
def test_mail_server_that_fails_is_told_to_the_manager(
    mara: Client, asked: Coach, manager: User, settings, name: str
) -> None:
    if name == "mail":
        approve_coach(asked, by=manager)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    told = mara.post(f"/admin/assessments/coach/{asked.pk}/{name}/", follow=True)
    assert levels(told) == ["warning"]
    # What was done stays done.
    assert Coach.objects.exclude(approved_at=None).exists() is (name != "decline")


def test_way_in_is_mailed_again_until_there_is_a_password(
    mara: Client, asked: Coach, settings
) -> None:
    address = f"/admin/assessments/coach/{asked.pk}/mail/"
    assert mara.post(address).status_code == 403
    told = approve(mara, asked)
    assert buttons_of_coach(told) == ["close", "mail"]
    assert levels(mara.post(address, follow=True)) == ["success"]
    assert [message.to for message in mail.outbox] == [["carla@example.org"]] * 2
    assert signed_in("egon", "view_coach").post(address).status_code == 403
    settings.MAIL_GOES_OUT = False
    assert mara.post(address).status_code == 403
    settings.MAIL_GOES_OUT = True
    asked.refresh_from_db()
    assert asked.user is not None
    asked.user.set_password("a long pass phrase")
    asked.user.save()
    assert mara.post(address).status_code == 403
    assert "mail" not in buttons_of_coach(mara.get(page(asked)))


@pytest.mark.parametrize("name", ["decline", "delete"])
def test_nothing_is_left_of_a_request_that_is_declined_or_deleted(
    mara: Client, manager: User, asked: Coach, name: str
) -> None:
    mara.post(page(asked), {"name": "Karla", "email": asked.email, "works_with": ""})
    assert LogEntry.objects.get().object_repr == "Karla"
    answer = mara.post(
        f"/admin/assessments/coach/{asked.pk}/{name}/", {"post": "yes"}, follow=True
    )
    assert levels(answer) == ["success"] * 2  # changed, and deleted
    assert not Coach.objects.exists()
    assert not LogEntry.objects.exists()
    [entry] = AuditEntry.objects.filter(act="delete")
    assert (entry.by, entry.subject) == (manager, "a request for a workspace")


def test_coach_of_the_audit_trail_is_found_by_number(
    mara: Client, asked: Coach, manager: User
) -> None:
    nora = make_coach("Nora", by=manager)
    written = AuditEntry.objects.filter(act="approve").latest("pk").subject
    assert written == f"coach {nora.pk}"
    assert written in parse(mara.get(page(nora))).texts(".field-trail .readonly")
    listed = parse(mara.get(f"/admin/assessments/coach/?q={nora.pk}"))
    assert listed.texts("#result_list .field-name") == ["Nora"]
    listed = parse(mara.get("/admin/assessments/coach/?q=Carla"))
    assert listed.texts("#result_list .field-name") == ["Carla"]


def test_workspace_is_not_deleted(mara: Client, manager: User) -> None:
    coach = make_coach("Carla", by=manager)
    assert (
        mara.post(
            f"/admin/assessments/coach/{coach.pk}/delete/", {"post": "yes"}
        ).status_code
        == 403
    )
    assert Coach.objects.count() == 1


def test_approving_is_a_post(mara: Client, asked: Coach) -> None:
    assert mara.get(f"/admin/assessments/coach/{asked.pk}/approve/").status_code == 405
    asked.refresh_from_db()
    assert asked.approved_at is None


def test_other_staff_neither_see_nor_approve(asked: Coach) -> None:
    stranger = signed_in("egon", "view_version")
    assert stranger.get("/admin/assessments/coach/").status_code == 403
    assert (
        stranger.post(f"/admin/assessments/coach/{asked.pk}/approve/").status_code
        == 403
    )
    assert Coach.objects.get().approved_at is None


def test_unknown_coach_is_not_found(mara: Client) -> None:
    assert mara.post("/admin/assessments/coach/999/approve/").status_code == 404


def test_coaches_are_listed_by_what_they_wait_for(
    mara: Client, asked: Coach, manager: User
) -> None:
    make_coach("Nora", by=manager)
    closed = make_coach("Olga", by=manager)
    mara.post(f"/admin/assessments/coach/{closed.pk}/close/")

    def names(query: str) -> list[str]:
        listed = parse(mara.get(f"/admin/assessments/coach/?{query}"))
        return listed.texts("#result_list .field-name")

    assert names("status=waiting") == ["Carla"]
    assert names("status=open") == ["Nora"]
    assert names("status=closed") == ["Olga"]
    assert names("") == ["Carla", "Nora", "Olga"]

"""The page on which coaches close their account, and the button of a Coach manager."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from assessments.actions import coaches
from assessments.models import Coach
from assessments.zones import hour_words
from tests.support.coaching import signed_in_as
from tests.support.dom import parse
from tests.support.staff import confirmed

pytestmark = pytest.mark.django_db
PAGE = "/coach/close-account/"


AGAIN = "/accounts/reauthenticate/?next=/coach/close-account/"


def token(client: Client, page: str) -> str:
    return parse(client.get(page)).values("input[name=csrfmiddlewaretoken]")[0]


def erased(coach: Coach) -> bool:
    return Coach.objects.get(pk=coach.pk).erased_at is not None


def test_coach_gives_the_password_closes_the_account_and_is_signed_out(
    coach: Coach,
) -> None:
    carla = signed_in_as(coach.user)
    carla.handler.enforce_csrf_checks = True
    assert carla.post(PAGE, {"sure": "on"}).status_code == 403
    form = {"sure": "on", "csrfmiddlewaretoken": token(carla, PAGE)}
    response = carla.post(PAGE, form)
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not erased(coach)
    again = {
        "password": "a long pass phrase",
        "csrfmiddlewaretoken": token(carla, AGAIN),
    }
    response = carla.post(AGAIN, again)
    if response.status_code == 302:
        response = carla.get(response["Location"])
    assert erased(coach)
    hour = hour_words(response.context["erased_at"])
    assert hour in parse(response).one("main").text
    assert "_auth_user_id" not in carla.session
    assert carla.get("/coach/").status_code == 404


def test_box_must_be_checked(coach: Coach) -> None:
    carla = signed_in_as(coach.user)
    assert carla.post(PAGE, {}).status_code == 422
    assert not erased(coach)


def test_account_of_staff_gets_a_reason_and_no_button(coach: Coach) -> None:
    carla = signed_in_as(coach.user)
    User.objects.filter(coach=coach).update(is_staff=True)
    assert not parse(carla.get(PAGE)).has("input[name=sure]")
    assert carla.post(PAGE, {"sure": "on"}).status_code == 422
    assert not erased(coach)


def test_manager_erases_once_the_workspace_is_closed(
    coach: Coach, manager: User
) -> None:
    mara = confirmed(signed_in_as(manager))
    page = f"/admin/assessments/coach/{coach.pk}/"
    button = f"form[action={page}erase/]"
    assert not parse(mara.get(f"{page}change/")).has(button)
    assert mara.post(f"{page}erase/").status_code == 403
    coaches.close_workspace(coach, by=manager)
    assert parse(mara.get(f"{page}change/")).has(button)
    assert mara.post(f"{page}erase/").status_code == 302
    assert erased(coach)
    after = parse(mara.get(f"{page}change/"))
    assert not after.has(button)
    assert not after.has("input[name=name]")
    mara.post(f"{page}erase/")
    assert Coach.objects.get(pk=coach.pk).name == ""


def test_others_may_not_erase(coach: Coach, manager: User) -> None:
    coaches.close_workspace(coach, by=manager)
    page = f"/admin/assessments/coach/{coach.pk}/erase/"
    editor = User.objects.create_user("edith", "e@example.org", is_staff=True)
    assert signed_in_as(editor).post(page).status_code == 403
    assert Client().post(page).status_code == 302
    assert not erased(coach)

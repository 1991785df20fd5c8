"""Whoever may not, or comes by the wrong way, gets a page that leads on."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.models import Version
from tests.support.coaching import make_coach, make_manager, signed_in_as
from tests.support.dom import parse
from tests.support.staff import signed_in

pytestmark = pytest.mark.django_db


def test_staff_without_a_right_are_led_to_the_admin(article: None) -> None:
    response = signed_in("egon").get("/admin/content/page/")
    assert response.status_code == 403
    page = parse(response)
    assert page.has("h1")
    assert page.has("main a[href=/admin/]")


def test_address_of_a_button_leads_each_where_they_belong(
    questionnaire: Version,
) -> None:
    stranger, staff = Client(), signed_in("egon", "change_questionnaire")
    coach = signed_in_as(make_coach("Carla", by=make_manager()).user)
    for client, home in ((stranger, "/"), (staff, "/admin/"), (coach, "/coach/")):
        response = client.get("/quiz/result/share/1/revoke/")
        assert (response.status_code, response.get("Allow")) == (405, "POST")
        page = parse(response)
        assert page.has("h1")
        assert page.has(f"main a[href={home}]")
    assert stranger.head("/quiz/result/share/1/revoke/").content == b""

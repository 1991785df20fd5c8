"""The box for a shared computer is reached before any button that sends its form."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.actions import invitations
from assessments.models import Coach
from tests.support.coaching import invite
from tests.support.dom import parse

pytestmark = pytest.mark.django_db
BOX = "shared_computer"


@pytest.mark.parametrize("page", ["start", "key", "terms", "closed"])
def test_box_stands_before_the_buttons(coach: Coach, page: str) -> None:
    group = invite(coach)
    if page == "closed":
        invitations.close(group)
    address = {"start": "/quiz/", "key": "/quiz/resume/"}
    shown = parse(Client().get(address.get(page, f"/join/{group.code}/")))
    form = shown.one("main form")
    order = [
        each.attributes.get("name", "") if each.tag == "input" else "button"
        for each in form.of("input", "button")
    ]
    assert "button" in order
    assert order.index(BOX) < order.index("button")

"""Coaches and those whom they invite find their way in from every page."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from assessments.models import Coach
from tests.support.coaching import signed_in_as
from tests.support.dom import parse
from tests.support.pages import template_of
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db
WAYS = ["/join/", "/coach/ask/"]


@pytest.mark.parametrize(
    "path",
    ["/", "/difference/", "/quiz/", "/privacy/", "/accounts/login/", "/coach/ask/"],
)
def test_footer_leads_coaches_and_whom_they_invite(
    questionnaire: object, client: Client, path: str
) -> None:
    ways = parse(client.get(path)).values("footer.colophon .small-print a")
    assert [way for way in ways if way in WAYS] == WAYS


def test_coach_with_a_workspace_finds_the_way_to_sign_in(
    questionnaire: object, client: Client
) -> None:
    page = parse(client.get("/coach/ask/"))
    assert page.has("main a[href=/accounts/login/?next=/coach/]")


def test_questions_ask_for_a_code_before_the_start_and_when_somebody_is_back(
    visitor: Taker,
) -> None:
    main = parse(visitor.client.get("/quiz/")).one("main")
    order = main.all("*")
    start = main.one("form[action=/quiz/]")
    assert order.index(main.one("a[href=/join/]")) < order.index(start)
    assert main.has("a[href=/coach/ask/]")
    visitor.start()
    assert parse(visitor.client.get("/quiz/")).has("main a[href=/join/]")


def test_closed_sign_up_tells_coaches_where_to_ask(
    client: Client, article: None
) -> None:
    response = client.get("/accounts/signup/")
    assert template_of(response) == "account/signup_closed.html"
    assert parse(response).has("main p a[href=/coach/ask/]")


def test_page_that_takes_the_second_factor_away_names_what_closes(
    coach: Coach, staff: User
) -> None:
    for user, what_closes in ((coach.user, "Your workspace"), (staff, "The admin")):
        client = signed_in_as(user)
        client.post("/accounts/reauthenticate/", {"password": "a long pass phrase"})
        page = parse(client.get("/accounts/2fa/totp/deactivate/"))
        assert page.texts("main p")[0].startswith(what_closes)
        assert page.has("main form[action=/accounts/2fa/totp/deactivate/]")

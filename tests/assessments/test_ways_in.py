"""Coaches and those whom they invite find their way in from every page."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from assessments.models import Coach
from tests.support.coaching import signed_in_as
from tests.support.staff import text_of
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db
WAYS = (
    '<a href="/join/">Invited by a coach?</a>',
    '<a href="/coach/ask/">For coaches</a>',
)


@pytest.mark.parametrize(
    "path",
    ["/", "/difference/", "/quiz/", "/privacy/", "/accounts/login/", "/coach/ask/"],
)
def test_footer_leads_coaches_and_whom_they_invite(
    questionnaire: object, client: Client, path: str
) -> None:
    footer = client.get(path).content.decode().split('<footer class="colophon">')[1]
    assert [way for way in WAYS if way not in footer] == []


def test_coach_with_a_workspace_finds_the_way_to_sign_in(
    questionnaire: object, client: Client
) -> None:
    assert (
        '<a href="/accounts/login/?next=/coach/">Sign in</a>'
        in client.get("/coach/ask/").content.decode()
    )


def test_questions_ask_for_a_code_before_the_start_whether_new_or_back(
    visitor: Taker,
) -> None:
    for _ in range(2):
        page = visitor.client.get("/quiz/").content.decode().split("<footer")[0]
        assert page.index('<a href="/join/">Type your code</a>') < page.index(
            "The next page shows your key"
        )
        assert '<a href="/coach/ask/">For coaches</a>' in page
        visitor.start()


def test_closed_sign_up_tells_coaches_where_to_ask(
    client: Client, article: None
) -> None:
    text = client.get("/accounts/signup/").content.decode()
    assert (
        'Accounts are for coaches, who <a href="/coach/ask/">ask for a workspace</a>'
        in text
    )


def test_page_that_takes_the_second_factor_away_names_what_closes(
    coach: Coach, staff: User
) -> None:
    for user, words in (
        (coach.user, "Your workspace asks for a second factor."),
        (staff, "The admin asks for a second factor."),
    ):
        client = signed_in_as(user)
        client.post("/accounts/reauthenticate/", {"password": "a long pass phrase"})
        assert words in text_of(client.get("/accounts/2fa/totp/deactivate/"))

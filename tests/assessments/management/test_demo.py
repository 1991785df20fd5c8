"""`manage.py demo`.

A newcomer gets in everywhere, and no site with people on it is touched.
"""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from assessments.actions import attempts
from assessments.defaults import default_questionnaire
from assessments.engine import score
from assessments.management import demo_data
from assessments.management.commands import demo
from assessments.models import Owner, Participation, Version
from tests.support.dom import parse

EVERYBODY = [*demo_data.CLIENTS, demo_data.SINGLE]


def run(*options: str) -> str:
    out = StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def printed(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the command prints, with fewer visitors than a real demo has."""
    monkeypatch.setattr(demo, "VISITORS", 3)
    return run()


def sign_in(email: str, printed: str) -> Client:
    """By the pages, with the password that was printed and the code of the moment."""
    password = re.search(r"Password +(\S+)", printed)
    assert password
    client = Client()
    asked = client.post("/accounts/login/", {"login": email, "password": password[1]})
    assert asked.url == "/accounts/2fa/authenticate/"
    answer = client.post(asked.url, {"code": run("--code").split()[0]})
    assert answer.status_code == 302
    return client


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.name)
def test_invented_answers_give_the_outcome_beside_them(
    person: demo_data.Client,
) -> None:
    result = score(
        default_questionnaire(), person.answers, form="full", seconds=person.seconds
    )
    assert result.outcome == person.outcome


def test_group_has_twelve_results_of_seven_outcomes(printed: str) -> None:
    group = Participation.objects.filter(invitation__label=demo_data.GROUP_LABEL)
    outcomes = dict(group.values_list("name", "attempt__result__outcome"))
    assert outcomes == {each.name: each.outcome for each in demo_data.CLIENTS}
    assert len(set(outcomes.values())) == 7


def test_stored_results_verify(printed: str) -> None:
    out = StringIO()
    call_command("verify_results", stdout=out)
    assert out.getvalue().startswith(f"Results checked: {len(EVERYBODY) + 3}.")


@pytest.mark.parametrize("staff", demo_data.STAFF, ids=lambda staff: staff.name)
def test_staff_get_into_the_admin(staff: demo_data.Staff, printed: str) -> None:
    assert sign_in(staff.email, printed).get("/admin/").status_code == 200


def test_coach_gets_into_the_workspace(printed: str) -> None:
    page = sign_in(demo_data.COACH, printed).get("/coach/groups/")
    assert page.status_code == 200
    assert demo_data.GROUP_LABEL in parse(page).texts("main a")


def test_printed_links_open(printed: str, client: Client) -> None:
    links = re.findall(r"http://\S+(/(?:r|join)/\w+/)", printed)
    assert len(links) == 3
    assert [client.get(link).status_code for link in links] == [200, 200, 200]


def test_printed_key_opens_the_result_of_the_first_client(
    printed: str, client: Client
) -> None:
    key = re.search(r"enter ([\w-]+) at", printed)
    assert key
    client.post("/quiz/resume/", {"key": key[1]})
    assert client.get("/quiz/result/").status_code == 200


def refused() -> str:
    """The refusal; nothing may have been made."""
    before = User.objects.count(), Owner.objects.count()
    with pytest.raises(CommandError) as refusal:
        run()
    assert (User.objects.count(), Owner.objects.count()) == before
    return str(refusal.value)


def test_demo_is_refused_a_second_time(printed: str) -> None:
    assert "DATA_DIR" in refused()  # the setting to change


def test_demo_is_refused_where_somebody_has_an_account(db: None) -> None:
    User.objects.create_user("stella")
    assert "DATA_DIR" in refused()  # the setting to change


def test_demo_is_refused_where_somebody_has_answered(questionnaire: Version) -> None:
    attempts.start(version=questionnaire, form="full")
    assert "DATA_DIR" in refused()  # the setting to change


@pytest.mark.parametrize("option", [[], ["--code"]], ids=["data", "code"])
def test_demo_is_refused_on_a_public_site(
    settings, option: list[str], printed: str
) -> None:
    settings.BASE_URL = "https://rolefit.example"
    with pytest.raises(CommandError, match="https"):
        run(*option)


def test_code_is_refused_without_demo_data(db: None) -> None:
    with pytest.raises(CommandError, match="make demo"):
        run("--code")

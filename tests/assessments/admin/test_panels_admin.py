"""Staff make and close rating links, and read what the ratings say beside each trade-
off.
"""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions.ratings import close_panel
from assessments.models import Question, Questionnaire, RatingPanel
from content.models import AuditEntry
from tests.support.admin import findings_shown
from tests.support.dom import parse
from tests.support.pages import levels
from tests.support.panel import rated
from tests.support.staff import EDITING, address, signed_in

pytestmark = pytest.mark.django_db
T1_PROJECT = "Before I start something, I list the steps it needs."


def buttons(response: HttpResponse) -> list[str]:
    """What an editor can do with the links of a page: make one, close one."""
    return parse(response).values("#content-main form")


@pytest.fixture
def panels_editor(draft: Questionnaire) -> Client:
    return signed_in("edda", *EDITING, "add_ratingpanel", "change_ratingpanel")


def test_editor_makes_a_link_and_closes_it(
    panels_editor: Client, draft: Questionnaire
) -> None:
    here = address("questionnaire_panels", draft.pk)
    assert (
        panels_editor.post(address("questionnaire_make_panel", draft.pk))["Location"]
        == here
    )
    panel = RatingPanel.objects.get()
    assert (panel.questionnaire, panel.created_by.username, panel.closed_at) == (
        draft,
        "edda",
        None,
    )
    make = address("questionnaire_make_panel", draft.pk)
    close = address("questionnaire_close_panel", draft.pk, panel.pk)
    response = panels_editor.get(here)
    assert parse(response).values(".panels input[readonly]") == [
        f"http://localhost:8000/rate/{panel.token}/"
    ]
    [(shown, _)] = response.context["panels"]
    assert (shown.raters, len(shown.statements), shown.closed_at) == (0, 37, None)
    assert buttons(response) == [make, close]
    assert panels_editor.post(close)["Location"] == here
    panel.refresh_from_db()
    assert panel.closed_at is not None
    response = panels_editor.get(here)
    [(shown, _)] = response.context["panels"]
    assert shown.closed_at == panel.closed_at
    assert buttons(response) == [make]
    assert panel.token not in response.content.decode()
    entries = AuditEntry.objects.order_by("pk").filter(
        subject__startswith="rating link"
    )
    assert list(entries.values_list("by__username", "act")) == [
        ("edda", "make"),
        ("edda", "close"),
    ]


def test_link_of_a_draft_without_statements_is_refused_in_words(
    panels_editor: Client,
) -> None:
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing.")
    response = panels_editor.post(
        address("questionnaire_make_panel", empty.pk), follow=True
    )
    assert levels(response) == ["error"]
    assert not RatingPanel.objects.exists()


def test_panel_of_another_draft_is_not_closed(
    panels_editor: Client, draft: Questionnaire
) -> None:
    other = Questionnaire.objects.create(name="Other", intro="Nothing.")
    panel = rated(draft, people=1)
    assert (
        panels_editor.post(
            address("questionnaire_close_panel", other.pk, panel.pk)
        ).status_code
        == 404
    )
    panel.refresh_from_db()
    assert panel.closed_at is None


def test_without_the_right_links_are_read_and_not_made_or_closed(
    editor: Client, draft: Questionnaire
) -> None:
    panel = rated(draft, people=2)
    response = editor.get(address("questionnaire_panels", draft.pk))
    assert [shown.raters for shown, _ in response.context["panels"]] == [2]
    assert len(parse(response).all(".panels li")) == 1
    assert buttons(response) == []
    assert editor.post(address("questionnaire_make_panel", draft.pk)).status_code == 403
    assert (
        editor.post(
            address("questionnaire_close_panel", draft.pk, panel.pk)
        ).status_code
        == 403
    )
    assert RatingPanel.objects.filter(closed_at=None).count() == 1


@pytest.mark.parametrize("name", ["coverage", "panels"])
def test_stranger_sees_nothing_of_a_draft(draft: Questionnaire, name: str) -> None:
    assert (
        signed_in("stan").get(address(f"questionnaire_{name}", draft.pk)).status_code
        == 403
    )
    assert Client().get(address(f"questionnaire_{name}", draft.pk)).status_code == 302


def test_reading_makes_nothing(panels_editor: Client, draft: Questionnaire) -> None:
    for name in ("make_panel", "coverage", "panels"):
        wanted = 405 if name == "make_panel" else 200
        assert (
            panels_editor.get(address(f"questionnaire_{name}", draft.pk)).status_code
            == wanted
        )
    assert not RatingPanel.objects.exists()


def test_result_stands_beside_each_trade_off(
    editor: Client, draft: Questionnaire
) -> None:
    rated(draft, people=12, numbers={T1_PROJECT: 5})
    response = editor.get(address("questionnaire_change", draft.pk))
    beside = [
        balance
        for _, questions in response.context["sections"]
        for _, balance in questions
        if balance
    ]
    assert [balance.question for balance in beside if balance.too_far] == ["T1"]
    looks = parse(response).texts(".statements .look")
    assert len(beside) == len(looks) == 12
    # Raters, left, of 7, right, apart.
    numbers = [re.findall(r"\d+(?:\.\d+)?", words) for words in looks]
    assert numbers[0] == ["12", "5.0", "7", "4.0", "1.00"]
    # The eleven others look alike, and their words differ from those of T1.
    assert len({tuple(row) for row in numbers[1:]}) == 1

    response = editor.get(address("questionnaire_panels", draft.pk))
    rows = parse(response).rows("#content-main tbody")
    assert [row[0] for row in rows] == [f"T{number}" for number in range(1, 13)]
    apart, raters, finding = rows[0][3:]
    assert (re.findall(r"[\d.]+", apart), raters) == (["1.00"], "12")
    assert {row[5] for row in rows[1:]} != {finding}
    first, *others = [balance for _, balance in response.context["balances"]]
    assert (first.better, first.too_far, first.enough) == ("project", True, True)
    assert {(other.too_far, other.enough) for other in others} == {(False, True)}
    assert response.context["average_gaps"]["short"] == 0.125
    *_, average = parse(response).texts("section[aria-labelledby=findings] .inside p")
    # Of the full form and of the short one: the gap, the limit.
    assert re.findall(r"\d\.\d+", average) == ["0.08", "0.15", "0.13", "0.15"]


def test_nothing_stands_beside_a_trade_off_that_nobody_has_rated(
    editor: Client, draft: Questionnaire
) -> None:
    response = editor.get(address("questionnaire_change", draft.pk))
    assert len(parse(response).all(".statements li")) == 25
    assert parse(response).texts(".statements .look") == []
    response = editor.get(address("questionnaire_panels", draft.pk))
    rows = parse(response).rows("#content-main tbody")
    assert [row[3:5] for row in rows] == [["–", "0"]] * 12
    balances = [balance for _, balance in response.context["balances"]]
    assert [balance.enough for balance in balances] == [False] * 12


def test_page_says_when_the_wording_counts_as_checked(
    editor: Client, draft: Questionnaire, staff: User
) -> None:
    panel = rated(draft, people=12)
    here = address("questionnaire_panels", draft.pk)
    checked = editor.get(here)
    assert (checked.context["wording_rated"], findings_shown(checked)) == (True, [])
    Question.objects.filter(section__questionnaire=draft, code="S1").update(
        statement="I tell people who care about the work how it goes."
    )
    close_panel(panel, by=staff)
    unchecked = editor.get(here)
    assert (unchecked.context["wording_rated"], findings_shown(unchecked)) == (
        False,
        [],
    )
    said, instead = (
        parse(response).texts("section[aria-labelledby=findings] .inside p")
        for response in (checked, unchecked)
    )
    assert said[0] != instead[0]


def test_pages_do_not_ask_more_for_more_panels(
    editor: Client, draft: Questionnaire
) -> None:
    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert (
                editor.get(address(f"questionnaire_{name}", draft.pk)).status_code
                == 200
            )
        return len(found)

    rated(draft, people=1)
    asked("panels")
    with_one = [asked(name) for name in ("change", "coverage", "panels")]
    for _ in range(2):
        rated(draft, people=3)
    assert [asked(name) for name in ("change", "coverage", "panels")] == with_one

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
    t9 = Question.objects.get(section__questionnaire=draft, code="T9")
    t10 = Question.objects.get(section__questionnaire=draft, code="T10")
    # T9 is off by 1 throughout. T10 lies between 0 and 1.
    rated(draft, people=20, numbers={t9.statement: 5})
    rated(draft, people=20, numbers={t9.statement: 5, t10.other_statement: 5})
    response = editor.get(address("questionnaire_change", draft.pk))
    beside = [
        balance
        for _, questions in response.context["sections"]
        for _, balance in questions
        if balance
    ]
    assert [balance.question for balance in beside if balance.picture.off] == ["T9"]
    looks = parse(response).texts(".statements .look")
    assert len(beside) == len(looks) == 12
    # Raters, left, of 7, right, apart.
    numbers = [re.findall(r"\d+(?:\.\d+)?", words) for words in looks]
    assert sorted(numbers[8][1:4:2]) == ["4.0", "5.0"]
    assert (numbers[8][0], numbers[8][4]) == ("40", "1.00")
    # The ten others look alike, and their words differ from those of T9 and T10.
    assert len({looks[place][-20:] for place in (0, 8, 9)}) == 3
    assert len({tuple(row) for row in numbers[:8] + numbers[10:]}) == 1

    response = editor.get(address("questionnaire_panels", draft.pk))
    trade_offs, forms = (
        parse(response).rows("table[aria-describedby=gap-key] tbody")[:12],
        parse(response).rows("table[aria-describedby=gap-key] tbody")[12:],
    )
    assert [row[0] for row in trade_offs] == [f"T{number}" for number in range(1, 13)]
    even, off, undecided = trade_offs[0], trade_offs[8], trade_offs[9]
    figures = [re.findall(r"−?\d\.\d+", row[1]) for row in (even, off, undecided)]
    assert figures == [
        ["0.00", "0.00", "0.00"],
        ["1.00", "1.00", "1.00"],
        ["0.50", "0.37", "0.63"],
    ]
    assert {row[3] for row in trade_offs} == {"40"}
    assert len({row[2] for row in trade_offs}) == 3
    pictures = parse(response).all("svg.gap")
    kinds = [picture.attributes["class"].split()[1:] for picture in pictures]
    assert (kinds[0], kinds[8], kinds[9]) == (["even"], ["off"], [])
    assert [row[0] for row in forms] == ["Full", "Short"]
    # Of the full form: 1 less .5, over twelve.
    assert [re.findall(r"\d\.\d+", row[1])[0] for row in forms] == ["0.04", "0.00"]
    assert len(pictures) == 14
    # The page says what blocks and what is only to look at.
    assert len(response.context["blocking"]) == len(response.context["warnings"]) == 1


def test_nothing_stands_beside_a_trade_off_that_nobody_has_rated(
    editor: Client, draft: Questionnaire
) -> None:
    response = editor.get(address("questionnaire_change", draft.pk))
    assert len(parse(response).all(".statements li")) == 25
    assert parse(response).texts(".statements .look") == []
    response = editor.get(address("questionnaire_panels", draft.pk))
    rows = parse(response).rows("table[aria-describedby=gap-key] tbody")
    assert [row[1:4:2] for row in rows[:12]] == [["–", "0"]] * 12
    assert [row[1:3] for row in rows[12:]] == [["–", "0"]] * 2
    # Each says that all the raters are missing.
    assert {re.findall(r"\d+", row[2] + row[-1])[0] for row in rows[:12]} == {"40"}
    assert parse(response).all("svg.gap") == []


def test_page_says_when_the_wording_counts_as_checked(
    editor: Client, draft: Questionnaire, staff: User
) -> None:
    panel = rated(draft, people=40)
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

"""Staff make and close rating links, and read what the ratings say beside each trade-
off.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions.ratings import close_panel
from assessments.models import Question, Questionnaire, RatingPanel
from content.models import AuditEntry
from tests.support.panel import rated
from tests.support.staff import EDITING, address, signed_in, text_of

pytestmark = pytest.mark.django_db
T1_PROJECT = "Before I start, I write down the steps and who does what."


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
    page = text_of(panels_editor.get(here))
    assert f'readonly value="http://localhost:8000/rate/{panel.token}/"' in page
    assert "0 raters, 37 statements. Open." in page
    assert (
        panels_editor.post(address("questionnaire_close_panel", draft.pk, panel.pk))[
            "Location"
        ]
        == here
    )
    panel.refresh_from_db()
    assert panel.closed_at is not None
    page = text_of(panels_editor.get(here))
    assert "Closed on" in page
    assert panel.token not in page
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
    assert "the draft has no statement yet" in text_of(response)
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
    page = text_of(editor.get(address("questionnaire_panels", draft.pk)))
    assert "2 raters" in page
    assert "Make a rating link" not in page
    assert "Close this link" not in page
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
    page = " ".join(
        text_of(editor.get(address("questionnaire_change", draft.pk))).split()
    )
    assert (
        "Looks 5.0 of 7 on the left and 4.0 on the right, 1.00 apart, to 12 raters. Too"
        " far apart. Reword one side." in page
    )
    assert page.count("Even enough.") == 11
    table = " ".join(
        text_of(editor.get(address("questionnaire_panels", draft.pk))).split()
    )
    assert (
        "<td>1.00<small>project looks better</small></td><td>12</td><td>Too far apart."
        " Reword one side." in table
    )
    assert (
        "On average over the short form, the project side looks better by 0.13; at most"
        " 0.15 is allowed." in table
    )


def test_nothing_stands_beside_a_trade_off_that_nobody_has_rated(
    editor: Client, draft: Questionnaire
) -> None:
    assert "Looks " not in text_of(
        editor.get(address("questionnaire_change", draft.pk))
    )
    assert (
        text_of(editor.get(address("questionnaire_panels", draft.pk))).count(
            "Too few raters yet"
        )
        == 12
    )


def test_page_says_when_the_wording_counts_as_checked(
    editor: Client, draft: Questionnaire, staff: User
) -> None:
    panel = rated(draft, people=12)
    assert "the method page says that the wording balance has been checked" in text_of(
        editor.get(address("questionnaire_panels", draft.pk))
    )
    Question.objects.filter(section__questionnaire=draft, code="S1").update(
        statement="I tell people who care about the work how it goes."
    )
    close_panel(panel, by=staff)
    assert "some other statement has fewer than 12" in text_of(
        editor.get(address("questionnaire_panels", draft.pk))
    )


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

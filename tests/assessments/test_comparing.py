"""Two questionnaires side by side, and a live version whose lines the article has changed."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments import queries
from assessments.actions.publishing import publish
from assessments.differences import Difference, differences, lines_that_differ, side_by_side
from assessments.models import Question, Questionnaire, Version
from assessments.questionnaire import default_questionnaire
from content.models import Strength

from .staff import address, signed_in, text_of

pytestmark = pytest.mark.django_db


def compared(client: Client, query: str = "") -> str:
    response = client.get(f"{address('version_compare')}?{query}")
    assert response.status_code == 200
    return " ".join(text_of(response).split())


def test_side_by_side_holds_everything_and_differences_the_part_that_differs(draft: Questionnaire, questionnaire: Version) -> None:
    default = default_questionnaire()
    everything = side_by_side(default, default)
    assert {each.differs for each in everything} == {False}
    assert {each.place for each in everything} >= {"name", "T1.project", "T1.side", "sections[5].labels", "constants.v_trade_off"}
    assert differences(None, default) == [Difference(each.place, "", each.after) for each in everything if each.after]


def test_version_and_draft_stand_side_by_side_with_what_differs_in_words(editor: Client, draft: Questionnaire) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T1").update(side="right")
    Question.objects.filter(section__questionnaire=draft, code="S5").delete()
    Questionnaire.objects.filter(pk=draft.pk).update(v_trade_off="3/2")
    page = compared(editor, f"before=version-1&after=draft-{draft.pk}")
    for row in (
        '<th scope="row">Name</th><td>Project manager or product manager?</td><td>Autumn</td><td><b>differs</b></td>',
        '<th scope="row">Error of one trade-off answer (V_T)</th><td>5/4</td><td>3/2</td><td><b>differs</b></td>',
        '<th scope="row">Error of one enjoyment answer (V_E)</th><td>1</td><td>1</td><td>same</td>',
        "<td>project statement on the left</td><td>project statement on the right</td><td><b>differs</b></td>",
        "(Team collaboration)</td><td>–</td><td><b>only in the first</b></td>",
    ):
        assert row in page
    assert "5 places differ." in page
    only = compared(editor, f"before=version-1&after=draft-{draft.pk}&only=on")
    assert "<td>same</td>" not in only
    assert (page.count('<th scope="row">') > 100, only.count('<th scope="row">')) == (True, 5)


def test_two_published_versions_are_compared(editor: Client, draft: Questionnaire) -> None:
    publish(draft, by=None)
    assert "<td>Autumn</td><td>Project manager or product manager?</td>" in compared(editor, "before=version-2&after=version-1&only=on")


def test_without_a_choice_the_live_version_is_set_against_the_newest_draft(editor: Client, draft: Questionnaire) -> None:
    assert "1 place differs." in compared(editor)
    assert "1 place differs." in compared(editor, f"after=draft-{draft.pk}")
    Questionnaire.objects.all().delete()
    assert "Nothing differs." in compared(editor)


def test_choice_that_is_none_is_refused_at_its_picker(editor: Client, draft: Questionnaire) -> None:
    assert "Select a valid choice" in compared(editor, "before=version-9&after=draft-abc")


def test_draft_that_cannot_be_read_is_refused_at_its_picker(editor: Client, draft: Questionnaire) -> None:
    draft.sections.filter(position=3).update(kind="trade_off")
    page = compared(editor, f"before=version-1&after=draft-{draft.pk}")
    assert "This draft cannot be read as a questionnaire yet." in page
    assert "Side by side" not in page


def test_reader_of_versions_alone_sees_no_draft(draft: Questionnaire) -> None:
    reader = signed_in("rita", "view_version")
    assert "Autumn" not in compared(reader)
    assert "Select a valid choice" in compared(reader, f"after=draft-{draft.pk}")


def test_stranger_sees_nothing(draft: Questionnaire) -> None:
    assert signed_in("stan").get(address("version_compare")).status_code == 403
    assert signed_in("vera", "view_questionnaire").get(address("version_compare")).status_code == 403
    assert Client().get(address("version_compare")).status_code == 302


def test_site_without_a_version_has_nothing_to_compare(article: None, staff_client: Client) -> None:
    assert "Side by side" not in compared(staff_client)


def test_lines_that_differ_are_those_that_read_otherwise_or_are_gone(questionnaire: Version) -> None:
    live = queries.questionnaire_of(questionnaire)
    assert lines_that_differ(live, queries.lines_of_the_article()) == []
    Strength.objects.filter(slug="risk-management").update(name="Taming risk")
    Strength.objects.filter(slug="communication").update(retired=True)
    assert lines_that_differ(live, queries.lines_of_the_article()) == [
        Difference("strengths.risk-management", "Risk management", "Taming risk"),
        Difference("strengths.communication", "Communication", ""),
    ]


def test_notice_stands_beside_the_live_version_and_above_the_drafts(editor: Client, questionnaire: Version, draft: Questionnaire) -> None:
    pages = (address("version_change", questionnaire.pk), address("questionnaire_changelist"))
    for page in pages:
        assert "Line text differs from the article" not in text_of(editor.get(page))
    Strength.objects.filter(slug="risk-management").update(name="Taming risk")
    for page in pages:
        assert "“Risk management” now reads “Taming risk”." in text_of(editor.get(page))
    version = publish(draft, by=None)
    for page in (*pages, address("version_change", version.pk)):
        assert "Line text differs from the article" not in text_of(editor.get(page))

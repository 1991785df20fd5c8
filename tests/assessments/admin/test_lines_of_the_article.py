"""The article changes a line after publishing:

drafts find it at their questions, and a notice stands beside the live version.
"""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish, review_draft
from assessments.models import Question, Questionnaire, Version
from content.models import Role, Strength
from tests.support.staff import EDITING, address, signed_in, text_of

pytestmark = pytest.mark.django_db
SAYS = (
    "The article now says “Taming risk” where version 1 says “Risk management”: check"
    " that its questions still fit."
)
TITLE = "Line text differs from the article"


def rename(slug: str = "risk-management", name: str = "Taming risk") -> None:
    Strength.objects.filter(slug=slug).update(name=name)


def p1(draft: Questionnaire) -> list[tuple[str, str, bool]]:
    return [
        (str(each.place), each.message, each.blocking)
        for each in review_draft(draft).findings
        if each.rule == "P1"
    ]


def test_draft_has_no_such_finding_while_the_article_stands(
    draft: Questionnaire,
) -> None:
    assert p1(draft) == []


def test_renamed_line_is_found_at_each_of_its_questions_and_does_not_stand_in_the_way(
    draft: Questionnaire,
) -> None:
    rename()
    assert p1(draft) == [
        (place, SAYS, False) for place in ("T2.project", "T9.project", "E5")
    ]
    publish(draft, by=None)
    assert p1(draft) == []  # the live version says the same again


def test_renamed_line_that_no_question_of_the_draft_stands_for_is_not_found(
    draft: Questionnaire,
) -> None:
    rename("communication", "Talking")
    Question.objects.filter(section__questionnaire=draft, code="S2").delete()
    assert p1(draft) == []


def test_draft_before_the_first_publishing_has_nothing_to_differ_from(
    draft: Questionnaire,
) -> None:
    rename()
    Version.objects.all().delete()
    assert p1(draft) == []


def test_finding_links_to_each_question(editor: Client, draft: Questionnaire) -> None:
    rename()
    page = text_of(editor.get(address("questionnaire_change", draft.pk)))
    sections = [
        address("section_change", draft.sections.get(position=number).pk)
        for number in (1, 4, 5)
    ]
    links = [
        f'<a href="{sections[0]}#questions-1">Question T2, project statement</a>',
        f'<a href="{sections[1]}#questions-0">Question T9, project statement</a>',
        f'<a href="{sections[2]}#questions-0">Question E5</a>',
    ]
    assert f"<b>P1</b> {', '.join(links)}: {SAYS}" in page
    assert SAYS in text_of(editor.get(sections[2]))


def test_retired_line_stands_in_the_way_and_says_what_to_do(
    editor: Client, draft: Questionnaire
) -> None:
    Strength.objects.filter(slug="risk-management").update(
        retired=True, name="Taming risk"
    )
    message = (
        "The article no longer lists “Taming risk”. Give its questions another line and"
        " words that fit it, or take them out; or list it in the article again."
    )
    assert p1(draft) == [
        (place, message, True) for place in ("T2.project", "T9.project", "E5")
    ]
    page = text_of(editor.get(address("questionnaire_change", draft.pk)))
    assert "in the way of publishing" in page
    assert '#questions-1">Question T2, project statement</a>' in page


@pytest.fixture
def changed_article(questionnaire: Version) -> None:
    rename()
    Strength.objects.filter(slug="communication").update(retired=True)
    Strength.objects.create(
        slug="juggling",
        name="Juggling",
        kind="key",
        role=Role.objects.get(position=1),
        text="Three balls.",
    )


@pytest.mark.parametrize("page", ["questionnaire_changelist", "version_change"])
def test_notice_beside_the_live_version_tells_of_lines_changed_gone_and_new(
    changed_article: None, editor: Client, questionnaire: Version, page: str
) -> None:
    text = text_of(
        editor.get(
            address(page, *([questionnaire.pk] if page == "version_change" else []))
        )
    )
    assert TITLE in text
    notice = text.partition(TITLE)[2].partition("</ul>")[0]
    assert [line.partition("</li>")[0] for line in notice.split("<li>")[1:]] == [
        "“Risk management” now reads “Taming risk”.",
        "“Communication” is no longer listed.",
        "“Juggling” is new; no question stands for it.",
    ]


def test_no_notice_where_nothing_differs_or_the_version_is_not_live(
    editor: Client, questionnaire: Version, draft: Questionnaire
) -> None:
    assert TITLE not in text_of(editor.get(address("questionnaire_changelist")))
    assert TITLE not in text_of(editor.get(address("version_change", questionnaire.pk)))
    rename()
    publish(draft, by=None)
    assert TITLE not in text_of(editor.get(address("version_change", questionnaire.pk)))
    assert TITLE not in text_of(editor.get(address("questionnaire_changelist")))


def test_retired_line_that_is_new_since_the_version_is_not_told(
    questionnaire: Version,
) -> None:
    Strength.objects.create(
        slug="juggling",
        name="Juggling",
        kind="shared",
        text="Three balls.",
        retired=True,
    )
    reader = signed_in("rita", *EDITING)
    assert TITLE not in text_of(reader.get(address("version_change", questionnaire.pk)))


def test_draft_begun_after_a_renaming_is_told_of_it_too(questionnaire: Version) -> None:
    rename()
    assert [place for place, _, _ in p1(duplicate(questionnaire))] == [
        "T2.project",
        "T9.project",
        "E5",
    ]


@pytest.mark.usefixtures("few_people")
def test_draft_is_rehearsed_and_tried_although_the_article_has_moved_on(
    changed_article: None, draft: Questionnaire, editor: Client
) -> None:
    assert {finding.rule for finding in review_draft(draft).blocking} == {
        "P1",
        "P3",
        "P6",
    }
    assert "What would happen" in text_of(
        editor.post(address("questionnaire_rehearse", draft.pk))
    )
    assert "Try this draft yourself" in text_of(
        editor.get(address("questionnaire_preview", draft.pk))
    )

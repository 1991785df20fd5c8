"""The article changes a line after publishing.

Drafts find it at their questions, and a notice stands beside the live version.
"""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish, review_draft
from assessments.models import Question, Questionnaire, Version
from content.models import Role, Strength
from tests.support.admin import findings_shown, quoted
from tests.support.articles import publish_drafted_words
from tests.support.dom import parse
from tests.support.pages import template_of
from tests.support.staff import EDITING, address, signed_in

pytestmark = pytest.mark.django_db
NOTICE = "section[aria-labelledby=apart]"
RENAMED = ["Taming risk", "Risk management"]  # the article's name, the version's


def rename(slug: str = "risk-management", name: str = "Taming risk") -> None:
    Strength.objects.filter(slug=slug).update(name=name)
    publish_drafted_words()


def p1(draft: Questionnaire) -> list[tuple[str, list[str], bool]]:
    """The place of each such finding, the names that it holds, whether it blocks."""
    return [
        (str(finding.place), quoted(finding.message), finding.blocking)
        for finding in review_draft(draft).findings
        if finding.rule == "P1"
    ]


def questions_of(draft: Questionnaire) -> list[str]:
    """Where T2, T9 and E5 are edited."""
    places = (1, 1), (4, 0), (5, 0)
    return [
        address("section_change", draft.sections.get(position=position).pk)
        + f"#questions-{number}"
        for position, number in places
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
        (place, RENAMED, False) for place in ("T2.project", "T9.project", "E5")
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
    links = questions_of(draft)
    shown = findings_shown(editor.get(address("questionnaire_change", draft.pk)))
    assert [finding for finding in shown if finding[0] == "P1"] == [
        ("P1", links, False)
    ]
    section = findings_shown(editor.get(links[2].partition("#")[0]))
    assert [finding for finding in section if finding[0] == "P1"] == [
        ("P1", links[2:], False)
    ]


def test_retired_line_stands_in_the_way_and_says_what_to_do(
    editor: Client, draft: Questionnaire
) -> None:
    Strength.objects.filter(slug="risk-management").update(
        retired=True, name="Taming risk"
    )
    publish_drafted_words()
    assert p1(draft) == [
        (place, ["Taming risk"], True) for place in ("T2.project", "T9.project", "E5")
    ]
    shown = findings_shown(editor.get(address("questionnaire_change", draft.pk)))
    assert [finding for finding in shown if finding[0] == "P1"] == [
        ("P1", questions_of(draft), True)
    ]


@pytest.fixture
def changed_article(questionnaire: Version) -> None:
    rename()
    Strength.objects.filter(slug="communication").update(retired=True)
    publish_drafted_words()
    Strength.objects.create(
        slug="juggling",
        name="Juggling",
        kind="key",
        role=Role.objects.get(position=1),
        text="Three balls.",
    )
    publish_drafted_words()


def apart(client: Client, page: str) -> list[list[str]]:
    """The names in each notice of a page, which has one at most."""
    notices = parse(client.get(page)).all(NOTICE)
    return [quoted(" ".join(notice.texts("li"))) for notice in notices]


@pytest.mark.parametrize("page", ["questionnaire_changelist", "version_change"])
def test_notice_beside_the_live_version_tells_of_lines_changed_gone_and_new(
    changed_article: None, editor: Client, questionnaire: Version, page: str
) -> None:
    response = editor.get(
        address(page, *([questionnaire.pk] if page == "version_change" else []))
    )
    lines = [(line.before, line.after) for line in response.context["apart"]]
    assert lines == [
        ("Risk management", "Taming risk"),
        ("Communication", ""),
        ("", "Juggling"),
    ]
    notice = parse(response).one(NOTICE)
    assert [quoted(item) for item in notice.texts("li")] == [
        [name for name in line if name] for line in lines
    ]


def test_no_notice_where_nothing_differs_or_the_version_is_not_live(
    editor: Client, questionnaire: Version, draft: Questionnaire
) -> None:
    pages = (
        address("questionnaire_changelist"),
        address("version_change", questionnaire.pk),
    )
    assert [apart(editor, page) for page in pages] == [[], []]
    rename()
    assert [apart(editor, page) for page in pages] == [[RENAMED[::-1]]] * 2
    publish(draft, by=None)
    assert [apart(editor, page) for page in pages] == [[], []]


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
    publish_drafted_words()
    reader = signed_in("rita", *EDITING)
    assert apart(reader, address("version_change", questionnaire.pk)) == []


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
    pages = [
        editor.post(address("questionnaire_rehearse", draft.pk)),
        editor.get(address("questionnaire_preview", draft.pk)),
    ]
    assert [template_of(page) for page in pages] == [
        f"admin/assessments/questionnaire/{name}.html" for name in ("rehearse", "try")
    ]

"""Staff edit drafts.

Findings lead to the place, sections and questions keep their order.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions.drafts import duplicate
from assessments.actions.versions import assemble, review_draft
from assessments.models import (
    Attempt,
    Owner,
    Question,
    Questionnaire,
    RateCount,
    Result,
    Section,
    ShareLink,
    Version,
)
from content.models import Strength
from tests.support.admin import errors_of, findings_shown, quoted
from tests.support.dom import Element, parse
from tests.support.pages import levels
from tests.support.staff import address, filled

pytestmark = pytest.mark.django_db


def constant(draft: Questionnaire, name: str) -> str:
    """Where a constant of a draft is edited."""
    return f"{address('questionnaire_change', draft.pk)}#id_{name}"


def question(section: Section, number: int) -> str:
    """Where a question of a section is edited, counted from 0."""
    return f"{address('section_change', section.pk)}#questions-{number}"


def blocking(client: Client, draft: Questionnaire) -> list[tuple[str, list[str]]]:
    """What stands in the way of publishing: the rule, and where its links lead."""
    response = client.get(address("questionnaire_change", draft.pk))
    return [(rule, places) for rule, places, stops in findings_shown(response) if stops]


def codes(section: Section) -> list[tuple[int, str]]:
    return list(section.questions.values_list("position", "code"))


def test_what_belongs_to_visitors_is_not_in_the_admin() -> None:
    assert not {Attempt, Owner, RateCount, Result, ShareLink} & set(
        admin.site._registry
    )


def test_editor_reads_findings_with_a_link_to_the_place(
    editor: Client, draft: Questionnaire
) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T3").update(
        statement="I never stop to look at it."
    )
    response = editor.get(address("questionnaire_change", draft.pk))
    section = draft.sections.get(position=1)
    finding = ("P11", [question(section, 2)], True)
    assert finding in findings_shown(response)
    [notice] = [row for row in response.context["blocking"] if row.rule == "P11"]
    assert quoted(notice.message) == ["never"]
    tools = parse(response).values(".page-tools a")
    assert [link.split("/")[-2] for link in tools] == [
        "coverage",
        "panels",
        "compare",
    ]
    on_sections = [
        finding in findings_shown(editor.get(address("section_change", row.pk)))
        for row in draft.sections.filter(position__lte=2)
    ]
    assert on_sections == [True, False]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"v_trade_off": "0.001", "trade_off_weight": "1/2"}, "trade_off_weight"),
        ({"full_careless_run": 40}, "full_careless_run"),
        ({"leans_floor": "15.5"}, "leans_floor"),
    ],
    ids=["weight", "limit", "cut-off"],
)
def test_finding_about_a_constant_leads_to_its_field(
    editor: Client,
    draft: Questionnaire,
    changes: dict[str, Any],
    name: str,
) -> None:
    Questionnaire.objects.filter(pk=draft.pk).update(**changes)
    page = parse(editor.get(address("questionnaire_change", draft.pk)))
    link = constant(draft, name)
    assert page.values(f".findings a[href='{link}']") == [link]
    assert page.one(f"#id_{name}").attributes["name"] == name


def test_finding_about_a_constant_says_the_labels_that_its_fields_have(
    editor: Client, draft: Questionnaire
) -> None:
    Questionnaire.objects.filter(pk=draft.pk).update(
        leans_floor="15.5", full_careless_run=40
    )
    page = parse(editor.get(address("questionnaire_change", draft.pk)))

    def label(name: str) -> str:
        return page.one(f"label[for=id_{name}]").text.removesuffix(":")

    def finding(name: str) -> Element:
        """The finding that leads to a constant."""
        link = constant(draft, name)
        [item] = [item for item in page.all(".findings li") if link in item.values("a")]
        return item

    run, leans = finding("full_careless_run"), finding("leans_floor")
    assert run.one("a").text.endswith(f": {label('full_careless_run')}")
    assert re.findall(r"\b\d+\b", run.text) == ["1", "12"]
    assert leans.one("a").text == label("leans_floor")
    # The other constant by its label too, and its value.
    # Its quotes are single ones within those of the message.
    other = label("clear_floor").replace("“", "‘").replace("”", "’")
    assert f"“{other}”, which is 15." in leans.text


def test_questions_that_nobody_has_rated_stand_in_one_warning(
    editor: Client, draft: Questionnaire
) -> None:
    response = editor.get(address("questionnaire_change", draft.pk))
    [(rule, places, stops)] = findings_shown(response)
    trade_offs = Question.objects.filter(section__questionnaire=draft).exclude(side="")
    rows = trade_offs.order_by("section__position", "position")
    assert (rule, stops) == ("P10", False)
    assert places == [question(row.section, row.position - 1) for row in rows]
    assert len(places) == 12


def test_same_id_twice_is_told_in_words(editor: Client, draft: Questionnaire) -> None:
    Question.objects.filter(section__questionnaire=draft, code="E2").update(code="T1")
    third = draft.sections.get(position=3)
    assert blocking(editor, draft) == [("P1", [question(third, 1)])]
    page = parse(editor.get(address("questionnaire_change", draft.pk)))
    [finding] = page.texts(".findings.blocking li")
    assert re.findall(r"Section (\d), question (\d), id", finding) == [
        ("3", "2"),
        ("1", "1"),
    ]


def test_draft_page_lists_the_statements_as_they_stand_from_left_to_right(
    editor: Client, draft: Questionnaire
) -> None:
    page = parse(editor.get(address("questionnaire_change", draft.pk)))
    wanted = []
    for row in Question.objects.filter(section__questionnaire=draft).order_by(
        "section__position", "position"
    ):
        sides = [row.statement, row.other_statement] if row.side else [row.statement]
        wanted.append((row.code, sides[::-1] if row.side == "right" else sides))
    listed = page.all(".statements li")
    assert [item.one("a").text for item in listed] == [code for code, _ in wanted]
    for item, (_, statements) in zip(listed, wanted, strict=True):
        assert len(item.all("p")) == len(statements)
        for shown, statement in zip(item.all("p"), statements, strict=True):
            assert statement in shown.text


def test_editor_saves_constants_and_words_and_stays_on_the_draft(
    editor: Client, draft: Questionnaire
) -> None:
    data = {
        field.name: getattr(draft, field.name)
        for field in Questionnaire._meta.fields
        if field.editable
    }
    data |= {"intro": "One.\r\nTwo.", "v_trade_off": "1.5"}
    response = editor.post(address("questionnaire_change", draft.pk), data)
    assert response["Location"] == address("questionnaire_change", draft.pk)
    assert review_draft(Questionnaire.objects.get(pk=draft.pk)).blocking == []
    definition = json.loads(assemble(Questionnaire.objects.get(pk=draft.pk)).to_json())
    assert (definition["intro"], definition["constants"]["v_trade_off"]) == (
        "One.\nTwo.",
        "3/2",
    )


def test_constant_that_is_no_number_is_refused_at_its_field(
    editor: Client, draft: Questionnaire
) -> None:
    data = {
        field.name: getattr(draft, field.name)
        for field in Questionnaire._meta.fields
        if field.editable
    }
    response = editor.post(
        address("questionnaire_change", draft.pk), data | {"v_trade_off": "a lot"}
    )
    assert response.status_code == 200
    assert list(errors_of(response)) == ["v_trade_off"]
    assert len(parse(response).all(".field-v_trade_off .errorlist li")) == 1


def test_editor_changes_a_question_and_comes_back_to_the_draft(
    editor: Client, draft: Questionnaire
) -> None:
    section = draft.sections.get(position=1)
    changes = {
        "stem": "Which is you?",
        "questions-0-statement": " Before I begin,\r\nI list the  steps. ",
    }
    response = editor.post(
        address("section_change", section.pk), filled(editor, section, **changes)
    )
    assert response["Location"] == address("questionnaire_change", draft.pk)
    section.refresh_from_db()
    assert section.stem == "Which is you?"
    assert (
        section.questions.get(code="T1").statement
        == "Before I begin, I list the steps."
    )
    assert Questionnaire.objects.get(pk=draft.pk).changed_at > draft.changed_at


def test_questions_take_the_order_of_their_numbers_and_a_new_one_is_the_last(
    editor: Client, draft: Questionnaire
) -> None:
    section = draft.sections.get(position=6)
    new = {
        "code": "S9",
        "statement": "I say thanks.",
        "strength": Strength.objects.get(slug="communication").pk,
        "position": "",
    }
    changes = {f"questions-5-{name}": value for name, value in new.items()} | {
        "questions-TOTAL_FORMS": 6,
        "questions-4-position": 0,
    }
    assert (
        editor.post(
            address("section_change", section.pk), filled(editor, section, **changes)
        ).status_code
        == 302
    )
    assert codes(section) == [
        (1, "S5"),
        (2, "S1"),
        (3, "S2"),
        (4, "S3"),
        (5, "S4"),
        (6, "S9"),
    ]


@pytest.mark.parametrize("empty", [0, 1, 2])
def test_empty_questions_are_left_out_and_the_page_says_so(
    editor: Client, draft: Questionnaire, empty: int
) -> None:
    section = draft.sections.get(position=1)
    before = section.questions.count()
    data = filled(editor, section, stem="Which is you?")
    data["questions-TOTAL_FORMS"] = before + empty
    saved = editor.post(address("section_change", section.pk), data, follow=True)
    assert section.questions.count() == before
    told = [level for level in levels(saved) if level == "warning"]
    assert len(told) == (empty > 0)


def test_section_moves_by_its_number(editor: Client, draft: Questionnaire) -> None:
    section = draft.sections.get(position=6)
    editor.post(
        address("section_change", section.pk), filled(editor, section, position=0)
    )
    assert list(draft.sections.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert draft.sections.first() == section


def test_trade_off_offers_the_lines_of_each_role_and_other_sections_theirs(
    editor: Client, draft: Questionnaire
) -> None:
    def offered(position: int, field: str) -> set[str]:
        page = editor.get(
            address("section_change", draft.sections.get(position=position).pk)
        )
        groups = (
            page.context["inline_admin_formsets"][0]
            .formset.forms[0]
            .fields[field]
            .choices
        )
        return {name for _, lines in groups[1:] for _, name in lines}

    lines = Strength.objects.all()
    assert offered(1, "strength") == {
        line.name for line in lines.filter(role__position=1)
    }
    assert offered(1, "other_strength") == {
        line.name for line in lines.filter(role__position=2)
    }
    assert offered(3, "strength") == {line.name for line in lines.filter(kind="key")}
    assert offered(6, "strength") == {line.name for line in lines.filter(kind="shared")}


def test_retired_line_is_offered_where_it_is_in_use_alone(
    editor: Client, draft: Questionnaire
) -> None:
    Strength.objects.filter(slug="risk-management").update(retired=True)
    line = Strength.objects.get(slug="risk-management")

    def offered(section: Section) -> bool:
        page = parse(editor.get(address("section_change", section.pk)))
        fields = page.all("select[name=questions-0-strength]")
        return [field.has(f"option[value='{line.pk}']") for field in fields] == [True]

    sections = draft.sections.filter(position__lte=2)
    assert [offered(section) for section in sections] == [True, False]


def test_trade_off_needs_both_sides(editor: Client, draft: Questionnaire) -> None:
    section = draft.sections.get(position=1)
    response = editor.post(
        address("section_change", section.pk),
        filled(editor, section, **{"questions-0-other_statement": ""}),
    )
    assert response.status_code == 200
    assert section.questions.get(code="T1").other_statement


def test_new_section_is_the_last_and_leads_on_to_its_questions(
    editor: Client, draft: Questionnaire
) -> None:
    page = parse(editor.get(address("questionnaire_change", draft.pk)))
    assert page.one("a.addlink[href*='section']").value == (
        f"{address('section_add')}?questionnaire={draft.pk}"
    )
    labels = {
        f"label_{number}": word
        for number, word in enumerate(
            ("Never", "Rarely", "Sometimes", "Often", "Always"), 1
        )
    }
    data = {
        "questionnaire": draft.pk,
        "kind": "shared",
        "stem": "How often?",
        "position": "",
    } | labels
    response = editor.post(address("section_add"), data)
    section = Section.objects.get(stem="How often?")
    assert response["Location"] == address("section_change", section.pk)
    assert section.position == 7
    data = filled(editor, section, **{"questions-TOTAL_FORMS": 1, "kind": "trade_off"})
    data |= {"questions-0-code": "S9", "questions-0-statement": "I say thanks."}
    data |= {
        "questions-0-strength": Strength.objects.get(slug="communication").pk,
        "questions-0-position": "",
    }
    editor.post(address("section_change", section.pk), data)
    section.refresh_from_db()
    assert (section.kind, codes(section)) == ("shared", [(1, "S9")])


def test_section_is_deleted_with_its_questions(
    editor: Client, draft: Questionnaire
) -> None:
    section = draft.sections.get(position=6)
    response = editor.post(address("section_delete", section.pk), {"post": "yes"})
    assert response["Location"] == address("questionnaire_change", draft.pk)
    assert draft.sections.count() == 5
    assert not Question.objects.filter(section__questionnaire=draft, code="S1").exists()


def test_list_of_sections_is_the_list_of_drafts(editor: Client) -> None:
    assert editor.get(address("section_changelist"))["Location"] == address(
        "questionnaire_changelist"
    )


@pytest.mark.parametrize("page", ["draft", "trade-offs", "ratings"])
def test_page_does_not_ask_more_for_more_questions(
    editor: Client, draft: Questionnaire, page: str
) -> None:
    def asked(keep: int) -> int:
        fresh = duplicate(Version.objects.get())
        Question.objects.filter(
            section__questionnaire=fresh, position__gt=keep
        ).delete()
        section = fresh.sections.get(position=6 if page == "ratings" else 1)
        at = (
            address("questionnaire_change", fresh.pk)
            if page == "draft"
            else address("section_change", section.pk)
        )
        with CaptureQueriesContext(connection) as found:
            assert editor.get(at).status_code == 200
        return len(found)

    asked(1)
    assert asked(1) == asked(3) < 25

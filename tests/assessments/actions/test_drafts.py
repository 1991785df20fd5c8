"""Drafts from versions and files, and what leaves the site of them."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from django.contrib.auth.models import User

from assessments import engine
from assessments.actions import drafts, exports
from assessments.actions.versions import newly_measured, publish
from assessments.models import Questionnaire, Section, Version
from assessments.queries import versions
from content.models import AuditEntry, Strength

pytestmark = pytest.mark.django_db


def known(row: Questionnaire | Version) -> tuple[bool, bool]:
    return row.consistency_measured, row.steadiness_measured


@pytest.mark.parametrize("over_days", [False, True])
def test_measured_constants_go_on_to_later_drafts(
    questionnaire: Version, over_days: bool
) -> None:
    draft = drafts.duplicate_with_constants(
        questionnaire,
        v_trade_off=Fraction(5, 4),
        v_enjoyment=Fraction(3, 4),
        over_days=over_days,
    )
    assert (draft.measured_v_trade_off, draft.v_enjoyment) == ("5/4", "3/4")
    version = publish(draft, by=None)
    assert known(draft) == known(version) == (True, over_days)
    again = drafts.duplicate(version)
    assert again.measured_v_trade_off == "5/4"
    assert known(again) == (True, over_days)
    again.v_trade_off = "3/2"
    assert known(again) == (False, False)


def test_what_is_known_over_days_is_worth_a_version_of_its_own(
    questionnaire: Version,
) -> None:
    constants = versions.questionnaire_of(questionnaire).constants
    drafted = {
        over_days: drafts.duplicate_with_constants(
            questionnaire,
            v_trade_off=constants.v_trade_off,
            v_enjoyment=constants.v_enjoyment,
            over_days=over_days,
        )
        for over_days in (False, True)
    }
    assert not newly_measured(drafts.duplicate(questionnaire), questionnaire)
    assert not newly_measured(drafted[True], None)
    live = questionnaire
    for draft in drafted.values():
        assert newly_measured(draft, live)
        live = publish(draft, by=None)
        assert not newly_measured(draft, live)
    assert known(live) == (True, True)
    assert not newly_measured(drafted[False], live)


def faults_of(text: bytes) -> list[str]:
    """The places that an import refuses; it may have written nothing."""
    before = Questionnaire.objects.count()
    with pytest.raises(engine.DefinitionError) as refusal:
        drafts.import_draft(text)
    assert Questionnaire.objects.count() == before
    return [str(fault.place) for fault in refusal.value.faults]


def test_definition_is_imported_with_the_articles_names(
    questionnaire: Version,
) -> None:
    data = json.loads(questionnaire.definition)
    data["strengths"][0]["name"] = "Another name"
    imported = drafts.import_draft(json.dumps(data).encode())
    slug = data["strengths"][0]["slug"]
    name = Strength.objects.get(slug=slug).name
    assert imported.renamed == ((slug, "Another name", name),)
    assert imported.draft.name == data["name"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b'{"roles": 5, "strengths": [1], "sections": "x"}',
        b"[" * 9 + b"]" * 9,
        b'[[[[[[[[["deeper than any text of a definition"]]]]]]]]]',
    ],
)
def test_file_that_is_no_definition_is_refused(
    questionnaire: Version, text: bytes
) -> None:
    assert faults_of(text)


def test_every_fault_of_a_file_is_named(questionnaire: Version) -> None:
    data = json.loads(questionnaire.definition)
    data["name"] = "x" * 1000
    data["intro"] = 5
    data["roles"][0]["slug"] = "nobody"
    data["strengths"][0]["kind"] = "interest"
    data["sections"][0]["stem"] = "x" * 1000
    data["sections"][0]["labels"][0] = "x" * 1000
    data["sections"][0]["in_short"] = "yes"
    question = data["sections"][0]["questions"][0]
    question["id"] = "x" * 100
    question["product"]["text"] = "x" * 1000
    faults = faults_of(json.dumps(data).encode())
    assert {
        "name",
        "intro",
        "roles[0].slug",
        "strengths[0].kind",
        "sections[0].stem",
        "sections[0].labels[0]",
        "sections[0].in_short",
        "sections[0].questions[0].id",
        "sections[0].questions[0].product.text",
    } <= {*faults}


def test_line_that_the_article_lost_stands_in_the_way(questionnaire: Version) -> None:
    Section.objects.all().delete()
    data = json.loads(questionnaire.definition)
    slug = data["strengths"][0]["slug"]
    Strength.objects.filter(slug=slug).update(slug="renamed")
    assert faults_of(questionnaire.definition.encode()) == ["strengths[0].slug"]
    with pytest.raises(engine.DefinitionError):
        drafts.duplicate(questionnaire)


def test_exports_are_recorded(questionnaire: Version, staff: User) -> None:
    text = exports.export_definition(questionnaire, by=staff)
    assert text == questionnaire.definition
    draft = drafts.duplicate(questionnaire)
    assert json.loads(exports.export_draft(draft, by=staff)) == json.loads(text)
    exported = AuditEntry.objects.filter(act=AuditEntry.Act.EXPORT)
    assert list(exported.values_list("by", flat=True)) == [staff.pk] * 2


def test_draft_that_makes_no_questionnaire_is_not_exported(
    questionnaire: Version, staff: User
) -> None:
    draft = drafts.duplicate(questionnaire)
    draft.sections.filter(position=3).update(kind="trade_off")
    with pytest.raises(engine.DefinitionError):
        exports.export_draft(draft, by=staff)
    assert not AuditEntry.objects.filter(act=AuditEntry.Act.EXPORT).exists()

"""From draft to Version: the checks stand in the way, and what is published never moves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from assessments import engine, queries
from assessments.actions.publishing import NotPublished, assemble, differences, duplicate, findings_of, publish
from assessments.models import Question, Questionnaire, Section, Version
from assessments.questionnaire import default_questionnaire
from content.models import Strength

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(questionnaire: Version) -> Questionnaire:
    return duplicate(questionnaire, name="Autumn")


def change(code: str, **values: object) -> Callable[[Questionnaire], object]:
    return lambda draft: Question.objects.filter(section__questionnaire=draft, code=code).update(**values)


def test_default_questionnaire_is_published_word_for_word(questionnaire: Version) -> None:
    assert engine.Questionnaire.from_json(questionnaire.definition) == default_questionnaire()
    assert questionnaire.sha256 == hashlib.sha256(questionnaire.definition.encode()).hexdigest() == default_questionnaire().sha256
    assert (questionnaire.number, questionnaire.published_by) == (1, None)


def test_duplicate_of_a_version_differs_in_its_name_alone(questionnaire: Version, draft: Questionnaire) -> None:
    assert differences(queries.questionnaire_of(questionnaire), draft) == [("name", questionnaire.name, "Autumn")]
    assert [finding for finding in findings_of(draft) if finding.blocking] == []


def test_draft_becomes_the_next_version_and_is_what_new_visitors_take(
    draft: Questionnaire, django_capture_on_commit_callbacks: Callable
) -> None:
    queries.live_version()
    with django_capture_on_commit_callbacks(execute=True):
        version = publish(draft, by=None)
    assert version.number == 2
    assert queries.live_version() == version


@pytest.mark.parametrize(
    ("rule", "place", "spoil"),
    [
        ("P4", "full.key", change("T1", side="right")),
        ("P9", "T1.project", change("T1", statement="I " + "very " * 14 + "much plan")),
        ("P11", "T1.project", change("T1", statement="I like to lead a project with clear steps every day.")),
        ("P11", "E1", change("E1", one_idea=False)),
        ("P12", "sections[0].labels", lambda draft: draft.sections.filter(position=1).update(label_2="Much more A")),
        (
            "P8",
            "sections[3]",
            lambda draft: (
                draft.sections.filter(position=4).update(in_short=True) and draft.sections.filter(position=3).update(in_short=False)
            ),
        ),
        ("P13", "constants.trade_off_weight", lambda draft: Questionnaire.objects.filter(pk=draft.pk).update(trade_off_weight="1/2")),
        ("P7", "strengths.communication", lambda draft: Question.objects.filter(section__questionnaire=draft, code="S2").delete()),
        ("P6", "strengths.risk-management", lambda draft: Question.objects.filter(section__questionnaire=draft, code="E5").delete()),
    ],
)
def test_broken_rule_stands_in_the_way_and_nothing_is_written(
    draft: Questionnaire, rule: str, place: str, spoil: Callable[[Questionnaire], object]
) -> None:
    spoil(draft)
    with pytest.raises(NotPublished) as refusal:
        publish(draft, by=None)
    assert (rule, place) in {(finding.rule, finding.place) for finding in refusal.value.findings}
    assert Version.objects.count() == 1


def test_draft_equal_to_the_live_version_is_refused(questionnaire: Version) -> None:
    with pytest.raises(NotPublished, match="Nothing differs from version 1"):
        publish(duplicate(questionnaire, name=questionnaire.name), by=None)


def test_draft_without_sections_has_findings_and_no_traceback(questionnaire: Version) -> None:
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing here.")
    assert any(finding.blocking for finding in findings_of(empty))
    with pytest.raises(NotPublished):
        publish(empty, by=None)


def test_statement_tied_to_the_wrong_kind_of_line_is_a_finding(draft: Questionnaire) -> None:
    change("T1", strength=Strength.objects.get(slug="communication"))(draft)
    assert any(finding.blocking for finding in findings_of(draft))


def test_draft_takes_todays_name_of_a_line_and_the_published_version_keeps_its_own(questionnaire: Version, draft: Questionnaire) -> None:
    before = Version.objects.values().get()
    Strength.objects.filter(slug="risk-management").update(name="Taming risk")
    assert "Taming risk" in {strength.name for strength in assemble(draft).strengths}
    publish(draft, by=None)
    assert Version.objects.filter(number=1).values().get() == before


def test_editing_a_draft_never_reaches_a_published_version(draft: Questionnaire) -> None:
    version = publish(draft, by=None)
    Section.objects.filter(questionnaire=draft).update(stem="Other")
    draft.delete()
    assert Version.objects.get(pk=version.pk).definition == version.definition

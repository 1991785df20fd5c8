"""From draft to Version.

The checks stand in the way, and what is published never moves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from assessments import engine
from assessments.actions.drafts import draft_from, duplicate
from assessments.actions.versions import (
    NotPublished,
    assemble,
    publish,
    review_draft,
    review_drafts,
)
from assessments.defaults import default_questionnaire
from assessments.drafts.differences import DefinitionDifference, differences
from assessments.engine.place import Place
from assessments.models import Question, Questionnaire, Section, Version
from assessments.queries import versions
from content.models import Role, Strength
from tests.support.articles import publish_drafted_words

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def questions(draft: Questionnaire, *codes: str) -> object:
    found = Question.objects.filter(section__questionnaire=draft)
    return found.filter(code__in=codes) if codes else found


def change(code: str, /, **values: object) -> Callable[[Questionnaire], object]:
    return lambda draft: questions(draft, code).update(**values)


def retire_published_line(slug: str) -> None:
    Strength.objects.filter(slug=slug).update(retired=True)
    publish_drafted_words()


def change_section(
    position: int, **values: object
) -> Callable[[Questionnaire], object]:
    return lambda draft: draft.sections.filter(position=position).update(**values)


def change_draft(**values: object) -> Callable[[Questionnaire], object]:
    return lambda draft: Questionnaire.objects.filter(pk=draft.pk).update(**values)


def line(slug: str) -> Strength:
    return Strength.objects.get(slug=slug)


def test_default_questionnaire_is_published_word_for_word(
    questionnaire: Version,
) -> None:
    assert engine.read_definition(questionnaire.definition) == default_questionnaire()
    assert (
        questionnaire.sha256
        == hashlib.sha256(questionnaire.definition.encode()).hexdigest()
        == default_questionnaire().sha256
    )
    assert (questionnaire.number, questionnaire.published_by) == (1, None)


def test_default_draft_has_no_blocking_finding_and_warns_of_what_nobody_has_rated(
    article: None,
) -> None:
    default = default_questionnaire()
    found = review_draft(draft_from(default, name=default.name, one_idea=True))
    assert found.blocking == []
    assert {finding.rule for finding in found.warnings} == {"P10"}


def test_draft_becomes_the_next_version_and_is_what_new_visitors_take(
    draft: Questionnaire, django_capture_on_commit_callbacks: Callable
) -> None:
    versions.live_version()
    with django_capture_on_commit_callbacks(execute=True):
        version = publish(draft, by=None)
    assert version.number == 2
    assert versions.live_version() == version
    assert version.sha256 == hashlib.sha256(version.definition.encode()).hexdigest()
    assert engine.read_definition(version.definition) == assemble(draft)


@pytest.mark.parametrize(
    ("rule", "place", "spoil"),
    [
        ("P1", "sections[0].questions[1].id", change("T2", code="T1")),
        (
            "P1",
            "sections[0].questions[0]",
            change("T1", other_strength=None, other_statement="", side=""),
        ),
        (
            "P1",
            "sections[2].questions[0]",
            lambda draft: change_section(3, kind="trade_off")(draft),
        ),
        (
            "P1",
            "sections[2].questions[0].strength",
            lambda draft: change("E1", strength=line("communication"))(draft),
        ),
        (
            "P1",
            "T2.project",
            lambda draft: retire_published_line("risk-management"),
        ),
        (
            "P2",
            "T1.project",
            lambda draft: change("T1", strength=line("market-research"))(draft),
        ),
        (
            "P2",
            "T9",
            lambda draft: change("T9", other_strength=line("market-research"))(draft),
        ),
        (
            "P3",
            "strengths.planning-and-organization",
            lambda draft: questions(draft, "T10").delete(),
        ),
        ("P4", "full.key", change("T1", side="right")),
        ("P4", "strengths.planning-and-organization", change("T1", side="right")),
        ("P5", "T4", change("T4", side="right")),
        (
            "P6",
            "strengths.risk-management",
            lambda draft: questions(draft, "E5").delete(),
        ),
        ("P6", "short.enjoyment", lambda draft: questions(draft, "E1").delete()),
        (
            "P7",
            "strengths.communication",
            lambda draft: questions(draft, "S2").delete(),
        ),
        ("P7", "S1", change_section(6, in_short=True)),
        (
            "P8",
            "sections[3]",
            lambda draft: (
                change_section(3, in_short=False)(draft)
                and change_section(4, in_short=True)(draft)
            ),
        ),
        ("P9", "T1.project", change("T1", statement="I " + "very " * 14 + "much plan")),
        ("P9", "T1", change("T1", statement="I plan.")),
        (
            "P11",
            "T1.project",
            change(
                "T1", statement="I like to lead a project with clear steps every day."
            ),
        ),
        (
            "P11",
            "T1.product",
            change(
                "T1",
                other_statement="I never start before I know how people will feel.",
            ),
        ),
        (
            "P11",
            "T2.product",
            change(
                "T2",
                other_statement="I am good at seeing how people will feel about it.",
            ),
        ),
        ("P11", "E1", change("E1", one_idea=False)),
        ("P11", "T3.product", change("T3", other_one_idea=False)),
        ("P12", "sections[0].labels", change_section(1, label_2="Much more A")),
        ("P12", "sections[0].labels[4]", change_section(1, label_5="")),
        ("P13", "constants.trade_off_weight", change_draft(trade_off_weight="1/2")),
        ("P13", "constants.leans_floor", change_draft(leans_floor="16")),
        (
            "P13",
            "constants.forms.short.careless_run",
            change_draft(short_careless_run=9),
        ),
        (
            "P13",
            "constants.forms.full.least_enjoyment",
            change_draft(full_least_enjoyment=0),
        ),
        ("P14", "short.trade_offs", lambda draft: questions(draft, "T8").delete()),
    ],
)
def test_broken_rule_stands_in_the_way_and_nothing_is_written(
    draft: Questionnaire,
    rule: str,
    place: str,
    spoil: Callable[[Questionnaire], object],
) -> None:
    spoil(draft)
    with pytest.raises(NotPublished) as refusal:
        publish(draft, by=None)
    assert (rule, place) in {
        (finding.rule, str(finding.place)) for finding in refusal.value.findings
    }
    assert Version.objects.count() == 1


def test_line_that_is_only_drafted_stands_in_the_way(draft: Questionnaire) -> None:
    new = Strength.objects.create(
        slug="juggling",
        name="Juggling",
        kind="key",
        role=Role.objects.get(position=1),
        text="Three balls.",
    )
    change("T2", strength=new)(draft)
    review = review_draft(draft)
    assert review.questionnaire is None
    assert [(finding.rule, finding.message) for finding in review.findings] == [
        (
            "P1",
            "“Juggling” isn’t published yet. A Publisher must publish the words first.",
        )
    ]


def test_drafted_name_of_a_line_is_not_published_with_a_questionnaire(
    questionnaire: Version, draft: Questionnaire
) -> None:
    Strength.objects.filter(slug="risk-management").update(name="Taming risk")
    Role.objects.filter(position=1).update(name="Boss of dates")
    frozen, live = (
        review_draft(draft).questionnaire,
        versions.questionnaire_of(questionnaire),
    )
    assert frozen is not None
    assert (frozen.roles, frozen.strengths) == (live.roles, live.strengths)


def test_unequal_lists_stand_in_the_way(draft: Questionnaire) -> None:
    Strength.objects.create(
        slug="juggling",
        name="Juggling",
        kind="key",
        role=Role.objects.get(position=1),
        text="Three balls.",
    )
    publish_drafted_words()
    assert ("P1", "strengths") in {
        (finding.rule, str(finding.place)) for finding in review_draft(draft).blocking
    }


def test_draft_equal_to_the_live_version_is_refused(questionnaire: Version) -> None:
    with pytest.raises(
        NotPublished, match="P16 questionnaire: Nothing differs from version 1"
    ):
        publish(duplicate(questionnaire), by=None)


def test_older_state_may_go_live_again(
    questionnaire: Version, draft: Questionnaire
) -> None:
    publish(draft, by=None)
    assert publish(duplicate(questionnaire), by=None).sha256 == questionnaire.sha256


def test_draft_that_changed_after_the_publisher_looked_is_refused(
    draft: Questionnaire,
) -> None:
    seen = assemble(draft).sha256
    change_section(1, stem="Which one is you?")(draft)
    with pytest.raises(NotPublished, match="since you looked at it"):
        publish(draft, by=None, seen=seen)
    assert publish(draft, by=None, seen=assemble(draft).sha256).number == 2


def test_draft_keeps_which_version_it_became(draft: Questionnaire) -> None:
    moment = draft.changed_at
    version = publish(draft, by=None)
    draft.refresh_from_db()
    assert (draft.published_as, draft.changed_at) == (version, moment)
    assert str(draft) == f"Draft {draft.pk}"
    assert str(Questionnaire(label="Spring")) == "New draft: Spring"


@pytest.mark.parametrize("drafts", [1, 3])
def test_many_drafts_are_reviewed_with_seven_queries(
    questionnaire: Version,
    draft: Questionnaire,
    drafts: int,
    django_assert_num_queries: Any,
) -> None:
    change("T3", statement="")(draft)
    others = [duplicate(questionnaire) for _ in range(drafts - 1)]
    with django_assert_num_queries(7):
        first, *rest = review_drafts([draft, *others])
    assert first.findings == review_draft(draft).findings
    assert first.blocking
    assert [review.blocking for review in rest] == [[]] * len(others)


def test_draft_that_was_deleted_is_refused(draft: Questionnaire) -> None:
    Questionnaire.objects.filter(pk=draft.pk).delete()
    with pytest.raises(NotPublished, match="has been deleted"):
        publish(draft, by=None)


def test_draft_without_sections_has_findings_and_no_traceback(
    questionnaire: Version,
) -> None:
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing here.")
    [finding] = review_draft(empty).blocking
    assert (finding.rule, str(finding.place)) == ("P14", "questionnaire")
    with pytest.raises(NotPublished):
        publish(empty, by=None)


def test_draft_takes_todays_name_of_a_line_and_the_published_version_keeps_its_own(
    questionnaire: Version, draft: Questionnaire
) -> None:
    before = Version.objects.values().get()
    Strength.objects.filter(slug="risk-management").update(name="Taming risk")
    publish_drafted_words()
    version = publish(draft, by=None)
    assert (
        versions.questionnaire_of(version).strength("risk-management").name
        == "Taming risk"
    )
    assert Version.objects.filter(number=1).values().get() == before


def test_editing_or_deleting_a_draft_never_reaches_a_published_version(
    draft: Questionnaire,
) -> None:
    version = publish(draft, by=None)
    Section.objects.filter(questionnaire=draft).update(stem="Other")
    draft.delete()
    assert Version.objects.get(pk=version.pk).definition == version.definition


def test_differences_name_every_change_by_its_place(
    questionnaire: Version, draft: Questionnaire
) -> None:
    live = versions.questionnaire_of(questionnaire)
    assert differences(live, assemble(draft)) == [
        DefinitionDifference(Place("name"), questionnaire.name, "Autumn")
    ]
    change("E1", statement="Making a plan.")(draft)
    change("T1", side="right")(draft)
    change_draft(v_enjoyment="3/2")(draft)
    questions(draft, "S5").delete()
    found = {
        str(each.place): (each.before, each.after)
        for each in differences(live, assemble(Questionnaire.objects.get(pk=draft.pk)))
    }
    assert found == {
        "name": (questionnaire.name, "Autumn"),
        "E1": (
            (
                "Making a step-by-step plan that a group can follow. (Planning and"
                " organization)"
            ),
            "Making a plan. (Planning and organization)",
        ),
        "T1.side": ("project statement on the left", "project statement on the right"),
        "constants.v_enjoyment": ("1", "3/2"),
        "sections[5].questions": ("S1, S2, S3, S4, S5", "S1, S2, S3, S4"),
        "S5": (
            (
                "I share what I know so that others can do their part. (Team"
                " collaboration)"
            ),
            "",
        ),
    }


def test_everything_differs_from_nothing(draft: Questionnaire) -> None:
    assert {each.before for each in differences(None, assemble(draft))} == {""}

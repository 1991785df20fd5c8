"""Which questionnaire drafts wait to be published."""

from __future__ import annotations

import pytest

from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish, waiting_drafts
from assessments.models import Question, Questionnaire, Section, Version
from content.models import Strength
from tests.support.articles import publish_drafted_words

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_draft_waits_until_it_is_what_is_live(
    questionnaire: Version, draft: Questionnaire
) -> None:
    same = duplicate(questionnaire)
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing.")
    assert {each.name for each in waiting_drafts(questionnaire)} == {"Autumn", "Empty"}
    live = publish(draft, by=None)
    assert {each.pk for each in waiting_drafts(live)} == {
        same.pk,
        empty.pk,
        *Questionnaire.objects.filter(name=questionnaire.name).values_list(
            "pk", flat=True
        ),
    }


def test_every_draft_waits_before_the_first_publishing(draft: Questionnaire) -> None:
    assert len(waiting_drafts(None)) == Questionnaire.objects.count()


def test_draft_that_cannot_be_read_waits(questionnaire: Version) -> None:
    draft = duplicate(questionnaire)
    Section.objects.filter(questionnaire=draft, position=3).update(kind="trade_off")
    assert waiting_drafts(questionnaire) == [draft]


def test_renamed_line_makes_drafts_wait(questionnaire: Version) -> None:
    Strength.objects.filter(slug="communication").update(name="Talking and listening")
    publish_drafted_words()
    assert waiting_drafts(questionnaire) == list(Questionnaire.objects.all())


@pytest.mark.parametrize("drafts", [1, 3])
def test_telling_costs_the_same_with_more_drafts(
    questionnaire: Version, django_assert_num_queries, drafts: int
) -> None:
    for _ in range(drafts):
        Question.objects.filter(
            section__questionnaire=duplicate(questionnaire), code="T1"
        ).update(side="right")
    with django_assert_num_queries(5):
        assert len(waiting_drafts(questionnaire)) == drafts

"""Panels rate statements: what is stored, and what is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from assessments.actions import ratings
from assessments.actions.versions import review_draft
from assessments.engine.desirability import MIN_RATERS
from assessments.models import PanelRating, Question, Questionnaire
from assessments.queries import ratings as rating_queries
from content.models import AuditEntry
from tests.support.panel import rated

pytestmark = pytest.mark.django_db


def test_panel_asks_for_each_statement_once_and_is_closed_once(
    draft: Questionnaire, staff: User
) -> None:
    panel = ratings.make_panel(draft, by=staff)
    assert len(panel.statements) == len({*panel.statements}) == 37
    assert rating_queries.open_panel(panel.token) == panel
    assert rating_queries.open_panel("no token") is None
    for _ in range(2):
        ratings.close_panel(panel, by=staff)
    assert rating_queries.open_panel(panel.token) is None
    acts = AuditEntry.objects.filter(by=staff).order_by("pk")
    assert list(acts.values_list("act", flat=True)) == [
        AuditEntry.Act.MAKE,
        AuditEntry.Act.CLOSE,
    ]


def test_draft_without_a_statement_has_no_panel(
    draft: Questionnaire, staff: User
) -> None:
    Question.objects.filter(section__questionnaire=draft).delete()
    with pytest.raises(ratings.NothingToRate):
        ratings.make_panel(draft, by=staff)


def test_sheet_is_stored_once_and_counted_by_its_words(
    draft: Questionnaire, staff: User
) -> None:
    panel, other = (ratings.make_panel(draft, by=staff) for _ in range(2))
    sheet, numbers = uuid4(), [7, None, *[4] * 35]
    assert not rating_queries.is_counted(panel, sheet)
    stored = [
        ratings.rate(panel, sheet=sheet, numbers=again) for again in (numbers, [1] * 37)
    ]
    assert stored == [True, False]
    assert rating_queries.is_counted(panel, sheet)
    assert not rating_queries.is_counted(other, sheet)
    # A sheet stays with its panel, too.
    assert not ratings.rate(other, sheet=sheet, numbers=[1] * 37)
    assert PanelRating.objects.get().numbers == numbers
    raters = {row.pk: row.raters for row in rating_queries.panels_of(draft)}
    assert raters == {panel.pk: 1, other.pk: 0}
    first, skipped, third = panel.statements[:3]
    asked = [first, skipped, third, "Not asked."]
    assert rating_queries.ratings_of(asked) == [{first: 7, third: 4}]
    for nothing in (["Not asked."], [skipped], []):
        assert rating_queries.ratings_of(nothing) == []


@pytest.mark.parametrize("numbers", [[4], [0] * 37, [8] * 37])
def test_numbers_that_do_not_fit_are_refused(
    draft: Questionnaire, staff: User, numbers: list[int | None]
) -> None:
    panel = ratings.make_panel(draft, by=staff)
    with pytest.raises(ValueError, match="\\["):
        ratings.rate(panel, sheet=uuid4(), numbers=numbers)
    assert not PanelRating.objects.exists()


def test_closed_panel_takes_no_rating(draft: Questionnaire, staff: User) -> None:
    panel = ratings.make_panel(draft, by=staff)
    ratings.close_panel(panel, by=staff)
    with pytest.raises(ratings.PanelClosed):
        ratings.rate(panel, sheet=uuid4(), numbers=[4] * 37)


def test_wording_counts_as_rated_once_enough_people_found_it_even(
    draft: Questionnaire,
) -> None:
    rated(draft, people=MIN_RATERS - 1)
    assert not review_draft(draft).wording_rated
    rated(draft, people=1)
    assert review_draft(draft).wording_rated


def test_wording_that_is_undecided_or_off_does_not_count_as_rated(
    draft: Questionnaire,
) -> None:
    t9 = Question.objects.get(section__questionnaire=draft, code="T9").statement
    # Differences of 0 and 1 by turns lie on the limit.
    rated(draft, people=MIN_RATERS // 2)
    rated(draft, people=MIN_RATERS // 2, numbers={t9: 5})
    review = review_draft(draft)
    assert (review.wording_rated, review.blocking) == (False, [])
    rated(draft, people=MIN_RATERS * 3, numbers={t9: 5})
    review = review_draft(draft)
    assert not review.wording_rated
    assert [(each.rule, str(each.place)) for each in review.blocking] == [("P10", "T9")]


def test_enjoyment_statement_with_too_few_raters_keeps_the_wording_unrated(
    draft: Questionnaire,
) -> None:
    e1 = Question.objects.get(section__questionnaire=draft, code="E1").statement
    rated(draft, people=MIN_RATERS, numbers={e1: None})
    review = review_draft(draft)
    assert not [finding for finding in review.findings if finding.rule == "P10"]
    assert not review.wording_rated

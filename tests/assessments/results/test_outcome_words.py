"""The one table of words for outcomes, and the tags that give it to templates."""

from __future__ import annotations

import pytest

from assessments.engine.outcomes import Outcome
from assessments.results.outcome_words import OUTCOME_WORDS, short_words
from assessments.templatetags.outcomes import headline, outcome_words
from tests.support.dom import parse


def test_every_outcome_has_words_and_no_two_share_their_short_words() -> None:
    assert OUTCOME_WORDS.keys() == set(Outcome)
    assert len({short_words(outcome) for outcome in Outcome}) == len(Outcome)


def test_filter_takes_stored_text_and_says_nothing_of_no_outcome() -> None:
    assert outcome_words("lean_product") == OUTCOME_WORDS[Outcome.LEAN_PRODUCT].short
    assert outcome_words(None) == ""


def test_short_words_of_an_unknown_outcome_are_refused() -> None:
    with pytest.raises(ValueError, match="maybe"):
        short_words("maybe")


@pytest.mark.parametrize("outcome", Outcome)
def test_headline_marks_exactly_the_named_role(outcome: Outcome) -> None:
    words, role = OUTCOME_WORDS[outcome], named(outcome)
    for owner in (True, False):
        shown = parse(headline(outcome, owner=owner))
        assert shown.texts("span.ruled") == (["project"] if outcome.side == 0 else [])
        assert shown.texts("span.dotted") == (["product"] if outcome.side == 1 else [])
        pattern = words.own if owner else words.others
        assert shown.text == pattern.format(role=role)


def named(outcome: Outcome) -> str:
    return "" if outcome.side is None else ("project", "product")[outcome.side]

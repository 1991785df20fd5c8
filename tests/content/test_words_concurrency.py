"""Two publish words, and one restores them, in the same moment.

CONCURRENCY_ROUNDS asks for more rounds, and `make soak` does.
"""

from __future__ import annotations

from functools import partial

import pytest
from django.contrib.auth.models import User

from content.actions import PublishError
from content.models import SiteWords, WordsVersion
from content.models.words import draft_state
from content.word_actions import publish_words, restore_words
from content.word_review import review_words
from tests.support.threads import ROUNDS, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]


def test_of_two_publishers_who_saw_the_same_one_publishes(
    article: None, editor: User
) -> None:
    for number in range(ROUNDS // 4):
        SiteWords.objects.update(footer=f"Footer {number}")
        publish = partial(publish_words, by=editor, seen=review_words().seen)
        answers = at_once(publish, publish)
        refused = [each for each in answers if isinstance(each, PublishError)]
        made = [each for each in answers if isinstance(each, WordsVersion)]
        assert (len(made), len(refused)) == (1, 1), answers
        assert WordsVersion.objects.count() == number + 2


def test_state_is_never_half_restored(article: None, editor: User) -> None:
    first = WordsVersion.objects.get()
    for number in range(ROUNDS // 8):
        SiteWords.objects.update(footer=f"Footer {number}", strapline=f"Line {number}")
        drafted = draft_state()
        answers = at_once(
            partial(publish_words, by=editor), partial(restore_words, first, by=editor)
        )
        assert not [each for each in answers if isinstance(each, Exception)], answers
        version = WordsVersion.objects.first()
        assert version is not None
        assert version.state() in (drafted, first.state())
        assert draft_state() == first.state()

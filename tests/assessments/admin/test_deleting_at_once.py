"""Two editors delete a draft and one of its sections, or add to it, at once.

CONCURRENCY_ROUNDS asks for more rounds, and `make soak` does.
"""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client

from assessments.actions.drafts import duplicate
from assessments.actions.staff_groups import sync_groups
from assessments.models import Questionnaire, Section, Version
from tests.support.editing import member_of, sign_in
from tests.support.forms import opened
from tests.support.pages import levels
from tests.support.staff import address
from tests.support.threads import ROUNDS, at_once

LIST = address("questionnaire_changelist")
YES = {"post": "yes"}
at_the_same_moment = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]
one_after_the_other = [pytest.mark.django_db, pytest.mark.database]


def editors() -> tuple[Client, Client]:
    """Two windows of an Editor."""
    sync_groups()
    emil, second = member_of("Editor"), Client()
    first = sign_in(emil)
    second.force_login(emil)
    return first, second


class TestAtTheSameMoment:
    pytestmark = at_the_same_moment

    def test_deleting_a_draft_and_its_section(self, live: Version) -> None:
        one, two = editors()
        for number in range(ROUNDS // 4):
            draft = duplicate(live)
            section = list(draft.sections.order_by("pk"))[number % 2]
            answers = at_once(
                partial(one.post, address("section_delete", section.pk), YES),
                partial(two.post, address("questionnaire_delete", draft.pk), YES),
            )
            assert not [each for each in answers if isinstance(each, Exception)], (
                answers
            )
            assert not Questionnaire.objects.filter(pk=draft.pk).exists()

    def test_deleting_a_draft_and_adding_a_section(self, live: Version) -> None:
        one, two = editors()
        for _ in range(ROUNDS // 4):
            draft = duplicate(live)
            where = f"{address('section_add')}?questionnaire={draft.pk}"
            sent = opened(one, where) | {"stem": "Which is you?", "kind": "enjoyment"}
            sent |= {f"label_{number}": f"Label {number}" for number in range(1, 6)}
            answers = at_once(
                partial(one.post, where, sent),
                partial(two.post, address("questionnaire_delete", draft.pk), YES),
            )
            assert not [each for each in answers if isinstance(each, Exception)], (
                answers
            )
            assert not Section.objects.filter(questionnaire=draft.pk).exists()


class TestOneAfterTheOther:
    pytestmark = one_after_the_other

    def test_section_that_is_gone(self, draft: Questionnaire) -> None:
        one, _ = editors()
        section = draft.sections.earliest("pk")
        where = address("section_delete", section.pk)
        section.delete()
        answer = one.post(where, YES, follow=True)
        assert (answer.status_code, levels(answer)) == (200, ["warning"])
        assert answer.redirect_chain[-1][0] == LIST

    def test_draft_that_is_gone(self, draft: Questionnaire) -> None:
        one, _ = editors()
        where = address("questionnaire_delete", draft.pk)
        draft.delete()
        answer = one.post(where, YES, follow=True)
        assert (answer.status_code, levels(answer)) == (200, ["warning"])

    def test_who_may_not_delete_learns_nothing(self, draft: Questionnaire) -> None:
        sync_groups()
        pia = sign_in(member_of("Publisher"))
        section = draft.sections.earliest("pk")
        for where in (
            address("section_delete", section.pk),
            address("questionnaire_delete", draft.pk),
        ):
            assert pia.post(where, YES).status_code == 403
        assert draft.sections.filter(pk=section.pk).exists()

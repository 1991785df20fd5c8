"""Which results and links may be shown: one rule for queries and for loaded rows."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from assessments.actions import clients, coaches, share_links
from assessments.models import Coach, Participation, Result, ShareLink, visible_results
from assessments.queries.share_links import usable_link
from assessments.queries.visible import visible
from tests.support.coaching import alone, invite, joined

pytestmark = pytest.mark.django_db
PAST, FUTURE = -timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize("example", ["clear_project", "careless"])
@pytest.mark.parametrize("expires_in", [PAST, FUTURE])
def test_result_is_visible_while_kept_and_attentive(
    coach: Coach, example: str, expires_in: timedelta
) -> None:
    grant = joined(invite(coach), example=example)
    Result.objects.update(expires_at=timezone.now() + expires_in)
    expected = example != "careless" and expires_in == FUTURE
    assert Result.objects.get().is_visible == expected
    assert Result.objects.filter(visible_results()).exists() == expected
    assert list(Participation.objects.filter(visible())) == [grant] * expected


@pytest.mark.parametrize("by_coach", [False, True])
def test_link_is_usable_by_the_same_rule_in_the_database_and_on_a_row(
    coach: Coach, by_coach: bool
) -> None:
    if by_coach:
        grant = joined(invite(coach, onward=True))
        link = clients.make_onward_link(grant, scope="summary", label="", days=9)
    else:
        link = share_links.make_share_link(alone(), scope="summary", label="", days=9)
    now = timezone.now()
    outcomes = []
    for revoked, expired, result_expired, careless in product([False, True], repeat=4):
        ShareLink.objects.update(
            revoked_at=now if revoked else None,
            created_at=now - timedelta(days=2),
            expires_at=now + (PAST if expired else FUTURE),
        )
        Result.objects.update(
            expires_at=now + (PAST if result_expired else FUTURE),
            outcome="careless" if careless else "clear_project",
        )
        expected = not (revoked or expired or result_expired or careless)
        assert ShareLink.objects.usable().exists() == expected
        assert ShareLink.objects.get().works == expected
        assert (usable_link(link.token) is not None) == expected
        outcomes.append(expected)
    assert outcomes.count(True) == 1


def test_closing_a_workspace_ends_the_links_of_its_coach_alone(coach: Coach) -> None:
    grant = joined(invite(coach, onward=True))
    clients.make_onward_link(grant, scope="summary", label="", days=9)
    own = share_links.make_share_link(
        grant.attempt.result, scope="summary", label="", days=9
    )
    assert coach.approved_by is not None
    coaches.close_workspace(coach, by=coach.approved_by)
    assert list(ShareLink.objects.usable()) == [own]
    assert [link for link in ShareLink.objects.all() if link.works] == [own]

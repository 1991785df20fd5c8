"""Everybody in a group, joined or only invited by name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import keys
from assessments.actions import clients as client_actions
from assessments.models import (
    Attempt,
    Client,
    Coach,
    Invitation,
    Participation,
    PersonalLink,
)
from assessments.queries.clients import everybody
from assessments.queries.personal_links import not_started
from tests.support.coaching import invite, join, joined

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def link_for(group: Invitation, name: str) -> PersonalLink:
    now = timezone.now()
    client = Client.objects.create(
        coach=group.coach, name=name, created_at=now, latest_at=now
    )
    return PersonalLink.objects.create(
        invitation=group, client=client, code=keys.new_code(), created_at=now
    )


def test_everybody_is_there_by_name_with_steps_and_how_far_they_are(
    coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    joined(group, "Cy", "careless"), join(group, "Bo"), join(invite(coach), "Elsewhere")
    client_actions.add_step(ann, text="Read")
    rows = list(everybody(group))
    assert [(row.participation.name, row.stage) for row in rows] == [
        ("Ann", "shared"),
        ("Bo", "joined"),
        ("Cy", "finished"),
    ]
    assert [len(row.participation.steps.all()) for row in rows] == [1, 0, 0]


def test_link_counts_until_its_client_has_joined_this_group(
    coach: Coach, group: Invitation
) -> None:
    zed, amy = link_for(group, "Zed"), link_for(group, "Amy")
    elsewhere = invite(coach)
    link_for(elsewhere, "Bea")
    for place in (elsewhere, group):
        assert not_started(group) == [amy, zed]
        grant = join(place, "Zed")
        Participation.objects.filter(pk=grant.pk).update(client=zed.client)
    assert not_started(group) == [amy]


def test_link_of_abandoned_answers_counts_again(group: Invitation) -> None:
    zed = link_for(group, "Zed")
    grant = join(group, "Zed")
    Participation.objects.filter(pk=grant.pk).update(client=zed.client)
    assert (len(list(everybody(group))), not_started(group)) == (1, [])
    Attempt.objects.update(
        started_at=timezone.now() - timedelta(days=400),
        changed_at=timezone.now() - timedelta(days=400),
    )
    assert (list(everybody(group)), not_started(group)) == ([], [zed])

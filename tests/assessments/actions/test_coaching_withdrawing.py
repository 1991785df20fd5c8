"""What an owner may do with a grant.

Take it back, open the result early, see it all in the download.
"""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assessments import keys
from assessments.actions import clients, retention, share_links
from assessments.actions import grants as grant_actions
from assessments.models import (
    Coach,
    NextStep,
    Participation,
    Result,
    ShareLink,
)
from assessments.queries import grants as grant_queries
from tests.support.coaching import answer, everything_of, invite, join, joined, seen

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def coached(participation: Participation) -> ShareLink:
    """Notes, two next steps and a link of the coach's."""
    clients.set_notes(participation, notes="Ask about the team.")
    for text in ("Read chapter 3", "Talk to a product manager"):
        clients.add_step(participation, text=text)
    return clients.make_onward_link(
        participation, scope="summary", label="The manager", days=30
    )


def test_withdrawing_takes_notes_steps_links_and_the_place_back(coach: Coach) -> None:
    invitation = invite(coach, onward=True, max_uses=1)
    participation = joined(invitation)
    link = coached(participation)
    assert Client().get(f"/r/{link.token}/").status_code == 200
    assert grant_actions.withdraw(participation) == grant_actions.Withdrawn(
        notes=True, steps=2, links=1
    )
    assert grant_actions.withdraw(participation) == grant_actions.Withdrawn(
        notes=False, steps=0, links=0
    )
    assert seen(coach, participation) is None
    assert not NextStep.objects.exists()
    assert Client().get(f"/r/{link.token}/").status_code == 404
    assert Result.objects.count() == 1
    assert join(invitation, "Ben").name == "Ben"


def test_withdrawing_before_the_end_leaves_the_attempt_to_its_owner(
    coach: Coach,
) -> None:
    participation = join(invite(coach))
    assert grant_actions.withdraw(participation) == grant_actions.Withdrawn(
        notes=False, steps=0, links=0
    )
    assert answer(participation.attempt.owner).outcome == "clear_project"


def test_owner_withdraws_only_own_grants(coach: Coach) -> None:
    invitation, key = invite(coach), keys.new_key()
    mine, theirs = join(invitation, key=key), join(invitation, "Ben")
    assert grant_queries.own_grant(key, mine.pk) == mine
    assert grant_queries.own_grant(key, theirs.pk) is None


def test_deleting_everything_takes_every_grant_and_says_how_many(coach: Coach) -> None:
    participation = joined(invite(coach, onward=True))
    coached(participation)
    share_links.make_share_link(
        participation.attempt.result, scope="summary", label="", days=7
    )
    receipt = retention.delete_everything(participation.attempt.owner)
    assert receipt == retention.Deleted(
        results=1, attempts=1, share_links=2, participations=1
    )
    assert not Participation.objects.exists()
    assert not NextStep.objects.exists()
    assert not ShareLink.objects.exists()


def test_download_lists_grants_and_tells_of_notes_without_their_words(
    coach: Coach,
) -> None:
    invitation = invite(
        coach, onward=True, held_until=timezone.now() + timedelta(days=3)
    )
    participation = joined(invitation)
    coached(participation)
    owner = participation.attempt.owner
    data = everything_of(owner)
    steps = [
        {
            "text": "Read chapter 3",
            "due": None,
            "done": None,
            "done_by_you": False,
        },
        {
            "text": "Talk to a product manager",
            "due": None,
            "done": None,
            "done_by_you": False,
        },
    ]
    listed = {
        "coach": "Carla",
        "label": "Spring course",
        "result": 1,
        "scope": "answers",
        "onward": True,
        "since": participation.consented_at.isoformat(),
        "name": "Ann",
        "held_until": participation.held_until.isoformat(),
        "opened_early": None,
        "links": 1,
        "steps": [],
        "unshared_steps": 2,
        "coach_told_at": None,
        "in_coachs_archive": False,
        "coach_has_private_notes": True,
        "coach_has_private_name_or_tag": False,
        "personal_link": None,
    }
    assert data["participations"] == [listed]
    assert [link["made_by"] for link in data["share_links"]] == ["Carla"]
    assert [result["number"] for result in data["results"]] == [1]
    clients.share_steps(participation, shared=True)
    assert everything_of(owner)["participations"] == [
        listed | {"steps": steps, "unshared_steps": 0}
    ]
    # The steps show that words would be in it.
    words = json.dumps(everything_of(owner))
    participation.refresh_from_db()
    notes = participation.notes
    assert [text in words for text in (steps[0]["text"], notes)] == [True, False]


def test_held_result_is_released_by_the_clock(coach: Coach) -> None:
    until = timezone.now() + timedelta(days=3)
    result = joined(invite(coach, held_until=until)).attempt.result
    assert grant_queries.hold_on_result(result) == grant_queries.Hold(
        until, ("Carla",), ZoneInfo("UTC")
    )
    with time_machine.travel(until, tick=False):
        assert grant_queries.hold_on_result(result) is None


def test_owner_opens_a_held_result_early_and_every_coach_who_held_it_sees_that(
    coach: Coach, other_coach: Coach
) -> None:
    other_coach.time_zone = "America/New_York"
    other_coach.save()
    soon, late = (timezone.now() + timedelta(days=days) for days in (2, 5))
    first = join(invite(coach, held_until=soon))
    owner = first.attempt.owner
    second = join(invite(other_coach, held_until=late), owner=owner)
    unheld = join(invite(other_coach), owner=owner)
    result = answer(owner)
    assert grant_queries.hold_on_result(result) == grant_queries.Hold(
        late, ("Otto", "Carla"), ZoneInfo("America/New_York")
    )
    grant_actions.open_early(result)
    opened = dict(Participation.objects.values_list("pk", "opened_early_at"))
    grant_actions.open_early(result)
    assert grant_queries.hold_on_result(result) is None
    assert dict(Participation.objects.values_list("pk", "opened_early_at")) == opened
    assert [opened[each.pk] is not None for each in (first, second, unheld)] == [
        True,
        True,
        False,
    ]


def test_careless_result_is_not_held_and_a_withdrawn_grant_holds_nothing(
    coach: Coach,
) -> None:
    invitation = invite(coach, held_until=timezone.now() + timedelta(days=3))
    assert (
        grant_queries.hold_on_result(
            joined(invitation, "Ann", "careless").attempt.result
        )
        is None
    )
    participation = joined(invitation, "Ben")
    result = participation.attempt.result
    grant_actions.withdraw(participation)
    assert grant_queries.hold_on_result(result) is None

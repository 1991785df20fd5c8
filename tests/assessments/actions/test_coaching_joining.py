"""Joining with consent, attaching a result, showing a newer one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from assessments import keys
from assessments.actions import attempts, locks, retention, share_links
from assessments.actions import grants as grant_actions
from assessments.actions import invitations as invitation_actions
from assessments.models import (
    Attempt,
    Coach,
    Invitation,
    Owner,
    Participation,
    Version,
)
from assessments.queries import clients, owners
from assessments.queries import grants as grant_queries
from assessments.queries import invitations as invitation_queries
from tests.support.coaching import (
    again,
    alone,
    answer,
    invite,
    join,
    joined,
    seen,
)
from tests.support.saving import save_answers

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_somebody_new_joins_and_the_finished_result_reaches_the_coach(
    coach: Coach,
) -> None:
    until = timezone.now() + timedelta(days=3)
    invitation = invite(
        coach, form="short", scope="strengths", onward=True, held_until=until
    )
    key = keys.new_key()
    participation = join(invitation, "Ann", key=key)
    attempt = participation.attempt
    assert owners.owner_by_key(key) == attempt.owner
    assert (attempt.form, attempt.finished_at) == ("short", None)
    assert (
        participation.name,
        participation.scope,
        participation.onward,
        participation.held_until,
    ) == ("Ann", "strengths", True, until)
    assert seen(coach, participation) is None
    result = answer(attempt.owner, "clear_short")
    assert seen(coach, participation) == result


def test_open_attempt_is_taken_and_becomes_full_where_the_invitation_says_so(
    coach: Coach, questionnaire: Version
) -> None:
    attempt, _ = attempts.start(version=questionnaire, form="short")
    save_answers(attempt.owner, seen={}, chosen={"T1": 1})
    participation = join(invite(coach), owner=attempt.owner)
    assert participation.attempt == attempt
    assert list(Attempt.objects.values_list("form", "answers")) == [("full", {"T1": 1})]


def test_open_full_attempt_stays_full(coach: Coach, questionnaire: Version) -> None:
    attempt, _ = attempts.start(version=questionnaire, form="full")
    join(invite(coach, form="short"), owner=attempt.owner)
    assert Attempt.objects.get().form == "full"


def test_joining_twice_with_the_key_of_one_page_is_one_person_and_one_place(
    coach: Coach,
) -> None:
    invitation, key = invite(coach, max_uses=1), keys.new_key()
    assert join(invitation, key=key) == join(invitation, key=key)
    assert (
        Owner.objects.count(),
        Attempt.objects.count(),
        invitation_queries.places_taken(invitation),
    ) == (1, 1, 1)


def test_form_that_made_an_owner_before_makes_no_double_press(coach: Coach) -> None:
    invitation, key = invite(coach, max_uses=1), keys.new_key()
    first = join(invitation, key=key)
    # The answer may have been lost on the way. Nothing is answered yet.
    later = timezone.now() - timedelta(seconds=11)
    Attempt.objects.update(started_at=later)
    assert join(invitation, key=key) == first
    Attempt.objects.update(answers={"T1": 1})
    with pytest.raises(grant_actions.FormUsed):
        join(invitation, key=key)
    Attempt.objects.update(answers={}, started_at=later - timedelta(minutes=10))
    with pytest.raises(grant_actions.FormUsed):
        join(invitation, key=key)
    assert list(Participation.objects.all()) == [first]


def test_whoever_has_finished_is_in_already(coach: Coach) -> None:
    invitation = invite(coach)
    owner = joined(invitation).attempt.owner
    with pytest.raises(grant_actions.AlreadyIn):
        join(invitation, owner=owner)
    assert Attempt.objects.count() == 1


def test_invitation_that_takes_nobody_says_why_and_writes_nothing(coach: Coach) -> None:
    closed, full = invite(coach), invite(coach, max_uses=1)
    over = invite(coach, expires_at=timezone.now() + timedelta(hours=1))
    invitation_actions.close(closed)
    join(full)
    result = alone()
    before = (Owner.objects.count(), Attempt.objects.count())
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        for invitation, refusal in (
            (closed, grant_actions.Closed),
            (over, grant_actions.Expired),
            (full, grant_actions.UsedUp),
        ):
            with pytest.raises(refusal):
                join(invitation)
            with pytest.raises(refusal):
                grant_actions.attach(invitation, result=result, name="Ann")
    assert (Owner.objects.count(), Attempt.objects.count()) == before
    assert Participation.objects.count() == 1


def test_coach_whose_account_is_closed_takes_nobody(coach: Coach) -> None:
    invitation = invite(coach)
    assert coach.user is not None
    coach.user.is_active = False
    coach.user.save()
    with pytest.raises(grant_actions.Closed):
        join(invitation)


def test_invitation_that_has_gone_with_its_coach_is_closed(coach: Coach) -> None:
    invitation = invite(coach)
    Invitation.objects.all().delete()
    with pytest.raises(grant_actions.Closed):
        join(invitation)


def test_owner_who_has_deleted_everything_is_gone(coach: Coach) -> None:
    result = alone()
    retention.delete_everything(result.owner)
    with pytest.raises(locks.OwnerGone):
        join(invite(coach), owner=Owner(pk=result.owner_id))
    with pytest.raises(locks.OwnerGone):
        grant_actions.attach(invite(coach), result=result, name="Ann")


def test_finished_result_is_attached_and_never_held(coach: Coach) -> None:
    invitation = invite(
        coach, scope="summary", held_until=timezone.now() + timedelta(days=3)
    )
    result = alone()
    participation = grant_actions.attach(invitation, result=result, name="Ann")
    assert seen(coach, participation) == result
    assert (participation.scope, participation.held_until) == ("summary", None)
    assert (
        grant_actions.attach(invitation, result=result, name="Annie") == participation
    )
    assert Participation.objects.get().name == "Ann"


def test_abandoned_answers_keep_no_place_for_a_result(coach: Coach) -> None:
    result, invitation = alone(), invite(coach)
    attempts.start_again(result.owner, version=Version.objects.get(), form="full")
    joining = join(invitation, owner=result.owner)
    invitation_actions.close(invitation)
    Attempt.objects.filter(pk=joining.attempt_id).update(
        changed_at=timezone.now() - settings.UNFINISHED_KEPT
    )
    with pytest.raises(grant_actions.Closed):
        grant_actions.attach(invitation, result=result, name="Ann")


def test_careless_or_old_result_is_not_attached(coach: Coach) -> None:
    careless, old = alone("careless"), alone()
    with pytest.raises(share_links.NotShareable):
        grant_actions.attach(invite(coach), result=careless, name="Ann")
    with time_machine.travel(old.expires_at), pytest.raises(share_links.NotShareable):
        grant_actions.attach(invite(coach), result=old, name="Ann")


def test_coach_sees_nothing_of_a_careless_or_old_result(coach: Coach) -> None:
    invitation = invite(coach)
    careless, good = joined(invitation, "Ann", "careless"), joined(invitation, "Ben")
    assert seen(coach, careless) is None
    with time_machine.travel(good.attempt.result.expires_at):
        assert seen(coach, good) is None
        assert list(clients.visible_clients(invitation)) == []


def test_newer_result_reaches_the_coach_after_a_new_consent_alone(coach: Coach) -> None:
    invitation = invite(coach, max_uses=1)
    first = joined(invitation)
    owner = first.attempt.owner
    newer = again(owner)
    assert [row.result for row in clients.visible_clients(invitation)] == [
        first.attempt.result
    ]
    assert [
        grant.participation
        for grant in grant_queries.not_yet_seen_by(
            newer, grant_queries.grants_of(owner)
        )
    ] == [first]
    invitation_actions.close(invitation)
    second = grant_actions.agree_to_newer(first, result=newer)
    assert grant_actions.agree_to_newer(first, result=newer) == second
    assert (second.name, second.scope) == (first.name, first.scope)
    assert invitation_queries.places_taken(invitation) == 1
    assert grant_queries.not_yet_seen_by(newer, grant_queries.grants_of(owner)) == []
    assert [row.result for row in clients.results_of_client(first)] == [
        newer,
        first.attempt.result,
    ]
    grant_actions.withdraw(first)
    assert [row.result for row in clients.visible_clients(invitation)] == [newer]


def test_earlier_careless_and_unfinished_results_wait_for_no_consent(
    coach: Coach,
) -> None:
    early = alone()
    owner = early.owner
    attempts.start_again(owner, version=Version.objects.get(), form="full")
    invitation = invite(coach)
    join(invitation, owner=owner)
    assert grant_queries.not_yet_seen_by(early, grant_queries.grants_of(owner)) == []
    answer(owner)
    assert grant_queries.not_yet_seen_by(early, grant_queries.grants_of(owner)) == []
    careless = again(owner, "careless")
    assert grant_queries.not_yet_seen_by(careless, grant_queries.grants_of(owner)) == []


def test_whoever_has_withdrawn_cannot_show_a_newer_result_by_an_old_page(
    coach: Coach,
) -> None:
    participation = joined(invite(coach))
    newer = again(participation.attempt.owner)
    grant_actions.withdraw(participation)
    with pytest.raises(grant_actions.NotGranted):
        grant_actions.agree_to_newer(participation, result=newer)


def test_nobody_shows_a_result_under_somebody_elses_grant(coach: Coach) -> None:
    participation = joined(invite(coach))
    with pytest.raises(grant_actions.NotGranted):
        grant_actions.agree_to_newer(participation, result=alone())


def test_terms_are_those_of_the_consent_whatever_becomes_of_the_invitation(
    coach: Coach,
) -> None:
    invitation = invite(coach, scope="summary")
    participation = joined(invitation)
    Invitation.objects.update(
        scope="answers", onward=True, held_until=timezone.now() + timedelta(days=9)
    )
    found = clients.own_participation(coach, participation.pk)
    assert found is not None
    assert (
        found.participation.scope,
        found.participation.onward,
        found.participation.held_until,
    ) == ("summary", False, None)


def test_unfinished_attempt_that_is_forgotten_gives_its_place_back(
    coach: Coach,
) -> None:
    invitation = invite(coach, max_uses=1)
    join(invitation)
    retention.forget_old(now=timezone.now() + timedelta(days=8))
    assert invitation_queries.places_taken(invitation) == 0
    assert join(invitation, "Ben").name == "Ben"

"""One person in a workspace: made by the first grant, gone with the last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import keys
from assessments.actions import coach_erasure, grants, people, retention
from assessments.models import Client, Coach, Participation, PersonalLink
from tests.support.coaching import again, answer, invite, join, joined, make_manager

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def named(participation: Participation) -> Client:
    participation.refresh_from_db()
    assert participation.client is not None
    return participation.client


def personal_link(participation: Participation) -> PersonalLink:
    return PersonalLink.objects.create(
        invitation=participation.invitation,
        client=named(participation),
        code=keys.new_code(),
        created_at=timezone.now(),
    )


def test_two_groups_and_two_results_of_one_owner_are_one_client(coach: Coach) -> None:
    spring, autumn = invite(coach), invite(coach)
    first = joined(spring, "Ann")
    owner = first.attempt.owner
    grants.attach(autumn, result=again(owner), name="Ann B.")
    client = Client.objects.get()
    assert client.participations.count() == 2
    assert (client.coach, client.name) == (coach, "Ann B.")


def test_two_coaches_have_two_clients_of_one_owner(
    coach: Coach, other_coach: Coach
) -> None:
    first = joined(invite(coach), "Ann")
    grants.attach(invite(other_coach), result=first.attempt.result, name="Ann")
    assert Client.objects.count() == 2


def test_joining_and_finishing_put_a_client_first(coach: Coach) -> None:
    invitation = invite(coach)
    ann, ben = join(invitation, "Ann"), join(invitation, "Ben")
    assert list(Client.objects.all()) == [named(ben), named(ann)]
    Client.objects.update(archived_at=timezone.now())
    result = answer(ann.attempt.owner)
    assert list(Client.objects.all()) == [named(ann), named(ben)]
    assert named(ann).latest_at == result.finished_at
    grants.attach(invite(coach), result=result, name="Ann")
    assert named(ann).archived_at is None


def test_a_client_goes_with_the_last_grant_and_link(coach: Coach) -> None:
    spring, autumn = invite(coach), invite(coach)
    first = joined(spring)
    link = personal_link(first)
    second = grants.attach(autumn, result=first.attempt.result, name="Ann")
    grants.withdraw(first)
    assert not PersonalLink.objects.filter(pk=link.pk).exists()
    assert named(second)
    personal_link(second)
    unused = PersonalLink.objects.create(
        invitation=spring,
        client=named(second),
        code=keys.new_code(),
        created_at=timezone.now(),
    )
    grants.withdraw(second)
    assert PersonalLink.objects.get() == unused
    assert Client.objects.exists()


@pytest.mark.parametrize("way", ["withdraw", "everything", "past", "erase"])
def test_nothing_stays_of_a_client_who_left(coach: Coach, way: str) -> None:
    participation = joined(invite(coach))
    named(participation)
    match way:
        case "withdraw":
            grants.withdraw(participation)
        case "everything":
            retention.delete_everything(participation.attempt.owner)
        case "past":
            retention.forget_old(
                now=timezone.now() + timedelta(days=800),
                unfinished_kept=timedelta(days=30),
            )
        case "erase":
            coach_erasure.erase_coach(coach, by=make_manager("max"))
    assert not Client.objects.exists()


def test_a_link_of_a_client_stays_while_another_grant_in_the_group_does(
    coach: Coach,
) -> None:
    invitation = invite(coach)
    first = joined(invitation)
    personal_link(first)
    newer = grants.agree_to_newer(first, result=again(first.attempt.owner))
    grants.withdraw(first)
    assert PersonalLink.objects.exists()
    grants.withdraw(newer)
    assert not Client.objects.exists()


def test_grants_of_an_older_server_get_a_client(coach: Coach) -> None:
    finished, open_ = joined(invite(coach)), join(invite(coach), "Ben")
    Participation.objects.update(client=None)
    Client.objects.all().delete()
    assert people.adopt_grants() == 2
    assert people.adopt_grants() == 0
    assert named(finished).latest_at == finished.attempt.finished_at
    assert named(open_).name == "Ben"
    Participation.objects.filter(pk=open_.pk).update(client=None)
    grants.withdraw(Participation.objects.get(pk=open_.pk))

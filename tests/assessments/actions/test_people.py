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
    grants.attach(autumn, result=again(owner), name="Ann")
    client = Client.objects.get()
    assert client.participations.count() == 2
    assert (client.coach, client.name) == (coach, "Ann")


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
            retention.forget_old(now=timezone.now() + timedelta(days=800))
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


def test_what_has_gone_meanwhile_is_left_alone(coach: Coach) -> None:
    grant = joined(invite(coach))
    Client.objects.filter(pk=named(grant).pk).delete()
    people.forget_client(Participation, grant, origin=grant)
    assert people._adopt(grant.pk) == 0


# What the coach calls somebody, the archive, and two entries of one person


def test_private_words_are_kept_and_found(coach: Coach) -> None:
    client = named(joined(invite(coach), "Ann"))
    people.set_private_words(client, private_name="Ann, evenings", tag="burnout")
    client.refresh_from_db()
    assert (str(client), client.name, client.tag) == ("Ann, evenings", "Ann", "burnout")
    assert client.search_text == "ann\nann, evenings\nburnout"


def test_private_words_changed_in_another_window_are_not_overwritten(
    coach: Coach,
) -> None:
    client = named(joined(invite(coach), "Ann"))
    old = Client.objects.get(pk=client.pk)
    people.set_private_words(client, private_name="A", tag="")
    with pytest.raises(people.WordsChanged):
        people.set_private_words(old, private_name="B", tag="")
    assert Client.objects.get().private_name == "A"


def test_archive_keeps_the_first_moment_and_lets_go(coach: Coach) -> None:
    client = named(joined(invite(coach), "Ann"))
    people.set_archived(client, archived=True)
    first = Client.objects.get().archived_at
    people.set_archived(client, archived=True)
    assert first is not None
    assert Client.objects.get().archived_at == first
    people.set_archived(client, archived=False)
    assert Client.objects.get().archived_at is None


def test_client_who_has_gone_is_not_written(coach: Coach) -> None:
    grant, other = joined(invite(coach), "Ann"), joined(invite(coach), "Ben")
    client = named(grant)
    grants.withdraw(grant)
    for call in (
        lambda: people.set_private_words(client, private_name="", tag=""),
        lambda: people.set_archived(client, archived=True),
        lambda: people.join_entries(named(other), client),
    ):
        with pytest.raises(people.ClientGone):
            call()
    assert Client.objects.get() == named(other)


def test_two_entries_become_one_with_everything_of_both(coach: Coach) -> None:
    spring, autumn = invite(coach), invite(coach)
    one, two = joined(spring, "Ann"), joined(autumn, "Ann B.")
    kept, gone = named(one), named(two)
    people.set_private_words(gone, private_name="Ann, evenings", tag="burnout")
    people.set_archived(kept, archived=True)
    link = PersonalLink.objects.create(
        invitation=spring, client=gone, code=keys.new_code(), created_at=timezone.now()
    )
    gone.refresh_from_db()
    left = people.join_entries(kept, gone)
    assert Client.objects.get() == left == kept
    left.refresh_from_db()
    assert {*left.participations.all()} == {one, two}
    assert left.personal_links.get() == link
    assert (left.name, left.private_name, left.tag, left.archived_at) == (
        "Ann B.",
        "Ann, evenings",
        "burnout",
        None,
    )
    assert (left.created_at, left.latest_at) == (kept.created_at, gone.latest_at)
    assert "ann b." in left.search_text


def test_first_of_two_entries_keeps_its_own_words_link_and_name(coach: Coach) -> None:
    group = invite(coach)
    two, one = joined(group, "Ann B."), joined(group, "Ann")
    kept, gone = named(one), named(two)
    people.set_private_words(kept, private_name="A", tag="first")
    people.set_private_words(gone, private_name="B", tag="second")
    link, _ = personal_link(one), personal_link(two)
    for client in (kept, gone):
        people.set_archived(client, archived=True)
    left = people.join_entries(kept, gone)
    assert (left.name, left.private_name, left.tag) == ("Ann", "A", "first")
    assert left.archived_at is not None
    assert PersonalLink.objects.get() == link


def test_both_owners_of_a_joined_entry_stay_with_it(coach: Coach) -> None:
    one, two = joined(invite(coach), "Ann"), joined(invite(coach), "Ann")
    left = people.join_entries(named(one), named(two))
    for owner in (one.attempt.owner, two.attempt.owner):
        assert (
            named(grants.attach(invite(coach), result=again(owner), name="Ann")) == left
        )
    grants.withdraw(one)
    assert Client.objects.get() == left
    retention.delete_everything(two.attempt.owner)
    assert Client.objects.count() == 1  # what the first owner attached
    retention.delete_everything(one.attempt.owner)
    assert not Client.objects.exists()


def test_entry_is_joined_with_no_other_coachs_and_not_with_itself(
    coach: Coach, other_coach: Coach
) -> None:
    mine, theirs = joined(invite(coach), "Ann"), joined(invite(other_coach), "Ann")
    for other in (mine, theirs):
        with pytest.raises(people.SameClient):
            people.join_entries(named(mine), named(other))
    assert Client.objects.count() == 2


def test_client_joins_two_entries_by_opening_the_invitation_with_the_key(
    coach: Coach,
) -> None:
    first = joined(invite(coach), "Ann")
    again_by_key = join(invite(coach), "Ann", owner=first.attempt.owner)
    assert named(again_by_key) == named(first)
    assert Client.objects.get().name == "Ann"


def test_another_name_in_another_group_is_another_client(coach: Coach) -> None:
    first = joined(invite(coach), "Ann")
    owner = first.attempt.owner
    other = grants.attach(invite(coach), result=first.attempt.result, name="Robin")
    assert named(other) != named(first)
    later = grants.agree_to_newer(other, result=again(owner))
    assert named(later) == named(other)


def test_the_name_is_that_of_the_grants_that_are_left(coach: Coach) -> None:
    first = joined(invite(coach), "Ann")
    second = joined(invite(coach), "Robin")
    left = people.join_entries(named(first), named(second))
    assert left.name == "Robin"
    grants.withdraw(second)
    assert named(first).name == "Ann"


def test_what_an_older_server_left_of_a_client_is_deleted(coach: Coach) -> None:
    grant = joined(invite(coach))
    assert people.forget_empty_clients() == 0
    Participation.objects.filter(pk=grant.pk)._raw_delete("default")
    assert people.forget_empty_clients() == 1

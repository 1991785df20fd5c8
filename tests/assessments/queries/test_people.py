"""The list of a coach's people: who is on it, in which order, and how far each is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from assessments.actions import grants
from assessments.models import (
    Attempt,
    Client,
    Coach,
    Invitation,
    Participation,
    Result,
)
from assessments.queries import people
from assessments.queries.people import (
    OpenLink,
    PeopleFilter,
    PersonRow,
    PersonStage,
)
from assessments.queries.visible import kept
from tests.support.coaching import again, answer, invite, join, joined
from tests.support.group import invite_by_name
from tests.support.saving import save_answers

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SOON = timedelta(days=3)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def listed(coach: Coach, **wanted: object) -> list[PersonRow]:
    counts = people.people_counts(coach)
    page = people.people_page(coach, PeopleFilter(**wanted), counts)  # type: ignore[arg-type]
    assert page.paginator.count == len(page)
    return list(page)


def names(coach: Coach, **wanted: object) -> list[str]:
    return [str(row.client) for row in listed(coach, **wanted)]


def started(invitation: Invitation, name: str) -> Participation:
    grant = join(invitation, name)
    save_answers(grant.attempt.owner, seen={}, chosen={"T1": 1})
    return grant


def named(invitation: Invitation, name: str) -> Client:
    """Somebody with an unused personal link."""
    (link,) = invite_by_name(invitation, 1)
    link.client.name = name
    link.client.save(update_fields=["name"])
    return link.client


def leave_behind(grant: Participation) -> None:
    """Past its time, before the daily job."""
    now = timezone.now()
    Result.objects.filter(attempt=grant.attempt_id).update(expires_at=now)
    Attempt.objects.filter(pk=grant.attempt_id, finished_at=None).update(
        changed_at=now - settings.UNFINISHED_KEPT
    )


@pytest.fixture
def everybody(coach: Coach, group: Invitation) -> dict[PersonStage, Client]:
    """One person at each stage."""
    held = invite(coach, held_until=timezone.now() + SOON)
    rows = {
        PersonStage.JOINED: join(group, "joined"),
        PersonStage.STARTED: started(group, "started"),
        PersonStage.FINISHED: joined(group, "finished", "careless"),
        PersonStage.SHARED: joined(group, "shared"),
        PersonStage.HELD: joined(held, "held"),
    }
    found = {stage: grant.client for stage, grant in rows.items()}
    return {PersonStage.INVITED: named(group, "invited")} | found  # type: ignore[return-value]


def test_newest_first_and_each_at_its_stage(
    coach: Coach, everybody: dict[PersonStage, Client]
) -> None:
    rows = listed(coach)
    assert {row.stage: row.client for row in rows} == everybody
    assert [str(row.client) for row in rows] == [
        "held",
        "shared",
        "finished",
        "started",
        "joined",
        "invited",
    ]
    assert [row.newest is not None for row in rows] == [True, True] + 4 * [False]


@pytest.mark.parametrize("stage", PersonStage)
def test_filter_by_stage_finds_what_the_list_says(
    coach: Coach, everybody: dict[PersonStage, Client], stage: PersonStage
) -> None:
    assert [(row.client, row.stage) for row in listed(coach, stage=stage)] == [
        (everybody[stage], stage)
    ]


def test_result_opened_early_is_held_no_more(coach: Coach) -> None:
    grant = joined(invite(coach, held_until=timezone.now() + SOON))
    grants.open_early(grant.attempt.result)
    assert names(coach, stage=PersonStage.HELD) == []
    assert [row.stage for row in listed(coach, stage=PersonStage.SHARED)] == [
        PersonStage.SHARED
    ]


def test_stage_is_that_of_what_came_last(coach: Coach, group: Invitation) -> None:
    ann = joined(group, "Ann")
    second = invite(coach)
    (link,) = invite_by_name(second, 1)
    extra, link.client = link.client, ann.client  # type: ignore[assignment]
    link.created_at = timezone.now()
    link.save()
    extra.delete()
    (row,) = listed(coach)
    assert (row.stage, row.since) == (PersonStage.INVITED, link.created_at)
    assert row.newest == ann
    assert row.link == OpenLink(link.pk, second.pk)
    assert row.groups == (second.label, group.label)[:1]  # both have the same label
    assert names(coach, stage=PersonStage.SHARED) == []
    assert names(coach, stage=PersonStage.SHARED, group=group.pk) == ["Ann"]
    assert names(coach, stage=PersonStage.INVITED, group=second.pk) == ["Ann"]
    assert names(coach, stage=PersonStage.INVITED, group=group.pk) == []
    # The link is used with a grant in its group, and the stage is that of the grant.
    grants.attach(second, result=ann.attempt.result, name="Ann")
    (row,) = listed(coach)
    assert (row.stage, row.link) == (PersonStage.SHARED, None)
    assert people.unused_links_of(link.client) == []


def test_unused_link_older_than_a_grant_says_nothing(
    coach: Coach, group: Invitation
) -> None:
    (link,) = invite_by_name(invite(coach), 1)
    ann = join(group, "Ann")
    extra, link.client = link.client, ann.client  # type: ignore[assignment]
    link.save()
    extra.delete()
    assert [row.stage for row in listed(coach)] == [PersonStage.JOINED]
    assert names(coach, stage=PersonStage.JOINED) == ["Ann"]
    assert names(coach, stage=PersonStage.INVITED) == []
    assert people.unused_links_of(link.client) == [link]


@pytest.mark.parametrize("field", ["closed_at", "expires_at"])
def test_link_stands_beside_who_has_not_finished_while_the_invitation_is_open(
    coach: Coach, group: Invitation, field: str
) -> None:
    links = invite_by_name(group, 3)
    for link, grant in zip(links, (join(group), joined(group)), strict=False):
        Participation.objects.filter(pk=grant.pk).update(client=link.client)
        Client.objects.get(pk=grant.client_id).delete()
    expected = {
        links[0].client: OpenLink(links[0].pk, group.pk),
        links[1].client: None,
        links[2].client: OpenLink(links[2].pk, group.pk),
    }
    assert {row.client: row.link for row in listed(coach)} == expected
    assert {row.client: row.link for row in listed(coach, group=group.pk)} == expected
    assert people.unused_links_of(links[2].client)[0].is_open
    Invitation.objects.update(**{field: timezone.now()})
    assert {row.link for row in listed(coach)} == {None}
    assert not people.unused_links_of(links[2].client)[0].is_open


def test_one_person_in_two_groups_stands_once_with_the_newest_result(
    coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    other = invite(coach, label="Autumn")
    later = grants.attach(other, result=again(ann.attempt.owner), name="Ann")
    (row,) = listed(coach)
    assert (row.newest, row.groups) == (later, ("Autumn", "Spring course"))
    assert names(coach, group=group.pk) == names(coach, group=other.pk) == ["Ann"]
    assert people.people_counts(coach).people == 1


def test_search_finds_parts_of_both_names_and_the_tag_in_any_case(
    coach: Coach, group: Invitation
) -> None:
    grants_made = [join(group, name) for name in ("Łukasz Groß", "ΕΛΈΝΗ", "Ann")]
    ann = grants_made[2].client
    assert ann is not None
    ann.private_name, ann.tag = "Maria, evenings", "Second Round"
    ann.save(update_fields=["private_name", "tag"])

    def found(text: str) -> list[str]:
        return names(coach, words=people.search_words(text))

    assert (
        found("łUKASZ") == found("gross łuk") == found("ＧＲＯＳＳ") == ["Łukasz Groß"]
    )
    assert found("ελένη") == ["ΕΛΈΝΗ"]
    for text in ("ann", "MARIA", "second evening"):
        assert found(text) == ["Maria, evenings"]
    for text in ("anna", "%", "_", "\\", "ann łukasz"):
        assert found(text) == []


def test_name_that_changes_is_found_by_the_new_one(
    coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    grants.attach(group, result=again(ann.attempt.owner), name="Zoë")
    assert names(coach, words=("zoë",)) == ["Zoë"]
    assert names(coach, words=("ann",)) == []


def test_what_is_past_its_time_is_gone_before_the_daily_job(
    coach: Coach, group: Invitation
) -> None:
    ann, ben, cem = joined(group, "Ann"), join(group, "Ben"), joined(group, "Cem")
    grants.attach(invite(coach), result=again(cem.attempt.owner), name="Cem")
    for grant in (ann, ben, cem):
        leave_behind(grant)
    assert names(coach) == ["Cem"]
    assert names(coach, group=group.pk) == []
    counts = people.people_counts(coach)
    assert (counts.people, counts.unfinished, counts.new) == (1, 0, 1)
    assert [row.people for row in counts.groups] == [1, 0]
    assert ann.client is not None
    assert ben.client is not None
    assert people.own_person(coach, ann.client.pk) is None
    assert people.own_person(coach, ben.client.pk) is None
    assert {*people._kept_grants()} == {*Participation.objects.filter(kept())}


def test_archived_people_stand_in_a_list_of_their_own(
    coach: Coach, group: Invitation
) -> None:
    for name in ("Ann", "Ben"):
        joined(group, name)
    Client.objects.filter(name="Ann").update(archived_at=timezone.now())
    assert names(coach) == ["Ben"]
    assert names(coach, archived=True) == ["Ann"]
    assert names(coach, archived=True, words=("ben",)) == []
    counts = people.people_counts(coach)
    assert (counts.people, counts.archived, counts.new) == (1, 1, 1)
    assert [row.people for row in counts.groups] == [1]


def test_counts_of_groups_and_news(
    coach: Coach, everybody: dict[PersonStage, Client]
) -> None:
    counts = people.people_counts(coach)
    assert counts.people == 6
    assert counts.unfinished == 3  # invited, joined, started
    assert counts.new == 2
    assert [row.people for row in counts.groups] == [1, 5]
    yesterday = people.start_of_yesterday()
    for at, new in ((yesterday, 2), (yesterday - timedelta(seconds=1), 1)):
        client = everybody[PersonStage.SHARED]
        for rows in (Attempt.objects, Result.objects):
            path = (
                "participations"
                if rows is Attempt.objects
                else "attempt__participations"
            )
            rows.filter(**{f"{path}__client": client}).update(finished_at=at)
        Client.objects.filter(pk=client.pk).update(latest_at=at)
        assert people.people_counts(coach).new == new


def test_workspace_without_invitations_counts_nothing(
    coach: Coach, other_coach: Coach
) -> None:
    joined(invite(other_coach))
    assert people.people_counts(coach) == people.PeopleCounts([])
    assert listed(coach) == []


def test_one_place_has_one_person(coach: Coach, group: Invitation) -> None:
    join(group)
    single, by_name, empty = (invite(coach, max_uses=1) for _ in range(3))
    ann, ben = join(single, "Ann").client, named(by_name, "Ben")
    assert ann is not None
    assert people.only_people(coach) == {single.pk: ann.pk, by_name.pk: ben.pk}
    only = {row.invitation: row.only for row in people.people_counts(coach).groups}
    assert only == {group: None, empty: None, single: ann.pk, by_name: ben.pk}


def test_pages_of_fifty_and_the_last_for_what_lies_past_it(
    coach: Coach, group: Invitation
) -> None:
    invite_by_name(group, 53)
    counts = people.people_counts(coach)
    seen: list[Client] = []
    for number in (1, 2):
        page = people.people_page(coach, PeopleFilter(), counts, page=number)
        assert (page.number, page.paginator.num_pages) == (number, 2)
        assert page.paginator.count == 53
        seen += [row.client for row in page]
    assert seen == list(Client.objects.all())
    past = people.people_page(coach, PeopleFilter(), counts, page=9)
    assert (past.number, len(past)) == (2, 3)
    assert people.people_page(coach, PeopleFilter(), counts, page="x").number == 1
    searched = PeopleFilter(words=("invited", "1"))
    found = people.people_page(coach, searched, counts, page=2)
    assert (found.number, found.paginator.num_pages, found.paginator.count) == (
        1,
        1,
        15,
    )
    nobody = people.people_page(coach, PeopleFilter(words=("x",)), counts, page=2)
    assert (nobody.number, nobody.paginator.count, list(nobody)) == (1, 0, [])


def test_unknown_stage_is_refused(coach: Coach, group: Invitation) -> None:
    with pytest.raises(ValueError, match="is not a valid PersonStage"):
        listed(coach, stage="gone")


def test_namesakes_are_numbered_by_the_name_that_the_coach_reads(
    coach: Coach, other_coach: Coach, group: Invitation
) -> None:
    omar, second, third = (join(group, name).client for name in ("Omar", "Omar", "Bo"))
    join(invite(other_coach), "Bo")
    assert omar is not None
    assert second is not None
    assert third is not None
    assert {row.client: row.number for row in listed(coach)} == {
        omar: 1,
        second: 2,
        third: 0,
    }
    second.private_name, third.private_name = "Omar B.", "Omar"
    for client in (second, third):
        client.save()
    # The second is still Omar in files, so that number stays the second's.
    assert {row.client: row.number for row in listed(coach)} == {
        omar: 1,
        second: 0,
        third: 3,
    }


def test_number_of_one_person(coach: Coach, group: Invitation) -> None:
    first, second = join(group, "Ann"), join(group, "Ann")
    assert people.number_of(coach, first.client_id, "Ann") == 1
    assert people.number_of(coach, second.client_id, "Ann") == 2
    assert people.number_of(coach, second.client_id, "Bo") == 0
    assert people.number_of(coach, None, "Ann") == 0


def test_name_has_the_same_number_everywhere(coach: Coach, group: Invitation) -> None:
    first = join(group, "Ann")
    second = named(group, "Ann")
    assert people.namesakes(coach, ["Ann", "Bo", ""]) == {
        (first.client_id, "Ann"): 1,
        (second.pk, "Ann"): 2,
    }
    # What was written with a grant stays on its pages and on paper.
    Client.objects.filter(pk=first.client_id).update(name="Anna")
    assert people.namesakes(coach, ["Ann", "Anna"]) == {
        (first.client_id, "Ann"): 1,
        (second.pk, "Ann"): 2,
    }
    grants.withdraw(first)
    assert people.namesakes(coach, ["Ann"]) == {}


def test_neighbors_follow_the_order_and_the_filters_of_the_list(
    coach: Coach, group: Invitation
) -> None:
    spring = [join(group, name) for name in ("Ann", "Ben", "Cem")]
    join(invite(coach), "Dev")
    Client.objects.update(latest_at=timezone.now())  # the keys decide
    ann, ben, cem = (Client.objects.get(participations=grant) for grant in spring)
    before, after = people.neighbors(coach, ben, PeopleFilter())
    assert (before, after) == (cem, ann)
    assert [row.grant for row in (before, after)] == [spring[2].pk, spring[0].pk]  # type: ignore[union-attr]
    before, after = people.neighbors(coach, cem, PeopleFilter())
    assert (str(before), after) == ("Dev", ben)
    assert people.neighbors(coach, cem, PeopleFilter(group=group.pk)) == (None, ben)
    assert people.neighbors(coach, ann, PeopleFilter()) == (ben, None)
    found = people.neighbors(coach, ann, PeopleFilter(words=("c",)))
    assert found == (cem, None)
    invited = named(group, "Eve")
    before, _ = people.neighbors(coach, invited, PeopleFilter(stage=PersonStage.JOINED))
    assert before == ann


def test_person_has_the_own_grants_newest_first(
    coach: Coach, other_coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    open_ = join(invite(coach), "Ann", owner=ann.attempt.owner)
    grants.attach(invite(other_coach), result=ann.attempt.result, name="Ann")
    assert ann.client is not None
    found = people.grants_of_person(ann.client)
    assert found == [open_, ann]
    assert [people.stage_of(grant) for grant in found] == [
        PersonStage.JOINED,
        PersonStage.SHARED,
    ]
    assert people.own_person(coach, ann.client.pk) == ann.client
    assert people.own_person(other_coach, ann.client.pk) is None


def test_other_entries_are_found_archived_ones_last(
    coach: Coach, other_coach: Coach, group: Invitation
) -> None:
    one, two, archived = (joined(group, name) for name in ("Omar", "Omar B.", "omar"))
    joined(invite(other_coach), "Omar")
    joined(group, "Ann")
    Client.objects.filter(pk=archived.client_id).update(archived_at=timezone.now())
    assert one.client is not None
    rows = people.found_beside(coach, one.client, "OMAR")
    assert [row.client for row in rows] == [two.client, archived.client]
    assert people.found_beside(coach, one.client, "ann omar") == []


def test_labels_of_all_invitations(coach: Coach, group: Invitation) -> None:
    later = invite(coach, label="Autumn")
    assert people.group_labels(coach) == [
        (later.pk, "Autumn"),
        (group.pk, "Spring course"),
    ]


def test_somebody_who_leaves_between_two_queries_is_left_out(
    coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    clients = list(people._with_link(Client.objects.all(), PeopleFilter()))
    grants.withdraw(ann)
    assert people._rows(coach, clients, PeopleFilter()) == []


def test_finished_again_moves_up(coach: Coach, group: Invitation) -> None:
    ann, _ = join(group, "Ann"), join(group, "Ben")
    assert names(coach) == ["Ben", "Ann"]
    answer(ann.attempt.owner)
    assert names(coach) == ["Ann", "Ben"]

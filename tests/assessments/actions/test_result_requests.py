"""A coach asks for the result behind a share link, and its owner answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from assessments.actions import (
    attempts,
    clients,
    coach_erasure,
    coaches,
    grants,
    retention,
    share_links,
)
from assessments.actions.result_requests import (
    KEPT,
    AlreadySeen,
    Declined,
    RequestGone,
    agree_to_request,
    ask_for_result,
    decline_result,
    forget_requests,
)
from assessments.models import (
    Coach,
    Invitation,
    Participation,
    Result,
    ResultRequest,
    ShareLink,
    Version,
)
from assessments.queries import grants as grant_queries
from assessments.queries import invitations, owners, result_requests
from tests.support.coaching import alone, answer, invite, joined, make_manager

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def link(questionnaire: object) -> ShareLink:
    return share_links.make_share_link(alone(), scope="strengths", label="", days=7)


@pytest.fixture
def asked(coach: Coach, link: ShareLink) -> ResultRequest:
    return ask_for_result(coach, link, label="Our talk")


def test_asking_twice_is_one_request_and_shows_nothing(
    coach: Coach, link: ShareLink, asked: ResultRequest
) -> None:
    assert ask_for_result(coach, link, label="Again") == asked
    assert result_requests.requests_of(coach) == [asked]
    assert result_requests.requests_to(link.result.owner) == [asked]
    assert not Participation.objects.exists()
    assert (asked.invitation.scope, asked.invitation.form) == ("strengths", "full")


def test_its_invitation_is_no_group_and_lets_nobody_in(
    coach: Coach, asked: ResultRequest
) -> None:
    assert invitations.invitations_of(coach) == []
    assert invitations.own_invitation(coach, asked.invitation_id) is None
    with pytest.raises(grants.Closed):
        grants.attach(asked.invitation, result=alone("both"), name="Eve")


def test_agreeing_makes_one_grant_as_wide_as_the_link(
    coach: Coach, asked: ResultRequest
) -> None:
    grant = agree_to_request(asked, name="Ann")
    assert agree_to_request(asked, name="Ann") == grant
    assert Participation.objects.get() == grant
    assert (grant.scope, grant.onward, grant.is_held) == ("strengths", False, False)
    assert not ResultRequest.objects.exists()
    assert invitations.own_invitation(coach, grant.invitation_id)
    decline_result(asked)
    assert Participation.objects.exists()


def test_a_grant_outlives_its_link(asked: ResultRequest, link: ShareLink) -> None:
    share_links.revoke_share_link(link)
    assert agree_to_request(asked, name="Ann").invitation == asked.invitation


def test_declining_is_told_and_ends_it(
    coach: Coach, link: ShareLink, asked: ResultRequest
) -> None:
    decline_result(asked)
    moment = ResultRequest.objects.get().declined_at
    decline_result(asked)
    assert [row.declined_at for row in result_requests.requests_of(coach)] == [moment]
    assert result_requests.requests_to(link.result.owner) == []
    with pytest.raises(RequestGone):
        agree_to_request(asked, name="Ann")
    with pytest.raises(Declined):
        ask_for_result(coach, link, label="Please")
    assert not Participation.objects.exists()


def test_a_request_waits_thirty_days(
    coach: Coach, link: ShareLink, asked: ResultRequest
) -> None:
    assert forget_requests(now=timezone.now()) == 0
    with time_machine.travel(timezone.now() + KEPT + timedelta(days=1), tick=False):
        assert result_requests.requests_of(coach) == []
        assert result_requests.requests_to(link.result.owner) == []
        with pytest.raises(RequestGone):
            agree_to_request(asked, name="Ann")
        longer = share_links.make_share_link(
            link.result, scope="summary", label="", days=7
        )
        again = ask_for_result(coach, longer, label="Once more")
        assert forget_requests(now=timezone.now()) == 1
        assert (again.invitation.scope, Invitation.objects.count()) == ("summary", 1)
        assert forget_requests(now=timezone.now() + KEPT + KEPT) == 1
        assert not Invitation.objects.exists()


def test_only_a_link_that_works_is_asked_about(coach: Coach, link: ShareLink) -> None:
    share_links.revoke_share_link(link)
    with pytest.raises(share_links.NotShareable):
        ask_for_result(coach, link, label="Our talk")


def test_a_result_that_the_coach_sees_is_not_asked_for(coach: Coach) -> None:
    grant = joined(invite(coach))
    link = share_links.make_share_link(
        grant.attempt.result, scope="summary", label="", days=7
    )
    with pytest.raises(AlreadySeen) as seen:
        ask_for_result(coach, link, label="Our talk")
    assert seen.value.grant == grant


def test_a_closed_workspace_asks_for_nothing(
    coach: Coach, asked: ResultRequest, link: ShareLink
) -> None:
    coaches.close_workspace(coach, by=make_manager("max"))
    assert result_requests.requests_to(link.result.owner) == []
    with pytest.raises(grants.Closed):
        agree_to_request(asked, name="Ann")


@pytest.mark.parametrize("way", ["owner", "past", "coach"])
def test_nothing_stays_of_a_request(
    coach: Coach, asked: ResultRequest, link: ShareLink, way: str
) -> None:
    match way:
        case "owner":
            retention.delete_everything(link.result.owner)
        case "past":
            retention.forget_old(now=timezone.now() + timedelta(days=800))
        case "coach":
            coach_erasure.erase_coach(coach, by=make_manager("max"))
            assert Result.objects.exists()
    assert not ResultRequest.objects.exists()
    assert not Invitation.objects.exists()


def test_an_owner_reads_only_own_requests(asked: ResultRequest) -> None:
    assert result_requests.own_request("00000000000000000000", asked.pk) is None
    assert result_requests.requests_to(alone("both").owner) == []


def test_a_result_says_whether_somebody_asks_for_it(
    coach: Coach, questionnaire: Version
) -> None:
    attempt, key = attempts.start(version=questionnaire, form="full")
    answer(attempt.owner)
    result = owners.own_result(key)
    assert result is not None
    assert result_requests.requests_beside(result) == []
    link = share_links.make_share_link(result, scope="summary", label="", days=7)
    asked = ask_for_result(coach, link, label="Our talk")
    result = owners.own_result(key)
    assert result is not None
    assert result_requests.requests_beside(result) == [asked]
    assert result_requests.own_request(key, asked.pk) == asked


def test_a_step_is_its_owners_while_the_coach_shows_it(
    coach: Coach, questionnaire: Version
) -> None:
    attempt, key = attempts.start(version=questionnaire, form="full")
    result = answer(attempt.owner)
    grant = grants.attach(invite(coach), result=result, name="Ann")
    step = clients.add_step(grant, text="Read")
    assert grant_queries.own_shared_step(key, step.pk) is None
    clients.share_steps(grant, shared=True)
    assert grant_queries.own_shared_step(key, step.pk) == step
    assert grant_queries.own_shared_step("0" * 20, step.pk) is None

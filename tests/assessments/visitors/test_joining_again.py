"""An invitation opened by somebody who has answers, results or a grant already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.actions import invitations
from assessments.engine.outcomes import Outcome
from assessments.models import Attempt, Coach, Owner, Participation
from assessments.queries import clients, grants
from assessments.results.outcome_words import OUTCOME_WORDS
from assessments.visitors.owner_cookie import COOKIE
from tests.support.coaching import invite
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.pages import levels, template_of
from tests.support.taker import Taker, answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_open_answers_are_gone_on_with(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.start("short")
    guest.answer(1, answers_of("both"))
    page = guest.look()
    assert parse(page).values("[name=what]") == ["answers"]
    assert len(page.context["guest"].attempt.answers) == 4
    response = guest.share(what="answers")
    assert response["Location"] == "/quiz/2/"
    assert COOKIE not in response.cookies
    given = Participation.objects.get()
    assert (given.attempt, given.attempt.form) == (guest.attempt, "full")


def test_private_way_goes_on_with_open_answers(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.start("short")
    guest.answer(1, answers_of("both"))
    assert (
        guest.client.post(guest.address, {"action": "private"})["Location"]
        == "/quiz/2/"
    )
    assert (Attempt.objects.count(), guest.attempt.form) == (1, "short")
    assert not Participation.objects.exists()


@pytest.mark.parametrize("by", ["this coach", "another coach"])
def test_private_way_asks_first_where_the_open_answers_are_shared_already(
    coach: Coach, other_coach: Coach, by: str
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer(1, answers_of("both"))
    if by == "another coach":
        guest.address = f"/join/{invite(other_coach).code}/"
        assert guest.look().context["shared_with"] == ["Carla"]
    asks = guest.client.post(guest.address, {"action": "private"})
    assert asks.status_code == 409
    assert asks.context["shared_with"] == ["Carla"]
    assert "/quiz/result/sees/" in parse(asks).values("main a")
    assert Participation.objects.count() == 1
    assert (
        guest.client.post(guest.address, {"action": "take_back"})["Location"]
        == "/quiz/2/"
    )
    assert not Participation.objects.exists()
    assert (Attempt.objects.count(), len(guest.attempt.answers)) == (1, 4)


def test_private_way_asks_with_the_name_of_every_coach(
    coach: Coach, other_coach: Coach
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.address = f"/join/{invite(other_coach).code}/"
    guest.share(what="answers")
    asks = guest.client.post(guest.address, {"action": "private"})
    assert (asks.status_code, Participation.objects.count()) == (409, 2)
    assert asks.context["shared_with"] == ["Otto", "Carla"]
    guest.client.post(guest.address, {"action": "take_back"})
    assert not Participation.objects.exists()


def test_private_way_after_a_shared_result_is_a_new_private_sitting(
    coach: Coach,
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer_all("clear_project")
    assert (
        guest.client.post(guest.address, {"action": "private"})["Location"]
        == "/quiz/1/"
    )
    section = guest.client.get("/quiz/1/")
    assert (section.status_code, section.context["shared_with"]) == (200, [])
    assert Participation.objects.get().attempt != guest.attempt


def test_full_invitation_says_that_open_answers_are_shared_with_another_coach(
    coach: Coach, other_coach: Coach
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    closed = invite(other_coach)
    invitations.close(closed)
    guest.address = f"/join/{closed.code}/"
    page = guest.look().context
    assert (page["open"], page["shared_with"]) == (False, ["Carla"])


def test_finished_result_is_attached_and_never_held(coach: Coach) -> None:
    invitation = invite(coach, held_until=timezone.now() + timedelta(days=3))
    guest = Guest(invitation)
    guest.take("clear_project")
    choices = dict(guest.look().context["form"].choices)
    clause = OUTCOME_WORDS[Outcome.CLEAR_PROJECT].clause
    assert choices.keys() == {"answers", "1"}
    assert choices["1"].endswith(f": {clause}")
    response = guest.share(what="1")
    assert response["Location"] == "/quiz/result/sees/"
    assert levels(guest.client.get("/quiz/result/sees/")) == ["success"]
    assert [row.result for row in clients.visible_clients(invitation)] == [
        guest.result()
    ]
    page = guest.client.get("/quiz/result/")
    assert template_of(page) == "assessments/result.html"


def test_whoever_has_a_result_may_answer_afresh(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.take("both")
    assert guest.share(what="answers")["Location"] == "/quiz/1/"
    assert Participation.objects.get().attempt == guest.attempt
    assert Owner.objects.count() == 1


@pytest.mark.parametrize("what", ["2", "", "everything"])
def test_nothing_but_ones_own_results_can_be_chosen(
    coach: Coach, stranger: Taker, what: str
) -> None:
    stranger.take("both")
    guest = Guest(invite(coach))
    guest.take("close")
    assert guest.share(what=what).status_code == 422
    assert not Participation.objects.exists()


def test_careless_result_is_not_offered(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.take("careless")
    assert dict(guest.look().context["form"].choices).keys() == {"answers"}
    assert guest.share(what="1").status_code == 422


def test_held_outcome_is_not_told_by_another_coachs_page(
    coach: Coach, other_coach: Coach
) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    guest.share()
    guest.answer_all("clear_project")
    guest.address = f"/join/{invite(other_coach).code}/"
    page = guest.look()
    held = page.context["form"].choices[-1][1]
    told = [words.clause for words in OUTCOME_WORDS.values() if words.clause in held]
    assert (told, parse(page).values("[name=what]")) == ([], ["answers", "1"])


def test_not_you_starts_with_a_key_of_ones_own(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.take("both")
    before = guest.key
    assert "?who=new" in parse(guest.look()).values("main a")
    page = parse(guest.client.get(guest.address, {"who": "new"}))
    assert page.values("[name=what]") == []
    assert page.values("[name=who]") == ["new"]
    nonce = page.one("[name=nonce]").value
    data = {
        "who": "new",
        "nonce": nonce,
        "name": "Ben",
        "agree": "on",
        "action": "share",
    }
    assert guest.client.post(guest.address, data)["Location"] == "/quiz/1/"
    assert guest.key not in (nonce, before)
    assert Owner.objects.count() == 2


def test_whoever_is_in_goes_on_and_may_show_another_result(coach: Coach) -> None:
    guest = Guest(invite(coach, max_uses=1))
    guest.take("both")
    guest.share(what="answers")
    page = guest.look()
    assert page.context["guest"].has_joined
    assert parse(page).all(".opening a.button")[0].value == "/quiz/1/"
    assert parse(page).values("[name=action]") == ["share"]
    assert guest.share(what="1")["Location"] == "/quiz/result/sees/"
    assert Participation.objects.count() == 2
    joined = guest.look()
    assert joined.context["guest"].has_joined
    assert parse(joined).values("[name=action]") == []


def test_result_attached_twice_is_shown_once(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.take("both")
    data = {"name": "Ann", "agree": "on", "action": "share", "what": "1"}
    assert guest.client.post(guest.address, data)["Location"] == "/quiz/result/sees/"
    assert guest.client.post(guest.address, data)["Location"] == guest.address
    assert Participation.objects.count() == 1


def test_key_without_anything_behind_it_is_somebody_new(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.client.cookies[COOKIE] = "7K3M9Q2RTX0F5HJ8WYZ4"
    assert guest.share()["Location"] == "/quiz/1/"


def test_sitting_says_quietly_with_whom_it_is_shared(
    coach: Coach, visitor: Taker
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    for address in ("/quiz/1/", "/quiz/review/"):
        assert guest.client.get(address).context["shared_with"] == ["Carla"]
    visitor.start()
    assert visitor.client.get("/quiz/1/").context["shared_with"] == []


def test_careless_result_says_that_the_coach_sees_nothing_of_it(coach: Coach) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    guest.share()
    guest.answer_all("careless")
    [grant] = guest.client.get("/quiz/result/").context["grants"]
    assert (grant.result, grant.shown) == (guest.result(), False)
    assert grants.grants_of(guest.owner)[0].shown is False


def test_invitation_gone_with_its_coach_is_not_there(coach: Coach) -> None:
    guest = Guest(invite(coach))
    coach.delete()
    assert guest.client.get(guest.address).status_code == 404

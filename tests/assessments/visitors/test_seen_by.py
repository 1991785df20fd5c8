"""The owner's result says who can see what since when, and takes it back; a held one
does the same.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from assessments.actions import clients
from assessments.models import Coach, Participation
from assessments.queries.guests import Stage
from tests.support.coaching import invite
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.pages import levels, steps_shown, template_of
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
RESULT = "/quiz/result/"
WITHDRAW = "#seen a[href$='/withdraw/']"
Told = tuple[str, str, int | None, bool]


def told(guest: Taker, context: str, address: str = RESULT) -> list[Told]:
    """What a page says of each grant: coach, group, number of the result, shown."""
    return [
        (
            grant.participation.invitation.coach.name,
            grant.participation.invitation.label,
            grant.result.number if grant.result else None,
            grant.shown,
        )
        for grant in guest.client.get(address).context[context]
    ]


def finished(coach: Coach, example: str = "clear_project", **terms: object) -> Guest:
    guest = Guest(invite(coach, **terms))
    guest.share("Ann")
    guest.answer_all(example)
    return guest


@pytest.mark.parametrize("held", [False, True])
def test_result_says_since_when_and_leads_to_taking_it_back(
    coach: Coach, held: bool
) -> None:
    guest = finished(
        coach,
        scope="strengths",
        held_until=timezone.now() + timedelta(days=3) if held else None,
    )
    participation = Participation.objects.get()
    response = guest.client.get(RESULT)
    page = parse(response)
    item, _ = page.texts("#seen li p")
    assert "Carla (“Spring course”)" in item
    assert item.endswith(f"since {participation.consented_at:%B %-d, %Y}.")
    assert told(guest, "grants") == [("Carla", "Spring course", 1, True)]
    held_page = template_of(response) == "assessments/held.html"
    assert held_page == held
    [address] = page.values(WITHDRAW)
    [asked] = parse(guest.client.get(address)).values("main form")
    assert levels(guest.client.post(asked, follow=True)) == ["success"]
    assert not Participation.objects.exists()
    after = guest.client.get(RESULT)
    assert template_of(after) == "assessments/result.html"
    assert not parse(after).has("#seen")


def test_every_coach_is_listed_with_what_they_see_of_other_results(
    coach: Coach, other_coach: Coach
) -> None:
    guest = finished(coach)
    guest.address = f"/join/{invite(other_coach, label='Autumn').code}/"
    guest.share(what="answers")
    assert told(guest, "grants") == [("Carla", "Spring course", 1, True)]
    assert told(guest, "other_grants") == [("Otto", "Autumn", None, False)]
    guest.answer_all("both")
    assert told(guest, "grants") == [("Otto", "Autumn", 2, True)]
    assert told(guest, "other_grants") == [("Carla", "Spring course", 1, True)]
    assert told(guest, "newer_for") == [("Carla", "Spring course", 1, True)]
    assert len(parse(guest.client.get(RESULT)).all(WITHDRAW)) == 2


def test_whoever_shares_with_nobody_has_no_such_part(visitor: Taker) -> None:
    visitor.take("both")
    response = visitor.client.get(RESULT)
    assert (response.status_code, parse(response).has("#seen")) == (200, False)


# After a retake


def test_coach_who_sees_an_earlier_result_is_said_to(coach: Coach) -> None:
    guest = finished(coach)
    guest.take_again("both")
    assert told(guest, "newer_for") == [("Carla", "Spring course", 1, True)]
    assert told(guest, "newer_for", "/quiz/result/1/") == []


def test_coach_does_not_see_the_careless_result_before(coach: Coach) -> None:
    guest = finished(coach, "careless")
    guest.take_again("both")
    assert told(guest, "newer_for") == [("Carla", "Spring course", 1, False)]


def test_coach_whose_earlier_result_is_past_its_date_does_not_see_it(
    coach: Coach,
) -> None:
    guest = finished(coach)
    with time_machine.travel(guest.result().expires_at - timedelta(days=1)):
        guest.take_again("both")
    with time_machine.travel(
        Participation.objects.get().attempt.result.expires_at + timedelta(seconds=1)
    ):
        assert [row[3] for row in told(guest, "newer_for")] == [False]


def test_coach_who_sees_this_one_by_another_invitation_is_not_asked_about(
    coach: Coach,
) -> None:
    guest = finished(coach)
    guest.address = f"/join/{invite(coach, label='Autumn').code}/"
    guest.share(what="answers")
    guest.answer_all("both")
    assert told(guest, "grants") == [("Carla", "Autumn", 2, True)]
    assert told(guest, "newer_for") == []
    rows = guest.client.get("/quiz/result/sees/").context["rows"]
    assert [row.form for row in rows] == [None, None]


def test_coach_who_sees_both_is_not_asked_about(coach: Coach) -> None:
    guest = finished(coach)
    guest.take_again("both")
    guest.share(what="2")
    assert told(guest, "grants") == [("Carla", "Spring course", 2, True)]
    assert told(guest, "newer_for") == []


# A held result, and a careless one


@pytest.fixture
def held_until() -> object:
    return timezone.now() + timedelta(days=3)


def test_shared_next_steps_stand_on_the_held_page_too(
    coach: Coach, held_until: object
) -> None:
    guest = finished(coach, held_until=held_until)
    given = Participation.objects.get()
    clients.add_step(given, text="Read chapter 3")
    assert template_of(guest.client.get(RESULT)) == "assessments/held.html"
    assert steps_shown(guest.client.get(RESULT)) == []
    clients.share_steps(given, shared=True)
    page = guest.client.get(RESULT)
    assert template_of(page) == "assessments/held.html"
    assert steps_shown(page) == ["Read chapter 3"]


def test_stopping_early_and_finishing_do_not_promise_a_result_that_is_held(
    coach: Coach, held_until: object, visitor: Taker
) -> None:
    guest = Guest(invite(coach, held_until=held_until))
    guest.share()
    visitor.start()
    for taker in (guest, visitor):
        for number in (1, 2, 3):
            taker.answer(number, answers_of("clear_project"))
    for address, button in (
        ("/quiz/4/", ".offer button"),
        ("/quiz/review/", "main form button.button"),
    ):
        held, plain = (parse(taker.client.get(address)) for taker in (guest, visitor))
        # The words of the button promise a result only where it opens at once.
        assert "result" in plain.all(button)[-1].text
        assert "result" not in held.all(button)[-1].text
        assert "Carla" in held.one("main").text


def stage(guest: Guest) -> Stage:
    """What the page of the invitation says of the sitting."""
    stage: Stage = guest.client.get(guest.address).context["guest"].stage
    return stage


def test_invitation_opened_after_a_careless_sitting_takes_the_next(
    coach: Coach,
) -> None:
    guest = finished(coach, "careless")
    assert stage(guest) == Stage.CARELESS
    guest.take_again("both")
    assert guest.share(what="2")["Location"] == "/quiz/result/sees/"
    assert stage(guest) == Stage.SEEN


def test_invitation_opened_when_the_shared_result_is_past_its_date_says_so(
    coach: Coach,
) -> None:
    guest = finished(coach)
    with time_machine.travel(guest.result().expires_at):
        assert stage(guest) == Stage.EXPIRED


def test_private_answers_begun_after_sharing_are_no_part_of_the_invitation(
    coach: Coach,
) -> None:
    guest = finished(coach)
    guest.start(who="same")
    assert stage(guest) == Stage.SEEN
    links = parse(guest.client.get(guest.address)).values("main a")
    assert [link for link in links if link.startswith("/quiz/1")] == []

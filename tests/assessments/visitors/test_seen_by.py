"""The owner's result says who can see what since when, and takes it back; a held one
does the same.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from assessments.actions import clients
from assessments.models import Coach, Participation
from tests.support.coaching import invite
from tests.support.guest import Guest
from tests.support.pages import text_of
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
RESULT = "/quiz/result/"
WITHDRAW = re.compile(r'action="(/quiz/result/sees/\d+/withdraw/)"')


def seen_part(guest: Taker, address: str = RESULT) -> str:
    page = guest.client.get(address).content
    return text_of(page.split(b'id="seen">')[1].split(b"</section>")[0])


def finished(coach: Coach, example: str = "clear_project", **terms: object) -> Guest:
    guest = Guest(invite(coach, **terms))
    guest.share("Ann")
    guest.answer_all(example)
    return guest


def day(given: Participation) -> str:
    return f"{given.consented_at:%-d %B %Y}"


@pytest.mark.parametrize("held", [False, True])
def test_result_says_since_when_and_takes_it_back_with_one_button(
    coach: Coach, held: bool
) -> None:
    guest = finished(
        coach,
        scope="strengths",
        held_until=timezone.now() + timedelta(days=3) if held else None,
    )
    given = Participation.objects.get()
    assert (
        "Carla (“Spring course”) can see this result, with strengths, since"
        f" {day(given)}." in seen_part(guest)
    )
    page = guest.client.get(RESULT).content.decode()
    assert ("waits for your talk" in page) == held
    [address] = WITHDRAW.findall(page)
    assert "Taken back. Carla sees nothing of it any more." in text_of(
        guest.client.post(address, follow=True).content
    )
    assert not Participation.objects.exists()
    assert b'id="seen"' not in guest.client.get(RESULT).content


def test_every_coach_is_listed_with_what_she_sees_of_other_results(
    coach: Coach, other_coach: Coach
) -> None:
    guest = finished(coach)
    guest.address = f"/join/{invite(other_coach, label='Autumn').code}/"
    guest.share(what="answers")
    earlier = seen_part(guest)
    assert "Carla (“Spring course”) can see this result, with every answer" in earlier
    assert (
        "Otto (“Autumn”) will see the result of the answers you have begun, with every"
        " answer" in earlier
    )
    guest.answer_all("both")
    newer = seen_part(guest)
    assert "Otto (“Autumn”) can see this result" in newer
    assert "Carla (“Spring course”) can see your result 1, " in newer
    assert "Show this result to Carla" in newer
    assert len(WITHDRAW.findall(guest.client.get(RESULT).content.decode())) == 2


def test_whoever_shares_with_nobody_has_no_such_part(visitor: Taker) -> None:
    visitor.take("both")
    assert b'id="seen"' not in visitor.client.get(RESULT).content


# After a retake


def header(guest: Taker, address: str = RESULT) -> str:
    return text_of(guest.client.get(address).content.split(b"</header>")[1])


def test_coach_who_sees_an_earlier_result_is_said_to(coach: Coach) -> None:
    guest = finished(coach)
    guest.take_again("both")
    assert "Carla sees an earlier result of yours, not this one." in header(guest)
    assert "earlier result of yours" not in header(guest, "/quiz/result/1/")


def test_coach_of_a_careless_result_is_not_said_to_see_an_earlier_one(
    coach: Coach,
) -> None:
    guest = finished(coach, "careless")
    guest.take_again("both")
    assert "Carla does not see this one." in header(guest)
    assert "earlier result" not in header(guest)


def test_coach_whose_earlier_result_is_past_its_date_does_not_see_it(
    coach: Coach,
) -> None:
    guest = finished(coach)
    with time_machine.travel(guest.result().expires_at - timedelta(days=1)):
        guest.take_again("both")
    with time_machine.travel(
        Participation.objects.get().attempt.result.expires_at + timedelta(seconds=1)
    ):
        assert "Carla does not see this one." in header(guest)


def test_coach_with_two_invitations_is_not_said_to_see_an_earlier_one_alone(
    coach: Coach,
) -> None:
    guest = finished(coach)
    guest.address = f"/join/{invite(coach, label='Autumn').code}/"
    guest.share(what="answers")
    guest.answer_all("both")
    assert "Carla can see this result" in header(guest)
    assert "not this one" not in header(guest)
    assert "Let Carla see this newer result" not in text_of(
        guest.client.get("/quiz/result/sees/").content
    )


def test_coach_who_sees_both_is_not_said_to_see_an_earlier_one_alone(
    coach: Coach,
) -> None:
    guest = finished(coach)
    guest.take_again("both")
    guest.share(what="2")
    assert "Carla can see this result" in header(guest)
    assert "not this one" not in header(guest)


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
    assert "Read chapter 3" not in text_of(guest.client.get(RESULT).content)
    clients.share_steps(given, shared=True)
    page = text_of(guest.client.get(RESULT).content)
    assert "waits for your talk with Carla" in page
    assert "Next steps with Carla Read chapter 3" in page


def test_stopping_early_and_finishing_do_not_promise_a_result_that_is_held(
    coach: Coach, held_until: object, visitor: Taker
) -> None:
    guest = Guest(invite(coach, held_until=held_until))
    guest.share()
    visitor.start()
    for taker in (guest, visitor):
        for number in (1, 2, 3):
            taker.answer(number, answers_of("clear_project"))
    held, plain = (
        text_of(taker.client.get("/quiz/4/").content) for taker in (guest, visitor)
    )
    assert "Stop here and see the result" in plain
    assert "Stop here The result is then held for your talk with Carla, until " in held
    held, plain = (
        text_of(taker.client.get("/quiz/review/").content) for taker in (guest, visitor)
    )
    assert "Finish and see your result" in plain
    assert "Finish and see" not in held
    assert (
        "You share the result of these answers with Carla. It opens for you on " in held
    )


def test_invitation_after_a_careless_sitting_takes_the_next_one(
    coach: Coach,
) -> None:
    guest = finished(coach, "careless")
    text = text_of(guest.client.get(guest.address).content)
    assert "so Carla sees nothing of them. Answer again, with time" in text
    assert "Nothing more is needed" not in text
    guest.take_again("both")
    assert guest.share(what="2")["Location"] == "/quiz/result/sees/"
    assert "Nothing more is needed." in text_of(guest.client.get(guest.address).content)


def test_invitation_opened_when_the_shared_result_is_past_its_date_says_so(
    coach: Coach,
) -> None:
    guest = finished(coach)
    with time_machine.travel(guest.result().expires_at):
        assert "The result you shared is past its date" in text_of(
            guest.client.get(guest.address).content
        )


def test_private_answers_begun_after_sharing_are_no_part_of_the_invitation(
    coach: Coach,
) -> None:
    guest = finished(coach)
    guest.start(who="same")
    text = text_of(guest.client.get(guest.address).content)
    assert "Nothing more is needed." in text
    assert "where you left them" not in text

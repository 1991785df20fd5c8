"""Starting, sections, going back, leaving and coming back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assessments import keys
from assessments.models import Attempt, Owner, Result, Version
from assessments.visitors.owner_cookie import COOKIE
from tests.support.dom import parse
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db


def test_start_makes_an_owner_with_an_open_attempt_and_hands_over_the_key(
    visitor: Taker,
) -> None:
    response = visitor.start()
    cookie = visitor.client.cookies[COOKIE]
    assert (response.status_code, response["Location"]) == (302, "/quiz/1/")
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        True,
        "Lax",
        30 * 24 * 3600,
    )
    assert Owner.objects.get().key_sha256 == keys.digest(visitor.key)
    assert Attempt.objects.get().answers == {}


def test_start_on_a_shared_computer_sets_a_cookie_that_ends_with_the_browser(
    visitor: Taker,
) -> None:
    visitor.start(shared_computer="on")
    assert visitor.client.cookies[COOKIE]["max-age"] == ""


def test_start_without_a_form_explains_and_writes_nothing(visitor: Taker) -> None:
    response = visitor.client.post("/quiz/", {"form": "endless"})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"form"}
    assert not Owner.objects.exists()


def test_start_before_anything_is_published_says_so(
    client: Client, article: None
) -> None:
    assert client.get("/quiz/").status_code == 503


def test_first_section_shows_no_key_and_nothing_is_preselected(visitor: Taker) -> None:
    visitor.start()
    response = visitor.client.get("/quiz/1/")
    page = parse(response)
    progress = page.one("progress").attributes
    assert not page.has(".key")
    assert (progress["value"], progress["max"]) == ("1", "6")
    buttons = page.all("fieldset input")
    assert {button.attributes["name"] for button in buttons} == {"T1", "T2", "T3", "T4"}
    assert page.values("input:checked") == []
    assert "no-store" in response["Cache-Control"]


def test_continue_saves_and_moves_on(visitor: Taker) -> None:
    visitor.start()
    response = visitor.answer(1, {"T1": "1", "T2": "4", "T3": "skip", "T4": "2"})
    assert (response.status_code, response["Location"]) == (302, "/quiz/2/")
    assert visitor.attempt.answers == {"T1": 1, "T2": 4, "T3": None, "T4": 2}


def test_unanswered_question_is_named_and_the_others_are_kept(visitor: Taker) -> None:
    visitor.start()
    response = visitor.answer(1, {"T1": "1", "T2": "4"})
    page = parse(response)
    assert response.status_code == 422
    targets = page.values(".error-summary a")
    assert targets == ["#id_T3_0", "#id_T4_0"]
    assert [page.one(target).attributes["name"] for target in targets] == ["T3", "T4"]
    assert visitor.attempt.answers == {"T1": 1, "T2": 4}


@pytest.mark.parametrize(
    ("action", "place"), [("back", "/quiz/1/"), ("leave", "/quiz/")]
)
def test_back_and_leave_save_what_is_there_without_asking_for_the_rest(
    visitor: Taker, action: str, place: str
) -> None:
    visitor.start()
    response = visitor.answer(2, {"T5": "5"}, action=action)
    assert (response.status_code, response["Location"]) == (302, place)
    assert visitor.attempt.answers == {"T5": 5}


def test_answered_section_shows_what_was_chosen(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, {"T1": "1", "T2": "skip", "T3": "3", "T4": "5"})
    checked = parse(visitor.client.get("/quiz/1/")).all("input:checked")
    assert [(button.attributes["name"], button.value) for button in checked] == [
        ("T1", "1"),
        ("T2", "skip"),
        ("T3", "3"),
        ("T4", "5"),
    ]


def test_overview_leads_back_to_the_first_gap(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, answers_of("both"))
    assert visitor.client.get("/quiz/").context["next_section"] == 2


@pytest.mark.parametrize("number", [0, 7, 99])
def test_section_that_is_not_there_is_404(visitor: Taker, number: int) -> None:
    visitor.start()
    assert visitor.client.get(f"/quiz/{number}/").status_code == 404


def test_section_without_a_key_leads_to_the_start(
    client: Client, questionnaire: Version
) -> None:
    assert client.get("/quiz/1/")["Location"] == "/quiz/"


def test_every_section_asks_its_own_questions_in_order(visitor: Taker) -> None:
    visitor.start()
    found = [
        [name[4:] for name in visitor.page(number) if name.startswith("was-")]
        for number in range(1, 7)
    ]
    assert found == [
        ["T1", "T2", "T3", "T4"],
        ["T5", "T6", "T7", "T8"],
        ["E1", "E2", "E3", "E4"],
        ["T9", "T10", "T11", "T12"],
        ["E5", "E6", "E7", "E8"],
        ["S1", "S2", "S3", "S4", "S5"],
    ]


def test_active_time_counts_each_moment_once_and_a_coffee_break_as_ten_minutes(
    visitor: Taker,
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        visitor.start()
        page = visitor.page(1)
        clock.shift(40)
        visitor.answer(1, answers_of("both"), page=page)
        visitor.answer(1, answers_of("both"), page=page)
        assert visitor.attempt.seconds == 40
        second = visitor.page(2)
        clock.shift(5000)
        visitor.answer(2, answers_of("both"), page=second)
        assert visitor.attempt.seconds == 640


def offer_to_stop(visitor: Taker, number: int) -> str | None:
    """What a section offers; the button and its form stand just where it does."""
    response = visitor.client.get(f"/quiz/{number}/")
    assert response.status_code == 200
    page, offer = parse(response), response.context["offer"]
    assert (len(page.all("form#stop")), len(page.all("button[form=stop]"))) == (
        (1, 1) if offer else (0, 0)
    )
    return offer


def test_offer_to_stop_stands_once_after_the_short_part_of_a_clear_full_attempt(
    visitor: Taker,
) -> None:
    visitor.start()
    for number in (1, 2, 3):
        visitor.answer(number, answers_of("clear_project"))
    assert offer_to_stop(visitor, 4) == "stop"
    assert offer_to_stop(visitor, 5) is None
    visitor.answer(4, answers_of("clear_project"))
    assert offer_to_stop(visitor, 4) is None


def test_offer_is_not_made_when_the_short_part_is_not_clear(visitor: Taker) -> None:
    visitor.start()
    for number in (1, 2, 3):
        visitor.answer(number, answers_of("both"))
    assert offer_to_stop(visitor, 4) is None


def test_stopping_early_gives_a_short_result_and_going_on_keeps_it(
    visitor: Taker,
) -> None:
    visitor.start()
    for number in (1, 2, 3):
        visitor.answer(number, answers_of("clear_project"))
    Attempt.objects.update(seconds=100)
    visitor.client.post("/quiz/review/", {"action": "stop"})
    short = Result.objects.get()
    assert (short.form, short.outcome) == ("short", "clear_project")
    response = visitor.client.post("/quiz/result/1/more/")
    assert response["Location"] == "/quiz/4/"
    assert (
        visitor.attempt.form,
        visitor.attempt.seconds,
        len(visitor.attempt.answers),
    ) == ("full", 100, 12)
    assert offer_to_stop(visitor, 4) is None
    for number in (4, 5, 6):
        visitor.answer(number, answers_of("clear_project"))
    visitor.client.post("/quiz/review/")
    assert [(result.number, result.form) for result in Result.objects.all()] == [
        (1, "short"),
        (2, "full"),
    ]


def test_more_is_refused_for_a_full_result(visitor: Taker) -> None:
    visitor.take("both")
    assert visitor.client.post("/quiz/result/1/more/").status_code == 404


def test_starting_again_under_the_same_key_continues_an_open_attempt(
    visitor: Taker,
) -> None:
    visitor.take("both")
    for _ in range(2):
        visitor.client.post("/quiz/", {"form": "full", "who": "same"})
    assert Owner.objects.count() == 1
    assert Attempt.objects.filter(finished_at=None).count() == 1


def test_starting_afresh_gives_a_new_key_and_leaves_the_old_answers(
    visitor: Taker,
) -> None:
    visitor.start()
    first = visitor.key
    visitor.start()
    assert visitor.key != first
    assert Owner.objects.count() == 2


def test_leaving_clears_the_computer_and_the_key_opens_it_again(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.start()
    visitor.answer(1, answers_of("both"))
    key = visitor.key
    response = visitor.client.post("/quiz/leave/")
    assert keys.spaced(key) in response.content.decode()
    assert visitor.client.cookies[COOKIE].value == ""
    typed = (
        keys.spaced(key).lower().replace("0", "o").replace("1", "l").replace("-", " ")
    )
    response = stranger.client.post("/quiz/resume/", {"key": typed})
    assert (response.status_code, response["Location"]) == (302, "/quiz/")
    assert stranger.key == key


def test_resume_with_an_unknown_or_impossible_key_says_how_to_mend_it(
    visitor: Taker,
) -> None:
    said = []
    for key in ("", "short", keys.new_key()):
        response = visitor.client.post("/quiz/resume/", {"key": key})
        assert response.status_code == 422
        errors = response.context["form"].errors
        assert errors.keys() == {"key"}
        assert parse(response).one("#id_key_error").text.endswith(errors["key"][0])
        said.append(errors["key"][0])
    assert len(set(said)) == 3


def test_resume_asks_before_it_replaces_another_owners_cookie(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.start()
    stranger.start()
    response = stranger.client.post("/quiz/resume/", {"key": visitor.key})
    assert response.status_code == 200
    assert response.context["asks_to_replace"] is True
    assert parse(response).values("input[name=replace]") == ["yes"]
    assert stranger.key != visitor.key
    stranger.client.post("/quiz/resume/", {"key": visitor.key, "replace": "yes"})
    assert stranger.key == visitor.key


def test_starts_from_one_address_are_limited_by_the_hour(
    visitor: Taker, settings: Settings
) -> None:
    settings.ADDRESS_LIMIT = 2
    with time_machine.travel(timezone.now(), tick=False) as clock:
        statuses = [Taker().start().status_code for _ in range(3)]
        assert statuses == [302, 302, 429]
        clock.shift(timedelta(hours=1))
        assert Taker().start().status_code == 302

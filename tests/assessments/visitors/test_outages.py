"""What a visitor gets while the database takes nothing: their own page, and no 500."""

from __future__ import annotations

import pytest
from django.core import signing
from django.db import OperationalError

from assessments.models import Result
from assessments.visitors.section_post import DRAWN, SECTION_SALT
from tests.support.dom import Element, parse
from tests.support.outage import database_away
from tests.support.taker import Taker, answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BOTH = answers_of("both")


def checked(page: Element) -> set[str]:
    return {radio.attributes["id"] for radio in page.all("input[checked]")}


@pytest.mark.parametrize("for_writes_only", [False, True])
@pytest.mark.parametrize("action", ["continue", "finish", "leave", "back"])
def test_section_comes_back_with_the_choices_and_saves_at_the_next_press(
    visitor: Taker, action: str, for_writes_only: bool
) -> None:
    visitor.start()
    visitor.answer(1, {"T1": "2"}, action="leave")
    page = visitor.page(1) | {"time-T2": "7.5"}
    with database_away(for_writes_only=for_writes_only):
        response = visitor.answer(1, BOTH, page=page, action=action)
    again = parse(response)
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert len(again.all("[role=alert]")) == 1
    assert checked(again) == {"id_T1_1", "id_T2_1", "id_T3_3", "id_T4_2"}
    fields = {
        field.attributes["name"]: field.attributes["value"]
        for field in again.all("input[type=hidden]")
    }
    assert [fields[name] for name in ("shown", DRAWN)] == [page["shown"], page[DRAWN]]
    assert [fields[f"was-T{number}"] for number in (1, 2, 3, 4)] == ["2", "", "", ""]
    assert again.one("#T2").attributes["data-seconds"] == "7.5"
    assert visitor.attempt.answers == {"T1": 2}
    assert visitor.answer(1, BOTH, page=fields).status_code == 302
    assert visitor.attempt.answers.keys() == {"T1", "T2", "T3", "T4"}


def test_one_question_alone_comes_back_too(visitor: Taker) -> None:
    visitor.start()
    page = visitor.page(1)
    alone = {"shown": page["shown"], DRAWN: page[DRAWN], "was-T2": "", "T2": "5"}
    with database_away():
        response = visitor.client.post("/quiz/1/?change=T2", alone)
    assert response.status_code == 503
    assert checked(parse(response)) == {"id_T2_4"}


def test_autosave_is_told_to_try_again(visitor: Taker) -> None:
    visitor.start()
    page = visitor.page(1)
    with database_away():
        response = visitor.answer(1, BOTH, page=page, action="autosave")
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response.json() == {}


def test_finish_comes_back_to_the_review(visitor: Taker) -> None:
    visitor.start("short")
    for number in (1, 2, 3):
        visitor.answer(number, answers_of("clear_short"))
    with database_away(for_writes_only=True):
        response = visitor.client.post("/quiz/review/")
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert len(parse(response).all("[role=alert]")) == 1
    assert not Result.objects.exists()
    assert visitor.client.post("/quiz/review/")["Location"] == "/quiz/result/"


@pytest.mark.parametrize("field", ["shown", DRAWN])
def test_a_forged_page_is_refused_and_keeps_its_status(
    visitor: Taker, field: str
) -> None:
    visitor.start()
    page = visitor.page(1) | {field: "forged"}
    with database_away():
        response = visitor.answer(1, BOTH, page=page)
    assert response.status_code == 503
    assert not parse(response).has("fieldset")


def test_a_page_can_be_posted_to_the_release_before(visitor: Taker) -> None:
    """In an upgrade of several nodes. It knows these fields alone, in this form."""
    visitor.start()
    page = visitor.page(1)
    attempt, moment = signing.loads(page["shown"], salt=SECTION_SALT)
    assert (attempt, type(moment)) == (visitor.attempt.pk, int)
    known = {"csrfmiddlewaretoken", "shown", "was-T1", "was-T2", "was-T3", "was-T4"}
    assert {name for name in page if not name.startswith("time-")} <= known


def test_what_cannot_be_drawn_is_left_to_the_page_of_failures(visitor: Taker) -> None:
    visitor.start()
    page = visitor.page(1)
    # A page of an earlier release does not say what it was drawn from.
    del page[DRAWN]
    with database_away():
        with pytest.raises(OperationalError):
            visitor.client.get("/quiz/1/")
        with pytest.raises(OperationalError):
            visitor.answer(1, BOTH, page=page)

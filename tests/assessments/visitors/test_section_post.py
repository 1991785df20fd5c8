"""What a section page may post, and every refusal."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core import signing

from assessments.actions.attempts import Posted
from assessments.answering import answer_words
from assessments.defaults import default_questionnaire
from assessments.engine import SectionDefinition
from assessments.models import Attempt
from assessments.visitors.forms import SectionForm
from assessments.visitors.section_post import (
    SECTION_SALT,
    TamperedPost,
    read_section_post,
)

MOMENT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def section() -> SectionDefinition:
    return default_questionnaire().sections_of("short")[0]


def signed(value: object) -> str:
    return signing.dumps(value, salt=SECTION_SALT)


def post(**data: str) -> Posted:
    shown = signed([7, int(MOMENT.timestamp() * 1000)])
    return read_section_post(section(), Attempt(pk=7), {"shown": shown} | data)


def test_a_post_is_read() -> None:
    first, second = (question.id for question in section().questions[:2])
    read = post(
        **{
            first: "4",
            second: "skip",
            f"was-{first}": "2",
            f"was-{second}": "",
            f"time-{first}": "3.5",
            "action": "continue",
            "csrfmiddlewaretoken": "token",
        }
    )
    assert read.chosen == {first: 4, second: None}
    assert read.seen == {first: 2}
    assert read.shown_at == MOMENT
    assert read.seconds == {first: 3.5}


@pytest.mark.parametrize("seconds", ["", "-1", "1e3", "nan", "1234567890", "x"])
def test_seconds_that_make_no_sense_are_ignored(seconds: str) -> None:
    first = section().questions[0].id
    assert post(**{f"time-{first}": seconds}).seconds == {}


@pytest.mark.parametrize("name", ["other", "was-other", "E1", "Shown"])
def test_a_field_that_the_page_lacks_is_refused(name: str) -> None:
    with pytest.raises(TamperedPost):
        post(**{name: "1"})


@pytest.mark.parametrize("answer", ["0", "6", "x", "None", "1.0"])
@pytest.mark.parametrize("prefix", ["", "was-"])
def test_an_answer_that_the_page_does_not_offer_is_refused(
    prefix: str, answer: str
) -> None:
    with pytest.raises(TamperedPost):
        post(**{f"{prefix}{section().questions[0].id}": answer})


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "unsigned",
        signed([8, 0]),
        signed("text"),
        signed([7, "text"]),
        signing.dumps([7, 0], salt="other"),
    ],
    ids=["missing", "unsigned", "other attempt", "no pair", "no time", "other salt"],
)
def test_a_time_that_we_have_not_signed_is_refused(shown: str) -> None:
    with pytest.raises(TamperedPost):
        post(shown=shown)


def test_an_answer_saved_in_another_window_is_asked_about() -> None:
    first, second = (question.id for question in section().questions[:2])
    attempt = Attempt(pk=7, answers={first: 2}, timings={})
    form = SectionForm(section(), first_number=1, attempt=attempt)
    form.draw_with({first: 2, second: 5})
    form.ask_again(post(**{first: "4", second: "1"}), {first: 2})
    chosen, stored = (answer_words(section(), answer) for answer in (4, 2))
    assert re.findall("“(.*?)”", form.errors[first][0]) == [chosen, stored]
    # The stored answer to the second question stays checked, though the post differs.
    assert second not in form.errors
    assert form[second].value() == "5"
    assert form.was()[0] == (f"was-{first}", "2")

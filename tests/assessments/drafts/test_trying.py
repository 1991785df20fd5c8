"""One member of staff tries a draft, page by page as a visitor would, and no row changes."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.engine import score
from assessments.engine.reply import Reply
from assessments.models import Question, Questionnaire
from assessments.queries import versions
from assessments.results.report import report, report_of
from tests.support.staff import address, signed_in, text_of
from tests.support.taker import EXAMPLES, HIDDEN, Taker, answers_of

pytestmark = pytest.mark.django_db


class Trier:
    """Goes through the try-out as a browser without script would."""

    def __init__(self, client: Client, draft: Questionnaire) -> None:
        self.client, self.address = client, address("questionnaire_preview", draft.pk)

    def post(self, **data: Any) -> HttpResponse:
        """The answer, for which nothing was written."""
        with CaptureQueriesContext(connection) as asked:
            response = self.client.post(self.address, data)
        assert {query["sql"].split()[0] for query in asked} <= {"SELECT"}
        return response

    def begin(self, form: str = "full") -> HttpResponse:
        return self.post(form=form)

    def fields(self, page: HttpResponse) -> dict[str, str]:
        """The hidden fields of the first form of a page, and what is checked in it."""
        text = page.content.decode().partition("</form>")[0]
        checked = {
            tag[1]: re.search(r'value="([^"]+)"', tag[0])[1]  # type: ignore[index]
            for tag in re.finditer(
                r'<input type="radio" name="(\w+)"[^>]* checked[^>]*>', text
            )
        }
        return {
            name: html.unescape(value)
            for name, value in HIDDEN.findall(text)
            if name != "csrfmiddlewaretoken"
        } | checked

    def on(
        self, page: HttpResponse, answers: dict[str, str], **data: str
    ) -> HttpResponse:
        """Answer the section that is on the page, and press Continue."""
        here = set(
            re.findall(r'<input type="radio" name="(\w+)"', page.content.decode())
        )
        return self.post(
            **self.fields(page)
            | {name: value for name, value in answers.items() if name in here}
            | data
        )

    def take(self, example: str, *, seconds: int = 300) -> HttpResponse:
        now = timezone.now()
        form = EXAMPLES[example][0]
        with time_machine.travel(now, tick=False):
            page = self.begin(form)
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            for _ in range(6 if form == "full" else 3):
                page = self.on(page, answers_of(example))
        return page


@pytest.fixture
def trier(editor: Client, draft: Questionnaire) -> Trier:
    return Trier(editor, draft)


def test_first_page_asks_for_the_form_and_says_that_nothing_is_stored(
    trier: Trier,
) -> None:
    page = text_of(trier.client.get(trier.address))
    assert "This is a try-out of a draft; nothing is stored." in page
    assert "Full: 25 questions" in page
    assert "Short: 12 questions" in page
    assert "shared computer" not in page
    response = trier.post(form="long")
    assert response.status_code == 422
    assert "Choose the full or the short form." in text_of(response)


def test_sections_look_as_visitors_read_them(
    trier: Trier, draft: Questionnaire
) -> None:
    page = trier.begin()
    text = text_of(page)
    assert "<b>Section 1 of 6</b>, questions 1 to 4 of 25" in text
    assert draft.intro in text
    assert text.index("I look around to see what people want") < text.index(
        "I think ahead about what could go wrong"
    )
    assert text.count('type="radio"') == 4 * 6
    assert "<b>Section 2 of 6</b>" in text_of(
        trier.on(page, answers_of("clear_project"))
    )


def test_whole_way_gives_the_result_that_a_visitor_would_get(trier: Trier) -> None:
    page = text_of(trier.take("clear_project"))
    assert "This is a try-out of a draft; nothing is stored." in page
    assert (
        'Your answers point clearly to <span class="ruled">project</span> management.'
        in page
    )
    assert "Your result. 25 of 25 questions answered." in page
    assert "53 towards project" in page
    assert [
        part
        for part in ("why", "change", "sure", "strengths", "next", "sum")
        if f'<section class="part" id="{part}"' not in page
    ] == []
    # Nothing leads to the answers of a visitor, and no version or date is made up.
    assert "/quiz/review/" not in page
    assert "fingerprint" not in page


def test_short_form_has_three_sections_and_a_provisional_result(trier: Trier) -> None:
    page = text_of(trier.take("lean_product"))
    assert "12 questions answered, short form." in page.replace("11 of ", "")
    assert (
        'Your answers lean toward <span class="dotted">product</span> management.'
        in page
    )


@pytest.mark.parametrize("example", EXAMPLES.keys() - {"too_few"})
def test_report_of_a_reply_is_that_of_the_stored_result(
    visitor: Taker, example: str
) -> None:
    visitor.take(example)
    result = visitor.result()
    questionnaire, answers = (
        versions.questionnaire_of(result.version),
        json.loads(result.answers),
    )
    reply = score(
        questionnaire, answers, form=result.form, seconds=result.seconds
    ).reply()
    again = Reply.from_data(reply)
    assert report_of(questionnaire, again, answers, "answers") == report(result)


def test_draft_that_differs_is_scored_as_it_is(
    trier: Trier, draft: Questionnaire
) -> None:
    Questionnaire.objects.filter(pk=draft.pk).update(
        clear_floor="60", clear_z_squared="50", sure_z_squared="60"
    )
    assert 'lean toward <span class="ruled">project' in text_of(
        trier.take("clear_project")
    )


def test_missing_answer_is_asked_for_and_what_was_chosen_stays(trier: Trier) -> None:
    page = trier.on(trier.begin(), {"T1": "4", "T2": "skip"})
    assert page.status_code == 422
    text = text_of(page)
    assert "<b>Section 1 of 6</b>" in text
    assert "Question 3: choose an answer, or “Not sure”." in text
    assert "Question 1: choose" not in text
    assert {
        name: value for name, value in trier.fields(page).items() if name[0] == "T"
    } == {"T1": "4", "T2": "skip"}


def test_section_that_was_left_out_is_asked_for_before_any_result(trier: Trier) -> None:
    ticket = trier.fields(trier.begin())["ticket"]
    last = {
        name: value for name, value in answers_of("close").items() if name[0] in "TS"
    }
    page = trier.post(ticket=ticket, section="6", **last)
    assert page.status_code == 422
    assert "<b>Section 3 of 6</b>" in text_of(page)
    assert "Question 9: choose an answer" in text_of(page)


def test_back_keeps_every_answer_and_from_the_first_section_leads_to_the_form(
    trier: Trier,
) -> None:
    page = trier.on(trier.begin(), answers_of("close"))
    page = trier.on(page, {"T5": "2"}, look="1")
    assert page.status_code == 200
    text = text_of(page)
    assert "<b>Section 1 of 6</b>" in text
    assert trier.fields(page) == {
        name: value
        for name, value in answers_of("close").items()
        if name in ("T1", "T2", "T3", "T4")
    } | {
        "T5": "2",
        "section": "1",
        "ticket": trier.fields(page)["ticket"],
    }
    assert trier.on(page, {}, look="0")["Location"] == trier.address


def test_too_few_answers_are_shown_as_a_visitor_sees_them(trier: Trier) -> None:
    page = trier.take("too_few")
    assert page.status_code == 422
    text = text_of(page)
    assert "We need a few more answers." in text
    assert text.count('name="look"') == 8
    again = trier.post(**trier.fields(page), look="2")
    assert "<b>Section 2 of 6</b>" in text_of(again)


@pytest.mark.parametrize(
    ("example", "seconds"), [("careless", 300), ("clear_project", 49)]
)
def test_careless_answers_are_shown_as_a_visitor_sees_them(
    trier: Trier, example: str, seconds: int
) -> None:
    page = text_of(trier.take(example, seconds=seconds))
    assert "These answers came too fast (or too alike) to say anything fair." in page
    assert "<h2>Both roles</h2>" not in page


def test_clear_answers_are_offered_to_stop_after_the_short_part(trier: Trier) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        page = trier.begin()
    for _ in range(3):
        page = trier.on(page, answers_of("clear_project"))
    text = page.content.decode()
    assert 'form="stop"' in text
    stop = dict(HIDDEN.findall(text.partition('<form id="stop"')[2]))
    del stop["csrfmiddlewaretoken"]
    with time_machine.travel(now + timedelta(seconds=100), tick=False):
        assert "12 of 12 questions answered, short form." in text_of(trier.post(**stop))
    gap = trier.post(**{name: value for name, value in stop.items() if name != "T5"})
    assert gap.status_code == 422
    assert "<b>Section 2 of 6</b>" in text_of(gap)


@pytest.mark.parametrize(
    "changes",
    [
        {"ticket": "made up"},
        {"ticket": "é:\x00:"},
        {"T1": "6"},
        {"T1": "middle"},
        {"T1": "١"},
        {"E1": "-1"},
        {"T99": "1"},
        {"was-T1": "1"},
        {"section": "0"},
        {"section": "7"},
        {"section": "²"},
        {"section": ""},
        {"look": "7"},
        {"look": "-1"},
        {"look": ""},
    ],
    ids=str,
)
def test_what_no_page_of_ours_sends_is_answered_with_a_sentence(
    trier: Trier, changes: dict[str, str]
) -> None:
    page = trier.begin()
    response = trier.on(page, answers_of("close"), **changes)
    assert response.status_code == 422
    assert "That page came back changed." in text_of(response)


def test_ticket_of_another_draft_or_form_is_refused(
    trier: Trier, draft: Questionnaire, editor: Client
) -> None:
    short = trier.fields(trier.begin("short"))
    assert "That page came back changed." in text_of(trier.post(**short, S1="1"))
    other = Questionnaire.objects.exclude(pk=draft.pk).get()
    page = Trier(editor, other).post(**short)
    assert "That page came back changed." in text_of(page)


def test_draft_that_changed_meanwhile_begins_anew(
    trier: Trier, draft: Questionnaire
) -> None:
    page = trier.begin()
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        statement="Before I begin, I write down the steps and who does what."
    )
    response = trier.on(page, answers_of("close"))
    assert response.status_code == 422
    assert "Somebody has changed the draft since you began" in text_of(response)


def test_draft_that_cannot_be_scored_says_so(
    editor: Client, draft: Questionnaire
) -> None:
    draft.sections.filter(position=3).update(kind="trade_off")
    for response in (
        editor.get(address("questionnaire_preview", draft.pk)),
        Trier(editor, draft).begin(),
    ):
        assert response["Location"] == address("questionnaire_change", draft.pk)
    assert "not yet a questionnaire that can be scored" in text_of(
        editor.get(address("questionnaire_change", draft.pk))
    )


def test_answers_stand_in_no_address(trier: Trier) -> None:
    page = trier.on(trier.begin(), answers_of("close"))
    assert (
        page.status_code == 200
    )  # a page, and no redirect that would have to carry them
    assert 'method="get"' not in text_of(page)
    assert "no-store" in page["Cache-Control"]


def test_stranger_tries_no_draft(draft: Questionnaire) -> None:
    with_no_rights = signed_in("stan")
    assert (
        with_no_rights.get(address("questionnaire_preview", draft.pk)).status_code
        == 403
    )
    assert (
        with_no_rights.post(
            address("questionnaire_preview", draft.pk), {"form": "full"}
        ).status_code
        == 403
    )
    assert (
        Client()
        .post(address("questionnaire_preview", draft.pk), {"form": "full"})
        .status_code
        == 302
    )


def test_draft_that_is_not_there_is_not_found(editor: Client) -> None:
    assert editor.get(address("questionnaire_preview", 10**6)).status_code == 404

"""One member of staff tries a draft, page by page as a visitor would, and no row
changes.
"""

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
from tests.support.dom import parse
from tests.support.pages import levels
from tests.support.staff import address, signed_in
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
            tag[1]: re.search(r'value="([^"]+)"', tag[0])[1]
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


def section_of(page: HttpResponse) -> str:
    return parse(page).one("progress").value


def asked_for(page: HttpResponse) -> list[str]:
    """Where the links of the error summary lead: to the questions left open."""
    return parse(page).values(".error-summary a")


def refused_at_the_start(page: HttpResponse) -> bool:
    """Whether the try-out begins anew: it says why, and asks for the form again."""
    shown = parse(page)
    return shown.has(".error-summary[role=alert]") and shown.has("[name=form]")


@pytest.fixture
def trier(editor: Client, draft: Questionnaire) -> Trier:
    return Trier(editor, draft)


def test_first_page_asks_for_the_form_and_says_that_nothing_is_stored(
    trier: Trier,
) -> None:
    page = parse(trier.client.get(trier.address))
    assert page.values("main form [name=form]") == ["full", "short"]
    fields = {field.attributes["name"] for field in page.all("main form input")}
    assert fields == {"csrfmiddlewaretoken", "form"}
    response = trier.post(form="long")
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"form"}


def test_sections_look_as_visitors_read_them(
    trier: Trier, draft: Questionnaire
) -> None:
    page = trier.begin()
    first = parse(page)
    assert section_of(page) == "1"
    assert first.one(".opening .lead").text == draft.intro
    assert [group.attributes["id"] for group in first.all("fieldset.trade-off")] == [
        "T1",
        "T2",
        "T3",
        "T4",
    ]
    assert len(first.all("fieldset input[type=radio]")) == 4 * 6
    assert section_of(trier.on(page, answers_of("clear_project"))) == "2"


def test_whole_way_gives_the_result_that_a_visitor_would_get(trier: Trier) -> None:
    page = trier.take("clear_project")
    shown = parse(page)
    assert page.context["report"].outcome == "clear_project"
    parts = {part.attributes.get("id") for part in shown.all("section.part")}
    assert parts >= {"why", "change", "sure", "strengths", "next", "sum"}
    # Nothing leads to the answers of a visitor.
    links = {link for link in shown.values("main a") if link.startswith("/")}
    assert [link for link in links if link.startswith("/quiz/")] == []


def test_short_form_has_three_sections_and_a_provisional_result(trier: Trier) -> None:
    report = trier.take("lean_product").context["report"]
    assert (report.outcome, report.provisional) == ("lean_product", True)


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
    assert trier.take("clear_project").context["report"].outcome == "lean_project"


def test_missing_answer_is_asked_for_and_what_was_chosen_stays(trier: Trier) -> None:
    page = trier.on(trier.begin(), {"T1": "4", "T2": "skip"})
    assert page.status_code == 422
    assert section_of(page) == "1"
    assert asked_for(page) == ["#id_T3_0", "#id_T4_0"]
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
    assert section_of(page) == "3"
    assert asked_for(page)[0] == "#id_E1_0"


def test_back_keeps_every_answer_and_from_the_first_section_leads_to_the_form(
    trier: Trier,
) -> None:
    page = trier.on(trier.begin(), answers_of("close"))
    page = trier.on(page, {"T5": "2"}, look="1")
    assert page.status_code == 200
    assert section_of(page) == "1"
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
    assert len(parse(page).all(".error-summary button[name=look]")) == 8
    again = trier.post(**trier.fields(page), look="2")
    assert section_of(again) == "2"


@pytest.mark.parametrize(
    ("example", "seconds"), [("careless", 300), ("clear_project", 49)]
)
def test_careless_answers_are_shown_as_a_visitor_sees_them(
    trier: Trier, example: str, seconds: int
) -> None:
    page = trier.take(example, seconds=seconds)
    report = page.context["report"]
    assert (report.outcome, report.has_scores) == ("careless", False)
    assert not parse(page).has(".figures")


def test_clear_answers_are_offered_to_stop_after_the_short_part(trier: Trier) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        page = trier.begin()
    for _ in range(3):
        page = trier.on(page, answers_of("clear_project"))
    shown = parse(page)
    assert len(shown.all("button[form=stop]")) == 1
    stop = {
        field.attributes["name"]: field.value
        for field in shown.all("form#stop input[type=hidden]")
    }
    del stop["csrfmiddlewaretoken"]
    with time_machine.travel(now + timedelta(seconds=100), tick=False):
        report = trier.post(**stop).context["report"]
    assert (report.outcome, report.provisional) == ("clear_project", True)
    gap = trier.post(**{name: value for name, value in stop.items() if name != "T5"})
    assert gap.status_code == 422
    assert section_of(gap) == "2"


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
    assert refused_at_the_start(response)


def test_ticket_of_another_draft_or_form_is_refused(
    trier: Trier, draft: Questionnaire, editor: Client
) -> None:
    short = trier.fields(trier.begin("short"))
    assert refused_at_the_start(trier.post(**short, S1="1"))
    other = Questionnaire.objects.exclude(pk=draft.pk).get()
    page = Trier(editor, other).post(**short)
    assert refused_at_the_start(page)


def test_draft_that_changed_meanwhile_begins_anew(
    trier: Trier, draft: Questionnaire
) -> None:
    page = trier.begin()
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        statement="Before I begin, I write down the steps and who does what."
    )
    response = trier.on(page, answers_of("close"))
    assert response.status_code == 422
    assert refused_at_the_start(response)


def test_draft_that_cannot_be_scored_says_so(
    editor: Client, draft: Questionnaire
) -> None:
    draft.sections.filter(position=3).update(kind="trade_off")
    for response in (
        editor.get(address("questionnaire_preview", draft.pk)),
        Trier(editor, draft).begin(),
    ):
        assert response["Location"] == address("questionnaire_change", draft.pk)
    # One for each of the two requests.
    change = editor.get(address("questionnaire_change", draft.pk))
    assert levels(change) == ["error", "error"]


def test_answers_stand_in_no_address(trier: Trier) -> None:
    page = trier.on(trier.begin(), answers_of("close"))
    # A page, and no redirect that would have to carry them.
    assert page.status_code == 200
    forms = parse(page).all("main form")
    assert {form.attributes["method"] for form in forms} == {"post"}
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

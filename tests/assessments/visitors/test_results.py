"""The owner's result: seven outcomes, every number explained, nothing that moves."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.engine.outcomes import STORED, Outcome
from assessments.models import Attempt, Result, Version
from assessments.results.outcome_words import OUTCOME_WORDS
from assessments.results.report import StrongPulls, report, strong_pulls
from assessments.results.scoring_facts import disclosure
from content.models import Role, Strength
from tests.support.articles import publish_drafted_words
from tests.support.dom import parse
from tests.support.pages import text_of
from tests.support.taker import EXAMPLES, OUTCOMES_BY_FORM, Taker, answers_of

pytestmark = pytest.mark.django_db
HEADLINES = {
    outcome: OUTCOME_WORDS[outcome].own.format(role=outcome.value.rpartition("_")[2])
    for outcome in STORED
}


@pytest.mark.parametrize(
    ("outcome", "headline"),
    [(outcome, words) for outcome, words in HEADLINES.items() if outcome.shown],
)
def test_each_outcome_has_its_headline_in_words(
    visitor: Taker, outcome: str, headline: str
) -> None:
    assert visitor.take(outcome)["Location"] == "/quiz/result/"
    page = visitor.client.get("/quiz/result/")
    assert visitor.result().outcome == outcome
    assert parse(page).one("h1").text == headline
    assert disclosure(steadiness_measured=False) in text_of(page.content)


def test_result_of_worked_example_1_shows_its_figures_and_the_whole_sum(
    visitor: Taker,
) -> None:
    visitor.take("clear_project", seconds=260)
    response = visitor.client.get("/quiz/result/")
    page, shown = parse(response), response.context["report"]
    assert (shown.answered, shown.asked, shown.shared_skills) == (25, 25, 75)
    assert (shown.certainty, shown.sure, shown.toward) == (
        "about 99 in 100",
        "99%",
        "project",
    )
    assert (shown.choices.project, shown.choices.answered) == (10, 12)
    assert shown.strong.names == (
        "Planning and organization",
        "Scheduling and budgeting",
        "Process optimization",
        "Risk management",
    )
    assert response.context["result"].version.number == 1
    said = page.one("svg.compact .said").text
    assert said == shown.lean_words == "53 toward project"
    assert shown.figure.band_words == "between 32 and 74 toward project"
    for twin in page.texts("svg.lean desc"):
        assert re.findall(r"\d+ toward \w+", twin) == [
            "53 toward project",
            "74 toward project",
            "32 toward project",
        ]
    assert re.findall(r"\d+%?", page.one(".verdict figcaption").text) == [
        "99%",
        "9",
        "10",
    ]
    fit, _, _, other_fit, _, _ = page.texts(".roles .figures dd")
    assert (fit, other_fit) == ("80 ± 11", "27 ± 11")
    assert page.values("#change a") == ["/quiz/review/#T1", "/quiz/review/#T7"]
    assert page.has("#working p:text(75 out of 100)")
    assert page.has("#working p:text(25 of 25)")
    assert [
        "Lean",
        "37.5 × 14 ÷ 12 + 6.25 × (13 ÷ 4 − 7 ÷ 4)",
        "53.125",
        "53 project",
    ] in page.rows("#sum table")
    assert re.findall(r"[\d.]+ (?:toward )?project", page.one(".total-line").text) == [
        "43.75 project",
        "9.375 project",
        "53.125 project",
        "53 toward project",
    ]


def test_range_of_a_second_try_is_wider_by_the_root_of_two(visitor: Taker) -> None:
    """53.125 ± 21.17 × √2 = 53.125 ± 29.94."""
    visitor.take("clear_project")
    response = visitor.client.get("/quiz/result/")
    figure = response.context["report"].figure
    assert figure.band_words == "between 32 and 74 toward project"
    assert figure.again_words == "between 23 and 83 toward project"
    assert figure.again_words in parse(response).one("#sure").text


@pytest.mark.parametrize(
    "example",
    [
        f"{outcome}_{form}"
        for outcome in Outcome
        if outcome.shown and not outcome.named
        for form in ("full", "short")
    ],
)
def test_figure_says_why_the_result_names_no_role(visitor: Taker, example: str) -> None:
    visitor.take(example if example in OUTCOMES_BY_FORM else example[: -len("_full")])
    caption = parse(visitor.client.get("/quiz/result/")).one("#working figcaption").text
    by_enjoyment = example.startswith("low_both")
    assert ("enjoyment" in caption) is by_enjoyment
    assert ("close" in caption) is not by_enjoyment


def test_sure_lean_with_low_enjoyment_is_not_called_small(visitor: Taker) -> None:
    """Choices that would name a role, and both enjoyment scores at 25."""
    answers = answers_of("clear_project")
    answers |= {question: "1" for question in answers if question.startswith("E")}
    visitor.start()
    for number in range(1, 7):
        assert visitor.answer(number, answers).status_code == 302
    Attempt.objects.update(seconds=300)
    visitor.client.post("/quiz/review/")
    response = visitor.client.get("/quiz/result/")
    shown, page = response.context["report"], parse(response)
    assert (shown.outcome, shown.sure) == ("low_both", "99%")
    assert "enjoyment" in page.one("#working figcaption").text
    [told] = [text for text in page.texts("#sure p") if shown.certainty in text]
    assert "enjoyment" in told


@pytest.mark.parametrize("example", ["clear_project", "both"])
def test_every_strong_pull_is_named_whichever_role_it_belongs_to(
    visitor: Taker, example: str
) -> None:
    visitor.take(example)
    page = parse(visitor.client.get("/quiz/result/"))
    names = page.all(".pulls div")[0].texts(".name")
    assert len(names) == 4
    sentence = page.all("#strengths p")[0].text
    assert [name for name in names if name not in sentence] == []


def test_many_strong_pulls_are_counted_by_role_and_none_is_left_out(
    visitor: Taker,
) -> None:
    visitor.take("both")
    rows = report(visitor.result()).strengths
    all_strong = [replace(row, word="strong pull") for row in rows]
    shown = strong_pulls(all_strong[:5])
    assert (shown.names, shown.count) == ((), 5)
    assert strong_pulls(all_strong) == StrongPulls((), project=4, product=4)
    assert strong_pulls(all_strong[:4]).names == tuple(row.name for row in rows[:4])


@pytest.mark.parametrize(
    "example", [name for name in EXAMPLES if name not in ("careless", "too_few")]
)
def test_lines_of_the_sum_add_up_to_the_shown_lean(
    visitor: Taker, example: str
) -> None:
    visitor.take(example)
    found = report(visitor.result())
    assert found.working is not None
    parts = [
        line.part for line in (*found.working.trade_offs, *found.working.enjoyment)
    ]
    assert sum(parts, Fraction(0)) == Fraction(
        json.loads(visitor.result().reply)["lean"]
    )
    shown = {step.name: step.value for step in found.working.steps if step.role is None}
    assert shown["lean"] == sum(parts, Fraction(0))


def test_strengths_are_sorted_and_each_leads_to_its_paragraph(visitor: Taker) -> None:
    visitor.take("clear_project")
    links = parse(visitor.client.get("/quiz/result/")).all("#strengths .name a")
    assert [link.text for link in links][:3] == [
        "Planning and organization",
        "Scheduling and budgeting",
        "Process optimization",
    ]
    article = parse(visitor.client.get("/skills/"))
    places = [link.value.partition("/skills/")[2] for link in links]
    assert len(places) == 8
    assert [len(article.all(place)) for place in places] == [1] * 8


@pytest.mark.parametrize("example", ["close", "both"])
def test_undecided_result_names_no_side_and_says_what_would_tip_it(
    visitor: Taker, example: str
) -> None:
    visitor.take(example)
    response = visitor.client.get("/quiz/result/")
    page = parse(response)
    for figure in page.all("svg.lean"):
        assert not {"project", "product"} & {*figure.attributes["class"].split()}
    assert len(page.all("#next .week li")) == 2
    assert bool(response.context["report"].tips) == (example == "close")


def test_careless_result_shows_no_score_and_is_not_shared(visitor: Taker) -> None:
    visitor.take("careless")
    response = visitor.client.get("/quiz/result/")
    page = parse(response)
    assert response.context["report"].has_scores is False
    assert [part.attributes["id"] for part in page.all("main section[id]")] == ["keep"]
    assert page.texts("main figure") == []
    assert re.findall("toward (?:project|product)", page.text) == []
    assert page.values("#keep a") == ["/difference/", "/quiz/data/"]
    assert visitor.client.get("/quiz/result/1/preview/summary/").status_code == 404


def test_short_result_is_marked_provisional_and_offers_more_questions(
    visitor: Taker,
) -> None:
    visitor.take("lean_product")
    response = visitor.client.get("/quiz/result/")
    page, shown = parse(response), response.context["report"]
    assert (shown.provisional, shown.strengths) == (True, ())
    assert not page.has("#strengths")
    more = page.one("form[action=/quiz/result/1/more/]")
    assert re.findall(r"\d+", more.one("button").text) == ["13"]


def test_result_never_moves_when_staff_rename_edit_or_publish(visitor: Taker) -> None:
    visitor.take("clear_project")
    before = visitor.client.get("/quiz/result/").content
    stored = Result.objects.values().get()
    Strength.objects.filter(slug="risk-management").update(name="Taming danger")
    publish_drafted_words()
    Role.objects.filter(slug="project-manager").update(name="Boss of dates")
    publish_drafted_words()
    Version.objects.create(
        number=2,
        name="Other",
        definition="{}",
        sha256="0" * 64,
        published_at=visitor.result().finished_at,
    )
    after = visitor.client.get("/quiz/result/").content
    plain = [
        re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)
        for page in (before, after)
    ]
    assert plain[0] == plain[1]
    assert Result.objects.values().get() == stored


def test_verify_results_finds_nothing_until_a_stored_result_is_altered(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    out = StringIO()
    call_command("verify_results", stdout=out)
    assert out.getvalue() == "Results checked: 1. No differences.\n"
    Result.objects.update(
        reply=visitor.result()
        .reply.replace('"53.125"', '"1"')
        .replace('"lean":53', '"lean":54')
    )
    with pytest.raises(CommandError, match="1 of 1 results differ"):
        call_command("verify_results", stderr=StringIO())


def test_result_of_another_owner_and_of_no_owner_is_not_there(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("both")
    stranger.start()
    assert stranger.client.get("/quiz/result/1/").status_code == 404
    assert stranger.client.get("/quiz/result/")["Location"] == "/quiz/"
    assert stranger.client.post("/quiz/result/1/correct/").status_code == 404
    assert stranger.client.post("/quiz/result/1/keep/").status_code == 404
    assert Taker().client.get("/quiz/result/1/")["Location"] == "/quiz/"


def test_sections_lead_to_the_result_once_nothing_is_open(visitor: Taker) -> None:
    visitor.take("both")
    assert visitor.client.get("/quiz/1/")["Location"] == "/quiz/result/"


def test_review_of_a_finished_result_cannot_be_finished_again(visitor: Taker) -> None:
    visitor.take("both")
    assert visitor.client.post("/quiz/review/")["Location"] == "/quiz/result/"
    assert Result.objects.count() == 1


def test_keeping_longer_moves_the_date_and_nothing_else(visitor: Taker) -> None:
    visitor.take("both")
    before = visitor.result()
    Result.objects.update(expires_at=before.finished_at)
    assert visitor.client.get("/quiz/result/").status_code == 302
    Result.objects.update(expires_at=before.expires_at)
    assert visitor.client.post("/quiz/result/1/keep/")["Location"] == "/quiz/result/1/"
    after = visitor.result()
    assert after.expires_at > before.expires_at
    assert (after.reply, after.finished_at) == (before.reply, before.finished_at)


@pytest.mark.parametrize(
    "address",
    [
        "/quiz/result/1/keep/",
        "/quiz/result/1/correct/",
        "/quiz/result/1/more/",
        "/quiz/leave/",
        "/quiz/result/share/1/revoke/",
    ],
)
def test_what_writes_is_not_done_by_get(visitor: Taker, address: str) -> None:
    visitor.take("both")
    assert visitor.client.get(address).status_code == 405

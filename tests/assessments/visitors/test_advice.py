"""What a result says before its working: one golden file for each outcome and form.

A golden file is the text that a visitor reads from the headline to "See the full
working". Where the words change on purpose, write the files again and read the diff:

    RENEW_GOLDEN=1 .venv/bin/python -m pytest tests/assessments/visitors/test_advice.py
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.utils import timezone

from assessments.engine.outcomes import Outcome
from assessments.models import Result
from content.models import Role
from tests.support.dom import Element, parse
from tests.support.taker import OUTCOMES_BY_FORM, Taker

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).with_name("golden")
BLOCKS = {"h1", "h2", "h3", "p", "li", "figcaption", "text", "summary", "button"}
DATE = re.compile(r"\w+ \d{1,2}, \d{4}")
MAX_NUMBERS = 25
FORMS = ("full", "short")
CASES = [f"{outcome}_{form}" for outcome in Outcome for form in FORMS]


def take(visitor: Taker, case: str) -> HttpResponse:
    """The page at the end of the answers: a result, or a refusal of too few answers."""
    example = case if case in OUTCOMES_BY_FORM else case.removesuffix("_full")
    finished = visitor.take(example)
    return finished if finished.status_code != 302 else visitor.client.get(finished.url)


def before_working(page: HttpResponse) -> Element:
    """The main part of the page, cut off where the working begins."""
    main = parse(page).one("main")
    ends = [
        place
        for place, child in enumerate(main.children)
        if isinstance(child, Element) and child.attributes.get("id") == "working"
    ]
    if ends:
        del main.children[ends[0] :]
    for figure in main.all("svg"):
        # What the figure says to a screen reader repeats what it draws.
        for twin in figure.all("title") + figure.all("desc"):
            figure.children.remove(twin)
    return main


def lines(element: Element) -> Iterator[str]:
    inner = [child for child in element.children if isinstance(child, Element)]
    if element.tag in BLOCKS and not any(list(lines(child)) for child in inner):
        if element.text:
            yield f"{element.tag}: {element.text}"
        return
    for child in inner:
        yield from lines(child)


@pytest.mark.parametrize("case", CASES)
def test_page_of_each_outcome_and_form_reads_as_its_golden_file(
    visitor: Taker, case: str
) -> None:
    text = "\n".join(lines(before_working(take(visitor, case)))) + "\n"
    text = DATE.sub("DATE", text)
    file = GOLDEN / f"{case}.txt"
    if os.environ.get("RENEW_GOLDEN") == "1":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", [case for case in CASES if "too_few" not in case])
def test_page_shows_few_numbers_and_no_fraction_before_the_working(
    visitor: Taker, case: str
) -> None:
    text = before_working(take(visitor, case)).text
    assert len(re.findall(r"\d+(?:\.\d+)?", text)) <= MAX_NUMBERS
    assert re.findall(r"\d+\s*/\s*\d+|\d\.\d", text) == []


@pytest.mark.parametrize(
    "case",
    [f"{outcome}_{form}" for outcome in Outcome if outcome.named for form in FORMS],
)
def test_result_that_names_a_role_says_what_it_does_and_leads_to_its_page(
    visitor: Taker, case: str
) -> None:
    page = before_working(take(visitor, case))
    named, other = Role.objects.order_by("position")
    if "product" in case:
        named, other = other, named
    assert named.page
    assert other.page
    advice = page.one(".advice")
    assert named.does in advice.text
    assert other.does not in advice.text
    assert advice.values("a") == [f"/{named.page.slug}/"]
    assert page.texts("#next .week li") == [named.first_step, named.second_step]
    assert page.values("#next .links a") == [
        f"/{named.page.slug}/",
        f"/{other.page.slug}/",
    ]


def test_next_steps_differ_by_outcome(visitor: Taker) -> None:
    found = {}
    for outcome in Outcome:
        if outcome.shown:
            page = before_working(take(Taker(), f"{outcome}_full"))
            found[outcome] = page.one("#next").text
    same = {outcome: text for outcome, text in found.items() if outcome.named}
    assert len(set(found.values())) == len(found) - len(same) + 2
    project, product = Role.objects.order_by("position")
    for outcome in ("close", "both"):
        assert project.first_step in found[Outcome(outcome)]
        assert product.first_step in found[Outcome(outcome)]
    for role in (project, product):
        assert role.first_step not in found[Outcome.LOW_BOTH]


@pytest.mark.parametrize("form", FORMS)
def test_same_button_throughout_gets_a_page_with_one_way_on(
    visitor: Taker, form: str
) -> None:
    page = parse(take(visitor, f"careless_{form}"))
    run = {"full": "12", "short": "8"}[form]
    assert re.findall(r"\d+", page.one("h1").text) == [run]
    assert page.texts(".verdict button") == ["Answer again"]
    assert not page.has("#next")
    assert not page.has("#working")


def test_answers_that_came_too_fast_say_how_fast(visitor: Taker) -> None:
    visitor.take("clear_short", seconds=14)
    page = parse(visitor.client.get("/quiz/result/"))
    assert re.findall(r"\d+", page.one(".advice").text) == ["12", "14", "2"]
    form = page.one(".verdict form")
    again = form.one("button")
    reply = visitor.client.post(form.value, {again.attributes["name"]: again.value})
    assert reply["Location"] == f"/quiz/1/#{again.value}"
    assert len(visitor.attempt.answers) == 12


def test_later_result_says_what_changed_and_leads_to_the_earlier_one(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    assert not parse(visitor.client.get("/quiz/result/")).has("a[href$=/result/1/]")
    visitor.client.post("/quiz/result/1/correct/", {"question": "T1"})
    visitor.answer(1, {"T1": "5"})
    visitor.client.post("/quiz/review/")
    page = parse(visitor.client.get("/quiz/result/")).one(".verdict")
    before = page.one("a[href=/quiz/result/1/]")
    assert before.parent is not None
    assert re.findall(r"\d+ toward \w+", before.parent.text) == [
        "53 toward project",
        "41 toward project",
    ]


def test_earlier_result_that_is_no_longer_kept_is_not_mentioned(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    visitor.client.post("/quiz/result/1/correct/", {"question": "T1"})
    visitor.answer(1, {"T1": "5"})
    visitor.client.post("/quiz/review/")
    Result.objects.filter(number=1).update(
        expires_at=timezone.now() - timedelta(days=1)
    )
    assert not parse(visitor.client.get("/quiz/result/")).has("a[href$=/result/1/]")

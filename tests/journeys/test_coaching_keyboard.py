"""Coaching with the keyboard alone and without script.

A coach from the password to a file, a client from consent to taking it back.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import keyboard
from tests.support.browser.coaching import (
    PHRASE,
    CoachAtWork,
    consent,
    invite,
    open_workspace,
    way_in,
)
from tests.support.browser.visitor import SECTIONS, MakeVisitor, Visitor
from tests.support.codes import unused_code_of
from tests.support.taker import answers_of

pytestmark = pytest.mark.browser
SUBMIT = "main form button"


def write(visitor: Visitor, name: str, text: str) -> None:
    keyboard.tab_to(visitor, f'[name="{name}"]')
    visitor.page.keyboard.type(text)


def sign_in(coach: CoachAtWork, visitor: Visitor) -> None:
    visitor.go("/coach/")
    visitor.expect_complaint("status of 404 .*/coach/")
    keyboard.press_enter(visitor, 'main a[href^="/accounts/login/"]')
    write(visitor, "login", coach.email)
    write(visitor, "password", PHRASE)
    keyboard.press_enter(visitor, SUBMIT)
    write(visitor, "code", unused_code_of(coach.secret))
    keyboard.press_enter(visitor, SUBMIT)
    visitor.expect_path("/coach/")


def take(visitor: Visitor, example: str) -> None:
    answers = answers_of(example)
    for number in range(1, SECTIONS["full"] + 1):
        visitor.expect_path(f"/quiz/{number}/")
        for fieldset in visitor.page.locator("fieldset.trade-off").all():
            question = fieldset.get_attribute("id") or ""
            keyboard.choose(visitor, question, answers[question])
        keyboard.press_enter(visitor, "button[value=continue]")
    visitor.server.let_minutes_pass()
    keyboard.press_enter(visitor, 'form[action="/quiz/review/"] button')


def choose_option(visitor: Visitor, name: str, letters: str, value: str) -> None:
    """In a list that drops down, by typing how the choice begins."""
    keyboard.tab_to(visitor, f'select[name="{name}"]')
    visitor.page.keyboard.type(letters)
    expect(visitor.page.locator(f'select[name="{name}"]')).to_have_value(value)


def test_coach_signs_in_invites_closes_opens_sorts_filters_and_takes_a_file(
    make_visitor: MakeVisitor, tmp_path: Path
) -> None:
    coach = open_workspace(make_visitor(), "Carla")
    visitor = make_visitor(java_script_enabled=False)
    sign_in(coach, visitor)
    keyboard.press_enter(visitor, 'main a[href="/coach/new/"]')
    write(visitor, "label", "Spring course")
    write(visitor, "places", "5")
    keyboard.choose(visitor, "form", "full")
    keyboard.choose(visitor, "scope", "answers")
    keyboard.tab_to(visitor, '[name="onward"]')
    visitor.page.keyboard.press("Space")
    keyboard.press_enter(visitor, SUBMIT)
    visitor.expect_headline("Spring course")
    group = visitor.path

    keyboard.press_enter(visitor, 'form[action$="/close/"] button')
    expect(visitor.page.locator("#state")).to_have_text("Joining: closed")
    keyboard.press_enter(visitor, 'form[action$="/reopen/"] button')
    expect(visitor.page.locator("#state")).to_have_text("Joining: open")

    for name, example in (("Ann", "clear_project"), ("Ben", "clear_product")):
        client = make_visitor()
        consent(client, visitor.page.locator("#way-in").input_value(), name)
        client.answer_all(example)
        client.finish()

    visitor.go(group)
    names = visitor.page.locator("#clients tbody th a")
    expect(names).to_have_text(["Ben", "Ann"])
    choose_option(visitor, "sort", "Project", "project")
    keyboard.press_enter(visitor, ".filters button")
    expect(names).to_have_text(["Ann", "Ben"])
    choose_option(visitor, "outcome", "clearly prod", "clear_product")
    keyboard.press_enter(visitor, ".filters button")
    expect(names).to_have_text(["Ben"])

    keyboard.tab_to(visitor, ".download summary")
    visitor.page.keyboard.press("Enter")
    own = 'form[action$="/export.csv"] button:not([formaction])'
    keyboard.tab_to(visitor, own)
    with visitor.page.expect_download() as download:
        visitor.page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "group.csv")
    with (tmp_path / "group.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == ["Ann", "Ben"]
    keyboard.press_enter(visitor, 'nav form[action="/accounts/logout/"] button')
    visitor.go(group)
    visitor.expect_complaint(f"status of 404 .*{group}")


def test_client_consents_takes_and_takes_it_back(make_visitor: MakeVisitor) -> None:
    coach = open_workspace(make_visitor(), "Carla").visitor
    group = invite(coach, "Spring course")
    visitor = make_visitor(java_script_enabled=False)
    visitor.go(way_in(coach, group))
    write(visitor, "name", "Ann")
    keyboard.tab_to(visitor, '[name="agree"]')
    expect(visitor.page.locator("[name=agree]")).not_to_be_checked()
    visitor.page.keyboard.press("Space")
    keyboard.press_enter(visitor, "button[value=share]")
    take(visitor, "clear_project")
    visitor.expect_headline("Your answers point clearly to project management.")
    coach.go(group)
    expect(coach.page.get_by_role("row", name="Ann")).to_contain_text(
        "53 toward project"
    )

    keyboard.press_enter(visitor, 'main a[href="/quiz/result/sees/"]')
    keyboard.press_enter(visitor, 'main a[href$="/withdraw/"]')
    keyboard.press_enter(visitor, 'form[action$="/withdraw/"] button')
    visitor.expect_path("/quiz/result/sees/")
    coach.go(group)
    expect(coach.page.locator("#clients tr")).to_have_count(0)

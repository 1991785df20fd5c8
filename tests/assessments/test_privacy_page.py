"""The privacy page names what is kept.

A new column fails here until the page speaks of it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client

from assessments.actions.account_sessions import MAX_SESSION_AGE
from assessments.models import (
    Attempt,
    Coach,
    Departure,
    FollowUp,
    MutedAddress,
    NextStep,
    Owner,
    Participation,
    PersonalLink,
    Result,
    ShareLink,
)
from assessments.models import Client as Person
from assessments.visitors.owner_cookie import COOKIE, PROGRESS_COOKIE
from content.models import SiteWords
from rolefit.audit import NAMES, POWERS
from rolefit.passkey import PASSKEY_COOKIE, VALID_FOR
from tests.support.articles import publish_drafted_words
from tests.support.dom import Element, parse

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
AGREED, OPENED = (
    "what you agreed to, and when",
    "whether and when you opened a held result early",
)
TIMES = "when you started, last changed something, and finished"
ACTIVE = "how many seconds you were active"
BUTTONS = "the buttons you pressed, whether you took the short or the full form"
SAVES = "how often you saved within an hour"
RESULT = "your result, with the version of the questions"
WISHED = "the role you hoped for"
TOLD = "how it turned out: that you agreed, and what you answer"
MARKED = "any name or note you put on them"
SENT = "when we sent you the invitation and reminders, or that the mail was refused"
KEPT: dict[type[Model], dict[str, str]] = {
    Owner: {"key_sha256": "a fingerprint of your key, not the key itself"},
    Attempt: {
        "form": BUTTONS,
        "answers": BUTTONS,
        "seconds": ACTIVE,
        "timed_until": ACTIVE,
        "saves": SAVES,
        "saves_since": SAVES,
        "timings": "how many seconds each question took",
        "by_staff": "whether you were signed in as staff",
        "wish": WISHED,
        "started_at": TIMES,
        "changed_at": TIMES,
        "finished_at": TIMES,
    },
    Result: {
        "number": RESULT,
        "form": BUTTONS,
        "outcome": RESULT,
        "lean": RESULT,
        "answers": BUTTONS,
        "seconds": ACTIVE,
        "reply": RESULT,
        "wish": WISHED,
        "finished_at": TIMES,
        "expires_at": "We keep a finished result for",
    },
    FollowUp: {
        "consented_at": TOLD,
        "answered_at": TOLD,
        "chosen": TOLD,
        "liking": TOLD,
        "counted": "what they chose and how they like it",
    },
    ShareLink: {
        "token": "the links you made: when you made them",
        "created_at": "the links you made: when you made them",
        "label": MARKED,
        "name": MARKED,
        "scope": "how much they show",
        "expires_at": "when they end",
        "revoked_at": "when they end",
    },
    Participation: {
        "name": "the name by which you want the coach to know you",
        "scope": AGREED,
        "onward": AGREED,
        "held_until": AGREED,
        "consented_at": AGREED,
        "opened_early_at": OPENED,
        "notes": "private notes",
        "steps_shared": "the next steps that the coach shares",
        "coach_told_at": "when we told the coach that you finished",
    },
    NextStep: {
        "text": "next steps",
        "due_on": "next steps",
        "done_at": "next steps",
        "done_by_client": "next steps",
    },
    Departure: {
        "at": "on which day",
        "removed": "that a coach removed you",
        "had_notes": "how much of the coach’s own work was deleted",
        "steps": "how much of the coach’s own work was deleted",
        "links": "how much of the coach’s own work was deleted",
        "owner": "until you’ve read it or for 30 days",
    },
    Person: {
        "name": "the name by which you want the coach to know you",
        "private_name": "a private name or tag for you",
        "tag": "a private name or tag for you",
        "search_text": "a private name or tag for you",
        "archived_at": "whether you’re in the coach’s archive",
        "created_at": AGREED,
        "latest_at": AGREED,
    },
    Coach: {
        "name": "your name",
        "email": "your email",
        "works_with": "who you work with",
        "time_zone": "your time zone",
        "asked_at": "A request is kept until it is answered",
        "approved_at": "that you became a coach",
        "closed_at": "when your workspace was closed",
        "erased_at": "close your account",
        "contact": "your settings",
        "finish_mail": "your settings",
        "finish_mail_since": "your settings",
    },
    PersonalLink: {
        "name": "the name by which the coach invited you",
        "code": "the page your link opens",
        "email": "the email address that the coach gave us",
        "created_at": "until the coach cancels the invitation",
        "sent_at": SENT,
        "reminders": SENT,
        "reminded_at": SENT,
        "failed_at": SENT,
        "stopped_at": "if you ask for no more email",
    },
    MutedAddress: {
        "digest": "a fingerprint of your address",
        "muted_at": "if you ask for no more email",
    },
}
# What the audit trail says of an account, and how the page says it.
TRAIL = {
    "is_active": "when your account was closed",
    "is_staff": "what your account may do",
    "is_superuser": "what your account may do",
    "email": "when your email address or sign-in name changed",
    "username": "when your email address or sign-in name changed",
}
ROWS = {
    "id",
    "owner",
    "version",
    "made_from",
    "result",
    "invitation",
    "attempt",
    "participation",
    "client",
    "coach",
    "user",
    "approved_by",
    "closed_by",
}  # what belongs to what


@pytest.fixture
def page(questionnaire: object, client: Client) -> Element:
    return parse(client.get("/privacy/")).one("main")


@pytest.mark.parametrize("model", KEPT)
def test_every_column_is_named(page: Element, model: type[Model]) -> None:
    columns = {field.name for field in model._meta.fields}
    assert columns - (ROWS - KEPT[model].keys()) == KEPT[model].keys()
    assert [words for words in KEPT[model].values() if words not in page.text] == []


def test_page_names_what_the_audit_trail_says_of_an_account(page: Element) -> None:
    assert set(TRAIL) == set(POWERS | NAMES)
    assert [words for words in TRAIL.values() if words not in page.text] == []


def test_backups_go_when_the_page_says(page: Element) -> None:
    """find counts full days, and runs once a day."""
    [days] = re.findall(r"Backups keep a copy for up to (\d+) more days", page.text)
    unit = (ROOT / "deploy/rolefit-backup.service").read_text()
    [older_than] = re.findall(r"-mtime \+(\d+) -delete", unit)
    assert int(older_than) + 2 == int(days)
    assert f"for {days} days at most" in (ROOT / "docs/operate.md").read_text()


def test_page_leads_to_who_sees_it_and_to_deleting_all_of_it(page: Element) -> None:
    assert page.has("a[href=/quiz/result/sees/]")
    assert page.has("a[href=/quiz/data/]")


def test_session_cookie_lasts_as_the_page_says(page: Element) -> None:
    [hours] = re.findall(r"(\d+) hours", page.text)
    assert int(hours) * 3600 == settings.SESSION_COOKIE_AGE
    assert settings.ACCOUNT_SESSION_REMEMBER is False


def test_start_page_leads_to_privacy_beside_its_button(
    questionnaire: object, client: Client
) -> None:
    main = parse(client.get("/quiz/")).one("main")
    told = main.one("form").one("a").value
    assert main.one(told).has("a[href=/privacy/]")


def test_start_page_names_the_same_cases_of_a_kept_name_or_address(
    page: Element, client: Client
) -> None:
    start = parse(client.get("/quiz/")).one("main")
    cases = [sentence for sentence in sentences(page) if " only if " in sentence]
    assert len(cases) == 2
    assert [sentence for sentence in cases if sentence not in sentences(start)] == []


def sentences(element: Element) -> list[str]:
    return re.split(r"(?<=[.?:])\s+", element.text)


def test_page_names_both_cookies_of_a_visitor(page: Element) -> None:
    assert {COOKIE, PROGRESS_COOKIE} <= set(page.texts("code"))


def test_page_names_the_cookie_of_a_passkey_and_how_long_it_lasts(
    page: Element,
) -> None:
    [row] = [row for row in page.all("li") if PASSKEY_COOKIE in row.texts("code")]
    [minutes] = re.findall(r"(\d+) minutes", row.text)
    assert timedelta(minutes=int(minutes)) == VALID_FOR


def test_page_names_who_is_responsible_why_and_who_helps_once_staff_have_said_so(
    questionnaire: object, client: Client
) -> None:
    words = {
        "controller": "A. Sample\n1 Main Street",
        "legal_basis": "Consent <b>only</b>",
        "processors": "A host in Finland",
    }
    before = parse(client.get("/privacy/")).one("main").text
    SiteWords.objects.update(**words)
    publish_drafted_words()
    after = parse(client.get("/privacy/")).one("main").text
    lines = [line for text in words.values() for line in text.splitlines()]
    assert [line in before for line in lines] == [False] * 4
    assert [line in after for line in lines] == [True] * 4


def test_sign_ins_are_kept_as_long_as_the_page_says(page: Element) -> None:
    assert f"{MAX_SESSION_AGE.days} days after you signed in" in page.text

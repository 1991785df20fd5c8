"""The admin's front page.

Right numbers for few queries, and for each member of staff what concerns them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse

from assessments.actions import attempts, retention
from assessments.actions.clicks import count_click
from assessments.actions.coaches import ask_for_account
from assessments.actions.drafts import duplicate
from assessments.actions.sums import roll_up
from assessments.models import Attempt, Coach, Questionnaire, Result, RollUp, Version
from assessments.quality import dashboard
from assessments.queries import versions
from content import published
from content.models import Page, SiteWords
from tests.support.articles import make_page, make_prose, publish_drafted_words
from tests.support.coaching import make_coach, make_manager, signed_in_as
from tests.support.dom import Element, parse
from tests.support.staff import signed_in
from tools.fill_results import fill

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)  # the open week begins


@pytest.fixture
def _on_the_twentieth() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def live(_on_the_twentieth: None, questionnaire: Version) -> Version:
    return questionnaire


def begin(
    version: Version, *, answered: int, form: str = "full", days_ago: int = 0
) -> Attempt:
    """An attempt that was left after so many answers."""
    attempt, _ = attempts.start(version=version, form=form)
    questions = versions.questionnaire_of(version).questions_of(form)[:answered]
    answers = {
        question.id: None if number % 5 == 4 else question.buttons[2]
        for number, question in enumerate(questions)
    }
    Attempt.objects.filter(pk=attempt.pk).update(
        answers=answers, changed_at=NOW - timedelta(days=days_ago)
    )
    return attempt


def reached(numbers: dashboard.Numbers, form: str) -> list[int]:
    [funnel] = [each for each in numbers.funnels if each.form == form]
    return [step.people.n for step in funnel.steps]


def count(*, now: datetime = NOW) -> None:
    """Roll up, and forget every sitting that was left."""
    with override_settings(UNFINISHED_KEPT=timedelta(0)):
        retention.forget_old(now=now)
    roll_up(now=now)


@pytest.mark.django_db
def test_takers_and_outcomes_are_those_of_closed_weeks(live: Version) -> None:
    fill(live, count=300, seed=1, until=NOW, days=30)
    for days_ago in range(3, 15):
        begin(live, answered=3, days_ago=days_ago)
    assert not dashboard.numbers(live, now=NOW).has_people
    count()
    numbers = dashboard.numbers(live, now=NOW)
    in_closed = Result.objects.filter(finished_at__lt=MONDAY, attempt__made_from=None)
    assert 0.7 * in_closed.count() < numbers.finished.n <= in_closed.count()
    assert numbers.started.n > numbers.finished.n
    assert numbers.finished.n == sum(people.n for _, people in numbers.outcomes)
    counted = Counter(in_closed.values_list("outcome", flat=True))
    shown = dict(numbers.outcomes)["Clearly product"]
    assert 10 <= shown.n <= counted["clear_product"]
    assert str(shown) == str(shown.n // 10 * 10)


@pytest.mark.django_db
def test_one_result_more_changes_nothing_before_its_week_is_over(live: Version) -> None:
    fill(live, count=300, seed=1, until=NOW, days=30)
    count()
    before = dashboard.numbers(live, now=NOW)
    fill(live, count=30, seed=2, until=NOW, days=20)
    count()
    assert dashboard.numbers(live, now=NOW) == before
    count(now=NOW + timedelta(days=7))
    after = dashboard.numbers(live, now=NOW)
    assert after.finished.n >= before.finished.n + 10


@pytest.mark.django_db
def test_no_alarm_is_not_said_of_what_is_not_counted(
    live: Version, staff_client: Client
) -> None:
    def said() -> tuple[list[bool], bool, int]:
        response = staff_client.get("/admin/")
        section = parse(response).one("[aria-labelledby=alarms]")
        return (
            [found.judged for _, found in response.context["alarms"]],
            bool(response.context["uncounted"]),
            len(section.all(".unjudged")),
        )

    Version.objects.update(published_at=NOW - timedelta(days=60))
    assert said() == ([False, False], False, 2)
    fill(live, count=600, seed=1, until=NOW - timedelta(days=7), days=30)
    assert said() == ([False, False], True, 2)
    count()
    assert said() == ([True, True], False, 0)
    # Those of the open week are counted, but not shown.
    RollUp.objects.update(open_from=NOW.date() - timedelta(days=90))
    assert said() == ([False, False], False, 2)


@pytest.mark.django_db
def test_funnel_counts_who_came_to_each_section(live: Version) -> None:
    fill(live, count=100, seed=3, until=NOW - timedelta(days=7), days=2)
    for answered in (0, 4, 12):
        for _ in range(10):
            begin(live, answered=answered, days_ago=7)
    count()
    full = reached(dashboard.numbers(live, now=NOW), "full")
    assert full[0] - full[1] == full[1] - full[2] == 10
    assert full[0] > full[3] >= full[-1] > 0


@pytest.mark.django_db
def test_numbers_before_the_first_publishing(db: None) -> None:
    numbers = dashboard.numbers(None, now=NOW)
    assert (numbers.has_people, numbers.funnels, numbers.clicks) == (False, (), ())


@pytest.mark.django_db
def test_clicks_are_those_of_closed_weeks_in_tens(
    live: Version, staff_client: Client
) -> None:
    for _ in range(9):
        count_click("/", day=MONDAY.date() - timedelta(days=7))
    for _ in range(23):
        count_click("result", day=MONDAY.date() - timedelta(days=1))
    count_click("/", day=MONDAY.date())
    assert dashboard.numbers(live, now=NOW).clicks == ()
    count()
    assert board(staff_client).rows(CLICKS) == [["A result", "20"]]


@pytest.mark.django_db
def test_coaches_who_ask_are_there_for_those_who_may_approve_them(
    live: Version,
) -> None:
    manager = make_manager()
    approver = signed_in_as(manager)
    assert (board(approver).has("#asked"), board(approver).has(ASKED)) == (True, False)
    make_coach("Carla", by=manager)
    ask_for_account(name="Nora", email="nora@example.org", works_with="Nurses")
    nora = Coach.objects.get(name="Nora")
    [item] = board(approver).all(ASKED)
    assert item.values("a") == [
        reverse("admin:assessments_coach_change", args=[nora.pk])
    ]
    assert item.texts("a") == ["Nora"]
    assert item.text.endswith(f"{nora.asked_at:%B %-d, %Y}")
    assert not board(signed_in("anna", "view_coach")).has("#asked")
    for number in range(10):
        ask_for_account(
            name=f"Olga {number}", email=f"olga-{number}@example.org", works_with=""
        )
    shown = board(approver)
    assert len(shown.all(ASKED)) == 10
    [everybody] = shown.values("[aria-labelledby=asked] p a")
    assert approver.get(everybody).context["cl"].result_count == 11


CLICKS = "[aria-labelledby=clicks] tbody"
ASKED = "[aria-labelledby=asked] li"


def board(client: Client) -> Element:
    response = client.get("/admin/")
    assert response.status_code == 200
    return parse(response)


def sections(page: Element) -> list[str]:
    """The blocks of the page by the ids of their headings."""
    return [
        section.attributes["aria-labelledby"] for section in page.all("#board section")
    ]


@pytest.mark.django_db
def test_superuser_sees_everything(live: Version, staff_client: Client) -> None:
    fill(live, count=300, seed=4, until=NOW - timedelta(days=7), days=5)
    roll_up(now=NOW)
    for _ in range(12):
        count_click("/", day=NOW.date() - timedelta(days=7))
    Page.objects.filter(slug="skills").update(lead="Changed.")
    draft = duplicate(live)
    Questionnaire.objects.filter(pk=draft.pk).update(name="Autumn", label="In May")
    response = staff_client.get("/admin/")
    numbers = response.context["numbers"]
    shown = parse(response)
    assert sections(shown) == [
        "missing",
        "asked",
        "pages",
        "waiting",
        "alarms",
        "takers",
        "outcomes",
        "clicks",
        "way",
    ]
    assert shown.texts("[aria-labelledby=waiting] li a") == [
        "Skills you need",
        f"Draft {draft.pk}: In May",
    ]
    assert shown.rows("[aria-labelledby=outcomes] tbody") == [
        [words, str(people)] for words, people in numbers.outcomes
    ]
    assert shown.rows(CLICKS) == [["/", "10"]]
    [full] = [funnel for funnel in numbers.funnels if funnel.form == "full"]
    picture = shown.one("svg[aria-labelledby='full-name full-text']")
    assert (picture.has("#full-name"), picture.has("#full-text")) == (True, True)
    steps = [[step.name, step.about, str(step.people)] for step in full.steps]
    assert shown.rows("table.way tbody")[: len(steps)] == steps
    drafts = reverse("admin:assessments_questionnaire_changelist")
    assert shown.has(f"#content-main a[href={drafts}]")  # the list of everything


SEES = {
    "view_page": {"pages", "waiting_pages", "pages_to_review"},
    "view_questionnaire": {"live", "waiting_drafts"},
    "view_quality": {"live", "numbers", "alarms", "uncounted"},
    "change_coach": {"waiting_coaches"},
    "change_sitewords": {"missing_words"},
    "view_version": set(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("permission", SEES)
def test_each_block_is_for_those_whose_permissions_cover_it(
    live: Version, permission: str
) -> None:
    context = signed_in("anna", permission).get("/admin/").context
    assert {
        name
        for name in (
            "pages",
            "waiting_pages",
            "pages_to_review",
            "waiting_coaches",
            "missing_words",
            "live",
            "waiting_drafts",
            "numbers",
            "alarms",
            "uncounted",
        )
        if name in context
    } == SEES[permission]


@pytest.mark.django_db
def test_new_site_says_what_is_not_there_yet(db: None, staff_client: Client) -> None:
    response = staff_client.get("/admin/")
    numbers, shown = response.context["numbers"], parse(response)
    assert (numbers.has_people, numbers.clicks) == (False, ())
    assert response.context["live"] is None
    missing, *others = sections(shown)
    assert missing == "missing"
    assert others == ["asked", "waiting", "alarms", "takers", "clicks"]
    for name in others:
        section = shown.one(f"[aria-labelledby={name}]")
        assert section.texts(".inside p") != []
        assert section.all("li") == section.all("table") == []


@pytest.mark.django_db
def test_addresses_that_are_not_set_are_named_with_the_way_to_set_them(
    article: None,
) -> None:
    def missing() -> Element | None:
        published.forget()
        page = parse(client.get("/admin/"))
        return next(iter(page.all("[aria-labelledby=missing]")), None)

    client = signed_in("anna", "change_sitewords", "view_sitewords")
    block = missing()
    assert block is not None
    assert block.texts("li") == published.current().words.missing
    [form] = block.values("a")
    assert client.get(form, follow=True).status_code == 200
    SiteWords.objects.update(booking_address="https://calls.example.net/")
    publish_drafted_words()
    block = missing()
    assert block is not None
    assert len(block.all("li")) == 4
    SiteWords.objects.update(
        contact_email="a@example.net",
        controller="A. Sample, 1 Main Street",
        legal_basis="Consent",
        processors="No one",
    )
    publish_drafted_words()
    assert missing() is None


@pytest.mark.django_db
@pytest.mark.parametrize("many", [1, 3])
def test_page_costs_the_same_with_more_of_everything(
    live: Version, staff_client: Client, django_assert_num_queries: Any, many: int
) -> None:
    fill(live, count=40 * many, seed=5, until=NOW, days=5)
    roll_up(now=NOW - timedelta(days=1))
    for number in range(many):
        begin(live, answered=4 * number)
        count_click(f"/page-{number}/", day=NOW.date())
        ask_for_account(name="Nora", email=f"nora-{number}@example.org", works_with="")
        make_prose(make_page(f"page-{number}"))
        Questionnaire.objects.filter(pk=duplicate(live).pk).update(
            name=f"Draft {number}"
        )
    staff_client.get("/admin/")
    # 4 to let the account in, 3 of the admin itself, 49 of ours.
    with django_assert_num_queries(56):
        staff_client.get("/admin/")


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "commands"), [(8, []), (9, ["forget_old"])])
def test_says_which_daily_jobs_have_not_run(
    live: Version, days: int, commands: list[str]
) -> None:
    begin(live, answered=3)
    with time_machine.travel(NOW + timedelta(days=days, minutes=1), tick=False):
        page = board(signed_in("anna", "view_quality"))
        assert page.texts("#late-jobs code") == commands
        assert not board(signed_in("emil", "change_page")).has("#late-jobs")

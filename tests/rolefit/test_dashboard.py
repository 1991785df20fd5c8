"""The admin's front page.

Right numbers for few queries, and for each member of staff what concerns them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assessments.actions import attempts, retention
from assessments.actions.clicks import count_click
from assessments.actions.coaches import ask_for_account
from assessments.actions.drafts import duplicate
from assessments.actions.sums import roll_up
from assessments.actions.versions import publish
from assessments.models import Attempt, Coach, Questionnaire, Result, Version
from assessments.quality import dashboard
from assessments.quality.cells import FEW
from assessments.queries import versions
from content import published
from content.models import Page, SiteWords
from tests.support.articles import make_page, make_prose
from tests.support.coaching import make_coach, make_manager, signed_in_as
from tests.support.dom import Element, parse
from tests.support.staff import signed_in
from tools.fill_results import fill

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
MONTH, TODAY = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)


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


def finished(*, since: datetime, **which: Any) -> int:
    return Result.objects.filter(
        finished_at__gte=since, attempt__made_from=None, **which
    ).count()


def suppress_small_counts(numbers: dashboard.Numbers) -> dict[str, int]:
    return {
        name: getattr(numbers, name).n
        for name in ("started", "finished", "started_today", "finished_today")
    }


def reached(numbers: dashboard.Numbers, form: str) -> list[int]:
    [funnel] = [each for each in numbers.funnels if each.form == form]
    return [step.people.n for step in funnel.steps]


@pytest.mark.django_db
def test_takers_and_outcomes_are_those_of_the_month_and_the_day(live: Version) -> None:
    fill(live, count=300, seed=1, until=NOW, days=30)
    assert 0 < finished(since=TODAY) < finished(since=MONTH) < Result.objects.count()
    begin(live, answered=3)
    begin(live, answered=3, days_ago=2)
    begin(live, answered=3, days_ago=25)
    numbers = dashboard.numbers(live, now=NOW)
    assert suppress_small_counts(numbers) == {
        "started": finished(since=MONTH) + 2,
        "finished": finished(since=MONTH),
        "started_today": finished(since=TODAY) + 1,
        "finished_today": finished(since=TODAY),
    }
    rows = Result.objects.filter(finished_at__gte=MONTH, attempt__made_from=None)
    counted = Counter(rows.values_list("outcome", flat=True))
    assert sorted(people.n for _, people in numbers.outcomes) == sorted(
        counted[each]
        for each in (
            "careless",
            "low_both",
            "both",
            "close",
            "clear_project",
            "clear_product",
            "lean_project",
            "lean_product",
        )
    )
    assert dict(numbers.outcomes)["Clearly product"].n == counted["clear_product"]


@pytest.mark.django_db
def test_funnel_counts_who_came_to_each_section(live: Version) -> None:
    for answered in (0, 3, 4, 4, 8, 12, 25):
        begin(live, answered=answered)
    begin(live, answered=12, form="short")
    numbers = dashboard.numbers(live, now=NOW)
    assert reached(numbers, "full") == [7, 5, 3, 2, 1, 1, 0]
    assert reached(numbers, "short") == [1, 1, 1, 0]


@pytest.mark.django_db
def test_question_left_out_on_the_way_holds_the_funnel_up(live: Version) -> None:
    attempt = begin(live, answered=12)
    attempt.refresh_from_db()
    Attempt.objects.filter(pk=attempt.pk).update(
        answers={
            name: answer for name, answer in attempt.answers.items() if name != "T6"
        }
    )
    assert reached(dashboard.numbers(live, now=NOW), "full") == [1, 1, 0, 0, 0, 0, 0]


@pytest.mark.django_db
def test_numbers_are_the_same_before_and_after_rolling_up_and_forgetting(
    live: Version,
) -> None:
    fill(live, count=400, seed=2, until=NOW, days=30)
    for number in range(40):
        begin(live, answered=number % 26, days_ago=number % 8)
    begin(live, answered=12, form="short")
    before = dashboard.numbers(live, now=NOW)
    assert before.started.n > before.finished.n > 100
    roll_up(now=NOW + timedelta(minutes=11))
    assert dashboard.numbers(live, now=NOW) == before
    retention.forget_old(now=NOW, unfinished_kept=timedelta(0))
    assert not Attempt.objects.filter(finished_at=None, made_from=None).exists()
    assert dashboard.numbers(live, now=NOW) == before


@pytest.mark.django_db
def test_earlier_version_counts_among_takers_and_not_in_the_funnel(
    live: Version,
) -> None:
    fill(live, count=30, seed=3, until=NOW, days=2)
    begin(live, answered=4)
    draft = duplicate(live)
    Questionnaire.objects.filter(pk=draft.pk).update(name="Autumn")
    numbers = dashboard.numbers(publish(draft, by=None), now=NOW)
    assert numbers.started.n == numbers.finished.n + 1 > 20
    assert sum(reached(numbers, "full") + reached(numbers, "short")) == 0


@pytest.mark.django_db
def test_under_ten_people_no_number_is_shown_and_no_bar_drawn(live: Version) -> None:
    for number in range(12):
        begin(live, answered=4 if number < 9 else 3)
    [full, short] = dashboard.numbers(live, now=NOW).funnels
    assert [str(step.people) for step in full.steps] == ["12"] + ["fewer than 10"] * 6
    assert [step.width for step in full.steps] == [60.0] + [0.0] * 6
    assert (full.is_shown, short.is_shown) == (True, False)


@pytest.mark.django_db
def test_numbers_before_the_first_publishing(db: None) -> None:
    numbers = dashboard.numbers(None, now=NOW)
    assert (numbers.has_people, numbers.funnels, numbers.clicks) == (False, (), ())


@pytest.mark.django_db
def test_clicks_are_those_of_the_month_most_often_first(live: Version) -> None:
    for day, place in (
        (date(2026, 10, 31), "/"),
        (date(2026, 11, 1), "/"),
        (date(2026, 11, 20), "result"),
        (date(2026, 11, 19), "result"),
    ):
        count_click(place, day=day)
    clicks = dashboard.numbers(live, now=NOW).clicks
    assert clicks == (("A result", dashboard.People(2)), ("/", dashboard.People(1)))
    assert [str(n) for _, n in clicks] == ["fewer than 10", "fewer than 10"]


@pytest.mark.django_db
def test_clicks_are_told_as_a_number_from_ten_on(
    live: Version, staff_client: Client
) -> None:
    for _ in range(9):
        count_click("/", day=NOW.date())
    assert board(staff_client).rows(CLICKS) == [["/", FEW]]
    count_click("/", day=NOW.date())
    assert board(staff_client).rows(CLICKS) == [["/", "10"]]


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
    fill(live, count=300, seed=4, until=NOW, days=5)
    roll_up(now=NOW)
    count_click("/", day=NOW.date())
    Page.objects.filter(slug="skills").update(lead="Changed.")
    Questionnaire.objects.filter(pk=duplicate(live).pk).update(name="Autumn")
    response = staff_client.get("/admin/")
    numbers = response.context["numbers"]
    shown = parse(response)
    assert sections(shown) == [
        "missing",
        "asked",
        "waiting",
        "alarms",
        "takers",
        "outcomes",
        "clicks",
        "way",
    ]
    assert shown.texts("[aria-labelledby=waiting] li a") == [
        "Skills you need",
        "Autumn",
    ]
    assert shown.rows("[aria-labelledby=outcomes] tbody") == [
        [words, str(people)] for words, people in numbers.outcomes
    ]
    assert shown.rows(CLICKS) == [["/", FEW]]
    [full] = [funnel for funnel in numbers.funnels if funnel.form == "full"]
    picture = shown.one("svg[aria-labelledby='full-name full-text']")
    assert (picture.has("#full-name"), picture.has("#full-text")) == (True, True)
    steps = [[step.name, step.about, str(step.people)] for step in full.steps]
    assert shown.rows("table.way tbody")[: len(steps)] == steps
    drafts = reverse("admin:assessments_questionnaire_changelist")
    assert shown.has(f"#content-main a[href={drafts}]")  # the list of everything


SEES = {
    "view_page": {"waiting_pages"},
    "view_questionnaire": {"live", "waiting_drafts"},
    "view_quality": {"live", "numbers", "alarms"},
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
            "waiting_pages",
            "waiting_coaches",
            "missing_words",
            "live",
            "waiting_drafts",
            "numbers",
            "alarms",
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
    block = missing()
    assert block is not None
    assert len(block.all("li")) == 4
    SiteWords.objects.update(
        contact_email="a@example.net",
        controller="A. Sample, 1 Main Street",
        legal_basis="Consent",
        processors="No one",
    )
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
    # 4 to let the account in, 3 of the admin itself, 32 of ours.
    with django_assert_num_queries(43):
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

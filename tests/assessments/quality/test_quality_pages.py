"""The quality pages.

Right figures, nothing under ten people, and for nobody but those who may see quality.
"""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.actions import sums as sum_actions
from assessments.actions.drafts import duplicate_with_constants
from assessments.actions.sums import roll_up
from assessments.actions.versions import assemble
from assessments.engine.quality import quality
from assessments.engine.sums import WEEK, Sums, week_of
from assessments.models import (
    CountDay,
    ItemDay,
    Questionnaire,
    Result,
    ScaleDay,
    Version,
)
from assessments.quality.cells import DASH, FEW, HIDDEN
from assessments.quality.page import quality_page
from assessments.queries import sums as sum_queries
from assessments.queries import versions
from assessments.templatetags.outcomes import outcome_words
from content.models import AuditEntry
from tests.support.admin import messages_of, quoted
from tests.support.dom import parse
from tests.support.pages import levels
from tests.support.staff import address, signed_in
from tools.fill_results import fill

pytestmark = pytest.mark.database

FULL = (1, "full")
BEGIN = "section[aria-labelledby=constants] form"  # begins a draft with them
LONG_AGO = timedelta(days=400)


@pytest.fixture
def analyst(questionnaire: Version) -> Client:
    return signed_in("anna", "view_quality")


def count_in(version: Version, *, count: int, days: int = 20, **how: Any) -> None:
    """Results of closed weeks."""
    fill(version, count=count, seed=1, until=last_week(), days=days, **how)
    roll_up(now=timezone.now())


def last_week() -> datetime:
    """The last minute of the newest closed week."""
    monday = week_of((timezone.now() - sum_actions.SETTLED).date())
    return datetime.combine(monday, time(), UTC) - timedelta(minutes=1)


def published(version: Version) -> Sums:
    today = timezone.now().date()
    shown = sum_queries.published_blocks(since=today - LONG_AGO, until=today)
    return sum_queries.sum_of(shown[version.pk, "full"])


def at(name: str, *args: object) -> str:
    return address(f"rollup_{name}", *args)


def waiting(response: HttpResponse) -> list[str]:
    """The numbers in what a page says above the button that counts what waits."""
    page = parse(response)
    assert len(page.all("form.waiting button")) == 1
    [words] = page.texts("form.waiting p")
    return numbers(words)


def numbers(words: str) -> list[str]:
    return re.findall(r"\d+", words)


def page_of(version: Version, form: str = "full") -> Any:
    today = timezone.now().date()
    return quality_page(version, form, since=today - timedelta(days=364), until=today)


def rows_of(response: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.django_db
def test_page_shows_the_figures_of_the_sums_with_their_intervals(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=600)
    found = quality(
        versions.questionnaire_of(questionnaire),
        "full",
        published(questionnaire),
    )
    page = parse(analyst.get(at("page", *FULL)))
    alpha, item = found.scales[0].alpha, found.items[0]
    first = versions.questionnaire_of(questionnaire).questions_of("full")[0]
    assert first.project
    assert first.product

    def cells(name: str) -> set[str]:
        """The cells of a table, without the ranges that stand in small figures."""
        return {
            cell.text.removesuffix("".join(cell.texts("small"))).strip()
            for cell in page.all(f"section[aria-labelledby={name}] td")
        }

    assert set(page.texts("section[aria-labelledby=scales] td")) >= {
        f"{alpha.value:.2f} {alpha.low:.2f} to {alpha.high:.2f}"
    }
    assert cells("questions") >= {
        f"{item.sd:.2f}",
        f"{item.item_rest:.2f}",
        f"{first.project.text} / {first.product.text}",
    }
    assert cells("answers") >= {f"{100 * item.options[2].value:.0f}%"}
    assert cells("lean") >= {f"{found.lean.se:.2f}", f"{found.lean.reliability:.2f}"}
    # As many pictures as tables that say the same.
    assert len(page.all("svg[role=img]")) == len(page.all("details table")) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("count", [4, 35, 130])
def test_no_table_and_no_picture_tells_a_number_under_ten(
    analyst: Client, questionnaire: Version, count: int
) -> None:
    count_in(questionnaire, count=count, days=9)
    shown = page_of(questionnaire)
    hidden = 0
    for table in shown.tables.values():
        counted = [
            place
            for place, column in enumerate(table.columns)
            if column.title.startswith("People")
        ]
        for row in table.rows:
            for place in counted:
                [n] = row[place].values
                assert n in (FEW, HIDDEN, DASH) or int(n) >= 10, (table.name, row)
                hidden += n == FEW
            # A share of fewer than ten people is as hidden as their number.
            assert [cell for cell in row if cell.text == FEW and cell.between] == []
    assert hidden
    assert all(
        piece.height > 0
        for chart in (shown.weeks, shown.leans)
        for piece in chart.pieces
    )
    page = parse(analyst.get(at("page", *FULL)))
    assert FEW in page.texts("table.figures td")


@pytest.mark.django_db
def test_page_and_index_of_nobody_say_so(analyst: Client) -> None:
    index = analyst.get(at("changelist"))
    assert index.context["headlines"] == []
    assert len(parse(index).all("p.about")) == 3
    response = analyst.get(at("page", *FULL))
    page, shown = parse(response), response.context["quality"]
    assert (shown.results, shown.alarms.notices, shown.proposal) == (FEW, (), None)
    assert not shown.alarms.judged
    assert len(page.all("section[aria-labelledby=alarms] .unjudged")) == 1
    empty = {name for name, table in shown.tables.items() if not table.rows}
    assert empty == {"weeks", "wishes", "turnout", "prediction"}
    assert list(shown.answers.rows) == []
    for name, table in shown.tables.items():
        section = page.one(f"section[aria-labelledby={name}]")
        assert section.texts("tbody th") == [row[0].text for row in table.rows]
        # A picture or a table, or a sentence in its place.
        assert section.has("table") or section.texts("p") == [table.empty]


@pytest.mark.django_db
def test_index_lists_versions_and_forms_with_results_and_alarms(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=300)
    page = parse(analyst.get(at("changelist")))
    forms = ("full", "short")
    assert page.values("tbody th a") == [at("page", 1, form) for form in forms]
    assert [row[1] for row in page.rows("tbody")] == [
        page_of(questionnaire, form).results for form in forms
    ]
    # The index counts the alarms that the page lists, those of single weeks, too.
    pages = [parse(analyst.get(at("page", 1, form))) for form in forms]
    listed = [len(each.all("[aria-labelledby=alarms] li")) for each in pages]
    assert [row[2] for row in page.rows("tbody")] == [str(n) for n in listed]
    assert not any(each.has(".unjudged") for each in pages)


@pytest.mark.django_db
def test_too_few_results_are_not_called_without_alarm(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=25)
    assert parse(analyst.get(at("page", *FULL))).has(".unjudged")
    for row in parse(analyst.get(at("changelist"))).rows("tbody"):
        assert numbers(row[2]) == []
    fill(questionnaire, count=40, seed=2, until=last_week(), days=3)
    section = parse(analyst.get(at("page", *FULL))).one("[aria-labelledby=alarms]")
    assert numbers(section.texts("p")[-1]) == ["40"]


@pytest.mark.django_db
def test_whole_weeks_narrow_the_page_and_wrong_ones_say_how_to_mend_them(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=300, days=30)
    today = timezone.now().date()
    monday = week_of(last_week().date())
    [(_, last)] = sum_queries.published_blocks(
        since=monday, until=today, only=(questionnaire.pk, "full")
    ).items()
    narrow = analyst.get(
        at("page", *FULL), {"since": (monday + timedelta(days=3)).isoformat()}
    )
    people = sum_queries.sum_of(last).outcomes.total()
    assert narrow.context["quality"].results == str(people // 10 * 10)
    assert people < published(questionnaire).outcomes.total()
    files = "form[action$='.csv'] input"  # the weeks of the files
    assert set(parse(narrow).values(f"{files}[name=since]")) == {monday.isoformat()}
    late = analyst.get(at("page", *FULL), {"until": "9999-12-31"})
    sunday = week_of(today) + timedelta(days=6)
    assert set(parse(late).values(f"{files}[name=until]")) == {sunday.isoformat()}
    for wrong, field in (
        ({"since": "2026-05-02", "until": "2026-05-01"}, "until"),
        ({"since": "soon"}, "since"),
    ):
        response = analyst.get(at("page", *FULL), wrong)
        assert list(response.context["weeks"].errors) == [field]
        assert len(parse(response).all("form.weeks .errorlist li")) == 1
        assert response.context.get("quality") is None


@pytest.mark.django_db
@pytest.mark.parametrize("count", [40, 400])
def test_pages_cost_the_same_with_more_results(
    analyst: Client, questionnaire: Version, count: int, django_assert_num_queries: Any
) -> None:
    count_in(questionnaire, count=count)
    analyst.get(at("page", *FULL))
    # Session, account, second factor, two of rights; the version; watermark and what
    # waits; the open week, twice; then twice the open week, items, scales, counts: for
    # the figures, and for the weeks that wait.
    with django_assert_num_queries(18):
        analyst.get(at("page", *FULL))


@pytest.mark.django_db
def test_alarm_tells_what_is_seen_and_what_to_do(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=200)
    ItemDay.objects.filter(question="T3", form="full").update(
        skips=20, option_0=10, option_1=20, option_2=5, option_3=1, option_4=0
    )
    response = analyst.get(at("page", *FULL))
    skipped = [
        notice
        for notice in response.context["quality"].alarms.notices
        if quoted(notice.problem) == ["Not sure"]
    ]
    [notice] = skipped
    assert re.findall(r"\b[TES]\d+\b", notice.problem) == ["T3"]
    page = parse(response).one("section[aria-labelledby=alarms]")
    [item] = [item for item in page.all("li") if item.text.startswith(notice.problem)]
    assert item.one("span").text == notice.advice != ""


@pytest.mark.django_db
def test_page_says_which_weeks_are_shown_together_and_which_wait(
    analyst: Client, questionnaire: Version
) -> None:
    monday = week_of(last_week().date())
    Version.objects.update(published_at=last_week() - 9 * WEEK)
    for weeks_ago, n in ((6, 6), (4, 14), (1, 9)):
        CountDay.objects.create(
            version=questionnaire,
            form="full",
            day=monday - weeks_ago * WEEK,
            kind="outcome",
            key="close",
            n=n,
        )
    roll_up(now=timezone.now())
    response = analyst.get(at("page", *FULL))
    [[first, last, people, *_]] = [
        [cell.text for cell in row]
        for row in response.context["quality"].tables["weeks"].rows
    ]
    assert [first, last, people] == [
        f"{day:%B} {day.day}, {day.year}"
        for day in (monday - 6 * WEEK, monday - 4 * WEEK)
    ] + ["20"]
    assert response.context["waiting_from"] == monday - 3 * WEEK
    short = analyst.get(at("page", 1, "short"))
    assert short.context["waiting_from"] == monday - 9 * WEEK
    CountDay.objects.filter(day=monday - WEEK).update(day=monday, n=10)
    assert analyst.get(at("page", *FULL)).context["waiting_from"] is None


@pytest.mark.django_db
def test_week_that_shifts_is_named(analyst: Client, questionnaire: Version) -> None:
    monday = week_of(last_week().date())
    for day, close in ((monday - timedelta(days=7), 20), (monday, 120)):
        for outcome, n in (
            ("close", close),
            ("clear_project", 100),
            ("clear_product", 100),
        ):
            CountDay.objects.create(
                version=questionnaire,
                form="full",
                day=day,
                kind="outcome",
                key=outcome,
                n=n,
            )
    roll_up(now=timezone.now())
    response = analyst.get(at("page", *FULL))
    shifts = [row for row in response.context["quality"].alarms.notices if row.where]
    page = parse(response)
    weeks = page.texts("section[aria-labelledby=alarms] li b")
    assert set(weeks) == {f"From the week of {monday:%B} {monday.day}, {monday.year}."}
    assert len(weeks) == len(shifts)
    assert [outcome_words("close")] in [quoted(shift.problem) for shift in shifts]


@pytest.mark.django_db
def test_file_is_the_table_and_is_written_down(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=300)
    for name, table in page_of(questionnaire).tables.items():
        response = analyst.post(at("export", *FULL, name))
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == (
            f'attachment; filename="rolefit-version-1-full-{name}.csv"'
        )
        assert [len(row) for row in rows_of(response)] == [
            sum(len(column.headings) for column in table.columns)
        ] * (len(table.rows) + 1)
    assert AuditEntry.objects.filter(act="export", by__username="anna").count() == len(
        page_of(questionnaire).tables
    )
    heading, first, *_ = rows_of(analyst.post(at("export", *FULL, "questions")))
    assert heading[3:7] == ["Mean", "Mean, from", "Mean, to", "Spread"]
    assert float(first[4]) < float(first[3]) < float(first[5])
    assert AuditEntry.objects.first().subject.startswith(
        "quality table “Questions”, version 1, full form, "
    )


@pytest.mark.django_db
def test_file_of_no_table_or_no_days_is_refused_and_not_written_down(
    analyst: Client,
) -> None:
    assert analyst.post(at("export", *FULL, "people")).status_code == 404
    assert (
        analyst.post(at("export", *FULL, "questions"), {"since": "soon"}).status_code
        == 400
    )
    assert not AuditEntry.objects.filter(act="export").exists()


@pytest.mark.django_db
def test_page_counts_what_waits_when_somebody_asks_it_to(
    analyst: Client, questionnaire: Version
) -> None:
    fill(questionnaire, count=30, seed=2, until=timezone.now(), days=2)
    assert waiting(analyst.get(at("changelist"))) == ["30"]
    assert not ScaleDay.objects.exists()
    counted = analyst.post(at("count"), follow=True)
    assert levels(counted) == ["success"]
    assert [numbers(message) for message in messages_of(counted)] == [["30"]]
    assert waiting(counted) == []
    assert ScaleDay.objects.exists()


@pytest.mark.django_db
def test_fewer_than_ten_that_wait_are_not_told_in_number(
    analyst: Client, questionnaire: Version
) -> None:
    nobody = analyst.get(at("changelist"))
    fill(questionnaire, count=7, seed=2, until=timezone.now(), days=2)
    seven = analyst.get(at("changelist"))
    assert waiting(nobody) == waiting(seven) == []
    words = [parse(page).texts("form.waiting p") for page in (nobody, seven)]
    assert words[0] == words[1]
    counted = analyst.post(at("count"), follow=True)
    [said] = messages_of(counted)
    assert (levels(counted), numbers(said)) == (["success"], ["10"])
    assert messages_of(analyst.post(at("count"), follow=True)) == [said]


@pytest.mark.django_db
def test_a_long_wait_is_counted_in_parts(
    analyst: Client, questionnaire: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sum_actions, "SLICE", 2)
    monkeypatch.setattr("assessments.admin.quality.MAX_SLICES", 20)
    fill(questionnaire, count=50, seed=2, until=timezone.now(), days=2)
    assert waiting(analyst.post(at("count"), follow=True)) == ["10"]
    assert waiting(analyst.post(at("count"), follow=True)) == []


def propose(version: Version) -> None:
    """Answers that agree less with each other than the version assumes."""
    count_in(version, count=900)
    assert page_of(version).proposal is not None


@pytest.mark.django_db
def test_next_draft_begins_with_the_constants_that_the_answers_suggest(
    questionnaire: Version,
) -> None:
    propose(questionnaire)
    both = signed_in("ada", "view_quality", "add_questionnaire", "change_questionnaire")
    proposal = page_of(questionnaire).proposal
    before = (
        Version.objects.values().get(),
        list(Result.objects.order_by("pk").values()),
    )
    page = parse(both.get(at("page", *FULL)))
    suggested = [
        row[2] for row in page.rows("section[aria-labelledby=constants] tbody")
    ]
    assert suggested[:2] == [str(proposal.v_trade_off), str(proposal.v_enjoyment)]
    assert page.values(BEGIN) == [at("draft", *FULL)]
    response = both.post(
        at("draft", *FULL), {"v_trade_off": "2", "v_enjoyment": "2"}, follow=True
    )
    draft = Questionnaire.objects.latest("pk")
    assert (draft.v_trade_off, draft.v_enjoyment) == (
        str(proposal.v_trade_off),
        str(proposal.v_enjoyment),
    )
    assert response.redirect_chain[-1][0] == address("questionnaire_change", draft.pk)
    assert levels(response) == ["success"]
    [message] = messages_of(response)
    assert re.findall(r"of ([\d/]+) for one", message) == [
        draft.v_trade_off,
        draft.v_enjoyment,
    ]
    assert (
        Version.objects.values().get(),
        list(Result.objects.order_by("pk").values()),
    ) == before


def come_back(version: Version, pairs: int) -> None:
    """So many people answered again, five points off either way, and nobody else."""
    CountDay.objects.filter(kind="retest").delete()
    for key in ("5", "-5"):
        CountDay.objects.create(
            version=version,
            form="full",
            day=week_of(last_week().date()),
            kind="retest",
            key=key,
            n=pairs // 2,
        )


def rows_about_again(client: Client) -> list[list[str]]:
    page = parse(client.get(at("page", *FULL)))
    return [
        row
        for row in page.rows("section[aria-labelledby=lean] tbody")
        if row[0].startswith(("Same side again", "Kappa"))
    ]


@pytest.mark.django_db
def test_same_side_on_another_day_is_told_from_100_pairs_on(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=900)
    come_back(questionnaire, 98)
    others = rows_about_again(analyst)
    assert len(others) == 2
    come_back(questionnaire, 100)
    rows = rows_about_again(analyst)
    assert (len(rows), rows[:2]) == (4, others)
    found = quality(
        versions.questionnaire_of(questionnaire),
        "full",
        published(questionnaire),
    ).lean
    for row, estimate in zip(
        rows,
        (
            *(found.other_questions.share, found.other_questions.kappa),
            *(found.another_day.share, found.another_day.kappa),
        ),
        strict=True,
    ):
        assert row[1] == (
            f"{estimate.value:.2f} {estimate.low:.2f} to {estimate.high:.2f}"
        )


@pytest.mark.django_db
def test_what_the_next_version_knows_depends_on_who_came_back(
    questionnaire: Version,
) -> None:
    propose(questionnaire)
    both = signed_in("ada", "view_quality", "add_questionnaire", "change_questionnaire")
    for pairs, over_days in ((0, False), (98, False), (100, True)):
        come_back(questionnaire, pairs)
        assert page_of(questionnaire).proposal.over_days is over_days
        page = parse(both.get(at("page", *FULL)))
        # A second paragraph says that ranges can only get wider.
        notes = page.texts("section[aria-labelledby=constants] .inside p")
        assert len(notes) == (1 if over_days else 2)
        both.post(at("draft", *FULL))
        draft = Questionnaire.objects.latest("pk")
        assert draft.consistency_measured
        assert draft.steadiness_measured is over_days


@pytest.mark.django_db
def test_nothing_is_suggested_that_the_version_already_knows(
    questionnaire: Version,
) -> None:
    propose(questionnaire)
    come_back(questionnaire, 0)
    proposal = page_of(questionnaire).proposal
    draft = duplicate_with_constants(
        questionnaire,
        v_trade_off=proposal.v_trade_off,
        v_enjoyment=proposal.v_enjoyment,
        over_days=False,
    )
    # As if the same people had answered the version with these constants.
    Version.objects.update(
        consistency_measured=True, definition=assemble(draft).to_json()
    )
    version = Version.objects.get()
    assert page_of(version).proposal is None
    come_back(version, 100)
    assert page_of(version).proposal.over_days
    Version.objects.update(steadiness_measured=True)
    steady = page_of(Version.objects.get()).proposal
    come_back(version, 0)
    assert page_of(Version.objects.get()).proposal is None
    # With pairs, the constants may narrow; without, nothing is left to say.
    assert steady is None or not steady.confirms


@pytest.mark.django_db
def test_no_draft_is_made_where_nothing_is_suggested(questionnaire: Version) -> None:
    count_in(questionnaire, count=40)
    both = signed_in("ada", "view_quality", "add_questionnaire")
    drafts = Questionnaire.objects.count()
    assert levels(both.post(at("draft", *FULL), follow=True)) == ["error"]
    assert Questionnaire.objects.count() == drafts


@pytest.mark.django_db
def test_analyst_sees_the_constants_and_cannot_begin_a_draft(
    analyst: Client, questionnaire: Version
) -> None:
    propose(questionnaire)
    page = parse(analyst.get(at("page", *FULL)))
    assert len(page.rows("section[aria-labelledby=constants] tbody")) == 4
    assert page.values(BEGIN) == []
    drafts = Questionnaire.objects.count()
    assert analyst.post(at("draft", *FULL)).status_code == 403
    assert Questionnaire.objects.count() == drafts


ADDRESSES = {
    "changelist": (),
    "page": FULL,
    "count": (),
    "draft": FULL,
    "export": (*FULL, "questions"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADDRESSES)
def test_staff_without_the_right_and_visitors_reach_nothing(
    questionnaire: Version, name: str
) -> None:
    editor, method = (
        signed_in("edith", "add_questionnaire", "view_version"),
        "get" if name in ("changelist", "page") else "post",
    )
    assert getattr(editor, method)(at(name, *ADDRESSES[name])).status_code == 403
    visited = getattr(Client(), method)(at(name, *ADDRESSES[name]), follow=True)
    assert visited.redirect_chain[-1][0].partition("?")[0] == "/accounts/login/"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["count", "draft", "export"])
def test_what_writes_answers_to_post_alone(analyst: Client, name: str) -> None:
    assert analyst.get(at(name, *ADDRESSES[name])).status_code == 405
    assert analyst.head(at(name, *ADDRESSES[name])).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("which", [(9, "full"), (1, "medium")])
def test_unknown_version_and_form_are_not_found(
    analyst: Client, which: tuple[int, str]
) -> None:
    assert analyst.get(at("page", *which)).status_code == 404

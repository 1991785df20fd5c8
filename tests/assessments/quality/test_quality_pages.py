"""The quality pages:

right figures, nothing under ten people, and for nobody but those who may see quality.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.actions import sums as sum_actions
from assessments.actions.sums import roll_up
from assessments.engine.quality import quality
from assessments.engine.sums import WEEK, week_of
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
from content.models import AuditEntry
from tests.support.staff import address, signed_in, text_of
from tools.fill_results import fill

pytestmark = pytest.mark.database

FULL = (1, "full")
LONG_AGO = timedelta(days=400)


@pytest.fixture
def analyst(questionnaire: Version) -> Client:
    return signed_in("anna", "view_quality")


def count_in(version: Version, *, count: int, days: int = 20, **how: Any) -> None:
    fill(version, count=count, seed=1, until=timezone.now(), days=days, **how)
    roll_up(now=timezone.now())


def at(name: str, *args: object) -> str:
    return address(f"rollup_{name}", *args)


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
    today = timezone.now().date()
    found = quality(
        versions.questionnaire_of(questionnaire),
        "full",
        sum_queries.sums_of(questionnaire, "full", since=today - LONG_AGO, until=today),
    )
    text = text_of(analyst.get(at("page", *FULL)))
    alpha, item = found.scales[0].alpha, found.items[0]
    for figure in (
        (
            f"<td>{alpha.value:.2f} <small>{alpha.low:.2f} to"
            f" {alpha.high:.2f}</small></td>"
        ),
        f"<td>{item.sd:.2f}</td>",
        f"<td>{item.item_rest:.2f}</td>",
        f"<td>{100 * item.options[2].value:.1f}\N{NO-BREAK SPACE}% <small>",
        f"<td>{found.lean.se:.2f}</td>",
        f"<td>{found.lean.reliability:.2f}</td>",
        (
            "Before I start, I write down the steps and who does what. / Before I"
            " start, I picture how people will feel using it."
        ),
    ):
        assert figure in text, figure
    assert (
        text.count('role="img"')
        == text.count("<summary>The same as a table</summary>")
        == 3
    )


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
    assert FEW in text_of(analyst.get(at("page", *FULL)))


@pytest.mark.django_db
def test_page_and_index_of_nobody_say_so(analyst: Client) -> None:
    assert "Nothing has been counted yet." in text_of(analyst.get(at("changelist")))
    text = text_of(analyst.get(at("page", *FULL)))
    for words in (
        "Results of these weeks: fewer than 10.",
        "Drawn once 30 people have answered.",
        "No results in these weeks.",
        "None.",
    ):
        assert words in text


@pytest.mark.django_db
def test_index_lists_versions_and_forms_with_results_and_alarms(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=300)
    text = text_of(analyst.get(at("changelist")))
    for form in ("full", "short"):
        shown = page_of(questionnaire, form)
        its = (
            f'<a href="{at("page", 1, form)}">Version 1, {form}'
            f" form</a></th><td>{shown.results}</td>"
        )
        assert its in text


@pytest.mark.django_db
def test_whole_weeks_narrow_the_page_and_wrong_ones_say_how_to_mend_them(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=300, days=30)
    today = timezone.now().date()
    monday = week_of(today) - WEEK
    some = CountDay.objects.filter(kind="outcome", form="full", day__gte=monday)
    text = text_of(
        analyst.get(
            at("page", *FULL), {"since": (monday + timedelta(days=3)).isoformat()}
        )
    )
    assert f"Results of these weeks: {sum(some.values_list('n', flat=True))}." in text
    assert f'value="{monday.isoformat()}"' in text
    swapped = analyst.get(
        at("page", *FULL), {"since": "2026-05-02", "until": "2026-05-01"}
    )
    assert "The last week must not come before the first." in text_of(swapped)
    late = analyst.get(at("page", *FULL), {"until": "9999-12-31"})
    assert f'value="{week_of(today) + timedelta(days=6)}"' in text_of(late).replace(
        "9999-12-31", ""
    )  # the file's weeks
    assert "Enter a valid date." in text_of(
        analyst.get(at("page", *FULL), {"since": "soon"})
    )


@pytest.mark.django_db
@pytest.mark.parametrize("count", [40, 400])
def test_pages_cost_the_same_with_more_results(
    analyst: Client, questionnaire: Version, count: int, django_assert_num_queries: Any
) -> None:
    count_in(questionnaire, count=count)
    analyst.get(at("page", *FULL))
    # Session, account, second factor, two of rights; the version; items, scales,
    # counts; weeks; watermark and what waits.
    with django_assert_num_queries(12):
        analyst.get(at("page", *FULL))


@pytest.mark.django_db
def test_alarm_tells_what_is_seen_and_what_to_do(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=200)
    ItemDay.objects.filter(question="T3", form="full").update(
        skips=20, option_0=10, option_1=20, option_2=5, option_3=1, option_4=0
    )
    text = text_of(analyst.get(at("page", *FULL)))
    assert "Question T3 is answered with “Not sure” by" in text
    assert "Look whether it is hard to understand or does not apply to many." in text


@pytest.mark.django_db
def test_week_that_shifts_is_named(analyst: Client, questionnaire: Version) -> None:
    monday = timezone.now().date() - timedelta(days=timezone.now().weekday() + 7)
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
    text = text_of(analyst.get(at("page", *FULL)))
    assert f"Week from {monday.day} {monday:%B %Y}." in text
    assert "The share of “close call” moved from one week to the next by" in text


@pytest.mark.django_db
def test_file_is_the_table_and_is_written_down(
    analyst: Client, questionnaire: Version
) -> None:
    count_in(questionnaire, count=300)
    for name, table in page_of(questionnaire).tables.items():
        response = analyst.post(at("export", *FULL, name))
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert (
            f'filename="rolefit-version-1-full-{name}.csv"'
            in response["Content-Disposition"]
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
    assert "30 results wait to be counted." in text_of(analyst.get(at("changelist")))
    assert not ScaleDay.objects.exists()
    said = text_of(analyst.post(at("count"), follow=True))
    assert "Looked at 30 new results." in said
    assert "wait to be counted" not in said
    assert ScaleDay.objects.exists()


@pytest.mark.django_db
def test_fewer_than_ten_that_wait_are_not_told_in_number(
    analyst: Client, questionnaire: Version
) -> None:
    fill(questionnaire, count=7, seed=2, until=timezone.now(), days=2)
    assert "Fewer than 10 results wait to be counted." in text_of(
        analyst.get(at("changelist"))
    )
    assert "Looked at fewer than 10 new results." in text_of(
        analyst.post(at("count"), follow=True)
    )


@pytest.mark.django_db
def test_a_long_wait_is_counted_in_parts(
    analyst: Client, questionnaire: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sum_actions, "BATCH", 2)
    fill(questionnaire, count=50, seed=2, until=timezone.now(), days=2)
    assert "10 results wait to be counted." in text_of(
        analyst.post(at("count"), follow=True)
    )
    assert "wait to be counted" not in text_of(analyst.post(at("count"), follow=True))


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
    assert f"<td>{proposal.v_trade_off}</td>" in text_of(both.get(at("page", *FULL)))
    response = both.post(
        at("draft", *FULL), {"v_trade_off": "2", "v_enjoyment": "2"}, follow=True
    )
    draft = Questionnaire.objects.latest("pk")
    assert (draft.v_trade_off, draft.v_enjoyment) == (
        str(proposal.v_trade_off),
        str(proposal.v_enjoyment),
    )
    assert response.redirect_chain[-1][0] == address("questionnaire_change", draft.pk)
    assert (
        f"This draft begins as version 1, with V_T {draft.v_trade_off} and V_E"
        f" {draft.v_enjoyment}." in text_of(response)
    )
    assert (
        Version.objects.values().get(),
        list(Result.objects.order_by("pk").values()),
    ) == before


@pytest.mark.django_db
def test_no_draft_is_made_where_nothing_is_suggested(questionnaire: Version) -> None:
    count_in(questionnaire, count=40)
    both = signed_in("ada", "view_quality", "add_questionnaire")
    drafts = Questionnaire.objects.count()
    assert "No draft was made: these weeks suggest no other constants." in text_of(
        both.post(at("draft", *FULL), follow=True)
    )
    assert Questionnaire.objects.count() == drafts


@pytest.mark.django_db
def test_analyst_sees_the_constants_and_cannot_begin_a_draft(
    analyst: Client, questionnaire: Version
) -> None:
    propose(questionnaire)
    assert "Begin the next draft with these constants" not in text_of(
        analyst.get(at("page", *FULL))
    )
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
    assert (
        "/accounts/login/"
        in getattr(Client(), method)(
            at(name, *ADDRESSES[name]), follow=True
        ).redirect_chain[-1][0]
    )


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

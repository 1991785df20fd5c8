"""Panels rate how good statements look.

The page, what is stored, and what publishing makes of it.
"""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from assessments.actions.ratings import (
    NothingToRate,
    PanelClosed,
    close_panel,
    make_panel,
    rate,
)
from assessments.actions.versions import NotPublished, publish, review_draft
from assessments.drafts import rating
from assessments.drafts.desirability import average_gaps, balances
from assessments.models import (
    PanelRating,
    Question,
    Questionnaire,
    RateCount,
    RatingPanel,
    Version,
)
from assessments.queries.ratings import ratings_of
from content.models import AuditEntry
from content.published import forget
from tests.support.dom import parse
from tests.support.pages import template_of
from tests.support.panel import rated
from tests.support.snapshots import forget_snapshots

pytestmark = pytest.mark.django_db
T1_PROJECT = "Before I start something, I list the steps it needs."
THANKS = "assessments/rated.html"


@pytest.fixture
def panel(draft: Questionnaire, staff: User) -> RatingPanel:
    return make_panel(draft, by=staff)


def address_of(panel: RatingPanel) -> str:
    return f"/rate/{panel.token}/"


def sheet(panel: RatingPanel, number: str = "4", **changes: str) -> dict[str, str]:
    return (
        {"sheet": str(uuid4())}
        | {f"s{place}": number for place in range(1, len(panel.statements) + 1)}
        | changes
    )


def method_of(client: Client) -> tuple[Version, list[str]]:
    """The version that the method page speaks of, and its paragraphs."""
    response = client.get("/method/")
    return response.context["version"], parse(response).texts("main p")


def about_wording(client: Client) -> set[str]:
    """What the method page says only because its version counts as rated, or not."""
    version, before = method_of(client)
    Version.objects.update(wording_rated=not version.wording_rated)
    forget_snapshots()
    return set(before) - set(method_of(client)[1])


def p10(draft: Questionnaire) -> list[tuple[str, bool]]:
    return [
        (str(finding.place), finding.blocking)
        for finding in review_draft(draft).findings
        if finding.rule == "P10"
    ]


def test_page_asks_for_every_statement_once_in_the_panels_order(
    panel: RatingPanel, client: Client
) -> None:
    assert len(panel.statements) == len(set(panel.statements)) == 37
    response = client.get(address_of(panel))
    main = parse(response).one("main")
    assert main.texts("fieldset .statement") == panel.statements
    fields = [field.attributes for field in main.all("fieldset input")]
    names = [f"s{place}" for place in range(1, 38)]
    assert [field["name"] for field in fields] == [
        name for name in names for _ in range(8)
    ]
    assert [field["value"] for field in fields[:8]] == [*"1234567", "skip"]
    # Neither in words nor in markup does it hint at what a statement stands for.
    markup = response.content.decode().lower().partition("<main")[2]
    markup = markup.partition("</main>")[0]
    hints = ("looks good", "project", "product", "trade-off", "side", "<script")
    assert [hint for hint in hints if hint in markup] == ["looks good"]


def test_order_is_shuffled_and_stays(
    draft: Questionnaire, staff: User, client: Client
) -> None:
    orders = {tuple(make_panel(draft, by=staff).statements) for _ in range(3)}
    assert len(orders) == 3
    assert len({tuple(sorted(order)) for order in orders}) == 1


def test_page_is_kept_out_of_search_and_caches_and_can_be_sent(
    panel: RatingPanel,
) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.get(address_of(panel))
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert client.post(address_of(panel), sheet(panel)).status_code == 403
    sent = sheet(panel) | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(address_of(panel), sent).status_code == 200


def test_reading_the_page_stores_nothing(
    panel: RatingPanel, client: Client, django_assert_num_queries
) -> None:
    client.get(address_of(panel))  # the site's own words are held in memory from now on
    with django_assert_num_queries(1):
        client.get(address_of(panel))
    client.head(address_of(panel))
    assert not PanelRating.objects.exists()


def test_sheet_is_stored_in_the_panels_order_and_thanked_for(
    panel: RatingPanel, client: Client
) -> None:
    response = client.post(address_of(panel), sheet(panel, s1="7", s2="skip", s37="1"))
    assert template_of(response) == THANKS
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert PanelRating.objects.get().numbers == [7, None, *[4] * 34, 1]


def test_sheet_that_is_sent_twice_counts_once(
    panel: RatingPanel, client: Client
) -> None:
    first = sheet(panel)
    for sent in (first, first | {"s1": "7"}):
        assert template_of(client.post(address_of(panel), sent)) == THANKS
    assert PanelRating.objects.get().numbers == [4] * 37


def test_sheet_with_gaps_names_them_and_keeps_the_rest(
    panel: RatingPanel, client: Client
) -> None:
    sent = sheet(panel, s3="9")
    del sent["s5"]
    response = client.post(address_of(panel), sent)
    assert response.status_code == 422
    page = parse(response)
    assert page.values("[role=alert] a") == ["#id_s3_0", "#id_s5_0"]
    in_error = page.all("fieldset.in-error")
    assert [field.all("input")[0].attributes["name"] for field in in_error] == [
        "s3",
        "s5",
    ]
    assert len(page.all("input:checked")) == 35
    assert page.values("input[name=sheet]") == [sent["sheet"]]
    assert not PanelRating.objects.exists()


@pytest.mark.parametrize("number", ["", "1", "x" * 5000])
def test_sheet_without_its_number_is_refused(
    panel: RatingPanel, client: Client, number: str
) -> None:
    assert client.post(address_of(panel), sheet(panel, sheet=number)).status_code == 400
    assert not PanelRating.objects.exists()


def test_unknown_and_closed_links_are_the_same_404(
    panel: RatingPanel, client: Client, staff: User
) -> None:
    close_panel(panel, by=staff)
    answers = [client.get(address) for address in (address_of(panel), "/rate/0000/")]
    answers += [client.post(address_of(panel), sheet(panel))]
    assert {answer.status_code for answer in answers} == {404}
    assert (
        answers[0].content.replace(panel.token.encode(), b"0000") == answers[1].content
    )
    assert not PanelRating.objects.exists()


def test_panel_that_closes_while_somebody_rates_takes_nothing_more(
    panel: RatingPanel, staff: User
) -> None:
    close_panel(panel, by=staff)
    with pytest.raises(PanelClosed):
        rate(panel, sheet=uuid4(), numbers=[4] * 37)


def test_making_and_closing_are_written_down_with_who_did_it(
    draft: Questionnaire, staff: User, panel: RatingPanel
) -> None:
    closer = User.objects.create_user("cleo", "cleo@example.org")
    close_panel(panel, by=closer)
    close_panel(panel, by=staff)
    link = f"rating link {panel.pk} of the questionnaire draft “Autumn”"
    entries = AuditEntry.objects.order_by("pk").filter(
        subject__startswith="rating link"
    )
    assert list(entries.values_list("by__username", "act", "subject")) == [
        (staff.username, "make", link),
        ("cleo", "close", link),
    ]
    assert not AuditEntry.objects.filter(subject__contains=panel.token).exists()


def test_closing_twice_keeps_the_first_moment(panel: RatingPanel, staff: User) -> None:
    moments = []
    for _ in range(2):
        close_panel(panel, by=staff)
        panel.refresh_from_db()
        moments.append(panel.closed_at)
    assert moments[0] == moments[1] is not None


@pytest.mark.parametrize("numbers", [[4] * 36, [0] + [4] * 36, [8] + [4] * 36])
def test_numbers_that_do_not_fit_the_panel_are_refused(
    panel: RatingPanel, numbers: list[int | None]
) -> None:
    with pytest.raises(ValueError, match="4"):
        rate(panel, sheet=uuid4(), numbers=numbers)


def test_draft_without_statements_has_nothing_to_rate(
    questionnaire: Version, staff: User
) -> None:
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing.")
    with pytest.raises(NothingToRate):
        make_panel(empty, by=staff)
    assert not RatingPanel.objects.exists()


def test_too_many_sheets_from_one_place_wait(
    panel: RatingPanel, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rating, "MAX_SHEETS", 1)
    assert [
        client.post(address_of(panel), sheet(panel)).status_code for _ in range(2)
    ] == [200, 429]
    assert (PanelRating.objects.count(), RateCount.objects.count()) == (1, 1)


def test_twelve_level_ratings_take_the_warning_away_and_publishing_keeps_that(
    draft: Questionnaire, client: Client
) -> None:
    rated(draft, people=11)
    assert len(p10(draft)) == 12
    assert not review_draft(draft).wording_rated
    rated(draft, people=1)
    assert p10(draft) == []
    version = publish(draft, by=None)
    assert version.wording_rated
    forget_snapshots()
    assert method_of(client)[0] == version
    assert len(about_wording(client)) == 1


def test_version_that_nobody_has_rated_says_so(
    questionnaire: Version, client: Client
) -> None:
    forget()
    assert method_of(client)[0] == questionnaire
    assert len(about_wording(client)) == 1


def test_side_that_looks_better_stands_in_the_way(draft: Questionnaire) -> None:
    rated(draft, people=12, numbers={T1_PROJECT: 5})
    assert p10(draft) == [("T1", True)]
    with pytest.raises(NotPublished, match="The project side looks better by 1.00"):
        publish(draft, by=None)


def test_statement_skipped_by_too_many_keeps_the_version_unrated(
    draft: Questionnaire,
) -> None:
    enjoyed = Question.objects.get(section__questionnaire=draft, code="E1")
    rated(draft, people=12, numbers={enjoyed.statement: None})
    assert p10(draft) == []
    assert not publish(draft, by=None).wording_rated


def test_rating_belongs_to_the_words(draft: Questionnaire) -> None:
    rated(draft, people=12)
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        statement="Before I start, I list the steps and who does them."
    )
    assert p10(draft) == [("T1", False)]
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        statement=T1_PROJECT
    )
    assert p10(draft) == []


def test_balance_stands_from_left_to_right_and_its_gap_towards_project(
    draft: Questionnaire,
) -> None:
    t2 = Question.objects.get(
        section__questionnaire=draft, code="T2"
    )  # project on the right
    rated(draft, people=1, numbers={t2.statement: 3, t2.other_statement: None})
    rated(draft, people=1, numbers={t2.statement: 6, t2.other_statement: 7})
    checked = review_draft(draft)
    assert checked.questionnaire
    found = {
        each.question: each for each in balances(checked.questionnaire, checked.ratings)
    }
    assert list(found) == [f"T{number}" for number in range(1, 13)]
    second = found["T2"]
    assert [
        (side.role, side.raters, side.mean) for side in (second.left, second.right)
    ] == [("product", 1, 7.0), ("project", 2, 4.5)]
    assert (second.raters, second.gap, second.apart, second.better) == (
        1,
        -2.5,
        2.5,
        "product",
    )
    assert (second.enough, second.too_far, found["T1"].better) == (False, True, "")
    assert average_gaps(checked.questionnaire, checked.ratings) == {}


def test_average_gap_is_of_each_form(draft: Questionnaire) -> None:
    rated(draft, people=12, numbers={T1_PROJECT: 7})
    checked = review_draft(draft)
    assert checked.questionnaire
    assert average_gaps(checked.questionnaire, checked.ratings) == {
        "full": 3 / 12,
        "short": 3 / 8,
    }


@pytest.mark.parametrize("panels", [1, 3])
def test_review_does_not_ask_more_for_more_panels(
    draft: Questionnaire, panels: int, django_assert_num_queries
) -> None:
    for _ in range(panels):
        rated(draft, people=2)
    with django_assert_num_queries(9):
        review_draft(draft)


def test_ratings_are_read_only_of_panels_that_asked_for_the_words(
    draft: Questionnaire, staff: User, django_assert_num_queries
) -> None:
    rated(draft, people=2, numbers={T1_PROJECT: 7})
    other = RatingPanel.objects.create(
        questionnaire=draft,
        token="other",
        statements=["Words of another draft"],
        created_at=RatingPanel.objects.get().created_at,
        created_by=staff,
    )
    rate(other, sheet=uuid4(), numbers=[1])
    with django_assert_num_queries(2) as asked:
        assert ratings_of([T1_PROJECT, "Never asked"]) == {
            T1_PROJECT: [7, 7],
            "Never asked": [],
        }
    sql = asked.captured_queries[1]["sql"]
    assert f"IN ({RatingPanel.objects.exclude(pk=other.pk).get().pk})" in sql
    with django_assert_num_queries(1):
        assert ratings_of(["Never asked"]) == {"Never asked": []}


def test_sheet_of_another_panel_is_not_taken_over(
    panel: RatingPanel, staff: User, draft: Questionnaire
) -> None:
    number = UUID(int=7)
    rate(panel, sheet=number, numbers=[4] * 37)
    assert (
        rate(make_panel(draft, by=staff), sheet=number, numbers=[7] * 37).panel == panel
    )

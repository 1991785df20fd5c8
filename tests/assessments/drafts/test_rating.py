"""Panels rate how good statements look.

The page, what is stored, and what publishing makes of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http.cookies import Morsel
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from assessments.actions.ratings import (
    NothingToRate,
    PanelClosed,
    close_panel,
    make_panel,
    rate,
)
from assessments.actions.versions import NotPublished, publish, review_draft
from assessments.drafts import rating
from assessments.drafts.desirability import GapPicture, balances, form_pictures
from assessments.engine.desirability import Gap
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
THANKS = "assessments/rated.html"


@pytest.fixture
def panel(draft: Questionnaire, staff: User) -> RatingPanel:
    return make_panel(draft, by=staff)


def project(draft: Questionnaire, code: str) -> str:
    """The project statement of a trade-off."""
    question = Question.objects.get(section__questionnaire=draft, code=code)
    return question.statement


def address_of(panel: RatingPanel) -> str:
    return f"/rate/{panel.token}/"


def sheet(panel: RatingPanel, number: str = "4", **changes: str) -> dict[str, str]:
    return {
        f"s{place}": number for place in range(1, len(panel.statements) + 1)
    } | changes


def browser_at(panel: RatingPanel) -> Client:
    """A browser that has just opened the page."""
    client = Client()
    assert client.get(address_of(panel)).status_code == 200
    return client


def cookie_of(client: Client) -> Morsel[str]:
    return client.cookies[rating.SHEET_COOKIE]


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
    client.head(
        address_of(panel)
    )  # the site's own words are held in memory from now on
    with django_assert_num_queries(2):
        client.get(address_of(panel))
    with django_assert_num_queries(1):
        Client().get(address_of(panel))
    assert not PanelRating.objects.exists()


def test_each_browser_gets_one_sheet_in_a_cookie_of_the_page(
    panel: RatingPanel, client: Client
) -> None:
    response = client.get(address_of(panel))
    given = response.cookies[rating.SHEET_COOKIE]
    assert (given["path"], given["httponly"], given["samesite"], given["secure"]) == (
        address_of(panel),
        True,
        "Lax",
        "",
    )
    assert given["max-age"] == rating.SHEET_AGE.total_seconds()
    # It keeps its sheet, and another browser gets another.
    assert rating.SHEET_COOKIE not in client.get(address_of(panel)).cookies
    assert cookie_of(browser_at(panel)).value != given.value


def test_sheet_cookie_is_sent_over_https_only_where_the_site_is(
    panel: RatingPanel, client: Client, settings: Settings
) -> None:
    settings.HTTPS = True
    client.get(address_of(panel))
    assert cookie_of(client)["secure"]


def test_sheet_is_stored_in_the_panels_order_and_thanked_for(
    panel: RatingPanel,
) -> None:
    client = browser_at(panel)
    response = client.post(address_of(panel), sheet(panel, s1="7", s2="skip", s37="1"))
    assert (template_of(response), response.context["is_new"]) == (THANKS, True)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    stored = PanelRating.objects.get()
    assert stored.numbers == [7, None, *[4] * 34, 1]
    assert cookie_of(client).value.startswith(f"{stored.sheet.hex}:")


def test_second_sheet_of_a_browser_is_told_that_it_was_counted(
    panel: RatingPanel,
) -> None:
    client = browser_at(panel)
    client.post(address_of(panel), sheet(panel))
    again = [
        client.post(address_of(panel), sheet(panel, s1="7")),
        client.post(address_of(panel), {}),
        client.get(address_of(panel)),
    ]
    assert [(template_of(page), page.context["is_new"]) for page in again] == [
        (THANKS, False)
    ] * 3
    assert len({parse(page).one("h1").text for page in again}) == 1
    assert PanelRating.objects.get().numbers == [4] * 37
    # Another browser has a sheet of its own.
    browser_at(panel).post(address_of(panel), sheet(panel, "5"))
    assert PanelRating.objects.count() == 2


def test_same_sheet_sent_twice_at_once_counts_once(
    panel: RatingPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second request looks before the first has stored."""
    client = browser_at(panel)
    monkeypatch.setattr(rating.rating_queries, "is_counted", lambda *given: False)
    pages = [client.post(address_of(panel), sheet(panel)) for _ in range(2)]
    assert [page.context["is_new"] for page in pages] == [True, False]
    assert PanelRating.objects.count() == 1


def _without(panel: RatingPanel, client: Client) -> None:
    del client.cookies[rating.SHEET_COOKIE]


def _forged(panel: RatingPanel, client: Client) -> None:
    number, rest = cookie_of(client).value.split(":", 1)
    client.cookies[rating.SHEET_COOKIE] = f"{UUID(int=7).hex}:{rest}"


def _unsigned(panel: RatingPanel, client: Client) -> None:
    client.cookies[rating.SHEET_COOKIE] = uuid4().hex


def _of_another_panel(panel: RatingPanel, client: Client) -> None:
    other = make_panel(panel.questionnaire, by=panel.created_by)
    value = cookie_of(browser_at(other)).value
    client.cookies[rating.SHEET_COOKIE] = value


@pytest.mark.parametrize("spoil", [_without, _forged, _unsigned, _of_another_panel])
def test_sheet_that_we_did_not_sign_is_refused_and_keeps_the_choices(
    panel: RatingPanel, spoil: Callable[[RatingPanel, Client], None]
) -> None:
    client = browser_at(panel)
    before = cookie_of(client).value
    spoil(panel, client)
    _refuses_and_then_takes(client, panel)
    assert cookie_of(client).value != before


def test_sheet_is_refused_once_it_is_too_old(
    panel: RatingPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_at(panel)
    now = time.time()
    a_year = rating.SHEET_AGE.total_seconds()
    monkeypatch.setattr(time, "time", lambda: now + a_year - 60)
    page = client.get(address_of(panel))
    assert rating.SHEET_COOKIE not in page.cookies
    monkeypatch.setattr(time, "time", lambda: now + a_year + 60)
    _refuses_and_then_takes(client, panel)


def _refuses_and_then_takes(client: Client, panel: RatingPanel) -> None:
    """The browser is refused, keeps its choices and gets a sheet to send them with."""
    response = client.post(address_of(panel), sheet(panel, "6", s2="skip"))
    assert response.status_code == 422
    assert rating.SHEET_COOKIE in response.cookies
    page = parse(response)
    assert len(page.texts("[role=alert] li")) == 1
    assert page.values("input:checked") == ["6", "skip", *["6"] * 35]
    assert not PanelRating.objects.exists()
    response = client.post(address_of(panel), sheet(panel, "6", s2="skip"))
    assert (template_of(response), response.context["is_new"]) == (THANKS, True)
    assert PanelRating.objects.get().numbers == [6, None, *[6] * 35]


def test_sheet_with_gaps_names_them_and_keeps_the_rest(panel: RatingPanel) -> None:
    client = browser_at(panel)
    own = cookie_of(client).value
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
    assert cookie_of(client).value == own
    assert not PanelRating.objects.exists()


def test_browser_without_a_sheet_is_told_of_gaps_as_well(panel: RatingPanel) -> None:
    response = Client().post(address_of(panel), sheet(panel, s3="9"))
    assert response.status_code == 422
    page = parse(response)
    assert page.values("[role=alert] a") == ["#id_s3_0"]
    assert len(page.texts("[role=alert] li")) == 2


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
    link = f"rating link {panel.pk} of the questionnaire draft “Draft {draft.pk}”"
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


def test_panel_that_closes_while_its_page_is_sent_is_a_404(
    panel: RatingPanel, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_at(panel)

    def close_and_look(*given: object) -> bool:
        close_panel(panel, by=staff)
        return False

    monkeypatch.setattr(rating.rating_queries, "is_counted", close_and_look)
    assert client.post(address_of(panel), sheet(panel)).status_code == 404
    assert not PanelRating.objects.exists()


def test_too_many_sheets_from_one_place_wait(
    panel: RatingPanel, monkeypatch: pytest.MonkeyPatch, half_past: object
) -> None:
    monkeypatch.setattr(rating, "MAX_SHEETS", 1)
    browsers = [browser_at(panel) for _ in range(2)]
    assert [
        client.post(address_of(panel), sheet(panel)).status_code for client in browsers
    ] == [200, 429]
    assert (PanelRating.objects.count(), RateCount.objects.count()) == (1, 1)


def test_forty_level_ratings_take_the_warning_away_and_publishing_keeps_that(
    draft: Questionnaire, client: Client
) -> None:
    rated(draft, people=39)
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
    rated(draft, people=40, numbers={project(draft, "T9"): 5})
    assert p10(draft) == [("T9", True)]
    with pytest.raises(NotPublished, match="The project side looks better by 1.00"):
        publish(draft, by=None)


def test_trade_off_on_the_limit_is_published_as_unrated(draft: Questionnaire) -> None:
    rated(draft, people=20)
    rated(draft, people=20, numbers={project(draft, "T9"): 5})
    assert p10(draft) == [("T9", False)]
    assert not publish(draft, by=None).wording_rated


def test_statement_skipped_by_too_many_keeps_the_version_unrated(
    draft: Questionnaire,
) -> None:
    enjoyed = Question.objects.get(section__questionnaire=draft, code="E1")
    rated(draft, people=40, numbers={enjoyed.statement: None})
    assert p10(draft) == []
    assert not publish(draft, by=None).wording_rated


def test_rating_belongs_to_the_words(draft: Questionnaire) -> None:
    words = project(draft, "T1")
    rated(draft, people=40)
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        statement="Before I start, I list the steps and who does them."
    )
    assert p10(draft) == [("T1", False)]
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        statement=words
    )
    assert p10(draft) == []


def test_balance_stands_from_left_to_right_and_counts_who_rated_both(
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
    assert [(side.role, side.mean) for side in (second.left, second.right)] == [
        ("product", 7.0),
        ("project", 6.0),
    ]
    gap = second.picture.gap
    assert (second.raters, gap.mean, gap.better) == (1, -1.0, "product")
    # One rater has no interval to draw; two have.
    assert (second.picture.drawn, found["T1"].picture.drawn) == (False, True)
    assert (second.picture.missing, found["T1"].picture.missing) == (39, 38)
    forms = form_pictures(checked.questionnaire, checked.ratings)
    assert {form: picture.missing for form, picture in forms.items()} == {
        "full": 39,
        "short": 39,
    }


@pytest.mark.parametrize(
    ("mean", "error", "marks", "words"),
    [
        # Project looks better: on the left. The limit of .5 is an eighth from zero.
        (0.5, 0.0, ("37.50%", "37.50%", "37.50%"), ("0.50", "0.50", "0.50")),
        (-0.5, 0.0, ("62.50%", "62.50%", "62.50%"), ("0.50", "0.50", "0.50")),
        (-0.2, 0.304, ("55.00%", "42.50%", "67.50%"), ("0.20", "−0.30", "0.70")),
        (9.0, 0.0, ("0.00%", "0.00%", "0.00%"), ("9.00", "9.00", "9.00")),
        (0.0, 9.0, ("50.00%", "0.00%", "100.00%"), ("0.00", "−14.80", "14.80")),
    ],
)
def test_picture_has_project_on_the_left(
    mean: float, error: float, marks: tuple[str, ...], words: tuple[str, ...]
) -> None:
    picture = GapPicture(Gap(0.5, 40, mean, error))
    assert (picture.mean, picture.low, picture.high) == words
    assert (picture.mark, picture.left, picture.right) == marks


@pytest.mark.parametrize("panels", [1, 3])
def test_review_does_not_ask_more_for_more_panels(
    draft: Questionnaire, panels: int, django_assert_num_queries
) -> None:
    for _ in range(panels):
        rated(draft, people=2)
    with django_assert_num_queries(8):
        review_draft(draft)


def test_ratings_are_read_only_of_panels_that_asked_for_the_words(
    draft: Questionnaire, staff: User, django_assert_num_queries
) -> None:
    words = project(draft, "T1")
    rated(draft, people=2, numbers={words: 7})
    other = RatingPanel.objects.create(
        questionnaire=draft,
        token="other",
        statements=["Words of another draft"],
        created_at=RatingPanel.objects.get().created_at,
        created_by=staff,
    )
    rate(other, sheet=uuid4(), numbers=[1])
    with django_assert_num_queries(2) as asked:
        assert ratings_of([words, "Never asked"]) == [{words: 7}] * 2
    sql = asked.captured_queries[1]["sql"]
    assert f"IN ({RatingPanel.objects.exclude(pk=other.pk).get().pk})" in sql
    with django_assert_num_queries(1):
        assert ratings_of(["Never asked"]) == []

"""What a rehearsal says, as one page and line by line, and what it keeps to itself."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions.sums import roll_up
from assessments.defaults import default_questionnaire
from assessments.defaults.simulated import simulated
from assessments.drafts import rehearsal
from assessments.engine.outcomes import Outcome
from assessments.engine.simulation import simulate
from assessments.models import Question, Questionnaire, Result
from assessments.quality.cells import FEW
from assessments.templatetags.outcomes import outcome_words
from tests.support.dom import parse
from tests.support.pages import levels, template_of
from tests.support.staff import address
from tests.support.taker import EXAMPLES, Taker, answers_of

STRICTER = {
    "clear_floor": "60",
    "clear_z_squared": "50",
    "sure_z_squared": "60",
}  # "clear" becomes "leans"
REHEARSED = "admin/assessments/questionnaire/rehearse.html"
DAY = date(2026, 1, 5)
CHANGES = "div[aria-labelledby=changes] tbody"


def stored(example: str) -> rehearsal.StoredAnswers:
    answers = {
        question: None if value == "skip" else int(value)
        for question, value in answers_of(example).items()
    }
    return EXAMPLES[example][0], json.dumps(answers), 300, example, DAY


def lines_of(client: Client, draft: Questionnaire) -> list[dict[str, Any]]:
    response = client.post(
        address("questionnaire_rehearse", draft.pk),
        headers={"Accept": "application/x-ndjson"},
    )
    assert response["Content-Type"] == "application/x-ndjson"
    return [
        json.loads(line) for line in b"".join(response.streaming_content).splitlines()
    ]


def test_slices_add_up_and_are_the_same_each_time(few_people: int) -> None:
    default = default_questionnaire()
    found = rehearsal.rehearse(default, live=None, stored=())
    assert [(each.form, each.draft.people, each.live) for each in found.figures] == [
        ("full", few_people, None),
        ("short", few_people, None),
    ]
    slices = [
        simulate(
            default,
            form="full",
            people=rehearsal.SLICE,
            seed=rehearsal.FIRST_SEED + number,
        )
        for number in range(2)
    ]
    assert found.figures[0].draft.clear == sum(each.clear for each in slices)
    assert rehearsal.rehearse(default, live=None, stored=()) == found


@pytest.mark.slow
def test_simulated_default_is_as_published() -> None:
    full, short = (
        each.draft
        for each in rehearsal.rehearse(
            default_questionnaire(), live=None, stored=()
        ).figures
    )
    for figures, form in ((full, "full"), (short, "short")):
        published = simulated().runs[form]
        for name in ("clear_share", "leans_share", "right_when_clear"):
            # three standard errors of 10,000 people
            assert getattr(figures, name) == pytest.approx(published[name], abs=1.5)
        assert figures.clear_but_wrong == pytest.approx(
            published["clear_but_wrong"], abs=0.25
        )


@pytest.mark.parametrize(("live", "count"), [(False, 0), (True, 0), (True, 1201)])
def test_work_counts_every_person_up_to_all_of_them(
    few_people: int, live: bool, count: int
) -> None:
    default = default_questionnaire()
    other = default if live else None
    done = list(
        rehearsal.rehearsing(default, live=other, stored=[stored("close")] * count)
    )
    assert done == sorted(set(done))
    assert done[-1] == rehearsal.people_in(other, count)
    assert (
        max(later - earlier for earlier, later in zip([0, *done], done, strict=False))
        <= rehearsal.SLICE
    )


def test_replay_counts_what_fits_and_what_would_change() -> None:
    replay = rehearsal.Replay()
    short_of_one = ("full", '{"T1": 3}', 300, "close", DAY)
    broken = dict.fromkeys(answers_of("close"), 9)
    now_other = [(*stored("close")[:3], "lean_project", DAY)] * 11 + [
        (*stored("clear_project")[:3], "close", DAY)
    ] * 9
    replay.add(
        default_questionnaire(),
        [
            stored("both"),
            *[short_of_one] * 5,
            *[("full", json.dumps(broken), 300, "close", DAY)] * 6,
            *now_other,
        ],
    )
    assert (replay.fitting, replay.not_fitting) == (20, 10)
    assert replay.changes == [rehearsal.OutcomeChange("lean_project", "close", 10)]


def test_replay_changes_by_ten_people_from_week_to_week() -> None:
    shown = []
    replay = rehearsal.Replay()
    for number, people in enumerate((18, 9, 3, 19)):
        day = DAY + timedelta(days=7 * number + 2)
        replay.add(default_questionnaire(), [(*stored("both")[:4], day)] * people)
        shown.append(replay.fitting)
    # 18, then 9 and 3 together.
    assert shown == [10, 10, 30, 40]


def test_most_frequent_change_comes_first_and_equal_ones_in_one_order() -> None:
    replay = rehearsal.Replay()
    now_other = [
        (*stored("close")[:3], before, DAY)
        for before, people in (("lean_project", 10), ("both", 19), ("low_both", 25))
        for _ in range(people)
    ]
    replay.add(default_questionnaire(), now_other)
    assert [(change.before, change.count) for change in replay.changes] == [
        ("low_both", 20),
        ("both", 10),
        ("lean_project", 10),
    ]


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("close", "lean_project", "project"),
        ("clear_product", "lean_product", "project"),
        ("clear_project", "both", "product"),
        ("lean_project", "clear_product", "product"),
        ("both", "close", ""),
        ("too_few", "clear_project", ""),
        ("clear_project", "careless", ""),
    ],
)
def test_change_goes_one_way_or_neither(before: str, after: str, way: str) -> None:
    change = rehearsal.OutcomeChange(Outcome(before), Outcome(after), 10)
    assert change.way == way


@pytest.mark.django_db
@pytest.mark.usefixtures("few_people")
def test_page_shows_probes_figures_and_what_stored_answers_would_become(
    editor: Client, draft: Questionnaire
) -> None:
    Taker().take("clear_project")
    result = Result.objects.get()
    Result.objects.bulk_create(_again(result, number) for number in range(2, 13))
    close_the_week()
    Questionnaire.objects.filter(pk=draft.pk).update(**STRICTER)
    response = editor.post(address("questionnaire_rehearse", draft.pk))
    page, rehearsed = parse(response), response.context["rehearsal"]
    assert rehearsed.favored == []
    rows = page.rows("div[aria-labelledby=probes] tbody")
    favored = [probe.name for probe in rehearsed.probes if probe.favors]
    assert [row[0] for row in rows if row[-1] != "no role"] == favored
    assert [(figures.form, bool(figures.live)) for figures in rehearsed.figures] == [
        ("full", True),
        ("short", True),
    ]
    people = page.rows("div[aria-labelledby=people] tbody")
    assert len({row[0] for row in people}) == len(people) == 4
    [change] = rehearsed.replay.changes
    assert (change.before, change.after, change.count, change.way) == (
        "clear_project",
        "lean_project",
        10,
        "product",
    )
    [[before, after, count, _]] = page.rows(CHANGES)
    words = [outcome_words(outcome) for outcome in (change.before, change.after)]
    assert [before, after, count] == [*words, "10"]
    assert Result.objects.count() == 12


@pytest.mark.django_db
@pytest.mark.usefixtures("few_people")
@pytest.mark.parametrize(("people", "told"), [(0, FEW), (9, FEW), (10, "10")])
def test_numbers_under_ten_are_not_told(
    editor: Client, draft: Questionnaire, people: int, told: str
) -> None:
    Taker().take("clear_project")
    first = Result.objects.get()
    Result.objects.bulk_create(_again(first, number) for number in range(2, people + 1))
    if not people:
        Result.objects.all().delete()
    close_the_week()
    Questionnaire.objects.filter(pk=draft.pk).update(**STRICTER)
    response = editor.post(address("questionnaire_rehearse", draft.pk))
    page, replay = parse(response), response.context["rehearsal"].replay
    assert (replay.fitting, replay.not_fitting) == (people // 10 * 10, 0)
    *_, fitting = page.texts("#content-main p")
    assert re.match(rf"{told} \D+ {FEW}\D+", fitting)
    rows = page.rows(CHANGES) if page.has(CHANGES) else []
    assert [row[2] for row in rows] == ["10"] * (people // 10)


def close_the_week() -> None:
    """Roll up as in a week."""
    roll_up(now=timezone.now() + timedelta(days=7))


def _again(result: Result, number: int) -> Result:
    fields = {
        field.attname: getattr(result, field.attname)
        for field in Result._meta.concrete_fields
        if not field.primary_key
    }
    if "attempt_id" in fields:
        attempt = result.attempt
        attempt.pk = None
        attempt.save()
        fields["attempt_id"] = attempt.pk
    return Result(**fields | {"number": number})


@pytest.mark.django_db
def test_script_gets_a_line_after_every_slice_and_the_same_findings_last(
    editor: Client, draft: Questionnaire, few_people: int
) -> None:
    Taker().take("clear_project")
    result = Result.objects.get()
    Result.objects.bulk_create(_again(result, number) for number in range(2, 13))
    close_the_week()
    people = 4 * few_people + 10  # in tens, as all else
    *progress, last = lines_of(editor, draft)
    assert progress[0] == {"done": rehearsal.SLICE, "people": people}
    assert progress[-1] == {"done": people, "people": people}
    assert list(last) == ["html"]
    page = editor.post(address("questionnaire_rehearse", draft.pk)).content.decode()
    assert last["html"] in page


@pytest.mark.django_db
@pytest.mark.usefixtures("few_people")
def test_lines_are_not_held_back(editor: Client, draft: Questionnaire) -> None:
    headers = {"Accept": "application/x-ndjson", "Accept-Encoding": "gzip"}
    response = editor.post(address("questionnaire_rehearse", draft.pk), headers=headers)
    assert (response["Content-Encoding"], response["X-Accel-Buffering"]) == (
        "identity",
        "no",
    )
    assert "no-store" in response["Cache-Control"]
    assert json.loads(next(iter(response.streaming_content)))["done"] == rehearsal.SLICE
    response.close()


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "application/x-ndjson"])
def test_draft_that_cannot_be_scored_says_what_is_missing(
    editor: Client, accept: str
) -> None:
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing.")
    response = editor.post(
        address("questionnaire_rehearse", empty.pk),
        headers={"Accept": accept},
        follow=True,
    )
    assert response.redirect_chain == [(address("questionnaire_change", empty.pk), 302)]
    assert levels(response) == ["error"]


@pytest.mark.django_db
@pytest.mark.usefixtures("few_people")
def test_rehearsal_does_not_ask_more_for_more_results(
    editor: Client, draft: Questionnaire
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            editor.post(address("questionnaire_rehearse", draft.pk))
        return len(found)

    Taker().take("clear_project")
    asked()
    with_one = asked()
    for _ in range(2):
        Taker().take("both")
    assert asked() == with_one


@pytest.mark.django_db
@pytest.mark.usefixtures("few_people")
def test_page_speaks_words_and_no_codes(editor: Client, draft: Questionnaire) -> None:
    # All trade-offs the same way round: whoever always presses left favors one role.
    Question.objects.filter(section__questionnaire=draft).exclude(side="").update(
        side="left"
    )
    Questionnaire.objects.filter(pk=draft.pk).update(
        full_careless_run=12, short_careless_run=8
    )
    response = editor.post(address("questionnaire_rehearse", draft.pk))
    rows = parse(response).rows("div[aria-labelledby=probes] tbody")
    probes = response.context["rehearsal"].probes
    assert [row[:3] for row in rows] == [
        [probe.name, probe.form, outcome_words(probe.outcome) or "more than one"]
        for probe in probes
    ]
    assert ("random clickers", "full", None) in [
        (probe.name, probe.form, probe.outcome) for probe in probes
    ]
    assert [row[4] != "no role" for row in rows] == [
        bool(probe.favors) for probe in probes
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("few_people")
@pytest.mark.parametrize("gone", [["E1"], ["E1", "E3", "E5", "E7"]], ids=" ".join)
def test_draft_that_lacks_ratings_is_rehearsed_or_refused_in_words(
    editor: Client, draft: Questionnaire, gone: list[str]
) -> None:
    Question.objects.filter(section__questionnaire=draft, code__in=gone).delete()
    response = editor.post(address("questionnaire_rehearse", draft.pk), follow=True)
    rehearsed = template_of(response) == REHEARSED
    assert levels(response) == ([] if rehearsed else ["error"])

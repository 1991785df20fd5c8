"""The method page gives the simulated figures and the outside data as they are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish
from assessments.defaults import default_questionnaire
from assessments.defaults.occupations import SUPPORT
from assessments.defaults.simulated import simulated
from assessments.models import Questionnaire, Version
from assessments.queries import versions
from assessments.results.evidence import outside_evidence
from assessments.templatetags.figures import in_hundred
from tests.support.dom import Element, parse
from tests.support.snapshots import forget_snapshots

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"(?:more than |fewer than )?\d[\d,.]*\d|\d")


def page_of(client: Client) -> Element:
    forget_snapshots()
    return parse(client.get("/method/"))


def hundred(share: float) -> str:
    return str(round(share))


def thousand(share: float) -> str:
    return str(round(10 * share))


def test_outcomes_in_the_table_are_those_simulated(
    questionnaire: Version, client: Client
) -> None:
    page = page_of(client)
    names = ("clear", "leans", "both", "close", "low_both")
    full, short = (simulated().runs[form] for form in ("full", "short"))
    assert [row[1:] for row in page.rows("#simulated tbody")] == [
        [hundred(full[f"{name}_share"]), hundred(short[f"{name}_share"])]
        for name in names
    ]


def test_every_number_of_the_list_is_a_simulated_one(
    questionnaire: Version, client: Client
) -> None:
    runs = simulated().runs
    stress = [figures for run, figures in runs.items() if run.startswith("stress: ")]
    clear = [figures["right_when_clear"] for figures in stress]
    wrong = [figures["clear_but_wrong"] for figures in stress]
    items = page_of(client).all("#tried li")
    assert [NUMBER.findall(item.text) for item in items] == [
        [
            hundred(runs["full"]["right_when_clear"]),
            "100",
            thousand(runs["full"]["clear_but_wrong"]),
            "1,000",
        ],
        [
            str(len(stress)),
            f"{max(figures['answer_variance'] for figures in stress) / 1.25:.1f}",
            hundred(min(clear)),
            "more than 99" if max(clear) > 99.5 else hundred(max(clear)),
            "100",
            thousand(min(wrong)),
            thousand(max(wrong)),
            "1,000",
        ],
        [hundred(runs["full"]["clear_of_balanced"]), "100"],
        [
            hundred(100 - runs["full"]["right_if_forced"]),
            "100",
            hundred(runs["counting"]["wrong_if_forced"]),
        ],
        [
            hundred(runs["clickers"]["clear_share"]),
            "100",
            hundred(runs["clickers"]["leans_share"]),
            "13",
            hundred(runs["tired"]["clear_share"]),
            "100",
        ],
        [hundred(runs["wishing"]["clear_wrong_of_first"]), "100"],
    ]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0"),
        (0.2, "fewer than 1"),
        (0.6, "1"),
        (98.6, "99"),
        (99.4, "99"),
        (99.6, "more than 99"),
        (100.0, "100"),
    ],
)
def test_rounding_never_makes_everybody_or_nobody(share: float, said: str) -> None:
    assert in_hundred(share) == said


def test_page_says_where_its_questions_are_not_those_simulated(
    questionnaire: Version, client: Client
) -> None:
    [same] = [page_of(client).all("main section")[4].all("p")[0].text]
    draft = duplicate(questionnaire)
    Questionnaire.objects.filter(pk=draft.pk).update(clear_floor="16")
    publish(draft, by=None)
    [other] = [page_of(client).all("main section")[4].all("p")[0].text]
    assert other.startswith(same)
    assert len(other) > len(same)


def test_outside_data_stand_in_a_table_for_every_strength(
    questionnaire: Version, client: Client
) -> None:
    page = page_of(client)
    lines = {
        line.slug: line.name
        for line in versions.questionnaire_of(questionnaire).strengths
        if line.kind == "key"
    }
    assert {support.strength for support in SUPPORT} == lines.keys()
    rows = page.rows("#evidence tbody")
    assert [row[0] for row in rows] == [lines[one.strength] for one in SUPPORT]
    assert [text.lower() for text in page.texts("#evidence tbody b")] == [
        f"{support.verdict}." for support in SUPPORT
    ]
    for row, support in zip(rows, SUPPORT, strict=True):
        assert re.findall(r"\d\.\d\d", row[1]) == [
            f"{value:.2f}"
            for rating in support.ratings
            for value in (rating.project, rating.product)
        ]
        assert row[1].endswith(support.note)
    verdicts = [support.verdict for support in SUPPORT]
    counts = {name: verdicts.count(name) for name in verdicts}
    assert counts == {"backed": 4, "thin": 2, "not backed": 2}
    caption = page.one("#evidence caption").text
    assert re.findall(r"\b(?:eight|four|two)\b", caption) == [
        "eight",
        "four",
        "two",
        "two",
    ]
    # The license wants its name, its address and the source.
    assert page.values("main p.note a")[:2] == [
        "https://www.onetcenter.org/database.html",
        "https://creativecommons.org/licenses/by/4.0/",
    ]


def test_strengths_that_a_questionnaire_lacks_are_left_out() -> None:
    default = default_questionnaire()
    lines = tuple(
        line for line in default.strengths if line.slug != "planning-and-organization"
    )
    evidence = outside_evidence(replace(default, strengths=lines))
    assert [support for _, support in evidence.rows] == list(SUPPORT[1:])
    assert (evidence.strengths, evidence.backed) == ("seven", "three")


def test_tables_have_captions_and_heads_for_rows_and_columns(
    questionnaire: Version, client: Client
) -> None:
    page = page_of(client)
    for name in ("simulated", "evidence"):
        table = page.one(f"#{name}")
        assert table.one("caption").text
        assert {head.attributes["scope"] for head in table.all("thead th")} == {"col"}
        rows = table.all("tbody tr")
        assert [row.one("th").attributes["scope"] for row in rows] == ["row"] * len(
            rows
        )

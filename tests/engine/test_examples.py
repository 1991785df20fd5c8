"""The examples of docs/instrument.md section 2.8, and replies as golden files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assessments.engine import read_definition, score
from tests.support.engine.cases import (
    EDITIONS,
    EXAMPLES,
    Json,
    in_the_first_edition,
    make_answers,
    make_trade_offs,
)

GOLDEN = Path(__file__).parent / "golden"


def cases(edition: int) -> dict[str, Json]:
    """One person for every outcome, so that no reply changes unseen."""

    def steps(steps: str) -> str:
        return make_trade_offs(steps, edition=edition)

    examples = {
        number: request
        if edition == 2
        else request | {"answers": in_the_first_edition(request["answers"])}
        for number, request in EXAMPLES.items()
    }
    return {f"example-{number}": request for number, request in examples.items()} | {
        "too-few": {
            "form": "full",
            "seconds": 200,
            "answers": make_answers(steps("Jd=dDj=d"), "0123 4", "1"),
        },
        "careless-fast": {
            "form": "full",
            "seconds": 49,
            "answers": examples[1]["answers"],
        },
        "careless-alike": {
            "form": "short",
            "seconds": None,
            "answers": make_answers("1111 1111", "2222"),
        },
        "clear-product": {
            "form": "full",
            "answers": make_answers(steps("DDDdDDdDDdDD"), "1414 1414", "1--11"),
        },
        "lean-project": {
            "form": "full",
            "seconds": 300,
            "answers": make_answers(steps("jj=jjd=j==jd"), "3232 3-32", "11111"),
        },
        "close": {
            "form": "full",
            "seconds": 300,
            "answers": make_answers(steps("JDJDJDJDJDJD"), "2222 2222", "4-444"),
        },
        "low-both-with-lean": {
            "form": "full",
            "seconds": 300,
            "answers": make_answers(steps("JJJjJJjJ=jJJ"), "1011 1111", "44444"),
        },
        "split": {
            "form": "full",
            "seconds": 300,
            "answers": make_answers(steps("JJJJDDDDJJJJ"), "0404 0404", "22222"),
        },
    }


CASES = [(edition, name) for edition in EDITIONS for name in cases(edition)]


def roles(project: Any, product: Any) -> Json:
    return {"project-manager": project, "product-manager": product}


FIGURES: dict[int, tuple[Json, Json]] = {
    1: (
        {
            "trade_offs_answered": 12,
            "preference": roles("475/6", "125/6"),
            "enjoyment": roles("325/4", "175/4"),
            "fit": roles("1275/16", "425/16"),
            "lean": "425/8",
            "se_squared": "10625/64",
            "z_squared": "17",
            "outcome": "clear_project",
            "provisional": False,
            "doing": "225/4",
            "wanting": "50",
            "to_close": ["T1", "T7", "T8", "T11"],
            "to_flip": ["T1", "T7", "T8", "T11", "T2", "T3"],
            "steps_to_close": 14,
            "shared_skills": "75",
        },
        {
            "lean": 53,
            "half_width_90": "21.17",
            "preference": roles(79, 21),
            "enjoyment": roles(81, 44),
            "fit": roles(80, 27),
            "strengths": {
                "Planning and organization": 92,
                "Scheduling and budgeting": 83,
                "Process optimization": 75,
                "Risk management": 67,
                "Product vision": 42,
                "Strategic decision-making": 33,
                "Market research": 25,
                "Customer empathy": 17,
            },
            "certainty": "about 99 in 100",
            "towards": "project-manager",
            "shared_word": "steady habits",
        },
    ),
    2: (
        {
            "trade_offs_answered": 12,
            "preference": roles("50", "50"),
            "enjoyment": roles("275/4", "325/4"),
            "fit": roles("875/16", "925/16"),
            "lean": "-25/8",
            "se_squared": "10625/64",
            "z_squared": "1/17",
            "outcome": "both",
            "provisional": False,
            "doing": "25/4",
            "wanting": "-25/2",
            "to_close": None,
            "to_flip": None,
            "steps_to_close": None,
            "shared_skills": "90",
        },
        {
            "lean": -3,
            "half_width_90": "21.17",
            "fit": roles(55, 58),
            "certainty": "too close to say",
            "towards": "product-manager",
        },
    ),
    3: (
        {
            "trade_offs_answered": 7,
            "preference": roles("275/7", "425/7"),
            "enjoyment": roles("50", "75"),
            "fit": roles("1175/28", "450/7"),
            "lean": "-625/28",
            "se_squared": "8125/28",
            "z_squared": "625/364",
            "outcome": "lean_product",
            "provisional": True,
            "strengths": None,
            "doing": None,
            "wanting": None,
            "to_close": ["T1"],
            "to_flip": ["T1", "T2", "T3"],
            "steps_to_close": 2,
            "shared_skills": None,
        },
        {
            "lean": -22,
            "half_width_90": "27.99",
            "fit": roles(42, 64),
            "preference": roles(39, 61),
            "certainty": "about 4 in 5",
        },
    ),
    4: (
        {
            "trade_offs_answered": 12,
            "preference": roles("50", "50"),
            "enjoyment": roles("25", "75/4"),
            "fit": roles("175/4", "675/16"),
            "lean": "25/16",
            "se_squared": "10625/64",
            "z_squared": "1/68",
            "outcome": "low_both",
            "provisional": False,
            "doing": "0",
            "wanting": "25/8",
            "to_close": None,
            "to_flip": None,
            "steps_to_close": None,
            "shared_skills": "50",
        },
        {
            "lean": 2,
            "half_width_90": "21.17",
            "fit": roles(44, 42),
            "enjoyment": roles(25, 19),
            "shared_word": "growing",
            "of_two": None,
        },
    ),
}


@pytest.mark.parametrize("number", EXAMPLES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_worked_example_has_the_figures_of_the_instrument(
    edition: int, number: int
) -> None:
    reply = _reply(edition, f"example-{number}")
    figures, shown = FIGURES[number]
    assert {name: reply[name] for name in figures} == figures
    printed: Json = reply["shown"]
    assert {name: printed[name] for name in shown} == shown


@pytest.mark.parametrize(("edition", "name"), CASES)
def test_reply_is_the_golden_one(edition: int, name: str) -> None:
    assert _reply(edition, name) == _golden(edition)[name]


@pytest.mark.parametrize("edition", EDITIONS)
def test_golden_files_show_every_outcome(edition: int) -> None:
    golden = _golden(edition)
    assert golden.keys() == cases(edition).keys()
    assert {reply["outcome"] for reply in golden.values()} == {
        "too_few",
        "careless",
        "low_both",
        "clear_project",
        "clear_product",
        "lean_project",
        "lean_product",
        "both",
        "close",
    }


def _golden(edition: int) -> dict[str, Json]:
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (GOLDEN / f"edition_{edition}").iterdir()
    }


def _reply(edition: int, name: str) -> Json:
    request = cases(edition)[name]
    definition = read_definition(EDITIONS[edition].read_bytes())
    reply: Json = score(
        definition,
        request["answers"],
        form=request["form"],
        seconds=request.get("seconds"),
    ).reply()
    return reply

"""The command line equals the second scorer, reply by reply, over random people."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.support.engine.cases import (
    EDITIONS,
    in_the_first_edition,
    make_definition,
)
from tests.support.engine.reference_scorer import reply
from tools.random_requests import requests

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
OUTCOMES = (
    "too_few",
    "careless",
    "low_both",
    "clear_project",
    "clear_product",
    "lean_project",
    "lean_product",
    "both",
    "close",
)
RANDOM_PEOPLE = int(os.environ.get("ROLEFIT_REFERENCE_COUNT", "2000"))
PEOPLE_PER_VARIANT = 300
SEED = 20


def frozen(definition: Json) -> bytes:
    return json.dumps(
        definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def make_request(
    *, form: str, trade_offs: str, enjoyment: str, shared: str = "", seconds: int
) -> Json:
    answers: Json = {}
    for letter, buttons in (("T", trade_offs), ("E", enjoyment), ("S", shared)):
        answers |= {
            f"{letter}{number}": None if button == "-" else int(button)
            for number, button in enumerate(buttons.split(), 1)
        }
    return {"form": form, "answers": answers, "seconds": seconds}


EXAMPLES = {
    1: make_request(
        form="full",
        trade_offs="1 4 4 2 4 3 1 5 3 4 5 2",
        enjoyment="4 2 3 2 3 1 3 2",
        shared="3 3 2 4 3",
        seconds=260,
    ),
    2: make_request(
        form="full",
        trade_offs="2 2 4 3 2 4 3 4 2 3 2 3",
        enjoyment="3 4 3 3 2 3 3 3",
        shared="4 3 4 3 4",
        seconds=300,
    ),
    3: make_request(
        form="short", trade_offs="4 2 2 3 4 - 4 3", enjoyment="2 3 2 3", seconds=130
    ),
    4: make_request(
        form="full",
        trade_offs="2 3 3 4 3 4 2 3 3 3 4 4",
        enjoyment="1 1 0 1 1 0 2 1",
        shared="2 2 1 3 2",
        seconds=240,
    ),
}


def by_role(project: str | int, product: str | int) -> Json:
    return {"project-manager": project, "product-manager": product}


# The table of docs/instrument.md section 2.8, row by row.
WORKED: dict[int, Json] = {
    1: {
        "outcome": "clear_project",
        "provisional": False,
        "trade_offs_answered": 12,
        "preference": by_role("475/6", "125/6"),
        "enjoyment": by_role("325/4", "175/4"),
        "fit": by_role("1275/16", "425/16"),
        "lean": "425/8",
        "se_squared": "10625/64",
        "z_squared": "17",
        "doing": "225/4",
        "wanting": "50",
        "to_close": ["T1", "T7", "T8", "T11"],
        "to_flip": ["T1", "T7", "T8", "T11", "T2", "T3"],
        "steps_to_close": 14,
        "shared_skills": "75",
    },
    2: {
        "outcome": "both",
        "provisional": False,
        "trade_offs_answered": 12,
        "preference": by_role("50", "50"),
        "enjoyment": by_role("275/4", "325/4"),
        "fit": by_role("875/16", "925/16"),
        "lean": "-25/8",
        "se_squared": "10625/64",
        "z_squared": "1/17",
        "doing": "25/4",
        "wanting": "-25/2",
        "to_close": None,
        "to_flip": None,
        "steps_to_close": None,
        "shared_skills": "90",
    },
    3: {
        "outcome": "lean_product",
        "provisional": True,
        "trade_offs_answered": 7,
        "preference": by_role("275/7", "425/7"),
        "enjoyment": by_role("50", "75"),
        "fit": by_role("1175/28", "450/7"),
        "lean": "-625/28",
        "se_squared": "8125/28",
        "z_squared": "625/364",
        "doing": None,
        "wanting": None,
        "to_close": ["T1"],
        "to_flip": ["T1", "T2", "T3"],
        "steps_to_close": 2,
        "shared_skills": None,
        "strengths": None,
    },
    4: {
        "outcome": "low_both",
        "provisional": False,
        "trade_offs_answered": 12,
        "preference": by_role("50", "50"),
        "enjoyment": by_role("25", "75/4"),
        "fit": by_role("175/4", "675/16"),
        "lean": "25/16",
        "se_squared": "10625/64",
        "z_squared": "1/68",
        "doing": "0",
        "wanting": "25/8",
        "to_close": None,
        "to_flip": None,
        "steps_to_close": None,
        "shared_skills": "50",
    },
}
WORKED_SHOWN: dict[int, Json] = {
    1: {
        "lean": 53,
        "half_width_90": "21.17",
        "band_90": [32, 74],
        "preference": by_role(79, 21),
        "enjoyment": by_role(81, 44),
        "fit": by_role(80, 27),
        "fit_half_width_90": by_role(11, 11),
        "certainty": "about 99 in 100",
        "towards": "project-manager",
        "of_two": None,
        "shared_word": "steady habits",
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
    },
    2: {
        "lean": -3,
        "half_width_90": "21.17",
        "band_90": [-24, 18],
        "enjoyment": by_role(69, 81),
        "fit": by_role(55, 58),
        "certainty": "too close to say",
        "of_two": None,
    },
    3: {
        "lean": -22,
        "half_width_90": "27.99",
        "band_90": [-50, 6],
        "preference": by_role(39, 61),
        "fit": by_role(42, 64),
        "certainty": "about 4 in 5",
        "towards": "product-manager",
        "strengths": None,
    },
    4: {
        "lean": 2,
        "half_width_90": "21.17",
        "band_90": [-20, 23],
        "enjoyment": by_role(25, 19),
        "fit": by_role(44, 42),
        "of_two": None,
    },
}


def mirrored(definition: Json) -> None:
    """The default mirrored.

    Every statement changes sides, the roles and lines have other names, the questions
    another order, the constants other values.
    """
    new_slug = {role["slug"]: f"other-{role['slug']}" for role in definition["roles"]}
    for role in definition["roles"]:
        role |= {"slug": new_slug[role["slug"]], "name": f"Other {role['name']}"}
    for strength in definition["strengths"]:
        strength |= {
            "name": f"Other {strength['name']}",
            "role": new_slug.get(strength["role"]),
        }
    for section in definition["sections"]:
        section["questions"].reverse()
        for question in section["questions"]:
            question["id"] = f"{question['id']}x"
            if section["kind"] == "trade_off":
                question["side"] = "left" if question["side"] == "right" else "right"
    definition["constants"] |= {
        **{
            "v_trade_off": "11/10",
            "v_enjoyment": "7/5",
            "trade_off_weight": "2/3",
            "enjoyment_weight": "1/3",
        },
        **{
            "leans_z_squared": "1/2",
            "clear_z_squared": "2",
            "sure_z_squared": "4",
            "band_z_squared": "19/5",
        },
        **{
            "leans_floor": "12",
            "clear_floor": "51/2",
            "low_enjoyment": "30",
            "high_enjoyment": "70",
        },
        **{"weak_pull": "40", "strong_pull": "60", "seconds_per_question": "5/2"},
    }
    definition["constants"]["forms"] = {
        "full": {"least_trade_offs": 10, "least_enjoyment": 2, "careless_run": 6},
        "short": {"least_trade_offs": 7, "least_enjoyment": 2, "careless_run": 5},
    }


def on_the_edge(definition: Json) -> None:
    """Constants that a full form meets exactly.

    Leans 25/2 and 25, half-width 85/4, strength scores of thirds.
    """
    definition["constants"] |= {
        **{
            "leans_z_squared": "16/17",
            "clear_z_squared": "64/17",
            "sure_z_squared": "144/17",
            "band_z_squared": "68/25",
        },
        **{
            "leans_floor": "25/2",
            "clear_floor": "25",
            "low_enjoyment": "25",
            "high_enjoyment": "50",
        },
        **{"weak_pull": "125/3", "strong_pull": "175/3"},
    }


def sure_of_answers(definition: Json) -> None:
    """So little error that the floors decide.

    One answer can carry a lean from one role over to the other.
    """
    definition["constants"] |= {"v_trade_off": "1/5", "v_enjoyment": "1/4"}


def replies_of_command(definition: Path, questions: Path) -> Iterator[Json]:
    """The replies one by one, so that a long run stays small."""
    command = [
        sys.executable,
        str(ROOT / "manage.py"),
        "score",
        "--lines",
        "--definition",
        str(definition),
    ]
    with (
        questions.open("rb") as given,
        questions.with_suffix(".errors").open("w+b") as complaints,
        subprocess.Popen(
            command, cwd=ROOT, stdin=given, stdout=subprocess.PIPE, stderr=complaints
        ) as process,
    ):
        assert process.stdout is not None
        yield from map(json.loads, process.stdout)
        process.wait()
        complaints.seek(0)
        assert (process.returncode, complaints.read().decode()) == (0, "")


def differences(given: Any, expected: Any, field: str = "") -> Iterator[str]:
    if (
        isinstance(given, dict)
        and isinstance(expected, dict)
        and given.keys() == expected.keys()
    ):
        for key in expected:
            yield from differences(
                given[key], expected[key], f"{field}.{key}" if field else key
            )
    elif (type(given), given) != (type(expected), expected):
        yield f"{field}: the engine says {given!r}, the reference {expected!r}"


def compare(definition_file: Path, count: int, folder: Path) -> Counter[str]:
    """How often each outcome came up.

    Fails at the first reply in which the two scorers differ.
    """
    definition = json.loads(definition_file.read_text(encoding="utf-8"))
    version = sha256(frozen(definition)).hexdigest()
    questions = folder / "requests.jsonl"
    with questions.open("w", encoding="utf-8") as lines:
        lines.writelines(
            json.dumps(request) + "\n" for request in requests(count, SEED, definition)
        )
    outcomes: Counter[str] = Counter()
    for request, given in zip_longest(
        requests(count, SEED, definition),
        replies_of_command(definition_file, questions),
    ):
        expected = reply(definition, version, request)
        found = list(differences(given, expected))
        assert not found, "\n".join([json.dumps(request), *found])
        outcomes[expected["outcome"]] += 1
    return outcomes


@pytest.mark.parametrize("number", EXAMPLES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_reference_gives_the_worked_examples(edition: int, number: int) -> None:
    request = deepcopy(EXAMPLES[number])
    if edition == 1:
        request["answers"] = in_the_first_edition(request["answers"])
    given = reply(make_definition(edition), "", request)

    assert {key: given[key] for key in WORKED[number]} == WORKED[number]
    assert {key: given["shown"][key] for key in WORKED_SHOWN[number]} == WORKED_SHOWN[
        number
    ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_engine_agrees_with_the_reference_on_random_people(
    edition: int, tmp_path: Path
) -> None:
    outcomes = compare(EDITIONS[edition], RANDOM_PEOPLE, tmp_path)

    assert outcomes.total() == RANDOM_PEOPLE
    assert {
        outcome: outcomes[outcome] for outcome in OUTCOMES if outcomes[outcome] < 20
    } == {}


@pytest.mark.parametrize("edit", [mirrored, on_the_edge, sure_of_answers])
def test_engine_agrees_with_the_reference_on_an_edited_questionnaire(
    edit: Callable[[Json], None], tmp_path: Path
) -> None:
    definition = make_definition()
    edit(definition)
    edited = tmp_path / "edited.json"
    edited.write_bytes(frozen(definition))

    assert compare(edited, PEOPLE_PER_VARIANT, tmp_path).total() == PEOPLE_PER_VARIANT

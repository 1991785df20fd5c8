"""Definitions, answers, worked examples and random questionnaires for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from assessments.defaults import DEFAULT_DEFINITION
from assessments.engine import Definition, read_definition

Json = dict[str, Any]
Answers = dict[str, int | None]


# The questionnaire that new sites began with before the second edition.
FIRST_EDITION = Path(__file__).with_name("edition_1.json")
EDITIONS = {1: FIRST_EDITION, 2: DEFAULT_DEFINITION}


def make_definition(edition: int = 2) -> Json:
    """A fresh copy of a default definition, to be changed at will."""
    return json.loads(EDITIONS[edition].read_bytes())


def make_questionnaire(
    change: Callable[[Json], object] = lambda definition: None, **constants: str
) -> Definition:
    definition = make_definition()
    change(definition)
    definition["constants"] |= constants
    return read_definition(json.dumps(definition))


def make_answers(
    trade_offs: str = "", enjoyment: str = "", shared: str = ""
) -> Answers:
    """Buttons in the order of the ids.

    A hyphen is a skipped question; spaces only help the eye.
    """
    rows = {"T": trade_offs, "E": enjoyment, "S": shared}
    return {
        f"{letter}{number}": None if button == "-" else int(button)
        for letter, row in rows.items()
        for number, button in enumerate(row.replace(" ", ""), 1)
    }


EXAMPLES: dict[int, Json] = {  # docs/instrument.md section 2.8
    1: {
        "form": "full",
        "seconds": 260,
        "answers": make_answers("1442 4315 3452", "4232 3132", "33243"),
    },
    2: {
        "form": "full",
        "seconds": 300,
        "answers": make_answers("2243 2434 2323", "3433 2333", "43434"),
    },
    3: {"form": "short", "seconds": 130, "answers": make_answers("4223 4-43", "2323")},
    4: {
        "form": "full",
        "seconds": 240,
        "answers": make_answers("2334 3423 3344", "1101 1021", "22132"),
    },
}

# Where the project statements of T1 to T12 stand, by edition.
SIDES_OF = {1: "LRRLLRLRLRRL", 2: "LRRLRLLRLRRL"}
SIDES = SIDES_OF[2]


def make_trade_offs(steps: str, *, edition: int = 2) -> str:
    """Buttons for wanted steps, one letter for each trade-off.

    J and j stand for +2 and +1, = for 0, d and D for -1 and -2, - for a skip.
    """
    values = {"J": 2, "j": 1, "=": 0, "d": -1, "D": -2}
    return "".join(
        "-" if step == "-" else str(3 - values[step] * (1 if side == "L" else -1))
        for step, side in zip(steps, SIDES_OF[edition], strict=False)
    )


def in_the_first_edition(answers: Answers) -> Answers:
    """Buttons that say in edition 1 what these say in edition 2.

    T5 and T6 have changed sides.
    """
    mirrored = {
        question: 6 - button
        for question in ("T5", "T6")
        if (button := answers.get(question)) is not None
    }
    return answers | mirrored


fractions = st.builds(Fraction, st.integers(1, 60), st.integers(1, 12))


@st.composite
def answers_of(draw: st.DrawFn, questionnaire: Definition, form: str) -> Answers:
    """Random buttons with skips; some people hold on to one button."""
    favorite = draw(st.none() | st.integers(1, 4))
    answers: Answers = {}
    for question in questionnaire.questions_of(form):
        choices = st.sampled_from((*question.buttons, *question.buttons, None))
        answer = (
            draw(choices) if favorite is None else draw(st.just(favorite) | choices)
        )
        if answer is not None or draw(st.booleans()):
            answers[question.id] = answer
    return answers


@st.composite
def questionnaires(draw: st.DrawFn) -> Definition:
    """Random readable definitions.

    They have 3 to 5 lines a list, any sides, any constants, and one to three sections
    of each kind.
    """
    lines = draw(st.integers(3, 5))
    slugs = draw(st.permutations(["build-it", "see_it"]))
    strengths: list[Json] = [
        {
            "slug": f"{kind[0]}{role}{number}",
            "name": f"Zeile {kind} {role} {number} é",
            "kind": kind,
            "role": slugs[role],
        }
        for kind in ("key", "interest")
        for role in (0, 1)
        for number in range(lines)
    ]
    strengths += [
        {
            "slug": f"s{number}",
            "name": f"Geteilt {number}",
            "kind": "shared",
            "role": None,
        }
        for number in range(lines)
    ]
    keys, interests, shared = (
        [s["slug"] for s in strengths if s["kind"] == kind]
        for kind in ("key", "interest", "shared")
    )

    def trade_off(number: int, kind: str) -> Json:
        project, product = (
            f"{kind}{role}{draw(st.integers(0, lines - 1))}" for role in (0, 1)
        )
        return {
            "id": f"T{number}",
            "side": draw(st.sampled_from(("left", "right"))),
            "project": {"strength": project, "text": f"Aussage {number}"},
            "product": {"strength": product, "text": f"Andere {number}"},
        }

    def section(kind: str, questions: list[Json], in_short: bool) -> Json:
        return {
            "kind": kind,
            "stem": "Was?",
            "labels": ["a", "b", "c", "d", "e"],
            "in_short": in_short,
            "questions": questions,
        }

    count = draw(st.integers(2 * lines, 3 * lines))
    trade_offs = [
        trade_off(number, draw(st.sampled_from("kki"))) for number in range(count)
    ]
    enjoyment = [
        {"id": f"E{number}", "strength": slug, "text": "Tun"}
        for number, slug in enumerate(draw(st.permutations(keys + interests)))
    ]
    ratings = [
        {"id": f"S{number}", "strength": slug, "text": "Oft"}
        for number, slug in enumerate(shared)
    ]
    cut = draw(st.integers(1, count - 1))
    weight = draw(st.sampled_from([Fraction(n, 12) for n in range(1, 13)]))
    constants = {
        name: str(draw(fractions))
        for name in make_definition()["constants"]
        if name != "forms"
    }
    limits = {
        "least_trade_offs": draw(st.integers(1, 4)),
        "least_enjoyment": 1,
        "careless_run": draw(st.integers(5, 12)),
    }
    definition = {
        "scorer": "graded-pairs-1",
        "name": "Zufall",
        "language": "de",
        "intro": "",
        "roles": [
            {"slug": slugs[0], "name": "Bauen"},
            {"slug": slugs[1], "name": "Sehen"},
        ],
        "strengths": strengths,
        "sections": [
            section("trade_off", trade_offs[:cut], True),
            section("enjoyment", enjoyment[: 2 * lines], True),
            section("trade_off", trade_offs[cut:], False),
            section("shared", ratings, False),
            section("enjoyment", enjoyment[2 * lines :], False),
        ],
        "constants": constants
        | {
            "trade_off_weight": str(weight),
            "enjoyment_weight": str(1 - weight),
            "forms": {"full": limits, "short": limits},
        },
    }
    return read_definition(json.dumps(definition))

"""What must hold for everybody, whatever the questionnaire."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.defaults import default_questionnaire
from assessments.engine import (
    Definition,
    DefinitionError,
    Fault,
    read_definition,
    score,
    working,
)
from assessments.engine.outcomes import Outcome
from assessments.engine.parts import FORMS
from tests.support.engine.cases import (
    Answers,
    Json,
    answers_of,
    make_answers,
    make_definition,
    questionnaires,
)

DEFAULT = default_questionnaire()
SWAPPED = {"E1": "E2", "E3": "E4", "E5": "E6", "E7": "E8"}
TURNED = {"project": "product", "product": "project"}
forms = st.sampled_from(FORMS)


@st.composite
def scored_people(draw: st.DrawFn) -> tuple[Definition, Answers, str, int | None]:
    questionnaire = draw(st.just(DEFAULT) | questionnaires())
    form = draw(forms)
    return (
        questionnaire,
        draw(answers_of(questionnaire, form)),
        form,
        draw(st.none() | st.integers(0, 400)),
    )


@settings(max_examples=200, deadline=None)
@given(scored_people())
def test_reply_agrees_with_itself(
    person: tuple[Definition, Answers, str, int | None],
) -> None:
    questionnaire, answers, form, seconds = person
    reply = score(questionnaire, answers, form=form, seconds=seconds).reply()
    assert reply == json.loads(json.dumps(reply))
    assert not any(isinstance(value, float) for value in _values(reply))
    assert reply["outcome"] in set(Outcome)
    assert reply["version"] == questionnaire.sha256
    if reply["lean"] is None:
        assert reply["outcome"] == "too_few"
        return
    first, second = (role.slug for role in questionnaire.roles)
    exact = {
        name: {role: Fraction(value) for role, value in reply[name].items()}
        for name in ("preference", "enjoyment", "fit")
    }
    assert Fraction(str(reply["lean"])) == exact["fit"][first] - exact["fit"][second]
    assert all(
        0 <= value <= 100 for scale in exact.values() for value in scale.values()
    )
    assert exact["preference"][first] + exact["preference"][second] == 100
    assert (
        Fraction(str(reply["z_squared"])) * Fraction(str(reply["se_squared"]))
        == Fraction(str(reply["lean"])) ** 2
    )
    _check_display(reply, questionnaire)
    done = working(questionnaire, answers, form=form)
    assert done.lean == Fraction(str(reply["lean"]))
    assert sum(line.step or 0 for line in done.trade_offs) == done.total
    assert (
        sum(line.answer or 0 for line in done.enjoyment if line.role == 0)
        == done.enjoyment_points[0]
    )
    for step in done.steps:
        if step.value is not None:
            assert evaluated(step.expression) == step.value, step


@settings(max_examples=100, deadline=None)
@given(answers_of(DEFAULT, "full"), st.none() | st.integers(0, 100))
def test_swapping_the_roles_mirrors_the_result(
    answers: Answers, seconds: int | None
) -> None:
    swap = SWAPPED | {value: key for key, value in SWAPPED.items()}
    mirrored = {
        swap.get(name, name): 6 - button if name[0] == "T" and button else button
        for name, button in answers.items()
    }
    for form in FORMS:
        asked = {question.id for question in DEFAULT.questions_of(form)}
        one, other = (
            score(
                DEFAULT,
                {name: button for name, button in each.items() if name in asked},
                form=form,
                seconds=seconds,
            )
            for each in (answers, mirrored)
        )
        assert other.outcome == re.sub(
            "project|product", lambda match: TURNED[match[0]], one.outcome
        )
        assert (one.scores is None) == (other.scores is None)
        if one.scores and other.scores:
            assert other.scores.lean == -one.scores.lean
            assert other.scores.fit == one.scores.fit[::-1]
            assert (other.scores.scatter, other.scores.shared_skills) == (
                one.scores.scatter,
                one.scores.shared_skills,
            )


def test_all_middle_with_all_enjoyment_gives_both() -> None:
    assert (
        score(DEFAULT, make_answers("3" * 12, "4" * 8, "2" * 5), form="full").outcome
        == "both"
    )
    assert (
        score(DEFAULT, make_answers("3" * 8, "4" * 4), form="short").outcome == "both"
    )


def test_all_left_gives_careless() -> None:
    assert (
        score(DEFAULT, make_answers("1" * 12, "2" * 8, "2" * 5), form="full").outcome
        == "careless"
    )
    assert (
        score(DEFAULT, make_answers("1" * 8, "2" * 4), form="short").outcome
        == "careless"
    )


@settings(max_examples=60, deadline=None)
@given(questionnaires())
def test_json_form_is_lossless_and_its_hash_stable(
    questionnaire: Definition,
) -> None:
    text = questionnaire.to_json()
    again = read_definition(text)
    assert again == questionnaire
    assert hash(again) == hash(questionnaire)
    assert (again.to_json(), again.sha256) == (text, questionnaire.sha256)
    assert (
        read_definition(json.dumps(json.loads(text), indent=3)).sha256
        == questionnaire.sha256
    )
    assert read_definition(text.encode()) == questionnaire


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "name",
                        "roles",
                        "sections",
                        "kind",
                        "questions",
                        "constants",
                        "forms",
                        "x",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    )
)
def test_any_json_whatever_is_read_or_refused_in_words(value: Any) -> None:
    for change in (
        lambda definition: definition.update(roles=value),
        lambda definition: definition["sections"][0].update(
            questions=value, kind=value
        ),
        lambda definition: definition.update(constants=value, strengths=value),
    ):
        _refused_in_words(change)


def _refused_in_words(change: Callable[[Json], object]) -> None:
    definition = make_definition()
    change(definition)
    faults: tuple[Fault, ...] = ()
    try:
        read_definition(json.dumps(definition))
    except DefinitionError as error:
        faults = error.faults
    assert all(
        str(fault.place) and fault.message and "\n" not in str(fault)
        for fault in faults
    )


def _values(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [found for item in value.values() for found in _values(item)]
    if isinstance(value, list):
        return [found for item in value for found in _values(item)]
    return [value]


def rounded(value: Fraction) -> int:
    """Half away from zero, in another way than the engine's."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def _check_display(reply: dict[str, Any], questionnaire: Definition) -> None:
    shown = reply["shown"]
    lean, band = (
        Fraction(reply["lean"]),
        questionnaire.constants.band_z_squared * Fraction(reply["se_squared"]),
    )
    assert shown["lean"] == rounded(lean)
    half = Fraction(shown["half_width_90"])
    assert (half - Fraction(5, 1000)) ** 2 <= band or half == 0
    assert band < (half + Fraction(5, 1000)) ** 2
    for edge, sign in zip(shown["band_90"], (-1, 1), strict=True):
        # A Fraction within 10**-12 of the root decides: no half lies nearer to it here.
        root = Fraction(int((band * 10**24).__floor__() ** 0.5)) / 10**12
        exact = lean + sign * root
        assert abs(edge - max(min(exact, Fraction(100)), Fraction(-100))) <= Fraction(
            1, 2
        ) + Fraction(1, 10**3)
        assert -100 <= edge <= 100
    for name in ("preference", "enjoyment", "fit"):
        assert shown[name] == {
            role: rounded(Fraction(value)) for role, value in reply[name].items()
        }


def evaluated(expression: str) -> Fraction:
    """An expression read by hand.

    ×, ÷ and / go from left to right before + and −, and the square comes last.
    """
    python = re.sub(
        r"\d+(?:\.\d+)?", lambda match: f"Fraction('{match[0]}')", expression
    )
    python = (
        python.replace("×", "*").replace("÷", "/").replace("−", "-").replace("²", "**2")
    )
    return Fraction(eval(python, {"Fraction": Fraction}))  # noqa: S307

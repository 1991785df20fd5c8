"""Comparison and guide agree with the stored reply, over people of every outcome.

They need more than a reply keeps, so they score again with the scorer that the version
names. `manage.py verify_results` holds that scorer to every stored reply.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import ScoredAnswers, guide, score
from assessments.engine.comparison import compare_leans, compare_strengths
from assessments.engine.outcomes import Outcome
from tools.random_requests import requests

DEFAULT = default_questionnaire()
PEOPLE = 1_500
Json = dict[str, Any]


@pytest.fixture(scope="module")
def visible() -> list[tuple[Json, ScoredAnswers, Json]]:
    """The request, the result scored again without seconds, and the stored reply."""
    found = []
    for request in requests(PEOPLE, 9, json.loads(DEFAULT.to_json())):
        stored = json.loads(
            json.dumps(
                score(
                    DEFAULT,
                    request["answers"],
                    form=request["form"],
                    seconds=request.get("seconds"),
                ).reply()
            )
        )
        if stored["outcome"] not in ("too_few", "careless"):
            found.append(
                (
                    request,
                    score(DEFAULT, request["answers"], form=request["form"]),
                    stored,
                )
            )
    assert set(Counter(stored["outcome"] for *_, stored in found)) == set(Outcome) - {
        "too_few",
        "careless",
    }
    return found


def pairs(
    people: list[tuple[Json, ScoredAnswers, Json]],
) -> Iterator[tuple[ScoredAnswers, Json, ScoredAnswers, Json]]:
    for (_, one, stored), (_, two, other) in zip(people, people[1:], strict=False):
        yield one, stored, two, other


def test_compared_leans_are_those_of_the_replies(
    visible: list[tuple[Json, ScoredAnswers, Json]],
) -> None:
    for one, stored, two, other in pairs(visible):
        found = compare_leans(one, two)
        assert found.difference == Fraction(stored["lean"]) - Fraction(other["lean"])
        errors = Fraction(stored["se_squared"]) + Fraction(other["se_squared"])
        assert found.half_width_squared == DEFAULT.constants.band_z_squared * errors


def test_compared_strengths_are_those_of_the_replies(
    visible: list[tuple[Json, ScoredAnswers, Json]],
) -> None:
    for one, stored, two, other in pairs(visible):
        ours, theirs = stored["strengths"] or {}, other["strengths"] or {}
        expected = {
            name: (value, theirs[name])
            for name, value in ours.items()
            if value is not None and theirs.get(name) is not None
        }
        assert {
            each.strength.name: (str(each.one), str(each.two))
            for each in compare_strengths(one, two)
        } == expected


def test_guide_says_what_the_reply_says(
    visible: list[tuple[Json, ScoredAnswers, Json]],
) -> None:
    for request, _, stored in visible:
        found = guide(DEFAULT, request["answers"], form=request["form"])
        assert (found.split is not None) == stored["split"]
        if found.split:
            assert (str(found.split.doing), str(found.split.wanting)) == (
                stored["doing"],
                stored["wanting"],
            )
        if stored["to_close"] is not None:
            assert [each.id for each in found.tipping.to_close] == stored["to_close"]
            assert [each.id for each in found.tipping.to_flip] == (
                stored["to_flip"] or []
            )
            assert found.tipping.steps_to_close == stored["steps_to_close"]
        for interest in found.interests:
            kept = (stored["strengths"] or {}).get(interest.strength.name)
            assert kept == (None if interest.score is None else str(interest.score))

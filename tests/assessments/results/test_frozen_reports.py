"""The pages of stored results never change: their facts are compared with files.

Each file in golden/ holds one stored result (answers and reply) and the facts of its
page at scope "answers": the report, the whole sum and the coach's guide. They belong to
golden/definition.json, which is frozen too.

Where a change of the facts is wanted, write them again and read the diff. Answers,
replies and the definition are never written:

    UPDATE_GOLDEN=1 .venv/bin/python -m pytest -k frozen tests/assessments/results
"""

from __future__ import annotations

import json
import os
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.test import Client

from assessments.actions.share_links import make_share_link
from assessments.engine import SCORERS, guide, read_definition, score, working
from assessments.engine.outcomes import STORED
from assessments.engine.reply import Reply
from assessments.engine.scorers import Scorer
from assessments.models import Scope
from assessments.results.report import report_of
from tests.support.taker import EXAMPLES, Taker

GOLDEN = Path(__file__).with_name("golden")
DEFINITION = GOLDEN / "definition.json"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.json") if path != DEFINITION)
SCORER = "graded-pairs-1"

Json = dict[str, Any]


def refuse(*args: object, **options: object) -> NoReturn:
    raise AssertionError("a stored result was computed again")


BROKEN = Scorer(refuse, refuse, refuse, refuse, refuse)


def stored(name: str) -> Json:
    data: Json = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return data


def facts(result: Json) -> Json:
    """Everything that pages show of one stored result, as plain JSON values."""
    questionnaire = read_definition(DEFINITION.read_bytes())
    answers, reply = result["answers"], result["reply"]
    shown = report_of(questionnaire, Reply.from_data(reply), answers, Scope.ANSWERS)
    data: Json = {"report": plain(shown), "guide": None}
    del data["report"]["reply"]
    if shown.has_scores:
        data["guide"] = plain(guide(questionnaire, answers, form=reply["form"]))
    return data


def plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return str(value) if isinstance(value, Fraction) else value


def test_files_hold_every_stored_outcome_and_every_special_case() -> None:
    replies = [stored(name)["reply"] for name in NAMES]
    assert {reply["outcome"] for reply in replies} == set(STORED)
    for case in ("provisional", "split", "scatter"):
        assert {reply[case] for reply in replies} == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_page_of_a_stored_result_keeps_its_facts(name: str) -> None:
    result = stored(name)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        result["facts"] = facts(result)
        text = json.dumps(result, ensure_ascii=False, indent=1)
        (GOLDEN / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    assert facts(result) == result["facts"]


@pytest.mark.parametrize("name", NAMES)
def test_another_scorer_changes_no_stored_result(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCORERS, "other-1", BROKEN)
    result = stored(name)
    assert facts(result) == result["facts"]


def test_facts_come_from_the_scorer_that_the_version_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(SCORERS, SCORER, BROKEN)
    with pytest.raises(AssertionError, match="computed again"):
        facts(stored("clear_project"))


def test_version_with_another_scorer_is_scored_and_explained_by_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = SCORERS[SCORER]

    def mirrored(questionnaire: Any, answers: Any, **options: Any) -> Any:
        return usual.score(questionnaire, {}, **options)

    other = replace(usual, score=mirrored, working=refuse)
    monkeypatch.setitem(SCORERS, "other-1", other)
    definition = json.loads(DEFINITION.read_bytes()) | {"scorer": "other-1"}
    questionnaire = read_definition(json.dumps(definition))
    answers = stored("clear_project")["answers"]
    assert score(questionnaire, answers, form="full").outcome == "too_few"
    with pytest.raises(AssertionError, match="computed again"):
        working(questionnaire, answers, form="full")


@pytest.mark.parametrize("scope", Scope.values)
@pytest.mark.parametrize("example", ["clear_project", "lean_product", "close"])
def test_json_of_a_share_link_computes_nothing(
    visitor: Taker, monkeypatch: pytest.MonkeyPatch, scope: str, example: str
) -> None:
    assert example in EXAMPLES
    visitor.take(example)
    link = make_share_link(visitor.result(), scope=scope, label="", days=30)
    address = f"/r/{link.token}.json"
    before = Client().get(address)
    monkeypatch.setitem(SCORERS, SCORER, BROKEN)
    after = Client().get(address)
    assert (after.status_code, after.content) == (200, before.content)
    assert after.json()["outcome"] == example

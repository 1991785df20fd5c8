"""The page's script measures the seconds between one answer and the next, and only
while the page is in sight.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.visitor import MakeVisitor, Visitor

pytestmark = pytest.mark.browser
LOOK_AWAY = (
    "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    " document.dispatchEvent(new Event('visibilitychange'))"
)


def kept(visitor: Visitor) -> dict[str, float]:
    attempts: Any = visitor.context.request.get("/quiz/data/rolefit.json").json()[
        "attempts"
    ]
    return dict(attempts[0]["seconds_per_question"])


def test_seconds_on_each_question_arrive_with_autosave_and_with_continue(
    visitor: Visitor,
) -> None:
    visitor.page.clock.install()
    visitor.start("short")
    visitor.page.clock.run_for(4_000)
    visitor.choose("T1", "1")
    visitor.expect_saved("1 of 4 answers saved")
    first = kept(visitor)
    assert set(first) == {"T1"}
    assert 4 <= first["T1"] < 8

    visitor.page.clock.run_for(3_000)
    visitor.page.evaluate(LOOK_AWAY % "true")
    visitor.page.clock.run_for(300_000)
    visitor.page.evaluate(LOOK_AWAY % "false")
    visitor.page.clock.run_for(2_000)
    for question in ("T2", "T3", "T4"):
        visitor.choose(question, "3")
    visitor.press("Save and continue")
    second = kept(visitor)
    assert second["T1"] == first["T1"]
    assert 5 <= second["T2"] < 9
    assert second["T3"] < 3

    visitor.press("Back")
    visitor.page.clock.run_for(10_000)
    with visitor.page.expect_response(lambda reply: reply.request.method == "POST"):
        visitor.choose("T1", "2")
    assert 10 <= kept(visitor)["T1"] - first["T1"] < 14


def test_without_script_nothing_is_sent(make_visitor: MakeVisitor) -> None:
    visitor = make_visitor(java_script_enabled=False)
    visitor.start("short")
    for question in ("T1", "T2", "T3", "T4"):
        visitor.choose(question, "3")
    visitor.press("Save and continue")
    assert kept(visitor) == {}

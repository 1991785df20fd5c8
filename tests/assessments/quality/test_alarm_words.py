"""Every alarm that the engine can raise has its two sentences."""

from __future__ import annotations

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine.quality import ALARM_LIMITS, Alarm
from assessments.quality.alarms import ALARM_WORDS, sentence

ROLE_SCALE = "enjoyment:product-manager"


def what(*alarm: object) -> str:
    return sentence(Alarm(*alarm), default_questionnaire()).problem


def test_every_statistic_with_a_limit_has_words_and_no_other() -> None:
    assert ALARM_WORDS.keys() == {statistic for statistic, _ in ALARM_LIMITS}


@pytest.mark.parametrize("statistic", ALARM_WORDS)
def test_both_sentences_are_whole(statistic: str) -> None:
    place = {"form_mean": "trade_offs", "alpha": "shared", "shift": "close"}.get(
        statistic, "T3"
    )
    for said in sentence(Alarm(statistic, 9.0, 0.5, place), default_questionnaire()):
        assert said[0].isupper()
        assert said.endswith(".")
        assert "{" not in said
        assert "!" not in said


@pytest.mark.parametrize(
    ("alarm", "expected"),
    [
        (
            ("mean", 0.72, 0.6, "T3"),
            (
                "Question T3: the average answer is off the middle by 0.72 steps,"
                " more than 0.6 steps."
            ),
        ),
        (
            ("mean", 0.6003, 0.6, "T3"),
            "Question T3: the average answer is off the middle by more than 0.6 steps.",
        ),
        (
            ("mean", 0.6789, 0.6, "T3", 99, 1),
            (
                "Question T3: the average answer is off the middle by 0.7 steps,"
                " more than 0.6 steps."
            ),
        ),
        (
            ("skipped", 0.0621, 0.05, "E4", 12, 2),
            "Question E4: the share of “Not sure” answers is 6%, more than 5%.",
        ),
        (
            ("skipped", 0.0521, 0.05, "E4", 12, 2),
            "Question E4: the share of “Not sure” answers is more than 5%.",
        ),
        (
            ("sd", 0.6, 0.8, "E4", 31, 1),
            (
                "Question E4: answers spread around their average by 0.6 steps,"
                " less than 0.8 steps."
            ),
        ),
        (
            ("skipped", 0.062, 0.05, "E4", 12),
            "Question E4: the share of “Not sure” answers is 6.2%, more than 5%.",
        ),
        (
            ("skipped", 0.06, 0.05, "E4", 6),
            "Question E4: the share of “Not sure” answers is more than 5%.",
        ),
        (
            ("rarest_option", 0.0, 0.03, "S1", 0),
            "Question S1: the share of its rarest answer is less than 3%.",
        ),
        (
            ("item_rest", -0.1, 0.2, "T3"),
            (
                "Question T3: its correlation with the other questions of its kind is"
                " −0.10, less than 0.2."
            ),
        ),
        (
            ("alpha", 0.41, 0.5, ROLE_SCALE, 900),
            (
                "The answers to the enjoyment questions for product manager don’t go"
                " together well: their consistency (alpha) is 0.41, less than 0.5."
            ),
        ),
        (
            ("seconds", 522.0, 480.0, "full"),
            "The median time for this form is 8.7 minutes, more than 8 minutes.",
        ),
        (
            ("shift", -0.081, 0.05, "lean_project"),
            (
                "The share of “leans toward project” changed from one week to the next"
                " by 8.1 points, more than 5 points."
            ),
        ),
    ],
)
def test_what_is_seen_has_figure_and_limit_unless_it_counts_under_ten_people(
    alarm: tuple[object, ...], expected: str
) -> None:
    assert what(*alarm) == expected

from __future__ import annotations

from statistics import fmean

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine.readability import (
    counts_words,
    grade,
    grades,
    syllables,
    words_in,
)
from assessments.engine.wording import placed


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("I", 1),
        ("the", 1),
        ("make", 1),
        ("makes", 1),
        ("whole", 1),
        ("simple", 2),
        ("people", 2),
        ("planned", 1),
        ("wanted", 2),
        ("dropped", 1),
        ("changes", 2),
        ("pieces", 2),
        ("before", 2),
        ("idea", 3),
        ("Something", 2),
        ("doing", 2),
        ("trying", 2),
        ("thing", 1),
        ("quicker", 2),
        ("organizing", 4),
        ("step-by-step", 3),
        ("don’t", 1),
        ("rhythm", 1),
        ("hm", 1),
    ],
)
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_words_keep_their_hyphens_and_apostrophes() -> None:
    assert words_in("A step-by-step plan, which doesn't – yet – “fit” 3 times.") == [
        "A",
        "step-by-step",
        "plan",
        "which",
        "doesn't",
        "yet",
        "fit",
        "times",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("مرحبا بالعالم", 2),
        ("Überblick schafft Ruhe.", 3),
        ("Cafe\u0301 ou the\u0301 ?", 3),
        ("मैं योजना बनाता हूँ", 4),
        ("Я люблю план/график — 2 раза", 5),
        ("1 + 1 …", 0),
    ],
)
def test_words_of_every_alphabet_count(text: str, count: int) -> None:
    assert len(words_in(text)) == count


def test_languages_that_cannot_be_judged_are_known() -> None:
    assert [counts_words(tag) for tag in ("en", "de-AT", "ja", "zh-Hant")] == [
        True,
        True,
        False,
        False,
    ]
    assert [grades(tag) for tag in ("en-GB", "enm", "de")] == [True, False, False]


def test_grade_is_that_of_flesch_and_kincaid() -> None:
    # 9 words, 13 syllables
    assert grade(
        "Making a step-by-step plan that a group can follow."
    ) == pytest.approx(0.39 * 9 + 11.8 * 13 / 9 - 15.59)
    assert grade("… 3 …") == 0.0


def test_default_bank_reads_easily() -> None:
    grades = [
        grade(statement.text) for _, statement, _ in placed(default_questionnaire())
    ]
    assert 2.9 < fmean(grades) < 3.4
    assert 6.5 < max(grades) < 7.2

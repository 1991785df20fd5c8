"""Rules about words, P9 to P12 of docs/instrument.md section 1.4, each broken alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.support.engine.breaking import (
    DEFAULT,
    LEVEL,
    PLACES,
    findings,
    places,
    set_text,
)
from tests.support.engine.cases import Json, make_questionnaire


def test_p9_statement_too_long_or_sides_unlike() -> None:
    long = "I go and ask and see and do and try and look and go."
    assert places(set_text("E1", "", long + " Go."), "P9") == ["E1"]
    assert places(set_text("T1", "project", "Before I start I go."), "P9") == ["T1"]


def test_p9_hard_words_are_warned_of_one_by_one_and_on_average() -> None:
    hard = "Organizing several different activities together every afternoon."
    assert places(set_text("E1", "", hard), "P9", blocking=False) == ["E1"]

    def all_hard(definition: Json) -> None:
        for section in definition["sections"]:
            for each in section["questions"]:
                for statement in (
                    (each,) if "text" in each else (each["project"], each["product"])
                ):
                    statement["text"] = hard

    assert places(all_hard, "P9", blocking=False)[-1] == "statements"


@pytest.mark.parametrize(
    ("language", "warned", "judged"), [("de", 1, ["E1"]), ("ja", 2, [])]
)
def test_p9_says_what_it_cannot_judge_in_a_language(
    language: str, warned: int, judged: list[str]
) -> None:
    def written_in(definition: Json) -> None:
        definition["language"] = language
        set_text("E1", "", "I go and ask and see and do and try and look, and go on.")(
            definition
        )

    found = findings(make_questionnaire(written_in))
    assert {finding.rule for finding in found} == {"P9"}
    warnings = [str(finding.place) for finding in found if not finding.blocking]
    assert warnings == ["language"] * warned
    assert [str(finding.place) for finding in found if finding.blocking] == judged


def rated(
    change: dict[str, tuple[int | None, ...]], *, raters: int = 40
) -> list[tuple[str, bool, str]]:
    """Findings where raters give a 4 throughout, but for these numbers, over and over.

    None stands for a statement that the rater skipped.
    """
    given = [
        LEVEL[0]
        | {place: numbers[rater % len(numbers)] for place, numbers in change.items()}
        for rater in range(raters)
    ]
    sheets = [
        {place: number for place, number in sheet.items() if number is not None}
        for sheet in given
    ]
    found = findings(DEFAULT, ratings=sheets)
    assert {finding.rule for finding in found} <= {"P10"}
    return [
        (str(finding.place), finding.blocking, finding.message) for finding in found
    ]


def verdicts(
    change: dict[str, tuple[int | None, ...]], *, raters: int = 40
) -> dict[str, bool]:
    return {place: blocking for place, blocking, _ in rated(change, raters=raters)}


def test_p10_trade_off_blocks_where_the_whole_interval_is_beyond_the_limit() -> None:
    # Differences of 0 and 2 by turns: mean 1, standard error .16, interval .74 to 1.26.
    found = rated({"T9.project": (4, 6)})
    assert [(place, blocking) for place, blocking, _ in found] == [("T9", True)]
    assert "project" in found[0][2]
    assert re.findall(r"[\d.]+\d", found[0][2]) == ["1.00", "90", "0.74", "1.26", "0.5"]
    assert verdicts({"T9.product": (4, 6)}) == {"T9": True}


def test_p10_trade_off_in_between_is_warned_of_with_how_many_would_decide() -> None:
    # Mean .75, standard error .21: interval .41 to 1.09.
    apart = {"T9.project": (4, 4, 7, 4)}
    [(place, blocking, message)] = rated(apart)
    assert (place, blocking) == ("T9", False)
    assert re.findall(r"About (\d+) more", message) == ["35"]
    # The same mean and spread with so many more are beyond the limit.
    assert verdicts(apart, raters=76) == {"T9": True}
    # And on the limit itself no number decides.
    [(place, blocking, message)] = rated({"T9.project": (4, 5)})
    assert (place, blocking) == ("T9", False)
    assert not re.search(r"\d+ more", message)
    assert "hardly" in message


def test_p10_nobody_looks_better_and_still_undecided() -> None:
    [(place, blocking, message)] = rated({"T9.project": (1, 7)})
    assert (place, blocking) == ("T9", False)
    assert "Neither" in message
    assert "−0.79 to 0.79" in message


@pytest.mark.parametrize("raters", [0, 1, 39])
def test_p10_too_few_raters_are_warned_of_however_far_apart(raters: int) -> None:
    found = rated({"T4.project": (7,)}, raters=raters)
    assert [(place, blocking) for place, blocking, _ in found] == [
        (f"T{number}", False) for number in range(1, 13)
    ]
    assert {re.findall(r"\d+", message)[-1] for _, _, message in found} == {
        {0: "40", 1: "39", 39: "1"}[raters]
    }


def test_p10_difference_is_taken_within_each_rater() -> None:
    # Ratings from 1 to 7, which every rater gives to both sides alike.
    alike = tuple(range(1, 8))
    assert rated({"T1.project": alike, "T1.product": alike}) == []
    # The same ratings by other people: an interval far wider than the limit.
    shifted = (*alike[3:], *alike[:3])
    assert verdicts({"T1.project": alike, "T1.product": shifted}, raters=42) == {
        "T1": False
    }


def test_p10_skipped_statement_takes_away_only_its_trade_off() -> None:
    # One rater of 41 skips one side of T2: 40 remain. Two skip T3: 39 remain.
    skipped: dict[str, tuple[int | None, ...]] = {
        "T2.product": (None, *[4] * 40),
        "T3.project": (None, None, *[4] * 39),
    }
    assert verdicts(skipped, raters=41) == {"T3": False}


def test_p10_form_blocks_where_its_whole_interval_is_beyond_the_limit() -> None:
    # Each trade-off by .4, which is even; the form as well by .4.
    fifths = {f"T{number}.product": (4, 4, 4, 5, 5) for number in range(1, 13)}
    assert verdicts(fifths, raters=400) == {
        "full.desirability": True,
        "short.desirability": True,
    }
    # Signs are kept: the same to both sides alike is even.
    turned = {
        f"T{number}.{'project' if number % 2 else 'product'}": (4, 4, 4, 5, 5)
        for number in range(1, 13)
    }
    assert verdicts(turned, raters=400) == {}
    short = {f"T{number}.project": (4, 4, 4, 4, 5) for number in range(1, 9)}
    assert verdicts(short, raters=600) == {
        "full.desirability": False,
        "short.desirability": True,
    }


def test_p10_error_of_a_form_comes_from_the_raters() -> None:
    """Raters who prefer one side throughout leave a form wide open."""
    taste = {f"T{number}.project": (3, 5) for number in range(1, 13)}
    assert verdicts(taste) == {"full.desirability": False, "short.desirability": False}
    mixed = {
        f"T{number}.project": (3, 5) if number % 2 else (5, 3)
        for number in range(1, 13)
    }
    assert verdicts(mixed) == {}


@pytest.mark.parametrize(
    "text",
    [
        "I like to see a project grow from the very first day.",
        "I like to lead the Products that people use on a day.",
        "I like to be the manager of a good team.",
        "I like to draw the road map of what comes next.",
        "I do not start before I know all the steps.",
        "I never start before I know all the steps.",
        "I don't start before I know all the steps.",
        "I hate to start before I know all the steps.",
        "I can write down the steps that something needs.",
        "I am good at plans and I list the steps.",
        "I'm really good at plans and I list the steps.",
    ],
)
def test_p11_word_that_gives_the_side_away_denies_or_boasts(text: str) -> None:
    assert places(set_text("T1", "project", text), "P11") == ["T1.project"]


def test_p11_stem_or_label_that_hints_at_a_side() -> None:
    def change(definition: Json) -> None:
        definition["sections"][0]["stem"] = "Which is more like a manager?"
        definition["sections"][1]["labels"][0] = "Much more project"

    assert places(change, "P11") == ["sections[0]", "sections[1]"]


@pytest.mark.parametrize(
    "text",
    [
        "I work as a Delivery  lead would on a good day.",
        "I do as delivery leads do, step by step, all day.",
    ],
)
def test_p11_name_that_a_role_has_now(text: str) -> None:
    def change(definition: Json) -> None:
        definition["roles"][0]["name"] = "Delivery lead"
        set_text("T1", "project", text)(definition)
        definition["sections"][1]["stem"] = "Which is more like a (delivery lead)?"

    assert places(change, "P11") == ["T1.project", "sections[1]"]
    assert findings(make_questionnaire(set_text("T1", "project", text))) == []


def test_p11_name_of_a_role_is_one_finding_and_no_part_of_a_longer_word() -> None:
    def change(definition: Json) -> None:
        definition["roles"][0]["name"] = "Lead"
        set_text(
            "T1", "project", "I lead, and I am misleading people on the way to it."
        )(definition)

    assert [
        finding.message
        for finding in findings(make_questionnaire(change))
        if finding.rule == "P11"
    ] == ["“lead” gives away which role it belongs to. Say it another way."]


def test_p11_intro_that_names_a_role_is_warned_of() -> None:
    def change(definition: Json) -> None:
        definition["intro"] = "Would a product manager say so?"

    found = [
        finding
        for finding in findings(make_questionnaire(change))
        if finding.rule == "P11"
    ]
    assert [(str(finding.place), finding.blocking) for finding in found] == [
        ("intro", False)
    ]
    assert "“product manager”" in found[0].message


def test_p11_statement_not_ticked_as_one_idea() -> None:
    found = findings(DEFAULT, one_idea=PLACES - {"T3.product", "S2"})
    assert [
        (finding.rule, str(finding.place), finding.blocking) for finding in found
    ] == [
        ("P11", "T3.product", True),
        ("P11", "S2", True),
    ]


def labeled(*words: str) -> Callable[[Json], None]:
    return lambda definition: definition["sections"][2].update(labels=list(words))


def test_p12_labels_without_words_or_twice_the_same() -> None:
    assert places(labeled("1", "2", "3", "4", "5"), "P12") == ["sections[2].labels"]
    assert places(labeled("None", "A bit", "Some", "some ", "Much"), "P12") == [
        "sections[2].labels"
    ]

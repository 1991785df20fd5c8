"""What staff read about wishes and what people chose: no cell under ten people."""

from __future__ import annotations

from collections import Counter

from assessments.defaults import default_questionnaire
from assessments.engine.turnout import turnout_keys
from assessments.quality.cells import DASH, FEW, HIDDEN
from assessments.quality.turnout import prediction_table, turnout_table, wishes_table

DEFAULT = default_questionnaire()


def people(count: int, **answers: object) -> Counter[str]:
    told = {"chosen": "", "liking": None, "lean": 0.0, "wish": ""} | answers
    keys = turnout_keys(**told)  # type: ignore[arg-type]
    return Counter({key: count * n for key, n in keys.items()})


def test_small_counts_of_wishes_are_hidden_with_the_one_that_would_tell_them() -> None:
    wishes = Counter({"first": 40, "second": 12, "either": 11, "unknown": 3, "": 20})
    table = wishes_table(DEFAULT, wishes)
    assert [row[1].text for row in table.rows] == ["40", "10", HIDDEN, FEW, "20"]
    assert wishes_table(DEFAULT, Counter({"": 30})).rows == ()


def test_few_who_say_nothing_cannot_be_worked_out_from_the_results() -> None:
    wishes = Counter({"first": 40, "second": 30, "either": 20, "unknown": 12, "": 3})
    table = wishes_table(DEFAULT, wishes)
    assert [row[1].text for row in table.rows] == ["40", "30", "20", HIDDEN, FEW]


def test_row_of_a_hidden_choice_tells_no_liking() -> None:
    turnout = (
        people(30, chosen="first", liking=4)
        + people(20, chosen="first", liking=0)
        + people(4, chosen="second", liking=4)
        + people(25, chosen="neither")
        + people(12)
    )
    rows = {row[0].text: row[1:] for row in turnout_table(DEFAULT, turnout).rows}
    assert [cell.text for cell in rows["Project manager"]] == ["50", "30"]
    assert [cell.text for cell in rows["Product manager"]] == [FEW, FEW]
    assert turnout_table(DEFAULT, Counter()).rows == ()


def test_area_needs_a_hundred_people() -> None:
    few = people(49, chosen="first", lean=20.0, wish="first")
    many = people(50, chosen="first", lean=20.0, wish="first")
    rest = people(40, chosen="second", lean=-20.0) + people(
        10, chosen="second", lean=40.0, wish="second"
    )
    shown = [row[1].text for row in prediction_table(many + rest).rows]
    assert shown[0].startswith("80")
    assert shown[1:] == [DASH] * 3
    assert [row[1].text for row in prediction_table(few + rest).rows] == [DASH] * 4
    assert prediction_table(Counter()).rows == ()

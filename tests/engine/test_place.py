"""Places: the text of each is the one that files and pages have always had."""

from __future__ import annotations

import pytest

from assessments.engine.place import Place

FORMS = {
    "T3": Place(question="T3"),
    "T3.project": Place(question="T3", part="project"),
    "sections[0]": Place("sections", section=0),
    "sections[0].labels": Place("sections", section=0, part="labels"),
    "sections[0].labels[2]": Place("sections", section=0, part="labels", index=2),
    "sections[0].questions": Place("sections", section=0, part="questions"),
    "sections[1].questions[0]": Place("sections", section=1, question=0),
    "sections[1].questions[0].project.text": Place(
        "sections", section=1, question=0, part="project.text"
    ),
    "constants": Place("constants"),
    "constants.v_trade_off": Place("constants", constant="v_trade_off"),
    "constants.forms": Place("constants", constant="forms"),
    "constants.forms.full": Place("constants", form="full"),
    "constants.forms.full.careless_run": Place(
        "constants", form="full", constant="careless_run"
    ),
    "full.key": Place(form="full", part="key"),
    "strengths": Place("strengths"),
    "strengths.risk-management": Place("strengths", "risk-management"),
    "roles[0].slug": Place("roles", 0, part="slug"),
    "questionnaire": Place("questionnaire"),
}


@pytest.mark.parametrize(("text", "place"), FORMS.items())
def test_text_and_place_say_the_same(text: str, place: Place) -> None:
    assert (str(place), Place.read(text)) == (text, place)


def test_place_grows_by_keys_and_positions() -> None:
    question = Place().key("sections").item(2).key("questions").item(0)
    assert question == Place("sections", section=2, question=0)
    assert str(question.key("product").key("text")) == (
        "sections[2].questions[0].product.text"
    )


def test_key_that_belongs_nowhere_is_kept_as_it_stands() -> None:
    for place in (Place(), Place("constants"), Place("sections", section=1)):
        assert str(place.key('"an odd.key[1]"')).endswith('"an odd.key[1]"')


def test_key_below_a_constant_is_a_part_of_it() -> None:
    assert str(Place("constants", constant="x").key("y")) == "constants.x.y"

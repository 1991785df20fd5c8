"""The card that an owner saves as a picture: right words, right places, no styles."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from assessments.engine.outcomes import Outcome
from assessments.results.card import CARD_LINES, card_lines
from assessments.results.report import report
from tests.support.dom import Element, parse
from tests.support.taker import Taker

SVG = "{http://www.w3.org/2000/svg}"


def card_of(visitor: Taker) -> Element:
    return parse(visitor.client.get("/quiz/result/")).one("template[data-card] > svg")


def test_every_outcome_that_is_shown_has_its_lines() -> None:
    assert CARD_LINES.keys() == {outcome for outcome in Outcome if outcome.shown}


@pytest.mark.parametrize("role", ["project", "product"])
@pytest.mark.parametrize("strength", ["clear", "lean"])
def test_lines_name_the_role(role: str, strength: str) -> None:
    lines = card_lines(Outcome(f"{strength}_{role}"), role=role)
    assert lines[1] == f"{role} management."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "example",
    [
        "clear_project",
        "clear_product",
        "lean_project",
        "lean_product",
        "close",
        "both",
        "low_both",
        "clear_short",
    ],
)
def test_card_has_the_words_and_the_geometry_of_the_result(
    visitor: Taker, example: str
) -> None:
    visitor.take(example)
    response = visitor.client.get("/quiz/result/")
    source = re.search(
        r"<template data-card>(.*?)</template>", response.content.decode(), re.S
    )
    assert source is not None
    card = ElementTree.fromstring(source[1].strip())  # noqa: S314
    facts = report(visitor.result())
    figure = facts.figure
    assert figure is not None
    texts = [element.text or "" for element in card.iter(f"{SVG}text")]
    assert texts[:2] == list(card_lines(facts.outcome, role=facts.named))
    half = round(float(visitor.result().parsed_reply.shown.half_width_90))
    assert any(
        figure.lean_words in text and text.endswith(f" {half}") for text in texts
    )
    assert any(settings.BASE_URL.partition("://")[2] in text for text in texts)
    assert any("short form" in text for text in texts) == facts.provisional
    marks = [element.get("x") for element in card.iter(f"{SVG}svg")]
    assert figure.mark in marks
    bands = {
        element.get("width")
        for element in card.iter(f"{SVG}rect")
        if element.get("x") == figure.band_x
    }
    assert bands == {figure.band_width}
    assert (card.get("width"), card.get("height")) == ("1200", "630")
    names = {name for element in card.iter() for name in element.attrib}
    assert not names & {"style", "class", "href"}


@pytest.mark.django_db
def test_only_the_owners_page_has_a_card_and_only_where_there_is_a_figure(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("clear_project")
    own = parse(visitor.client.get("/quiz/result/"))
    assert own.has("template[data-card]")
    assert own.values(".take a") == ["/quiz/result/share/?result=1"]
    # Without script, the buttons that need it are not there to press.
    assert ["hidden" in button.attributes for button in own.all(".take button")] == [
        True,
        True,
    ]
    preview = parse(visitor.client.get("/quiz/result/1/preview/answers/"))
    assert not preview.has("template")
    stranger.take("careless")
    careless = parse(stranger.client.get("/quiz/result/"))
    assert not careless.has("template[data-card]")
    assert not careless.has("a[href^=/quiz/result/share/]")


def test_source_of_the_picture_of_previews_is_an_svg_of_its_size() -> None:
    source = Path(settings.BASE_DIR, "static/img/share.svg")
    root = ElementTree.parse(source).getroot()  # noqa: S314
    assert (root.get("width"), root.get("height")) == ("1200", "630")

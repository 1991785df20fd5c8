"""Invented clients, for the page on which coaches ask for a workspace.

The templates of the workspace draw them, so the page shows what coaches get.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from assessments.defaults.prompts import PROMPTS
from assessments.engine.group import Member
from assessments.engine.outcomes import Outcome
from assessments.results.group_picture import (
    GroupPicture,
    LeanLine,
    picture_of_members,
)
from assessments.results.outcome_words import short_words

# Half of the 90% range in points of lean, squared: of a full form and of a short one.
FULL_FORM_RANGE, SHORT_FORM_RANGE = Fraction(21**2), Fraction(28**2)
# Name, outcome, lean (positive: project), range, and what the client agreed to show.
SAMPLE_CLIENTS = (
    ("Amara", Outcome.CLEAR_PROJECT, 53, FULL_FORM_RANGE, "every answer"),
    ("Hedda", Outcome.LEAN_PROJECT, 24, FULL_FORM_RANGE, "every answer"),
    ("Bo", Outcome.CLOSE, 5, FULL_FORM_RANGE, "the summary"),
    ("Eun-ji", Outcome.BOTH, -3, FULL_FORM_RANGE, "with strengths"),
    ("Chiara", Outcome.LEAN_PRODUCT, -31, SHORT_FORM_RANGE, "the summary, short form"),
    ("Dev", Outcome.CLEAR_PRODUCT, -45, FULL_FORM_RANGE, "with strengths"),
    ("Omar", Outcome.CLEAR_PRODUCT, -64, FULL_FORM_RANGE, "every answer"),
)


@dataclass(frozen=True, slots=True)
class SampleClient:
    name: str
    outcome: str
    figure: LeanLine
    sees: str


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """As a result quotes an answer. `own`: the side that the talk is about."""

    number: int
    words: str
    left: str
    right: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    picture: GroupPicture
    clients: tuple[SampleClient, ...]
    # A part of the guide for the talk with Hedda.
    client: str
    prompt: str
    liked: SampleAnswer
    trade_offs: tuple[SampleAnswer, ...]


@cache
def sample() -> Sample:
    members = [
        Member(outcome, Fraction(lean), band)
        for _, outcome, lean, band, _ in SAMPLE_CLIENTS
    ]
    picture = picture_of_members(members, {})
    if picture is None:
        raise ValueError("the sample needs three clients")
    return Sample(
        picture=picture,
        # The lines go from project to product, as the clients do.
        clients=tuple(
            SampleClient(name, short_words(outcome), line, sees)
            for (name, outcome, _, _, sees), line in zip(
                SAMPLE_CLIENTS, picture.lines, strict=True
            )
        ),
        client="Hedda",
        prompt=PROMPTS["interest"],
        liked=SampleAnswer(
            10,
            "Very much",
            "Watching people use something and seeing where they get stuck.",
        ),
        trade_offs=(
            SampleAnswer(
                1,
                "Much more A",
                "Before I start something, I list the steps it needs.",
                "Before I start something, I picture who will use it.",
                own="B",
            ),
            SampleAnswer(
                15,
                "A bit more B",
                "When plans change, I first ask who it is for.",
                "When plans change, I first ask when it is due.",
                own="A",
            ),
        ),
    )

"""What pages say about scoring is what the version they are about says:

nothing is written into a template.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from django.test import Client

from assessments.actions.drafts import duplicate, duplicate_with_constants
from assessments.actions.versions import NotPublished, publish, waiting_drafts
from assessments.defaults import default_questionnaire
from assessments.engine import Constants, Definition
from assessments.models import Questionnaire as Draft
from assessments.models import ShareLink, Version
from assessments.queries import versions
from assessments.results.scoring_facts import disclosure, number_in_words, scoring_facts
from tests.support.snapshots import forget_snapshots
from tests.support.staff import address, signed_in, text_of
from tests.support.taker import Taker

UNCHECKED = "and we have not yet checked it with enough people"
CHANGED = {
    "v_trade_off": "2",
    "trade_off_weight": "4/5",
    "enjoyment_weight": "1/5",
    "leans_z_squared": "1",
    "clear_z_squared": "4",
    "leans_floor": "9",
    "clear_floor": "16",
    "low_enjoyment": "30",
    "high_enjoyment": "70",
    "seconds_per_question": "1",
    "rank_gap": "40",
    "weak_pull": "25",
    "strong_pull": "75",
    "full_least_trade_offs": 8,
    "full_least_enjoyment": 2,
    "short_least_trade_offs": 5,
    "full_careless_run": 10,
    "short_careless_run": 8,
}


def with_constants(**changes: str) -> Definition:
    default = default_questionnaire()
    exact = {name: Fraction(value) for name, value in changes.items()}
    return replace(default, constants=replace(default.constants, **exact))


def publish_with(version: Version, **changes: object) -> Version:
    draft = duplicate(version)
    Draft.objects.filter(pk=draft.pk).update(**changes)
    published = publish(draft, by=None)
    forget_snapshots()
    return published


def method_page(client: Client) -> str:
    forget_snapshots()
    return text_of(client.get("/method/"))


def test_default_questionnaire_in_words() -> None:
    words = scoring_facts(default_questionnaire())
    assert (
        words.full.half_width,
        words.short.half_width,
        words.strength_half,
        words.shared_half,
    ) == (21, 26, 26, 18)
    assert (
        words.trade_off_points,
        words.enjoyment_points,
        words.leans_z,
        words.clear_z,
    ) == ("37.5", "6.25", "0.84", "1.64")
    assert (words.trade_off_parts, words.enjoyment_parts, words.full_only) == (
        "three parts",
        "one part",
        13,
    )
    assert (words.full.minutes, words.short.minutes) == (
        "about five minutes",
        "two to three minutes",
    )
    assert (words.band_percent, words.band_times) == (90, "9 times in 10")
    assert (words.strength_answers, words.weak_x, words.strong_x, words.rank_gap) == (
        "three",
        "33.33%",
        "66.67%",
        "36",
    )
    assert words.typical_error == "a single answer is typically about one button away"


@pytest.mark.parametrize(
    ("v_trade_off", "v_enjoyment", "said"),
    [
        ("3/4", "3/4", "a single answer is typically about one button away"),
        ("2", "2", "a single answer is typically about one and a half buttons away"),
        (
            "2",
            "1",
            (
                "a single trade-off is typically about one and a half buttons, an"
                " enjoyment answer about one button away"
            ),
        ),
        (
            "1/4",
            "1/100",
            (
                "a single trade-off is typically about half a button, an enjoyment"
                " answer less than half a button away"
            ),
        ),
        (
            "4",
            "25/4",
            (
                "a single trade-off is typically about 2 buttons, an enjoyment answer"
                " about 2.5 buttons away"
            ),
        ),
    ],
)
def test_how_far_an_answer_strays_follows_its_error_variance(
    v_trade_off: str, v_enjoyment: str, said: str
) -> None:
    assert (
        scoring_facts(
            with_constants(v_trade_off=v_trade_off, v_enjoyment=v_enjoyment)
        ).typical_error
        == said
    )


def test_band_of_another_width_has_another_share() -> None:
    words = scoring_facts(with_constants(band_z_squared="96/25"))
    assert (words.band_percent, words.band_times) == (95, "19 times in 20")


def test_forms_that_cannot_give_a_lean_and_have_no_shared_skill_have_no_widths() -> (
    None
):
    default = default_questionnaire()
    words = scoring_facts(replace(default, sections=default.sections[:1]))
    assert (
        words.full.half_width,
        words.shared_half,
        words.full.minutes,
        words.full_only,
    ) == (None, None, "about a minute", 0)


def test_numbers_are_words_up_to_twelve() -> None:
    assert [number_in_words(number) for number in (0, 1, 12, 13)] == [
        "no",
        "one",
        "twelve",
        "13",
    ]


def test_words_read_every_constant_but_those_of_certainty() -> None:
    """A constant that is new here must be looked at: does a page say it?"""
    unsaid = {"sure_z_squared", "stop_z_squared", "full", "short"}
    before = scoring_facts(default_questionnaire())
    for name in Constants.__dataclass_fields__.keys() - unsaid:
        assert scoring_facts(with_constants(**{name: "11/7"})) != before, name


@pytest.mark.django_db
def test_method_page_says_what_the_live_version_has(
    questionnaire: Version, client: Client
) -> None:
    publish_with(questionnaire, **CHANGED)
    shown = method_page(client)
    for words in (
        "The mean of your steps, times 40, is",
        "less the product mean, times 5, is",
        "is four parts its share of the trade-offs and one part its enjoyment",
        (
            "a single trade-off is typically about one and a half buttons, an enjoyment"
            " answer about one button away from what you"
        ),
        "plus or minus 27 points for the full form without skips, 34 for the short one",
        "is 2 for a trade-off and 1 for an enjoyment question",
        "Fewer than 8 trade-offs or 2 enjoyment answers a role (short form: 5 and 1)",
        (
            "Under 1 second a question, or the same trade-off button, the middle apart,"
            " 10 times in a row (short form: 8)"
        ),
        "Both enjoyments at 30 of 100 or less",
        "at least 2.00 times its error, and 16 points or more",
        "at least 1.00 times its error, and 9 points or more",
        "both enjoyments at 70 or more",
        "These numbers are assumptions, not yet measurements.",
    ):
        assert words in shown, words


@pytest.mark.django_db
def test_method_page_before_the_first_publishing_is_about_what_comes_with_the_software(
    db: None, client: Client
) -> None:
    shown = method_page(client)
    assert "Twelve in the full form, eight in the short one." in shown
    assert "The mean of your steps, times 37.5, is" in shown
    assert "fingerprint" not in shown


@pytest.mark.django_db
def test_old_result_and_its_link_keep_the_words_of_their_own_version(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "answers", "days": "30"}
    )
    pages = (
        "/quiz/result/",
        f"/r/{ShareLink.objects.get().token}/",
        f"/r/{ShareLink.objects.get().token}.json",
    )
    visitor.client.get("/quiz/result/share/")  # what it says of the new link, once
    before = [
        without_token(visitor.client.get(page).content.decode()) for page in pages
    ]
    version = Version.objects.get()
    publish(
        duplicate_with_constants(
            version, v_trade_off=Fraction(2), v_enjoyment=Fraction(2)
        ),
        by=None,
    )
    forget_snapshots()
    assert [
        without_token(visitor.client.get(page).content.decode()) for page in pages
    ] == before
    assert UNCHECKED in before[0]
    assert UNCHECKED in before[2]


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


@pytest.mark.django_db
def test_new_result_goes_by_the_constants_of_its_version(
    visitor: Taker, client: Client
) -> None:
    publish_with(Version.objects.get(), **CHANGED)
    visitor.take("clear_project")
    shown = text_of(visitor.client.get("/quiz/result/"))
    for words in (
        "four parts trade-offs and one part enjoyment",
        "Its part of the lean is 40 times the steps",
        (
            "The fine lines at 25 and 75 are where the words change. Give each number"
            " about 31 either way: two that are less than 40 apart"
        ),
        (
            "about one and a half buttons, an enjoyment answer about one button away"
            " from what you would say"
        ),
        'x1="25.00%" x2="25.00%"',
        "We have not yet checked that with enough people.",
    ):
        assert words in shown, words


@pytest.mark.django_db
def test_measured_constants_are_said_to_be_measured_from_the_next_version_on(
    visitor: Taker, client: Client
) -> None:
    first = Version.objects.get()
    second = publish(
        duplicate_with_constants(
            first, v_trade_off=Fraction(3, 2), v_enjoyment=Fraction(1)
        ),
        by=None,
    )
    assert (first.constants_measured, second.constants_measured) == (False, True)
    shown = method_page(client)
    assert (
        "Going by the answers of real people to an earlier version, a single answer is"
        " typically" in shown
    )
    assert "At least 300 people" in shown
    for words in ("We assume", "not yet measurements", "not yet tested on people"):
        assert words not in shown
    visitor.take("clear_project")
    visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "summary", "days": "30"}
    )
    told = disclosure(measured=True)
    assert told in text_of(visitor.client.get("/quiz/result/"))
    assert "It rests on a measurement: a single answer" in text_of(
        visitor.client.get("/quiz/result/")
    )
    assert (
        json.loads(client.get(f"/r/{ShareLink.objects.get().token}.json").content)[
            "disclosure"
        ]
        == told
    )
    assert UNCHECKED not in told
    assert UNCHECKED in disclosure(measured=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "measured"),
    [
        ({}, True),
        ({"name": "Winter"}, True),
        ({"v_trade_off": "1.50"}, True),
        ({"v_trade_off": "2"}, False),
        ({"v_enjoyment": "5/4"}, False),
    ],
)
def test_constants_count_as_measured_until_somebody_changes_them(
    questionnaire: Version, changes: dict[str, str], measured: bool
) -> None:
    draft = duplicate_with_constants(
        questionnaire, v_trade_off=Fraction(3, 2), v_enjoyment=Fraction(1)
    )
    Draft.objects.filter(pk=draft.pk).update(**changes)
    version = publish(draft, by=None)
    assert version.constants_measured is measured
    Draft.objects.filter(pk=draft.pk).update(v_trade_off="7/4")
    assert Version.objects.get(pk=version.pk).constants_measured is measured


@pytest.mark.django_db
def test_measured_constants_stay_measured_in_a_later_draft(
    questionnaire: Version,
) -> None:
    second = publish(
        duplicate_with_constants(
            questionnaire, v_trade_off=Fraction(3, 2), v_enjoyment=Fraction(1)
        ),
        by=None,
    )
    assert duplicate(second).constants_measured
    assert not duplicate(questionnaire).constants_measured


@pytest.mark.django_db
def test_flag_stands_beside_the_definition_and_not_in_it(
    questionnaire: Version,
) -> None:
    """Answers that confirm what was assumed make a version with the same bytes, which
    the draft waits for.
    """
    constants = versions.questionnaire_of(questionnaire).constants
    draft = duplicate_with_constants(
        questionnaire,
        v_trade_off=constants.v_trade_off,
        v_enjoyment=constants.v_enjoyment,
    )
    assert draft in waiting_drafts(questionnaire)
    asked = text_of(
        signed_in("paula", "view_questionnaire", "publish_questionnaire").get(
            address("questionnaire_publish", draft.pk)
        )
    )
    assert (
        "Nothing differs but one thing: the draft’s error variances were measured."
        in asked
    )
    assert "Publish this draft" in asked
    second = publish(draft, by=None)
    assert (second.definition, second.sha256) == (
        questionnaire.definition,
        questionnaire.sha256,
    )
    with pytest.raises(NotPublished, match="Nothing differs from version 2"):
        publish(draft, by=None)
    assert draft not in waiting_drafts(second)

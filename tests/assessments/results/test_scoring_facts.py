"""What pages say about scoring is what the version they are about says.

Nothing is written into a template.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from django.http import HttpResponse
from django.test import Client

from assessments.actions.drafts import duplicate, duplicate_with_constants
from assessments.actions.versions import NotPublished, publish, waiting_drafts
from assessments.defaults import default_questionnaire
from assessments.engine import Constants, Definition
from assessments.models import Coach, ShareLink, Version
from assessments.models import Questionnaire as Draft
from assessments.queries import versions
from assessments.results.scoring_facts import disclosure, number_in_words, scoring_facts
from tests.support.coaching import invite
from tests.support.dom import Element, parse
from tests.support.snapshots import forget_snapshots
from tests.support.staff import address, signed_in
from tests.support.taker import Taker

UNCHECKED = "an assumption that we haven’t checked with enough people yet."
NUMBER = re.compile(r"\d+(?:[./]\d+)?")
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


def method_page(client: Client) -> HttpResponse:
    forget_snapshots()
    return client.get("/method/")


def numbers(element: Element) -> list[str]:
    """The numbers that a reader sees, in their order."""
    return NUMBER.findall(element.text)


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


def test_strengths_that_share_a_choice_need_a_wider_gap() -> None:
    """3 answers each, one choice shared: 1.645 × √(2 × (243.1 + 86.8))."""
    facts = scoring_facts(default_questionnaire())
    assert (facts.rank_gap, facts.rank_gap_shared) == ("36", 42)


def test_numbers_are_words_up_to_twenty() -> None:
    assert [number_in_words(number) for number in (0, 1, 20, 21)] == [
        "no",
        "one",
        "twenty",
        "21",
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
    version = publish_with(questionnaire, **CHANGED)
    response = method_page(client)
    facts = response.context["scoring"]
    assert facts == scoring_facts(versions.questionnaire_of(version))
    assert (facts.trade_off_parts, facts.enjoyment_parts) == ("four parts", "one part")
    page = parse(response)
    assert page.one(".fingerprint").text == version.sha256
    *_, fit = the_sum = page.all("ol.text-list li")
    # The numbers that are not the version's are how many steps and points there are.
    assert [numbers(item) for item in the_sum] == [
        ["2", "40"],
        ["0", "4", "5"],
        ["100", "100"],
        ["0", "100"],
    ]
    assert facts.trade_off_parts in fit.text
    assert facts.enjoyment_parts in fit.text
    [outcomes] = [
        section
        for section in page.all("main section")
        if section.texts("caption") == ["The first line that fits decides"]
    ]
    assert [numbers(cell) for cell in outcomes.all("tbody td")] == [
        ["8", "2", "5", "1"],
        ["1", "10", "8"],
        ["30", "100"],
        ["2.00", "16"],
        ["1.00", "9"],
        ["70"],
        [],
    ]
    band, variance = doubt(page)
    assert facts.typical_error in band.text
    assert numbers(band) == ["27", "34", "9", "10", "1.4"]
    assert numbers(variance) == ["2", "1"]


def doubt(page: Element) -> tuple[Element, Element]:
    """Of the method page: the width of the band, and the variance of one answer."""
    band, variance = page.all("main section")[2].all("p")
    return band, variance


@pytest.mark.django_db
def test_method_page_before_the_first_publishing_is_about_what_comes_with_the_software(
    db: None, client: Client
) -> None:
    response = method_page(client)
    facts = response.context["scoring"]
    assert response.context["version"] is None
    assert facts == scoring_facts(default_questionnaire())
    page = parse(response)
    assert numbers(page.all("ol.text-list li")[0])[-1] == facts.trade_off_points
    trade_offs = page.all("dl.groups dd")[0].text.lower()
    assert facts.full.trade_offs in trade_offs
    assert facts.short.trade_offs in trade_offs
    assert not page.has(".fingerprint")


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
            version, v_trade_off=Fraction(2), v_enjoyment=Fraction(2), over_days=True
        ),
        by=None,
    )
    forget_snapshots()
    assert [
        without_token(visitor.client.get(page).content.decode()) for page in pages
    ] == before
    assumed = disclosure(steadiness_measured=False)
    assert assumed in parse(before[0]).one("main").texts("section p")
    assert json.loads(before[2])["disclosure"] == assumed


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


@pytest.mark.django_db
def test_new_result_goes_by_the_constants_of_its_version(
    visitor: Taker, client: Client
) -> None:
    version = publish_with(Version.objects.get(), **CHANGED)
    visitor.take("clear_project")
    response = visitor.client.get("/quiz/result/")
    facts = response.context["report"].scoring
    assert facts == scoring_facts(versions.questionnaire_of(version))
    assert response.context["result"].version == version
    page = parse(response)
    [fit] = [
        note for note in page.texts("main p.note") if facts.trade_off_parts in note
    ]
    assert facts.enjoyment_parts in fit
    assert "40" in numbers(page.all("#sum p")[0])
    assert numbers(page.one("#strengths p.note")) == [
        "0",
        "100",
        str(facts.rank_gap_shared),
    ]
    [exactly] = [text for text in page.texts("#working p") if "trade places" in text]
    found = set(NUMBER.findall(exactly))
    assert {"31", "40", "25", "75", str(facts.rank_gap_shared)} <= found
    lines = {
        (line.attributes["x1"], line.attributes["x2"])
        for line in page.all("#strengths .word-line")
    }
    assert lines == {("25.00%", "25.00%"), ("75.00%", "75.00%")}
    assert facts.typical_error in page.texts("#sure p")[1]


def claims(client: Client) -> list[str]:
    """What pages say of where the numbers come from, without the numbers."""
    taker = Taker()
    taker.take("clear_project")
    result, method = taker.client.get("/quiz/result/"), method_page(client)
    band, variance = doubt(parse(method))
    said = [
        band.text.replace(method.context["scoring"].typical_error, ""),
        variance.text,
        parse(method).one("main section p b").text,
        parse(result)
        .texts("#sure p")[1]
        .replace(result.context["report"].scoring.typical_error, ""),
    ]
    return [NUMBER.sub("", words) for words in said]


def disclosures(visitor: Taker, client: Client) -> set[str]:
    """What a new result says on its page, and in the JSON of its link."""
    visitor.take("clear_project")
    visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "summary", "days": "30"}
    )
    link = ShareLink.objects.latest("pk")
    page = parse(visitor.client.get("/quiz/result/"))
    on_page = {
        text for text in page.texts("main p") if text.startswith("This questionnaire")
    }
    assert len(on_page) == 1
    return on_page | {
        json.loads(client.get(f"/r/{link.token}.json").content)["disclosure"]
    }


@pytest.mark.django_db
def test_measured_constants_are_said_to_be_measured_from_the_next_version_on(
    visitor: Taker, client: Client
) -> None:
    first = Version.objects.get()
    assumed = claims(client)
    second = publish(
        duplicate_with_constants(
            first,
            v_trade_off=Fraction(3, 2),
            v_enjoyment=Fraction(1),
            over_days=False,
        ),
        by=None,
    )
    assert (second.consistency_measured, second.steadiness_measured) == (True, False)
    assert numbers(doubt(parse(method_page(client)))[1]) == ["3/2", "1", "300"]
    one_sitting = claims(client)
    # One sitting checks the assumption; it stays one.
    assert one_sitting[0] == assumed[0]
    assert [same for same in one_sitting[1:] if same in assumed] == []
    assert disclosures(visitor, client) == {disclosure(steadiness_measured=False)}
    third = publish(
        duplicate_with_constants(
            second,
            v_trade_off=Fraction(3, 2),
            v_enjoyment=Fraction(1),
            over_days=True,
        ),
        by=None,
    )
    assert (third.consistency_measured, third.steadiness_measured) == (True, True)
    assert numbers(doubt(parse(method_page(client)))[1]) == ["3/2", "1", "300", "100"]
    measured = claims(client)
    assert [same for same in measured if same in assumed + one_sitting] == []
    assert len(measured) == len(one_sitting) == len(assumed) == 4
    told = disclosure(steadiness_measured=True)
    assert disclosures(visitor, client) == {told}
    assert UNCHECKED not in told
    assert UNCHECKED in disclosure(steadiness_measured=False)


@pytest.mark.django_db
@pytest.mark.parametrize("over_days", [False, True])
def test_home_and_invitations_say_that_it_is_untested_until_people_were_measured(
    coach: Coach, client: Client, over_days: bool
) -> None:
    pages = ("/", f"/join/{invite(coach).code}/")

    def say_so() -> list[bool]:
        forget_snapshots()
        return [parse(client.get(page)).has("#untested") for page in pages]

    assert say_so() == [True, True]
    publish(
        duplicate_with_constants(
            Version.objects.get(),
            v_trade_off=Fraction(3, 2),
            v_enjoyment=Fraction(1),
            over_days=over_days,
        ),
        by=None,
    )
    assert say_so() == [False, False]


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
        questionnaire,
        v_trade_off=Fraction(3, 2),
        v_enjoyment=Fraction(1),
        over_days=True,
    )
    Draft.objects.filter(pk=draft.pk).update(**changes)
    version = publish(draft, by=None)
    assert version.consistency_measured is measured
    assert version.steadiness_measured is measured
    Draft.objects.filter(pk=draft.pk).update(v_trade_off="7/4")
    assert Version.objects.get(pk=version.pk).consistency_measured is measured


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
        over_days=False,
    )
    assert draft in waiting_drafts(questionnaire)
    asked = signed_in("paula", "view_questionnaire", "publish_questionnaire").get(
        address("questionnaire_publish", draft.pk)
    )
    assert asked.context["newly_measured"]
    assert (asked.context["blocking"], asked.context["differences"]) == ([], [])
    assert parse(asked).has("#content-main form input[name=seen]")
    second = publish(draft, by=None)
    assert (second.definition, second.sha256) == (
        questionnaire.definition,
        questionnaire.sha256,
    )
    with pytest.raises(NotPublished, match="Nothing differs from version 2"):
        publish(draft, by=None)
    assert draft not in waiting_drafts(second)

"""Which questions stand for each line, with gaps and doubles in words; how the
statements read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from assessments.actions.versions import review_draft
from assessments.defaults import default_questionnaire
from assessments.drafts.coverage import Coverage, coverage
from assessments.drafts.readability import mean_grade, readings
from assessments.models import Question, Questionnaire
from content.models import Strength
from tests.support.admin import quoted
from tests.support.articles import publish_drafted_words
from tests.support.coaching import signed_in_as
from tests.support.dom import Element, parse
from tests.support.staff import address

pytestmark = pytest.mark.django_db


def lines_of(page: Element) -> list[str]:
    """The names of the lines that the coverage page lists."""
    return page.texts("div[aria-labelledby=lines] th[scope=row]")


def questions(draft: Questionnaire, *codes: str) -> object:
    return Question.objects.filter(section__questionnaire=draft, code__in=codes)


def covered(draft: Questionnaire) -> dict[str, Coverage]:
    checked = review_draft(draft)
    return {row.line.slug: row for row in coverage(checked.rows, checked.lines)}


def judged(draft: Questionnaire) -> dict[str, tuple[list[str], list[str]]]:
    return {
        slug: (row.gaps, row.doubles)
        for slug, row in covered(draft).items()
        if row.gaps or row.doubles
    }


def test_default_covers_every_line_without_gap_or_double(draft: Questionnaire) -> None:
    assert judged(draft) == {}
    rows = covered(draft)
    assert len(rows) == 21
    uses = [
        (use.code, use.side, use.in_short, use.against and use.against.slug)
        for use in rows["risk-management"].uses
    ]
    assert uses == [
        ("T2", "right", True, "market-research"),
        ("T9", "left", False, "product-vision"),
        ("E5", "", False, None),
    ]
    assert [use.side for use in rows["market-research"].trade_offs] == ["left", "right"]
    assert [use.code for use in rows["communication"].shared] == ["S2"]


def test_renamed_strength_shows_on_public_pages_and_in_the_coverage_once_published(
    draft: Questionnaire,
    client: Client,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    user = User.objects.create_user(
        "edith", "edith@example.org", "a long pass phrase", is_staff=True
    )
    user.groups.add(Group.objects.get(name="Editor"))
    editor, row = signed_in_as(user), Strength.objects.get(slug="risk-management")
    pages = ("/skills/", "/difference/")
    before = [client.get(page).content.decode() for page in pages]
    change = reverse("admin:content_strength_change", args=[row.pk])
    form = editor.get(change).context["adminform"].form.initial | {
        "name": "Taming what may go wrong"
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert (
            editor.post(
                change,
                {name: value for name, value in form.items() if value is not False},
            ).status_code
            == 302
        )
        assert [client.get(page).content.decode() for page in pages] == before
        publish_drafted_words()
    after = [client.get(page).content.decode() for page in pages]
    old, new = "Risk management", "Taming what may go wrong"
    times = [text.count(old) for text in before]
    assert all(times)
    assert [(text.count(new), text.count(old)) for text in after] == [
        (count, 0) for count in times
    ]
    shown = lines_of(parse(editor.get(address("questionnaire_coverage", draft.pk))))
    assert (shown.count(new), shown.count(old)) == (1, 0)
    drafts = parse(editor.get(reverse("admin:assessments_questionnaire_changelist")))
    # Beside the live questionnaire: its text differs from the article.
    [notice] = drafts.texts("section[aria-labelledby=apart] li")
    assert quoted(notice) == [old, new]


def test_order_is_that_of_the_article(draft: Questionnaire) -> None:
    lines = [row.line for row in covered(draft).values()]
    assert [(line.role and line.role.slug, line.kind) for line in lines[::4]] == [
        ("project-manager", "key"),
        ("project-manager", "interest"),
        ("product-manager", "key"),
        ("product-manager", "interest"),
        (None, "shared"),
        (None, "shared"),
    ]


def test_missing_questions_are_gaps_of_their_lines(draft: Questionnaire) -> None:
    questions(draft, "T10", "E5", "S2").delete()
    assert judged(draft) == {
        "planning-and-organization": (
            [
                "1 trade-off in the full form; there should be 2",
                "1 on the left, 0 on the right",
            ],
            [],
        ),
        "strategic-decision-making": (
            [
                "1 trade-off in the full form; there should be 2",
                "0 on the left, 1 on the right",
            ],
            [],
        ),
        "risk-management": (["no enjoyment question; there should be 1"], []),
        "communication": (["no shared-skill question; there should be 1"], []),
    }


def test_too_many_questions_are_doubles_of_their_lines(draft: Questionnaire) -> None:
    market = Strength.objects.get(slug="market-research")
    questions(draft, "T9").update(other_strength=market)
    questions(draft, "S1").update(strength=Strength.objects.get(slug="communication"))
    questions(draft, "E7").update(
        strength=Strength.objects.get(slug="coordinating-teams")
    )
    found = judged(draft)
    assert found["market-research"][1] == [
        "3 trade-offs in the full form; there should be 2",
        "paired with “Risk management” 2 times",
    ]
    assert found["risk-management"] == ([], ["paired with “Market research” 2 times"])
    assert found["communication"] == (
        [],
        ["2 shared-skill questions; there should be 1"],
    )
    assert found["coordinating-teams"] == (
        [],
        ["1 enjoyment question; there should be none"],
    )
    assert found["process-optimization"] == (
        ["no enjoyment question; there should be 1"],
        [],
    )


def test_shared_skill_in_the_short_form_is_too_much(draft: Questionnaire) -> None:
    draft.sections.filter(position=6).update(in_short=True)
    assert judged(draft)["communication"] == (
        [],
        ["1 shared-skill question in the short form; there should be none"],
    )


def test_retired_line_is_listed_while_it_is_in_use(draft: Questionnaire) -> None:
    Strength.objects.filter(slug="communication").update(retired=True)
    publish_drafted_words()
    assert judged(draft) == {
        "communication": ([], ["retired from the article, but still in use"])
    }
    questions(draft, "S2").delete()
    assert "communication" not in covered(draft)


def test_draft_without_questions_is_all_gaps(draft: Questionnaire) -> None:
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing.")
    assert (
        judged(empty)["risk-management"][0][0]
        == "no trade-off in the full form; there should be 1"
    )
    assert len(judged(empty)) == 21


def test_readings_of_the_default_are_what_its_specification_says() -> None:
    default = default_questionnaire()
    found = {each.question: each for each in readings(default)}
    assert len(found) == 25
    assert (
        max(reading.grade for each in found.values() for reading in each.statements)
        < 7.0
    )
    assert max(each.apart for each in found.values() if each.apart is not None) == 2
    assert mean_grade(default) == pytest.approx(3.2, abs=0.1)
    assert (
        [reading.words for reading in found["T1"].statements],
        found["T1"].apart,
        found["E1"].apart,
    ) == ([10, 10], 0, None)


def test_page_links_each_question_and_says_gaps_in_words(
    editor: Client, draft: Questionnaire
) -> None:
    questions(draft, "E5").delete()
    response = editor.get(address("questionnaire_coverage", draft.pk))
    page = parse(response)
    section = address("section_change", draft.sections.get(position=1).pk)
    link = f"{section}#questions-1"
    shown = {
        row.line.slug: (row, trade_offs)
        for _, rows in response.context["groups"]
        for row, (trade_offs, *_) in rows
    }
    row, trade_offs = shown["risk-management"]
    use, url = trade_offs[0]
    assert (use.code, use.side, use.in_short, url) == ("T2", "right", True, link)
    # For its two lines.
    assert page.texts(f".uses a[href='{link}']") == ["T2", "T2"]
    judged_rows = {slug for slug, (row, _) in shown.items() if row.gaps or row.doubles}
    assert judged_rows == {"risk-management"}
    assert (len(row.gaps), row.doubles) == (1, [])
    last_cells = [
        cells[-1]
        for cells in page.rows("div[aria-labelledby=lines] tbody")
        if len(cells) == 5
    ]
    assert sorted(Counter(last_cells).values()) == [1, 20]
    here = address("questionnaire_coverage", draft.pk)
    change = parse(editor.get(address("questionnaire_change", draft.pk)))
    assert change.values(".page-tools a[href$='/coverage/']") == [here]


def test_page_marks_statements_over_a_limit(
    editor: Client, draft: Questionnaire
) -> None:
    questions(draft, "T1").update(
        statement="Internationalization necessitates organizational considerations "
        + "and so on " * 5
    )
    response = editor.get(address("questionnaire_coverage", draft.pk))
    marked = [
        (
            reading.question,
            [statement.too_long for statement in reading.statements],
            [statement.too_hard for statement in reading.statements],
            bool(reading.too_far_apart),
        )
        for _, reading in response.context["readings"]
    ]
    assert marked[0] == ("T1", [True, False], [True, False], True)
    assert not any(any([*long, *hard, far]) for _, long, hard, far in marked[1:])
    assert len(parse(response).all("div[aria-labelledby=figures] tbody b")) == 3


def test_page_of_a_draft_that_cannot_be_read_still_shows_the_lines(
    editor: Client, draft: Questionnaire
) -> None:
    draft.sections.filter(position=3).update(kind="trade_off")
    response = editor.get(address("questionnaire_coverage", draft.pk))
    page = parse(response)
    names = Strength.objects.values_list("name", flat=True)
    assert sorted(lines_of(page)) == sorted(names)
    assert response.context["readings"] == []
    findings = f"{address('questionnaire_change', draft.pk)}#findings"
    assert page.values("section[aria-labelledby=reading] a") == [findings]

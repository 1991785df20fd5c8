"""The frozen form of a page, and the line formats that editors write.

Neither needs a database.
"""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from content import lines
from content.article import PAGES
from content.document import ComparisonRow, LineGroup, WorkflowStep, from_json, to_json
from content.templatetags.article import lane_points, mark_roles


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_document_comes_back_from_json_unchanged(page) -> None:
    assert from_json(to_json(page)) == page


def test_json_has_sorted_keys_and_no_spaces_between_them() -> None:
    text = to_json(PAGES[0])
    assert text.startswith('{"blocks":[{"alternative":')
    assert "’" in text


def test_lines_drop_empty_ones_and_outer_spaces() -> None:
    assert lines.parse_lines(" a \r\n\r\n b\n") == ("a", "b")
    assert lines.format_lines(("a", "b")) == "a\nb"


@pytest.mark.parametrize(
    ("parse", "form", "text", "parsed"),
    [
        (
            lines.parse_groups,
            lines.format_groups,
            "One\na\nb\n\nTwo\nc",
            (LineGroup("One", ("a", "b")), LineGroup("Two", ("c",))),
        ),
        (
            lines.parse_rows,
            lines.format_rows,
            "Ends? | yes | no",
            (ComparisonRow("Ends?", "yes", "no"),),
        ),
        (
            lines.parse_steps,
            lines.format_steps,
            "product: finds: a\nteam: does",
            (WorkflowStep("product", "finds: a"), WorkflowStep("team", "does")),
        ),
    ],
)
def test_line_format_is_read_and_written_the_same(parse, form, text, parsed) -> None:
    assert parse(text) == parsed
    assert form(parsed) == text


def test_groups_forgive_spaces_and_several_empty_lines() -> None:
    assert lines.parse_groups("\r\n One \r\n a\r\n\r\n  \r\n\r\n\r\nTwo\r\nb\r\n") == (
        LineGroup("One", ("a",)),
        LineGroup("Two", ("b",)),
    )


@pytest.mark.parametrize(
    ("parse", "text", "quoted"),
    [
        (lines.parse_groups, "One\na\n\nTwo", "Two"),
        (lines.parse_rows, "a | b", "a | b"),
        (lines.parse_rows, "a | b | c | d", "a | b | c | d"),
        (lines.parse_rows, "a | | c", "a | | c"),
        (lines.parse_steps, "finds a problem", "finds a problem"),
        (lines.parse_steps, "boss: decides", "boss: decides"),
        (lines.parse_steps, "team:", "team:"),
    ],
)
def test_unreadable_line_is_refused_and_quoted(parse, text: str, quoted: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        parse(text)
    assert refusal.value.message.startswith(f"“{quoted}”")


def test_titles_mark_both_roles_and_nothing_else() -> None:
    assert (
        mark_roles("Project or product: projects")
        == '<span class="ruled">Project</span> or <span class="dotted">product</span>:'
        " projects"
    )


def test_titles_are_escaped() -> None:
    assert (
        mark_roles("<b>project</b>")
        == '&lt;b&gt;<span class="ruled">project</span>&lt;/b&gt;'
    )


def test_lanes_lead_from_step_to_step() -> None:
    points = lane_points((WorkflowStep("product", "a"), WorkflowStep("project", "b")))
    assert [
        (point.number, point.x, point.y, point.next_x, point.next_y) for point in points
    ] == [
        (1, "36.25%", 148, "78.75%", 22),
        (2, "78.75%", 22, "", 0),
    ]
    assert lane_points(()) == []

"""What changed between two states of a page, as a publisher reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.difference import (
    BlockChange,
    FieldChange,
    PageDifference,
    TextPiece,
    difference,
    pieces,
    readable,
)
from content.document import (
    PICTURES,
    CallToAction,
    ComparisonRow,
    Document,
    Example,
    FrozenBlock,
    Illustration,
    LineGroup,
    Listing,
    Prose,
    Responsibilities,
    RoleComparison,
    Strengths,
    Workflow,
    WorkflowStep,
)

SITUATION = Prose(heading="The situation", text="<p>A company builds an app.</p>")
LISTS = Example(
    heading="Two lists",
    intro="Two people, two lists.",
    project=("Track progress",),
    product=("What do riders need?",),
    note="One list is made of tasks, the other of questions.",
)
ANSWERS = Prose(heading="Whose job is it?", text="<p>That is clear to both.</p>")
QUESTION = CallToAction(
    heading="Which list would you rather have?", text="Find out.", booking=False
)
PAGE = Document(
    slug="in-practice",
    title="One app, two jobs",
    nav_title="One app",
    description="Two jobs at work on one app.",
    lead="A company builds an app.",
    position=4,
    in_navigation=False,
    blocks=(SITUATION, LISTS, ANSWERS, QUESTION),
)


def with_blocks(*blocks: FrozenBlock) -> Document:
    return replace(PAGE, blocks=blocks)


def between(before: Document | None, after: Document) -> PageDifference:
    return difference(before, after, {"planning": "Planning and order"})


def shape(
    found: PageDifference,
) -> list[tuple[tuple[str, ...], str, int | None, int | None]]:
    return [
        (block.how, block.heading, block.place_before, block.place_after)
        for block in found.blocks
    ]


def test_equal_states_have_no_difference() -> None:
    found = between(PAGE, PAGE)
    assert (bool(found), found, found.summary) == (
        False,
        PageDifference((), (), 4),
        "Nothing",
    )


def test_changed_words_stand_beside_those_that_stay() -> None:
    assert isinstance(LISTS, Example)
    found = between(
        PAGE,
        with_blocks(
            SITUATION,
            replace(LISTS, note="One list is made of deeds, the other of questions."),
            ANSWERS,
            QUESTION,
        ),
    )
    (block,) = found.blocks
    (field,) = block.fields
    assert (block.how, block.kind, block.heading, field.name) == (
        ("changed",),
        "worked example",
        "Two lists",
        "note",
    )
    assert field.pieces == (
        TextPiece("same", "One list is made of "),
        TextPiece("removed", "tasks, "),
        TextPiece("added", "deeds, "),
        TextPiece("same", "the other of questions."),
    )
    assert (found.same, found.summary) == (3, "1 block changed")


def test_moved_block_is_no_change_of_the_others() -> None:
    found = between(PAGE, with_blocks(LISTS, ANSWERS, SITUATION, QUESTION))
    assert shape(found) == [(("moved",), "The situation", 1, 3)]
    assert found.summary == "1 block moved"


def test_block_that_is_moved_and_changed_is_both() -> None:
    found = between(
        PAGE, with_blocks(replace(QUESTION, booking=True), SITUATION, LISTS, ANSWERS)
    )
    assert shape(found) == [
        (("moved", "changed"), "Which list would you rather have?", 4, 1)
    ]
    assert found.blocks[0].fields == (
        FieldChange("offer the clarity call too", "no", "yes"),
    )


def test_added_and_removed_blocks_stand_where_they_are_or_were() -> None:
    new = Listing(heading="New", intro="", lines=("One", "Two"), note="")
    found = between(PAGE, with_blocks(SITUATION, ANSWERS, QUESTION, new))
    assert found.blocks == (
        BlockChange(
            ("removed",), "worked example", "Two lists", 2, None, found.blocks[0].fields
        ),
        BlockChange(
            ("added",),
            "list",
            "New",
            None,
            4,
            (FieldChange("heading", "", "New"), FieldChange("lines", "", "One\nTwo")),
        ),
    )
    assert found.summary == "1 block added, 1 removed"


def test_renamed_block_is_known_by_its_words_and_another_is_not() -> None:
    assert shape(
        between(
            PAGE,
            with_blocks(
                SITUATION, LISTS, replace(ANSWERS, heading="Whose job"), QUESTION
            ),
        )
    ) == [(("changed",), "Whose job", 3, 3)]
    other = Prose(heading="Else", text="<p>Nothing of the kind stood here.</p>")
    assert shape(between(PAGE, with_blocks(SITUATION, LISTS, other, QUESTION))) == [
        (("removed",), "Whose job is it?", 3, None),
        (("added",), "Else", None, 3),
    ]


def test_of_two_equal_blocks_one_is_removed() -> None:
    assert shape(
        between(with_blocks(SITUATION, SITUATION), with_blocks(SITUATION))
    ) == [(("removed",), "The situation", 2, None)]


def test_page_that_was_never_published_is_all_new() -> None:
    found = between(None, PAGE)
    assert [field.name for field in found.page] == [
        "title",
        "address",
        "short title",
        "description",
        "lead",
        "position",
        "in the menu at the top",
    ]
    assert [block.how for block in found.blocks] == [("added",)] * 4
    assert (
        found.summary == "Title, address, short title, description, lead, position, "
        "in the menu at the top; 4 blocks added"
    )


def test_words_of_the_page_itself_are_told_apart_from_its_blocks() -> None:
    found = between(PAGE, replace(PAGE, title="One app", in_navigation=True))
    assert found.page == (
        FieldChange("title", "One app, two jobs", "One app"),
        FieldChange("in the menu at the top", "no", "yes"),
    )
    assert (found.blocks, found.summary) == ((), "Title, in the menu at the top")


def test_every_kind_of_block_is_written_as_the_editor_writes_it() -> None:
    blocks = (
        Prose("A", "<p>x</p>"),
        Listing("B", "", ("x", "y"), ""),
        Responsibilities("C", "", (LineGroup("x", ("y", "z")),), ""),
        RoleComparison(
            "D", "", "Who", (ComparisonRow("x", "y", "z"),), strengths=False
        ),
        Workflow("E", "", (WorkflowStep("team", "x"),), ""),
        Example("F", "", ("x",), ("y",), ""),
        Strengths("G", "", "key", "project-manager", ("planning", "gone")),
        CallToAction("H", "x", booking=False),
        Illustration("I", "skills", "x"),
    )
    told = [
        {
            field.name: field.after
            for field in block.fields
            if field.after != block.heading
        }
        for block in between(None, with_blocks(*blocks)).blocks
    ]
    assert told == [
        {"text": "x"},
        {"lines": "x\ny"},
        {"groups": "x\ny\nz"},
        {"caption": "Who", "rows": "x | y | z", "add a row of key strengths": "no"},
        {"steps": "team: x"},
        {"what the project manager does": "x", "what the product manager does": "y"},
        {
            "list": "Key strength",
            "role": "project-manager",
            "strengths": "Planning and order\ngone",
        },
        {"text": "x", "offer the clarity call too": "no"},
        {"picture": PICTURES["skills"], "alternative text": "x"},
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ('<p>See <a href="/skills/">skills</a>.</p>', "See skills (link to /skills/)."),
        (
            "<p>So <strong>bold</strong> and <em>so</em></p>",
            "So bold (bold) and so (italics)",
        ),
        (
            "<ul><li><p>One</p></li><li><p>Two</p></li></ul><p>End</p>",
            "• One\n• Two\nEnd",
        ),
        (
            "<ol><li>One<ul><li>In</li></ul></li><li>Two</li></ol>",
            "1. One\n• In\n2. Two",
        ),
        ("<p>One<br>line</p>", "One\nline"),
        ("<p>a &lt;b&gt; c</p>", "a <b> c"),
    ],
)
def test_rich_text_is_read_as_lines(html: str, text: str) -> None:
    assert readable(html) == text


def test_link_that_leads_elsewhere_is_a_change() -> None:
    before, after = (
        readable(f'<p>See <a href="{link}">them</a></p>') for link in ("/a/", "/b/")
    )
    assert pieces(before, after) == (
        TextPiece("same", "See them (link to "),
        TextPiece("removed", "/a/)"),
        TextPiece("added", "/b/)"),
    )


def test_mark_up_that_reads_the_same_is_still_a_change() -> None:
    before, after = (
        with_blocks(Prose("A", text)) for text in ("<p>x</p>", "<p>x</p><p></p>")
    )
    (block,) = between(before, after).blocks
    assert (block.how, block.fields) == (("changed",), ())


def test_end_of_a_line_can_be_seen() -> None:
    assert pieces("one two", "one\ntwo") == (
        TextPiece("same", "one "),
        TextPiece("added", "¶\n"),
        TextPiece("same", "two"),
    )


TEXTS = st.lists(
    st.sampled_from(["one", "two", "three", "\n", "<b>"]), max_size=12
).map(" ".join)


@given(TEXTS, TEXTS)
def test_pieces_make_both_texts_again(before: str, after: str) -> None:
    found = pieces(before, after)
    for how, text in (("removed", before), ("added", after)):
        assert (
            "".join(piece.text for piece in found if piece.how in ("same", how))
            .replace("¶", "")
            .split()
            == text.split()
        )


@given(st.permutations(PAGE.blocks))
def test_other_order_moves_blocks_and_changes_none(blocks: list[FrozenBlock]) -> None:
    found = between(PAGE, with_blocks(*blocks))
    assert {block.how for block in found.blocks} <= {("moved",)}
    assert bool(found) == (tuple(blocks) != PAGE.blocks)

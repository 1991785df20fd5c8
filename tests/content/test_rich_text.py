"""Subheadings inside text, and quotations: what is kept, shown, found and compared."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from content import document, published
from content.difference import difference, readable
from content.models import Page, ProseBlock, QuotationBlock
from content.queries import draft
from content.review import review_pages
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.dom import Element, parse


def shown(client: Client, page: Page) -> Element:
    publish_page(page, by=None)
    published.forget()
    return parse(client.get(f"/{page.slug}/"))


def make_quotation(page: Page, **changes: str) -> QuotationBlock:
    words = {
        "heading": "In their words",
        "text": "I like to see it done.",
        "who": "Ada Example",
        "source": "https://example.org/talk",
    }
    return QuotationBlock(parent=page, region="main", ordering=20, **words | changes)


def test_sub_heading_stands_below_the_heading_of_its_block(db, client: Client) -> None:
    page = make_page()
    make_prose(page, "<h3>First</h3><p>One.</p><h3>Second</h3><p>Two.</p>")
    part = shown(client, page).all("section.part")[0]
    assert part.texts("h2") == ["Some words"]
    assert part.texts(".prose h3") == ["First", "Second"]


@pytest.mark.parametrize("tag", ["h1", "h2", "h4", "h6"])
def test_heading_of_another_level_is_not_kept(db, tag: str) -> None:
    block = ProseBlock(heading="A", text=f"<{tag}>Words</{tag}><p>One.</p>")
    assert block.freeze().text == "Words<p>One.</p>"


@pytest.mark.parametrize(
    "text",
    [
        "<h3>First</h3><h3>Second</h3><p>Two.</p>",
        "<p>One.</p><h3>Last</h3>",
        "<p>One.</p><h3>Last</h3><p> </p>",
        "<p>One.</p><h3></h3><p>Two.</p>",
    ],
)
def test_review_finds_a_sub_heading_out_of_order(db, text: str) -> None:
    page = make_page()
    block = make_prose(page, text)
    [finding] = review_pages([page])[0].findings
    assert finding.block == block


@pytest.mark.parametrize(
    "text",
    [
        "<h3>First</h3><p>One.</p>",
        "<h3>First <em>words</em></h3><ul><li><p>One.</p></li></ul>",
        "<p>One.</p><h3>Second</h3><p>Two.</p>",
    ],
)
def test_review_takes_sub_headings_with_text_below(db, text: str) -> None:
    page = make_page()
    make_prose(page, text)
    assert review_pages([page])[0].findings == []


def test_difference_tells_a_sub_heading_from_a_paragraph() -> None:
    assert readable("<h3>One</h3><p>Two</p>") == "One (subheading)\nTwo"


def test_quotation_is_shown_with_who_said_it_and_where(db, client: Client) -> None:
    page = make_page()
    make_quotation(page).save()
    figure = shown(client, page).one("section.part figure")
    quote = figure.one("blockquote")
    assert quote.text == "I like to see it done."
    assert quote.attributes["cite"] == "https://example.org/talk"
    assert figure.one("figcaption a").value == "https://example.org/talk"
    assert figure.one("figcaption").text.startswith("Ada Example")


def test_quotation_without_a_source_has_no_link(db, client: Client) -> None:
    page = make_page()
    make_quotation(page, source="").save()
    figure = shown(client, page).one("section.part figure")
    assert not figure.has("a")
    assert "cite" not in figure.one("blockquote").attributes


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"who": ""},
        {"heading": ""},
        {"source": "javascript:alert(1)"},
        {"source": "example"},
    ],
)
def test_quotation_without_its_words_or_with_a_bad_source_is_refused(
    db, changes: dict[str, str]
) -> None:
    page = make_page()
    block = make_quotation(page, **changes)
    with pytest.raises(ValidationError) as caught:
        block.full_clean()
    assert set(caught.value.error_dict) == set(changes)
    block.save()
    [finding] = review_pages([page])[0].findings
    assert {finding.field} == set(changes)


def test_published_quotation_becomes_the_same_draft_again(db) -> None:
    page = make_page()
    block = make_quotation(page)
    frozen = block.freeze()
    assert frozen == document.Quotation(
        "In their words",
        "I like to see it done.",
        "Ada Example",
        "https://example.org/talk",
    )
    assert QuotationBlock.thaw(frozen).freeze() == frozen
    block.save()
    before = draft(page)
    assert document.from_json(document.to_json(before)) == before
    block.who = "Ben Example"
    block.save()
    [change] = difference(before, draft(page), {}).blocks
    assert [field.name for field in change.fields] == ["who"]

"""What comes out of the printer.

Everything that is folded on the screen, and no key.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser.visitor import MakeVisitor, Visitor

pytestmark = pytest.mark.browser


def expect_paper(visitor: Visitor) -> None:
    for title in (
        "The trade-offs",
        "The enjoyment questions",
        "From these sums to every figure above",
    ):
        expect(visitor.page.locator("caption").filter(has_text=title)).to_be_visible()
    height = visitor.page.locator("#sum table").first.evaluate(
        "table => table.getBoundingClientRect().height"
    )
    assert height > 100
    for hidden in visitor.page.locator("b.key, .actions button, .masthead nav").all():
        expect(hidden).to_be_hidden()
    wide, window = visitor.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= window


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_result_on_paper_shows_the_whole_sum_and_no_key(
    make_visitor: MakeVisitor, script: bool, tmp_path: Path
) -> None:
    visitor = make_visitor(java_script_enabled=script)
    visitor.take("clear_project")
    expect(visitor.page.locator("caption").first).to_be_hidden()  # folded on the screen
    expect(visitor.page.locator("b.key")).to_be_visible()
    paper = visitor.page.pdf(path=tmp_path / "result.pdf", format="A4")
    assert paper.startswith(b"%PDF")
    visitor.page.emulate_media(media="print")
    expect_paper(visitor)


def test_print_button_prints(visitor: Visitor) -> None:
    visitor.take("clear_short")
    visitor.page.evaluate("window.print = () => { document.title = 'printed'; }")
    visitor.page.get_by_role("button", name="Print").click()
    expect(visitor.page).to_have_title("printed")


def test_print_button_is_not_offered_without_script(make_visitor: MakeVisitor) -> None:
    visitor = make_visitor(java_script_enabled=False)
    visitor.take("clear_short")
    expect(visitor.page.get_by_role("button", name="Print")).to_have_count(0)

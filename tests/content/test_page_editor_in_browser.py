"""The page editor in a real browser.

Blocks added, dragged, moved with the keyboard; a page edited, published, restored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from content import published, queries
from content.article.in_practice import PAGE
from content.models import Page as Article
from tests.support.articles import make_page, make_prose
from tests.support.browser import MAX_WAIT
from tests.support.editing import member_of, sign_in
from tests.support.loading import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenAs = Callable[..., Page]


@pytest.fixture
def article(transactional_db: None, groups: None) -> Article:
    """The ride-hailing page of the article as it comes with the software."""
    load("load_article")
    published.forget()
    return Article.objects.get(slug="in-practice")


@pytest.fixture
def open_as(browser: Browser, article: Article, live_server: Any) -> Any:
    """A browser in which a member of that group is signed in; one without a group is a
    visitor's.
    """
    contexts, said = [], []

    def open_page(group: str | None, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        if group:
            client = sign_in(member_of(group))
            context.add_cookies(
                [
                    {
                        "name": "sessionid",
                        "value": client.cookies["sessionid"].value,
                        "url": live_server.url,
                    }
                ]
            )
        page = context.new_page()
        page.set_default_timeout(MAX_WAIT)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.said = said
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def address(name: str, *args: int) -> str:
    return reverse(f"admin:content_page_{name}", args=args)


def expect_headings(page: Page, headings: list[str]) -> None:
    """Of the blocks, in the order in which they stand in the document."""
    fields = page.locator(
        ".order-machine .inline-related:not(.empty-form) [name$='-heading']"
    )
    expect(fields).to_have_count(len(headings))
    for place, heading in enumerate(headings):
        expect(fields.nth(place)).to_have_value(heading)


def save_and_go_on(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def status_of_blocks(page: Page) -> Locator:
    """What screen readers hear of moved and added blocks."""
    return page.locator(".order-machine ~ [role=status]")


def block(page: Page, heading: str) -> Locator:
    return page.locator(".order-machine .inline-related").filter(
        has=page.locator(f"[name$='-heading'][value='{heading}']")
    )


def drag(page: Page, what: Locator, *, onto: Locator) -> None:
    """By hand, onto the upper edge.

    The browser begins a drag only after the mouse has moved a little.
    """
    page.evaluate(
        "Promise.all(document.getAnimations().map(each => each.finished))"
    )  # blocks that still fold would move away
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), onto.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 15, start["y"] - 10, steps=3)
    page.mouse.move(end["x"] + 40, end["y"] + 2, steps=6)
    page.mouse.up()


def read(page: Page) -> str:
    """The words of the article as they stand on the page."""
    return " ".join((page.locator("article").text_content() or "").split())


def saved(article: Article) -> list[str]:
    return [each.heading for each in queries.blocks(Article.objects.get(pk=article.pk))]


BEFORE = [block.heading for block in PAGE.blocks]
CAPTION = BEFORE[0]


def test_blocks_are_moved_with_the_keyboard(open_as: OpenAs, article: Article) -> None:
    page = open_as("Editor")
    page.goto(address("change", article.pk))
    expect_headings(page, BEFORE)  # kind by kind without our script
    button = page.get_by_role("button", name="Move down “The situation”")
    button.focus()
    page.keyboard.press("Enter")
    status = status_of_blocks(page)
    expect(status).to_have_text("“The situation” is now block 3 of 5.")
    expect(button).to_be_focused()
    page.keyboard.press("Space")
    expect(status).to_have_text("“The situation” is now block 4 of 5.")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Move up “The situation”")).to_be_focused()
    for _ in range(2):
        page.get_by_role("button", name="Move up “Two lists”").press("Enter")
    expect(status).to_have_text("“Two lists” is already first.")
    moved = [
        "Two lists",
        CAPTION,
        "Whose job is it?",
        "The situation",
        "Which list would you rather have?",
    ]
    expect_headings(page, moved)
    save_and_go_on(page)
    expect(page.get_by_role("link", name="2 blocks moved")).to_have_count(1)
    expect_headings(page, moved)
    assert saved(article) == moved


def test_block_is_dragged_to_another_place(open_as: OpenAs, article: Article) -> None:
    page = open_as("Editor")
    page.goto(address("change", article.pk))
    page.locator(".collapse-items input").press("Space")
    drag(
        page,
        block(page, BEFORE[-1]).locator("h3 b"),
        onto=block(page, BEFORE[0]).locator("h3"),
    )
    moved = [BEFORE[-1], *BEFORE[:-1]]
    expect_headings(page, moved)
    expect(
        page.get_by_role("button", name=f"Move up “{BEFORE[-1]}”")
    ).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert saved(article) == moved


def test_blocks_are_added_in_place_with_the_keyboard_and_removed(
    open_as: OpenAs, article: Article
) -> None:
    page = open_as("Editor")
    page.goto(address("change", article.pk))
    kinds, add = (
        page.get_by_label("Kind of block"),
        page.get_by_role("button", name="Add at the end"),
    )
    for kind, heading in (("Text", "First"), ("Text", "Second"), ("List", "Third")):
        kinds.select_option(label=kind)
        add.press("Enter")
        expect(status_of_blocks(page)).to_contain_text("A block was added.")
        page.keyboard.type(heading)  # the heading of the new block has the focus
    added = page.locator(".order-machine .inline-related:not(.empty-form)").nth(5)
    added.get_by_role("textbox", name="Text").click()
    page.keyboard.type("Words of the first.")
    for _ in range(6):  # to the top, past saved blocks of its own kind
        page.get_by_role("button", name="Move up “First”").press("Enter")
    expect_headings(page, ["First", *BEFORE, "Second", "Third"])
    # Taking the second away numbers the others anew; the saved ones must keep their
    # places.
    page.locator(".order-machine .inline-related:not(.empty-form)").nth(6).locator(
        ".inline-deletelink"
    ).click()
    page.locator(".order-machine .inline-related:not(.empty-form)").nth(6).locator(
        "[name$='-lines']"
    ).fill("One\nTwo")
    save_and_go_on(page)
    after = ["First", *BEFORE, "Third"]
    expect(page.locator(".errornote")).to_have_count(0)
    expect_headings(page, after)
    assert saved(article) == after


def test_finding_leads_to_its_block_even_if_it_is_folded(
    open_as: OpenAs, article: Article
) -> None:
    bad = make_page(slug="bad")
    make_prose(bad, '<p><a href="/nowhere/at/all/">x</a></p>')
    page = open_as("Editor")
    page.goto(address("change", bad.pk))
    page.locator(".collapse-items input").press("Space")
    field = page.locator("[name$='-heading'][value='Some words']")
    expect(field).to_be_hidden()
    page.get_by_role("link", name="/nowhere/at/all/").click()
    expect(field).to_be_focused()


# The element with the focus if the bar covers it, or of a taller one the first lines,
# where the caret is; null once the bar itself has the focus.
COVERED = """() => {
  const focused = document.activeElement, bar = document.querySelector(".savebar");
  if (bar.contains(focused)) return null;
  const box = focused.getBoundingClientRect(), { top } = bar.getBoundingClientRect();
  const end = Math.min(box.bottom, box.top + 60);
  return end > top ? [focused.outerHTML.slice(0, 80)] : [];
}"""


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 720)])
def test_bar_covers_nothing_that_has_the_focus(
    open_as: OpenAs, article: Article, width: int, height: int
) -> None:
    page = open_as("Editor", width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address("change", article.pk))
    page.locator("#id_title").focus()
    covered, steps = [], 0
    while (found := page.evaluate(COVERED)) is not None:
        covered += found
        steps += 1
        page.keyboard.press("Tab")
    assert steps > 30
    assert covered == []
    # The bar's own buttons move nothing.
    place = page.evaluate("scrollY")
    page.keyboard.press("Tab")
    assert page.evaluate("scrollY") == place


def test_bar_stays_in_its_place_in_a_low_window(
    open_as: OpenAs, article: Article
) -> None:
    page = open_as("Editor", 320)
    page.set_viewport_size({"width": 320, "height": 180})
    page.goto(address("change", article.pk))
    bar = page.locator(".savebar")
    expect(bar).not_to_be_in_viewport()
    bar.scroll_into_view_if_needed()
    page.get_by_role("button", name="Save", exact=True).focus()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_keep_the_policy_and_are_accessible(
    open_as: OpenAs, article: Article, width: int
) -> None:
    Article.objects.filter(pk=article.pk).update(title="One app")
    make_prose(article, "<p><strong>New</strong> words.</p>", ordering=999)
    new = make_page()
    editor, publisher = open_as("Editor", width), open_as("Publisher", width)
    said = editor.said
    for page, path in (
        (editor, address("changelist")),
        (editor, address("add")),
        (editor, address("change", article.pk)),
        (editor, address("change", new.pk)),
        (editor, address("states", article.pk)),
        (editor, address("difference", article.pk) + "?before=draft&after=1"),
        (editor, address("review", article.pk)),
        (editor, address("preview", article.pk)),
        (publisher, address("change", article.pk)),
        (publisher, address("publish") + f"?page={article.pk}&page={new.pk}"),
        (publisher, address("withdraw", article.pk)),
    ):
        page.goto(path)
        assert said == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert [
            violation["id"] for violation in Axe().run(page).response["violations"]
        ] == [], path
        said.clear()  # axe tries styles of its own, which the policy refuses


def test_page_is_edited_previewed_published_and_restored(
    open_as: OpenAs, article: Article
) -> None:
    editor, publisher, visitor = open_as("Editor"), open_as("Publisher"), open_as(None)
    visitor.goto("/in-practice/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text(article.title)
    before = read(visitor)

    editor.goto(address("changelist"))
    editor.get_by_role("link", name="One app, two jobs").click()
    text = block(editor, "Whose job is it?").get_by_role("textbox", name="Text")
    text.click()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" Both write it down.")
    save_and_go_on(editor)
    expect(editor.get_by_role("link", name="1 block changed")).to_have_count(1)
    visitor.reload()
    assert read(visitor) == before
    with editor.expect_navigation():
        editor.get_by_role("button", name="Preview").click()
    draft = read(editor)
    assert draft.count(" Both write it down.") == 1
    assert draft.replace(" Both write it down.", "") == before
    assert editor.request.get(f"{address('publish')}?page={article.pk}").status == 403

    publisher.goto(address("change", article.pk))
    publisher.get_by_role("link", name="Publish…").click()
    expect(publisher.locator(".change ins")).to_have_text(
        ["[added: Both write it down.]"]
    )
    publisher.get_by_role("button", name="Publish this draft").click()
    expect(publisher.locator(".messagelist .success")).to_be_visible()
    assert article.versions.latest("number").number == 2
    visitor.reload()
    assert read(visitor) == draft

    editor.goto(address("states", article.pk))
    editor.get_by_role("link", name="Restore… state 1").click()
    editor.get_by_role("button", name="Restore state 1 to the draft").click()
    expect(editor.locator(".messagelist .success")).to_be_visible()
    visitor.reload()
    assert read(visitor) == draft
    publisher.goto(f"{address('publish')}?page={article.pk}")
    publisher.get_by_role("button", name="Publish this draft").click()
    expect(publisher.locator(".messagelist .success")).to_be_visible()
    assert article.versions.latest("number").number == 3
    visitor.reload()
    assert read(visitor) == before
    publisher.goto(address("state", article.pk, 2))
    assert read(publisher) == draft

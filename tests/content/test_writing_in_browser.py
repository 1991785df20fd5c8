"""What editors put into a page, in a real browser: pasted text, links, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, Route, expect

from content import published
from content.models import Page as Article
from content.models import PictureBlock, ProseBlock, UploadedPicture
from tests.support.articles import (
    make_one_block_of_each_kind,
    make_page,
    make_prose,
    make_role,
    publish_page,
)
from tests.support.browser import MAX_WAIT
from tests.support.clipboard import SAMPLES, TEXT
from tests.support.editing import member_of, sign_in
from tests.support.uploads import drawn, png_bomb, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """
(element, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "not this");
  element.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, cancelable: true })
  );
}
"""


@pytest.fixture
def draft(transactional_db: None) -> Article:
    page = make_page()
    make_prose(page, "<p>Some words.</p>")
    return page


@pytest.fixture
def editor(
    browser: Browser, draft: Article, groups: None, live_server: Any
) -> Iterator[Page]:
    """The page editor with the draft, open for an Editor."""
    context = browser.new_context(base_url=live_server.url)
    client = sign_in(member_of("Editor"))
    context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    page, said = context.new_page(), []
    page.set_default_timeout(MAX_WAIT)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.said = said
    page.goto(reverse("admin:content_page_change", args=(draft.pk,)))
    yield page
    context.close()
    assert said == []


def text_of(page: Page) -> Locator:
    return page.locator(".order-machine .ProseMirror[contenteditable=true]").first


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def kept() -> str:
    return ProseBlock.objects.get(parent__slug="new-page").freeze().text


def select_all(page: Page) -> None:
    text_of(page).click()
    page.keyboard.press("ControlOrMeta+a")


# Pasted


@pytest.mark.parametrize("source", SAMPLES)
def test_pasted_text_keeps_its_shape_and_nothing_of_its_look(
    editor: Page, source: str
) -> None:
    select_all(editor)
    text_of(editor).evaluate(PASTE, SAMPLES[source])
    expect(text_of(editor).locator("h3").first).to_have_text("The first week")
    save(editor)
    assert kept() == TEXT


PIECES = {
    "<p>a&nbsp;&nbsp; b</p><p>&nbsp;</p><p>10&nbsp;km&nbsp;</p>": (
        "<p>a b</p><p>10&nbsp;km</p>"
    ),
    '<b style="font-weight:normal"><p>One</p></b>': "<p>One</p>",
    '<p><b style="mso-bidi-font-weight:normal">One</b></p>': (
        "<p><strong>One</strong></p>"
    ),
    "<h1>One</h1><p>Two</p>": "<h3>One</h3><p>Two</p>",
    '<p>a<a href="javascript:alert(1)">b</a></p>': "<p>ab</p>",
    '<p>One<img src="https://example.org/a.png" onerror="alert(1)"></p>': "<p>One</p>",
}


@pytest.mark.parametrize("html", PIECES)
def test_pasted_piece_becomes_plain(editor: Page, html: str) -> None:
    select_all(editor)
    text_of(editor).evaluate(PASTE, html)
    save(editor)
    assert kept().replace("\u00a0", "&nbsp;") == PIECES[html]


# Links


def open_dialog(page: Page) -> Locator:
    select_all(page)
    page.keyboard.press("ControlOrMeta+k")
    return page.get_by_role("dialog", name="Link")


def test_link_is_chosen_from_the_pages_of_the_site(
    editor: Page, draft: Article
) -> None:
    other = make_page("other", title="Other page")
    make_prose(other)
    publish_page(other, by=None)
    published.forget()
    editor.reload()
    dialog = open_dialog(editor)
    dialog.get_by_label("Page on this site").select_option("/other/")
    expect(dialog.get_by_label("Address")).to_have_value("/other/")
    editor.said.clear()
    found = Axe().run(editor).response["violations"]
    editor.said.clear()  # axe tries styles of its own, which the policy refuses
    assert [violation["id"] for violation in found] == []
    dialog.get_by_role("button", name="Save the link").click()
    expect(text_of(editor).locator("a")).to_have_attribute("href", "/other/")
    # The same dialog changes a link, and knows what it was.
    dialog = open_dialog(editor)
    expect(dialog.get_by_label("Page on this site")).to_have_value("/other/")
    dialog.get_by_label("Address").fill(" https://example.org/ ")
    editor.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    save(editor)
    assert kept() == '<p><a href="https://example.org/">Some words.</a></p>'


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//a.example",
     "example.org", "skills", ""],
)  # fmt: skip
def test_link_that_would_not_work_is_refused_where_it_is_typed(
    editor: Page, address: str
) -> None:
    dialog = open_dialog(editor)
    field = dialog.get_by_label("Address")
    field.fill(address)
    dialog.get_by_role("button", name="Save the link").click()
    expect(dialog).to_be_visible()
    assert not field.evaluate("field => field.validity.valid")
    field.fill("/skills/")
    assert field.evaluate("field => field.validity.valid")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert text_of(editor).locator("a").count() == 0


# Buttons

CONTRAST = """
button => {
  const context = document.createElement("canvas").getContext("2d", {
    willReadFrequently: true,
  });
  const light = (color) => {
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const { color, backgroundColor } = getComputedStyle(button);
  const [low, high] = [light(color), light(backgroundColor)].sort();
  return (high + 0.05) / (low + 0.05);
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_button_that_is_on_can_be_read_and_told_from_the_others(
    editor: Page, scheme: Any, forced: Any
) -> None:
    editor.emulate_media(
        color_scheme=scheme, forced_colors=forced, reduced_motion="reduce"
    )
    select_all(editor)
    button = editor.locator(".prose-menubar__button[data-name=bold]").first
    off = button.evaluate("button => getComputedStyle(button).backgroundColor")
    button.click()
    expect(button).to_have_class(re.compile("active"))
    editor.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
    assert button.evaluate(CONTRAST) >= 4.5
    assert off != button.evaluate("button => getComputedStyle(button).backgroundColor")


def test_sub_heading_is_made_with_the_menu(editor: Page) -> None:
    text_of(editor).click()
    editor.keyboard.press("ControlOrMeta+Alt+3")
    expect(text_of(editor).locator("h3")).to_have_text("Some words.")
    save(editor)
    assert kept() == "<h3>Some words.</h3>"


# Pictures


def add_picture_block(page: Page) -> Locator:
    page.get_by_label("Kind of block").select_option(label="Picture")
    page.get_by_role("button", name="Add at the end").click()
    return page.locator("#content_pictureblock_set-0")


def test_picture_is_uploaded_described_and_saved(editor: Page, draft: Article) -> None:
    block = add_picture_block(editor)
    block.get_by_label("Picture").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": written(drawn(600, 400))}
    )
    expect(block.get_by_role("img")).to_be_visible()
    picture = UploadedPicture.objects.get()
    expect(block.get_by_role("img")).to_have_attribute("src", picture.thumbnail)
    # Without words for people who do not see it, the page comes back as it was.
    save(editor)
    expect(editor.locator(".errornote").first).to_be_visible()
    expect(block.get_by_role("img")).to_have_attribute("src", picture.thumbnail)
    block.get_by_label("Alternative text").fill("Red beside blue.")
    save(editor)
    saved = PictureBlock.objects.get()
    assert (saved.picture, saved.alternative) == (picture, "Red beside blue.")
    expect(editor.get_by_role("link", name="2 blocks added")).to_have_count(0)


def begin_upload(page: Page, file: bytes) -> tuple[Locator, Route]:
    """A described picture on its way; it arrives when the route goes on."""
    held: list[Route] = []
    page.route("**/content/page/picture/", lambda route: held.append(route))
    block = add_picture_block(page)
    block.get_by_label("Alternative text").fill("Red beside blue.")
    with page.expect_request("**/content/page/picture/"):
        block.get_by_label("Picture").set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": file}
        )
    page.wait_for_timeout(50)
    return block, held[0]


def test_saving_waits_for_a_picture_that_is_on_its_way(
    editor: Page, draft: Article
) -> None:
    _, route = begin_upload(editor, written(drawn(600, 400)))
    with editor.expect_navigation():
        for _ in range(2):
            editor.get_by_role("button", name="Save", exact=True).click()
        route.continue_()
    saved = PictureBlock.objects.get()
    assert saved.picture == UploadedPicture.objects.get()
    assert saved.alternative == "Red beside blue."


def test_picture_that_did_not_arrive_stops_the_saving(
    editor: Page, draft: Article
) -> None:
    block, route = begin_upload(editor, b"no picture")
    editor.get_by_role("button", name="Save", exact=True).click()
    route.continue_()
    expect(block.get_by_role("status")).to_contain_text("JPEG")
    expect(block.get_by_role("status")).to_be_in_viewport()
    words = block.get_by_label("Alternative text")
    expect(words).to_have_value("Red beside blue.")
    assert not PictureBlock.objects.exists()
    editor.said[:] = [line for line in editor.said if "422" not in line]


@pytest.mark.parametrize(
    ("file", "words", "max_file"),
    [
        (b"no picture", "JPEG", 1000),
        (png_bomb(8000, 5000), "pixels", 1_000_000),
        (b"no picture", "10 MB", 9),
    ],
)
def test_picture_that_we_do_not_take_is_refused_beside_its_button(
    editor: Page, file: bytes, words: str, max_file: int
) -> None:
    block = add_picture_block(editor)
    # So that the test need not send 10 MB.
    block.locator(".picture-input").evaluate(
        "(input, max) => { input.dataset.max = max }", max_file
    )
    block.get_by_label("Picture").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": file}
    )
    expect(block.get_by_role("status")).to_contain_text(words)
    expect(block.get_by_role("img")).to_have_count(0)
    assert block.locator("input[type=hidden][name$='-picture']").input_value() == ""
    assert not UploadedPicture.objects.exists()
    # The browser itself names an answer of 422.
    editor.said[:] = [line for line in editor.said if "422" not in line]


# Long words on the public page


@pytest.mark.parametrize("width", [360, 1280])
def test_long_word_widens_no_page(
    page: Page, live_server: Any, transactional_db: None, width: int
) -> None:
    article = make_page()
    role = make_role()
    make_role("product-manager", position=2)
    make_one_block_of_each_kind(article, "word" * 22, role)
    publish_page(article, by=None)
    published.forget()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/new-page/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

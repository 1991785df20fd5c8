"""What a visitor does, step by step."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.assessments.taker import EXAMPLES, answers_of

from .server import Server


def start(page: Page, form: str = "full") -> None:
    page.goto("/quiz/")
    if form == "short":
        page.get_by_label("Short:").check()
    page.get_by_role("button", name="Start the questions").click()


def choose(page: Page, answers: dict[str, str]) -> None:
    """Choose in the section that is open."""
    for question in page.locator("fieldset[id]").evaluate_all("nodes => nodes.map(node => node.id)"):
        if question in answers:
            page.locator(f"input[name={question}][value='{answers[question]}']").check()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def answer_all(page: Page, example: str, *, sections: range | None = None) -> None:
    """From the open section to the review, or through some sections."""
    for _ in sections or range(6 if EXAMPLES[example][0] == "full" else 3):
        choose(page, answers_of(example))
        go_on(page)


def finish(page: Page, server: Server) -> None:
    server.take_time()
    page.get_by_role("button", name="Finish and see your result").click()


def take(page: Page, server: Server, example: str) -> None:
    start(page, EXAMPLES[example][0])
    answer_all(page, example)
    finish(page, server)


def share(page: Page, scope: str = "The summary") -> str:
    """Make a link and give its path."""
    page.get_by_role("link", name="Share a read-only link").click()
    page.get_by_label(scope).check()
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_role("textbox", name="Address of the link").first.input_value()
    return address[address.index("/r/") :]


def key_of(page: Page) -> str:
    return page.locator("b.key").first.inner_text()


def fits(page: Page) -> bool:
    """Nothing sticks out sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

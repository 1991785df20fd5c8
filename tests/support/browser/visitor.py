"""A visitor in a real browser: what they do, and what the browser complains about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from assessments.keys import spaced
from assessments.visitors.owner_cookie import COOKIE
from tests.support.browser import MAX_WAIT
from tests.support.browser.server import Server
from tests.support.taker import OUTCOMES_BY_FORM, answers_of

KEY = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}")
FIGURES = ".figures div:first-child dd"
SECTIONS = {"full": 6, "short": 3}
START = {"full": "Start the questions", "short": "Start the short form"}


class Visitor:
    """One browser with its own cookies.

    `complaints` collects errors of the console and of scripts; a test that provokes one
    takes it out with `expect_complaint`, and the fixture fails the test if any is left.
    """

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context, self.server = context, server
        self.complaints: list[str] = []
        self.requested: list[str] = []
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)
        self.page = self.new_page()

    def _heard(self, message: ConsoleMessage) -> None:
        if (
            message.type in ("error", "warning")
            or "Content Security Policy" in message.text
        ):
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def _asked(self, request: Request) -> None:
        self.requested.append(request.url)

    def new_page(self) -> Page:
        """A further tab of the same browser."""
        page = self.context.new_page()
        page.set_default_timeout(MAX_WAIT)
        return page

    def expect_complaint(self, pattern: str) -> None:
        """Wait for this complaint, and take it out."""
        if not self._complaints_like(pattern):
            self.context.wait_for_event(
                "console", lambda _: bool(self._complaints_like(pattern))
            )
        found = self._complaints_like(pattern)
        self.complaints[:] = [
            complaint for complaint in self.complaints if complaint not in found
        ]

    def _complaints_like(self, pattern: str) -> list[str]:
        return [text for text in self.complaints if re.search(pattern, text)]

    # Moving

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def press(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()
        self.look()

    def follow(self, link: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link, exact=True).first.click()
        self.look()

    def look(self) -> None:
        """Each page that is passed must fit its window."""
        self.page.wait_for_load_state()
        wide, window = self.page.evaluate(
            "[document.documentElement.scrollWidth,"
            " document.documentElement.clientWidth]"
        )
        assert wide <= window, (
            f"{self.page.url} is {wide} pixels wide in a window of {window}"
        )

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.server.url)

    # Answering

    def start(self, form: str = "full") -> None:
        self.go("/quiz/")
        self.press(START[form])

    def key(self) -> str:
        """The key of this browser, as pages write it."""
        [key] = [
            cookie.get("value", "")
            for cookie in self.context.cookies()
            if cookie.get("name") == COOKIE
        ]
        return spaced(key)

    def choose(self, question: str, value: str, *, page: Page | None = None) -> None:
        (page or self.page).locator(
            f'input[name="{question}"][value="{value}"]'
        ).check()

    def chosen(self) -> dict[str, str]:
        """What is marked on the page."""
        marked = self.page.locator("fieldset input:checked")
        return {
            radio.get_attribute("name") or "": radio.get_attribute("value") or ""
            for radio in marked.all()
        }

    def answer_section(self, answers: Mapping[str, str]) -> None:
        for fieldset in self.page.locator("fieldset.trade-off").all():
            question = fieldset.get_attribute("id") or ""
            self.choose(question, answers[question])
        last = self.page.get_by_role("button", name="Check your answers")
        self.press("Check your answers" if last.count() else "Save and continue")

    def answer_all(self, example: str) -> None:
        """From a section to the review."""
        while "/review/" not in self.page.url:
            before = self.page.url
            self.answer_section(answers_of(example))
            assert self.page.url != before, self.page.locator("main").inner_text()

    def finish(self, button: str = "Finish and see your result") -> None:
        self.server.let_minutes_pass()
        self.press(button)

    def take(self, example: str) -> None:
        """The whole questionnaire, from the start to the result."""
        self.start(OUTCOMES_BY_FORM[example][0])
        self.answer_all(example)
        self.finish()

    def expect_saved(
        self, text: str, *, page: Page | None = None, within: float = MAX_WAIT / 1000
    ) -> None:
        expect((page or self.page).locator("[data-saved]")).to_contain_text(
            text, timeout=within * 1000
        )

    # Waiting for what the page must come to show

    def expect_path(self, path: str) -> None:
        expect(self.page).to_have_url(self.server.url + path)

    def expect_headline(self, headline: str) -> None:
        expect(self.page.locator("h1")).to_have_text(headline)

    def expect_key(self, key: str) -> None:
        expect(self.page.locator("b.key")).to_have_text(key)

    def expect_chosen(
        self, chosen: Mapping[str, str], *, page: Page | None = None
    ) -> None:
        """Exactly these buttons are marked."""
        page = page or self.page
        for question, value in chosen.items():
            radio = page.locator(f'fieldset input[name="{question}"][value="{value}"]')
            expect(radio).to_be_checked()
        expect(page.locator("fieldset input:checked")).to_have_count(len(chosen))

    def expect_figures(self, figures: list[str]) -> None:
        *roles, lean = figures
        expect(self.page.locator(FIGURES)).to_have_text(roles)
        expect(self.page.locator("#lean-text")).to_have_text(lean)

    # Reading

    def headline(self) -> str:
        return self.page.locator("h1").inner_text()

    def figures(self) -> list[str]:
        """The fits in the working of a result, and the words of its lean figure."""
        roles = self.page.locator(FIGURES).all_text_contents()
        return [*roles, self.page.locator("#lean-text").text_content() or ""]

    def make_link(self, scope: str, *, label: str = "") -> str:
        """From the result's page: a link of that scope. Returns its address."""
        self.follow("Share")
        self.page.get_by_label("Who is it for?").fill(label)
        self.page.locator(f"input[name=scope][value={scope}]").check()
        self.press("Make the link")
        return self.page.locator(".link-list input").first.input_value()


MakeVisitor = Callable[..., Visitor]

"""A person who looks at pages, each in two widths and both color schemes."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage

from assessments.visitors.owner_cookie import COOKIE
from tests.support.browser.pages import COLOURS_ALONE, RULES


class Reader:
    """A person in a browser, and what is wrong with the pages on the way."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page = context.new_page()
        self.said: list[str] = []
        self.faults: list[tuple[str, str]] = []
        self.page.on(
            "console",
            lambda message: (
                self.said.append(message.text) if self._is_complaint(message) else None
            ),
        )
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    @staticmethod
    def _is_complaint(message: ConsoleMessage) -> bool:
        """The console also reports 404 and 422, which these pages are meant to have."""
        return (
            message.type in ("error", "warning") and "status of 4" not in message.text
        )

    def owns(self, key: str) -> None:
        self.context.add_cookies([{"name": COOKIE, "value": key, "url": self.url}])

    def look(self, address: str) -> None:
        self.page.goto(self.url + address)
        self.look_here()

    def press(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look_here()

    def look_here(self) -> None:
        """Everything in the light, on a desk and on a phone; in the dark the colors,
        for nothing else differs there.
        """
        for details in self.page.locator("details").all():
            details.evaluate("details => { details.open = true; }")
        found = [*self.said]
        for width in (320, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            found += [f"{wide} pixels wide in {width}"] if wide > width else []
            self.page.emulate_media(color_scheme="light")
            found += self._violations(RULES)
            self.page.emulate_media(color_scheme="dark")
            found += self._violations(COLOURS_ALONE)
        self.faults += [
            (self.page.url.removeprefix(self.url), fault) for fault in found
        ]
        self.said.clear()  # axe tries styles of its own, which the policy refuses

    def _violations(self, rules: dict[str, object]) -> list[str]:
        found = Axe().run(self.page, options=rules).response["violations"]
        return [
            f"{each['id']}: {node['html'][:200]}"
            for each in found
            for node in each["nodes"]
        ]

"""A visitor who has nothing but a keyboard."""

from __future__ import annotations

from tests.support.browser.visitor import Visitor

MOST_TABS = 80  # further away than this, nobody finds it

FOCUSED = """selector => {
  const element = document.activeElement;
  if (!element.matches(selector)) return null;
  const marked = [element, element.closest("label")].filter(Boolean);
  const outlined = one => getComputedStyle(one).outlineStyle !== "none";
    return marked.some(outlined) ? "visible" : "invisible";
}"""


def tab_to(visitor: Visitor, selector: str) -> None:
    """Press Tab until something that the selector means has the focus, and can be seen
    to have it.
    """
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        seen = visitor.page.evaluate(FOCUSED, selector)
        if seen:
            assert seen == "visible", f"no focus ring on {selector}"
            return
    raise AssertionError(f"Tab never reaches {selector} on {visitor.page.url}")


def press_enter(visitor: Visitor, selector: str) -> None:
    """Tab to a link or button and use it."""
    tab_to(visitor, selector)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.look()


def choose(visitor: Visitor, name: str, value: str) -> None:
    """Tab into a group of radios and choose with Space and the arrows alone."""
    tab_to(visitor, f'input[name="{name}"]')
    choose_here(visitor, value)


def choose_here(visitor: Visitor, value: str) -> None:
    """Choose in the group of radios that has the focus."""
    name, here = visitor.page.evaluate(
        "[document.activeElement.name, document.activeElement.value]"
    )
    values = [
        radio.get_attribute("value")
        for radio in visitor.page.locator(f'input[name="{name}"]').all()
    ]
    steps = values.index(value) - values.index(here)
    if steps == 0:
        visitor.page.keyboard.press("Space")
    for _ in range(abs(steps)):
        visitor.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    assert (
        visitor.page.locator(f'input[name="{name}"]:checked').get_attribute("value")
        == value
    )

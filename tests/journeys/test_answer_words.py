"""No word of an answer is torn: with any label, in any common font, at any width."""

from __future__ import annotations

import pytest

from tests.support.browser.visitor import Visitor

pytestmark = pytest.mark.browser
WIDTHS = (320, 360, 768, 960, 1280, 1920)
FONTS = ("sans-serif", "serif", "monospace", "DejaVu Sans", "Liberation Sans")
DEFAULT: list[str] = []
STAFFS = [
    "Extraordinarily rarely",
    "Comparatively",
    "Indistinguishable",
    "Enthusiastically",
    "Uncharacteristically often",
]
# Words of the page's answers that stand on more than one line, or outside of the page.
TORN = """([labels, font]) => {
  const root = document.documentElement;
  root.style.setProperty("--interface", font);
  const torn = [];
  for (const group of document.querySelectorAll(".answers"))
    [...group.querySelectorAll("span")].forEach((span, place) => {
      if (labels.length) span.textContent = labels[place];
    });
  for (const span of document.querySelectorAll(".trade-off .answer span")) {
    const text = span.firstChild;
    for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const boxes = [...range.getClientRects()];
      const lines = new Set(boxes.map((box) => Math.round(box.top)));
      if (lines.size !== 1 || boxes.some((box) => box.right > root.clientWidth))
        torn.push(word);
    }
  }
  if (root.scrollWidth > root.clientWidth) torn.push("sideways");
  return torn;
}"""


@pytest.mark.parametrize("labels", [DEFAULT, STAFFS], ids=["default", "staff"])
def test_every_word_of_an_answer_stands_on_one_line(
    visitor: Visitor, labels: list[str]
) -> None:
    visitor.start("full")
    torn = {}
    for number in range(1, 7):
        visitor.go(f"/quiz/{number}/")
        assert visitor.page.locator(".answers span").count() >= 20
        for width in WIDTHS:
            visitor.page.set_viewport_size({"width": width, "height": 800})
            for font in FONTS:
                words = visitor.page.evaluate(TORN, [labels, font])
                if words:
                    torn[number, width, font] = words
    assert torn == {}

"""Pages as parsed elements, for statements about roles, ids and fields.

    page = parse(response)
    assert page.one("h1").text == "Two roles"
    assert page.values("input[name=scope]:checked") == ["summary"]

Selectors know tags, `#id`, `.class`, `[name]`, `[name=value]`, `[name^=value]`,
`[name$=value]`, `[name*=value]`, `:checked`, `:text(words)` and descendants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponseBase

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# A word of a selector; words within brackets and parentheses may hold spaces.
COMPOUND = re.compile(r"(?:\[[^]]*\]|\([^)]*\)|[^\s\[(])+")
SIMPLE = re.compile(
    r"(?P<tag>^[\w-]+)|#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)"
    r"|\[(?P<name>[\w:-]+)(?:(?P<how>[\^$*]?=)['\"]?(?P<value>[^]'\"]*)['\"]?)?\]"
    r"|:text\((?P<text>[^)]*)\)|(?P<checked>:checked)"
)


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader sees, white space folded."""
        seen = "".join(self._strings()).translate(ISOLATES)
        return " ".join(seen.split())

    @property
    def value(self) -> str:
        """What a browser would send, or what the element leads to."""
        if self.tag == "textarea":
            return "".join(self._strings()).removeprefix("\n")
        if self.tag == "select":
            chosen = self.all("option[selected]") or self.all("option")[:1]
            return chosen[0].value if chosen else ""
        for name in ("value", "href", "action", "content"):
            if name in self.attributes:
                return self.attributes[name]
        return self.text

    def all(self, selector: str) -> list[Element]:
        """The elements below this one that the selector means, in page order."""
        *above, last = COMPOUND.findall(selector)
        return [
            element
            for element in self._below()
            if element._is(last) and element._has_above(above)
        ]

    def one(self, selector: str) -> Element:
        elements = self.all(selector)
        assert len(elements) == 1, f"{len(elements)} of {selector!r}"
        return elements[0]

    def has(self, selector: str) -> bool:
        return bool(self.all(selector))

    def texts(self, selector: str) -> list[str]:
        return [element.text for element in self.all(selector)]

    def values(self, selector: str) -> list[str]:
        return [element.value for element in self.all(selector)]

    def of(self, *tags: str) -> list[Element]:
        """The elements below this one with any of these tags, in page order."""
        return [element for element in self._below() if element.tag in tags]

    def headings(self) -> list[Element]:
        return self.of("h1", "h2", "h3", "h4", "h5", "h6")

    def rows(self, selector: str) -> list[list[str]]:
        """The cells of each row of the tables that the selector means."""
        return [
            [cell.text for cell in row._below() if cell.tag in ("td", "th")]
            for row in self.all(f"{selector} tr")
        ]

    def _below(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._below()

    def _strings(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style", "template"):
                # Inline elements join words; all others part them.
                apart = "" if child.tag in INLINE else " "
                yield apart
                yield from child._strings()
                yield apart

    def _has_above(self, selectors: list[str]) -> bool:
        waiting, element = [*selectors], self.parent
        while waiting and element is not None:
            if element._is(waiting[-1]):
                waiting.pop()
            element = element.parent
        return not waiting

    def _is(self, compound: str) -> bool:
        return all(self._matches(part) for part in SIMPLE.finditer(compound))

    def _matches(self, part: re.Match[str]) -> bool:
        own = self.attributes
        if part["tag"]:
            return self.tag == part["tag"]
        if part["id"]:
            return own.get("id") == part["id"]
        if part["cls"]:
            return part["cls"] in own.get("class", "").split()
        if part["text"] is not None:
            return part["text"] in self.text
        if part["checked"]:
            return "checked" in own
        value, wanted = own.get(part["name"]), part["value"]
        if value is None or part["how"] is None:
            return value is not None
        return {
            "=": value == wanted,
            "^=": value.startswith(wanted),
            "$=": value.endswith(wanted),
            "*=": wanted in value,
        }[part["how"]]


# They stand around a name where no <bdi> can, and show nothing.
ISOLATES = dict.fromkeys((0x2068, 0x2069))
INLINE = {"a", "abbr", "b", "bdi", "code", "em", "i", "ins", "del", "mark", "small"}
INLINE |= {"span", "strong", "sub", "sup", "time", "q", "cite", "kbd", "u"}


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        element = Element(tag, names, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        element: Element | None = self.here
        while element is not None and element.tag != tag:
            element = element.parent
        if element is not None and element.parent is not None:
            self.here = element.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def parse(page: HttpResponseBase | str) -> Element:
    if isinstance(page, HttpResponseBase):
        assert not page.streaming
        page = page.content.decode()
    builder = _Builder()
    builder.feed(page)
    builder.close()
    return builder.root

"""Every address under /quiz/, read from the map of the site.

So a new one cannot be forgotten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import URLPattern

from assessments import urls

# What the number in an address is of, by what stands before it.
ROWS_OF = {
    "": "section",
    "result/": "result",
    "result/asked/": "asked",
    "result/sees/": "grant",
    "result/step/": "step",
    "result/share/": "link",
}
PART = re.compile(r"<(int|slug):(\w+)>")
WORDS = {"question": "T1", "scope": "answers"}


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """Numbers of rows of one owner; 0 where there is none."""

    result: int
    section: int = 1
    asked: int = 0
    grant: int = 0
    step: int = 0
    link: int = 0


def quiz_addresses(keys: OwnKeys) -> list[str]:
    """All of them, with these numbers; the one of the call brings the result."""
    addresses = []
    for pattern in urls.quiz_urls:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern)
        address = PART.sub(
            lambda part: (
                WORDS[part[2]]
                if part[1] == "slug"
                else str(getattr(keys, ROWS_OF[part.string[: part.start()]]))
            ),
            route,
        )
        asks = f"?result={keys.result}" if route == "call/" else ""
        addresses.append(f"/quiz/{address}{asks}")
    return addresses

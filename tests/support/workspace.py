"""Every address of the coach's workspace, read from the map of the site, so that a new
one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import URLPattern

from assessments import urls

PUBLIC = "/coach/ask/"
# What the number in an address is of, by what stands before it.
KINDS = {
    "": "group",
    "client/": "client",
    "client/step/": "step",
    "client/link/": "link",
    "person/": "person",
    "invited/": "invited",
}
PAIR = "/coach/compare/"


@dataclass(frozen=True, slots=True)
class Keys:
    """Numbers of rows of one coach; 0 where there is none."""

    group: int
    client: int
    step: int = 0
    link: int = 0
    person: int = 0
    invited: int = 0


def addresses(keys: Keys) -> list[str]:
    """Those that name a row, with these numbers."""
    named = {kind: getattr(keys, kind) for kind in KINDS.values()}
    return [
        *_filled(named),
        f"{PAIR}?one={keys.client}&two={keys.client}",
        f"{PAIR}?one={keys.client}",
    ]


def own_addresses() -> list[str]:
    """Those that show people their own rows."""
    return [route for route in _routes() if "<" not in route]


def _routes() -> list[str]:
    routes = []
    for pattern in urls.coach_urls:
        assert isinstance(pattern, URLPattern)
        routes.append(f"/coach/{pattern.pattern}")
    return [route for route in routes if route != PUBLIC]


def _filled(keys: Mapping[str, int]) -> list[str]:
    filled = []
    for route in _routes():
        before, number, after = route.partition("<int:pk>")
        if number:
            address = f"{before}{keys[KINDS[before.removeprefix('/coach/')]]}{after}"
            filled += (
                [address.replace("<str:kind>", kind) for kind in ("csv", "json")]
                if "<str:kind>" in address
                else [address]
            )
    assert not [address for address in filled if "<" in address], (
        "a new kind of part in an address: say here what stands for it"
    )
    return filled

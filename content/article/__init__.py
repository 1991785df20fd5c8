"""The article in our own words, as data that a new site starts with.

Later, staff change the rows in the admin. `content.editions` replaces earlier words
that nobody has changed.
"""

from __future__ import annotations

from . import (
    choosing,
    difference,
    future,
    in_practice,
    product_management,
    project_management,
    skills,
    working_together,
)
from .roles import ROLES, STRENGTHS

PAGES = tuple(
    module.PAGE
    for module in (
        difference,
        project_management,
        product_management,
        in_practice,
        working_together,
        skills,
        choosing,
        future,
    )
)

__all__ = ["PAGES", "ROLES", "STRENGTHS"]

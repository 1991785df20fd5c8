"""What a process holds in memory of the database."""

from __future__ import annotations

from assessments.queries import versions
from assessments.visitors import kept_pages
from content import published


def forget_snapshots() -> None:
    published.forget()
    versions.forget_live_version()
    kept_pages.forget()

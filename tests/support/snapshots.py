"""What a process holds in memory of the database."""

from __future__ import annotations

from assessments.queries import versions
from content import published
from rolefit import kept


def forget_snapshots() -> None:
    published.forget()
    versions.forget_live_version()
    kept.forget()

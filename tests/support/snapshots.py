"""What a process holds in memory of the database."""

from __future__ import annotations

from assessments.visitors import kept_pages
from rolefit import kept


def forget_snapshots() -> None:
    for held in kept.SNAPSHOTS:
        # `forget` would leave the copy there, in case the database is away.
        held.forget()
        held._held = None
    kept.drop_pages()
    kept_pages.forget_kept()

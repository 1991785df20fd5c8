"""Refusals that say why."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class RefusedBecause(PermissionDenied):
    """Its text is a sentence of ours for whoever is refused.

    The page of a refusal shows it. The text of any other PermissionDenied is written
    for the log, perhaps by a library, and is not shown.
    """

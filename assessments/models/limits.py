"""Counts of POSTs per sender and hour, for limits.

No owner, account or address is stored: the key is an HMAC of it, under a salt that
changes every day.
"""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """How often one sender posted in one hour.

    No limit reads it after that hour, and the daily job deletes it.
    """

    key = models.CharField(max_length=64)
    window = models.PositiveIntegerField(help_text="Hours since 1970.")
    hits = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "window"], name="one_count_per_window"
            )
        ]
        indexes = [models.Index(fields=["window"])]

    def __str__(self) -> str:
        return f"{self.hits} in {self.window}"

"""Counts of POSTs per sender and hour, for limits. The sender is an HMAC under a secret of the day: no address is kept."""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """One counter. Written only by assessments.actions.limits, gone within a day."""

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

"""Panels rate how good each statement of a draft would make somebody look.

docs/instrument.md section 1.4, rule P10.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .questionnaires import Questionnaire


class RatingPanel(models.Model):
    """A link under which people rate a draft's statements.

    A rating belongs to the words that were rated. Once a statement is reworded, its
    ratings no longer count.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="panels"
    )
    token = models.CharField(max_length=32, unique=True, help_text="128 random bits.")
    statements = models.JSONField(
        help_text=(
            "Each statement's words as they stood when the link was made, "
            "in the order they are asked."
        )
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Panel {self.pk}"


class PanelRating(models.Model):
    """One person's numbers, in the order of the panel's statements.

    1 (looks bad) to 7 (looks good), or null where the person skipped the statement.
    """

    panel = models.ForeignKey(RatingPanel, models.CASCADE, related_name="ratings")
    sheet = models.UUIDField(
        unique=True,
        help_text=(
            "A random number that the browser got with the page. Each browser "
            "counts once."
        ),
    )
    numbers = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Rating {self.pk}"

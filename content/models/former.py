"""What the drafts of words said before each save."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from content.moments import moment_words


class FormerWords(models.Model):
    """The fields that one save changed, with their values before it."""

    # The name in lowercase of a model derived from Wording, such as “strength”.
    kind = models.CharField(max_length=20)
    row = models.BigIntegerField()
    values = models.JSONField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=("kind", "row"), name="former_words_of_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}, before {moment_words(self.changed_at)}"

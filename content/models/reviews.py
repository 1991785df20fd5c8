"""The mark by which an editor says that a draft is ready."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from content.models.pages import Page
from content.moments import moment_words


class AbstractReviewRequest(models.Model):
    """An editor says that a draft is ready. Publishers see it until it ends."""

    comment = models.TextField(blank=True, max_length=1_000)
    # No constraint, because servers that run the last release delete accounts, too.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )
    asked_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ("asked_at",)
        default_permissions = ()
        verbose_name = "request for review"
        verbose_name_plural = "requests for review"


class ReviewRequest(AbstractReviewRequest):
    """The draft of a page is ready. The mark ends with the next change to the draft,
    or when the page is published.
    """

    # No constraint, because servers that run the last release delete pages, too.
    page = models.OneToOneField(
        Page,
        on_delete=models.CASCADE,
        related_name="review_request",
        db_constraint=False,
    )

    def __str__(self) -> str:
        return f"{self.page}, ready since {moment_words(self.asked_at)}"

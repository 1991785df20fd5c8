"""Read-only links to one Result."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .attempts import Result


class Scope(models.TextChoices):
    """How much a link shows; each includes the one before it.

    docs/architecture.md section 5 lists what a scope contains.
    """

    SUMMARY = "summary", "The summary"
    STRENGTHS = "strengths", "With strengths"
    ANSWERS = "answers", "With every answer"


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def usable(self) -> ShareLinkQuerySet:
        """Neither revoked nor expired, the result itself is still kept, and the coach who made it has her workspace still."""
        now = timezone.now()
        kept = self.filter(
            revoked_at=None, expires_at__gt=now, result__expires_at__gt=now
        )
        # The owner's own links have no coach, and so nothing that could be closed.
        return kept.filter(participation__invitation__coach__closed_at=None).exclude(
            participation__invitation__coach__user__is_active=False
        )


class ShareLink(models.Model):
    """Whoever has the address may read the Result at this scope. Written only by assessments.actions.sharing."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=32, unique=True, help_text="128 random bits.")
    label = models.CharField(max_length=60, blank=True)
    scope = models.CharField(max_length=10, choices=Scope)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    participation = models.ForeignKey(
        "assessments.Participation",
        models.CASCADE,
        null=True,
        related_name="share_links",
        help_text="Under whose grant a coach made this link; null for the owner's own. It goes with the grant.",
    )

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="share_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="share_expires_after_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"Share link {self.pk}"

    @property
    def works(self) -> bool:
        """The rule of ShareLinkQuerySet.usable, for a link whose result, coach and coach's user are loaded."""
        now = timezone.now()
        closed = (
            self.participation is not None
            and not self.participation.invitation.coach.has_workspace
        )
        return (
            self.revoked_at is None
            and self.expires_at > now
            and self.result.expires_at > now
            and not closed
        )

    @property
    def made_by(self) -> str | None:
        """The coach under whose grant it was made; None for the owner's own."""
        return self.participation.invitation.coach.name if self.participation else None

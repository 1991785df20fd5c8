"""Read-only links to one Result."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Expression, F, Q
from django.utils import timezone

from .attempts import Result, visible_results


class Scope(models.TextChoices):
    """How much a link shows; each includes the one before it.

    docs/architecture.md section 5 lists what a scope contains.
    """

    SUMMARY = "summary", "The summary"
    STRENGTHS = "strengths", "With strengths"
    ANSWERS = "answers", "With every answer"


def usable_links(path: str = "", *, now: datetime | Expression | None = None) -> Q:
    """Match the share links that open now; ShareLink.works says it of a loaded row.

    A usable link is neither revoked nor expired, its Result is visible, and the coach
    who made it, if a coach did, still has a workspace. `path` leads from the filtered
    model to the link.
    """
    now = now or timezone.now()
    prefix = f"{path}__" if path else ""
    coach = f"{prefix}participation__invitation__coach"
    in_force = Q(**{f"{prefix}revoked_at": None, f"{prefix}expires_at__gt": now})
    # The owner's own links have no coach whose workspace could be closed.
    of_the_owner = Q(**{f"{prefix}participation": None})
    of_an_open_workspace = Q(
        **{f"{coach}__closed_at": None, f"{coach}__user__is_active": True}
    )
    return (
        in_force
        & visible_results(f"{prefix}result", now=now)
        & (of_the_owner | of_an_open_workspace)
    )


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def usable(self) -> ShareLinkQuerySet:
        return self.filter(usable_links())


class ShareLink(models.Model):
    """A secret address under which anybody reads one Result at one scope."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=32, unique=True, help_text="128 random bits.")
    label = models.CharField(max_length=60, blank=True)
    # The database fills it too: during an upgrade, servers that do not know the column
    # still add rows.
    name = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text="What the owner wrote on the link. Everyone who opens it sees it.",
    )
    scope = models.CharField(max_length=10, choices=Scope)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    participation = models.ForeignKey(
        "assessments.Participation",
        models.CASCADE,
        null=True,
        related_name="share_links",
        help_text=(
            "Under whose grant a coach made this link; null for the owner's own. "
            "It goes with the grant."
        ),
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
    def ends_at(self) -> datetime:
        """When it stops to work: at its own end, or with its result."""
        return min(self.expires_at, self.result.expires_at)

    @property
    def works(self) -> bool:
        """The rule of usable_links; needs result, coach and the coach's user loaded."""
        closed = (
            self.participation is not None
            and not self.participation.invitation.coach.has_workspace
        )
        return (
            self.revoked_at is None
            and self.expires_at > timezone.now()
            and self.result.is_visible
            and not closed
        )

    @property
    def made_by(self) -> str | None:
        """The coach under whose grant it was made; None for the owner's own."""
        return self.participation.invitation.coach.name if self.participation else None

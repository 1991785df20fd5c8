"""The audit trail: who did what that others may want to trace."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Act(models.TextChoices):
    PUBLISH = "publish", "published"
    RESTORE = "restore", "restored"
    REVOKE = "revoke", "revoked"
    EXPORT = "export", "exported"
    APPROVE = "approve", "approved"
    MAKE = "make", "made"
    CLOSE = "close", "closed"
    CHANGE = "change", "changed"
    DELETE = "delete", "deleted"


class AuditEntry(models.Model):
    """One action of a member of staff or of a coach.

    The action writes the entry in its own transaction. The admin's own history would
    not do: it is deleted with its user, and records only saved rows.
    """

    Act = Act

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=(
            "Empty for what came with the software, or was done in the terminal. "
            "Accounts listed here are closed, not deleted."
        ),
    )
    act = models.CharField(max_length=8, choices=Act)
    subject = models.CharField(
        max_length=200,
        help_text="What it was done to, for example: “In practice”, state 3.",
    )

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "audit trail"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(act__in=tuple(Act.values)), name="audit_act_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.subject}"

"""Coaches, and requests for a workspace."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

from assessments.models import Coach


def coach_of(user: User | AnonymousUser) -> Coach | None:
    """The coach whose workspace this account opens."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Coach.objects.filter(
        user_id=user.pk, approved_at__isnull=False, closed_at=None
    ).first()


def can_do_more(user: User) -> bool:
    """Whether the account of a coach may do more than coach."""
    return (
        user.is_staff
        or user.is_superuser
        or user.groups.exists()
        or user.user_permissions.exists()
    )


def requests() -> list[Coach]:
    """Requests that no Coach manager has approved yet, oldest first."""
    return list(Coach.objects.filter(approved_at=None).order_by("asked_at", "pk"))

"""An owner makes links to a result, and revokes any link to it, a coach's too."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assessments import keys
from assessments.actions.locks import lock_owner
from assessments.models import Result, ShareLink

# The usable links to one result that its owner may have at once. A coach may have
# as many under each grant.
MAX_USABLE_LINKS = 30


class NotShareable(Exception):
    """The result may not be shown: it was careless, or its time is over."""


class TooManyLinks(Exception):
    """The result already has MAX_USABLE_LINKS usable links."""


@transaction.atomic
def make_share_link(result: Result, *, scope: str, label: str, days: int) -> ShareLink:
    """A link to one result that ends after `days` days.

    Raises OwnerGone, NotShareable, TooManyLinks.
    """
    lock_owner(result.owner_id)
    if not result.is_visible:
        raise NotShareable
    if (
        ShareLink.objects.usable().filter(result=result, participation=None).count()
        >= MAX_USABLE_LINKS
    ):
        raise TooManyLinks
    now = timezone.now()
    return ShareLink.objects.create(
        result=result,
        token=keys.new_token(),
        scope=scope,
        label=label,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )


@transaction.atomic
def revoke_share_link(link: ShareLink) -> None:
    """End a link at once; ending it twice keeps the first moment."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )

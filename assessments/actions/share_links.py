"""An owner makes links to a result, and revokes any link to it, a coach's too."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assessments import keys
from assessments.actions.locks import lock_owner
from assessments.models import Result, Scope, ShareLink
from assessments.queries import share_links as share_link_queries
from assessments.queries.share_links import CALL_DAYS, CALL_LABEL

# The usable links to one result that its owner may have at once. A coach may have
# as many under each grant.
MAX_USABLE_LINKS = 30


class NotShareable(Exception):
    """The result may not be shown: it was careless, or its time is over."""


class TooManyLinks(Exception):
    """The result already has MAX_USABLE_LINKS usable links."""


@transaction.atomic
def make_share_link(
    result: Result, *, scope: str, label: str, days: int, name: str = ""
) -> ShareLink:
    """A link to one result that ends after `days` days.

    `name` stands on the shared page; `label` does not.

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
        name=name,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )


@transaction.atomic
def make_call_link(result: Result) -> ShareLink:
    """The link that the owner brings to the clarity call: a summary.

    The one of today, so that a second press makes no second link, or a new one.
    Raises what make_share_link raises.
    """
    lock_owner(result.owner_id)
    link = share_link_queries.call_link(result)
    if link and link.created_at > timezone.now() - timedelta(days=1):
        return link
    return make_share_link(
        result, scope=Scope.SUMMARY, label=CALL_LABEL, days=CALL_DAYS
    )


@transaction.atomic
def revoke_share_link(link: ShareLink) -> None:
    """End a link at once; ending it twice keeps the first moment."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )

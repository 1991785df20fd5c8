"""Share links: an owner's own, and the one that a token opens."""

from __future__ import annotations

from assessments import keys
from assessments.engine.outcomes import Outcome
from assessments.models import Owner, ShareLink


def own_share_links(owner: Owner) -> list[ShareLink]:
    """Every link to an owner's results, newest first, ended ones included; `made_by` tells a coach's from her own."""
    links = ShareLink.objects.filter(result__owner=owner)
    return list(
        links.select_related("result", "participation__invitation__coach__user")
    )


def own_share_link(key: str, pk: int) -> ShareLink | None:
    """One link, if it is to a result of the key's holder; a coach's link is hers to end as well."""
    return ShareLink.objects.filter(
        pk=pk, result__owner__key_sha256=keys.digest(key)
    ).first()


def shared(token: str) -> ShareLink | None:
    """The usable link with this token. Unknown, expired and revoked are one and the same None."""
    if not keys.is_token(token):  # PostgreSQL would stumble over some characters
        return None
    return (
        ShareLink.objects.usable()
        .exclude(result__outcome=Outcome.CARELESS)
        .select_related("result__version")
        .defer("result__version__definition")
        .filter(token=token)
        .first()
    )

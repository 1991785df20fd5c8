"""Share links of one owner, and the link that a token opens."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from assessments import keys
from assessments.models import Owner, Result, Scope, ShareLink, usable_links
from assessments.queries.prepared import Given, Prepared

# The label of the link that an owner brings to the clarity call, and its life.
CALL_LABEL = "Clarity call"
CALL_DAYS = 30

_USABLE = Prepared(
    lambda: (
        ShareLink.objects.filter(usable_links(now=Given("now")), token=Given("token"))
        .select_related("result__version")
        .defer("result__version__definition")
        .order_by()
    )
)


def own_share_links(owner: Owner) -> list[ShareLink]:
    """Every link to an owner's kept results, newest first, ended ones included.

    `made_by` names the coach of a link that a coach made.
    """
    links = ShareLink.objects.filter(
        result__owner=owner, result__expires_at__gt=timezone.now()
    )
    return list(
        links.select_related("result", "participation__invitation__coach__user")
        # Of many links to one result, each would have the whole reply.
        .defer("result__reply", "result__answers")
    )


def own_share_link(key: str, pk: int) -> ShareLink | None:
    """One link to a result of the owner with this key; the link may be a coach's."""
    return ShareLink.objects.filter(
        pk=pk, result__owner__key_sha256=keys.digest(key)
    ).first()


def call_link(result: Result) -> ShareLink | None:
    """The newest usable link to this result that its owner brings to the clarity call.

    The owner may have given another link the same label. So only a summary without a
    name counts, of no longer life than such a link has.
    """
    latest_end = timezone.now() + timedelta(days=CALL_DAYS)
    return (
        ShareLink.objects.usable()
        .filter(
            result=result,
            participation=None,
            label=CALL_LABEL,
            name="",
            scope=Scope.SUMMARY,
            expires_at__lte=latest_end,
        )
        .first()
    )


def usable_link(token: str) -> ShareLink | None:
    """The usable link with this token; None for an unknown, expired or revoked one."""
    # PostgreSQL refuses some characters in a parameter.
    if not keys.is_token(token):
        return None
    return _USABLE.first(token=token, now=timezone.now())

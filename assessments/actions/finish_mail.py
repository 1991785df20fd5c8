"""Email to coaches whose clients have finished.

A job sends it, so that no visitor waits for a mail server, and what one run could not
send is sent by the next. The mail has names and links, and nothing of a result.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.models import Coach, Participation
from assessments.queries.people import Names
from assessments.typed import isolated
from content.addresses import absolute_url

_logger = logging.getLogger(__name__)
# Names in one mail; it says how many more there are.
MAX_CLIENTS_NAMED = 50


def tell_coaches(*, when: Coach.FinishMail) -> int:
    """Mail each coach who wants it at such times; return how many got one.

    A mail that the server does not take is tried again by the next run. Where the site
    sends no mail, nobody is told and nothing is marked.
    """
    if not settings.MAIL_GOES_OUT:
        return 0
    told = 0
    waiting = _untold().filter(invitation__coach__finish_mail=when)
    for pk in set(waiting.values_list("invitation__coach", flat=True)):
        told += _tell(pk)
    return told


def _tell(pk: int) -> bool:
    with transaction.atomic():
        # Two jobs at once do not tell the same twice.
        coach = Coach.objects.select_for_update().get(pk=pk)
        grants = list(
            _untold()
            .filter(invitation__coach=coach)
            .select_related("client")
            .order_by("attempt__finished_at", "pk")
        )
        claimed = Participation.objects.filter(pk__in=[grant.pk for grant in grants])
        claimed.update(coach_told_at=timezone.now())
    if not grants:
        return False
    # One result in two groups is told once.
    shown = list({(row.client_id, row.attempt_id): row for row in grants}.values())
    called = Names(coach, shown)
    names = [called.of(row) for row in shown]
    try:
        send_mail(_subject(names), _body(coach, shown, names), None, [coach.email])
    except (OSError, ValueError):
        _logger.warning("The mail server did not take a mail to coach %s.", pk)
        claimed.update(coach_told_at=None)
        return False
    return True


def _untold() -> QuerySet[Participation]:
    """Grants that were finished since their coaches asked for email."""
    return Participation.objects.filter(
        invitation__coach__closed_at=None,
        invitation__coach__user__is_active=True,
        attempt__finished_at__gt=F("invitation__coach__finish_mail_since"),
        coach_told_at=None,
    )


def _subject(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} has finished"
    return f"{len(names)} clients have finished"


def _body(coach: Coach, grants: Sequence[Participation], names: Sequence[str]) -> str:
    lines = [
        f"{name}\n{absolute_url(reverse('coach_client', args=[grant.pk]))}\n"
        for grant, name in zip(grants, names, strict=True)
    ][:MAX_CLIENTS_NAMED]
    if len(grants) > MAX_CLIENTS_NAMED:
        lines.append(f"and {len(grants) - MAX_CLIENTS_NAMED} more\n")
    told = (
        "This client has finished:"
        if len(grants) == 1
        else "These clients have finished:"
    )
    settings_page = absolute_url(reverse("coach_settings"))
    return (
        f"Hello {isolated(coach.name)},\n\n{told}\n\n"
        + "\n".join(lines)
        + f"\nChange when you get this email:\n{settings_page}\n"
    )

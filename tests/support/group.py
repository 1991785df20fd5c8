"""Groups of any size, quicker than through their pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from assessments.models import (
    Attempt,
    Client,
    Invitation,
    Owner,
    Participation,
    Result,
)
from tests.support.coaching import joined

# Pages of a group. Each page of the table is full in a group of 50 as in one of 5,000.
GROUP_ADDRESSES = [
    "",
    "?sort=name",
    "?sort=project",
    "?sort=product",
    "?outcome=clear_project",
    "?status=shared&sort=name",
    "?page=60",
    "?page=60&sort=product",
    "status/",
]


def fill_group(invitation: Invitation, count: int) -> None:
    """Add clients with one result each, all with the answers of the first."""
    first = joined(invitation).attempt
    result, now = first.result, timezone.now()
    owners = Owner.objects.bulk_create(
        Owner(key_sha256=f"{invitation.pk}-{number}") for number in range(1, count)
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(
            owner=owner,
            version=first.version,
            form="full",
            answers=first.answers,
            started_at=now,
            changed_at=now,
            finished_at=now,
        )
        for owner in owners
    )
    shared = {
        field: getattr(result, field)
        for field in ("number", "form", "outcome", "answers", "reply", "expires_at")
    }
    Result.objects.bulk_create(
        Result(
            owner_id=attempt.owner_id,
            attempt=attempt,
            version=first.version,
            finished_at=now,
            lean=number % 100,
            **shared,
        )
        for number, attempt in enumerate(attempts)
    )
    clients = Client.objects.bulk_create(
        Client(
            coach=invitation.coach,
            name=f"Client {number}",
            created_at=now,
            latest_at=now - timedelta(seconds=number),
        )
        for number in range(len(attempts))
    )
    Participation.objects.bulk_create(
        Participation(
            invitation=invitation,
            attempt=attempt,
            client=clients[number],
            name=f"Client {number}",
            scope="answers",
            consented_at=now - timedelta(seconds=number),
        )
        for number, attempt in enumerate(attempts)
    )

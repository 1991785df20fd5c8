"""Groups of any size, quicker than through their pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from assessments import keys
from assessments.models import (
    Attempt,
    Client,
    Invitation,
    Owner,
    Participation,
    PersonalLink,
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


# The list of people. Each page is full among 50 people as among 5,000.
PEOPLE_ADDRESSES = [
    "",
    "?page=100",
    "?name=client",
    "?name=nobody",
    "?status=shared",
    "status/",
]


def fill_workspace(groups: list[Invitation], people: int) -> None:
    """The people spread over the groups; one in ten has only a personal link.

    One in ten has finished today, the others ten days ago.
    """
    for group in groups:
        fill_group(group, people * 9 // 10 // len(groups))
    invite_by_name(groups[0], people // 10)
    then = timezone.now() - timedelta(days=10)
    grants = Participation.objects.filter(invitation__in=groups).order_by("pk")
    older = list(grants.values_list("pk", flat=True)[people // 10 :])
    Client.objects.filter(participations__in=older).update(latest_at=then)
    Attempt.objects.filter(participations__in=older).update(finished_at=then)


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


def invite_by_name(invitation: Invitation, count: int) -> list[PersonalLink]:
    """People with a personal link that nobody has used, in the list after others."""
    now = timezone.now()
    clients = Client.objects.bulk_create(
        Client(
            coach=invitation.coach,
            name=f"Invited {number}",
            created_at=now - timedelta(days=2, seconds=number),
            latest_at=now - timedelta(days=2, seconds=number),
        )
        for number in range(count)
    )
    return PersonalLink.objects.bulk_create(
        PersonalLink(
            invitation=invitation,
            client=client,
            code=keys.new_code(),
            created_at=client.created_at,
        )
        for client in clients
    )


def copies(grant: Participation, number: int) -> None:
    """More people with the same answers, in three statements."""
    attempt, result = grant.attempt, grant.attempt.result
    owners = type(attempt.owner).objects.bulk_create(
        type(attempt.owner)(key_sha256=f"{grant.pk}-{place}".ljust(64, "x"))
        for place in range(number)
    )
    kept = {
        field.attname: getattr(attempt, field.attname)
        for field in attempt._meta.fields
        if field.name not in ("id", "owner")
    }
    attempts = type(attempt).objects.bulk_create(
        type(attempt)(owner=owner, **kept) for owner in owners
    )
    kept = {
        field.attname: getattr(result, field.attname)
        for field in Result._meta.fields
        if field.name not in ("id", "owner", "attempt")
    }
    Result.objects.bulk_create(
        Result(owner=one.owner, attempt=one, **kept) for one in attempts
    )
    Participation.objects.bulk_create(
        Participation(
            invitation_id=grant.invitation_id,
            attempt=one,
            name=f"Client {one.pk}",
            scope=grant.scope,
            consented_at=timezone.now(),
        )
        for one in attempts
    )

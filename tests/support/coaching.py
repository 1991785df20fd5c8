"""Coaches and their clients, made by the actions that pages use."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.test import Client

from assessments import keys
from assessments.actions import attempts, coaches, grants, invitations
from assessments.models import (
    Attempt,
    Coach,
    Invitation,
    Owner,
    Participation,
    Result,
    Version,
)
from assessments.queries import clients
from assessments.results import exports
from tests.support.saving import save_answers
from tests.support.taker import EXAMPLES, answers_of


def make_manager(name: str = "mara") -> User:
    """May approve coaches, and nothing else."""
    user = User.objects.create_user(
        name, f"{name}@example.org", "a long pass phrase", is_staff=True
    )
    user.groups.add(Group.objects.get(name="Coach manager"))
    return user


def make_coach(name: str, *, by: User) -> Coach:
    """Approved, with a password."""
    coaches.ask_for_account(
        name=name,
        email=f"{name.lower()}@example.org",
        works_with="People between two jobs",
    )
    coach = Coach.objects.get(email=f"{name.lower()}@example.org")
    coaches.approve_coach(coach, by=by)
    coach.refresh_from_db()
    assert coach.user is not None
    coach.user.set_password("a long pass phrase")
    coach.user.save()
    return coach


def signed_in_as(user: User | None) -> Client:
    """With the second factor that workspace and admin ask for."""
    assert user is not None
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )
    client = Client()
    client.force_login(user)
    return client


def invite(coach: Coach, **terms: Any) -> Invitation:
    """A group without limits that shares every answer."""
    plain: dict[str, Any] = {
        "code": keys.new_code(),
        "label": "Spring course",
        "form": "full",
        "scope": "answers",
        "onward": False,
        "held_until": None,
        "expires_at": None,
        "max_uses": None,
    }
    return invitations.make_invitation(coach, **plain | terms)


def join(
    invitation: Invitation,
    name: str = "Ann",
    *,
    owner: Owner | None = None,
    key: str = "",
) -> Participation:
    """Somebody new unless an owner or key is given."""
    version = Version.objects.latest("number")
    return grants.join(
        invitation,
        owner=owner,
        new_key=key or keys.new_key(),
        name=name,
        version=version,
    )


def answer(owner: Owner, example: str = "clear_project") -> Result:
    """The open attempt answered as an example, and finished."""
    answers = {
        question: None if value == "skip" else int(value)
        for question, value in answers_of(example).items()
    }
    save_answers(owner, seen={}, chosen=answers)
    Attempt.objects.filter(owner=owner, finished_at=None).update(seconds=300)
    return attempts.finish(owner)


def joined(
    invitation: Invitation, name: str = "Ann", example: str = "clear_project"
) -> Participation:
    """Somebody new who has joined and finished."""
    participation = join(invitation, name)
    answer(participation.attempt.owner, example)
    return Participation.objects.get(pk=participation.pk)


def alone(example: str = "clear_project") -> Result:
    """The result of somebody whom nobody invited."""
    version = Version.objects.latest("number")
    attempt, _ = attempts.start(version=version, form=EXAMPLES[example][0])
    return answer(attempt.owner, example)


def seen(coach: Coach, participation: Participation) -> Result | None:
    """What this coach sees by this grant."""
    row = clients.own_participation(coach, participation.pk)
    return row.result if row else None


def again(owner: Owner, example: str = "both") -> Result:
    """The owner takes it once more."""
    attempts.start_again(owner, version=Version.objects.get(), form="full")
    return answer(owner, example)


def everything_of(owner: Owner) -> dict[str, Any]:
    """The owner's download, read."""
    read: dict[str, Any] = json.loads("".join(exports.everything_of(owner)))
    return read

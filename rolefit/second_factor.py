"""A session opens nothing behind a second factor unless it gave one itself.

Somebody may have signed in with the password alone, before the account got its factor.
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from assessments.actions.account_sessions import sessions_of

GIVEN = "mfa"  # as allauth calls every second factor, passkeys and recovery codes too


def gave_second_factor(request: HttpRequest) -> bool:
    """Whether this session gave a second factor, or set up the account's first one."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return any(record["method"] == GIVEN for record in records)


@receiver(post_save, sender=Authenticator)
def end_other_sessions(instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """Sign the account out elsewhere when it gets its first second factor.

    Whoever sets that up has it, and is not asked for it in the same session. The page
    of a later one asks for no more than the password, so it counts for nothing here.
    """
    request, codes = context.request, Authenticator.Type.RECOVERY_CODES
    if not created or request is None or request.user != instance.user:
        return
    factors = Authenticator.objects.filter(user=instance.user).exclude(type=codes)
    if list(factors) != [instance]:
        return
    record_authentication(
        request, instance.user, GIVEN, id=instance.pk, type=instance.type
    )
    for session in sessions_of(instance.user):
        if session.session_key != request.session.session_key:
            session.delete()

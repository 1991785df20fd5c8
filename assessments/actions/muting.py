"""People who asked for no more email from coaches."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from assessments.models import MutedAddress, PersonalLink

_SIGNER = "stop mail"


def muted(addresses: Iterable[str]) -> set[str]:
    """Which of these addresses get no email.

    Only a digest of an address is kept. Those made with an earlier SECRET_KEY count as
    long as it is among the SECRET_KEY_FALLBACKS.
    """
    digests = {digest: address for address in addresses for digest in _digests(address)}
    found = MutedAddress.objects.filter(digest__in=digests)
    return {digests[digest] for digest in found.values_list("digest", flat=True)}


def stop_token(address: str) -> str:
    """What an email carries, so that it can be answered after its address is gone."""
    return Signer(salt=_SIGNER).sign(_digest(address, settings.SECRET_KEY))


def read_stop_token(token: str) -> str | None:
    """The digest in a token, or None where this site has not made it."""
    try:
        return Signer(salt=_SIGNER).unsign(token)
    except BadSignature:
        return None


def is_digest_of(digest: str, address: str) -> bool:
    return digest in _digests(address)


@transaction.atomic
def stop_mail(*, link: PersonalLink | None, digest: str | None) -> None:
    """No coach's email goes to this address any more. Twice is as once.

    `link`: the personal link whose person asks, if it is still there. `digest`: what
    the email carried. The address is emptied wherever a coach has given it.
    """
    now, address = timezone.now(), link.email if link else ""
    if digest and not address:
        address = _address_of(digest)
    digest = _digest(address, settings.SECRET_KEY) if address else digest
    if digest:
        MutedAddress.objects.get_or_create(digest=digest, defaults={"muted_at": now})
    if link:
        PersonalLink.objects.filter(pk=link.pk, stopped_at=None).update(
            email="", stopped_at=now
        )
    if address:
        PersonalLink.objects.filter(email=address).update(email="", stopped_at=now)


def forget_address(link: PersonalLink) -> None:
    """Empty the address of one personal link because its person asks for that."""
    PersonalLink.objects.filter(pk=link.pk).update(email="")


def _address_of(digest: str) -> str:
    """The address with this digest, if a coach has given it, or "".

    Reads every address: people seldom stop mail after the link of that mail is gone.
    """
    rows = PersonalLink.objects.exclude(email="").order_by()
    addresses = rows.values_list("email", flat=True).distinct().iterator()
    return next((each for each in addresses if digest in _digests(each)), "")


def _digests(address: str) -> list[str]:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_digest(address, secret) for secret in secrets]


def _digest(address: str, secret: str) -> str:
    made = salted_hmac("muted address", address, secret=secret, algorithm="sha256")
    return made.hexdigest()

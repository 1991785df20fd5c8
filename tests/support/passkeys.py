"""A passkey in software: what a browser and its device answer to the site's script."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import User
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

HOST = "testserver"
FLAG = AuthenticatorData.FLAG


@dataclass(frozen=True)
class Passkey:
    """Of one account at the test client's site."""

    user: User
    number: bytes = b"a passkey of tests"
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self) -> Authenticator:
        """Add it to the account."""
        data = AttestedCredentialData.create(
            bytes(Aaguid.NONE),
            self.number,
            ES256.from_cryptography_key(self.private.public_key()),
        )
        response = AuthenticatorAttestationResponse(
            client_data=CollectedClientData.create("webauthn.create", b"", ORIGIN),
            attestation_object=AttestationObject.create(
                "none", _data(FLAG.UP | FLAG.UV | FLAG.AT, data), {}
            ),
        )
        made = dict(RegistrationResponse(raw_id=self.number, response=response))
        made["clientExtensionResults"] = {"credProps": {"rk": True}}
        return WebAuthn.add(self.user, "Phone", made).instance

    def answer(self, challenge: str, *, verified: bool = True) -> str:
        """The form's field `credential`.

        `challenge`: as the site wrote it. `verified`: the device saw the finger or PIN.
        """
        client_data = CollectedClientData.create("webauthn.get", challenge, ORIGIN)
        data = _data(FLAG.UP | FLAG.UV if verified else FLAG.UP)
        response = AuthenticatorAssertionResponse(
            client_data=client_data,
            authenticator_data=data,
            signature=self.private.sign(
                data + client_data.hash, ec.ECDSA(hashes.SHA256())
            ),
            user_handle=user_pk_to_url_str(self.user).encode(),
        )
        answer: dict[str, Any] = dict(
            AuthenticationResponse(raw_id=self.number, response=response)
        )
        return json.dumps(answer)


ORIGIN = f"http://{HOST}"


def _data(flags: FLAG, credential: bytes = b"") -> AuthenticatorData:
    host = sha256(HOST.encode()).digest()
    return AuthenticatorData.create(host, flags, 0, credential)

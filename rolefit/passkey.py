"""Sign in with a passkey, without a session before it, or confirm it's you."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

PASSKEY_COOKIE = ("__Host-" if settings.HTTPS else "") + "rolefit_passkey"
PASSKEY_SALT = "passkey"
# How long the browser may ask for a finger or a PIN.
VALID_FOR = timedelta(minutes=5)


class PasskeySignIn(LoginWebAuthnView):
    """Keeps the challenge in a signed cookie.

    allauth keeps it in a session, so that each GET by anybody would make a row.
    """

    def get(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        response: HttpResponse = super().get(request, *args, **kwargs)
        state = request.session.pop(STATE_SESSION_KEY, None)
        if state:
            response.set_cookie(
                PASSKEY_COOKIE,
                signing.dumps(state, salt=PASSKEY_SALT),
                max_age=VALID_FOR,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Strict",
            )
        return response

    def post(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        state = _challenge(request)
        if state:
            request.session[STATE_SESSION_KEY] = state
        response: HttpResponse = super().post(request, *args, **kwargs)
        # Nothing is left after a refusal, so that it makes no session.
        request.session.pop(STATE_SESSION_KEY, None)
        response.delete_cookie(PASSKEY_COOKIE, samesite="Strict")
        return response


class PasskeyAgain(ReauthenticateWebAuthnView):
    """Asks again if a key was refused.

    allauth would lead elsewhere, and the request that waits to be repeated would be
    lost.
    """

    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)  # leaves the error as a message
        way_back = self.request.POST.get(REDIRECT_FIELD_NAME, "")
        page = reverse("mfa_reauthenticate_webauthn")
        return HttpResponseRedirect(
            f"{page}?{urlencode({REDIRECT_FIELD_NAME: way_back})}"
        )


def _challenge(request: HttpRequest) -> dict[str, str] | None:
    """The challenge that we gave this browser. Each is good for one try."""
    try:
        state: dict[str, str] = signing.loads(
            request.COOKIES.get(PASSKEY_COOKIE, ""),
            salt=PASSKEY_SALT,
            max_age=VALID_FOR,
        )
    except signing.BadSignature:
        return None
    first = cache.add(
        f"challenge:{state['challenge']}", 1, timeout=VALID_FOR.total_seconds()
    )
    return state if first else None

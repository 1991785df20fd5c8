"""The forms of django-allauth, in the words of this site."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from assessments.typed import AddressField, NameField, letters_and_digits

from . import passwords
from .after_answer import after_answer
from .lock_outs import with_waiting_time

MAX_KEY_NAME = 60
# Errors of any field, by Django's code.
FIELD_ERRORS = {
    "max_length": "That’s too long. Check it and try again.",
    "null_characters_not_allowed": passwords.UNTYPABLE,
}


class _OurWords(forms.Form):
    """Gives each field a label and says what to do where it is empty.

    Addresses and names are read as on all other forms.
    """

    WORDS: ClassVar[dict[str, tuple[str, str]]] = {
        "login": ("Email address", "Enter your email address."),
        "email": ("Email address", "Enter an email address."),
        "password": ("Password", "Enter your password."),
        "oldpassword": ("Current password", "Enter your current password."),
        "password1": ("New password", "Choose a new password."),
        "password2": ("New password again", "Enter the new password again."),
        "code": ("Code", "Enter the code."),
        "name": ("Name of the key", "Give the key a name."),
        "credential": ("Key", "Your key did not answer. Try again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, given in self.fields.items():
            field = self.fields[name] = _read_as_ours(name, given)
            if name in self.WORDS:
                field.label, field.error_messages["required"] = self.WORDS[name]
                field.widget.attrs.pop("placeholder", None)
            for code, words in FIELD_ERRORS.items():
                field.error_messages.setdefault(code, words)
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = (
                    "Write the address like name@example.org."
                )
            if isinstance(field, forms.JSONField):
                field.error_messages["invalid"] = field.error_messages["required"]
            if name == "password1":
                # allauth's text is a list of every rule.
                field.help_text = passwords.PASSWORD_HELP


def _read_as_ours(name: str, field: forms.Field) -> forms.Field:
    options = {"widget": field.widget, "required": field.required}
    if isinstance(field, forms.EmailField):
        return AddressField(**options)
    if name == "name":
        return NameField(
            **options,
            max_length=MAX_KEY_NAME,
            error_messages={"max_length": f"Use at most {MAX_KEY_NAME} characters."},
        )
    return field


class _NewPassword(_OurWords):
    def clean(self) -> dict[str, Any]:
        # In place of allauth's mixin, which has its own words in its code.
        mixin = account_forms.PasswordVerificationMixin
        cleaned: dict[str, Any] = super(mixin, self).clean() or {}
        once, again = cleaned.get("password1"), cleaned.get("password2")
        if once and again and once != again:
            self.add_error("password2", passwords.PASSWORDS_DIFFER)
        return cleaned


class _OfAnAccount(_OurWords):
    """Says how long to wait where too many codes or keys of an account were wrong."""

    user: User

    def add_error(self, field: str | None, error: Any) -> None:
        if isinstance(error, ValidationError):
            error = with_waiting_time(error, f"mfa-auth-user-{self.user.pk}")
        super().add_error(field, error)


class _UsedOnce(forms.Form):
    """Refuses a code that was used before, as RFC 6238 section 5.2 asks.

    allauth does so at sign-in alone, and not with a code that has set an app up.
    """

    VALID_FOR = (2 * settings.MFA_TOTP_TOLERANCE + 1) * TOTP_PERIOD
    user: User

    def clean_code(self) -> str:
        code = letters_and_digits(self.cleaned_data["code"])
        self.cleaned_data["code"] = code
        key = f"used-code:{self.user.pk}:{code}"
        # Looked up first, because a right code resets the count of wrong ones.
        if cache.get(key):
            raise get_adapter().validation_error("incorrect_code")
        given = str(super().clean_code())  # type: ignore[misc]
        if not cache.add(key, 1, timeout=self.VALID_FOR):
            raise get_adapter().validation_error("incorrect_code")
        return given


@contextmanager
def _broken_refused() -> Iterator[None]:
    """Refuse what no key or browser sends, where the library would fail instead."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, struct.error) as broken:
        raise get_adapter().validation_error("incorrect_code") from broken


class _CredentialForm(_OurWords):
    def clean_credential(self) -> Any:
        with _broken_refused():
            return super().clean_credential()  # type: ignore[misc]


class LoginForm(_OurWords, account_forms.LoginForm):
    pass


class AddEmailForm(_OurWords, account_forms.AddEmailForm):
    pass


class ChangePasswordForm(_NewPassword, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(_NewPassword, account_forms.SetPasswordForm):
    pass


class ResetPasswordForm(_OurWords, account_forms.ResetPasswordForm):
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Mail the link after the answer.

        No address gets a mail unless it has an account, so the time until the answer
        would tell who has one.
        """
        after_answer(partial(self._mail, request, **kwargs))
        return str(self.cleaned_data["email"])

    def _mail(self, request: HttpRequest, **kwargs: Any) -> None:
        with context.request_context(request):
            super().save(request, **kwargs)


class ResetPasswordKeyForm(_NewPassword, account_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(_OurWords, account_forms.ReauthenticateForm):
    pass


class SecondFactorForm(_OfAnAccount, _UsedOnce, mfa_forms.AuthenticateForm):
    pass


class SecondFactorAgainForm(_OfAnAccount, _UsedOnce, mfa_forms.ReauthenticateForm):
    pass


class ActivateAppForm(_OfAnAccount, _UsedOnce, totp_forms.ActivateTOTPForm):
    WORDS: ClassVar = {
        "code": ("Code that the app shows now", "Enter the code that the app shows.")
    }


class SecurityKeyForm(
    _OfAnAccount, _CredentialForm, webauthn_forms.AuthenticateWebAuthnForm
):
    pass


class SecurityKeyAgainForm(
    _OfAnAccount, _CredentialForm, webauthn_forms.ReauthenticateWebAuthnForm
):
    pass


class PasskeyForm(_CredentialForm, webauthn_forms.LoginWebAuthnForm):
    pass


class AddKeyForm(_OurWords, webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = "Sign in with this key alone"
        self.fields["passwordless"].help_text = (
            "This makes it a passkey: no password needed. Your key or device must ask "
            "for a fingerprint, your face, or a PIN."
        )

    def clean(self) -> dict[str, Any]:
        with _broken_refused():
            return super().clean() or {}


class EditKeyForm(_OurWords, webauthn_forms.EditWebAuthnForm):
    pass

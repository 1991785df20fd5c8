"""The forms of django-allauth, in the words of this site."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache

from assessments.typed import AddressField, NameField, letters_and_digits

MAX_KEY_NAME = 60


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
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = (
                    "Write the address like name@example.org."
                )
            if name == "password1":
                # allauth's text is a list of every rule.
                field.help_text = (
                    f"At least {settings.MIN_PASSWORD_LENGTH} characters. Not a common "
                    "one, not only numbers, and not like your name or email address."
                )


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


class _UsedOnce(forms.Form):
    """Refuses a code that was used before, as RFC 6238 section 5.2 asks.

    allauth forgets a used code after one step of 30 seconds. With the tolerance, a code
    is good for longer.
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


class ChangePasswordForm(_OurWords, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(_OurWords, account_forms.SetPasswordForm):
    pass


class ResetPasswordForm(_OurWords, account_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(_OurWords, account_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(_OurWords, account_forms.ReauthenticateForm):
    pass


class SecondFactorForm(_OurWords, _UsedOnce, mfa_forms.AuthenticateForm):
    pass


class SecondFactorAgainForm(_OurWords, _UsedOnce, mfa_forms.ReauthenticateForm):
    pass


class ActivateAppForm(_OurWords, _UsedOnce, totp_forms.ActivateTOTPForm):
    WORDS: ClassVar = {
        "code": ("Code that the app shows now", "Enter the code that the app shows.")
    }


class SecurityKeyForm(_CredentialForm, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class SecurityKeyAgainForm(_CredentialForm, webauthn_forms.ReauthenticateWebAuthnForm):
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

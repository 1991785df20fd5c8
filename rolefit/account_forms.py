"""The forms of django-allauth, in the words of this site."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from .lock_outs import with_waiting_time


class _OurWords(forms.Form):
    """Gives each field a label and says what to do where it is empty."""

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
        for name, field in self.fields.items():
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


class _OfAnAccount(_OurWords):
    """Says how long to wait where too many codes or keys of an account were wrong."""

    user: User

    def add_error(self, field: str | None, error: Any) -> None:
        if isinstance(error, ValidationError):
            error = with_waiting_time(error, f"mfa-auth-user-{self.user.pk}")
        super().add_error(field, error)


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


class SecondFactorForm(_OfAnAccount, mfa_forms.AuthenticateForm):
    pass


class SecondFactorAgainForm(_OfAnAccount, mfa_forms.ReauthenticateForm):
    pass


class ActivateAppForm(_OfAnAccount, totp_forms.ActivateTOTPForm):
    WORDS: ClassVar = {
        "code": ("Code that the app shows now", "Enter the code that the app shows.")
    }

    def clean_code(self) -> str:
        """Keep the code as used, as allauth does at sign-in and not here.

        RFC 6238 section 5.2: nobody signs in with a code that was seen before.
        """
        code = str(super().clean_code())
        TOTP(Authenticator(user=self.user))._mark_code_used(code)
        return code


class SecurityKeyForm(_OfAnAccount, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class SecurityKeyAgainForm(_OfAnAccount, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class PasskeyForm(_OurWords, webauthn_forms.LoginWebAuthnForm):
    pass


class AddKeyForm(_OurWords, webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = "Sign in with this key alone"
        self.fields["passwordless"].help_text = (
            "This makes it a passkey: no password needed. Your key or device must ask "
            "for a fingerprint, your face, or a PIN."
        )


class EditKeyForm(_OurWords, webauthn_forms.EditWebAuthnForm):
    pass

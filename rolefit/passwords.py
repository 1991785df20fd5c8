"""What a new password must be like, in our words.

Django's rules decide; each error here says what to do instead.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation as rules
from django.contrib.auth.forms import SetPasswordMixin

PASSWORD_HELP = (
    f"Use at least {settings.MIN_PASSWORD_LENGTH} characters. Don’t use a common "
    "password, only numbers, or anything like the account’s name or email address."
)
UNTYPABLE = "This has a hidden character. Type it yourself instead of pasting it."
PASSWORDS_DIFFER = "The two passwords are different. Enter the new password twice."


class NotLikeTheAccount(rules.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return (
            "This password is too much like the account’s name or email address. "
            "Choose a different one."
        )


class NotCommon(rules.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "Many people use this password. Choose one that’s harder to guess."


class NotOnlyNumbers(rules.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "This password has only numbers. Add letters or other characters."


class PasswordWords(SetPasswordMixin):
    """Gives the two password fields of Django's forms our words."""

    fields: dict[str, forms.Field]
    error_messages = {"password_mismatch": PASSWORDS_DIFFER}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        once, again = self.fields["password1"], self.fields["password2"]
        once.help_text, again.help_text = PASSWORD_HELP, ""
        again.label = "Password again"
        for field in (once, again):
            field.error_messages["null_characters_not_allowed"] = UNTYPABLE
        once.error_messages["required"] = "Choose a password."
        again.error_messages["required"] = "Enter the password again."

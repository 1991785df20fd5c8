"""Accounts in the admin, and their second factors.

A new account can sign in at once. An account that did something which others may want
to trace is closed and not deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.account import admin as account_admin
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest

from assessments.actions.coaches import EMAIL_TOO_LONG, MAX_EMAIL_LENGTH
from assessments.typed import AddressField, NameField

# Importing these has registered them. The classes below take their places.
admin.site.unregister([User, Authenticator, EmailAddress])


class NewAccountForm(BaseUserCreationForm):
    """The form of a new member of staff, who signs in with an email address."""

    email = AddressField(
        label="Email",
        max_length=MAX_EMAIL_LENGTH,
        help_text=(
            "They sign in with this address, and links to reset the password go there. "
            "Check the spelling, because the address counts as confirmed."
        ),
        error_messages={"max_length": EMAIL_TOO_LONG},
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Groups say what the account may do. Without one, it can do nothing until "
            "you give it rights."
        ),
    )

    class Meta:
        model = User
        fields = ("email", "first_name", "groups")
        labels: ClassVar[Any] = {"first_name": "Name"}
        field_classes: ClassVar[Any] = {"first_name": NameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True)
        if (
            confirmed.exists()
            or User.objects.filter(
                Q(username__iexact=email) | Q(email__iexact=email)
            ).exists()
        ):
            raise ValidationError(
                "An account already has this address. Use another one."
            )
        self.instance.username = email
        return email


class AccountForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        field_classes: ClassVar[Any] = UserChangeForm.Meta.field_classes | {
            "first_name": NameField,
            "last_name": NameField,
            "email": AddressField,
        }


@admin.register(User)
class AccountAdmin(UserAdmin):
    form = AccountForm
    # Deleting many accounts at once would skip the page that says why one cannot go.
    actions = None
    add_form = NewAccountForm
    add_form_template = "admin/auth/user/new_account.html"
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "first_name", "groups", "password1", "password2"),
            },
        ),
    )

    def save_model(
        self, request: HttpRequest, obj: User, form: Any, change: bool
    ) -> None:
        """Make a new account one of staff, with a confirmed address.

        Without a confirmed address, its first sign-in would wait for a mail.
        """
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.is_staff = True
        super().save_model(request, obj, form, change)
        EmailAddress.objects.create(
            user=obj, email=obj.email, verified=True, primary=True
        )

    def get_deleted_objects(self, objs: Iterable[User], request: HttpRequest) -> Any:
        """List rows that no admin may delete beside rows that the database protects.

        For the person who wants to delete the account, both mean the same.
        """
        deleted, counts, lacking, protected = super().get_deleted_objects(
            objs,  # type: ignore[arg-type]
            request,
        )
        return deleted, counts, set(), [*protected, *sorted(lacking)]


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = EmailAddress
        fields = ("user", "email", "verified", "primary")
        field_classes: ClassVar[Any] = {"email": AddressField}


@admin.register(EmailAddress)
class AddressAdmin(account_admin.EmailAddressAdmin):
    form = AddressForm


@admin.register(Authenticator)
class SecondFactorAdmin(mfa_admin.AuthenticatorAdmin):
    """Second factors can be taken away, and nothing else.

    The library's own form shows the secret, and fails with a passkey that lacks its
    data.
    """

    fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Authenticator | None = None
    ) -> bool:
        return False

"""Accounts in the admin: made ready to sign in, and once they have done something that others may want to trace, closed, not
deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest

LONGEST_ADDRESS = 150  # characters of a user name, which the address becomes


class NewAccountForm(BaseUserCreationForm):
    """A member of staff, who signs in with her e-mail address."""

    email = forms.EmailField(
        label="E-mail",
        max_length=LONGEST_ADDRESS,
        help_text="They sign in with it, and a forgotten password is renewed there. Write it with care: it counts as confirmed.",
        error_messages={
            "max_length": f"Use an address of no more than {LONGEST_ADDRESS} characters: it becomes the name of the account."
        },
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What the account may do. In no group, it may do nothing until you give it rights.",
    )

    class Meta:
        model = User
        fields = ("email", "first_name", "groups")
        labels: ClassVar[Any] = {"first_name": "Name"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True

    def clean_email(self) -> str:
        """In small letters, as the sign-in looks it up."""
        email = str(self.cleaned_data["email"]).lower()
        confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True)
        if (
            confirmed.exists()
            or User.objects.filter(
                Q(username__iexact=email) | Q(email__iexact=email)
            ).exists()
        ):
            raise ValidationError("Somebody has an account with this address already.")
        self.instance.username = email
        return email


class AccountAdmin(UserAdmin):
    actions = None  # deleting many at once would pass by the page that says why one cannot be deleted
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
        """A new account is one of staff whose address counts as confirmed: without that, its sign-in would wait for a mail."""
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.is_staff = True
        super().save_model(request, obj, form, change)
        EmailAddress.objects.create(
            user=obj, email=obj.email, verified=True, primary=True
        )

    def get_deleted_objects(self, objs: Iterable[User], request: HttpRequest) -> Any:
        """What an account has done is protected by its rows, or by an admin that deletes none of them: both say the same."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[arg-type]
        return deleted, counts, set(), [*protected, *sorted(lacking)]

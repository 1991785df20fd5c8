"""Accounts in the admin.

A new account can sign in at once. An account that did something which others may want
to trace is closed and not deleted. What changes who gets in, or what they may do, asks
for the password or second factor again, unless it was just given. Staff who aren't
superusers change only accounts that may do no more than they may, and no other coach's.
Whoever made an account may know its password, so an account that gains power is signed
out everywhere. Second factors, confirmed addresses and sessions of the library have no
pages of their own: they hold secrets and what people do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
)
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    BaseUserCreationForm,
    UserChangeForm,
)
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from assessments.actions.account_sessions import end_sessions, sessions_of
from assessments.actions.coaches import EMAIL_TOO_LONG, MAX_EMAIL_LENGTH
from assessments.models import Coach
from assessments.typed import AddressField, NameField
from content.models import AuditEntry
from content.seen import SeenForm
from content.seen_admin import SeenAdmin

from .audit import name_of, record
from .passwords import PasswordWords
from .refusals import RefusedBecause

# Their apps register them.
admin.site.unregister([User, Group, Authenticator, EmailAddress, UserSession])
# The rights of the library's own tables mean nothing: no page asks for them.
APPS = ("assessments", "auth", "content")
EMAIL_WORDS = {
    "required": "Enter an email address.",
    "invalid": "Write the address like name@example.org.",
    "max_length": EMAIL_TOO_LONG,
}
OUT_OF_REACH = (
    "This account can do things that yours can’t. Ask a superuser to change it."
)


class NewAccountForm(SeenForm, PasswordWords, BaseUserCreationForm):
    """The form of a new member of staff, who signs in with an email address."""

    email = AddressField(
        label="Email",
        max_length=MAX_EMAIL_LENGTH,
        help_text=(
            "They sign in with this address, and links to reset the password go there. "
            "Check the spelling, because the address counts as confirmed."
        ),
        error_messages=EMAIL_WORDS,
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
        error_messages: ClassVar[Any] = {
            "first_name": {"max_length": "Use at most %(limit_value)d characters."}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["first_name"]
        name.required, name.error_messages["required"] = True, "Enter a name."

    def clean_email(self) -> str:
        email = free_address(self.cleaned_data["email"], self.instance)
        self.instance.username = email
        return email


class AccountForm(SeenForm, UserChangeForm):
    """The form of an account that is there already."""

    email = AddressField(
        max_length=MAX_EMAIL_LENGTH,
        help_text=NewAccountForm.base_fields["email"].help_text,
        error_messages=EMAIL_WORDS,
    )
    # The page has a link to a form of its own, and shows nothing of the password.
    password = None  # type: ignore[assignment]

    class Meta(UserChangeForm.Meta):
        fields: ClassVar[Any] = ("email", "first_name", "is_active", "is_staff")
        labels: ClassVar[Any] = NewAccountForm.Meta.labels
        field_classes: ClassVar[Any] = NewAccountForm.Meta.field_classes
        error_messages: ClassVar[Any] = NewAccountForm.Meta.error_messages
        help_texts: ClassVar[Any] = {
            "is_active": "Clear this to close the account. It can’t sign in then.",
            "is_staff": "May sign in to this admin.",
            "is_superuser": "May do everything, whatever its groups say.",
            "groups": "The account may do what each of its groups may do.",
        }

    def clean_email(self) -> str:
        email = free_address(self.cleaned_data["email"], self.instance)
        if self.instance.username == self.instance.email:
            self.instance.username = email
        return email


class NewPasswordForm(PasswordWords, AdminPasswordChangeForm):
    """A new password for an account. To keep somebody out, staff close the account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django would also offer to remove the password.
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True


def free_address(email: str, account: User) -> str:
    """The address. Raises ValidationError where another account has it."""
    others = User.objects.exclude(pk=account.pk)
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True)
    if (
        confirmed.exclude(user=account.pk).exists()
        or others.filter(Q(username__iexact=email) | Q(email__iexact=email)).exists()
    ):
        raise ValidationError("An account already has this address. Use another one.")
    return email


class AsksAgain(admin.ModelAdmin):  # type: ignore[type-arg]
    """Asks for the password or second factor before power is given or taken."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # The page of a new account takes passwords: ask before somebody types them.
        if object_id is None:
            self.ask_again(request, may=self.has_add_permission(request))
        elif request.method == "POST":
            row = self.get_object(request, unquote(object_id))
            self.ask_again(request, may=self.has_change_permission(request, row))
        if request.method == "POST":
            # allauth repeats a request at its own address, where the form could not be
            # sent again after an error.
            form_url = request.path
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST":
            row = self.get_object(request, unquote(object_id))
            self.ask_again(request, may=self.has_delete_permission(request, row))
        return super().delete_view(request, object_id, extra_context)

    def ask_again(self, request: HttpRequest, *, may: bool = True) -> None:
        """Raise ReauthenticationRequired, unless the answer would be a refusal anyway.

        `may`: whether they have the right to what they ask for.

        allauth keeps what was posted in the session, and repeats the request after the
        right answer. It must not keep passwords.
        """
        if may and is_reauthentication_required(request, app=""):
            kept = request.POST.copy()
            for name in [name for name in kept if "password" in name]:
                del kept[name]
            request.POST = kept  # type: ignore[assignment]
            raise ReauthenticationRequired


@admin.register(User)
class AccountAdmin(AsksAgain, SeenAdmin, UserAdmin):
    # Deleting many accounts at once would skip the page that says why one cannot go.
    actions = None
    form = AccountForm
    list_display = ("email", "first_name", "is_active", "is_staff", "is_superuser")
    list_display_links = ("email", "first_name")
    filter_horizontal = ()
    empty_value_display = "None"
    fieldsets = (
        (None, {"fields": ("email", "first_name")}),
        (
            "What the account may do",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_form = NewAccountForm
    change_password_form = NewPasswordForm
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
        """Make a new account one of staff, and confirm its address.

        Without a confirmed address, a sign-in would wait for a mail. An account that
        gains power is signed out: somebody else may have its password. So is one that
        is closed: its sessions must not come back when it is opened.
        """
        obj.is_staff = obj.is_staff or not change
        gains = change and obj.pk != request.user.pk and gains_power(obj, form)
        super().save_model(request, obj, form, change)
        if gains:
            end_sessions(obj)
            self.message_user(request, password_warning(obj), messages.WARNING)
        if not obj.is_active:
            if obj.pk == request.user.pk:
                request.session.flush()  # this page may still write to it
            end_sessions(obj)
        if not change or "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()
            EmailAddress.objects.create(
                user=obj, email=obj.email, verified=True, primary=True
            )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and object_id is not None:
            self.refuse_out_of_reach(request, self.account(request, object_id))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        self.refuse_out_of_reach(request, self.account(request, object_id))
        return super().delete_view(request, object_id, extra_context)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        account = self._changeable(request, id)
        if account.pk == request.user.pk:
            return HttpResponseRedirect(reverse("account_change_password"))
        self.ask_again(request)
        response: HttpResponse = super().user_change_password(request, id, request.path)
        if isinstance(response, TemplateResponse):
            context = response.context_data or {}
            context["title"] = f"New password for {context['original']}"
        else:
            # The last message is Django's. Others wait for the next page.
            for waiting in list(messages.get_messages(request))[:-1]:
                messages.add_message(
                    request, waiting.level, waiting.message, waiting.extra_tags
                )
            self.message_user(request, "The new password is saved.", messages.SUCCESS)
        return response

    def account(self, request: HttpRequest, object_id: str) -> User | None:
        found: User | None = self.get_object(request, unquote(object_id))
        return found

    def out_of_reach(self, request: HttpRequest, account: User) -> bool:
        """Whether it is only for this account that a right of theirs doesn't hold."""
        may_some = self.has_change_permission(request) or self.has_delete_permission(
            request
        )
        return may_some and not may_touch(request, account)

    def refuse_out_of_reach(self, request: HttpRequest, account: User | None) -> None:
        """Say why, before Django refuses without a reason."""
        if account and self.out_of_reach(request, account):
            raise RefusedBecause(OUT_OF_REACH)

    def formfield_for_manytomany(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["queryset"] = Group.objects.order_by("name")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or may_touch(request, obj)
        )

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        return super().has_delete_permission(request, obj) and (
            obj is None or may_touch(request, obj)
        )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only superusers choose groups for a new account."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None or request.user.is_superuser:  # type: ignore[union-attr]
            return fieldsets
        return [
            (
                title,
                options
                | {"fields": [name for name in options["fields"] if name != "groups"]},
            )
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only superusers give power."""
        if request.user.is_superuser:  # type: ignore[union-attr]
            return self.readonly_fields
        return (*self.readonly_fields, "is_superuser", "groups")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/second-factor/remove/",
                view(require_POST(self.remove_second_factor)),
                name="auth_user_remove_second_factor",
            ),
            path(
                "<int:pk>/sessions/end/",
                view(require_POST(self.end_all_sessions)),
                name="auth_user_end_sessions",
            ),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        account: User | None = context.get("original")
        if account is not None:
            # As for coaches: empty where they may change it, absent without the right.
            if self.out_of_reach(request, account):
                context["why_not"] = OUT_OF_REACH
            elif self.has_change_permission(request):
                context["why_not"] = ""
                context["sessions"] = len(sessions_of(account))
                context["factors"] = Authenticator.objects.filter(user=account).count()
        return super().render_change_form(request, context, *args, **kwargs)

    @transaction.atomic
    def remove_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove all factors, recovery codes too, and what was signed in with them."""
        account = self._changeable(request, str(pk))
        self.ask_again(request)
        for factor in Authenticator.objects.filter(user=account):
            factor.delete()
        end_sessions(account)
        return self._done(
            request,
            account,
            f"{account} has no second factor now, and is signed out everywhere. "
            "The next sign-in sets up a new one.",
        )

    @transaction.atomic
    def end_all_sessions(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._changeable(request, str(pk))
        self.ask_again(request)
        end_sessions(account)
        record(
            AuditEntry.Act.CLOSE,
            f"all sessions of {name_of(account)}",
            by=request.user,  # type: ignore[arg-type]
        )
        return self._done(request, account, f"{account} is signed out everywhere.")

    def _changeable(self, request: HttpRequest, object_id: str) -> User:
        account = self.account(request, object_id)
        self.refuse_out_of_reach(request, account)
        if not self.has_change_permission(request):
            raise PermissionDenied
        if account is None:
            raise Http404
        return account

    def _done(self, request: HttpRequest, account: User, message: str) -> HttpResponse:
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(
            reverse("admin:auth_user_change", args=[account.pk])
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


def may_touch(request: HttpRequest, account: User) -> bool:
    """Whether the person signed in may do whatever this account may do.

    Otherwise they could take it over and do what they may not. The rights of a closed
    account count, too, because they come back when it is opened. What clients share
    with a coach comes with no right, so nobody else has it. Coach managers have a link
    to a new password. It opens nothing that clients share without the second factor.
    """
    user = request.user
    if user.is_superuser or account.is_superuser:
        return bool(user.is_superuser)
    # Only an approved coach has an account.
    if account.pk != user.pk and Coach.objects.filter(user=account).exists():
        return False
    rights = Permission.objects.filter(Q(user=account) | Q(group__user=account))
    named = rights.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in named} <= (
        user.get_all_permissions()
    )


def gains_power(account: User, form: Any) -> bool:
    """Whether saving the form gives the account power that it doesn't have yet."""
    stored = User.objects.get(pk=account.pk)
    groups = set(form.cleaned_data.get("groups", ()))
    return not groups <= set(stored.groups.all()) or any(
        getattr(account, power) and not getattr(stored, power)
        for power in ("is_staff", "is_superuser")
    )


def password_warning(account: User) -> str:
    """What to do about a password and factors that others may have."""
    message = (
        f"We signed {account} out everywhere, because the account can do more now."
    )
    if account.has_usable_password():
        message = format_html(
            "{} Whoever made it may know its password. "
            '<a href="{}">Set a new password</a>.',
            message,
            reverse("admin:auth_user_password_change", args=[account.pk]),
        )
    if Authenticator.objects.filter(user=account).exists():
        message = format_html(
            "{} Someone else may have set up its second factor. If you aren’t sure, "
            "remove it.",
            message,
        )
    return message


@admin.register(Group)
class StaffGroupAdmin(AsksAgain, SeenAdmin, GroupAdmin):
    """Only superusers give power or take it away.

    Others may not rename a group either: `sync_groups` gives rights by name.
    """

    # Deleting many groups at once would not ask again.
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser  # type: ignore[union-attr]

    def has_change_permission(
        self, request: HttpRequest, obj: Group | None = None
    ) -> bool:
        return request.user.is_superuser  # type: ignore[union-attr]

    def has_delete_permission(
        self, request: HttpRequest, obj: Group | None = None
    ) -> bool:
        return request.user.is_superuser  # type: ignore[union-attr]

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        """The rights that some page asks for, and those that a group has already."""
        if db_field.name == "permissions":
            rights = Permission.objects.select_related("content_type")
            kwargs["queryset"] = rights.filter(
                Q(content_type__app_label__in=APPS) | Q(group__isnull=False)
            ).distinct()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field:
            field.help_text = (
                ""  # about the key Control, which the two lists don't need
            )
        return field

    def get_deleted_objects(self, objs: Iterable[Group], request: HttpRequest) -> Any:
        """Count the accounts that lose the rights; not each right as a row."""
        groups = list(objs)
        _, _, lacking, protected = super().get_deleted_objects(groups, request)  # type: ignore[arg-type]
        listed = [(group, group.user_set.count()) for group in groups]
        words = [
            f"{group}: {n} account{'' if n == 1 else 's'} will lose its rights"
            for group, n in listed
        ]
        return words, {"groups": len(groups)}, lacking, protected

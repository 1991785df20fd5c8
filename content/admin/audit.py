"""The audit trail, which everybody can only read, superusers included."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from content.models import AuditEntry

# What the software itself wrote, not a title or a name that reads like it.
ACCOUNT = re.compile(
    r"(|all sessions of |a second factor of )account ([0-9]{1,18})(|(?:: | \().*)",
    re.DOTALL,
)


class WhenFilter(admin.DateFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "when"


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "who", "act", "what")
    # The row of an entry says everything.
    list_display_links = None
    list_filter = ("act", ("at", WhenFilter))
    list_select_related = ("by",)
    search_fields = (
        "subject",
        "by__username",
        "by__email",
        "by__first_name",
        "by__last_name",
    )
    fields = readonly_fields = ("at", "who", "act", "what")
    show_full_result_count = False

    @admin.display(description="who", ordering="by__username")
    def who(self, entry: AuditEntry) -> str:
        return (
            entry.by.get_username() if entry.by else "The software or the command line"
        )

    @admin.display(description="subject", ordering="subject")
    def what(self, entry: AuditEntry) -> str:
        """The subject. An account in it is a number, and leads to its page."""
        match = ACCOUNT.fullmatch(entry.subject)
        if match is None:
            return entry.subject
        before, found, after = match.groups()
        return format_html(
            '{}<a href="{}">account {}</a>{}',
            before,
            reverse("admin:auth_user_change", args=[found]),
            found,
            after,
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: AuditEntry | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: AuditEntry | None = None
    ) -> bool:
        return False

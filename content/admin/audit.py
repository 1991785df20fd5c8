"""The audit trail, which everybody can only read, superusers included."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from content.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "who", "act", "subject")
    # The row of an entry says everything.
    list_display_links = None
    list_filter = ("act", "at")
    list_select_related = ("by",)
    search_fields = (
        "subject",
        "by__username",
        "by__email",
        "by__first_name",
        "by__last_name",
    )
    fields = readonly_fields = ("at", "who", "act", "subject")
    show_full_result_count = False

    @admin.display(description="who", ordering="by__username")
    def who(self, entry: AuditEntry) -> str:
        return (
            entry.by.get_username() if entry.by else "The software or the command line"
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

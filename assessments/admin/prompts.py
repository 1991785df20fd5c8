"""What the conversation guide suggests to ask: one text for each kind of finding, which staff may put in other words."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from assessments.models import ConversationPrompt


@admin.register(ConversationPrompt)
class ConversationPromptAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("kind", "text")
    fields = ("kind", "text")
    readonly_fields = ("kind",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # one for each kind, made when the site is prepared

    def has_delete_permission(
        self, request: HttpRequest, obj: ConversationPrompt | None = None
    ) -> bool:
        return False

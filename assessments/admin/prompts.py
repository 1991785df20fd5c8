"""The prompts of the conversation guide: staff edit one text per kind of finding."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from assessments.models import ConversationPrompt
from content.words_admin import WordsAdmin


@admin.register(ConversationPrompt)
class ConversationPromptAdmin(WordsAdmin):
    list_display = ("kind", "text")
    fields = ("kind", "text")
    readonly_fields = ("kind",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # `manage.py prepare` makes one for each kind

    def has_delete_permission(
        self, request: HttpRequest, obj: ConversationPrompt | None = None
    ) -> bool:
        return False

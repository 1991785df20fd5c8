"""The first words of the conversation guide. Afterwards staff change them in the admin."""

from __future__ import annotations

from django.db import transaction

from assessments.defaults.prompts import PROMPTS
from assessments.models import ConversationPrompt


@transaction.atomic
def load_prompts() -> int:
    """Make the prompts that a new site starts with, where there are none yet. Returns how many were made."""
    if ConversationPrompt.objects.exists():
        return 0
    return len(
        ConversationPrompt.objects.bulk_create(
            ConversationPrompt(kind=kind, text=text) for kind, text in PROMPTS.items()
        )
    )

"""The conversation guide's first prompts. Later, staff change them in the admin."""

from __future__ import annotations

from django.db import transaction

from assessments.defaults.prompts import PROMPTS
from assessments.models import ConversationPrompt


@transaction.atomic
def load_prompts() -> int:
    """Make the prompts of a new site, if there are none. Returns how many were made."""
    if ConversationPrompt.objects.exists():
        return 0
    return len(
        ConversationPrompt.objects.bulk_create(
            ConversationPrompt(kind=kind, text=text) for kind, text in PROMPTS.items()
        )
    )

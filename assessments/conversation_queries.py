"""What stands around a conversation: what staff suggest to ask, and which results a coach may put beside each other."""

from __future__ import annotations

from assessments.coaching_queries import visible
from assessments.models import Coach, ConversationPrompt, Participation

MOST_LISTED = (
    300  # results in a picker; the page of any client leads to a comparison as well
)


def prompts() -> dict[str, str]:
    """What staff have written, by kind."""
    return dict(ConversationPrompt.objects.order_by().values_list("kind", "text"))


def comparable(coach: Coach) -> list[Participation]:
    """The newest grants whose result the coach sees, with the group of each."""
    return list(
        Participation.objects.filter(visible(), invitation__coach=coach)
        .select_related("invitation", "attempt__result")
        .only(
            "name",
            "invitation__label",
            "attempt__result__finished_at",
            "attempt__result__number",
            "attempt__owner_id",
        )
        .order_by("-consented_at", "-pk")[:MOST_LISTED]
    )

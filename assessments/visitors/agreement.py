"""The sentences that a client agrees to. They are the legal basis of a grant."""

from __future__ import annotations

from datetime import datetime

from assessments.models import Invitation
from assessments.results.scopes import COACH_MAY
from assessments.typed import isolated
from assessments.zones import hour_words


def agreement(invitation: Invitation, held_until: datetime | None) -> str:
    """Everything that is agreed to, in the first person.

    The page lists above it what the scope shows. `held_until` is None where nothing
    will be held.
    """
    coach = isolated(invitation.coach.name)
    sentences = [
        f"I agree that {coach} may see what is listed above of the result that I share "
        "here, with the name I gave and whether I’ve finished.",
        f"{coach} may {COACH_MAY}.",
        f"{coach} may make links to it and pass them on."
        if invitation.onward
        else f"{coach} may not make links to it.",
    ]
    if held_until:
        sentences.append(
            "What I answer from now on opens for me on "
            f"{hour_words(held_until, invitation.coach.zone)}, or earlier if I choose."
        )
    sentences.append(
        f"I can stop sharing at any time. {coach} keeps what’s already printed or "
        "saved."
    )
    return " ".join(sentences)

"""What a coach has added to a grant, in words: it goes when the grant ends."""

from __future__ import annotations

from assessments.models import Departure
from assessments.queries.departures import Withdrawn


def added_words(added: Withdrawn) -> str:
    """Private notes, 2 next steps, and 1 link; "" for nothing."""
    parts = ["private notes"] if added.notes else []
    parts += [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((added.steps, "next step"), (added.links, "link"))
        if count
    ]
    if len(parts) > 2:
        return f"{', '.join(parts[:-1])}, and {parts[-1]}"
    return " and ".join(parts)


def left_with(departure: Departure) -> str:
    """The same of a grant that has ended."""
    return added_words(Withdrawn(departure.had_notes, departure.steps, departure.links))

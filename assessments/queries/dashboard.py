"""What the admin's front page counts beside the published sums."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from assessments.engine.blocks import steps
from assessments.engine.sums import week_of
from assessments.models import ClickDay
from assessments.queries.sums import open_from
from content import published


def clicks(*, since: date) -> list[tuple[str, int]]:
    """How often visitors followed the call in closed weeks, by place, most often first.

    The number of a place changes in steps of at least ten. A step that began before
    `since` is left out.
    """
    end = open_from()
    if end is None:
        return []
    weeks: defaultdict[date, Counter[str]] = defaultdict(Counter)
    rows = ClickDay.objects.filter(day__lt=end)
    for day, place, n in rows.values_list("day", "place", "n"):
        weeks[week_of(day)][place] += n
    shown = steps(weeks, since=week_of(since))
    return sorted(shown.items(), key=lambda row: (-row[1], row[0]))


def has_call(place: str) -> bool:
    """Whether this place shows the call to action.

    A place is "result", "/" for the home page, or the path of a published page.
    """
    if place in ("result", "/"):
        return True
    slug = place.strip("/")
    return place == f"/{slug}/" and published.current().chapter(slug) is not None

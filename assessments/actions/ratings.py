"""People say how good each statement of a draft would look (docs/instrument.md section 1.4, P10)."""

from __future__ import annotations

from random import SystemRandom
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from assessments import keys
from assessments.models import PanelRating, Question, Questionnaire, RatingPanel
from content.models import AuditEntry

LOWEST, HIGHEST = 1, 7  # looks bad, looks good


class NothingToRate(Exception):
    """The draft has no statement yet."""


class Closed(Exception):
    """The panel takes no more ratings."""


@transaction.atomic
def make_panel(draft: Questionnaire, *, by: User) -> RatingPanel:
    """A link under which the draft's statements are rated, each once, in an order that tells nothing of sides and roles.
    Raises NothingToRate."""
    rows = Question.objects.filter(section__questionnaire=draft).values_list(
        "statement", "other_statement"
    )
    statements = list(dict.fromkeys(words for row in rows for words in row if words))
    if not statements:
        raise NothingToRate
    SystemRandom().shuffle(statements)
    panel = RatingPanel.objects.create(
        questionnaire=draft,
        token=keys.new_token(),
        statements=statements,
        created_at=timezone.now(),
        created_by=by,
    )
    AuditEntry.objects.create(by=by, act=AuditEntry.Act.MAKE, subject=_named(panel))
    return panel


@transaction.atomic
def close_panel(panel: RatingPanel, *, by: User) -> None:
    """End a link at once; what it has brought in stays. Closing twice keeps the first moment, and is written down once."""
    if RatingPanel.objects.filter(pk=panel.pk, closed_at=None).update(
        closed_at=timezone.now()
    ):
        AuditEntry.objects.create(
            by=by, act=AuditEntry.Act.CLOSE, subject=_named(panel)
        )


def _named(panel: RatingPanel) -> str:
    """A link by its number: its token opens it."""
    return f"rating link {panel.pk} of the questionnaire draft “{panel.questionnaire}”"


@transaction.atomic
def rate(panel: RatingPanel, *, sheet: UUID, numbers: list[int | None]) -> PanelRating:
    """Store one filled-in page: 1 (looks bad) to 7 (looks good) or None, in the order of the panel's statements.

    A sheet that is here already stays as it came first. Raises Closed; ValueError for numbers that do not fit the panel.
    """
    if len(numbers) != len(panel.statements) or not all(
        number is None or LOWEST <= number <= HIGHEST for number in numbers
    ):
        raise ValueError(numbers)
    # The lock lets a panel close either before a rating or after it.
    if (
        not RatingPanel.objects.select_for_update()
        .filter(pk=panel.pk, closed_at=None)
        .exists()
    ):
        raise Closed
    rating, _ = PanelRating.objects.get_or_create(
        sheet=sheet, defaults={"panel": panel, "numbers": numbers, "at": timezone.now()}
    )
    return rating

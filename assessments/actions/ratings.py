"""Panels rate how good each statement of a draft would make somebody look.

docs/instrument.md section 1.4, rule P10.
"""

from __future__ import annotations

from random import SystemRandom
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from assessments import keys
from assessments.models import PanelRating, Question, Questionnaire, RatingPanel
from content.models import AuditEntry

# From "looks bad" to "looks good".
MIN_RATING, MAX_RATING = 1, 7


class NothingToRate(Exception):
    """The draft has no statement yet."""


class PanelClosed(Exception):
    """The panel takes no more ratings."""


@transaction.atomic
def make_panel(draft: Questionnaire, *, by: User) -> RatingPanel:
    """A link under which people rate the draft's statements, each statement once.

    The order is random, so that it reveals neither sides nor roles. Raises
    NothingToRate.
    """
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
    AuditEntry.objects.create(by=by, act=AuditEntry.Act.MAKE, subject=_subject(panel))
    return panel


@transaction.atomic
def close_panel(panel: RatingPanel, *, by: User) -> None:
    """End a link at once; its ratings stay.

    Closing twice keeps the first moment and makes one audit entry.
    """
    if RatingPanel.objects.filter(pk=panel.pk, closed_at=None).update(
        closed_at=timezone.now()
    ):
        AuditEntry.objects.create(
            by=by, act=AuditEntry.Act.CLOSE, subject=_subject(panel)
        )


def _subject(panel: RatingPanel) -> str:
    """The panel's number, in words for the audit trail. Its token would open it."""
    return f"rating link {panel.pk} of the questionnaire draft “{panel.questionnaire}”"


@transaction.atomic
def rate(panel: RatingPanel, *, sheet: UUID, numbers: list[int | None]) -> bool:
    """Store one filled-in page; False if its sheet is stored already, and then stays.

    `numbers`: MIN_RATING to MAX_RATING, or None where skipped, in the order of the
    panel's statements. Raises PanelClosed, and ValueError for numbers that do not fit
    the panel.
    """
    if len(numbers) != len(panel.statements) or not all(
        number is None or MIN_RATING <= number <= MAX_RATING for number in numbers
    ):
        raise ValueError(numbers)
    # The lock makes closing wait: a rating is stored before it or refused after it.
    if (
        not RatingPanel.objects.select_for_update()
        .filter(pk=panel.pk, closed_at=None)
        .exists()
    ):
        raise PanelClosed
    _, is_new = PanelRating.objects.get_or_create(
        sheet=sheet, defaults={"panel": panel, "numbers": numbers, "at": timezone.now()}
    )
    return is_new

"""A visitor's own rows: Owner, Attempt, Result.

They have no name, no address and no free text (docs/instrument.md section 7).
"""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Expression, Q
from django.utils import timezone

from assessments.engine.outcomes import STORED, Outcome
from assessments.engine.reply import Reply

from .questionnaires import Version

# Sorted as in the migration, so that `makemigrations` sees no change.
STORED_OUTCOMES = tuple(sorted(outcome.value for outcome in STORED))


class Form(models.TextChoices):
    FULL = "full", "Full form"
    SHORT = "short", "Short form"


class Wish(models.TextChoices):
    """The role that a visitor hoped for before the first question.

    `first` and `second` are the version's roles in their order. No score uses it. Empty
    where the visitor did not say.
    """

    FIRST = "first", "First role"
    SECOND = "second", "Second role"
    EITHER = "either", "Either one"
    UNKNOWN = "unknown", "Don’t know"


class Owner(models.Model):
    """A visitor, known only by the owner key.

    The site stores the key's SHA-256 and not the key. So a copy of the database opens
    nobody's result.
    """

    key_sha256 = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"Owner {self.pk}"


class Attempt(models.Model):
    """One pass through the questions.

    `answers` maps the id of a question to a button, or to null for "Not sure". A
    question whose id is missing is not answered yet.
    """

    owner = models.ForeignKey(Owner, models.CASCADE, related_name="attempts")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    form = models.CharField(max_length=5, choices=Form)
    answers = models.JSONField(default=dict)
    seconds = models.PositiveIntegerField(
        null=True, help_text="Active seconds so far; null where unknown."
    )
    timed_until = models.DateTimeField(
        null=True, help_text="Time before this moment has been counted."
    )
    saves = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="Saves since saves_since, for the hourly limit.",
    )
    saves_since = models.DateTimeField(null=True)
    made_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The finished attempt whose answers this one began with.",
    )
    # Only the sums of docs/instrument.md section 6 use the two fields below. A Result
    # has neither.
    timings = models.JSONField(
        default=dict,
        help_text=(
            "Seconds per question, as the page's script saw them; "
            "emptied after 30 days."
        ),
    )
    by_staff = models.BooleanField(
        default=False,
        help_text="Begun while signed in as staff: a try-out, left out of every sum.",
    )
    wish = models.CharField(max_length=7, choices=Wish, default="", db_default="")
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(finished_at=None),
                name="one_open_attempt_per_owner",
            ),
            models.CheckConstraint(
                condition=Q(form__in=Form.values), name="attempt_form_known"
            ),
            models.CheckConstraint(
                condition=Q(wish__in=["", *Wish.values]), name="attempt_wish_known"
            ),
        ]
        indexes = [
            # For the daily job, which would otherwise read all finished attempts.
            models.Index(
                fields=["changed_at"],
                condition=Q(finished_at=None),
                name="open_attempts_by_change",
            ),
            # Likewise, where all but the last month's have no timings any more.
            models.Index(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=False) & ~Q(timings={}),
                name="timed_attempts_by_finish",
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.pk}"

    @property
    def is_resumable(self) -> bool:
        """Whether the owner may go on with it, as resumable."""
        return self.finished_at is None and self.changed_at > kept_since()


def kept_since(now: datetime | None = None) -> datetime:
    """The last change from which on an unfinished attempt is past its time.

    It is kept for UNFINISHED_KEPT after its last change. One past its time is abandoned
    and counts as gone at once, also where no job has deleted it yet.
    """
    return (now or timezone.now()) - settings.UNFINISHED_KEPT


def resumable(path: str = "", *, since: datetime | Expression | None = None) -> Q:
    """Match the attempts that their owners may go on with: unfinished and still kept.

    `path` leads from the filtered model to the Attempt. `since` is `kept_since` unless
    it is given later.
    """
    prefix = f"{path}__" if path else ""
    unfinished = {
        f"{prefix}finished_at": None,
        f"{prefix}changed_at__gt": since or kept_since(),
    }
    return Q(**unfinished)


def abandoned(now: datetime | None = None) -> Q:
    """Match the unfinished attempts that are past their time."""
    return Q(finished_at=None, changed_at__lte=kept_since(now))


def visible_results(path: str = "", *, now: datetime | Expression | None = None) -> Q:
    """Match the Results that people other than the owner may see now.

    This is the one rule for share links, coaches and exports: the Result is still kept,
    and its answers were attentive. `path` leads from the filtered model to the Result,
    such as "attempt__result".
    """
    prefix = f"{path}__" if path else ""
    kept = Q(**{f"{prefix}expires_at__gt": now or timezone.now()})
    return kept & ~Q(**{f"{prefix}outcome": Outcome.CARELESS})


def kept_attempts(path: str = "") -> Q:
    """Match the attempts that are resumable, or whose result is still kept.

    `path` leads from the filtered model to the Attempt.
    """
    prefix = f"{path}__" if path else ""
    with_result = Q(**{f"{prefix}result__expires_at__gt": timezone.now()})
    return with_result | resumable(path)


class Result(models.Model):
    """The frozen outcome of a finished attempt.

    Only `expires_at` may change, and only to a later moment.
    """

    owner = models.ForeignKey(Owner, models.CASCADE, related_name="results")
    number = models.PositiveIntegerField(
        help_text="The owner's first, second, … result."
    )
    attempt = models.OneToOneField(Attempt, models.CASCADE, related_name="result")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    form = models.CharField(max_length=5, choices=Form)
    outcome = models.CharField(max_length=16)
    lean = models.FloatField(
        null=True,
        help_text=(
            "The reply's exact lean as a float, for sorting alone; "
            "null where there is none."
        ),
    )
    answers = models.TextField(help_text="Raw buttons as canonical JSON.")
    seconds = models.PositiveIntegerField(null=True)
    reply = models.TextField(
        help_text=(
            "The engine's whole reply as canonical JSON: "
            "what every page of this result shows."
        )
    )
    wish = models.CharField(max_length=7, choices=Wish, default="", db_default="")
    finished_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "number"], name="owner_counts_results"
            ),
            # One constraint for both: SQLite copies the table for each that is added.
            models.CheckConstraint(
                condition=Q(form__in=Form.values, outcome__in=STORED_OUTCOMES),
                name="result_form_and_outcome_known",
            ),
        ]
        ordering = ["owner", "number"]

    def __str__(self) -> str:
        return f"Result {self.pk}"

    @property
    def parsed_reply(self) -> Reply:
        """The stored reply with its types (docs/engine.md)."""
        return Reply.from_json(self.reply)

    @property
    def answer_map(self) -> dict[str, int | None]:
        """Question id to button, None for "Not sure"."""
        answers: dict[str, int | None] = json.loads(self.answers)
        return answers

    @property
    def is_attentive(self) -> bool:
        """Whether the visitor answered attentively, so that scores mean something."""
        return self.outcome != Outcome.CARELESS

    @property
    def is_visible(self) -> bool:
        """Whether people other than the owner may see it now, as visible_results."""
        return self.is_attentive and self.expires_at > timezone.now()


class Choice(models.TextChoices):
    """The kind of work that a visitor chose, months after a result."""

    FIRST = "first", "First role"
    SECOND = "second", "Second role"
    BOTH = "both", "Something of both"
    NEITHER = "neither", "Neither"
    NOT_YET = "not_yet", "Not yet"


# The kinds of work that a person can say how much they like.
WITH_LIKING = (Choice.FIRST.value, Choice.SECOND.value, Choice.BOTH.value)


class FollowUp(models.Model):
    """A visitor's consent to be asked how it turned out, and what they answered.

    There is one for each owner, on the result where they agreed. Taking the consent
    back deletes the row. No address is kept: the questions stand on the result page.
    """

    owner = models.OneToOneField(
        Owner, models.CASCADE, related_name="follow_up", related_query_name="follow_up"
    )
    result = models.ForeignKey(Result, models.CASCADE, related_name="follow_ups")
    consented_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    chosen = models.CharField(
        max_length=7, choices=Choice, default="", help_text="Empty where skipped."
    )
    liking = models.PositiveSmallIntegerField(
        null=True, help_text="0 (not at all) to 4 (very much); null where skipped."
    )
    counted = models.BooleanField(
        default=False, help_text="Whether the sums have the answers."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, chosen="", liking=None, counted=False)
                | Q(answered_at__isnull=False, chosen="", liking=None)
                | Q(answered_at__isnull=False, chosen__in=Choice.values, liking=None)
                | Q(
                    answered_at__isnull=False,
                    chosen__in=WITH_LIKING,
                    liking__range=(0, 4),
                ),
                name="follow_up_answers_fit",
            )
        ]

    def __str__(self) -> str:
        return f"Follow-up {self.pk}"

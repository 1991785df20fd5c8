"""The editable draft (Questionnaire, Section, Question) and the frozen Version."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from assessments.engine import numbers
from content.models import AbstractReviewRequest, Strength
from content.moments import moment_words


def exact_number(text: str) -> None:
    """Refuse what is no whole number, decimal or fraction such as 5/4.

    Scores are exact, and so constants must be.
    """
    try:
        number = numbers.read_exact(text)
    except ValueError as error:
        raise ValidationError("Write a number such as 15, 37.5, or 5/4.") from error
    if not 0 < number <= 1000 or number.denominator > 10_000:
        raise ValidationError(
            "The number must be above 0 and no more than 1,000, "
            "with at most four decimals."
        )


class ExactField(models.CharField):
    """A positive exact number kept as the text that staff wrote."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"max_length": 20, "validators": [exact_number]}
        super().__init__(*args, **defaults | kwargs)


class Questionnaire(models.Model):
    """A draft that staff edit. Visitors see the Version that publishing makes of it.

    assessments.admin.constants explains to staff what the constants of scoring mean.
    """

    label = models.CharField(
        "name of this draft",
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text="Only staff see it. For example, “Shorter trade-offs”.",
    )
    note = models.CharField(
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=(
            "Only staff see it. Say what this draft is for or what is left to do."
        ),
    )
    begun_from = models.ForeignKey(
        "Version",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    published_as = models.ForeignKey(
        "Version",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        help_text="The newest version that was published from this draft.",
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    name = models.CharField(
        max_length=120,
        help_text=(
            "Shown to staff and on the method page. For example, “Role fit, fall "
            "edition”."
        ),
    )
    language = models.CharField(
        max_length=12,
        default="en",
        validators=[
            RegexValidator(
                r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", "Use a language tag such as en."
            )
        ],
    )
    intro = models.TextField(
        help_text="Shown above the first section. Say how to answer."
    )
    v_trade_off = ExactField("V_T", default="5/4")
    v_enjoyment = ExactField("V_E", default="1")
    trade_off_weight = ExactField(default="3/4")
    enjoyment_weight = ExactField(default="1/4")
    leans_z_squared = ExactField("z² for “leans”", default="7/10")
    clear_z_squared = ExactField("z² for “clear”", default="27/10")
    sure_z_squared = ExactField("z² for “99 in 100”", default="27/5")
    stop_z_squared = ExactField("z² for the offer to stop", default="53/10")
    band_z_squared = ExactField("z² of the band", default="27/10")
    leans_floor = ExactField("least lean for “leans”", default="8")
    clear_floor = ExactField("least lean for “clear”", default="15")
    low_enjoyment = ExactField(default="75/2")
    high_enjoyment = ExactField(default="125/2")
    weak_pull = ExactField(default="100/3")
    strong_pull = ExactField(default="200/3")
    rank_gap = ExactField(default="36")
    seconds_per_question = ExactField(default="2")
    full_least_trade_offs = models.PositiveSmallIntegerField(
        "full: least trade-offs answered", default=9
    )
    full_least_enjoyment = models.PositiveSmallIntegerField(
        "full: least enjoyment answers a role", default=3
    )
    full_careless_run = models.PositiveSmallIntegerField(
        "full: length of a careless run", default=9
    )
    short_least_trade_offs = models.PositiveSmallIntegerField(
        "short: least trade-offs answered", default=6
    )
    short_least_enjoyment = models.PositiveSmallIntegerField(
        "short: least enjoyment answers a role", default=1
    )
    short_careless_run = models.PositiveSmallIntegerField(
        "short: length of a careless run", default=7
    )
    measured_v_trade_off = ExactField(
        blank=True,
        default="",
        editable=False,
        help_text="V_T as answers gave it; empty where none did.",
    )
    measured_v_enjoyment = ExactField(
        blank=True,
        default="",
        editable=False,
        help_text="V_E as answers gave it; empty where none did.",
    )
    measured_over_days = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="People who came back on another day were among those measured.",
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-changed_at"]
        verbose_name = "questionnaire draft"
        permissions = [("publish_questionnaire", "Can publish a questionnaire")]

    def __str__(self) -> str:
        """Different for each draft, though many have the same name for visitors."""
        number = f"Draft {self.pk}" if self.pk else "New draft"
        return f"{number}: {self.label}" if self.label else number

    @property
    def consistency_measured(self) -> bool:
        """Whether V_T and V_E are still what answers of one sitting allow.

        docs/instrument.md section 2.4.
        """
        if not self.measured_v_trade_off or not self.measured_v_enjoyment:
            return False
        return (Fraction(self.v_trade_off), Fraction(self.v_enjoyment)) == (
            Fraction(self.measured_v_trade_off),
            Fraction(self.measured_v_enjoyment),
        )

    @property
    def steadiness_measured(self) -> bool:
        """Whether they also rest on people who answered again on another day."""
        return self.consistency_measured and self.measured_over_days


class DraftReviewRequest(AbstractReviewRequest):
    """A draft is ready. The mark ends when somebody removes it, or when the draft is
    published.
    """

    # No constraint, because servers that run the last release delete drafts, too.
    draft = models.OneToOneField(
        Questionnaire,
        models.CASCADE,
        related_name="review_request",
        db_constraint=False,
    )
    fingerprint = models.CharField(
        max_length=64,
        help_text="SHA-256 of the draft as it was marked, to see whether it changed.",
    )

    def __str__(self) -> str:
        return f"{self.draft}, ready since {moment_words(self.asked_at)}"


class Section(models.Model):
    """Questions that share one stem, one set of answer labels and one screen."""

    class Kind(models.TextChoices):
        TRADE_OFF = "trade_off", "Trade-off: two statements, five buttons between them"
        ENJOYMENT = "enjoyment", "Enjoyment: how much would you enjoy this"
        SHARED = "shared", "Shared skill: how often do you do this"

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="sections"
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    stem = models.CharField(
        max_length=200,
        help_text="The question that each statement in this section answers.",
    )
    label_1 = models.CharField("first label", max_length=40)
    label_2 = models.CharField("second label", max_length=40)
    label_3 = models.CharField("middle label", max_length=40)
    label_4 = models.CharField("fourth label", max_length=40)
    label_5 = models.CharField("last label", max_length=40)
    in_short = models.BooleanField("in the short form", default=False)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}. {self.stem}"

    @property
    def labels(self) -> list[str]:
        return [self.label_1, self.label_2, self.label_3, self.label_4, self.label_5]


class Question(models.Model):
    """One question: a statement tied to one strength, or two of them facing each other.

    In a trade-off `strength` and `statement` belong to the project role, and the fields
    `other_…` to the product role; any other kind leaves those and `side` empty.
    """

    class Side(models.TextChoices):
        LEFT = "left", "Project statement on the left"
        RIGHT = "right", "Project statement on the right"

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(
        "id",
        max_length=8,
        validators=[
            RegexValidator(
                r"^[A-Z][0-9]{1,3}\Z", "Use a capital letter and a number, such as T1."
            )
        ],
    )
    strength = models.ForeignKey(Strength, models.PROTECT, related_name="+")
    statement = models.CharField(max_length=200)
    one_idea = models.BooleanField("one idea only", default=False)
    other_strength = models.ForeignKey(
        Strength, models.PROTECT, related_name="+", null=True, blank=True
    )
    other_statement = models.CharField(max_length=200, blank=True)
    other_one_idea = models.BooleanField("one idea only (product)", default=False)
    side = models.CharField(max_length=5, choices=Side, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other_strength=None, other_statement="", side="")
                | (
                    Q(other_strength__isnull=False)
                    & ~Q(other_statement="")
                    & ~Q(side="")
                ),
                name="question_one_statement_or_two",
                violation_error_message=(
                    "A trade-off needs both statements and a side; "
                    "any other question has one statement alone."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """A questionnaire frozen at publishing; results refer to these exact bytes."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120)
    definition = models.TextField(
        help_text=(
            "Canonical JSON; a text column, because a JSON column would not keep "
            "the bytes."
        )
    )
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty for the version that came with the software.",
    )
    wording_rated = models.BooleanField(
        default=False,
        help_text=(
            "When this version was published, enough people had rated every "
            "statement, and the sides of each trade-off came out even."
        ),
    )
    consistency_measured = models.BooleanField(
        default=False,
        # Servers of the last release read it under this name.
        db_column="constants_measured",
        help_text=(
            "V_T and V_E were checked against how at least 300 people answered an "
            "earlier version within one sitting."
        ),
    )
    steadiness_measured = models.BooleanField(
        default=False,
        db_default=False,
        help_text=(
            "V_T and V_E were also checked against at least 100 people who answered "
            "an earlier version again on another day."
        ),
    )

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Version {self.number}: {self.name}"

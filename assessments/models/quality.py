"""Integer sums over many results, by version, form and day.

docs/instrument.md section 6. The actions that add to the sums first lock the RollUp
row, so that they take turns.
"""

from __future__ import annotations

from django.db import models

from .attempts import Form
from .questionnaires import Version


class RollUp(models.Model):
    """How far the roll-up has come. There is one row."""

    watermark = models.BigIntegerField(
        default=0,
        help_text="Results up to this id are in the sums, or were left out for good.",
    )
    open_from = models.DateField(
        null=True,
        help_text=(
            "A Monday. Weeks before it are closed: nothing is added to them any more, "
            "and only they are shown."
        ),
    )

    class Meta:
        # The admin lists the quality pages under the name of this model.
        verbose_name = verbose_name_plural = "quality"
        permissions = [("view_quality", "Can see the quality pages")]

    def __str__(self) -> str:
        return f"Rolled up to result {self.watermark}"


class ItemDay(models.Model):
    """One question's sums of one day; the columns are those of engine.sums.ItemSums."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    form = models.CharField(max_length=5, choices=Form)
    day = models.DateField()
    question = models.CharField(
        max_length=100, help_text="The id of the question in the version."
    )
    n = models.BigIntegerField()
    sx = models.BigIntegerField()
    sxx = models.BigIntegerField()
    sxt = models.BigIntegerField()
    option_0 = models.BigIntegerField()
    option_1 = models.BigIntegerField()
    option_2 = models.BigIntegerField()
    option_3 = models.BigIntegerField()
    option_4 = models.BigIntegerField()
    skips = models.BigIntegerField()
    reached = models.BigIntegerField()
    left_here = models.BigIntegerField()
    # Seconds on the question; the buckets are those of engine.sums.time_bucket_of.
    time_0 = models.BigIntegerField(default=0)
    time_1 = models.BigIntegerField(default=0)
    time_2 = models.BigIntegerField(default=0)
    time_3 = models.BigIntegerField(default=0)
    time_4 = models.BigIntegerField(default=0)
    time_5 = models.BigIntegerField(default=0)
    time_6 = models.BigIntegerField(default=0)
    time_7 = models.BigIntegerField(default=0)
    time_8 = models.BigIntegerField(default=0)
    time_9 = models.BigIntegerField(default=0)
    time_10 = models.BigIntegerField(default=0)
    time_11 = models.BigIntegerField(default=0)
    time_12 = models.BigIntegerField(default=0)
    time_13 = models.BigIntegerField(default=0)
    time_14 = models.BigIntegerField(default=0)
    time_15 = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "form", "day", "question"], name="one_item_sum_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(form__in=Form.values), name="item_sum_form_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} on {self.day}"


class ScaleDay(models.Model):
    """One scale's sums of one day; the columns are those of engine.sums.ScaleSums."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    form = models.CharField(max_length=5, choices=Form)
    day = models.DateField()
    scale = models.CharField(max_length=120)
    n = models.BigIntegerField()
    s_odd = models.BigIntegerField()
    s_even = models.BigIntegerField()
    s_odd_odd = models.BigIntegerField()
    s_even_even = models.BigIntegerField()
    s_odd_even = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "form", "day", "scale"], name="one_scale_sum_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(form__in=Form.values), name="scale_sum_form_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scale} on {self.day}"


class CountDay(models.Model):
    """How often one value of a kind came up, on one day or in one week."""

    class Kind(models.TextChoices):
        OUTCOME = "outcome", "Outcome"
        LEAN = "lean", "Exact lean, as a fraction"
        SECONDS = "seconds", "Active time, by bucket of engine.sums.bucket_of"
        RETEST = (
            "retest",
            "Exact lean of somebody's second sitting less that of the first, "
            "2 to 30 days before",
        )
        WISH = "wish", "Role hoped for before the first question"
        TURNOUT = (
            "turnout",
            "Answers to a follow-up: wish, choice, liking and exact lean",
        )

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    form = models.CharField(max_length=5, choices=Form)
    day = models.DateField(
        help_text=(
            "The Monday of the week; of outcomes counted by an earlier release, the "
            "day itself."
        )
    )
    kind = models.CharField(max_length=7, choices=Kind)
    key = models.CharField(max_length=60)
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "form", "day", "kind", "key"], name="one_count_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "outcome",
                        "lean",
                        "seconds",
                        "retest",
                        "wish",
                        "turnout",
                    ]
                ),
                name="count_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(form__in=Form.values), name="count_form_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} on {self.day}"


class ClickDay(models.Model):
    """How often visitors followed the call to action, on one day and from one place.

    Nothing is stored of the visitors.
    """

    day = models.DateField()
    place = models.CharField(
        max_length=62, help_text="The path of the page, a result's without its number."
    )
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "place"], name="one_click_count_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.n} from {self.place} on {self.day}"

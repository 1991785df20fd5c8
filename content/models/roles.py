"""The two roles, and the lines of the article's lists.

These lines are also the scales of the questionnaire.
"""

from __future__ import annotations

from collections import defaultdict

from django.db import models
from django.db.models import Q

from .words import Wording, WordsState


class Role(Wording):
    """One of exactly two: project manager or product manager."""

    class Slug(models.TextChoices):
        PROJECT = "project-manager", "project-manager"
        PRODUCT = "product-manager", "product-manager"

    slug = models.CharField(
        max_length=20,
        unique=True,
        choices=Slug,
        help_text="Never changes: results and share links refer to it.",
    )
    name = models.CharField(
        max_length=60,
        unique=True,
        help_text="The name visitors see, for example “Project manager”.",
    )
    position = models.PositiveSmallIntegerField(
        unique=True, help_text="1 is on the left everywhere, 2 is on the right."
    )
    question = models.CharField(
        max_length=120, help_text="What this role decides, in one short sentence."
    )
    summary = models.TextField(
        help_text=(
            "Two or three sentences for the home page. The first one starts with a "
            "verb: “Takes a goal…”."
        )
    )
    does = models.CharField(
        max_length=160,
        default="",
        blank=True,
        help_text=(
            "Ends the sentence “A project manager …” on results: what this role does, "
            "without a period at the end."
        ),
    )
    page = models.ForeignKey(
        "content.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The page that says more about this role.",
    )
    first_step = models.TextField(
        help_text=("Something to try this week. Results that name this role show it.")
    )
    second_step = models.TextField(help_text="A second thing to try this week.")

    class Meta:
        ordering = ("position",)
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__in=("project-manager", "product-manager")),
                name="role_is_one_of_two",
                violation_error_message="There are exactly two roles.",
            ),
            models.CheckConstraint(
                condition=Q(position__in=(1, 2)), name="role_position_is_1_or_2"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Strength(Wording):
    """One line of the article's lists.

    Its slug never changes. A strength that is in use is retired, not deleted.
    """

    class Kind(models.TextChoices):
        KEY = "key", "Key strength"
        INTEREST = "interest", "Interest (you may enjoy)"
        SHARED = "shared", "Shared skill"

    slug = models.SlugField(
        max_length=80,
        unique=True,
        help_text=(
            "Used in addresses and in published questionnaires. It never changes."
        ),
    )
    name = models.CharField(
        max_length=120,
        unique=True,
        help_text=(
            "The name visitors see. Once it’s published, every page shows it. "
            "Old results keep their wording."
        ),
    )
    kind = models.CharField(max_length=10, choices=Kind)
    role = models.ForeignKey(
        Role,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="strengths",
        help_text="Leave this empty for a shared skill, and for nothing else.",
    )
    position = models.PositiveSmallIntegerField(
        default=1, help_text="Order within its list."
    )
    text = models.TextField(
        help_text=(
            "One to three sentences about it. "
            "Once they’re published, every page that lists it shows them."
        )
    )
    retired = models.BooleanField(
        default=False,
        help_text=(
            "Leaves it out of pages published from now on, and of new questions. "
            "What’s already published keeps it."
        ),
    )

    class Meta:
        ordering = ("kind", "role__position", "position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="shared", role=None)
                | Q(kind__in=("key", "interest"), role__isnull=False),
                name="strength_shared_has_no_role",
                violation_error_message=(
                    "A shared skill has no role. A key strength or an interest has one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def listed_strengths(words: WordsState) -> dict[tuple[str, str], tuple[str, ...]]:
    """The slugs that newly published pages list, in order, by kind and role's slug.

    `words` are those that visitors see.
    """
    lists: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for slug, strength in words[Strength.model_name()].items():
        if not strength["retired"]:
            place = (strength["position"], slug)
            lists[strength["kind"], strength["role"] or ""].append(place)
    return {
        which: tuple(slug for _, slug in sorted(line, key=lambda place: place[0]))
        for which, line in lists.items()
    }

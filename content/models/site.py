"""Words that every page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from .words import Wording

RESULT_PLACEHOLDER = "{result}"


def validate_placeholder(address: str) -> None:
    """Refuse other braces: a placeholder with a typo would stay in the address."""
    if set(address.replace(RESULT_PLACEHOLDER, "")) & set("{}"):
        raise ValidationError(
            f"Write the placeholder exactly as {RESULT_PLACEHOLDER}, "
            "or leave out the braces."
        )


class SiteWords(Wording):
    """The only row."""

    key_field = "id"

    name = models.CharField(
        max_length=40,
        default="Rolefit",
        help_text="The site’s name, at the top of every page.",
    )
    strapline = models.CharField(
        max_length=300,
        default=(
            "A project manager gets it done. A product manager decides what’s worth "
            "doing. Answer 25 quick questions. You’ll see which role you lean toward, "
            "and how sure that is."
        ),
        help_text="Below the question on the home page.",
    )
    description = models.CharField(
        max_length=200,
        default=(
            "What project managers and product managers do, in eight short chapters. "
            "Plus 25 questions that show which role you lean toward."
        ),
        help_text="What search engines and link previews say about the home page.",
    )
    footer = models.CharField(
        max_length=300,
        default=(
            "This site helps you think about two kinds of work. It isn’t a hiring "
            "test, and no one should use it as one."
        ),
        help_text="At the bottom of every page.",
    )
    call_heading = models.CharField(
        max_length=80,
        default="You learn most by doing the work",
        help_text="Heading above the clarity call.",
    )
    call_text = models.TextField(
        default=(
            "Most people find out what suits them once they do the real work. You "
            "don’t have to figure it out alone: our team talks it through with you, "
            "for free."
        ),
        help_text="One or two sentences about the clarity call.",
    )
    internship = models.TextField(
        default=(
            "You’ll also hear how our work experience internship can help you get "
            "started."
        ),
        help_text="One sentence about the internship, right after the text above.",
    )
    call_button = models.CharField(
        max_length=60,
        default="Book a free clarity call",
        help_text="The words on the button and on links to the call.",
    )
    booking_address = models.URLField(
        blank=True,
        validators=[validate_placeholder],
        help_text=(
            "Where visitors book the call. While it’s empty, the button leads to a "
            "page that says booking isn’t open yet. Write {result} where your booking "
            "page takes a link, such as https://calls.example/new?result={result}. "
            "Visitors who choose to can then bring a link to their result."
        ),
    )
    contact_email = models.EmailField(
        blank=True,
        help_text=(
            "Whom visitors write to about their data. While it’s empty, the pages on "
            "privacy and accessibility say that there is no address yet."
        ),
    )
    # The database fills these, too: during an upgrade, servers that don't know the
    # columns still add the row.
    controller = models.TextField(
        blank=True,
        default="",
        db_default="",
        max_length=500,
        help_text=(
            "Who is responsible for visitors’ data by law: name and postal address. "
            "The privacy page names them."
        ),
    )
    legal_basis = models.TextField(
        blank=True,
        default="",
        db_default="",
        max_length=1_000,
        help_text=(
            "On which legal basis you keep answers, grants to coaches, and accounts, "
            "such as consent under Article 6(1)(a) GDPR. For the privacy page."
        ),
    )
    processors = models.TextField(
        blank=True,
        default="",
        db_default="",
        max_length=1_000,
        help_text=(
            "Who processes data for you, and where: the host of the server, of "
            "backups, and of mail. Write “No one” if you run all of it yourself."
        ),
    )
    # Of the words that came with the software (content/editions.py). Sites that existed
    # before there was this number have the first. The database fills it, too: during an
    # upgrade, servers that don't know the column would call themselves unready.
    edition = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "site words"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="site_words_is_one_row",
                violation_error_message="There is only one set of site words.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def name_in(cls, key: str, values: Mapping[str, Any]) -> str:
        return str(cls._meta.verbose_name)

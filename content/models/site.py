"""Words that every page shows."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

RESULT_PLACEHOLDER = "{result}"


def validate_placeholder(address: str) -> None:
    """Refuse other braces: a placeholder with a typo would stay in the address."""
    if set(address.replace(RESULT_PLACEHOLDER, "")) & set("{}"):
        raise ValidationError(
            f"Write the placeholder exactly as {RESULT_PLACEHOLDER}, "
            "or leave out the braces."
        )


class SiteWords(models.Model):
    """The only row."""

    name = models.CharField(
        max_length=40,
        default="Rolefit",
        help_text="The name of the site, as it stands at the top of every page.",
    )
    strapline = models.CharField(
        max_length=300,
        default=(
            "One makes sure the work arrives. The other makes sure it is the right "
            "work. Answer 25 short questions and see which side your answers fall on, "
            "and how far you can trust that."
        ),
        help_text="Stands under the question on the first page.",
    )
    description = models.CharField(
        max_length=200,
        default=(
            "What project managers and product managers do, told apart in eight short "
            "chapters, and 25 questions that show which of the two suits you."
        ),
        help_text="What search engines and link previews say about the first page.",
    )
    footer = models.CharField(
        max_length=300,
        default=(
            "This site helps you think about two kinds of work. It is no test, and "
            "nobody should use it to decide about hiring."
        ),
        help_text="Stands at the foot of every page.",
    )
    call_heading = models.CharField(
        max_length=80,
        default="You learn most by doing the work",
        help_text="Above the offer of the clarity call.",
    )
    call_text = models.TextField(
        default=(
            "Most people can tell quite soon, once they do the real work, which of the "
            "two it is for them. You need not work that out alone: our team talks it "
            "through with you, free of charge."
        ),
        help_text="One or two sentences about the clarity call.",
    )
    internship = models.TextField(
        default=(
            "In the call you also hear how our work-experience internship can help you "
            "to get started."
        ),
        help_text="One sentence about the internship. It follows the text above.",
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

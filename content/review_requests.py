"""Editors mark drafts as ready for review: what both kinds of drafts need for that."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db.models import Model, Q, QuerySet

from . import published
from .addresses import absolute_url


class ReviewForm(forms.Form):
    comment = forms.CharField(
        label="Comment",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            "What changed, and what publishers should look at. You can leave it empty."
        ),
    )


def publishers(model: type[Model]) -> QuerySet[User]:
    """Staff with an email address who may look at such drafts and publish them."""
    backend = "django.contrib.auth.backends.ModelBackend"
    # Anyone who may change a draft may view it.
    publish, view, change = (
        User.objects.with_perm(
            f"{model._meta.app_label}.{act}_{model._meta.model_name}", backend=backend
        )
        for act in ("publish", "view", "change")
    )
    return (
        publish.filter(Q(pk__in=view.values("pk")) | Q(pk__in=change.values("pk")))
        .filter(is_staff=True)
        .exclude(email="")
        .order_by("pk")
    )


@dataclass(frozen=True)
class ReviewMail:
    """What publishers read about a draft that is ready.

    `kind` comes before the title in a sentence, such as "the draft of". `path` leads
    to the page where they publish it.
    """

    kind: str
    title: str
    path: str
    comment: str
    by: User
    # Whether something must be fixed before anybody can publish it.
    blocked: bool


def mail_publishers(model: type[Model], mail: ReviewMail) -> int:
    """Tell the other people who may publish this draft that it is ready for review.

    Returns how many could not be mailed. Call it once the mark is committed: a mail
    server that is down is no reason to lose the mark.
    """
    if not settings.MAIL_GOES_OUT:
        return 0
    site = published.current().words.name
    said = f"\n\n{mail.comment}" if mail.comment else ""
    what_next = (
        "See what changes and what to fix"
        if mail.blocked
        else "See what changes, and publish it"
    )
    # The two signs keep names of either direction from turning the sentence around.
    body = (
        f"\u2068{mail.by.get_full_name() or mail.by.get_username()}\u2069 marked "
        f"{mail.kind} “\u2068{mail.title}\u2069” as ready for review.{said}\n\n"
        f"{what_next}:\n\n{absolute_url(mail.path)}\n"
    )
    subject = " ".join(f"{site}: “{mail.title}” is ready for review".split())
    users = list(publishers(model).exclude(pk=mail.by.pk))
    refused = 0
    try:
        with get_connection() as connection:
            for user in users:
                message = EmailMessage(
                    subject, body, to=[user.email], connection=connection
                )
                try:
                    message.send()
                except OSError:  # every failure of smtplib is one
                    refused += 1
    except OSError:
        return len(users)  # the server is down
    return refused


def unmailed_words(refused: int) -> str:
    """What the editor reads if some publishers could not be mailed."""
    publishers_refused = f"{refused} publisher{'s' if refused > 1 else ''}"
    return (
        f"We couldn’t send {publishers_refused} an email. They can still see the draft "
        "in the admin."
    )

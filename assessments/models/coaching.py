"""Coaches, the people whom they invite, and what clients grant to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from assessments.typed import folded
from assessments.zones import last_day_before, zone_named
from content.models import Wording

from .attempts import Attempt, Form, Owner, Result
from .sharing import Scope


class Coach(models.Model):
    """A person who asked for a workspace, or whom a Coach manager added.

    The workspace exists from the moment of approval.
    """

    class FinishMail(models.TextChoices):
        """When the coach gets an email about clients who finished."""

        OFF = "off", "Never"
        IMMEDIATE = "immediate", "Each time"
        DAILY = "daily", "Once a day"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coach",
        editable=False,
    )
    name = models.CharField(
        max_length=80, help_text="Clients see this name when they’re invited."
    )
    email = models.EmailField(unique=True)
    works_with = models.CharField("who they work with", max_length=300, blank=True)
    contact = models.CharField(
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="One line at the foot of what is printed for a client.",
    )
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="IANA name, such as Europe/Berlin; empty for the site’s TIME_ZONE.",
    )
    finish_mail = models.CharField(
        max_length=9,
        choices=FinishMail,
        default=FinishMail.OFF,
        db_default=FinishMail.OFF,
        help_text="When the coach gets an email about clients who finished.",
    )
    finish_mail_since = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Clients who finished before are never written about.",
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    erased_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="From then on, only numbers and days are left of the coach.",
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "coaches"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    approved_at__isnull=False,
                ),
                name="coach_closed_by_somebody_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(user=None, approved_at=None, approved_by=None)
                | Q(
                    user__isnull=False,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                ),
                name="coach_approved_by_somebody_with_an_account",
            ),
            models.CheckConstraint(
                condition=Q(finish_mail="off") | Q(finish_mail_since__isnull=False),
                name="coach_finish_mail_from_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"coach {self.pk}"

    @property
    def has_workspace(self) -> bool:
        """Whether the coach is approved, not closed, and the account is active.

        Needs `user` loaded.
        """
        return self.closed_at is None and self.user is not None and self.user.is_active

    @property
    def zone(self) -> ZoneInfo:
        """In which the coach reads and types days and hours."""
        return zone_named(self.time_zone)


class Invitation(models.Model):
    """A coach's code for one person (one use) or for a group.

    Clients agree to its scope, form and onward sharing, so no action changes these.
    `held_until` may move to an earlier moment, when the coach releases the results.
    `max_uses` is null where there is no limit.
    """

    coach = models.ForeignKey(Coach, models.CASCADE, related_name="invitations")
    label = models.CharField(
        max_length=80,
        help_text="For the coach, and on the page that clients read first.",
    )
    code = models.CharField(
        max_length=10, unique=True, help_text="Crockford base 32, 50 bits."
    )
    form = models.CharField(max_length=5, choices=Form)
    scope = models.CharField(max_length=10, choices=Scope)
    onward = models.BooleanField(
        default=False,
        help_text="The coach may make share links to the visible part of the result.",
    )
    held_until = models.DateTimeField(
        null=True,
        help_text=(
            "Clients see their own result from then on, or when they open it early."
        ),
    )
    expires_at = models.DateTimeField(null=True)
    max_uses = models.PositiveIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    mail_subject = models.CharField(
        max_length=120, blank=True, default="", db_default=""
    )
    mail_text = models.TextField(
        max_length=5_000,
        blank=True,
        default="",
        db_default="",
        help_text="What the coach writes to the people invited by name.",
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="invitation_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(form__in=Form.values), name="invitation_form_known"
            ),
            models.CheckConstraint(
                condition=Q(max_uses=None) | Q(max_uses__gte=1),
                name="invitation_has_a_use",
            ),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(held_until__gt=F("created_at")),
                name="invitation_held_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_holding(self) -> bool:
        """Whether the results of clients who join now will be held for a talk."""
        return self.held_until is not None and self.held_until > timezone.now()

    @property
    def last_day(self) -> date | None:
        """The last day on which somebody can join, where the coach is.

        Needs `coach` loaded.
        """
        end = self.expires_at
        return last_day_before(end, self.coach.zone) if end else None


class SearchTextField(models.TextField):  # type: ignore[type-arg]
    """What a client can be found by, folded and kept right with each save.

    Neither database compares letters of all scripts without regard to case.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = "\n".join(
            folded(getattr(model_instance, name))
            for name in ("name", "private_name", "tag")
        )
        setattr(model_instance, self.attname, text)
        return text

    def deconstruct(self) -> Any:
        """A plain text in migrations, which must not change with this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class Client(models.Model):
    """One person in a coach's workspace, invited by name or joined by consent.

    Grants of one owner to one coach belong to one client if they have the same name or
    the same invitation. A coach can merge two clients. A client goes with the last of
    its grants and personal links.
    """

    coach = models.ForeignKey(Coach, models.CASCADE, related_name="clients")
    name = models.CharField(
        max_length=60,
        help_text="What the client wrote last, or until then what the coach typed.",
    )
    private_name = models.CharField(
        max_length=60, blank=True, help_text="The coach’s own; clients never see it."
    )
    tag = models.CharField(
        max_length=40, blank=True, help_text="The coach’s own; clients never see it."
    )
    created_at = models.DateTimeField()
    latest_at = models.DateTimeField(
        help_text="When the client was invited, joined or finished last."
    )
    archived_at = models.DateTimeField(null=True)
    search_text = SearchTextField(
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="The names and the tag in lower case, one a line.",
    )

    class Meta:
        ordering = ["-latest_at", "-pk"]
        indexes = [
            models.Index(fields=["coach", "-latest_at", "-id"], name="client_latest")
        ]

    def __str__(self) -> str:
        return self.private_name or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and with any field what the client can be found by."""
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)


class PersonalLink(models.Model):
    """A link for one person, under the invitation of a group and its terms.

    It is used once there is a grant of this client under this invitation, and goes with
    that grant.
    """

    MAX_REMINDERS = 3

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="personal_links"
    )
    client = models.ForeignKey(Client, models.CASCADE, related_name="personal_links")
    # Who uses the link writes another name, perhaps, and need not be who was meant.
    name = models.CharField(max_length=60, help_text="By which the coach invited.")
    code = models.CharField(
        max_length=10, unique=True, help_text="Crockford base 32, 50 bits."
    )
    email = models.EmailField(
        blank=True,
        help_text="Emptied when the client has finished, or the invitation has ended.",
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="By email, from this site.")
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(
        null=True, help_text="When the client asked for no more email."
    )
    failed_at = models.DateTimeField(
        null=True, help_text="When the mail server refused the last email."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "client"], name="one_personal_link_in_a_group"
            ),
            models.CheckConstraint(
                condition=Q(reminders__lte=3), name="personal_link_few_reminders"
            ),
        ]

    def __str__(self) -> str:
        return f"Personal link {self.pk}"


class MutedAddress(models.Model):
    """An email address to which no coach's mail goes, because its owner asked."""

    digest = models.CharField(
        max_length=64, unique=True, help_text="HMAC-SHA256 of the address, in hex."
    )
    muted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "muted addresses"

    def __str__(self) -> str:
        return f"Muted address {self.pk}"


class Participation(models.Model):
    """A client's consent: the coach may see one Result, at one scope.

    The Result is that of this attempt, once there is one and it is visible. Withdrawing
    deletes the row, and with it the notes, the steps and the coach's links. A later
    Result takes another consent and another row.
    """

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="participations"
    )
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="participations")
    # Null only in rows that a server of the release before added during an upgrade,
    # until the next daily job.
    client = models.ForeignKey(
        Client, models.CASCADE, null=True, related_name="participations"
    )
    name = models.CharField(
        max_length=60, help_text="The name under which the coach knows the client."
    )
    scope = models.CharField(max_length=10, choices=Scope)
    onward = models.BooleanField(default=False)
    held_until = models.DateTimeField(null=True)
    opened_early_at = models.DateTimeField(null=True)
    consented_at = models.DateTimeField()
    notes = models.TextField(
        blank=True,
        max_length=10_000,
        help_text="Private to the coach. The client sees only whether there are any.",
    )
    coach_told_at = models.DateTimeField(
        null=True, help_text="When the coach got the email that the client finished."
    )
    steps_shared = models.BooleanField(
        default=False, help_text="The client sees the next steps beside the result."
    )

    class Meta:
        ordering = ["-consented_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "attempt"], name="one_grant_of_an_attempt"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="participation_scope_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["invitation", "-consented_at", "-id"],
                name="participation_newest",
            ),
            models.Index(
                fields=["invitation", "name", "id"], name="participation_by_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_held(self) -> bool:
        """Whether the client's own pages leave the result out until the talk."""
        return (
            self.opened_early_at is None
            and self.held_until is not None
            and self.held_until > timezone.now()
        )


class NextStep(models.Model):
    """One line of a client's checklist. Open steps come first, in the order of days."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="steps"
    )
    text = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by_client = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = [
            F("done_at").asc(nulls_first=True),
            F("due_on").asc(nulls_last=True),
            "pk",
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_overdue(self) -> bool:
        """Whether it's still open after its day is over, where the coach is.

        Needs `participation__invitation__coach` loaded.
        """
        if self.done_at is not None or self.due_on is None:
            return False
        zone = self.participation.invitation.coach.zone
        return self.due_on < timezone.localdate(timezone=zone)


class Departure(models.Model):
    """That one person left a group. It names nobody.

    The coach reads it in the group, and a client whom the coach removed reads it on
    the own pages.
    """

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="departures"
    )
    at = models.DateTimeField()
    removed = models.BooleanField(help_text="Whether the coach removed the client.")
    had_notes = models.BooleanField()
    steps = models.PositiveSmallIntegerField()
    links = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(
        Owner,
        models.SET_NULL,
        null=True,
        related_name="departures",
        help_text="Whom the coach removed; null where the client withdrew.",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None) | Q(removed=True),
                name="departure_nameless_when_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return f"Departure {self.pk}"


class ResultRequest(models.Model):
    """A coach who got a share link asks its owner for a grant.

    The invitation is made for this one person; agreeing attaches the result to it.
    """

    invitation = models.OneToOneField(
        Invitation, models.CASCADE, related_name="result_request"
    )
    result = models.ForeignKey(Result, models.CASCADE, related_name="result_requests")
    created_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Result request {self.pk}"


class ConversationPrompt(Wording):
    """A question that staff suggest to coaches, one row for each kind of finding."""

    key_field = "kind"

    class Kind(models.TextChoices):
        CONTRADICTION = (
            "contradiction",
            "Answers about one strength that point both ways",
        )
        SPLIT = "split", "Doing one role, wanting the other"
        TIPPING = "tipping", "Questions that would change the result"
        SKIPPED = "skipped", "Skipped questions"
        INTEREST = "interest", "Something liked, but not chosen"

    kind = models.CharField(max_length=13, choices=Kind, unique=True)
    text = models.TextField(
        help_text="One or two open questions that a coach can ask word for word."
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()

    @classmethod
    def name_in(cls, key: str, values: Mapping[str, Any]) -> str:
        return f"{cls._meta.verbose_name} “{dict(cls.Kind.choices).get(key, key)}”"

"""Email to people whom a coach invited by name: the invitation and its reminders.

The rows are claimed in a transaction, before anything is sent, so that two presses send
nothing twice. No transaction is open while the mail server is talked to.
"""

from __future__ import annotations

import re
import smtplib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.actions.limits import give_back_today, take_today
from assessments.actions.muting import muted, stop_mail, stop_token
from assessments.actions.personal_links import lock_open_invitation
from assessments.models import Coach, Invitation, PersonalLink
from assessments.queries.personal_links import due_for_reminder, unsent
from assessments.typed import isolated
from content.addresses import absolute_url

MAX_MAILS_A_REQUEST = 50
MAX_MAILS_A_DAY = 1_000  # of one coach
# After so long, the rest waits for the next press: a slow server must not outlast the
# request.
MAX_SENDING_SECONDS = 20.0
SUBJECT = "{coach} invited you: project manager or product manager?"
TEXT = (
    "Hello {name},\n\n"
    "I’d like you to answer a few quick questions about two kinds of work: project "
    "management and product management. You’ll see which role you lean toward.\n\n"
    "Here’s your personal link:\n{link}\n\n"
    "Before the first question, you’ll find out what I’d see. Then you decide.\n\n"
    "{coach}\n"
)
IN_BRACES = re.compile(r"\{[^{}\n]*\}")
NAME, LINK = "{name}", "{link}"


class NoMailToday(Exception):
    """The coach has sent MAX_MAILS_A_DAY today."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one press of the button.

    `refused`: whom the mail server did not take. `unreachable`: it could not be
    reached, or broke off, so the rest was not tried.
    """

    sent: int = 0
    refused: int = 0
    unreachable: bool = False


def mail_words(invitation: Invitation) -> tuple[str, str]:
    """Subject and text as the coach saved them, or those that everybody starts with."""
    coach = isolated(invitation.coach.name)
    return (
        invitation.mail_subject or SUBJECT.replace("{coach}", coach),
        invitation.mail_text or TEXT.replace("{coach}", coach),
    )


def unknown_placeholders(text: str) -> list[str]:
    return [
        found
        for found in dict.fromkeys(IN_BRACES.findall(text))
        if found not in (NAME, LINK)
    ]


class MailChanged(Exception):
    """The coach has saved another text meanwhile, in another window."""


@transaction.atomic
def save_mail(invitation: Invitation, *, subject: str, text: str) -> None:
    """Raises MailChanged where the stored words are not those of `invitation`."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    read = (invitation.mail_subject, invitation.mail_text)
    if (locked.mail_subject, locked.mail_text) != read:
        raise MailChanged
    invitation.mail_subject, invitation.mail_text = subject, text
    invitation.save(update_fields=["mail_subject", "mail_text"])


def filled_in(words: str, *, name: str, link: str) -> str:
    """The words with name and link. A name that looks like a placeholder stays."""
    values = {NAME: isolated(name), LINK: link}
    return IN_BRACES.sub(lambda found: values.get(found[0], found[0]), words)


def link_address(link: PersonalLink) -> str:
    return absolute_url(reverse("join_code", args=[link.code]))


def mailto(link: PersonalLink) -> str:
    """Opens the coach's own mail program with the letter to one person."""
    subject, text = _letter(link.invitation, link.name, link_address(link))
    words = urlencode({"subject": subject, "body": text}, quote_via=quote)
    return f"mailto:{quote(link.email)}?{words}"


def sample_mail(invitation: Invitation, *, name: str) -> EmailMessage:
    """The mail to somebody of this name, with an address where a code is typed."""
    subject, text = _letter(invitation, name, absolute_url(reverse("join")))
    return _message(
        invitation.coach,
        subject=subject,
        body=text + _foot(invitation.coach, absolute_url(reverse("join"))),
        to=invitation.coach.email,
    )


def send_test(invitation: Invitation) -> bool:
    """Mail the coach what a client would get; whether the mail server took it."""
    message = sample_mail(invitation, name=invitation.coach.name)
    try:
        return bool(message.send())
    except OSError:
        return False


def send_invitations(invitation: Invitation, *, failed: bool = False) -> Sent:
    """Send the invitation to the next people, at most MAX_MAILS_A_REQUEST.

    `failed`: to those whom the mail server refused before, instead of those who were
    not written to yet. Raises Ended, NoMailToday.
    """
    claimed = _claim_unsent(invitation, failed=failed)
    return _send_all(claimed, _invitation_to, give_back=_not_sent)


def send_reminders(invitation: Invitation) -> Sent:
    """Remind the next people who have not finished. Raises Ended, NoMailToday."""
    claimed = _claim_due(invitation)
    return _send_all(claimed, _reminder_to, give_back=_not_reminded)


@transaction.atomic
def _claim_unsent(invitation: Invitation, *, failed: bool) -> list[PersonalLink]:
    locked = lock_open_invitation(invitation)
    links = _take(locked, unsent(locked, failed=failed))
    PersonalLink.objects.filter(pk__in=[link.pk for link in links]).update(
        sent_at=timezone.now(), failed_at=None
    )
    return links


@transaction.atomic
def _claim_due(invitation: Invitation) -> list[PersonalLink]:
    locked, now = lock_open_invitation(invitation), timezone.now()
    links = _take(locked, due_for_reminder(locked, now=now))
    # Each link keeps the moment before, for a mail that is not taken.
    PersonalLink.objects.filter(pk__in=[link.pk for link in links]).update(
        reminded_at=now, reminders=F("reminders") + 1, failed_at=None
    )
    return links


def _take(invitation: Invitation, links: QuerySet[PersonalLink]) -> list[PersonalLink]:
    """The next links to mail, those where it failed last. Raises NoMailToday.

    Who has asked for no email elsewhere is left out and marked.
    """
    found = links.select_related("client").order_by(
        F("failed_at").asc(nulls_first=True), "pk"
    )
    rows = list(found[:MAX_MAILS_A_REQUEST])
    quiet = muted(row.email for row in rows)
    for row in rows:
        row.invitation = invitation
        if row.email in quiet:
            stop_mail(link=row, digest=None)
    rows = [row for row in rows if row.email not in quiet]
    granted = take_today(
        "mail",
        by=_sender(invitation),
        wanted=len(rows),
        most=MAX_MAILS_A_DAY,
    )
    if rows and not granted:
        raise NoMailToday
    return rows[:granted]


def _sender(invitation: Invitation) -> str:
    return f"coach {invitation.coach_id}"


def _send_all(
    links: Sequence[PersonalLink],
    message_to: Callable[[PersonalLink], EmailMessage],
    *,
    give_back: Callable[[PersonalLink, bool], None],
) -> Sent:
    """Send one message to each over one connection.

    `give_back` undoes the claim of a link that got none, and says whether it was
    refused.
    """
    if not links:
        return Sent()
    connection: BaseEmailBackend = get_connection()
    sent = refused = 0
    until = time.monotonic() + MAX_SENDING_SECONDS
    left = list(links)
    try:
        connection.open()
        while left and time.monotonic() < until:
            link = left[0]
            if _wants_mail(link):
                try:
                    connection.send_messages([message_to(link)])
                    sent += 1
                except (
                    smtplib.SMTPRecipientsRefused,
                    smtplib.SMTPDataError,
                    ValueError,  # an address that no mail can have
                ):
                    give_back(link, True)
                    refused += 1
            left.pop(0)
        return Sent(sent, refused)
    except OSError:
        return Sent(sent, refused, unreachable=True)
    finally:
        for link in left:
            give_back(link, False)
        if left:
            give_back_today("mail", by=_sender(links[0].invitation), unused=len(left))
        connection.close()


def _wants_mail(link: PersonalLink) -> bool:
    """Whether nobody has asked for silence since the link was claimed."""
    return PersonalLink.objects.filter(pk=link.pk, email=link.email).exists()


def _not_sent(link: PersonalLink, refused: bool) -> None:
    PersonalLink.objects.filter(pk=link.pk).update(
        sent_at=None, failed_at=timezone.now() if refused else link.failed_at
    )


def _not_reminded(link: PersonalLink, refused: bool) -> None:
    PersonalLink.objects.filter(pk=link.pk).update(
        reminders=link.reminders,
        reminded_at=link.reminded_at,
        failed_at=timezone.now() if refused else link.failed_at,
    )


def _invitation_to(link: PersonalLink) -> EmailMessage:
    subject, text = _letter(link.invitation, link.name, link_address(link))
    return _to_person(link, subject, text)


def _reminder_to(link: PersonalLink) -> EmailMessage:
    subject, text = _letter(link.invitation, link.name, link_address(link))
    return _to_person(
        link,
        f"Reminder: {subject}",
        "This is a reminder, because you haven’t finished yet. If you’ve started, "
        "open the link in the browser you used, or use your key.\n\n"
        f"{text}",
    )


def _letter(invitation: Invitation, name: str, link: str) -> tuple[str, str]:
    subject, text = mail_words(invitation)
    return (
        filled_in(subject, name=name, link=link),
        filled_in(text, name=name, link=link),
    )


def _to_person(link: PersonalLink, subject: str, text: str) -> EmailMessage:
    coach = link.invitation.coach
    stop = (
        absolute_url(reverse("stop_mail", args=[link.code]))
        + f"?{urlencode({'mail': stop_token(link.email)})}"
    )
    return _message(
        coach,
        subject=subject,
        body=text + _foot(coach, stop),
        to=link.email,
        headers={
            # RFC 8058: the mail program may stop the mails with one POST.
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _foot(coach: Coach, stop: str) -> str:
    return (
        f"\n\n-- \n{isolated(coach.name)} gave us your email address so Rolefit "
        f"could send you this.\nStop email from coaches: {stop}\n"
    )


def _message(
    coach: Coach,
    *,
    subject: str,
    body: str,
    to: str,
    headers: dict[str, str] | None = None,
) -> EmailMessage:
    """From the site's own address, because others would look forged; replies go to the
    coach.
    """
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return EmailMessage(
        " ".join(subject.split()),
        body,
        formataddr((f"{coach.name} via Rolefit", address)),
        [to],
        reply_to=[coach.email],
        headers=headers,
    )

"""Mail of a site that sends none."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend

from .logs import hide


class ConsoleMail(EmailBackend):
    """Says on the console what would have gone out. An address that opens an account is hidden, as in every log line: whoever
    needs it copies it from a page of the admin."""

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(
            f"Mail to {', '.join(message.recipients())}: {message.subject}\n\n{hide(str(message.body))}\n"
        )

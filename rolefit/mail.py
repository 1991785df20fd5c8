"""The mail backend of a site that sends no mail."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend

from .logs import hide


class ConsoleMail(EmailBackend):
    """Prints mail to the console.

    It hides addresses that open an account, as log lines do. A Coach manager copies
    such an address from the admin.
    """

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(
            f"Mail to {', '.join(message.recipients())}: {message.subject}\n\n"
            f"{hide(str(message.body))}\n"
        )

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments.actions.finish_mail import tell_coaches
from assessments.models import Coach


class Command(BaseCommand):
    help = (
        "Mail coaches who asked for it that clients have finished. Run it every few "
        "minutes; forget_old mails those who want it once a day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--daily",
            action="store_true",
            help="for coaches who want one email a day",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        when = (
            Coach.FinishMail.DAILY if options["daily"] else Coach.FinishMail.IMMEDIATE
        )
        if told := tell_coaches(when=when):
            self.stdout.write(f"Mailed {told} coaches.")

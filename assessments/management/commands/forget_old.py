from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.actions.account_sessions import forget_cached, forget_sign_ins
from assessments.actions.departures import forget_removals
from assessments.actions.limits import forget_counts
from assessments.actions.people import adopt_grants, forget_empty_clients
from assessments.actions.personal_links import forget_invited
from assessments.actions.result_requests import forget_requests
from assessments.actions.retention import forget_drafts, forget_old, forget_timings
from assessments.actions.slices import REST

# After an attempt is finished (docs/instrument.md section 7).
TIMINGS_KEPT = timedelta(days=30)
# Every saved draft of a page of the article.
DRAFTS_KEPT = timedelta(days=30)


class Command(BaseCommand):
    help = (
        "Roll up, then delete expired results, abandoned attempts, old sessions, old "
        "seconds per question, old drafts of pages, addresses of invited people that "
        "are needed no more, and unused pictures, in small steps beside visitors. Mail "
        "coaches who want it once a day. Run it every day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # In this order: a deleted result can no longer be added to the sums.
        call_command("rollup", stdout=self.stdout)
        deleted = forget_old(now=timezone.now(), rest=REST)
        if deleted.attempts:
            unfinished = deleted.attempts - deleted.results
            self.stdout.write(
                f"Deleted {deleted.results} expired results and {unfinished} "
                "unfinished attempts."
            )
        emptied = forget_timings(now=timezone.now(), kept=TIMINGS_KEPT, rest=REST)
        if emptied:
            self.stdout.write(
                f"Deleted the seconds per question of {emptied} finished attempts."
            )
        drafts = forget_drafts(now=timezone.now(), kept=DRAFTS_KEPT, rest=REST)
        if drafts:
            self.stdout.write(f"Deleted {drafts} saved drafts of pages.")
        addresses = forget_invited(now=timezone.now(), rest=REST)
        if addresses:
            self.stdout.write(f"Deleted {addresses} addresses of invited people.")
        call_command("tell_coaches", daily=True, stdout=self.stdout)
        adopt_grants(rest=REST)
        forget_empty_clients(rest=REST)
        forget_requests(now=timezone.now(), rest=REST)
        forget_removals(now=timezone.now())
        call_command("clearsessions")
        forget_cached(now=timezone.now())
        forget_counts(rest=REST)
        forgotten = forget_sign_ins(now=timezone.now())
        if forgotten:
            self.stdout.write(f"Forgot {forgotten} sign-ins whose sessions are over.")
        call_command("forget_pictures", stdout=self.stdout)

"""No names of coaches in histories, and no holds to which nobody agreed.

Entries of the audit trail named coaches. Erasing a coach put a number there only where
the name was still the same and no other coach had it, so a name could stay for ever in
rows that nobody may edit. From now on entries have the number.

The admin's own history kept the names of requests that were declined or deleted.

A grant copied the hold of its invitation also where that was over.
"""

import re
from datetime import timedelta

from django.db import migrations
from django.db.models import F

# Act, what stood before and after the name, and what stands there now.
ENTRIES = [
    ("approve", "", " as a coach", "{}"),
    ("approve", "a new password for ", ", a coach", "a new password for {}"),
    ("revoke", "the workspace of ", "", "the workspace of {}"),
    ("restore", "the workspace of ", "", "the workspace of {}"),
]
# What is no name. Several numbers: coaches of one name, of whom any may be meant.
NUMBER = re.compile(r"a coach|coach \d+( or coach \d+)*")
MOST_NUMBERS = 5


def put_numbers_into_the_trail(apps, schema_editor):
    AuditEntry = apps.get_model("content", "AuditEntry")
    coaches = apps.get_model("assessments", "Coach").objects.order_by("pk")
    numbers = {}
    # Whoever only asked for a workspace is meant by none of these.
    approved_ones = coaches.exclude(approved_at=None)
    for pk, name in approved_ones.exclude(name="").values_list("pk", "name"):
        numbers.setdefault(name, set()).add(pk)
    approved = {}
    # An approval was written down in the same moment, under the name of that moment.
    for coach in approved_ones:
        entry = (
            AuditEntry.objects.filter(
                act="approve",
                subject__endswith=" as a coach",
                by=coach.approved_by_id,
                at__gte=coach.approved_at,
                at__lt=coach.approved_at + timedelta(seconds=10),
            )
            .order_by("pk")
            .first()
        )
        if entry is not None:
            approved[entry.pk] = coach.pk
            name = entry.subject.removesuffix(" as a coach")
            numbers.setdefault(name, set()).add(coach.pk)
    for act, before, after, now in ENTRIES:
        entries = AuditEntry.objects.filter(
            act=act, subject__startswith=before, subject__endswith=after
        )
        for entry in list(entries.order_by("pk")):
            name = entry.subject.removeprefix(before).removesuffix(after)
            if not NUMBER.fullmatch(name):
                meant = numbers.get(name, set())
                if entry.pk in approved:
                    meant = {approved[entry.pk]}
                named = " or ".join(f"coach {pk}" for pk in sorted(meant))
                name = named if 0 < len(meant) <= MOST_NUMBERS else "a coach"
            AuditEntry.objects.filter(pk=entry.pk).update(subject=now.format(name))


def forget_deleted_requests(apps, schema_editor):
    LogEntry = apps.get_model("admin", "LogEntry")
    there = apps.get_model("assessments", "Coach").objects.values_list("pk", flat=True)
    LogEntry.objects.filter(
        content_type__app_label="assessments", content_type__model="coach"
    ).exclude(object_id__in=[str(pk) for pk in there]).delete()


def forget_holds_that_were_over(apps, schema_editor):
    grants = apps.get_model("assessments", "Participation").objects
    grants.filter(held_until__lte=F("consented_at")).update(held_until=None)


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("assessments", "0041_draft_review_requests"),
        ("content", "0015_review_requests_without_constraint"),
    ]

    operations = [
        migrations.RunPython(
            put_numbers_into_the_trail, migrations.RunPython.noop, elidable=True
        ),
        migrations.RunPython(
            forget_deleted_requests, migrations.RunPython.noop, elidable=True
        ),
        migrations.RunPython(
            forget_holds_that_were_over, migrations.RunPython.noop, elidable=True
        ),
    ]

"""An index for the daily job. Saves wait for the seconds in which it is built."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0026_closed_weeks"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(
                    ("finished_at__isnull", False),
                    models.Q(("timings", {}), _negated=True),
                ),
                fields=["finished_at"],
                name="timed_attempts_by_finish",
            ),
        ),
    ]

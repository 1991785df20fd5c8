from collections import Counter
from datetime import timedelta

from django.db import migrations, models


def merge_into_weeks(apps, schema_editor):
    """What was counted by day, but for outcomes, is counted by the Monday of its week from now on."""
    rows = apps.get_model("assessments", "CountDay").objects.exclude(kind="outcome")
    weeks = Counter()
    for version, form, day, kind, key, n in rows.values_list("version", "form", "day", "kind", "key", "n"):
        weeks[version, form, day - timedelta(days=day.weekday()), kind, key] += n
    rows.delete()
    rows.model.objects.bulk_create(
        [
            rows.model(version_id=version, form=form, day=day, kind=kind, key=key, n=n)
            for (version, form, day, kind, key), n in weeks.items()
        ],
        batch_size=1000,
    )


def let_editors_see_quality(apps, schema_editor):
    """Whoever writes the questions sees how they do."""
    permission = apps.get_model("auth", "Permission").objects.get(content_type__app_label="assessments", codename="view_quality")
    for group in apps.get_model("auth", "Group").objects.filter(name="Editor"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_measured_constants_closed_workspaces")]

    operations = [
        migrations.AlterField(
            model_name="countday",
            name="day",
            field=models.DateField(
                help_text="Of outcomes the day itself; of everything else the Monday of its week, or rows would be too many."
            ),
        ),
        migrations.RunPython(merge_into_weeks, migrations.RunPython.noop),
        migrations.RunPython(let_editors_see_quality, migrations.RunPython.noop),
    ]

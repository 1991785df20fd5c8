from django.db import migrations, models


def unrate(apps, schema_editor):
    """No version has been rated as rule P10 asks now.

    Twelve raters were enough before, and no interval was looked at. The method page
    may say no longer of such a version that its wording came out even.
    """
    versions = apps.get_model("assessments", "Version").objects
    versions.filter(wording_rated=True).update(wording_rated=False)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0018_steadiness_of_constants"),
    ]

    operations = [
        migrations.AlterField(
            model_name="panelrating",
            name="sheet",
            field=models.UUIDField(
                help_text=(
                    "A random number that the browser got with the page. "
                    "Each browser counts once."
                ),
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="wording_rated",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "When this version was published, enough people had rated every "
                    "statement, and the sides of each trade-off came out even."
                ),
            ),
        ),
        migrations.RunPython(unrate, migrations.RunPython.noop),
    ]

from django.db import migrations, models

DOES = {
    "project-manager": (
        "takes a goal, a date, and a budget, and gets people across the finish line "
        "together"
    ),
    "product-manager": (
        "listens to people with a problem and decides what’s worth building next, "
        "and why"
    ),
}


def fill(apps, schema_editor):
    for slug, does in DOES.items():
        apps.get_model("content", "Role").objects.filter(slug=slug).update(does=does)


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0004_changes_in_the_audit_trail"),
    ]

    operations = [
        migrations.AddField(
            model_name="role",
            name="does",
            field=models.CharField(
                blank=True,
                default="",
                help_text=(
                    "Ends the sentence “A project manager …” on results: what this "
                    "role does, without a period at the end."
                ),
                max_length=160,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]

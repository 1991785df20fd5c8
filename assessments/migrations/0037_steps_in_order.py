from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0036_prompts_among_words"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="nextstep",
            options={
                "ordering": [
                    models.OrderBy(models.F("done_at"), nulls_first=True),
                    models.OrderBy(models.F("due_on"), nulls_last=True),
                    "pk",
                ]
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0039_search_text_of_clients"),
    ]

    operations = [
        migrations.AddField(
            model_name="personallink",
            name="failed_at",
            field=models.DateTimeField(
                help_text="When the mail server refused the last email.", null=True
            ),
        ),
    ]

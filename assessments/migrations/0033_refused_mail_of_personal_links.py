from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0029_clients_of_grants"),
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

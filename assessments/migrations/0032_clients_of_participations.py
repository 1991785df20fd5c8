"""The client of each grant."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0031_days_of_steps"),
    ]

    operations = [
        migrations.AddField(
            model_name='participation',
            name='coach_told_at',
            field=models.DateTimeField(help_text='When the coach got the email that the client finished.', null=True),
        ),
        migrations.AddField(
            model_name='participation',
            name='client',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='assessments.client'),
        ),
    ]

"""What a coach writes to the people invited by name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0029_settings_of_coaches"),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='mail_subject',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='invitation',
            name='mail_text',
            field=models.TextField(blank=True, db_default='', default='', help_text='What the coach writes to the people invited by name.', max_length=5000),
        ),
    ]

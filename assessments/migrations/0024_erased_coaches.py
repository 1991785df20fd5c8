from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0021_open_attempts_by_change'),
    ]

    operations = [
        migrations.AddField(
            model_name='coach',
            name='erased_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='From then on, only numbers and days are left of the coach.', null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0020_wish_and_follow_up'),
    ]

    operations = [
        migrations.AddField(
            model_name='coach',
            name='erased_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='From then on, only numbers and days are left of the coach.', null=True),
        ),
    ]

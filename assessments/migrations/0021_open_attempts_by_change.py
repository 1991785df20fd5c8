from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0020_wish_and_follow_up'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('finished_at', None)), fields=['changed_at'], name='open_attempts_by_change'),
        ),
    ]

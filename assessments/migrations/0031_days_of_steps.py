"""Next steps with a day, which clients mark themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0030_mail_of_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name='nextstep',
            name='done_by_client',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='nextstep',
            name='due_on',
            field=models.DateField(null=True),
        ),
    ]

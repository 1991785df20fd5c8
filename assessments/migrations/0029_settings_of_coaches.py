"""Contact line, time zone, and email of a coach."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0028_people"),
    ]

    operations = [
        migrations.AddField(
            model_name='coach',
            name='contact',
            field=models.CharField(blank=True, db_default='', default='', help_text='One line at the foot of what is printed for a client.', max_length=120),
        ),
        migrations.AddField(
            model_name='coach',
            name='finish_mail',
            field=models.CharField(choices=[('off', 'Never'), ('immediate', 'Each time'), ('daily', 'Once a day')], db_default='off', default='off', help_text='When the coach gets an email about clients who finished.', max_length=9),
        ),
        migrations.AddField(
            model_name='coach',
            name='finish_mail_since',
            field=models.DateTimeField(blank=True, editable=False, help_text='Clients who finished before are never written about.', null=True),
        ),
        migrations.AddField(
            model_name='coach',
            name='time_zone',
            field=models.CharField(blank=True, db_default='', default='', help_text='IANA name, such as Europe/Berlin; empty for the site’s TIME_ZONE.', max_length=64),
        ),
        migrations.AddConstraint(
            model_name='coach',
            constraint=models.CheckConstraint(condition=models.Q(('finish_mail', 'off'), ('finish_mail_since__isnull', False), _connector='OR'), name='coach_finish_mail_from_a_moment'),
        ),
    ]

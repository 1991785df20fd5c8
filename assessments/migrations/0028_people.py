"""People in a coach’s workspace, and their personal links.

Visitors write beside a migration. Each of these takes its locks on few tables, so that
no two transactions wait for each other.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0027_timed_attempts_by_finish"),
    ]

    operations = [
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What the client wrote last, or until then what the coach typed.', max_length=60)),
                ('private_name', models.CharField(blank=True, help_text='The coach’s own; clients never see it.', max_length=60)),
                ('tag', models.CharField(blank=True, help_text='The coach’s own; clients never see it.', max_length=40)),
                ('created_at', models.DateTimeField()),
                ('latest_at', models.DateTimeField(help_text='When the client was invited, joined or finished last.')),
                ('archived_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-latest_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MutedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(help_text='HMAC-SHA256 of the address, in hex.', max_length=64, unique=True)),
                ('muted_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'muted addresses',
            },
        ),
        migrations.CreateModel(
            name='PersonalLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='By which the coach invited.', max_length=60)),
                ('code', models.CharField(help_text='Crockford base 32, 50 bits.', max_length=10, unique=True)),
                ('email', models.EmailField(blank=True, help_text='Emptied when the client has finished, or the invitation has ended.', max_length=254)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(help_text='By email, from this site.', null=True)),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('stopped_at', models.DateTimeField(help_text='When the client asked for no more email.', null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='client',
            name='coach',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clients', to='assessments.coach'),
        ),
        migrations.AddField(
            model_name='personallink',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='personal_links', to='assessments.client'),
        ),
        migrations.AddField(
            model_name='personallink',
            name='invitation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='personal_links', to='assessments.invitation'),
        ),
        migrations.AddIndex(
            model_name='client',
            index=models.Index(fields=['coach', '-latest_at', '-id'], name='client_latest'),
        ),
        migrations.AddConstraint(
            model_name='personallink',
            constraint=models.UniqueConstraint(fields=('invitation', 'client'), name='one_personal_link_in_a_group'),
        ),
        migrations.AddConstraint(
            model_name='personallink',
            constraint=models.CheckConstraint(condition=models.Q(('reminders__lte', 3)), name='personal_link_few_reminders'),
        ),
    ]

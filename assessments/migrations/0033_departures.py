"""That somebody left a group."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0032_clients_of_participations"),
    ]

    operations = [
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('removed', models.BooleanField(help_text='Whether the coach removed the client.')),
                ('had_notes', models.BooleanField()),
                ('steps', models.PositiveSmallIntegerField()),
                ('links', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='departure',
            name='invitation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='departures', to='assessments.invitation'),
        ),
        migrations.AddField(
            model_name='departure',
            name='owner',
            field=models.ForeignKey(help_text='Whom the coach removed; null where the client withdrew.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='departures', to='assessments.owner'),
        ),
        migrations.AddConstraint(
            model_name='departure',
            constraint=models.CheckConstraint(condition=models.Q(('owner', None), ('removed', True), _connector='OR'), name='departure_nameless_when_withdrawn'),
        ),
    ]

"""Drafts have names and notes, and say where they come from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0037_steps_in_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='questionnaire',
            name='begun_from',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='assessments.version'),
        ),
        migrations.AddField(
            model_name='questionnaire',
            name='changed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='questionnaire',
            name='label',
            field=models.CharField(blank=True, db_default='', default='', help_text='Only staff see it. For example, “Shorter trade-offs”.', max_length=60, verbose_name='name of this draft'),
        ),
        migrations.AddField(
            model_name='questionnaire',
            name='note',
            field=models.CharField(blank=True, db_default='', default='', help_text='Only staff see it. Say what this draft is for or what is left to do.', max_length=500),
        ),
        migrations.AddField(
            model_name='questionnaire',
            name='published_as',
            field=models.ForeignKey(blank=True, editable=False, help_text='The newest version that was published from this draft.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='assessments.version'),
        ),
    ]

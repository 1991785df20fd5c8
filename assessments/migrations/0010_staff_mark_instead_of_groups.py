"""Device, language and way of arriving go; of the three only whether staff tried it out stays."""

import django.db.models.deletion
from django.db import migrations, models

import assessments.models.questionnaires


def mark_staff(apps, schema_editor):
    attempts = apps.get_model("assessments", "Attempt").objects
    attempts.filter(arrival="staff").update(by_staff=True)


def unmark_staff(apps, schema_editor):
    attempts = apps.get_model("assessments", "Attempt").objects
    attempts.filter(by_staff=True).update(arrival="staff")


def forget_permissions(apps, schema_editor):
    """Django keeps the permissions of a deleted model, and the admin would go on offering them."""
    types = apps.get_model("contenttypes", "ContentType").objects
    types.filter(app_label="assessments", model="groupmonth").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0009_counts_by_week'),
        ('content', '0004_changes_in_the_audit_trail'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='by_staff',
            field=models.BooleanField(default=False, help_text='Begun while signed in as staff: a try-out, left out of every sum.'),
        ),
        migrations.RunPython(mark_staff, unmark_staff),
        migrations.RemoveField(model_name='attempt', name='arrival'),
        migrations.RemoveField(model_name='attempt', name='device'),
        migrations.RemoveField(model_name='attempt', name='language'),
        migrations.DeleteModel(name='GroupMonth'),
        migrations.RunPython(forget_permissions, migrations.RunPython.noop),
        # Help texts alone: these change no table.
        migrations.AlterField(
            model_name='question',
            name='one_idea',
            field=models.BooleanField(default=False, verbose_name='one idea only'),
        ),
        migrations.AlterField(
            model_name='question',
            name='other_statement',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='question',
            name='other_strength',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.strength'),
        ),
        migrations.AlterField(
            model_name='question',
            name='side',
            field=models.CharField(blank=True, choices=[('left', 'Project statement on the left'), ('right', 'Project statement on the right')], max_length=5),
        ),
        migrations.AlterField(
            model_name='question',
            name='statement',
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name='question',
            name='strength',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.strength'),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='band_z_squared',
            field=assessments.models.questionnaires.ExactField(default='27/10', max_length=20, validators=[assessments.models.questionnaires.exact_number], verbose_name='z² of the band'),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='enjoyment_weight',
            field=assessments.models.questionnaires.ExactField(default='1/4', max_length=20, validators=[assessments.models.questionnaires.exact_number]),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='high_enjoyment',
            field=assessments.models.questionnaires.ExactField(default='125/2', max_length=20, validators=[assessments.models.questionnaires.exact_number]),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='low_enjoyment',
            field=assessments.models.questionnaires.ExactField(default='75/2', max_length=20, validators=[assessments.models.questionnaires.exact_number]),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='rank_gap',
            field=assessments.models.questionnaires.ExactField(default='36', max_length=20, validators=[assessments.models.questionnaires.exact_number]),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='seconds_per_question',
            field=assessments.models.questionnaires.ExactField(default='2', max_length=20, validators=[assessments.models.questionnaires.exact_number]),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='strong_pull',
            field=assessments.models.questionnaires.ExactField(default='200/3', max_length=20, validators=[assessments.models.questionnaires.exact_number]),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='trade_off_weight',
            field=assessments.models.questionnaires.ExactField(default='3/4', max_length=20, validators=[assessments.models.questionnaires.exact_number]),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='v_enjoyment',
            field=assessments.models.questionnaires.ExactField(default='1', max_length=20, validators=[assessments.models.questionnaires.exact_number], verbose_name='V_E'),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='v_trade_off',
            field=assessments.models.questionnaires.ExactField(default='5/4', max_length=20, validators=[assessments.models.questionnaires.exact_number], verbose_name='V_T'),
        ),
        migrations.AlterField(
            model_name='questionnaire',
            name='weak_pull',
            field=assessments.models.questionnaires.ExactField(default='100/3', max_length=20, validators=[assessments.models.questionnaires.exact_number]),
        ),
    ]

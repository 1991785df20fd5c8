"""Words outside pages get states of their own. The first is what visitors see today."""

import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SITE = (
    "name", "strapline", "description", "footer", "call_heading", "call_text", "internship", "call_button",
    "booking_address", "contact_email", "controller", "legal_basis", "processors",
)
ROLE = ("name", "position", "question", "summary", "does", "first_step", "second_step")
STRENGTH = ("name", "kind", "position", "text", "retired")


def values(row, fields, **more):
    return {name: getattr(row, name) for name in fields} | more


def freeze_what_is_live(apps, schema_editor):
    """No state on a new site: it publishes its words when it loads them."""
    versions, site, roles, strengths = (
        apps.get_model("content", name).objects for name in ("WordsVersion", "SiteWords", "Role", "Strength")
    )
    state = {
        "role": {row.slug: values(row, ROLE, page=row.page_id) for row in roles.order_by("position")},
        "strength": {
            row.slug: values(row, STRENGTH, role=row.role and row.role.slug)
            for row in strengths.order_by("kind", "role__position", "position", "pk")
        },
        "sitewords": {str(row.pk): values(row, SITE) for row in site.all()},
    }
    if any(state.values()):
        content = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        versions.create(number=1, content=content)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0012_history_of_drafts_and_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='strength',
            name='name',
            field=models.CharField(help_text='The name visitors see. Once it’s published, every page shows it. Old results keep their wording.', max_length=120, unique=True),
        ),
        migrations.AlterField(
            model_name='strength',
            name='text',
            field=models.TextField(help_text='One to three sentences about it. Once they’re published, every page that lists it shows them.'),
        ),
        migrations.CreateModel(
            name='WordsVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('content', models.TextField()),
                ('published_at', models.DateTimeField(auto_now_add=True)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'state of the words',
                'verbose_name_plural': 'published words',
                'ordering': ('-number',),
                'permissions': [('publish_words', 'Can publish words')],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='words_version_number_from_1')],
            },
        ),
        migrations.RunPython(freeze_what_is_live, migrations.RunPython.noop),
    ]

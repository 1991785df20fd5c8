"""The addresses that the software came with were examples. Where they still stand, none is set."""

import content.models.site
from django.db import migrations, models


EXAMPLES = {"booking_address": "https://example.org/clarity-call", "contact_email": "privacy@example.org"}


def forget_examples(apps, schema_editor):
    words = apps.get_model("content", "SiteWords").objects
    for field, example in EXAMPLES.items():
        words.filter(**{field: example}).update(**{field: ""})


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0006_new_words_and_illustrations'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sitewords',
            name='booking_address',
            field=models.URLField(blank=True, help_text='Where visitors book the call. While it’s empty, the button leads to a page that says booking isn’t open yet. Write {result} where your booking page takes a link, such as https://calls.example/new?result={result}. Visitors who choose to can then bring a link to their result.', validators=[content.models.site.validate_placeholder]),
        ),
        migrations.AlterField(
            model_name='sitewords',
            name='contact_email',
            field=models.EmailField(blank=True, help_text='Whom visitors write to about their data. While it’s empty, the pages on privacy and accessibility say that there is no address yet.', max_length=254),
        ),
        migrations.RunPython(forget_examples, migrations.RunPython.noop),
    ]

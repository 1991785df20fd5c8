import unicodedata

from django.db import migrations, models


def fill(apps, schema_editor):
    """Names are stored as NFKC already (assessments/typed.py)."""
    clients = apps.get_model("assessments", "Client")
    for client in clients.objects.iterator(chunk_size=500):
        texts = (client.name, client.private_name, client.tag)
        text = "\n".join(unicodedata.normalize("NFKC", one.casefold()) for one in texts)
        clients.objects.filter(pk=client.pk).update(search_text=text)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0038_draft_names")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="search_text",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The names and the tag in lower case, one a line.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]

"""The conversation guide's prompts are published with the other words, as they are today."""

import json

from django.db import migrations


def freeze_prompts(apps, schema_editor):
    prompts = apps.get_model("assessments", "ConversationPrompt").objects.order_by("pk")
    for version in apps.get_model("content", "WordsVersion").objects.all():
        state = json.loads(version.content)
        state.setdefault("conversationprompt", {row.kind: {"text": row.text} for row in prompts})
        version.content = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        version.save(update_fields=["content"])


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0035_clients_of_grants'),
        ('content', '0013_words_versions'),
    ]

    operations = [migrations.RunPython(freeze_prompts, migrations.RunPython.noop)]

import json
from fractions import Fraction

from django.db import migrations


def fill(apps, schema_editor):
    Result = apps.get_model("assessments", "Result")
    rows = Result.objects.filter(lean=None).only("pk", "reply").iterator(chunk_size=2000)
    batch = []
    for row in rows:
        lean = json.loads(row.reply).get("lean")
        if lean is not None:
            row.lean = float(Fraction(lean))
            batch.append(row)
        if len(batch) == 2000:
            Result.objects.bulk_update(batch, ["lean"])
            batch = []
    Result.objects.bulk_update(batch, ["lean"])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_quality_ratings_coaching")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""Repairs databases that were made while an earlier migration had another form.

0003 was edited after it had landed: in its first form the places of clicks were two
characters shorter, and the sums by group, which are gone since 0010, had other columns.
Which form a database was made by stands nowhere, so this looks at the tables themselves.
On a right database it changes nothing.
"""

import re

from django.db import migrations

APPS = ("content", "assessments")
LENGTH = re.compile(r"\d+")


def repair(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if model._meta.db_table not in tables:
                schema_editor.create_model(model)
            else:
                repair_columns(model, schema_editor)


def repair_columns(model, schema_editor):
    lengths = lengths_of(model._meta.db_table, schema_editor.connection)
    for field in model._meta.local_concrete_fields:
        if field.column not in lengths:
            schema_editor.add_field(model, field)
        elif field.max_length and (lengths[field.column] or field.max_length) < field.max_length:
            shorter = field.clone()
            shorter.max_length = lengths[field.column]
            shorter.set_attributes_from_name(field.name)
            shorter.model = model
            schema_editor.alter_field(model, shorter, field)


def lengths_of(table, connection):
    """How many characters each column takes; None where it has no such limit."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, type FROM pragma_table_info(%s)", [table])
            found = [(name, LENGTH.search(kind)) for name, kind in cursor.fetchall()]
            return {name: length and int(length[0]) for name, length in found}
        cursor.execute(
            "SELECT column_name, character_maximum_length FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = ANY (current_schemas(false))",
            [table],
        )
        return dict(cursor.fetchall())


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0010_staff_mark_instead_of_groups"),
        ("content", "0004_changes_in_the_audit_trail"),
    ]

    operations = [migrations.RunPython(repair, migrations.RunPython.noop)]

"""One client for each person who has granted something to a coach.

Who wrote another name in another group stays another client there.
"""

from django.db import migrations


def add_clients(apps, schema_editor):
    Client = apps.get_model("assessments", "Client")
    Participation = apps.get_model("assessments", "Participation")
    rows = (
        Participation.objects.filter(client=None)
        .order_by("consented_at", "pk")
        .values_list(
            "pk",
            "invitation__coach",
            "attempt__owner",
            "name",
            "consented_at",
            "attempt__finished_at",
        )
    )
    people = {}
    for pk, coach, owner, name, consented_at, finished_at in rows:
        key = coach, owner, name
        person = people.setdefault(key, {"at": consented_at, "pks": []})
        person["latest"] = max(
            person.get("latest", consented_at), finished_at or consented_at
        )
        person["pks"].append(pk)
    for (coach, _, name), person in people.items():
        client = Client.objects.create(
            coach_id=coach,
            name=name,
            created_at=person["at"],
            latest_at=person["latest"],
        )
        Participation.objects.filter(pk__in=person["pks"]).update(client=client)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0034_result_requests"),
    ]

    operations = [
        migrations.RunPython(
            add_clients, migrations.RunPython.noop, elidable=True
        ),
    ]

"""Tables as earlier forms of a landed migration made them.

assessments 0003 was edited twice. Its text of then is not kept: what differed is two
tables, and this module remakes them in a database of today's migrations. So no test
needs old code or the history of the repository.
"""

from __future__ import annotations

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

GROUPINGS = ["device", "language", "arrival"]


def as_first_made() -> None:
    """The first form: short places of clicks, and the second form's sums by group."""
    click = _state().apps.get_model("assessments", "ClickDay")
    longer = click._meta.get_field("place")
    shorter = longer.clone()
    shorter.max_length = 60
    shorter.set_attributes_from_name("place")
    shorter.model = click
    with connection.schema_editor() as editor:
        editor.alter_field(click, longer, shorter)
    as_made_second()


def as_made_second() -> None:
    """The second form: one row of sums for each group, question and stratum."""
    state = _state()
    with connection.schema_editor() as editor:
        editor.delete_model(state.apps.get_model("assessments", "GroupMonth"))
    state.remove_model("assessments", "groupmonth")
    version = models.ForeignKey("assessments.Version", models.PROTECT, related_name="+")
    state.add_model(
        ModelState(
            "assessments",
            "GroupMonth",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("form", models.CharField(max_length=5)),
                ("month", models.DateField()),
                ("grouping", models.CharField(max_length=8)),
                ("group", models.CharField(max_length=8)),
                ("question", models.CharField(max_length=100)),
                ("stratum", models.PositiveSmallIntegerField()),
                ("n", models.BigIntegerField()),
                ("sx", models.BigIntegerField()),
                ("version", version),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=[
                            *("version", "form", "month", "grouping"),
                            *("group", "question", "stratum"),
                        ],
                        name="one_group_sum_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(grouping__in=GROUPINGS),
                        name="grouping_known",
                    ),
                ]
            },
        )
    )
    group_month = state.apps.get_model("assessments", "GroupMonth")
    with connection.schema_editor() as editor:
        editor.create_model(group_month)


def _state() -> ProjectState:
    """The models as the migrations that are applied say."""
    executor = MigrationExecutor(connection)
    return executor.loader.project_state(list(executor.loader.applied_migrations))

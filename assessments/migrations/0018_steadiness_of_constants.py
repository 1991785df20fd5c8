from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep apart what one sitting shows about the constants and what days show.

    What counted as measured until now had been measured within one sitting. Its column
    keeps its name, and new ones have a default in the database: during an upgrade,
    servers of the last release go on with both.
    """

    dependencies = [("assessments", "0017_both_help_texts")]

    operations = [
        migrations.AlterField(
            "version",
            "constants_measured",
            models.BooleanField(default=False, db_column="constants_measured"),
        ),
        migrations.RenameField("version", "constants_measured", "consistency_measured"),
        migrations.AlterField(
            "version",
            "consistency_measured",
            models.BooleanField(
                default=False,
                db_column="constants_measured",
                help_text=(
                    "V_T and V_E were checked against how at least 300 people answered "
                    "an earlier version within one sitting."
                ),
            ),
        ),
        migrations.AddField(
            "version",
            "steadiness_measured",
            models.BooleanField(
                default=False,
                db_default=False,
                help_text=(
                    "V_T and V_E were also checked against at least 100 people who "
                    "answered an earlier version again on another day."
                ),
            ),
        ),
        migrations.AddField(
            "questionnaire",
            "measured_over_days",
            models.BooleanField(
                default=False,
                db_default=False,
                editable=False,
                help_text=(
                    "People who came back on another day were among those measured."
                ),
            ),
        ),
    ]

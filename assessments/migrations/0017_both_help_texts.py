from django.db import migrations


class Migration(migrations.Migration):
    """Bring together two migrations of help texts that have both been released.

    A database has run one of them or the other. Neither changes a table.
    """

    dependencies = [
        ("assessments", "0013_help_of_measured_constants"),
        ("assessments", "0016_name_on_share_links"),
    ]

    operations = []

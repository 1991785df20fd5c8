"""The four groups of staff. Who is in one, and what else it may do, is the organisation's to change in the admin."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROWS_OF_PAGES = (
    "page", "calltoactionblock", "comparisonblock", "exampleblock", "listblock", "proseblock",
    "responsibilitiesblock", "strengthsblock", "workflowblock",
)  # fmt: skip
ROWS_OF_QUESTIONNAIRES = ("questionnaire", "section", "question", "ratingpanel")
GROUPS = {
    "Editor": [
        *(f"content.{verb}_{row}" for row in ROWS_OF_PAGES for verb in ("view", "add", "change", "delete")),
        *(f"content.{verb}_{row}" for row in ("role", "strength", "sitewords") for verb in ("view", "change")),
        "content.add_strength",
        *(f"assessments.{verb}_{row}" for row in ROWS_OF_QUESTIONNAIRES for verb in ("view", "add", "change", "delete")),
        *(f"assessments.{verb}_conversationprompt" for verb in ("view", "change")),
        "assessments.view_version",
    ],
    "Publisher": [
        *(f"content.view_{row}" for row in (*ROWS_OF_PAGES, "role", "strength", "sitewords", "auditentry")),
        "content.publish_page",
        *(f"assessments.view_{row}" for row in (*ROWS_OF_QUESTIONNAIRES, "version", "conversationprompt")),
        "assessments.publish_questionnaire",
    ],
    "Analyst": ["assessments.view_quality", "assessments.view_version"],
    "Coach manager": [*(f"assessments.{verb}_coach" for verb in ("view", "add", "change", "delete")), "content.view_auditentry"],
}


def make(apps, schema_editor):
    # Permissions are made when all migrations are over, which is too late to give them away here.
    for app in ("content", "assessments"):
        config = apps.get_app_config(app)
        module, config.models_module = getattr(config, "models_module", None), True
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        config.models_module = module
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, permissions in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        wanted = [each.split(".") for each in permissions]
        found = [Permission.objects.get(content_type__app_label=app, codename=codename) for app, codename in wanted]
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0004_leans_of_earlier_results"),
        ("content", "0002_audit_trail"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

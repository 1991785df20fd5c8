from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.db.models.signals import post_delete

from .schema import check_tables


class RolefitAdmin(AdminConfig):
    """django.contrib.admin with our site, and our own page of accounts."""

    default_site = "rolefit.admin_site.RolefitAdminSite"

    def ready(self) -> None:
        super().ready()
        checks.register(check_tables, checks.Tags.database)
        apps.get_app_config("auth").verbose_name = "Accounts and groups"
        # Rolefit is no installed app, so autodiscover does not look here.
        import_module("rolefit.admin")
        import_module("rolefit.audit")
        import_module("rolefit.lookups")
        import_module("rolefit.traces")
        # Models can be imported only now.
        post_delete.connect(
            import_module("assessments.actions.account_sessions").forget_with_session,
            sender="sessions.Session",
        )
        post_delete.connect(
            import_module("assessments.actions.people").forget_client,
            sender="assessments.Participation",
        )
        post_delete.connect(
            import_module("assessments.actions.result_requests").forget_request,
            sender="assessments.ResultRequest",
        )

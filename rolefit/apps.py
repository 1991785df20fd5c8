from __future__ import annotations

from django.contrib.admin.apps import AdminConfig
from django.core import checks

from .schema import check_tables


class RolefitAdmin(AdminConfig):
    default_site = "rolefit.admin_site.RolefitAdminSite"

    def ready(self) -> None:
        super().ready()
        checks.register(check_tables, checks.Tags.database)

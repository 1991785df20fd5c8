from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class RolefitAdmin(AdminConfig):
    default_site = "rolefit.admin_site.RolefitAdminSite"

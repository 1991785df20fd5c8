"""Accounts in the admin. Who has done something that others may want to trace is closed, not deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest


class AccountAdmin(UserAdmin):
    actions = None  # deleting many at once would pass by the page that says why one cannot be deleted

    def get_deleted_objects(self, objs: Iterable[User], request: HttpRequest) -> Any:
        """What an account has done is protected by its rows, or by an admin that deletes none of them: both say the same."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[arg-type]
        return deleted, counts, set(), [*protected, *sorted(lacking)]

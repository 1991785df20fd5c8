"""Takes uploaded files where a page asks for one, and nowhere else."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler


class StaffFiles(MemoryFileUploadHandler):
    """Files for the admin, which has the only page that asks for one.

    The server has refused bodies over 1 MB by then (`server.MAX_BODY`), so a file fits
    into memory.
    """

    def new_file(self, *arguments: Any, **options: Any) -> None:
        if self.request is None or not self.request.path_info.startswith("/admin/"):
            raise SuspiciousOperation("a file where none is expected")
        super().new_file(*arguments, **options)

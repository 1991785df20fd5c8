"""Takes uploaded files where a page asks for one, and nowhere else."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler

from content.pictures import MAX_FILE

# The address to which the page editor sends pictures (content/admin/uploads.py).
PICTURE_UPLOADS = "/admin/content/page/picture/"
# The page on which a coach invites people by name (coaches/inviting.py).
NAME_LISTS = re.compile(r"/coach/\d+/names/")
# Bytes of the body of a request: a picture, and what a form adds to it; and any other.
MAX_PICTURE_BODY = MAX_FILE + 16 * 1024
MAX_BODY = 1024 * 1024


def max_body(path: str) -> int:
    """How many bytes a request to this path may bring."""
    return MAX_PICTURE_BODY if path == PICTURE_UPLOADS else MAX_BODY


class StaffFiles(MemoryFileUploadHandler):
    """Files for the pages that ask for one: those of the admin, and lists of names.

    The server has refused longer bodies by then, so a file fits into memory.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 Django names it so
        content_length: int,
        *arguments: Any,
        **options: Any,
    ) -> None:
        path = self.request.path_info if self.request else ""
        if content_length > max_body(path):
            raise SuspiciousOperation("a file that is too large")
        self.activated = True

    def new_file(self, *arguments: Any, **options: Any) -> None:
        path = self.request.path_info if self.request else ""
        if not (path.startswith("/admin/") or NAME_LISTS.fullmatch(path)):
            raise SuspiciousOperation("a file where none is expected")
        super().new_file(*arguments, **options)

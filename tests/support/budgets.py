"""How much a first visit to a page may send."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

import brotli
from django.conf import settings

# Bytes: what a server can send before the first answer of the browser.
PAGE_BYTES = 14_600
PADDING = 100  # bytes, at most, against BREACH


@cache
def compressed_size(part: str) -> int:
    """Bytes of a file under static/ as it is sent."""
    content = Path(settings.BASE_DIR, "static", part).read_bytes()
    return len(brotli.compress(content, quality=11))


def assert_first_visit_is_small(html: str) -> None:
    parts = re.findall(r'(?:href|src)="/static/((?:css|js)/[\w.-]+)"', html)
    assert any(part.endswith(".css") for part in parts)
    sizes = {part: compressed_size(part) for part in parts}
    sizes["html"] = len(gzip.compress(html.encode(), 6)) + PADDING
    assert sum(sizes.values()) <= PAGE_BYTES, sizes

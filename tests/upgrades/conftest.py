from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .scratch import scratch_database


@pytest.fixture
def empty_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[None]:
    """The default database has no tables, and belongs to this test alone."""
    with django_db_blocker.unblock(), scratch_database(tmp_path):
        yield

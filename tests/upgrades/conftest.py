from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rolefit import schema
from rolefit.schema import StoredTable

from .scratch import our_tables, scratch_database


@pytest.fixture
def empty_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[None]:
    """The default database has no tables, and belongs to this test alone."""
    with django_db_blocker.unblock(), scratch_database(tmp_path):
        yield


@pytest.fixture(scope="module")
def fresh_tables(
    django_db_setup: None, django_db_blocker: Any
) -> dict[str, StoredTable]:
    """The tables of a database that was made in one go."""
    with django_db_blocker.unblock():
        return our_tables()


@pytest.fixture(autouse=True)
def _look_at_the_tables_again() -> Iterator[None]:
    schema.forget_agreement()
    yield
    schema.forget_agreement()

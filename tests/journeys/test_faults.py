"""Faults strike while visitors answer: the short form of `make test-faults`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.strikes import DISK_FULL, rage

pytestmark = pytest.mark.slow
SAVES = 100  # that are acknowledged


@pytest.mark.parametrize(
    ("database", "faults"),
    [
        ("sqlite", ("kill -9 of the whole server", DISK_FULL)),
        ("postgresql", ("kill -9 of PostgreSQL", "kill -9 of a worker")),
    ],
)
def test_nothing_acknowledged_is_lost(
    static_root: Path, database: str, faults: tuple[str, ...]
) -> None:
    outcome = rage(
        static_root,
        on_postgres=database == "postgresql",
        saves=SAVES,
        seed=1,
        only=faults,
        think=0.03,
    )
    storm = outcome.storm
    assert storm.wrong == []
    assert storm.seen["saves acknowledged"] >= SAVES
    assert storm.seen["answers found"] >= SAVES
    assert storm.finished
    assert storm.seen["pages read"]
    assert "Traceback" not in outcome.log

"""A migration that has landed never changes: databases were made by it as it was."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LANDED = Path(__file__).with_name("migrations.sha256")


def test_migrations_are_those_that_landed() -> None:
    """A new one adds its line: `sha256sum FILE >> tests/upgrades/migrations.sha256`."""
    lines = [line.split() for line in LANDED.read_text().splitlines()]
    landed = {name: digest for digest, name in lines}
    present = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for app in ("assessments", "content")
        for path in (ROOT / app / "migrations").glob("[0-9]*.py")
    }
    assert present == landed
    assert len(lines) == len(landed)

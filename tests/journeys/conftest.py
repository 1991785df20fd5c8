"""A running server and visitors with real browsers.

These tests use the server's own database, never Django's test database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.browser.server import ROOT, Server, environment_of, manage
from tests.support.browser.visitor import MakeVisitor, Visitor


@pytest.fixture(scope="session")
def static_root(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The collected static files.

    Compressing them takes seconds, so they are kept until a file or a package changes.
    """
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*.*")):
        digest.update(str(path).encode() + path.read_bytes())
    folder = Path(pytestconfig.cache.mkdir("journeys-static")) / digest.hexdigest()[:16]
    # Another worker waits until the files are there.
    with folder.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        stamp = folder / ".complete"
        if not stamp.exists():
            data = tmp_path_factory.mktemp("collecting")
            manage(
                "collectstatic --noinput --verbosity 0",
                environment_of(STATIC_ROOT=str(folder), DATA_DIR=str(data)),
            )
            stamp.touch()
    return folder


@pytest.fixture(scope="session")
def _server(
    static_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("site"), static_root)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(_server: Server) -> Server:
    """The one server of the session, running again if the test before has killed it."""
    _server.start()
    return _server


@pytest.fixture
def make_visitor(browser: Browser, server: Server) -> Iterator[MakeVisitor]:
    """Visitors with browsers of their own.

    `make_visitor(java_script_enabled=False)` and the like.
    """
    visitors: list[Visitor] = []

    def make(site: Server = server, **options: Any) -> Visitor:
        context = browser.new_context(base_url=site.url, **options)
        visitors.append(Visitor(context, site))
        return visitors[-1]

    yield make
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []


@pytest.fixture
def visitor(make_visitor: MakeVisitor) -> Visitor:
    return make_visitor()

"""Two nodes on one PostgreSQL: what one publishes, and an upgrade without downtime."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.browser.postgres import Postgres
from tests.support.browser.server import (
    ROOT,
    START_LIMIT,
    Server,
    environment_of,
    manage,
)
from tests.support.last_release import unpack_last_release
from tests.support.storm import Storm, ask, rows_of

pytestmark = pytest.mark.slow


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.stop()


def nodes(
    postgres: Postgres, static: Path, folder: Path, *, code: Path = ROOT
) -> list[Server]:
    made = []
    for name in ("a", "b"):
        (folder / name).mkdir()
        made.append(
            Server(
                folder / name,
                static,
                database_url=postgres.url,
                code=code,
                PROXIES="1",
            )
        )
    return made


def take_turns(storm: Storm, saves: int) -> None:
    """Wait until visitors have saved so often since."""
    until = storm.seen["saves acknowledged"] + saves
    latest = time.monotonic() + START_LIMIT
    while storm.seen["saves acknowledged"] < until and not storm.wrong:
        assert time.monotonic() < latest
        time.sleep(0.1)


def test_what_one_node_publishes_shows_on_the_other(
    postgres: Postgres,
    static_root: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    both = nodes(postgres, static_root, tmp_path)
    try:
        for node in both:
            node.start()
        slowest = 0.0
        for number in range(1, 3):
            both[0].run_sql(
                "UPDATE content_wordsversion SET content = replace("
                "content, 'A project manager gets it done.', "
                "'A project manager gets it done. (edited)')"
            )
            words = number * " (edited)"
            published = time.monotonic()
            for node in both:
                while words not in ask(node.port, "/").text:
                    assert time.monotonic() < published + START_LIMIT
                    time.sleep(0.02)
            slowest = max(slowest, time.monotonic() - published)
        record_property("seconds until both nodes showed it", round(slowest, 2))
        print(f"Both nodes showed what was published within {slowest:.2f} seconds.")
    finally:
        for node in both:
            node.kill()


def test_visitors_notice_nothing_of_an_upgrade(
    postgres: Postgres, static_root: Path, tmp_path: Path
) -> None:
    """The steps of "Upgrade" in docs/operate.md, from the last release to this one."""
    old = unpack_last_release(tmp_path)
    old_static = tmp_path / "static"
    (tmp_path / "data").mkdir()
    manage(
        "collectstatic --noinput --verbosity 0",
        environment_of(STATIC_ROOT=str(old_static), DATA_DIR=str(tmp_path / "data")),
        code=old,
    )
    both = nodes(postgres, old_static, tmp_path, code=old)
    try:
        for node in both:
            node.start()
        storm = Storm([node.port for node in both], seed=1)
        with storm.raging(takers=4, think=0.1):
            take_turns(storm, 20)
            manage("migrate --verbosity 0", both[0].environment)
            take_turns(storm, 20)
            for node in both:
                storm.down.add(node.port)
                node.stop()
                node.code = ROOT
                node.environment["STATIC_ROOT"] = str(static_root)
                node.start()
                storm.down.discard(node.port)
                take_turns(storm, 20)
            manage("prepare", both[0].environment)
            take_turns(storm, 20)
        storm.verify(rows_of(tmp_path, postgres.url))
        manage("verify_results", both[0].environment)
        print(
            f"{storm.seen['saves acknowledged']} saves, {len(storm.finished)} results, "
            f"{storm.seen['pages read']} pages read, "
            f"{storm.seen['answers with 503']} answers with 503"
        )
        assert storm.wrong == []
        assert storm.seen["answers found"]
        assert storm.finished
        for node in both:
            assert "Traceback" not in node.log.read_text()
    finally:
        for node in both:
            node.kill()

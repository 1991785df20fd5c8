"""kill -9 in mid-section.

What the page showed as saved is there after the restart, and the visitor goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.browser.postgres import Postgres
from tests.support.browser.server import Server
from tests.support.browser.visitor import MakeVisitor, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.stop()


@pytest.fixture
def server_on_postgres(
    postgres: Postgres, static_root: Path, tmp_path: Path
) -> Iterator[Server]:
    server = Server(tmp_path, static_root, database_url=postgres.url)
    server.start()
    yield server
    server.stop()


def survive(
    visitor: Visitor,
    example: str,
    form: str,
    *,
    crash: Callable[[], None],
    restart: Callable[[], None],
) -> None:
    visitor.start(form)
    key = visitor.key()
    visitor.choose("T1", "1")
    visitor.choose("T2", "4")
    visitor.expect_saved("2 of 4 answers saved")
    crash()
    visitor.choose("T3", "4")
    visitor.expect_saved("Not saved yet: no connection. We’ll keep trying.")
    restart()
    visitor.expect_saved("3 of 4 answers saved", within=15)
    visitor.expect_complaint(
        "ERR_(CONNECTION_(REFUSED|RESET)|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)"
    )
    visitor.page.reload()
    visitor.expect_chosen({"T1": "1", "T2": "4", "T3": "4"})
    visitor.expect_key(key)

    visitor.choose("T4", "2")
    visitor.expect_saved("4 of 4 answers saved")
    crash()
    restart()
    visitor.press("Save and continue")
    visitor.expect_path("/quiz/2/")
    visitor.answer_all(example)
    visitor.finish()
    visitor.expect_headline("Your answers point clearly to project management.")
    before = visitor.figures()
    crash()
    restart()
    visitor.page.reload()
    visitor.expect_figures(before)


def test_saved_answers_survive_a_killed_server(visitor: Visitor) -> None:
    survive(
        visitor,
        "clear_project",
        "full",
        crash=visitor.server.kill,
        restart=visitor.server.start,
    )


def test_saved_answers_survive_a_killed_server_and_a_killed_postgres(
    make_visitor: MakeVisitor, postgres: Postgres, server_on_postgres: Server
) -> None:
    def crash() -> None:
        postgres.kill()
        server_on_postgres.kill()

    def restart() -> None:
        postgres.start()
        server_on_postgres.start()

    survive(
        make_visitor(server_on_postgres),
        "clear_short",
        "short",
        crash=crash,
        restart=restart,
    )

"""`manage.py make_staff` as a person meets it: at a terminal, asked one thing after the other."""

from __future__ import annotations

import os
import pty
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PASSWORD = "seventeen grey herons"
ASKED = {
    "E-mail: ": "Stella@Example.org",
    "Name: ": "Stella",
    "Password: ": PASSWORD,
    "The same password again: ": PASSWORD,
}


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a site whose tables are made."""
    folder = tmp_path_factory.mktemp("data")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=environment(folder),
        check=True,
    )
    return folder


@pytest.fixture
def folder(tables: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tables, tmp_path, dirs_exist_ok=True)


def make_staff(
    folder: Path, *answers: tuple[str, str], options: tuple[str, ...] = ()
) -> tuple[int, str]:
    """Answer each question, given by its last words, once it is asked. The exit status, and all that the terminal showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "make_staff", *options],
        cwd=ROOT,
        env=environment(folder),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = ""
    waiting = list(answers)
    try:
        while piece := os.read(ours, 4096):
            shown += piece.decode()
            if waiting and shown.endswith(waiting[0][0]):
                os.write(ours, waiting.pop(0)[1].encode() + b"\n")
    except OSError:  # how Linux says that the other end of a terminal is closed
        pass
    finally:
        os.close(ours)
    assert waiting == []
    return process.wait(timeout=60), shown


def accounts(folder: Path) -> list[tuple[object, ...]]:
    return rows(
        folder,
        'SELECT username, auth_user.email, first_name, is_staff, is_superuser, account_emailaddress.email, verified, "primary" '
        "FROM auth_user LEFT JOIN account_emailaddress ON user_id = auth_user.id",
    )


def rights(folder: Path) -> list[tuple[object, ...]]:
    return rows(
        folder,
        "SELECT username, is_staff, is_superuser, auth_group.name FROM auth_user JOIN auth_user_groups ON user_id = auth_user.id "
        "JOIN auth_group ON auth_group.id = group_id ORDER BY auth_group.name",
    )


def rows(folder: Path, select: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "db.sqlite3") as database:
        found = database.execute(select).fetchall()
    database.close()
    return found


def test_account_is_staff_with_a_verified_address(folder: Path) -> None:
    status, shown = make_staff(folder, *ASKED.items())

    assert status == 0
    assert accounts(folder) == [
        (
            "stella@example.org",
            "stella@example.org",
            "Stella",
            1,
            1,
            "stella@example.org",
            1,
            1,
        )
    ]
    assert "may sign in at /admin/" in shown
    assert PASSWORD not in shown


def test_account_made_for_groups_is_in_them_and_may_do_no_more(folder: Path) -> None:
    status, _ = make_staff(
        folder,
        *ASKED.items(),
        options=("--group", "Editor", "--group", "Coach manager"),
    )

    assert status == 0
    assert rights(folder) == [
        ("stella@example.org", 1, 0, "Coach manager"),
        ("stella@example.org", 1, 0, "Editor"),
    ]


def test_unknown_group_is_refused_before_anything_is_asked(folder: Path) -> None:
    status, shown = make_staff(folder, options=("--group", "editor"))

    assert status == 2
    assert "argument --group: invalid choice: 'editor'" in shown
    for name in ("Analyst", "Coach manager", "Editor", "Publisher"):
        assert f"'{name}'" in shown
    assert accounts(folder) == []


def test_address_with_an_account_is_refused(folder: Path) -> None:
    make_staff(folder, *ASKED.items())

    status, shown = make_staff(folder, ("E-mail: ", "stella@example.ORG"))

    assert status == 1
    assert "stella@example.org has an account already" in shown
    assert len(accounts(folder)) == 1


def test_each_wrong_answer_is_asked_again(folder: Path) -> None:
    status, shown = make_staff(
        folder,
        *(
            ("E-mail: ", "stella"),
            ("E-mail: ", "stella@example.org"),
            ("Name: ", ""),
            ("Name: ", "Stella"),
        ),
        *(
            ("Password: ", "short"),
            ("Password: ", PASSWORD),
            ("The same password again: ", "something else"),
        ),
        *(("Password: ", PASSWORD), ("The same password again: ", PASSWORD)),
    )

    assert status == 0
    for sentence in (
        "That is not an e-mail address.",
        "A name has 1 to",
        "This password is too short.",
        "The two differ.",
    ):
        assert sentence in shown
    assert len(accounts(folder)) == 1


def test_giving_up_half_way_makes_no_account(folder: Path) -> None:
    status, shown = make_staff(
        folder, ("E-mail: ", "stella@example.org"), ("Name: ", "\x04")
    )

    assert status == 1
    assert "no account was made" in shown
    assert accounts(folder) == []


def test_without_a_terminal_nothing_is_asked_and_nothing_made(folder: Path) -> None:
    command = [sys.executable, "manage.py", "make_staff"]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(folder),
        input="a@example.org\n",
        capture_output=True,
        text=True,
    )

    assert result.returncode == 1
    assert "needs a terminal" in result.stderr
    assert result.stdout == ""
    assert accounts(folder) == []

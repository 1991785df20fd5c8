"""`manage.py make_staff`: at a terminal, asked one thing after the other."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from assessments.management.commands import make_staff
from content.models import AuditEntry

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
PASSWORD = "seventeen gray herons"
ANSWERS = [
    ("Email: ", "Stella@Example.org"),
    ("Name: ", "Stella"),
    ("Password: ", PASSWORD),
    ("The same password again: ", PASSWORD),
]


class Terminal:
    """Answers each question that the command asks, and keeps what it shows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting: Iterator[tuple[str, str]] = iter(())
        self.out, self.errors = StringIO(), StringIO()
        monkeypatch.setattr("builtins.input", self.answer)
        monkeypatch.setattr(make_staff, "getpass", self.answer)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

    def answer(self, question: str) -> str:
        asked, answer = next(self.waiting)
        assert question == asked
        if answer == "\x04":
            raise EOFError
        return answer

    def run(self, *answers: tuple[str, str], groups: tuple[str, ...] = ()) -> None:
        self.waiting = iter(answers)
        options = [word for group in groups for word in ("--group", group)]
        try:
            call_command("make_staff", *options, stdout=self.out, stderr=self.errors)
        finally:
            assert list(self.waiting) == []


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def test_account_is_staff_with_a_verified_address(terminal: Terminal) -> None:
    terminal.run(*ANSWERS)
    user = User.objects.get()
    address = EmailAddress.objects.get()
    assert (user.username, user.email, user.first_name) == (
        "stella@example.org",
        "stella@example.org",
        "Stella",
    )
    assert (user.is_staff, user.is_superuser) == (True, True)
    assert user.check_password(PASSWORD)
    assert (address.user, address.email) == (user, "stella@example.org")
    assert (address.verified, address.primary) == (True, True)


def test_account_made_for_groups_is_in_them_and_may_do_no_more(
    terminal: Terminal,
) -> None:
    terminal.run(*ANSWERS, groups=("Editor", "Coach manager"))
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert set(user.groups.values_list("name", flat=True)) == {
        "Editor",
        "Coach manager",
    }


def test_unknown_group_is_refused_before_anything_is_asked(terminal: Terminal) -> None:
    with pytest.raises(CommandError) as refusal:
        terminal.run(groups=("editor",))
    for name in ("Analyst", "Coach manager", "Editor", "Publisher"):
        assert name in str(refusal.value)
    assert User.objects.count() == 0


def test_address_with_an_account_is_refused(terminal: Terminal) -> None:
    terminal.run(*ANSWERS)
    with pytest.raises(CommandError, match="stella@example.org"):
        terminal.run(("Email: ", "stella@example.ORG"))
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ([("Email: ", "stella")], 0),
        ([("Email: ", f"{'s' * 150}@example.org")], 0),
        ([("Name: ", "")], 1),
        ([("Name: ", "s" * 151)], 1),
        ([("Password: ", "short")], 2),
        ([("Password: ", PASSWORD), ("The same password again: ", "another")], 2),
    ],
)
def test_wrong_answer_is_explained_and_asked_again(
    terminal: Terminal, wrong: list[tuple[str, str]], place: int
) -> None:
    terminal.run(*ANSWERS[:place], *wrong, *ANSWERS[place:])
    assert len(terminal.errors.getvalue().splitlines()) == 1
    assert User.objects.get().check_password(PASSWORD)


def test_giving_up_half_way_makes_no_account(terminal: Terminal) -> None:
    with pytest.raises(CommandError):
        terminal.run(("Email: ", "stella@example.org"), ("Name: ", "\x04"))
    assert User.objects.count() == 0


def test_without_a_terminal_nothing_is_asked_and_nothing_made(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(CommandError, match="needs a terminal"):
        terminal.run()
    assert User.objects.count() == 0


@pytest.mark.slow
def test_password_is_not_shown_on_a_real_terminal(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "make_staff"],
        cwd=ROOT,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, waiting = "", [*ANSWERS]
    try:
        while piece := os.read(ours, 4096):
            shown += piece.decode()
            if waiting and shown.endswith(waiting[0][0]):
                os.write(ours, waiting.pop(0)[1].encode() + b"\n")
    except OSError:  # how Linux says that the other end of a terminal is closed
        pass
    finally:
        os.close(ours)
    assert (process.wait(timeout=60), waiting) == (0, [])
    assert "stella@example.org" in shown
    assert PASSWORD not in shown


def test_account_is_made_without_a_terminal_and_its_link_sets_the_password(
    article: None,
) -> None:
    out = StringIO()
    call_command(
        "make_staff", "--email", "Stella@Example.org", "--name", "Stella", stdout=out
    )
    user = User.objects.get()
    assert AuditEntry.objects.latest("pk").subject == f"account {user.pk}: superuser"
    assert (user.email, user.first_name) == ("stella@example.org", "Stella")
    assert not user.has_usable_password()
    [link] = [word for word in out.getvalue().split() if "/accounts/" in word]
    client = Client()
    path = urlsplit(link).path
    assert client.get(path).status_code == 200
    client.post(path, {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "options",
    [
        ("--email", "stella@example.org"),
        ("--name", "Stella"),
        ("--email", "stella", "--name", "Stella"),
        ("--email", f"{'s' * 300}@example.org", "--name", "Stella"),
        ("--email", "taken@example.org", "--name", "Stella"),
    ],
)
def test_options_that_make_no_account_are_refused(options: tuple[str, ...]) -> None:
    User.objects.create_user("taken@example.org", "taken@example.org", PASSWORD)
    with pytest.raises(CommandError):
        call_command("make_staff", *options)
    assert User.objects.count() == 1

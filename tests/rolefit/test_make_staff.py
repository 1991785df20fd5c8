"""`make staff` asks for everything, refuses what is wrong, and sets no password of its own."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from assessments.management.commands import make_staff

PASSWORD = "a long pass phrase"


class Terminal:
    """Answers the questions of the command in turn, as a person at a terminal does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.answers = list(answers)
        monkeypatch.setattr("builtins.input", self.answer)
        monkeypatch.setattr(make_staff, "getpass", self.answer)
        monkeypatch.setattr(make_staff.sys, "stdin", self)

    def answer(self, question: str) -> str:
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def isatty(self) -> bool:
        return True


@pytest.mark.django_db
def test_staff_account_has_a_verified_address_and_the_password_that_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    Terminal(monkeypatch, " Stella@Example.org ", "Stella", PASSWORD, PASSWORD)
    call_command("make_staff")

    user = User.objects.get()
    address = EmailAddress.objects.get(user=user)
    assert (user.username, user.email, user.first_name) == ("stella@example.org", "stella@example.org", "Stella")
    assert (user.is_staff, user.is_superuser, user.check_password(PASSWORD)) == (True, True, True)
    assert (address.email, address.verified, address.primary) == ("stella@example.org", True, True)


@pytest.mark.django_db
def test_wrong_answers_are_refused_and_asked_again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wrong_passwords = ("short", "123456789012", PASSWORD, "another pass phrase")
    Terminal(monkeypatch, "stella", "stella@example.org", "", "Stella", *wrong_passwords, PASSWORD, PASSWORD)
    call_command("make_staff")

    said = capsys.readouterr().err
    for sentence in ("not an e-mail address", "A name has 1 to", "too short", "entirely numeric", "The two differ"):
        assert sentence in said
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("known", ["stella@example.org", "STELLA@example.org"])
def test_existing_account_is_left_alone(monkeypatch: pytest.MonkeyPatch, staff: User, known: str) -> None:
    Terminal(monkeypatch, known)
    with pytest.raises(CommandError, match="has an account already"):
        call_command("make_staff")
    assert User.objects.get() == staff


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [(), ("stella@example.org",), ("stella@example.org", "Stella", PASSWORD)])
def test_stopping_half_way_makes_no_account(monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]) -> None:
    Terminal(monkeypatch, *answers)
    with pytest.raises(CommandError, match="no account was made"):
        call_command("make_staff")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_without_a_terminal_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Terminal, "isatty", lambda self: False)
    Terminal(monkeypatch, "stella@example.org", "Stella", PASSWORD, PASSWORD)
    with pytest.raises(CommandError, match="needs a terminal"):
        call_command("make_staff")
    assert not User.objects.exists()

"""How a coach gets a workspace.

The coach asks, a Coach manager approves, a link lets the coach choose a password.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser, User
from django.core.mail import EmailMessage
from django.test import Client

from assessments.actions import coaches as coache_actions
from assessments.coaches.group_forms import AskForm
from assessments.models import Coach, Version
from assessments.queries import coaches as coache_queries
from content.models import AuditEntry
from tests.support.coaching import make_coach, make_manager

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def known_as(name: str, email: str, *, verified: bool = True, **more: object) -> User:
    """An account whose address was confirmed, as those that may sign in have one."""
    user = User.objects.create_user(name, email, **more)
    EmailAddress.objects.create(
        user=user, email=email.lower(), verified=verified, primary=True
    )
    return user


def asked(email: str = "Nora@Example.org", name: str = "Nora") -> Coach:
    coache_actions.ask_for_account(name=name, email=email, works_with="Nurses")
    return Coach.objects.get(email=email.lower())


def test_asking_leaves_one_request_however_often_and_however_the_address_is_written(
    questionnaire: Version,
) -> None:
    coach = asked()
    coache_actions.ask_for_account(
        name="Somebody else", email=" nora@example.ORG ", works_with=""
    )
    assert list(Coach.objects.values_list("name", "email", "works_with")) == [
        ("Nora", "nora@example.org", "Nurses")
    ]
    assert (coach.user, coach.approved_at) == (None, None)


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    """Mail goes out, and nobody takes it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_request_is_mailed_to_each_manager_alone_new_or_not(
    manager: User,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: Any,
) -> None:
    make_manager("mona")
    closed = make_manager("closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    User.objects.filter(pk=make_manager("left").pk).update(is_staff=False)
    User.objects.filter(pk=make_manager("nowhere").pk).update(email="")
    User.objects.create_superuser("root", "root@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        coach = asked()
    page = f"http://localhost:8000/admin/assessments/coach/{coach.pk}/change/"
    to = [["mara@example.org"], ["mona@example.org"]]
    assert [message.to for message in mailoutbox] == to
    for message in mailoutbox:
        assert re.findall(r"http\S+", str(message.body)) == [page]
        assert {"Nurses", "Nora"} <= {*re.findall(r"\w+", str(message.body))}
    with django_capture_on_commit_callbacks(execute=True):
        coache_actions.ask_for_account(
            name="Somebody else", email="nora@example.org", works_with="Whoever"
        )
    assert [message.to for message in mailoutbox[2:]] == to
    for message in mailoutbox[2:]:
        assert re.findall(r"http\S+", str(message.body)) == [page]
        assert "Whoever" not in str(message.body)


@pytest.mark.parametrize("mail", [True, False])
def test_request_is_mailed_to_nobody_where_no_mail_goes_out_or_nobody_manages(
    questionnaire: Version,
    settings: Any,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: Any,
    mail: bool,
) -> None:
    if not mail:
        make_manager()
    settings.MAIL_GOES_OUT = mail
    with django_capture_on_commit_callbacks(execute=True):
        asked()
    assert mailoutbox == []


def test_request_stays_where_the_mail_server_fails(
    manager: User,
    no_mail_server: None,
    django_capture_on_commit_callbacks: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        asked()
    [record] = [record for record in caplog.records if record.exc_info]
    assert isinstance(record.exc_info[1], ConnectionRefusedError)
    assert Coach.objects.get().approved_at is None


def test_declined_request_leaves_nothing_and_its_author_can_be_told(
    manager: User, mailoutbox: list[EmailMessage]
) -> None:
    coach = asked()
    coache_actions.decline_request(coach, by=manager)
    assert not Coach.objects.exists()
    entry = AuditEntry.objects.get(act="delete")
    assert (entry.by, "Nora" in entry.subject) == (manager, False)
    assert mailoutbox == []
    coache_actions.mail_refusal(coach)
    assert [message.to for message in mailoutbox] == [["nora@example.org"]]
    with pytest.raises(coache_actions.NotWaiting):
        coache_actions.decline_request(coach, by=manager)


def test_workspace_is_not_declined(manager: User, coach: Coach) -> None:
    with pytest.raises(coache_actions.NotWaiting):
        coache_actions.decline_request(coach, by=manager)
    assert Coach.objects.get() == coach


def test_approving_makes_an_account_and_mails_a_link_that_sets_the_password(
    manager: User,
    mailoutbox: list[EmailMessage],
) -> None:
    coach = asked()
    link = coache_actions.approve_coach(coach, by=manager)
    assert mailoutbox == []
    coach.refresh_from_db()
    coache_actions.mail_approval(coach)
    assert coach.user is not None
    assert (
        coach.approved_by,
        coach.user.email,
        coach.user.is_staff,
        coach.user.has_usable_password(),
    ) == (
        manager,
        "nora@example.org",
        False,
        False,
    )
    assert (
        EmailAddress.objects.filter(
            user=coach.user, verified=True, primary=True
        ).count()
        == 1
    )
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["nora@example.org"], "Your workspace on Rolefit is ready")
    ]
    assert re.findall(r"http\S+reset/key\S+", str(mailoutbox[0].body)) == [link]
    assert str(AuditEntry.objects.get(act="approve")) == f"approved coach {coach.pk}"
    assert link.startswith("http://localhost:8000/accounts/password/reset/key/")

    browser = Client()
    address = link.removeprefix("http://localhost:8000")
    assert browser.get(address).status_code == 200
    assert (
        browser.post(
            address,
            {"password1": "quite a long phrase", "password2": "quite a long phrase"},
        ).status_code
        == 302
    )
    coach.user.refresh_from_db()
    assert coach.user.check_password("quite a long phrase")
    assert coache_actions.first_password_link(Coach.objects.get()) == ""
    assert Client().get(address).status_code == 404


def test_approving_finds_an_account_by_its_address_in_any_case_and_gives_no_link_to_it(
    manager: User,
    mailoutbox: list[EmailMessage],
) -> None:
    known = known_as("nora", "NORA@example.org", password="a long pass phrase")
    assert coache_actions.approve_coach(asked(), by=manager) == ""
    assert Coach.objects.get().user == known
    coache_actions.mail_approval(Coach.objects.get())
    assert re.findall(r"http\S+", str(mailoutbox[0].body)) == [
        "http://localhost:8000/accounts/login/"
    ]


def test_verified_address_of_another_name_finds_its_account(manager: User) -> None:
    known = User.objects.create_user("n", "private@example.org", "a long pass phrase")
    EmailAddress.objects.create(user=known, email="nora@example.org", verified=True)
    coache_actions.approve_coach(asked(), by=manager)
    assert Coach.objects.get().user == known


def test_unconfirmed_address_of_another_account_gives_nobody_a_workspace(
    manager: User,
) -> None:
    egon = known_as("egon", "egon@example.org", is_staff=True)
    EmailAddress.objects.create(user=egon, email="nora@example.org", verified=False)
    coache_actions.approve_coach(asked(), by=manager)
    user = Coach.objects.get().user
    assert user is not None
    assert user != egon
    assert (user.email, user.is_staff) == ("nora@example.org", False)


@pytest.mark.parametrize("name", ["n", "nora@example.org"])
def test_account_that_never_confirmed_its_address_is_settled_by_people_first(
    manager: User, name: str
) -> None:
    known_as(name, "Nora@example.org", verified=False)
    with pytest.raises(coache_actions.NotApprovable, match="hasn’t confirmed"):
        coache_actions.approve_coach(asked(), by=manager)
    assert (
        Coach.objects.get().user,
        User.objects.filter(email__iexact="nora@example.org").count(),
    ) == (None, 1)


def test_address_too_long_for_a_user_name_is_refused_with_a_sentence(
    manager: User,
) -> None:
    long = f"{'n' * 60}@{'e' * 60}.{'f' * 30}.example"
    assert len(long) > coache_actions.MAX_EMAIL_LENGTH
    coach = Coach.objects.create(name="Nora", email=long)
    with pytest.raises(coache_actions.NotApprovable, match="150 characters"):
        coache_actions.approve_coach(coach, by=manager)
    data = {"name": "Nora", "email": long, "works_with": "Nurses"}
    assert {*AskForm(data).errors} == {"email"}


def test_manager_never_gets_a_link_into_an_account_of_staff(manager: User) -> None:
    known_as("nora", "nora@example.org", is_staff=True)
    assert coache_actions.approve_coach(asked(), by=manager) == ""


def test_coach_is_approved_once(manager: User) -> None:
    coach = asked()
    coache_actions.approve_coach(coach, by=manager)
    with pytest.raises(coache_actions.AlreadyApproved):
        coache_actions.approve_coach(coach, by=manager)
    assert AuditEntry.objects.filter(act="approve").count() == 1


def test_closed_account_is_not_opened_by_approving(manager: User) -> None:
    known_as("nora", "nora@example.org", is_active=False)
    with pytest.raises(coache_actions.NotApprovable, match="closed"):
        coache_actions.approve_coach(asked(), by=manager)
    assert Coach.objects.get().user is None


def test_account_has_one_workspace(manager: User, coach: Coach) -> None:
    assert coach.user is not None
    EmailAddress.objects.create(
        user=coach.user, email="nora@example.org", verified=True
    )
    with pytest.raises(coache_actions.NotApprovable, match="already"):
        coache_actions.approve_coach(asked(), by=manager)


def test_mail_that_cannot_go_out_is_told_and_does_not_undo_the_approval(
    manager: User, no_mail_server: None
) -> None:
    coache_actions.approve_coach(asked(), by=manager)
    coach = Coach.objects.get()
    with pytest.raises(coache_actions.NotMailed):
        coache_actions.mail_approval(coach)
    assert coach.approved_at


def test_workspace_opens_for_an_approved_coach_with_an_open_account_alone(
    manager: User,
) -> None:
    waiting = asked("wendy@example.org")
    coach = make_coach("Nora", by=manager)
    assert coach.user is not None
    assert waiting.user is None
    assert coache_queries.coach_of(coach.user) == coach
    assert coache_queries.coach_of(manager) is None
    assert coache_queries.coach_of(AnonymousUser()) is None
    coach.user.is_active = False
    assert coache_queries.coach_of(coach.user) is None

"""Nobody takes over an account that may do more than they may.

Members of each group, who also have every right to manage accounts, try each button and
form of the admin on accounts of each kind.
"""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions.account_sessions import sessions_of
from assessments.models import Coach
from rolefit.admin import OUT_OF_REACH
from tests.support.coaching import make_coach, make_manager, signed_in_as
from tests.support.dom import parse
from tests.support.forms import form_in
from tests.support.pages import template_of
from tests.support.staff import confirmed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OLD, NEW = "a long pass phrase", "seventeen gray herons"
MANAGES = ("view_user", "add_user", "change_user", "delete_user")
# The groups and own rights of an account, and whether it is open.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], bool]] = {
    "nobody": ((), (), True),
    "manages accounts": ((), MANAGES, True),
    "Editor": (("Editor",), (), True),
    "Publisher": (("Publisher",), (), True),
    "Analyst": (("Analyst",), (), True),
    "Coach manager": (("Coach manager",), (), True),
    "two groups": (("Analyst", "Coach manager"), (), True),
    "closed publisher": (("Publisher",), (), False),
    "right of its own": ((), ("publish_page",), True),
    "superuser": ((), (), True),
    "closed superuser": ((), (), False),
    "coach": ((), (), True),
    "staff with a workspace": ((), (), True),
}
# What clients share is no right of Django's, and only the coach's.
COACHES = {"coach", "staff with a workspace"}
# Whom each may change.
PLAIN = {"nobody", "manages accounts"}
REACH: dict[str, set[str]] = {
    "nobody": PLAIN,
    # An Editor sees how well questions work, and that is all that an Analyst may do.
    "Editor": {*PLAIN, "Editor", "Analyst"},
    "Publisher": {*PLAIN, "Publisher", "closed publisher", "right of its own"},
    "Analyst": {*PLAIN, "Analyst"},
    "Coach manager": {*PLAIN, "Coach manager"},
    "staff with a workspace": PLAIN,
    "superuser": {*KINDS},
}


def make(kind: str, name: str) -> User:
    groups, rights, is_open = KINDS[kind]
    user = User.objects.create_user(
        name,
        f"{name}@example.org",
        OLD,
        is_staff=kind != "coach",
        is_superuser="superuser" in kind,
        is_active=is_open,
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    if kind in COACHES:
        Coach.objects.create(
            name=name,
            email=user.email,
            user=user,
            approved_at=timezone.now(),
            approved_by=user,
        )
    return user


def actor(kind: str) -> Client:
    """The browser of someone of this kind who may also manage accounts."""
    user = make(kind, "actor")
    user.user_permissions.add(*Permission.objects.filter(codename__in=MANAGES))
    return confirmed(signed_in_as(user))


def at(page: str, account: User) -> str:
    return reverse(f"admin:auth_user_{page}", args=[account.pk])


def state(account: User) -> list[dict[str, Any]]:
    fields = ("password", "email", "first_name", "is_active", "is_staff")
    return list(User.objects.filter(pk=account.pk).values(*fields))


def tries(account: User) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Everything that changes an account: method, address, fields. Deletion is last."""
    typed = {"email": account.email, "first_name": "Taken", "is_staff": "on"}
    password = {"password1": NEW, "password2": NEW}
    here, its_password = at("change", account), at("password_change", account)
    return {
        "end sessions": ("post", at("end_sessions", account), {}),
        "remove factor": ("post", at("remove_second_factor", account), {}),
        "address": ("post", here, typed | {"email": "mine@example.org"}),
        "open": ("post", here, typed | {"is_active": "on"}),
        "close": ("post", here, typed),
        "see password": ("get", its_password, {}),
        "password": ("post", its_password, password),
        "see deletion": ("get", at("delete", account), {}),
        "delete": ("post", at("delete", account), {"post": "yes"}),
    }


def test_every_address_of_an_account_is_tried() -> None:
    """A new one would have to be added above."""
    addresses = {
        pattern.name
        for pattern in admin.site.get_model_admin(User).get_urls()
        if pattern.name and pattern.pattern.converters
    }
    assert addresses == {
        f"auth_user_{page}"
        for page in (
            "end_sessions",
            "remove_second_factor",
            "password_change",
            "change",
            "delete",
            "history",
        )
    }


@pytest.mark.parametrize("who", REACH)
def test_whoever_manages_accounts_changes_only_those_that_may_do_no_more(
    who: str,
) -> None:
    client = actor(who)
    for number, kind in enumerate(KINDS):
        within = kind in REACH[who]
        account = make(kind, f"target-{number}")
        Authenticator.objects.create(
            user=account, type=Authenticator.Type.TOTP, data={}
        )
        Client().force_login(account)
        page = parse(client.get(at("change", account)))
        assert page.has("[name=seen]") == within, (who, kind)
        assert page.has(".page-tools") == within, (who, kind)
        its_password = f"#content a[href={at('password_change', account)}]"
        assert page.has(its_password) == within, (who, kind)
        assert (OUT_OF_REACH in page.text) != within, (who, kind)
        before = state(account)
        for deed, (method, address, fields) in tries(account).items():
            answer = getattr(client, method)(address, fields)
            if within:
                stays = deed == "delete" and kind in COACHES
                expected = 200 if method == "get" or stays else 302
                assert answer.status_code == expected, (who, kind, deed)
            else:
                assert_refused(answer)
        if within:
            gone = not User.objects.filter(pk=account.pk).exists()
            assert gone == (kind not in COACHES)
        else:
            assert state(account) == before, (who, kind)
            assert Authenticator.objects.filter(user=account).exists()
            assert len(sessions_of(account)) == 1


def assert_refused(answer: HttpResponse) -> None:
    assert (answer.status_code, template_of(answer)) == (403, "403.html")
    assert OUT_OF_REACH in parse(answer).one("main").text


def test_what_each_try_does() -> None:
    """So none of them is refused for any reason but the account's rights."""
    client, account = actor("superuser"), make("Publisher", "target")
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    Client().force_login(account)
    done = {}
    for deed, (method, address, fields) in tries(account).items():
        before = (
            state(account),
            Authenticator.objects.filter(user=account).count(),
            Session.objects.count(),
        )
        getattr(client, method)(address, fields)
        done[deed] = before != (
            state(account),
            Authenticator.objects.filter(user=account).count(),
            Session.objects.count(),
        )
    unseen = {"see password", "see deletion"}
    assert done == {deed: deed not in unseen for deed in done}


@pytest.mark.parametrize("form", ["change", "delete"])
def test_refusal_comes_before_the_password_is_asked_for(form: str) -> None:
    user = make("nobody", "actor")
    user.user_permissions.set(Permission.objects.filter(codename__in=MANAGES))
    assert_refused(signed_in_as(user).post(at(form, make("Editor", "target")), {}))


@pytest.mark.parametrize(
    ("rights", "page"),
    [
        (("view_user", "delete_user"), "password_change"),
        (("view_user", "delete_user"), "change"),
        (("view_user", "change_user"), "delete"),
    ],
)
def test_whoever_lacks_the_right_is_not_asked_for_the_password(
    rights: tuple[str, ...], page: str
) -> None:
    user = make("nobody", "actor")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    answer = signed_in_as(user).post(at(page, make("nobody", "target")), {})
    assert answer.status_code == 403


def test_whoever_may_only_delete_reads_why_there_is_no_button() -> None:
    user = make("nobody", "actor")
    rights = ("view_user", "delete_user")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = signed_in_as(user)
    for kind in ("nobody", "Editor"):
        account = make(kind, f"target {kind}")
        page = parse(client.get(at("change", account)))
        assert page.has(f"a[href={at('delete', account)}]") == (kind == "nobody")
        assert (OUT_OF_REACH in page.text) == (kind == "Editor")
        assert not page.has(f"a[href={at('password_change', account)}]")


def test_member_of_staff_with_a_workspace_may_change_their_own_account() -> None:
    client = actor("staff with a workspace")
    own = User.objects.get(username="actor")
    assert parse(client.get(at("change", own))).has("[name=seen]")


def test_closed_workspace_is_out_of_reach_because_it_can_be_reopened() -> None:
    client, account = actor("nobody"), make("coach", "target")
    Coach.objects.update(closed_at=timezone.now(), closed_by=account)
    assert_refused(client.post(at("change", account), {}))


def test_right_that_is_given_while_the_page_is_open_closes_it() -> None:
    client, account = actor("Editor"), make("nobody", "target")
    typed = form_in(client.get(at("change", account))) | {"first_name": "Taken"}
    account.groups.add(Group.objects.get(name="Publisher"))
    assert_refused(client.post(at("change", account), typed))
    account.refresh_from_db()
    assert account.first_name == ""


def test_many_accounts_at_once_are_not_changed() -> None:
    client, account = actor("nobody"), make("superuser", "target")
    chosen = {"action": "delete_selected", "_selected_action": account.pk}
    client.post(reverse("admin:auth_user_changelist"), chosen | {"post": "yes"})
    assert User.objects.filter(pk=account.pk).exists()


def test_new_account_has_no_rights_that_its_maker_lacks() -> None:
    client = actor("Editor")
    typed = {"email": "edith@example.org", "first_name": "Edith"}
    given = {
        "is_superuser": "on",
        "groups": [group.pk for group in Group.objects.all()],
        "user_permissions": [right.pk for right in Permission.objects.all()[:5]],
    }
    password = {"password1": NEW, "password2": NEW}
    client.post(reverse("admin:auth_user_add"), typed | given | password)
    edith = User.objects.get(email="edith@example.org")
    assert (edith.is_superuser, edith.get_all_permissions()) == (False, set())


@pytest.mark.parametrize("more", ["is_staff", "is_superuser", "group", "right"])
def test_manager_of_coaches_gets_no_link_to_an_account_that_may_do_more(
    questionnaire: object, settings: Any, more: str
) -> None:
    settings.MAIL_GOES_OUT = False
    manager = make_manager()
    coach = make_coach("Carla", by=manager)
    account = coach.user
    assert account is not None
    client = confirmed(signed_in_as(manager))
    link = reverse("admin:assessments_coach_new_password", args=[coach.pk])
    assert client.post(link).status_code == 200
    if more == "group":
        account.groups.add(Group.objects.get(name="Analyst"))
    elif more == "right":
        account.user_permissions.add(Permission.objects.get(codename="view_page"))
    else:
        User.objects.filter(pk=account.pk).update(**{more: True})
    assert client.post(link).status_code == 302


def test_nobody_but_a_superuser_deletes_a_group() -> None:
    user = make("Editor", "actor")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=("view_group", "delete_group"))
    )
    client = confirmed(signed_in_as(user))
    address = reverse(
        "admin:auth_group_delete", args=[Group.objects.get(name="Analyst").pk]
    )
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert Group.objects.filter(name="Analyst").exists()

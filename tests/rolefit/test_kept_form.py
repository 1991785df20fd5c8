"""A save after the session has ended, or with an old token: the text comes back.

The test walks every form of the admin that changes a row, and every form of the
coach's workspace, so that a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from assessments.actions import clients as client_actions
from assessments.actions.drafts import duplicate
from assessments.models import (
    Coach,
    ConversationPrompt,
    Participation,
    Questionnaire,
    Section,
    ShareLink,
    Version,
)
from content.models import Page, Role, SiteWords, Strength
from tests.support.coaching import invite, joined, make_coach, signed_in_as
from tests.support.dom import Element, parse
from tests.support.forms import fields_of
from tests.support.workspace import Keys, addresses, own_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HERE = {"referer": "http://testserver/admin/"}
# Rows that the walk finds where the software does not come with one.
MADE = (Page, Role, SiteWords, Strength, Questionnaire, Section, Coach, User, Group)


@dataclass(frozen=True)
class Form:
    """A form as its page drew it."""

    page: str
    address: str
    fields: dict[str, list[str]]

    def __str__(self) -> str:
        return f"{self.page} -> {self.address}"


def strict_client(user: User | None) -> Client:
    """Checks tokens as a browser's server does."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in_as(user).cookies
    return client


def forms_of(client: Client, page: str) -> list[Form]:
    shown = client.get(page)
    if shown.status_code != 200 or "html" not in shown["Content-Type"]:
        return []
    return [
        Form(page, address, fields_of(form))
        for form in parse(shown).all("form")
        if form.attributes.get("method", "").lower() == "post"
        for address in addresses_of(form, page)
    ]


def addresses_of(form: Element, page: str) -> list[str]:
    """Where its buttons send it; a button can have an address of its own."""
    own = [button.attributes.get("formaction") for button in form.all("button")]
    return [form.attributes.get("action") or page, *filter(None, own)]


def without_password(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        name: values
        for name, values in fields.items()
        if name != "csrfmiddlewaretoken" and "password" not in name
    }


def kept_in(response: HttpResponse) -> dict[str, list[str]]:
    forms: list[Element] = parse(response).all("form[data-kept]")
    assert len(forms) == 1, f"no form is kept: {response.status_code}"
    return fields_of(forms[0])


@pytest.fixture
def boss(db: None) -> User:
    user = User.objects.create_superuser("boss", "boss@example.org", "a long phrase")
    EmailAddress.objects.create(user=user, email=user.email, verified=True)
    return user


@pytest.fixture
def site(article: object, questionnaire: Version, boss: User) -> Participation:
    """Everything that has a form: a draft, a group, a coach with a client."""
    duplicate(questionnaire)
    ConversationPrompt.objects.create(kind=ConversationPrompt.Kind.values[0], text="?")
    coach = make_coach("Carla", by=boss)
    grant = joined(invite(coach, onward=True))
    client_actions.add_step(grant, text="Read")
    client_actions.make_onward_link(grant, scope="summary", label="", days=7)
    return grant


def rows_of_the_admin(user: User) -> list[Model]:
    """One of each kind that this user may change."""
    request = RequestFactory().get("/admin/")
    request.user = user
    rows = []
    for model, page in admin.site._registry.items():
        row = model._default_manager.first()
        if row is None:
            assert model not in MADE, f"the test makes no {model.__name__}"
            continue
        if page.has_change_permission(request, row):
            rows.append(row)
    return rows


def address_of(row: Model) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def admin_forms(client: Client, user: User) -> list[Form]:
    rows = rows_of_the_admin(user)
    assert {*MADE, ConversationPrompt} <= {type(row) for row in rows}
    forms = [form for row in rows for form in forms_of(client, address_of(row))]
    return [form for form in forms if form.address != reverse("admin:logout")]


def coach_forms(client: Client, grant: Participation) -> list[Form]:
    keys = Keys(
        group=grant.invitation_id,
        client=grant.pk,
        step=grant.steps.get().pk,
        link=ShareLink.objects.get(participation=grant).pk,
    )
    pages = [*own_addresses(), *addresses(keys)]
    forms = {form.address: form for page in pages for form in forms_of(client, page)}
    found = [form for address, form in forms.items() if address.startswith("/coach/")]
    assert len(found) >= 11  # as many as on the pages of today
    return found


def test_every_form_of_the_admin_that_changes_a_row_says_what_it_was_drawn_from(
    site: Participation, boss: User
) -> None:
    client = signed_in_as(boss)
    for row in rows_of_the_admin(boss):
        shown = parse(client.get(address_of(row)))
        assert shown.one("input[name=seen]").value, row


Break = Callable[[Client], None]


def end_session(client: Client) -> None:
    del client.cookies["sessionid"]


def rotate_token(client: Client) -> None:
    client.cookies["csrftoken"] = "x" * 32


def lose_everything(client: Client) -> None:
    client.cookies.clear()


BREAKS = pytest.mark.parametrize("breaks", [end_session, rotate_token, lose_everything])


@BREAKS
def test_admin_gives_every_form_back_and_saves_it_after_signing_in(
    site: Participation, boss: User, breaks: Break
) -> None:
    walk(boss, lambda client: admin_forms(client, boss), breaks, stranger=403)


@BREAKS
def test_workspace_gives_every_form_back_and_saves_it_after_signing_in(
    site: Participation, breaks: Break
) -> None:
    walk(
        site.invitation.coach.user,
        lambda client: coach_forms(client, site),
        breaks,
        stranger=404,
    )


def walk(
    user: User | None,
    forms: Callable[[Client], list[Form]],
    breaks: Break,
    *,
    stranger: int,
) -> None:
    found = forms(strict_client(user))
    assert len(found) > 8
    for form in found:
        client = strict_client(user)
        client.get(form.page)  # sets the cookie of the token
        breaks(client)
        typed = form.fields | {"typed": ["<b>Words</b>\r\nof mine"]}
        refused = client.post(form.address, typed, headers=HERE)
        signed_in = "sessionid" in client.cookies
        # The token is checked before the admin looks who it is.
        assert refused.status_code == (403 if signed_in else stranger), form
        assert "no-store" in refused["Cache-Control"], form
        kept = kept_in(refused)
        assert without_password(kept) == without_password(typed), form
        assert not [name for name in kept if "password" in name], form
        assert parse(refused).one("form[data-kept]").value == form.address
        # After signing in, the same page saves: at once, or after one more press where
        # the sign-in has made a new token.
        again = client
        again.cookies["sessionid"] = signed_in_as(user).cookies["sessionid"].value
        taken = again.post(form.address, kept, headers=HERE)
        is_page = taken.status_code != 302 and not taken.streaming
        assert not (is_page and parse(taken).has("form[data-kept]")), form
        assert taken.status_code in (200, 302, 422), (form, taken.status_code)


def test_text_is_stored_after_signing_in_with_a_new_token(
    site: Participation, boss: User
) -> None:
    page = Page.objects.get(slug="skills")
    client = strict_client(boss)
    form = next(
        form for form in forms_of(client, address_of(page)) if "seen" in form.fields
    )
    end_session(client)
    refused = client.post(form.address, form.fields | {"lead": "Mine"}, headers=HERE)
    client.cookies = strict_client(boss).cookies
    client.get("/admin/")
    rotate_token(client)
    once_more = client.post(form.address, kept_in(refused), headers=HERE)
    assert once_more.status_code == 403
    saved = client.post(form.address, kept_in(once_more), headers=HERE)
    assert saved.status_code == 302
    page.refresh_from_db()
    assert page.lead == "Mine"


@pytest.mark.parametrize(
    "sender",
    [
        {},
        {"referer": "https://elsewhere.example/admin/"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "https://testserver"},
        {"origin": "https://elsewhere.example", **HERE},
        {"origin": "http://[", **HERE},
    ],
)
def test_words_of_another_site_are_not_shown(
    site: Participation, sender: dict[str, str]
) -> None:
    for address in ("/admin/content/page/1/change/", "/coach/1/edit/"):
        answer = Client().post(address, {"lead": "Theirs"}, headers=sender)
        assert answer.status_code in (302, 404)
        assert b"Theirs" not in answer.content
        strict = Client(enforce_csrf_checks=True)
        assert (
            b"Theirs"
            not in strict.post(address, {"lead": "Theirs"}, headers=sender).content
        )


def test_stranger_learns_nothing_from_what_comes_back(site: Participation) -> None:
    def body(address: str) -> bytes:
        answer = Client().post(address, {"notes": "x"}, headers=HERE)
        assert answer.status_code == 404
        content = answer.content.replace(address.encode(), b"")
        token = parse(answer).one("input[name=csrfmiddlewaretoken]").value
        return content.replace(token.encode(), b"")

    assert body(f"/coach/client/{site.pk}/notes/") == body("/coach/client/9/notes/")


def test_script_is_told_that_the_session_has_ended(site: Participation) -> None:
    by_script: dict[str, Any] = HERE | {"accept": "application/json"}
    for address, status in (
        ("/admin/content/page/1/change/", 403),
        (f"/coach/client/{site.pk}/notes/", 404),
    ):
        answer = Client().post(address, {"notes": "x"}, headers=by_script)
        assert answer.status_code == status
        assert answer.json() == {"problem": "signed-out"}


def test_chosen_file_is_not_kept_and_the_page_says_so(
    site: Participation, tmp_path: Any
) -> None:
    file = tmp_path / "draft.json"
    file.write_text("secret words of the file")
    with file.open() as opened:
        answer = Client().post(
            "/admin/assessments/questionnaire/upload/",
            {"file": opened, "name": "Autumn"},
            headers=HERE,
        )
    assert answer.status_code == 403
    assert kept_in(answer)["name"] == ["Autumn"]
    assert b"secret words" not in answer.content
    plain = Client().post("/admin/", {"name": "Autumn"}, headers=HERE)
    assert len(parse(plain).all("p")) + 1 == len(parse(answer).all("p"))

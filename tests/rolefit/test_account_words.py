"""Pages, forms and mails of django-allauth speak our words."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.template.loader import get_template
from django.test import Client
from django.utils.module_loading import import_string
from playwright.sync_api import Page, expect

from tests.support.dom import parse
from tests.support.pages import template_of

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
LIBRARY = Path(allauth.__file__).parent / "templates"
# Templates of the library that may stay, because nobody reads a word of them.
WITHOUT_WORDS = re.compile(
    r"account/base_(entrance|manage\w*)\.html"
    r"|mfa/base_\w+\.html|usersessions/base_manage\.html"
    r"|mfa/webauthn/snippets/login_script\.html"
    # Each page that extends these has its own title.
    r"|mfa/(totp|recovery_codes)/base\.html"
    r"|mfa/recovery_codes/download\.txt"
    # These include ours.
    r"|account/email/email_confirmation_signup_\w+\.txt"
)
SWITCHED_OFF = re.compile(
    # sign-up, and what belongs to it
    r"account/(signup|signup_by_passkey)\.html|mfa/webauthn/signup_form\.html"
    r"|account/email/account_already_exists_\w+\.txt"
    # mail to an address without an account
    r"|account/email/unknown_account_\w+\.txt"
    # codes and phones in place of links and passwords
    r"|account/\w*(code|phone)\w*\.html|account/(email|messages)/\w*(code|phone)\w*\.txt"
    # one address for each account, trusted browsers, mail about each change
    r"|account/email_change\.html|mfa/trust\.html"
    r"|account/email/(base_notification|email_(changed|confirm|deleted)_\w+"
    r"|password_(changed|set|reset)_(subject|message))\.txt|mfa/email/\w+\.txt"
    # snippets and a page that only replaced templates or decorators use
    r"|account/snippets/\w+\.html|account/verified_email_required\.html"
)


def library_templates() -> list[str]:
    return [
        str(path.relative_to(LIBRARY))
        for area in ("account", "mfa", "usersessions")
        for path in sorted((LIBRARY / area).rglob("*.*"))
    ]


@pytest.mark.parametrize("name", library_templates())
def test_template_of_the_library_is_replaced_or_never_read(name: str) -> None:
    ours = Path(get_template(name).template.origin.name).is_relative_to(
        settings.BASE_DIR / "templates"
    )
    kept = WITHOUT_WORDS.fullmatch(name) or SWITCHED_OFF.fullmatch(name)
    assert ours != bool(kept)


@pytest.mark.parametrize(
    "path", [*settings.ACCOUNT_FORMS.values(), *settings.MFA_FORMS.values()]
)
def test_field_of_a_form_has_our_label(path: str) -> None:
    form = import_string(path)
    fields = {*form.base_fields} - {"remember", "passwordless"}
    assert fields <= {*form.WORDS}


def test_form_that_is_sent_empty_says_what_to_do(client: Client, article: None) -> None:
    page = parse(client.post(LOGIN, {}))
    assert page.one("title").text.startswith("Error: ")
    assert page.values(".error-summary a") == ["#id_login", "#id_password"]
    assert page.texts("label") == ["Email address", "Password"]
    assert not page.has("input[placeholder]")


@pytest.fixture
def carla(db: None) -> User:
    user = User.objects.create_user("carla", "carla@example.org", "a long pass phrase")
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def sent_to(client: Client, email: str) -> tuple[str, list[str]]:
    """The subject of the mail, and the paths of the links in it."""
    client.post(RESET, {"email": email})
    [message] = mail.outbox
    links = re.findall(rf"{settings.BASE_URL}(/\S+)", str(message.body))
    return message.subject, links


def test_mail_with_a_password_link_names_the_site(
    client: Client, article: None, carla: User
) -> None:
    subject, [link] = sent_to(client, carla.email)
    assert subject == "Choose a new password for Rolefit"
    assert link.startswith("/accounts/password/reset/key/")


def test_unknown_address_gets_no_mail(client: Client, article: None) -> None:
    response = client.post(RESET, {"email": "nobody@example.org"})
    assert response["Location"] == f"{RESET}done/"
    assert mail.outbox == []


def test_too_many_tries_get_a_page_of_the_site(client: Client, article: None) -> None:
    for _ in range(100):
        assert client.post(LOGIN, {}).status_code == 200
    response = client.post(LOGIN, {})
    assert (response.status_code, template_of(response)) == (429, "429.html")
    assert response["Retry-After"] == "60"
    assert parse(response).one("title").text == "Too many tries. Rolefit"


@pytest.mark.browser
@pytest.mark.parametrize("path", [LOGIN, "/coach/ask/"])
def test_errors_get_the_focus_every_time(
    live_server, article: None, page: Page, path: str
) -> None:
    page.goto(live_server.url + path)
    for _ in range(2):
        with page.expect_navigation():
            page.locator(
                "main form button[type=submit], main form button"
            ).first.click()
        summary = page.locator(".error-summary")
        expect(summary).to_be_focused()
        expect(summary.get_by_role("heading")).to_have_text("There’s a problem")

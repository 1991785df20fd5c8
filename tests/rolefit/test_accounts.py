"""Staff sign in, set up a second factor and open the admin, in a real browser and under
the strict policy.
"""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from content import published
from tests.support.browser import MAX_WAIT
from tests.support.codes import code_of
from tests.support.dom import parse
from tests.support.pages import template_of

PASSWORD = "a long pass phrase"
ACCOUNT_PAGES = (
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/sessions/",
    "/accounts/logout/",
)
WIDTHS = (320, 1280)


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser says about the policy, and every error of a script."""
    found: list[str] = []
    page.on(
        "console",
        lambda message: (
            found.append(message.text)
            if "Content Security Policy" in message.text
            else None
        ),
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def staff_with_address(staff: User) -> User:
    EmailAddress.objects.create(
        user=staff, email=staff.email, verified=True, primary=True
    )
    return staff


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/")
    page.get_by_label("Email address").fill("stella@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def open_set_up(page: Page) -> None:
    """To the page of the authenticator app. The password was given seconds ago."""
    with page.expect_navigation():
        page.get_by_role("link", name="Set up an app").click()


def set_up_second_factor(page: Page) -> None:
    page.get_by_label("Code that the app shows now").fill(
        code_of(page.get_by_label("The secret as text").input_value())
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Turn it on").click()


@pytest.mark.browser
def test_staff_sign_in_set_up_a_second_factor_and_open_the_admin(
    live_server,
    questionnaire,
    staff_with_address: User,
    page: Page,
    complaints: list[str],
) -> None:
    sign_in(page, live_server.url)
    expect(page).to_have_url(f"{live_server.url}/accounts/2fa/")
    expect(page.get_by_role("link", name="Set up an app")).to_be_visible()

    open_set_up(page)
    set_up_second_factor(page)
    page.get_by_role("link", name="Go to the admin").click()

    expect(page).to_have_url(f"{live_server.url}/admin/")
    expect(page.get_by_role("heading", name="Words and questions")).to_be_visible()
    assert complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_account_pages_fit_the_window_and_pass_axe(
    live_server,
    questionnaire,
    staff_with_address: User,
    page: Page,
    complaints: list[str],
    width: int,
) -> None:
    page.set_default_timeout(MAX_WAIT)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/accounts/login/")
    pages = {"/accounts/login/": faults(page)}
    assert complaints == []
    sign_in(page, live_server.url)
    open_set_up(page)
    pages["/accounts/2fa/totp/activate/"] = faults(page)
    set_up_second_factor(page)
    for path in ACCOUNT_PAGES:
        page.goto(live_server.url + path)
        pages[path] = faults(page)

    assert {path: found for path, found in pages.items() if found} == {}


def faults(page: Page) -> list[str]:
    found = [
        f"{violation['id']}: {node['html']}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the window")
    if page.locator('meta[name="robots"][content="noindex"]').count() != 1:
        found.append("may be indexed")
    return found


@pytest.mark.django_db
def test_public_sign_up_is_closed(client: Client) -> None:
    data = {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}

    response = client.post("/accounts/signup/", data)
    assert template_of(response) == "account/signup_closed.html"
    assert not User.objects.exists()


def test_staff_without_a_second_factor_are_led_to_set_one_up(
    client: Client, staff: User
) -> None:
    client.force_login(staff)

    response = client.get("/admin/content/page/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/")


def test_staff_with_a_second_factor_reach_the_admin(staff_client: Client) -> None:
    assert staff_client.get("/admin/").status_code == 200


def test_staff_who_take_their_second_factor_away_lose_the_admin(
    staff_client: Client, staff: User
) -> None:
    Authenticator.objects.filter(user=staff).delete()

    assert staff_client.get("/admin/").status_code == 302


@pytest.mark.django_db
def test_stranger_at_the_admin_is_sent_to_the_sign_in_page(client: Client) -> None:
    chain = client.get("/admin/", follow=True).redirect_chain

    assert chain[-1] == ("/accounts/login/?next=%2Fadmin%2F", 302)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
    ],
)
def test_account_pages_are_never_stored_and_wear_the_name_of_the_site(
    client: Client, path: str
) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    name = published.current().words.name
    assert parse(response).one("head title").text.endswith(f". {name}")

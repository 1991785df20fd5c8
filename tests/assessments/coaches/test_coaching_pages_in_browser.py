"""Every page of coaching that test_clients_in_browser leaves out.

It fits, keeps to the policy, and axe finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect

from assessments import keys
from assessments.actions import attempts, clients, grants, invitations
from assessments.models import Coach, Invitation, Owner, Participation
from assessments.visitors.owner_cookie import COOKIE
from tests.support.browser.pages import COLOURS_ALONE, RULES, sign_in
from tests.support.coaching import answer, invite, join, joined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHRASE = "a long pass phrase"


class Reader:
    """A person in a browser, and what is wrong with the pages on the way."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page = context.new_page()
        self.said: list[str] = []
        self.faults: list[tuple[str, str]] = []
        self.page.on(
            "console",
            lambda message: (
                self.said.append(message.text) if self._is_complaint(message) else None
            ),
        )
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    @staticmethod
    def _is_complaint(message: ConsoleMessage) -> bool:
        """The console also reports 404 and 422, which these pages are meant to have."""
        return (
            message.type in ("error", "warning") and "status of 4" not in message.text
        )

    def owns(self, key: str) -> None:
        self.context.add_cookies([{"name": COOKIE, "value": key, "url": self.url}])

    def look(self, address: str) -> None:
        self.page.goto(self.url + address)
        self.look_here()

    def press(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look_here()

    def look_here(self) -> None:
        """Everything in the light, on a desk and on a phone; in the dark the colors,
        for nothing else differs there.
        """
        for details in self.page.locator("details").all():
            details.evaluate("details => { details.open = true; }")
        found = [*self.said]
        for width in (320, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            found += [f"{wide} pixels wide in {width}"] if wide > width else []
            self.page.emulate_media(color_scheme="light")
            found += self._violations(RULES)
            self.page.emulate_media(color_scheme="dark")
            found += self._violations(COLOURS_ALONE)
        self.faults += [
            (self.page.url.removeprefix(self.url), fault) for fault in found
        ]
        self.said.clear()  # axe tries styles of its own, which the policy refuses

    def _violations(self, rules: dict[str, object]) -> list[str]:
        found = Axe().run(self.page, options=rules).response["violations"]
        return [
            f"{each['id']}: {node['html'][:200]}"
            for each in found
            for node in each["nodes"]
        ]


@pytest.fixture
def reader(browser: Browser, live_server: Any, live_coach: Coach) -> Iterator[Reader]:
    context = browser.new_context(reduced_motion="reduce")
    reader = Reader(context, live_server.url)
    yield reader
    context.close()
    assert reader.faults == []


def signed_in(reader: Reader, coach: Coach) -> None:
    sign_in(reader.page, coach, reader.url)


def test_workspace_before_anybody_is_invited_and_its_forms(
    reader: Reader, live_coach: Coach
) -> None:
    signed_in(reader, live_coach)
    reader.look("/coach/")
    reader.look("/coach/new/")
    reader.press("main form button.button")
    expect(reader.page).to_have_title(re.compile("^Error: "))
    reader.page.locator("[name=label]").fill("Spring course")
    reader.press("main form button.button")
    group = Invitation.objects.get()
    expect(reader.page).to_have_url(f"{reader.url}/coach/{group.pk}/")
    reader.look(f"/coach/{group.pk}/edit/")
    reader.page.locator("[name=label]").fill("")
    reader.press("main form button.button")
    reader.look(f"/coach/{group.pk}/sheet/")
    reader.look(f"/coach/{group.pk}/picture/")
    reader.look(f"/coach/{group.pk}/print/")
    reader.look("/coach/compare/")


def test_groups_in_every_state(reader: Reader, live_coach: Coach) -> None:
    group = invite(live_coach, onward=True, max_uses=9)
    (
        joined(group, "Ann"),
        joined(group, "Bo", "both"),
        joined(group, "Cem", "careless"),
        join(group, "Dev"),
    )
    held = invite(
        live_coach, held_until=timezone.now() + timedelta(days=3), label="Held"
    )
    joined(held, "Eve", "close")
    closed, full = (
        invite(live_coach, label="Closed"),
        invite(live_coach, label="Full", max_uses=1),
    )
    invitations.close(closed)
    join(full, "Fay")
    signed_in(reader, live_coach)
    reader.look("/coach/")
    for query in ("", "?sort=project", "?outcome=both", "?outcome=low_both"):
        reader.look(f"/coach/{group.pk}/{query}")
    for each in (held, closed, full):
        reader.look(f"/coach/{each.pk}/")
    reader.look(f"/coach/{closed.pk}/sheet/")
    reader.look(f"/coach/client/{Participation.objects.get(name='Cem').pk}/")
    reader.look(f"/coach/client/{Participation.objects.get(name='Dev').pk}/")


def test_asking_for_a_workspace_and_the_strangers_404(reader: Reader) -> None:
    reader.look("/coach/")
    reader.look("/coach/1/")
    reader.look("/coach/ask/")
    reader.press("main form button.button")
    for name in ("name", "works_with"):
        reader.page.locator(f"[name={name}]").fill("Nora")
    reader.page.locator("[name=email]").fill("nora@example.org")
    reader.press("main form button.button")
    assert Coach.objects.filter(name="Nora").exists()


def test_invitations_in_every_state_as_somebody_new_and_as_somebody_with_a_result(
    reader: Reader, live_coach: Coach
) -> None:
    reader.look("/join/")
    reader.press("main form button.button")
    groups = {
        "open": invite(
            live_coach, onward=True, held_until=timezone.now() + timedelta(days=3)
        ),
        "closed": invite(live_coach),
        "expired": invite(live_coach),
        "full": invite(live_coach, max_uses=1),
    }
    invitations.close(groups["closed"])
    Invitation.objects.filter(pk=groups["expired"].pk).update(
        expires_at=timezone.now() - timedelta(days=1)
    )
    join(groups["full"], "Fay")
    for group in groups.values():
        reader.look(f"/join/{group.code}/")
    reader.look(f"/join/{groups['open'].code}/")
    reader.press("button[value=share]")  # without a name and without the tick

    key = keys.new_key()
    grant = join(invite(live_coach), "Gil", key=key)
    reader.owns(key)
    reader.look(f"/join/{grant.invitation.code}/")  # with answers begun
    answer(grant.attempt.owner)
    for code in (
        grant.invitation.code,
        groups["open"].code,
        f"{groups['open'].code}/?who=new",
    ):
        reader.look(f"/join/{code.removesuffix('/')}" + ("" if "?" in code else "/"))


def test_clients_own_pages(reader: Reader, live_coach: Coach) -> None:
    key = keys.new_key()
    held = join(
        invite(live_coach, onward=True, held_until=timezone.now() + timedelta(days=3)),
        "Hal",
        key=key,
    )
    owner = held.attempt.owner
    reader.owns(key)
    reader.look("/quiz/1/")
    first = answer(owner)
    clients.make_onward_link(held, scope="summary", label="A colleague", days=7)
    clients.add_step(held, text="Ask two people")
    clients.share_steps(held, shared=True)
    for address in (
        "/quiz/result/",
        "/quiz/result/1/open/",
        "/quiz/result/sees/",
        "/quiz/result/share/",
        "/quiz/data/",
    ):
        reader.look(address)
    grants.open_early(first)
    attempts.start_again(owner, version=first.version, form="full")
    answer(owner, "both")
    for address in (
        "/quiz/result/1/",
        "/quiz/result/",
        "/quiz/result/sees/",
        "/quiz/result/share/",
        "/quiz/result/share/?result=1",
    ):
        reader.look(address)
    reader.look("/quiz/result/sees/")
    reader.press(f"form[action$='/sees/{held.pk}/newer/'] button")  # without the tick
    reader.press(f"form[action$='/sees/{held.pk}/withdraw/'] button")
    assert not Participation.objects.exists()
    assert Owner.objects.get() == owner


def test_sign_in_and_second_factor(reader: Reader, live_coach: Coach) -> None:
    reader.look("/accounts/login/")
    page = reader.page
    page.locator("[name=login]").fill(live_coach.email)
    page.locator("[name=password]").fill("wrong")
    reader.press("main form button")
    page.locator("[name=password]").fill(PHRASE)
    reader.press("main form button")
    expect(page).to_have_url(f"{reader.url}/accounts/2fa/")
    reader.look("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/")
    page.locator("[name=password]").fill(PHRASE)
    reader.press("main form button")
    page.locator("[name=code]").fill("000000")
    reader.press("main form button")
    assert live_coach.user is not None
    Authenticator.objects.create(
        user=live_coach.user, type=Authenticator.Type.TOTP, data={"secret": "A" * 32}
    )
    for address in (
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/logout/",
    ):
        reader.look(address)
    reader.look("/accounts/2fa/recovery-codes/generate/")
    reader.press("main form button")
    page.context.clear_cookies()
    page.goto(f"{reader.url}/accounts/login/")
    page.locator("[name=login]").fill(live_coach.email)
    page.locator("[name=password]").fill(PHRASE)
    reader.press("main form button")
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))


def test_new_password(reader: Reader, live_coach: Coach) -> None:
    reader.look("/accounts/password/reset/")
    reader.page.locator("[name=email]").fill(live_coach.email)
    reader.press("main form button")
    (link,) = re.findall(
        r"http://\S+?(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body)
    )
    reader.look(link[:-2] + "x/")
    reader.look(link)
    reader.page.locator("[name=password1]").fill("short")
    reader.page.locator("[name=password2]").fill("short")
    reader.press("main form button")
    reader.page.locator("[name=password1]").fill("quite another phrase")
    reader.page.locator("[name=password2]").fill("quite another phrase")
    reader.press("main form button")
    assert User.objects.get(email=live_coach.email).check_password(
        "quite another phrase"
    )

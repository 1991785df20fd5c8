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
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, expect

from assessments import keys
from assessments.actions import attempts, clients, grants, invitations
from assessments.models import Client as Person
from assessments.models import Coach, Departure, Invitation, Owner, Participation
from tests.support.browser.pages import sign_in
from tests.support.browser.reader import Reader
from tests.support.coaching import answer, invite, join, joined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHRASE = "a long pass phrase"
PHONE = {"width": 360, "height": 780}
MAX_SCREENS = 1.5
ENDS_AT = "part => document.querySelector(part).getBoundingClientRect().bottom"


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
    reader.look("/coach/groups/")
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
    reader.look(f"/coach/{group.pk}/wall/")
    reader.look(f"/coach/{group.pk}/wall/picture/")
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
    eve = joined(held, "Eve", "close")
    closed, full = (
        invite(live_coach, label="Closed"),
        invite(live_coach, label="Full", max_uses=1),
    )
    invitations.close(closed)
    join(full, "Fay")
    signed_in(reader, live_coach)
    for people in ("", "?name=a", "?status=held", "?name=nobody", "groups/"):
        reader.look(f"/coach/{people}")
    fay, entry = (Person.objects.get(name=name) for name in ("Fay", "Eve"))
    reader.look(f"/coach/person/{fay.pk}/")
    reader.look(f"/coach/person/{entry.pk}/join/")
    reader.look(f"/coach/person/{entry.pk}/join/?name=")
    reader.look(f"/coach/person/{entry.pk}/join/?other={fay.pk}")
    for query in ("", "?sort=project", "?outcome=both", "?outcome=low_both"):
        reader.look(f"/coach/{group.pk}/{query}")
    for each in (held, closed, full):
        reader.look(f"/coach/{each.pk}/")
    for question in (
        f"/coach/{held.pk}/release/",
        f"/coach/{group.pk}/release/",
        f"/coach/client/{eve.pk}/release/",
        f"/coach/client/{eve.pk}/remove/",
    ):
        reader.look(question)
    reader.press("main form button")
    reader.look(f"/coach/client/{eve.pk}/")
    reader.look(f"/coach/{closed.pk}/wall/")
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


@pytest.mark.parametrize(
    ("days", "terms"),
    [(0, {}), (3, {"onward": True}), (0, {"scope": "summary", "form": "short"})],
)
def test_name_three_lines_and_both_buttons_stand_on_a_screen_and_a_half_of_a_phone(
    reader: Reader, live_coach: Coach, days: int, terms: dict[str, Any]
) -> None:
    until = timezone.now() + timedelta(days=days) if days else None
    group = invite(live_coach, held_until=until, **terms)
    reader.page.set_viewport_size(PHONE)
    reader.page.goto(f"{reader.url}/join/{group.code}/")
    ends = {
        part: reader.page.evaluate(ENDS_AT, part)
        for part in ("[name=name]", "#terms", "[name=agree]", ".choice")
    }
    assert reader.page.locator("#terms li").count() == 3
    assert reader.page.locator(".choice button").count() == 2
    assert max(ends.values()) <= MAX_SCREENS * PHONE["height"], ends


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
    reader.look(f"/quiz/result/sees/{held.pk}/withdraw/")
    reader.press(f"form[action$='/sees/{held.pk}/withdraw/'] button")
    assert not Participation.objects.exists()
    assert Owner.objects.get() == owner
    grants.remove_client(join(invite(live_coach), owner=owner))
    for address in ("/quiz/result/", "/quiz/result/sees/"):
        reader.look(address)
    reader.press(".removals button")
    assert Departure.objects.get(removed=True).owner is None


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
    signed_in(reader, live_coach)
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

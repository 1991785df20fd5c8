"""A name written from right to left leaves the order of the text around it alone.

Every page that shows names is opened. Each name must stand in <bdi>; in titles,
labels and messages, where no element can stand, between the characters of an isolate.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.actions import clients, coaches
from assessments.actions import share_links as links
from assessments.models import Coach, Participation
from assessments.typed import isolated
from tests.support.coaching import again, invite, joined, signed_in_as
from tests.support.dom import Element, parse
from tests.support.guest import Guest
from tests.support.staff import confirmed
from tests.support.workspace import Keys, addresses, own_addresses

pytestmark = pytest.mark.django_db
COACH, GROUP, CLIENT = "سلمى", "مجموعة", "دانا"
ON_LINK, LABEL, ONWARD, STAFF = "هند", "رابط", "زميل", "ميرا"
NAMES = {COACH, GROUP, CLIENT, ON_LINK, LABEL, ONWARD, STAFF}
# Forms show what was typed as the value of a field.
TYPED = {"value", "content"}


def strings(element: Element, *, inside: bool = False) -> Iterator[str]:
    """Each text of a page that stands in no <bdi>, and each attribute."""
    inside = inside or element.tag in ("bdi", "textarea")
    for name, value in element.attributes.items():
        if name not in TYPED:
            yield value
    for child in element.children:
        if isinstance(child, Element):
            yield from strings(child, inside=inside)
        elif not inside:
            yield child


def bare(text: str) -> set[str]:
    """The names in a text that could turn what stands beside them."""
    for name in NAMES:
        text = text.replace(isolated(name), "")
    return {name for name in NAMES if name in text}


def shown(*responses: HttpResponse) -> set[str]:
    """The names that these pages show; each of them stands by itself."""
    found: set[str] = set()
    for response in responses:
        if response["Content-Type"].startswith("text/html"):
            page = response.content.decode()
            found |= {name for name in NAMES if name in page}
            left = [text for text in strings(parse(response)) if bare(text)]
            assert left == [], response.request["PATH_INFO"]
    return found


@pytest.fixture
def salma(coach: Coach) -> Coach:
    Coach.objects.update(name=COACH)
    coach.refresh_from_db()
    return coach


@pytest.fixture
def mara(manager: User) -> Client:
    User.objects.filter(pk=manager.pk).update(first_name=STAFF)
    return signed_in_as(manager)


def test_workspace(salma: Coach) -> None:
    group = invite(salma, onward=True, label=GROUP)
    one, two = joined(group, CLIENT), joined(group, CLIENT, "clear_product")
    again(one.attempt.owner)
    link = clients.make_onward_link(one, scope="answers", label=ONWARD, days=9)
    ended = clients.make_onward_link(one, scope="answers", label=ONWARD, days=9)
    links.revoke_share_link(ended)
    step = clients.add_step(one, text="Read")
    keys = Keys(group=group.pk, client=one.pk, step=step.pk, link=link.pk)
    client = signed_in_as(salma.user)
    pages = [
        *own_addresses(),
        *addresses(keys),
        f"/coach/compare/?one={one.pk}&two={two.pk}",
    ]
    summary = joined(invite(salma, label=GROUP, scope="summary"), CLIENT)
    pages.append(f"/coach/client/{summary.pk}/")
    found = shown(*(client.get(page) for page in pages))
    assert found == {COACH, GROUP, CLIENT, ONWARD}


def test_pages_of_somebody_who_shares(salma: Coach) -> None:
    guest = Guest(invite(salma, onward=True, label=GROUP))
    assert shown(guest.look(), guest.share("")) == {COACH, GROUP}
    guest.share(CLIENT)
    started = [guest.look(), guest.client.get("/quiz/1/"), guest.client.get("/quiz/")]
    assert shown(*started) >= {COACH, GROUP}
    other = Guest(invite(salma, label=GROUP), guest.client)
    shown(other.look())
    # Is asked first, because the open answers are shared.
    asked = other.client.post(other.address, {"action": "private"})
    assert (asked.status_code, shown(asked)) == (409, {COACH})
    guest.answer_all("clear_project")
    result = guest.result()
    grant = Participation.objects.get()
    clients.add_step(grant, text="Read")
    clients.share_steps(grant, shared=True)
    clients.make_onward_link(grant, scope="summary", label=ONWARD, days=9)
    typed = {"label": LABEL, "name": ON_LINK, "scope": "answers", "days": "30"}
    guest.client.post("/quiz/result/share/", typed)
    own = result.share_links.get(label=LABEL)
    ended = links.make_share_link(result, scope="answers", label=LABEL, days=9)
    links.revoke_share_link(ended)
    again(grant.attempt.owner)
    pages = [
        *("/quiz/", "/quiz/data/", "/quiz/result/", "/quiz/result/1/"),
        *("/quiz/result/sees/", "/quiz/result/share/?result=1", "/quiz/review/"),
        f"/r/{own.token}/",
        other.address,
    ]
    found = shown(*(guest.client.get(page) for page in pages))
    assert found == {COACH, GROUP, CLIENT, ON_LINK, LABEL, ONWARD}
    stopped = f"/quiz/result/sees/{grant.pk}/withdraw/"
    assert COACH in shown(guest.client.post(stopped, follow=True))


def test_pages_of_a_result_that_is_held(salma: Coach) -> None:
    until = timezone.now() + timedelta(days=3)
    guest = Guest(invite(salma, held_until=until, label=GROUP))
    assert COACH in shown(guest.look())
    guest.share(CLIENT)
    guest.answer_all("clear_project")
    for page in (
        *("/quiz/", "/quiz/result/", "/quiz/result/1/open/", "/quiz/result/share/"),
        *("/quiz/data/", "/quiz/data/rolefit.json", guest.address),
    ):
        assert COACH in shown(guest.client.get(page)), page


@pytest.mark.parametrize("ended", ["closed", "full", "workspace"])
def test_invitation_that_has_ended(salma: Coach, manager: User, ended: str) -> None:
    group = invite(salma, label=GROUP, max_uses=1)
    guest = Guest(group)
    if ended == "full":
        joined(group, CLIENT)
    elif ended == "closed":
        group.closed_at = timezone.now()
        group.save()
    else:
        coaches.close_workspace(salma, by=manager)
    shown(guest.client.get(guest.address))


@pytest.mark.parametrize("mail", [True, False])
def test_admin_of_coaches(
    salma: Coach, mara: Client, settings: Any, mail: bool
) -> None:
    settings.MAIL_GOES_OUT = mail
    coaches.ask_for_account(name=COACH, email="b@example.org", works_with="")
    asked = Coach.objects.get(email="b@example.org")
    page = f"/admin/assessments/coach/{asked.pk}"
    assert {COACH, STAFF} <= {*shown(mara.get("/admin/"))}
    confirmed(mara)
    acts = ["approve", "new-password", "close", "open"]
    found = [shown(mara.post(f"{page}/{act}/", follow=True)) for act in acts]
    assert found == [{COACH, STAFF}] * len(acts)


def test_mails_about_a_coach(
    manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        coaches.ask_for_account(name=COACH, email="b@example.org", works_with="")
    coaches.approve_coach(Coach.objects.get(), by=manager)
    coaches.mail_approval(Coach.objects.get())
    coaches.mail_refusal(Coach.objects.get())
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert COACH in message.body
        assert bare(str(message.body)) == set()

"""The pages on which a coach invites people by name."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from assessments.actions import invitation_mail, invitations, personal_links
from assessments.actions.personal_links import Person
from assessments.coaches import inviting
from assessments.models import Coach, Invitation, Participation, PersonalLink
from tests.support.coaching import invite, join, signed_in_as
from tests.support.dom import parse
from tests.support.forms import opened
from tests.support.guest import Guest
from tests.support.smtp import MailServer, real_mail

pytestmark = pytest.mark.django_db
LIST = "Ada <ada@example.org>\nBen <ben@example.org>\nCy\nAda <ada@example.org>"


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with real_mail() as server:
        yield server


def page(group: Invitation, name: str) -> str:
    return f"/coach/{group.pk}/{name}/"


def send(carla: Client, group: Invitation, action: str, **words: str) -> HttpResponse:
    fields = opened(carla, page(group, "mail"), "text")
    return carla.post(page(group, "mail"), fields | words | {"action": action})


def invited(group: Invitation) -> list[str]:
    links = group.personal_links.select_related("client")
    return [link.client.name for link in links]


def test_list_is_shown_before_it_makes_anything(
    carla: Client, group: Invitation
) -> None:
    checked = carla.post(page(group, "names"), {"names": LIST, "action": "check"})
    assert checked.status_code == 200
    seen = parse(checked)
    assert seen.rows("#checked table")[-3:] == [
        ["Ada", "ada@example.org"],
        ["Ben", "ben@example.org"],
        ["Cy", "no address"],
    ]
    assert len(seen.all("#problems li")) == 1
    assert not seen.has("#there")
    assert not PersonalLink.objects.exists()
    listed = {"names": seen.one("input[name=names]").value, "action": "invite"}
    for _ in range(2):
        made = carla.post(page(group, "names"), listed)
        assert (made.status_code, made["Location"]) == (302, page(group, "mail"))
    assert invited(group) == ["Ada", "Ben", "Cy"]
    again = parse(carla.post(page(group, "names"), listed | {"action": "check"}))
    assert again.one("#there").text.count(",") == 2
    assert not again.has("button[value=invite]")


def test_list_as_a_file(carla: Client, group: Invitation) -> None:
    file = SimpleUploadedFile("list.csv", "Name;Email\nZoë;zoe@example.org".encode())
    checked = carla.post(page(group, "names"), {"file": file, "action": "check"})
    assert parse(checked).rows("#checked table")[-1] == ["Zoë", "zoe@example.org"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("names", " \n"),
        ("names", "x" * 60_001),
        ("names", "Ada\n" * 501),
        ("file", SimpleUploadedFile("list.xlsx", b"PK\x03\x04")),
        ("file", SimpleUploadedFile("list.csv", b"x" * 60_001)),
        ("file", SimpleUploadedFile("list.csv", b"Ada\n" * 501)),
    ],
)
def test_list_that_cannot_be_read_is_refused(
    carla: Client, group: Invitation, field: str, value: object
) -> None:
    if isinstance(value, SimpleUploadedFile):
        value.seek(0)
    refused = carla.post(page(group, "names"), {field: value, "action": "invite"})
    assert refused.status_code == 422
    assert parse(refused).has(f".in-error [name={field}]")
    assert not PersonalLink.objects.exists()


def test_list_longer_than_the_places_is_refused(carla: Client, coach: Coach) -> None:
    group = invite(coach, max_uses=2)
    refused = carla.post(page(group, "names"), {"names": LIST, "action": "invite"})
    assert refused.status_code == 422
    assert len(parse(refused).all(".error-summary li")) >= 1
    assert parse(refused).one("textarea[name=names]").value == LIST
    assert not PersonalLink.objects.exists()


def test_nobody_is_invited_into_a_closed_group(
    carla: Client, group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitations.close(group)
    assert not parse(carla.get(page(group, "names"))).has("textarea")
    assert carla.post(page(group, "names"), {"names": LIST}).status_code == 422
    # Closed between reading and making.
    monkeypatch.setattr(inviting, "_is_open", lambda invitation: True)
    late = carla.post(page(group, "names"), {"names": LIST, "action": "invite"})
    assert late["Location"] == page(group, "names")
    assert not PersonalLink.objects.exists()


def test_lists_are_limited(
    carla: Client, group: Invitation, monkeypatch: pytest.MonkeyPatch, half_past: object
) -> None:
    monkeypatch.setattr(inviting, "MAX_LISTS_PER_HOUR", 1)
    posted = [
        carla.post(page(group, "names"), {"names": "Ada", "action": "invite"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in posted] == [302, 429]


def test_new_group_leads_to_the_list(carla: Client, coach: Coach) -> None:
    fields = opened(carla, "/coach/new/", "label")
    made = carla.post("/coach/new/", fields | {"label": "Spring", "next": "names"})
    assert made["Location"] == page(Invitation.objects.get(), "names")


def test_mail_is_previewed_tested_and_sent(
    carla: Client, group: Invitation, server: MailServer
) -> None:
    carla.post(page(group, "names"), {"names": LIST, "action": "invite"})
    saved = send(carla, group, "save", subject="Hello {name}", text="Go: {link}")
    assert saved["Location"] == page(group, "mail")
    seen = parse(carla.get(page(group, "mail")))
    assert "Hello Ada" in seen.texts(".letter b")
    assert server.received == []
    assert send(carla, group, "test").status_code == 302
    assert [mail.to for mail in server.received] == [["carla@example.org"]]
    server.received.clear()
    server.refused.add("ben@example.org")
    assert send(carla, group, "send").status_code == 302
    assert [mail.to for mail in server.received] == [["ada@example.org"]]
    after = parse(carla.get(page(group, "mail")))
    assert not after.has("button[value=send]")
    assert after.has("button[value=failed]")
    assert parse(carla.get(page(group, "invited"))).has("td b.problem")
    server.refused.clear()
    send(carla, group, "failed")
    assert server.received[-1].to == ["ben@example.org"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "x" * 121),
        ("subject", "For {nickname}"),
        ("text", ""),
        ("text", "Come!"),
        ("text", "{link} {code}"),
        ("text", "{link}" + "x" * 5_000),
    ],
)
def test_mail_that_cannot_work_is_not_sent(
    carla: Client, group: Invitation, server: MailServer, field: str, value: str
) -> None:
    carla.post(page(group, "names"), {"names": LIST, "action": "invite"})
    refused = send(carla, group, "send", **{field: value})
    assert refused.status_code == 422
    assert parse(refused).has(f".in-error [name={field}]")
    assert server.received == []
    group.refresh_from_db()
    assert (group.mail_subject, group.mail_text) == ("", "")


def test_two_windows_ask_which_text_to_keep(
    carla: Client, group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (opened(carla, page(group, "mail"), "text") for _ in range(2))
    carla.post(page(group, "mail"), one | {"text": "One {link}"})
    asked = carla.post(page(group, "mail"), two | {"text": "Two {link}"})
    assert asked.status_code == 422
    assert "One {link}" in parse(asked).one(".both-stored").text
    # Saved by the other window after this one has read it.
    third = opened(carla, page(group, "mail"), "text")
    save = invitation_mail.save_mail

    def in_between(group: Invitation, **words: str) -> None:
        monkeypatch.setattr(invitation_mail, "save_mail", save)
        Invitation.objects.update(mail_text="Between {link}")
        save(group, **words)

    monkeypatch.setattr(invitation_mail, "save_mail", in_between)
    late = carla.post(page(group, "mail"), third | {"text": "Three {link}"})
    assert late.status_code == 422


def test_what_the_mail_server_says_is_told(
    carla: Client,
    group: Invitation,
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carla.post(page(group, "names"), {"names": LIST, "action": "invite"})
    with override_settings(EMAIL_PORT=1):
        for action in ("test", "send"):
            send(carla, group, action)
            assert parse(carla.get(page(group, "mail"))).has(".notice.problem")
    monkeypatch.setattr(invitation_mail, "MAX_MAILS_A_DAY", 0)
    send(carla, group, "send")
    assert parse(carla.get(page(group, "mail"))).has(".notice.problem")
    monkeypatch.setattr(inviting, "MAX_TESTS_PER_HOUR", 0)
    assert send(carla, group, "test").status_code == 429
    invitations.close(group)
    fields = opened(carla, page(group, "mail"), "text")
    carla.post(page(group, "mail"), fields | {"action": "send"})
    assert parse(carla.get(page(group, "mail"))).has(".notice.problem")
    assert server.received == []


def test_reminders(carla: Client, group: Invitation, server: MailServer) -> None:
    carla.post(page(group, "names"), {"names": LIST, "action": "invite"})
    send(carla, group, "send")
    assert not parse(carla.get(page(group, "invited"))).has("#remind button")
    server.received.clear()
    with time_machine.travel(timezone.now() + timedelta(days=2, hours=1)):
        carla = signed_in_as(group.coach.user)
        assert parse(carla.get(page(group, "invited"))).has("#remind button")
        for _ in range(2):
            done = carla.post(page(group, "remind"))
            assert done["Location"] == page(group, "invited")
        assert len(server.received) == 2
        invitations.close(group)
        carla.post(page(group, "remind"))
        assert not parse(carla.get(page(group, "invited"))).has("#remind")


def test_who_joined_by_the_code_of_the_group_can_be_merged(
    carla: Client, group: Invitation
) -> None:
    personal_links.invite_people(group, [Person("Ada"), Person("Ben")])
    ada = PersonalLink.objects.earliest("pk")
    grant = join(group, "Ada")
    seen = parse(carla.get(page(group, "invited")))
    [address] = seen.values("[data-label=Status] a")
    assert address == (f"/coach/person/{ada.client_id}/join/?other={grant.client_id}")
    carla.post(address, {"other": grant.client_id})
    seen = parse(carla.get(page(group, "invited")))
    assert seen.values("[data-label=Status] a") == []
    assert f"/coach/client/{grant.pk}/" in seen.values("th a")


def test_reminders_end_for_today_and_on_a_site_without_mail(
    carla: Client, group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    personal_links.invite_people(group, [Person("Ada", "ada@example.org")])
    sent = timezone.now() - timedelta(days=3)
    PersonalLink.objects.update(sent_at=sent)
    monkeypatch.setattr(invitation_mail, "MAX_MAILS_A_DAY", 0)
    carla.post(page(group, "remind"))
    assert parse(carla.get(page(group, "invited"))).has(".notice.problem")
    with override_settings(MAIL_GOES_OUT=False):
        assert carla.post(page(group, "remind")).status_code == 404
        assert not parse(carla.get(page(group, "invited"))).has("#remind")


def test_without_mail_there_are_links_a_file_and_the_own_mail_program(
    carla: Client, group: Invitation
) -> None:
    personal_links.invite_people(
        group, [Person("=Ada", "ada@example.org"), Person("Ben")]
    )
    with override_settings(MAIL_GOES_OUT=False):
        assert not parse(carla.get(page(group, "mail"))).has("button[value=send]")
        assert send(carla, group, "send", text="Hi {link}").status_code == 302
        seen = parse(carla.get(page(group, "invited")))
    codes = list(PersonalLink.objects.values_list("code", flat=True))
    assert sorted(seen.values("input[readonly]")) == sorted(
        f"http://localhost:8000/join/{code}/" for code in codes
    )
    assert len(seen.all("a[href^='mailto:']")) == 2
    file = carla.post(f"/coach/{group.pk}/links.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(file)))
    assert rows[0] == ["Name", "Email", "Link"]
    assert sorted(row[:2] for row in rows[1:]) == [
        ["'=Ada", "ada@example.org"],
        ["Ben", ""],
    ]


def test_invitation_of_one_person_is_taken_back(
    carla: Client, group: Invitation
) -> None:
    personal_links.invite_people(group, [Person("Ada"), Person("Ben")])
    ada, ben = PersonalLink.objects.order_by("pk")
    back = carla.post(f"/coach/invited/{ada.pk}/remove/")
    assert back["Location"] == page(group, "invited")
    assert carla.post(f"/coach/invited/{ada.pk}/remove/").status_code == 404
    Guest(ben).share("Ben")  # type: ignore[arg-type]
    carla.post(f"/coach/invited/{ben.pk}/remove/")
    assert PersonalLink.objects.get() == ben
    seen = parse(carla.get(page(group, "invited")))
    assert seen.has(".notice.problem")
    grant = Participation.objects.get()
    assert seen.values("th a") == [f"/coach/client/{grant.pk}/"]


def test_group_page_lists_who_has_not_started(carla: Client, coach: Coach) -> None:
    group = invite(coach, max_uses=5)
    personal_links.invite_people(group, [Person("Ada"), Person("Ben")])
    Guest(PersonalLink.objects.earliest("pk")).share("Ada")  # type: ignore[arg-type]
    for address in (f"/coach/{group.pk}/", f"/coach/{group.pk}/status/"):
        seen = parse(carla.get(address))
        assert seen.texts("#not-started li") == ["Ben"]
        assert seen.texts("#counts dd")[:2] == ["2 of 5", "1"]
    invitations.close(group)
    assert parse(carla.get(f"/coach/{group.pk}/")).values("#not-started a") == [
        page(group, "invited")
    ]

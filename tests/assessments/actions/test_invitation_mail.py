"""Email to people invited by name, as a real mail server gets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from assessments.actions import (
    grants,
    invitation_mail,
    invitations,
    limits,
    muting,
    people,
    personal_links,
)
from assessments.actions.invitation_mail import Sent, send_invitations, send_reminders
from assessments.actions.personal_links import Person
from assessments.models import Client, Coach, Invitation, PersonalLink, Result
from assessments.queries.personal_links import joined_by_code, mail_counts
from tests.support.coaching import again, answer, invite, join, joined
from tests.support.smtp import MailServer, real_mail

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAYS = timedelta(days=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with real_mail() as server:
        yield server


@pytest.fixture
def group(coach: Coach) -> Invitation:
    group = invite(coach)
    people = [Person(name, f"{name.lower()}@example.org") for name in ("Ada", "Ben")]
    personal_links.invite_people(group, [*people, Person("Cy")])
    return group


def receivers(server: MailServer) -> list[str]:
    return [address for mail in server.received for address in mail.to]


def link_of(name: str) -> PersonalLink:
    links = PersonalLink.objects.select_related("client", "invitation__coach__user")
    return links.get(name=name)


def unreachable() -> override_settings:
    return override_settings(EMAIL_PORT=1)


def test_each_gets_the_coachs_words_with_an_own_link(
    group: Invitation, server: MailServer
) -> None:
    invitation_mail.save_mail(
        group, subject="For {name}", text="Dear {name},\n\n{link}\n{no}\n"
    )
    assert send_invitations(group) == Sent(sent=2)
    assert receivers(server) == ["ada@example.org", "ben@example.org"]
    assert server.connections == 1
    message, link = server.received[0].message, link_of("Ada")
    body = server.received[0].body.replace("\r\n", "\n")
    address = f"http://localhost:8000/join/{link.code}/"
    assert message["Subject"] == "For Ada"
    assert body.startswith(f"Dear Ada,\n\n{address}\n{{no}}\n")
    assert message["From"] == "Carla via Rolefit <webmaster@localhost>"
    assert message["Reply-To"] == "carla@example.org"
    stop = message["List-Unsubscribe"].strip(" <>")
    assert stop.startswith(f"{address}stop/?mail=")
    assert stop in body
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.sent_at is not None
    assert send_invitations(group) == Sent()
    assert len(server.received) == 2


def test_name_that_looks_like_a_placeholder_is_a_name() -> None:
    fill = partial(invitation_mail.filled_in, link="here")
    assert fill("{name}: {link}", name="{link}") == "{link}: here"
    text = "{name} {nickname} {link} {nickname}"
    assert invitation_mail.unknown_placeholders(text) == ["{nickname}"]


def test_text_of_another_window_is_not_overwritten(group: Invitation) -> None:
    other = Invitation.objects.get(pk=group.pk)
    invitation_mail.save_mail(group, subject="One", text="{link}")
    with pytest.raises(invitation_mail.MailChanged):
        invitation_mail.save_mail(other, subject="Two", text="{link}")
    invitation_mail.save_mail(group, subject="Three", text="{link}")
    assert Invitation.objects.get().mail_subject == "Three"


def test_fifty_go_out_at_a_time(
    group: Invitation, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invitation_mail.MAX_MAILS_A_REQUEST == 50
    monkeypatch.setattr(invitation_mail, "MAX_MAILS_A_REQUEST", 1)
    assert send_invitations(group) == Sent(sent=1)
    assert mail_counts(group, now=timezone.now()).unsent == 1
    assert send_invitations(group) == Sent(sent=1)
    assert receivers(server) == ["ada@example.org", "ben@example.org"]


def test_what_takes_too_long_waits_for_the_next_press(
    group: Invitation, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitation_mail, "MAX_SENDING_SECONDS", -1.0)
    assert send_invitations(group) == Sent()
    assert mail_counts(group, now=timezone.now()).unsent == 2


def test_refused_address_is_told_and_tried_again(
    group: Invitation, server: MailServer
) -> None:
    server.refused.add("ada@example.org")
    assert send_invitations(group) == Sent(sent=1, refused=1)
    ada = link_of("Ada")
    assert (ada.sent_at, ada.failed_at is not None) == (None, True)
    assert send_invitations(group) == Sent()
    assert send_invitations(group, failed=True) == Sent(refused=1)
    counts = mail_counts(group, now=timezone.now())
    assert (counts.unsent, counts.failed, counts.sent) == (0, 1, 1)
    server.refused.clear()
    assert send_invitations(group, failed=True) == Sent(sent=1)
    ada = link_of("Ada")
    assert (ada.sent_at is not None, ada.failed_at) == (True, None)


def test_address_that_no_mail_can_have_is_refused(
    group: Invitation, server: MailServer
) -> None:
    PersonalLink.objects.filter(client__name="Ada").update(email="ada@@example.org\n")
    assert send_invitations(group) == Sent(sent=1, refused=1)


def test_server_that_is_away_changes_nothing(group: Invitation) -> None:
    with real_mail(), unreachable():
        assert send_invitations(group) == Sent(unreachable=True)
        assert not invitation_mail.send_test(group)
    counts = mail_counts(group, now=timezone.now())
    assert (counts.unsent, counts.failed, counts.sent) == (2, 0, 0)
    assert counts.without_address == 1


def test_server_that_breaks_off_keeps_what_it_took(
    group: Invitation, server: MailServer
) -> None:
    server.breaks_off_after = 1
    assert send_invitations(group) == Sent(sent=1, unreachable=True)
    counts = mail_counts(group, now=timezone.now())
    assert (counts.unsent, counts.failed, counts.sent) == (1, 0, 1)


def test_test_mail_goes_to_the_coach_alone(
    group: Invitation, server: MailServer
) -> None:
    assert invitation_mail.send_test(group)
    assert receivers(server) == ["carla@example.org"]
    assert not any(
        link.code in server.received[0].body for link in PersonalLink.objects.all()
    )


def test_link_opens_the_coachs_own_mail_program(group: Invitation) -> None:
    ada = link_of("Ada")
    address = invitation_mail.mailto(ada)
    assert address.startswith("mailto:ada%40example.org?subject=Carla%20invited")
    assert ada.code in address


def test_coach_sends_a_thousand_a_day(
    group: Invitation, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invitation_mail.MAX_MAILS_A_DAY == 1_000
    monkeypatch.setattr(invitation_mail, "MAX_MAILS_A_DAY", 1)
    assert send_invitations(group) == Sent(sent=1)
    limits.forget_counts()
    with pytest.raises(invitation_mail.NoMailToday):
        send_invitations(group)
    assert mail_counts(group, now=timezone.now()).unsent == 1
    with time_machine.travel(timezone.now() + DAYS):
        assert send_invitations(group) == Sent(sent=1)


def test_nothing_goes_out_once_the_invitation_has_ended(
    group: Invitation, server: MailServer
) -> None:
    Invitation.objects.update(expires_at=timezone.now())
    for send in (send_invitations, send_reminders):
        with pytest.raises(personal_links.Ended):
            send(group)
    invitations.close(group)
    assert mail_counts(group, now=timezone.now()).unsent == 0
    assert server.received == []


def test_full_group_writes_to_those_whose_places_are_kept(
    group: Invitation, server: MailServer
) -> None:
    Invitation.objects.update(max_uses=3)
    assert send_invitations(group) == Sent(sent=2)


def test_whoever_asked_elsewhere_gets_nothing(
    group: Invitation, server: MailServer
) -> None:
    token = muting.stop_token("ada@example.org")
    muting.stop_mail(link=None, digest=muting.read_stop_token(token))
    assert send_invitations(group) == Sent(sent=1)
    ada = link_of("Ada")
    assert (ada.email, ada.sent_at, ada.stopped_at is not None) == ("", None, True)
    assert receivers(server) == ["ben@example.org"]


def test_address_that_a_coach_gave_in_that_very_moment_gets_nothing(
    group: Invitation, server: MailServer
) -> None:
    token = muting.stop_token("ada@example.org")
    muting.stop_mail(link=None, digest=muting.read_stop_token(token))
    PersonalLink.objects.filter(pk=link_of("Ada").pk).update(
        email="ada@example.org", stopped_at=None
    )
    assert send_invitations(group) == Sent(sent=1)
    assert (link_of("Ada").email, link_of("Ada").sent_at) == ("", None)
    assert receivers(server) == ["ben@example.org"]


def test_whoever_asks_while_mails_go_out_gets_none(
    group: Invitation, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = invitation_mail._claim_unsent

    def and_stop(group: Invitation, *, failed: bool) -> list[PersonalLink]:
        claimed = claim(group, failed=failed)
        muting.stop_mail(link=link_of("Ada"), digest=None)
        return claimed

    monkeypatch.setattr(invitation_mail, "_claim_unsent", and_stop)
    assert send_invitations(group) == Sent(sent=1)
    assert receivers(server) == ["ben@example.org"]


def test_reminders_come_every_two_days_and_three_times(
    group: Invitation, server: MailServer
) -> None:
    now = timezone.now()
    send_invitations(group)
    server.received.clear()
    for day, reminded in ((1, 0), (2.1, 2), (3, 0), (4.2, 2), (6.3, 2), (9, 0)):
        with time_machine.travel(now + day * DAYS):
            assert send_reminders(group) == Sent(sent=reminded)
    assert server.received[0].message["Subject"].startswith("Reminder: ")
    added = server.received[0].body.partition("Hello ")[0]
    assert "browser" in added
    assert "key" in added
    assert receivers(server) == ["ada@example.org", "ben@example.org"] * 3
    counts = mail_counts(group, now=now)
    assert (counts.due, counts.waiting) == (0, 0)


def test_reminders_go_to_those_who_have_not_finished(
    group: Invitation, server: MailServer
) -> None:
    send_invitations(group)
    server.received.clear()
    ada, ben = link_of("Ada"), link_of("Ben")
    for link in (ada, ben):
        grant = grants.join(
            group,
            owner=None,
            new_key=f"{link.pk:A>20}",
            name="x",
            version=join(invite(group.coach)).attempt.version,
            link=link,
        )
    answer(grant.attempt.owner)
    with time_machine.travel(timezone.now() + 2 * DAYS):
        assert mail_counts(group, now=timezone.now()).due == 1
        assert send_reminders(group) == Sent(sent=1)
        assert mail_counts(group, now=timezone.now()).waiting == 1
    assert receivers(server) == ["ada@example.org"]


def test_who_joined_by_the_code_of_the_group_is_not_reminded(
    group: Invitation, server: MailServer
) -> None:
    send_invitations(group)
    server.received.clear()
    ada = join(group, "ADA  ")
    with time_machine.travel(timezone.now() + 2 * DAYS):
        assert joined_by_code(group) == {link_of("Ada").pk: ada.client_id}
        counts = mail_counts(group, now=timezone.now())
        assert (counts.due, counts.waiting) == (1, 0)
        assert send_reminders(group) == Sent(sent=1)
    assert receivers(server) == ["ben@example.org"]
    grants.withdraw(ada)
    with time_machine.travel(timezone.now() + 2 * DAYS):
        assert send_reminders(group) == Sent(sent=1)
    assert receivers(server)[1:] == ["ada@example.org"]


def test_namesakes_whom_nobody_can_tell_apart_are_reminded(
    coach: Coach, group: Invitation
) -> None:
    join(invite(coach), "Ada")  # in another group
    assert joined_by_code(group) == {}
    for _ in range(2):
        join(group, "Ada")
    assert joined_by_code(group) == {}
    personal_links.invite_people(group, [Person("Ben", "ben@example.com")])
    join(group, "Ben")
    assert joined_by_code(group) == {}


def test_who_joined_before_the_invitation_is_somebody_else(coach: Coach) -> None:
    group = invite(coach)
    ada = joined(group, "Ada")
    personal_links.invite_people(group, [Person("Ada", "other@example.org")])
    assert joined_by_code(group) == {}
    # Nor does a later result of that person count.
    grants.agree_to_newer(ada, result=again(ada.attempt.owner))
    assert joined_by_code(group) == {}


@pytest.mark.parametrize(
    ("invited", "joiner", "same"),
    [
        ("", "", True),
        ("Ada Miller", "ADA MILLER", True),
        ("Ada Miller", "Ada Smith", False),
        ("Ada Miller", "", False),
        ("", "Ada Smith", False),
    ],
)
def test_other_private_names_tell_two_people_apart(
    group: Invitation, invited: str, joiner: str, same: bool
) -> None:
    link, ada = link_of("Ada"), join(group, "Ada")
    for pk, name in ((link.client_id, invited), (ada.client_id, joiner)):
        Client.objects.filter(pk=pk).update(private_name=name)
    assert joined_by_code(group) == ({link.pk: ada.client_id} if same else {})


def test_client_who_matches_two_links_matches_neither(group: Invitation) -> None:
    ada = join(group, "Ada")
    assert joined_by_code(group) == {link_of("Ada").pk: ada.client_id}
    ben = join(group, "Ben")
    assert ada.client is not None
    assert ben.client is not None
    people.join_entries(ada.client, ben.client)
    assert joined_by_code(group) == {}


def test_who_joined_and_has_nothing_left_is_nobody(group: Invitation) -> None:
    ada = joined(group, "Ada")
    assert joined_by_code(group) == {link_of("Ada").pk: ada.client_id}
    Result.objects.update(expires_at=timezone.now())
    assert joined_by_code(group) == {}


def test_counts_take_what_is_known_of_who_joined(
    group: Invitation, server: MailServer
) -> None:
    send_invitations(group)
    later = timezone.now() + 2 * DAYS
    with time_machine.travel(later):
        assert mail_counts(group, now=later, joined=[]).due == 2
        assert mail_counts(group, now=later, joined=[link_of("Ada").pk]).due == 1


def test_mail_for_clients_has_no_number_of_a_namesake(
    group: Invitation, server: MailServer
) -> None:
    joined(invite(group.coach), "Ada")
    send_invitations(group)
    assert "(2)" not in server.received[0].message.as_string()
    assert "%282%29" not in invitation_mail.mailto(link_of("Ada"))
    assert "(2)" not in invitation_mail.mailto(link_of("Ada"))


def test_who_uses_the_own_link_is_reminded_whoever_else_joins(
    group: Invitation,
) -> None:
    ada = link_of("Ada")
    grants.join(
        group,
        owner=None,
        new_key=f"{ada.pk:A>20}",
        name="Ada",
        version=join(group, "Ada").attempt.version,
        link=ada,
    )
    assert joined_by_code(group) == {}


def test_reminder_that_fails_may_be_sent_again(
    group: Invitation, server: MailServer
) -> None:
    send_invitations(group)
    server.refused.add("ada@example.org")
    with time_machine.travel(timezone.now() + 2 * DAYS):
        with unreachable():
            assert send_reminders(group) == Sent(unreachable=True)
        assert send_reminders(group) == Sent(sent=1, refused=1)
        ada = link_of("Ada")
        assert (ada.reminders, ada.reminded_at, ada.failed_at is not None) == (
            0,
            None,
            True,
        )
        server.refused.clear()
        assert send_reminders(group) == Sent(sent=1)
    assert (link_of("Ada").reminders, link_of("Ada").failed_at) == (1, None)

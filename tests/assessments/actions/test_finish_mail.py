"""Coaches hear that their clients have finished, when they asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from assessments.actions import coaches, finish_mail
from assessments.actions.finish_mail import tell_coaches
from assessments.models import Client, Coach, Participation
from tests.support.coaching import invite, joined
from tests.support.smtp import MailServer, real_mail

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW, DAILY = Coach.FinishMail.IMMEDIATE, Coach.FinishMail.DAILY


@pytest.fixture
def server() -> Iterator[MailServer]:
    with real_mail() as server:
        yield server


def wants(coach: Coach, when: str) -> None:
    coach.refresh_from_db()
    coaches.change_settings(
        coach, contact="Room 5", time_zone="Europe/Berlin", finish_mail=when
    )


def told(grant: Participation) -> bool:
    grant.refresh_from_db()
    return grant.coach_told_at is not None


def test_coach_is_told_once_of_each(coach: Coach, server: MailServer) -> None:
    group = invite(coach)
    joined(group, "Early")
    wants(coach, NOW)
    ann = joined(group, "Ann")
    assert (tell_coaches(when=DAILY), tell_coaches(when=NOW)) == (0, 1)
    assert tell_coaches(when=NOW) == 0
    [mail] = server.received
    assert mail.to == ["carla@example.org"]
    assert mail.message["Subject"] == "Ann has finished"
    assert f"Ann\nhttp://localhost:8000/coach/client/{ann.pk}/" in mail.body.replace(
        "\r\n", "\n"
    )
    assert "Early" not in mail.body
    assert "project" not in mail.body.lower()


def test_one_mail_a_day_names_all(
    coach: Coach, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(coach, DAILY)
    group = invite(coach)
    grants = [joined(group, name) for name in ("Ann", "Ben", "Cy")]
    Client.objects.filter(name="Ann").update(private_name="Dr. Ann")
    # Of a server of the release before.
    Participation.objects.filter(pk=grants[1].pk).update(client=None)
    monkeypatch.setattr(finish_mail, "MAX_CLIENTS_NAMED", 2)
    assert tell_coaches(when=DAILY) == 1
    [mail] = server.received
    assert mail.message["Subject"] == "3 clients have finished"
    assert "Dr. Ann" in mail.body
    assert "Ben" in mail.body
    assert "Cy" not in mail.body
    assert "and 1 more" in mail.body


def test_namesakes_have_the_numbers_of_the_workspace(
    coach: Coach, server: MailServer
) -> None:
    group = invite(coach)
    joined(group, "Ann")
    wants(coach, NOW)
    joined(group, "Ann")
    assert tell_coaches(when=NOW) == 1
    [mail] = server.received
    assert mail.message["Subject"] == "Ann (2) has finished"
    assert "Ann (2)" in mail.body


def test_name_is_isolated_once(coach: Coach, server: MailServer) -> None:
    group = invite(coach)
    wants(coach, NOW)
    joined(group, "דנה")
    assert tell_coaches(when=NOW) == 1
    joined(group, "דנה")
    assert tell_coaches(when=NOW) == 1
    for mail, called in zip(
        server.received, ("\u2068דנה\u2069", "\u2068דנה\u2069 (2)"), strict=True
    ):
        assert mail.message["Subject"] == f"{called} has finished"
        assert called in mail.body.splitlines()


def test_refused_mail_is_tried_by_the_next_run(
    coach: Coach, server: MailServer
) -> None:
    wants(coach, NOW)
    ann = joined(invite(coach), "Ann")
    with override_settings(EMAIL_PORT=1):
        assert tell_coaches(when=NOW) == 0
    assert not told(ann)
    server.refused.add("carla@example.org")
    assert tell_coaches(when=NOW) == 0
    assert not told(ann)
    server.refused.clear()
    assert tell_coaches(when=NOW) == 1
    assert told(ann)


def test_coach_who_is_told_by_another_job_is_not_told_twice(
    coach: Coach, server: MailServer
) -> None:
    wants(coach, NOW)
    ann = joined(invite(coach), "Ann")
    Participation.objects.filter(pk=ann.pk).update(coach_told_at=timezone.now())
    assert not finish_mail._tell(coach.pk)
    assert server.received == []


def test_closed_coach_and_coach_who_turned_it_off_get_none(
    coach: Coach, other_coach: Coach, server: MailServer
) -> None:
    for each in (coach, other_coach):
        wants(each, NOW)
        joined(invite(each))
    assert coach.approved_by is not None
    coaches.close_workspace(coach, by=coach.approved_by)
    wants(other_coach, Coach.FinishMail.OFF)
    assert tell_coaches(when=NOW) == 0


def test_turning_it_on_again_begins_anew(coach: Coach, server: MailServer) -> None:
    wants(coach, NOW)
    since = Coach.objects.get().finish_mail_since
    wants(coach, DAILY)
    assert Coach.objects.get().finish_mail_since == since
    wants(coach, Coach.FinishMail.OFF)
    joined(invite(coach), "While off")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        wants(coach, NOW)
        assert tell_coaches(when=NOW) == 0
    coach.refresh_from_db()
    assert (coach.contact, coach.time_zone) == ("Room 5", "Europe/Berlin")


def test_site_without_mail_marks_nobody_as_told(coach: Coach) -> None:
    wants(coach, NOW)
    ann = joined(invite(coach))
    with override_settings(MAIL_GOES_OUT=False):
        assert tell_coaches(when=NOW) == 0
    assert not told(ann)


def test_settings_of_another_window_are_not_overwritten(coach: Coach) -> None:
    stale = Coach.objects.get(pk=coach.pk)
    wants(coach, DAILY)
    with pytest.raises(coaches.SettingsChanged):
        coaches.change_settings(stale, contact="", time_zone="", finish_mail="off")
    coach.refresh_from_db()
    assert (coach.contact, coach.finish_mail) == ("Room 5", DAILY)

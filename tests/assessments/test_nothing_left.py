"""Nothing of a person is left in the database once it is deleted, erased or over.

Unmistakable words are planted in every field that a person, or the coach about them,
can fill. Afterward every cell of every table is searched for them.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.models import FileField
from django.test import Client
from django.utils import timezone

from assessments import keys, models
from assessments.actions import (
    clients,
    coach_erasure,
    coaches,
    follow_ups,
    grants,
    people,
    result_requests,
)
from assessments.actions.personal_links import Person, invite_people
from assessments.models import (
    Attempt,
    Coach,
    Departure,
    FollowUp,
    Invitation,
    NextStep,
    Owner,
    Participation,
    PersonalLink,
    Result,
    ResultRequest,
    ShareLink,
)
from content.models import AuditEntry
from tests.support.coaching import invite, signed_in_as
from tests.support.guest import Guest

pytestmark = [pytest.mark.django_db, pytest.mark.database]
# Of the client: what they typed, what the coach wrote about them, and what a browser
# tells. The numbers are seconds, which no other row has.
NAME, LINK_NAME, LINK_LABEL = "Quxann-7f3a", "Quxname-7f3a", "Quxlabel-7f3a"
NOTES, STEP, ONWARD = "Quxnotes-7f3a", "Quxstep-7f3a", "Quxonward-7f3a"
PRIVATE_NAME, TAG = "Quxprivate-7f3a", "Quxtag-7f3a"
SECONDS, TIMING = 8_675_309, 31_415.9
ADDRESS, BROWSER = "198.51.100.77", "Quxbrowser-7f3a"
# Of somebody invited by name, as the coach typed it.
TYPED, MAILED = "Quxtyped-7f3a", "quxmailed-7f3a@example.org"
# Of the coach
COACH, WORKS_WITH, GROUP = "Quxcoach-7f3a", "Quxworks-7f3a", "Quxgroup-7f3a"
OF_THE_PERSON = (
    Owner,
    Attempt,
    Result,
    FollowUp,
    Participation,
    models.Client,
    NextStep,
    ResultRequest,
    PersonalLink,
    ShareLink,
)
ROWS = [model.__name__ for model in OF_THE_PERSON]
# What the coach has with the grant.
OF_THE_COACH = {
    *("name", "typed name", "typed address", "code", "private name", "tag"),
    *("notes", "step", "onward link's label", "onward link"),
}


def texts(value: object) -> Iterator[str]:
    """A cell as it is, and as what may be packed in it."""
    if isinstance(value, memoryview):
        value = bytes(value)
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    yield text
    try:
        yield base64.b64decode(text, validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return


def everything() -> str:
    """Every cell of every table, and every session unpacked, as one text."""
    cells: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                cells += [text for cell in row for text in texts(cell)]
    cells += [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(cells)


def found(planted: dict[str, str]) -> set[str]:
    """Which of the planted things the database has."""
    text = everything().lower()
    return {
        name
        for name, words in planted.items()
        if re.search(rf"(?<!\d){re.escape(words.lower())}(?!\d)", text)
    }


@pytest.fixture
def planted_coach(coach: Coach, manager: User) -> Coach:
    """Carla with words of her own, signed in from an address with a browser."""
    Coach.objects.filter(pk=coach.pk).delete()
    coaches.ask_for_account(
        name=COACH, email=f"{COACH}@example.org", works_with=WORKS_WITH
    )
    planted = Coach.objects.get(name=COACH)
    coaches.approve_coach(planted, by=manager)
    planted.refresh_from_db()
    return planted


@pytest.fixture
def guest(planted_coach: Coach) -> Guest:
    """The client, who has joined and finished."""
    client = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
    guest = Guest(invite(planted_coach, label=GROUP, onward=True), client)
    guest.share(NAME, wish="first")
    guest.answer_all("clear_project")
    return guest


def personal_link_of(grant: Participation) -> PersonalLink:
    """A link by which the coach invited this client, with the address still there."""
    assert grant.client is not None
    return PersonalLink.objects.create(
        invitation=grant.invitation,
        client=grant.client,
        name=TYPED,
        code=keys.new_code(),
        email=MAILED,
        created_at=grant.consented_at,
    )


@pytest.fixture
def person(guest: Guest, other_coach: Coach) -> dict[str, str]:
    """What was planted of the client, by what it is."""
    Attempt.objects.update(seconds=SECONDS, timings={"T1": TIMING})
    Result.objects.update(seconds=SECONDS)
    guest.client.post(
        "/quiz/result/share/",
        {"label": LINK_LABEL, "name": LINK_NAME, "scope": "answers", "days": "30"},
    )
    follow_ups.agree(guest.result())
    grant = Participation.objects.get()
    assert grant.client is not None
    people.set_private_words(grant.client, private_name=PRIVATE_NAME, tag=TAG)
    link = personal_link_of(grant)
    clients.set_notes(grant, notes=NOTES)
    clients.add_step(grant, text=STEP)
    onward = clients.make_onward_link(grant, scope="summary", label=ONWARD, days=9)
    own = ShareLink.objects.exclude(pk=onward.pk).get()
    result_requests.ask_for_result(other_coach, own, label="Spring course")
    planted = {
        "name": NAME,
        "own link's label": LINK_LABEL,
        "own link's name": LINK_NAME,
        "own link": own.token,
        "typed name": TYPED,
        "typed address": MAILED,
        "code": link.code,
        "private name": PRIVATE_NAME,
        "tag": TAG,
        "notes": NOTES,
        "step": STEP,
        "onward link's label": ONWARD,
        "onward link": onward.token,
        "key": keys.digest(guest.key),
        "seconds": str(SECONDS),
        "seconds of a question": str(TIMING),
        "answers": Result.objects.get().answers,
    }
    assert (found(planted), rows_left()) == (set(planted), ROWS)
    # Nothing ever had these.
    assert found({"address": ADDRESS, "browser": BROWSER, "key": guest.key}) == set()
    return planted


def rows_left() -> list[str]:
    return [model.__name__ for model in OF_THE_PERSON if model.objects.exists()]


def exported(coach: Coach) -> str:
    """The files that the coach can take out."""
    carla = signed_in_as(coach.user)
    group = Invitation.objects.get(label=GROUP)
    return "".join(
        b"".join(response).decode()
        for response in (
            carla.post(f"/coach/{group.pk}/export.{kind}") for kind in ("csv", "json")
        )
    )


def test_deleting_leaves_nothing_of_the_client(
    person: dict[str, str], guest: Guest, planted_coach: Coach
) -> None:
    assert NAME in exported(planted_coach)
    call_command("rollup", stdout=StringIO())
    guest.client.post("/quiz/data/", {"sure": "on"})
    assert (found(person), rows_left()) == (set(), [])
    assert NAME not in exported(planted_coach)


def test_time_leaves_nothing_of_the_client(
    person: dict[str, str], planted_coach: Coach
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        # Before the job: no file and no page has it.
        assert NAME not in exported(planted_coach)
        call_command("forget_old", stdout=StringIO())
        assert (found(person), rows_left()) == (set(), [])


def test_unfinished_answers_leave_nothing_of_the_client(planted_coach: Coach) -> None:
    guest = Guest(invite(planted_coach, label=GROUP))
    guest.share(NAME, wish="second")
    Attempt.objects.update(seconds=SECONDS, timings={"T1": TIMING})
    clients.set_notes(Participation.objects.get(), notes=NOTES)
    planted = {
        "name": NAME,
        "notes": NOTES,
        "key": keys.digest(guest.key),
        "seconds": str(SECONDS),
        "seconds of a question": str(TIMING),
    }
    assert found(planted) == set(planted)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        call_command("forget_old", stdout=StringIO())
        assert (found(planted), rows_left()) == (set(), [])


def test_withdrawing_leaves_nothing_that_the_coach_had(
    person: dict[str, str], guest: Guest
) -> None:
    grant = Participation.objects.get()
    guest.client.post(f"/quiz/result/sees/{grant.pk}/withdraw/")
    assert found(person) == set(person) - OF_THE_COACH
    assert Departure.objects.get().owner is None


def test_removing_leaves_nothing_that_the_coach_had(
    person: dict[str, str], guest: Guest
) -> None:
    grants.remove_client(Participation.objects.get())
    assert found(person) == set(person) - OF_THE_COACH
    guest.client.post("/quiz/data/", {"sure": "on"})
    assert (found(person), rows_left()) == (set(), [])
    assert Departure.objects.get().owner is None


def test_erasing_leaves_nothing_of_the_coach(
    person: dict[str, str], planted_coach: Coach, manager: User
) -> None:
    user = planted_coach.user
    assert user is not None
    user.set_password("a long pass phrase")
    user.save()
    browser = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
    browser.post(
        "/accounts/login/", {"login": user.email, "password": "a long pass phrase"}
    )
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": "Quxsecret-7f3a"}
    )
    browser.force_login(user)  # the same session gives the second factor
    # The manager's own page writes a line of the admin's history.
    mara = signed_in_as(manager)
    page = f"/admin/assessments/coach/{planted_coach.pk}/change/"
    mara.post(page, {"name": COACH, "works_with": f"{WORKS_WITH}, too"})
    group = Invitation.objects.get(label=GROUP)
    assert browser.post(f"/coach/{group.pk}/export.csv").status_code == 200
    Coach.objects.filter(pk=planted_coach.pk).update(
        contact="Quxcontact-7f3a", time_zone="Pacific/Quxland"
    )
    Invitation.objects.filter(pk=group.pk).update(
        mail_subject="Quxsubject-7f3a", mail_text="Quxmail-7f3a"
    )
    planted = {
        "contact": "Quxcontact-7f3a",
        "time zone": "Pacific/Quxland",
        "subject": "Quxsubject-7f3a",
        "mail": "Quxmail-7f3a",
        "invited": TYPED,
        "invited address": MAILED,
        "name": COACH,
        "works with": WORKS_WITH,
        "group": GROUP,
        "code": group.code,
        "secret": "Quxsecret-7f3a",
        "address": ADDRESS,
        "browser": BROWSER,
        "notes": NOTES,
        "step": STEP,
    }
    assert found(planted) == set(planted)
    coach_erasure.erase_coach(planted_coach, by=user)
    # The limits of sign-ins count by address until their hour is over.
    assert found(planted) <= {"address"}
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        call_command("forget_old", stdout=StringIO())
    assert found(planted) == set()
    # The client's own things are still the client's.
    assert {"key", "answers", "own link's label"} <= found(person)
    assert AuditEntry.objects.filter(by=user).exists()


@pytest.fixture
def invited(planted_coach: Coach) -> PersonalLink:
    """Somebody of whom the coach has typed name and address."""
    invite_people(invite(planted_coach, label=GROUP), [Person(TYPED, MAILED)])
    assert found({"typed": TYPED, "address": MAILED}) == {"typed", "address"}
    return PersonalLink.objects.get()


def test_deleting_leaves_nothing_of_somebody_invited_by_name(
    invited: PersonalLink,
) -> None:
    guest = Guest(invited)  # type: ignore[arg-type]
    guest.share(NAME)
    planted = {"typed": TYPED, "address": MAILED, "name": NAME, "code": invited.code}
    assert found(planted) == set(planted)
    assert MAILED in guest.client.get("/quiz/data/rolefit.json").getvalue().decode()
    guest.client.post("/quiz/data/", {"sure": "on"})
    assert found(planted) == set()


def test_withdrawing_and_finishing_leave_no_address(invited: PersonalLink) -> None:
    guest = Guest(invited)  # type: ignore[arg-type]
    guest.share(NAME)
    guest.answer_all("clear_project")
    assert found({"typed": TYPED, "address": MAILED}) == {"typed"}
    grant = Participation.objects.get()
    guest.client.post(f"/quiz/result/sees/{grant.pk}/withdraw/")
    assert found({"typed": TYPED, "name": NAME, "code": invited.code}) == set()


def test_stopping_leaves_no_address(invited: PersonalLink) -> None:
    Client().post(f"/join/{invited.code}/stop/", {"action": "stop"})
    assert found({"typed": TYPED, "address": MAILED}) == {"typed"}


def test_time_leaves_nothing_of_somebody_who_never_joined(
    invited: PersonalLink,
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        call_command("forget_old", stdout=StringIO())
        assert found({"typed": TYPED, "address": MAILED}) == set()


def test_no_table_leads_to_a_file() -> None:
    """Files outside the database would need a search of their own."""
    fields = [field for model in apps.get_models() for field in model._meta.fields]
    assert [field for field in fields if isinstance(field, FileField)] == []

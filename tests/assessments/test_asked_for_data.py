"""What docs/operate.md tells operators to type when someone asks for their data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from assessments.actions import clients
from assessments.actions.muting import muted
from assessments.actions.personal_links import Person, invite_people
from assessments.models import Coach, MutedAddress, Participation, PersonalLink
from tests.support.coaching import invite, joined

pytestmark = pytest.mark.django_db
OPERATE = (Path(__file__).parents[2] / "docs/operate.md").read_text()
PRINT_NOTES, STOP_MAIL = re.findall(
    r'^\.venv/bin/python manage\.py shell -c "\n(.+?)^"$', OPERATE, re.M | re.S
)
ADDRESS = "ann@rolefit.example"


def test_notes_of_one_client_are_printed(
    questionnaire: object, coach: Coach, capsys: pytest.CaptureFixture[str]
) -> None:
    invitation = invite(coach)
    for name in ("Ann", "Bob"):
        given = joined(invitation, name)
        clients.add_step(given, text=f"A step of {name}")
        Participation.objects.filter(pk=given.pk).update(notes=f"A note on {name}")
    lines = PRINT_NOTES.replace("coach@rolefit.example", coach.email)
    call_command("shell", command=lines.replace("Ann Sample", "Ann"))
    said = capsys.readouterr().out
    assert "A note on Ann" in said
    assert "A step of Ann" in said
    assert "Bob" not in said


@pytest.mark.parametrize("invited", [True, False])
def test_address_is_deleted_and_gets_no_more_mail(coach: Coach, invited: bool) -> None:
    if invited:
        invite_people(invite(coach), [Person("Ann", ADDRESS)])
        assert PersonalLink.objects.get().email == ADDRESS
    call_command("shell", command=STOP_MAIL)
    assert not PersonalLink.objects.exclude(email="").exists()
    assert muted([ADDRESS]) == {ADDRESS}
    assert MutedAddress.objects.count() == 1

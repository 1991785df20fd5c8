"""A coach in two tabs, and one whose session or client is gone: no text is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assessments.actions import clients
from assessments.models import Coach, Participation, ShareLink
from tests.support.coaching import invite, join, joined, signed_in_as
from tests.support.dom import parse
from tests.support.forms import form_in, opened

pytestmark = pytest.mark.django_db
HERE = {"referer": "http://testserver/coach/"}
BY_SCRIPT = {"accept": "application/json"}


@pytest.fixture
def ann(coach: Coach) -> Participation:
    return joined(invite(coach, onward=True))


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


def page(grant: Participation) -> str:
    return reverse("coach_client", args=[grant.pk])


def notes(grant: Participation) -> str:
    return reverse("coach_notes", args=[grant.pk])


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Second"), ("theirs", "First")])
def test_notes_of_two_tabs_ask(
    carla: Client, ann: Participation, choice: str, kept: str
) -> None:
    one, two = (opened(carla, page(ann), "notes") for _ in range(2))
    assert carla.post(notes(ann), one | {"notes": "First"}).status_code == 302
    refused = carla.post(notes(ann), two | {"notes": "Second"})
    assert refused.status_code == 422
    assert parse(refused).one(".both-stored").text == "First"
    again = form_in(refused, "notes")
    assert again["notes"] == ["Second"]
    assert "notes-choice" not in again
    saved = carla.post(notes(ann), again | {"notes-choice": choice})
    assert saved.status_code == 302
    ann.refresh_from_db()
    assert ann.notes == kept


def test_notes_that_were_not_touched_overwrite_nothing(
    carla: Client, ann: Participation
) -> None:
    one, two = (opened(carla, page(ann), "notes") for _ in range(2))
    carla.post(notes(ann), one | {"notes": "First"})
    assert carla.post(notes(ann), two).status_code == 302
    ann.refresh_from_db()
    assert ann.notes == "First"


def test_notes_save_themselves(carla: Client, ann: Participation) -> None:
    fields = opened(carla, page(ann), "notes")
    first = carla.post(notes(ann), fields | {"notes": "One"}, headers=BY_SCRIPT)
    assert first.status_code == 200
    assert first.json()["theirs"] == []
    fields |= first.json()["fields"]
    second = carla.post(notes(ann), fields | {"notes": "Two"}, headers=BY_SCRIPT)
    assert second.status_code == 200
    late = carla.post(notes(ann), fields | {"notes": "Late"}, headers=BY_SCRIPT)
    assert (late.status_code, late.json()) == (422, {"problem": "contested"})
    long = carla.post(notes(ann), {"notes": "x" * 10_001}, headers=BY_SCRIPT)
    assert (long.status_code, long.json()) == (422, {"problem": "invalid"})
    ann.refresh_from_db()
    assert ann.notes == "Two"


def test_message_stands_in_the_section_that_was_saved(
    carla: Client, ann: Participation
) -> None:
    shown = {
        part: carla.post(address, data, follow=True)
        for part, address, data in (
            ("notes", notes(ann), {"notes": "x"}),
            ("steps", reverse("coach_add_step", args=[ann.pk]), {"text": "Read"}),
            (
                "links",
                reverse("coach_make_link", args=[ann.pk]),
                {"scope": "summary", "days": "7"},
            ),
        )
    }
    for part, response in shown.items():
        said = parse(response).all(".save.notice")
        assert len(said) == 1, part
        assert parse(response).one(f"#{part}").has(".save.notice"), part


@pytest.fixture
def drawn(carla: Client, ann: Participation) -> dict[str, list[str]]:
    """What the form of the page sends, with a step and a working link on the page."""
    clients.add_step(ann, text="Read")
    clients.make_onward_link(ann, scope="summary", label="Bo", days=7)
    return opened(carla, page(ann), "notes")


def buttons(carla: Client, grant: Participation) -> dict[str, dict[str, str]]:
    """What each button of the page's form sends, by the address it leads to."""
    form = parse(carla.get(page(grant))).one("main form")
    return {
        button.attributes.get("formaction") or form.value: (
            {button.attributes["name"]: button.attributes["value"]}
            if button.attributes.get("name", "enter") != "enter"
            else {}
        )
        for button in form.all("button")
        if button.attributes.get("type") != "button"
    }


def test_every_button_saves_the_notes_and_keeps_what_else_is_typed(
    carla: Client, ann: Participation, drawn: dict[str, list[str]]
) -> None:
    typed = {"notes": "In the talk", "text": "Ask a friend", "label": "Cem"}
    to_press = buttons(carla, ann)
    assert len(to_press) == 7
    for address, own in to_press.items():
        clients.set_notes(ann, notes="")
        answer = carla.post(address, drawn | typed | own)
        assert answer.status_code == 200, address
        ann.refresh_from_db()
        assert ann.notes == "In the talk", address
        stored = {*ann.steps.values_list("text", flat=True)}
        stored |= {*ShareLink.objects.values_list("label", flat=True)}
        again = form_in(answer, "notes")
        assert again["notes"] == ["In the talk"], address
        assert parse(answer).has("form[data-kept]"), address
        for name in ("text", "label"):
            in_form = again[name] == [typed[name]]
            assert in_form or typed[name] in stored, (address, name)


def test_nothing_is_done_while_the_notes_are_asked_about(
    carla: Client, ann: Participation, drawn: dict[str, list[str]]
) -> None:
    clients.set_notes(ann, notes="From another tab")
    typed = drawn | {"notes": "Mine", "text": "Ask a friend"}
    for address, own in buttons(carla, ann).items():
        answer = carla.post(address, typed | own)
        assert answer.status_code == 422, address
        assert parse(answer).one(".both-stored").text == "From another tab"
        assert form_in(answer, "notes")["text"] == ["Ask a friend"], address
    ann.refresh_from_db()
    assert (ann.notes, ann.steps_shared) == ("From another tab", False)
    assert [(step.text, step.done_at) for step in ann.steps.all()] == [("Read", None)]
    assert ShareLink.objects.usable().count() == 1


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ({"text": "Ask a friend"}, "text"),
        ({"label": "Cem"}, "label"),
        ({}, ""),
    ],
)
def test_enter_in_a_field_presses_the_button_of_its_part(
    carla: Client,
    ann: Participation,
    drawn: dict[str, list[str]],
    typed: dict[str, str],
    made: str,
) -> None:
    form = parse(carla.get(page(ann))).one("main form")
    first = form.all("button")[0]
    assert first.attributes["name"] == "enter"
    answer = carla.post(form.value, drawn | typed | {"enter": "yes", "notes": "x"})
    assert answer.status_code == 302
    ann.refresh_from_db()
    assert ann.notes == "x"
    assert ann.steps.filter(text="Ask a friend").exists() == (made == "text")
    assert ShareLink.objects.filter(label="Cem").exists() == (made == "label")


def test_terms_of_two_tabs_ask(carla: Client, ann: Participation) -> None:
    address = reverse("coach_edit", args=[ann.invitation_id])
    one, two, three = (opened(carla, address) for _ in range(3))
    assert carla.post(address, one | {"label": "First"}).status_code == 302
    assert carla.post(address, two | {"places": "5"}).status_code == 302
    ann.invitation.refresh_from_db()
    assert (ann.invitation.label, ann.invitation.max_uses) == ("First", 5)
    refused = carla.post(address, three | {"label": "Third"})
    assert refused.status_code == 422
    assert {*parse(refused).values("input[name=label-choice]")} == {"mine", "theirs"}
    decided = form_in(refused) | {"label-choice": "mine"}
    assert carla.post(address, decided).status_code == 302
    ann.invitation.refresh_from_db()
    assert (ann.invitation.label, ann.invitation.max_uses) == ("Third", 5)


def test_text_about_a_client_who_has_withdrawn_comes_back(
    carla: Client, coach: Coach
) -> None:
    ann = join(invite(coach))
    address, fields = notes(ann), opened(carla, page(ann), "notes")
    ann.delete()
    typed = fields | {"notes": "My notes"}
    answer = carla.post(address, typed, headers=HERE)
    assert answer.status_code == 404
    assert parse(answer).values("textarea[readonly]") == ["My notes"]
    by_script = carla.post(address, typed, headers=HERE | BY_SCRIPT)
    assert (by_script.status_code, by_script.json()) == (404, {"problem": "deleted"})
    # Another site cannot show its words here.
    elsewhere = carla.post(
        address, typed, headers={"referer": "https://elsewhere.example/"}
    )
    assert elsewhere.status_code == 404
    assert not parse(elsewhere).has("textarea")

"""Staff upload a questionnaire as a file, and download a draft, in the admin."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from assessments.actions.versions import assemble
from assessments.drafts.upload_form import MAX_UPLOAD_BYTES
from assessments.models import Question, Questionnaire, Section, Version
from content.models import AuditEntry, Strength
from tests.support.admin import messages_of, quoted
from tests.support.dom import parse
from tests.support.pages import levels
from tests.support.staff import address, signed_in

pytestmark = pytest.mark.django_db


def upload(
    client: Client, content: str | bytes, name: str = "bank.json"
) -> HttpResponse:
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(
        address("questionnaire_upload"),
        {"file": SimpleUploadedFile(name, content, "application/json")},
    )


def download(client: Client, draft: Questionnaire) -> HttpResponse:
    return client.post(address("questionnaire_definition", draft.pk))


def rows() -> list[int]:
    return [model.objects.count() for model in (Questionnaire, Section, Question)]


def refused(client: Client, content: str | bytes) -> HttpResponse:
    before = rows()
    response = upload(client, content)
    assert (response.status_code, rows()) == (422, before)
    return response


def places(response: HttpResponse) -> list[str]:
    """The place of each fault that the page lists."""
    return parse(response).texts("[role=alert] .findings li b")


def ways_to_upload(client: Client) -> list[str]:
    page = parse(client.get(address("questionnaire_changelist")))
    return page.values(".object-tools a[href$='/upload/']")


def test_draft_that_goes_out_and_comes_in_again_is_the_same(
    editor: Client, draft: Questionnaire
) -> None:
    Questionnaire.objects.filter(pk=draft.pk).update(
        name="Déjà vu: “other”", intro="One.\nTwo.", v_trade_off="37.5"
    )
    draft.sections.filter(position=1).update(
        stem="Which one is you?", label_3="Neither, “really”"
    )
    file = download(editor, Questionnaire.objects.get(pk=draft.pk))
    assert (file["Content-Type"], file["Content-Disposition"]) == (
        "application/json",
        f'attachment; filename="rolefit-draft-{draft.pk}.json"',
    )
    response = upload(editor, file.content)
    newest = Questionnaire.objects.latest("pk")
    assert response["Location"] == address("questionnaire_change", newest.pk)
    assert newest != draft
    draft.refresh_from_db()
    assert (
        assemble(newest).to_json() == assemble(draft).to_json() == file.content.decode()
    )


def test_upload_is_offered_where_the_drafts_are_listed(editor: Client) -> None:
    assert ways_to_upload(editor) == [address("questionnaire_upload")]
    response = editor.get(address("questionnaire_upload"))
    page = parse(response)
    assert page.one("input[type=file]").attributes["name"] == "file"
    assert (response.context["faults"], places(response)) == ((), [])


def test_new_draft_says_what_was_renamed(
    editor: Client, questionnaire: Version
) -> None:
    data = json.loads(questionnaire.definition)
    data["roles"][0]["name"], data["strengths"][0]["name"] = (
        "Project lead",
        "Planning ahead",
    )
    response = editor.get(upload(editor, json.dumps(data))["Location"])
    assert levels(response) == ["success", "warning"]
    assert [quoted(message) for message in messages_of(response)] == [
        ["bank.json"],
        [
            "Project lead",
            "Project manager",
            "Planning ahead",
            "Planning and organization",
        ],
    ]


def test_file_with_todays_names_tells_of_no_renaming(
    editor: Client, questionnaire: Version
) -> None:
    response = editor.get(upload(editor, questionnaire.definition)["Location"])
    assert levels(response) == ["success"]


def test_every_fault_is_listed_with_its_place_and_nothing_is_written(
    editor: Client, questionnaire: Version
) -> None:
    data = json.loads(questionnaire.definition)
    del data["intro"]
    data["sections"][0]["questions"][0] |= {"side": "up", "id": "first"}
    data["strengths"][0]["kind"] = "<shared>"
    response = refused(editor, json.dumps(data))
    assert sorted(places(response)) == [
        "intro",
        "sections[0].questions[0].id",
        "sections[0].questions[0].side",
        "strengths[0].kind",
    ]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"not json", "definition"),
        (b"\xff\xfe{}", "definition"),
        (b"[]", "definition"),
        (b"", "field"),
        (b"[" * (MAX_UPLOAD_BYTES + 1), "field"),
        (b"[" * MAX_UPLOAD_BYTES, "definition"),
    ],
    ids=["text", "UTF-16", "list", "empty", "large", "deep"],
)
def test_what_is_no_questionnaire_is_refused_in_a_sentence(
    editor: Client, content: bytes, where: str
) -> None:
    response = refused(editor, content)
    errors = parse(response).texts(".errorlist li")
    assert (places(response), len(errors)) == (
        ([where], 0) if where == "definition" else ([], 1)
    )


def test_upload_without_a_file_asks_for_one(editor: Client) -> None:
    for data in ({}, {"file": "a text"}):
        response = editor.post(address("questionnaire_upload"), data)
        assert response.status_code == 422
        errors = response.context["form"].errors.as_data()["file"]
        assert [error.code for error in errors] == ["required"]


def test_upload_needs_the_right_to_add(
    draft: Questionnaire, questionnaire: Version
) -> None:
    reader, before = (
        signed_in("rita", "view_questionnaire", "change_questionnaire"),
        rows(),
    )
    assert reader.get(address("questionnaire_upload")).status_code == 403
    assert upload(reader, questionnaire.definition).status_code == 403
    assert ways_to_upload(reader) == []
    assert Client().get(address("questionnaire_upload")).status_code == 302
    assert rows() == before


def test_download_is_written_down_with_who_took_it(
    publisher: Client, draft: Questionnaire
) -> None:
    AuditEntry.objects.all().delete()
    assert (
        publisher.get(address("questionnaire_definition", draft.pk)).status_code == 405
    )
    assert download(publisher, draft).content.decode() == assemble(draft).to_json()
    assert list(AuditEntry.objects.values_list("by__username", "act", "subject")) == [
        ("paula", "export", f"the questionnaire draft “Draft {draft.pk}”")
    ]


def test_download_of_a_draft_that_breaks_a_rule_of_publishing_is_given_all_the_same(
    editor: Client, draft: Questionnaire
) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T3").update(
        statement="I never stop."
    )
    assert download(editor, draft).status_code == 200


@pytest.mark.parametrize(
    ("code", "changes", "places"),
    [
        (
            "T1",
            {"other_strength": None, "other_statement": "", "side": ""},
            ["Question T1"],
        ),
        (
            "E2",
            {"code": "T1"},
            ["Section 3, question 2, id", "Section 1, question 1, id"],
        ),
        ("E1", {"statement": ""}, ["Question E1, statement"]),
    ],
    ids=["misfit", "same id", "empty"],
)
def test_draft_that_is_no_questionnaire_yet_says_why(
    editor: Client,
    draft: Questionnaire,
    code: str,
    changes: dict[str, Any],
    places: list[str],
) -> None:
    AuditEntry.objects.all().delete()
    Question.objects.filter(section__questionnaire=draft, code=code).update(**changes)
    response = editor.get(download(editor, draft)["Location"])
    assert levels(response) == ["error"]
    [message] = messages_of(response)
    place = r"(?:Question \w+|Section \d, question \d)(?:, \w+)?"
    assert re.findall(place, message) == places
    assert not AuditEntry.objects.exists()


def test_download_needs_the_right_to_view(draft: Questionnaire) -> None:
    AuditEntry.objects.all().delete()
    assert download(signed_in("stan"), draft).status_code == 403
    assert download(Client(), draft).status_code == 302
    assert not AuditEntry.objects.exists()


def test_line_that_the_article_has_retired_comes_in_and_goes_out(
    editor: Client, questionnaire: Version
) -> None:
    Strength.objects.filter(slug="communication").update(retired=True)
    upload(editor, questionnaire.definition)
    newest = Questionnaire.objects.latest("pk")
    assert download(editor, newest).content.decode() == questionnaire.definition

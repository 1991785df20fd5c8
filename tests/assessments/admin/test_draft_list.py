"""The list of drafts: two never look alike, and each says what became of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish
from assessments.models import Question, Questionnaire, Version
from tests.support.dom import parse
from tests.support.forms import opened
from tests.support.staff import address

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def rows(client: Client, **query: str) -> dict[int, dict[str, str]]:
    """What the list shows of each draft, by the key of the draft."""
    response = client.get(address("questionnaire_changelist"), query)
    assert response.status_code == 200
    names = ("origin", "findings", "published", "author")
    return {
        int(row.one("a").value.split("/")[-3]): {
            "draft": row.one("a").text,
            **{name: row.one(f".field-{name}").text for name in names},
        }
        for row in parse(response).all("#result_list tbody tr")
    }


def test_two_drafts_never_look_alike(
    editor: Client, draft: Questionnaire, questionnaire: Version
) -> None:
    Questionnaire.objects.filter(pk=draft.pk).update(name=questionnaire.name)
    other = duplicate(questionnaire)
    shown = rows(editor)
    assert {*shown} >= {draft.pk, other.pk}
    assert len({row["draft"] for row in shown.values()}) == len(shown) == 3
    add = parse(editor.get(address("section_add")))
    options = add.texts("#id_questionnaire option")
    assert len(options) == len({*options}) == 4
    compare = parse(editor.get(address("version_compare")))
    assert len({*compare.texts("#id_after option")}) == 4


def test_name_and_note_are_for_staff_alone(
    editor: Client, draft: Questionnaire, questionnaire: Version
) -> None:
    where = address("questionnaire_change", draft.pk)
    words = {"label": "Shorter trade-offs", "note": "After the talk in May"}
    assert editor.post(where, opened(editor, where) | words).status_code == 302
    draft.refresh_from_db()
    assert (draft.label, draft.note) == ("Shorter trade-offs", "After the talk in May")
    assert "Shorter trade-offs" in rows(editor)[draft.pk]["draft"]
    for found in ("trade-offs", "May", "Autumn"):
        assert {*rows(editor, q=found)} == {draft.pk}
    assert rows(editor, q="winter") == {}
    version = publish(draft, by=None)
    assert "Shorter trade-offs" not in version.definition
    assert "After the talk" not in version.definition


def test_origin_and_who_changed_it_last_are_shown(
    editor: Client, draft: Questionnaire, questionnaire: Version
) -> None:
    assert rows(editor)[draft.pk]["origin"] == "Version 1"
    assert rows(editor)[draft.pk]["author"] == "–"
    section = draft.sections.first()
    assert section is not None
    where = address("section_change", section.pk)
    sent: dict[str, Any] = opened(editor, where) | {"stem": "Which is you?"}
    assert editor.post(where, sent).status_code == 302
    assert rows(editor)[draft.pk]["author"] == "edith"
    response = editor.post(address("version_duplicate", questionnaire.pk))
    newest = Questionnaire.objects.order_by("-pk")[0]
    assert response["Location"] == address("questionnaire_change", newest.pk)
    assert (newest.begun_from, str(newest.changed_by)) == (questionnaire, "edith")
    gone = User.objects.create_user("zoe", first_name="Zoe")
    Questionnaire.objects.update(changed_by=gone)
    assert rows(editor)[draft.pk]["author"] == "Zoe"
    gone.delete()
    assert rows(editor)[draft.pk]["author"] == "–"


def test_published_draft_is_marked_and_so_is_a_later_change(
    editor: Client, draft: Questionnaire, questionnaire: Version
) -> None:
    same = duplicate(questionnaire)
    states = [rows(editor)[one.pk]["published"] for one in (draft, same)]
    version = publish(draft, by=None)
    draft.refresh_from_db()
    assert draft.published_as == version
    states.append(rows(editor)[draft.pk]["published"])
    Questionnaire.objects.filter(pk=draft.pk).update(name="Winter")
    states.append(rows(editor)[draft.pk]["published"])
    assert states == [
        "Not yet",
        "Same as version 1",
        "As version 2",
        "As version 2, changed since",
    ]
    yes, no = ({*rows(editor, published=value)} for value in ("yes", "no"))
    assert (draft.pk in yes, draft.pk in no) == (True, False)
    assert (same.pk in yes, same.pk in no) == (False, True)
    assert draft.pk in rows(editor, published="x")


def test_what_stands_in_the_way_is_counted(
    editor: Client, draft: Questionnaire, questionnaire: Version
) -> None:
    broken, empty = duplicate(questionnaire), Questionnaire.objects.create(name="Empty")
    Question.objects.filter(section__questionnaire=broken, code="T3").update(
        statement="I never stop to look at it."
    )
    found = {pk: row["findings"] for pk, row in rows(editor).items()}
    assert found[draft.pk] == "Nothing"
    assert found[broken.pk] == "2 findings"
    assert found[empty.pk] == "1 finding"
    assert rows(editor)[empty.pk]["published"] == "Not yet"


@pytest.mark.parametrize("drafts", [1, 3])
def test_list_does_not_ask_more_for_more_drafts(
    editor: Client, draft: Questionnaire, questionnaire: Version, drafts: int
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            editor.get(address("questionnaire_changelist"))
        return len(captured)

    asked()
    one = asked()
    for _ in range(drafts - 1):
        duplicate(questionnaire)
    assert asked() == one

"""Two editors at once: nobody overwrites what they have not read."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content import actions
from content.models import ListBlock, Page, ProseBlock, Role, SiteWords, Strength
from tests.support.articles import make_page, make_prose
from tests.support.dom import parse
from tests.support.editing import member_of, publish, sign_in
from tests.support.forms import form_in, opened
from tests.support.pages import levels

pytestmark = pytest.mark.django_db
PROSE, LIST = "content_proseblock_set", "content_listblock_set"


@pytest.fixture
def draft(article: object) -> Page:
    draft = make_page()
    make_prose(draft)
    ListBlock.objects.create(
        parent=draft, region="main", ordering=20, heading="A list", lines="one\ntwo"
    )
    return draft


@pytest.fixture
def second_client(groups: None) -> Client:
    """Another editor; Ed."""
    return sign_in(member_of("Editor"))


def address(draft: Page) -> str:
    return reverse("admin:content_page_change", args=[draft.pk])


def save(client: Client, draft: Page, fields: dict, **changes: str) -> HttpResponse:
    return client.post(address(draft), fields | changes)


def asked(response: HttpResponse) -> list[str]:
    """The fields for which the page asks which text to keep."""
    radios = parse(response).all("input[type=radio]")
    return sorted({radio.attributes["name"] for radio in radios})


def stored(row: Page | ProseBlock | ListBlock, field: str) -> str:
    return str(type(row).objects.values_list(field, flat=True).get(pk=row.pk))


def test_fields_of_two_editors_are_both_kept(
    draft: Page, editor_client: Client, second_client: Client
) -> None:
    ada, ben = (opened(one, address(draft)) for one in (editor_client, second_client))
    assert save(editor_client, draft, ada, lead="Ada’s lead").status_code == 302
    saved = save(second_client, draft, ben, title="Ben’s title", _continue="1")
    assert saved.status_code == 302
    assert (stored(draft, "lead"), stored(draft, "title")) == (
        "Ada’s lead",
        "Ben’s title",
    )
    # He is told that the lead is another than he saw.
    assert levels(second_client.get(address(draft))) == ["success", "warning"]


def test_form_that_nobody_else_has_touched_says_nothing_of_others(
    draft: Page, editor_client: Client
) -> None:
    fields = opened(editor_client, address(draft))
    save(editor_client, draft, fields, title="New", _continue="1")
    assert levels(editor_client.get(address(draft))) == ["success"]


@pytest.mark.parametrize(
    ("choice", "kept"), [("mine", "Ben’s lead"), ("theirs", "Ada’s lead")]
)
def test_same_field_asks_and_the_choice_decides(
    draft: Page, editor_client: Client, second_client: Client, choice: str, kept: str
) -> None:
    ada, ben = (opened(one, address(draft)) for one in (editor_client, second_client))
    save(editor_client, draft, ada, lead="Ada’s lead")
    refused = save(second_client, draft, ben, lead="Ben’s lead", title="Ben’s title")
    assert refused.status_code == 422
    assert asked(refused) == ["lead-choice"]
    assert not parse(refused).has("input[name=lead-choice]:checked")
    assert parse(refused).one(".both-stored").text == "Ada’s lead"
    assert "ada" in parse(refused).one(".both-stored-by").text
    again = form_in(refused)
    assert again["lead"] == ["Ben’s lead"]
    # Without a choice it asks again.
    still = save(second_client, draft, again)
    assert (still.status_code, asked(still)) == (422, ["lead-choice"])
    assert stored(draft, "lead") == "Ada’s lead"
    decided = form_in(still) | {"lead-choice": choice}
    assert save(second_client, draft, decided).status_code == 302
    assert (stored(draft, "lead"), stored(draft, "title")) == (kept, "Ben’s title")


def test_choice_counts_for_the_text_that_was_shown_alone(
    draft: Page, editor_client: Client, second_client: Client
) -> None:
    ada, ben = (opened(one, address(draft)) for one in (editor_client, second_client))
    save(editor_client, draft, ada, lead="Ada’s lead")
    refused = save(second_client, draft, ben, lead="Ben’s lead")
    Page.objects.filter(pk=draft.pk).update(lead="A third lead")
    again = save(second_client, draft, form_in(refused), **{"lead-choice": "mine"})
    assert again.status_code == 422
    assert parse(again).one(".both-stored").text == "A third lead"
    assert stored(draft, "lead") == "A third lead"


def test_same_text_of_both_is_no_clash(
    draft: Page, editor_client: Client, second_client: Client
) -> None:
    ada, ben = (opened(one, address(draft)) for one in (editor_client, second_client))
    save(editor_client, draft, ada, lead="The same\nlead")
    saved = save(second_client, draft, ben, lead="The same\r\nlead")
    assert saved.status_code == 302


def test_blocks_are_met_one_by_one(
    draft: Page, editor_client: Client, second_client: Client
) -> None:
    prose, listing = (
        ProseBlock.objects.get(parent=draft),
        ListBlock.objects.get(parent=draft),
    )
    ada, ben = (opened(one, address(draft)) for one in (editor_client, second_client))
    save(editor_client, draft, ada, **{f"{PROSE}-0-text": "<p>Ada’s text</p>"})
    save(second_client, draft, ben, **{f"{LIST}-0-lines": "Ben’s line"})
    assert stored(prose, "text") == "<p>Ada’s text</p>"
    assert stored(listing, "lines") == "Ben’s line"
    refused = save(
        second_client, draft, ben, **{f"{PROSE}-0-text": "<p>Ben’s <em>text</em></p>"}
    )
    assert refused.status_code == 422
    assert asked(refused) == [f"{PROSE}-0-text-choice"]
    assert parse(refused).one(".both-stored p").text == "Ada’s text"


def test_block_that_another_has_deleted_stays_deleted_if_untouched(
    draft: Page, editor_client: Client, second_client: Client
) -> None:
    ada, ben = (opened(one, address(draft)) for one in (editor_client, second_client))
    save(editor_client, draft, ada, **{f"{PROSE}-0-DELETE": "on"})
    assert not ProseBlock.objects.filter(parent=draft).exists()
    saved = save(second_client, draft, ben, title="Ben’s title", _continue="1")
    assert saved.status_code == 302
    assert not ProseBlock.objects.filter(parent=draft).exists()
    assert levels(second_client.get(address(draft))) == ["success", "warning"]


@pytest.mark.parametrize(("choice", "texts"), [("back", ["<p>Ben</p>"]), ("drop", [])])
def test_typed_block_that_another_has_deleted_is_put_back_or_dropped(
    draft: Page,
    editor_client: Client,
    second_client: Client,
    choice: str,
    texts: list[str],
) -> None:
    ada, ben = (opened(one, address(draft)) for one in (editor_client, second_client))
    save(editor_client, draft, ada, **{f"{PROSE}-0-DELETE": "on"})
    refused = save(editor_client, draft, ben, **{f"{PROSE}-0-text": "<p>Ben</p>"})
    assert refused.status_code == 422
    assert asked(refused) == [f"{PROSE}-0-choice"]
    # The question stands beside the heading; the page of the block stays hidden.
    assert len(parse(refused).all(f".field-heading [name={PROSE}-0-choice]")) == 2
    assert not parse(refused).has(f"select[name={PROSE}-0-parent]")
    again = form_in(refused)
    assert again[f"{PROSE}-0-text"] == ["<p>Ben</p>"]
    still = save(editor_client, draft, again)
    assert still.status_code == 422
    decided = form_in(still) | {f"{PROSE}-0-choice": choice}
    assert save(editor_client, draft, decided).status_code == 302
    rows = ProseBlock.objects.filter(parent=draft)
    assert list(rows.values_list("text", flat=True)) == texts


def test_block_that_both_have_deleted_is_no_clash(
    draft: Page, editor_client: Client
) -> None:
    fields = opened(editor_client, address(draft)) | {f"{PROSE}-0-DELETE": "on"}
    assert save(editor_client, draft, fields).status_code == 302
    assert save(editor_client, draft, fields, title="Next").status_code == 302
    assert stored(draft, "title") == "Next"


def test_block_that_another_has_changed_is_not_deleted_unread(
    draft: Page, editor_client: Client, second_client: Client
) -> None:
    prose = ProseBlock.objects.get(parent=draft)
    ada, ben = (opened(one, address(draft)) for one in (editor_client, editor_client))
    save(editor_client, draft, ada, **{f"{PROSE}-0-text": "<p>Ada’s text</p>"})
    refused = save(editor_client, draft, ben, **{f"{PROSE}-0-DELETE": "on"})
    assert refused.status_code == 422
    shown = form_in(refused)
    assert shown[f"{PROSE}-0-text"] == ["<p>Ada’s text</p>"]
    assert f"{PROSE}-0-DELETE" not in shown
    assert stored(prose, "text") == "<p>Ada’s text</p>"
    deleted = save(editor_client, draft, shown, **{f"{PROSE}-0-DELETE": "on"})
    assert deleted.status_code == 302
    assert not ProseBlock.objects.filter(parent=draft).exists()


def test_restored_page_keeps_what_another_window_saves(
    draft: Page, editor_client: Client
) -> None:
    publish(editor_client, draft)
    fields = opened(editor_client, address(draft))
    before = set(ProseBlock.objects.filter(parent=draft).values_list("pk", flat=True))
    version = draft.versions.get()
    actions.restore_page(version, by=version.published_by)
    after = set(ProseBlock.objects.filter(parent=draft).values_list("pk", flat=True))
    assert before.isdisjoint(after)
    saved = save(editor_client, draft, fields, title="Of the old window")
    assert saved.status_code == 302
    assert (
        set(ProseBlock.objects.filter(parent=draft).values_list("pk", flat=True))
        == after
    )
    refused = save(editor_client, draft, fields, **{f"{PROSE}-0-text": "<p>Old</p>"})
    assert (refused.status_code, asked(refused)) == (422, [f"{PROSE}-0-choice"])


def test_page_that_another_has_deleted_gives_the_text_back(
    draft: Page, editor_client: Client
) -> None:
    fields = opened(editor_client, address(draft))
    draft.delete()
    answer = editor_client.post(address_of(99), fields | {"lead": "My own lead"})
    assert answer.status_code == 410
    assert "My own lead" in parse(answer).values("textarea[readonly]")
    by_script = editor_client.post(
        address_of(99), fields, headers={"accept": "application/json"}
    )
    assert (by_script.status_code, by_script.json()) == (410, {"problem": "deleted"})


def address_of(pk: int) -> str:
    return reverse("admin:content_page_change", args=[pk])


def test_words_that_show_at_once_are_met_too(
    article: object, editor_client: Client
) -> None:
    rows = [
        (SiteWords.objects.get(), "footer"),
        (Role.objects.first(), "summary"),
        (Strength.objects.first(), "text"),
    ]
    for row, field in rows:
        name = row._meta.model_name
        place = reverse(f"admin:content_{name}_change", args=[row.pk])
        fields = opened(editor_client, place)
        first = editor_client.post(place, fields | {field: "The first"})
        assert first.status_code == 302
        second = editor_client.post(place, fields | {field: "The second"})
        assert (second.status_code, asked(second)) == (422, [f"{field}-choice"])
        row.refresh_from_db()
        assert getattr(row, field) == "The first"


def test_form_of_an_earlier_release_is_saved_as_it_is(
    draft: Page, editor_client: Client
) -> None:
    fields = opened(editor_client, address(draft))
    old = {name: value for name, value in fields.items() if not name.endswith("seen")}
    Page.objects.filter(pk=draft.pk).update(lead="Newer")
    assert save(editor_client, draft, old, lead="Mine").status_code == 302
    assert stored(draft, "lead") == "Mine"
    # A vanished row is asked about: nothing says whether somebody typed in it.
    ProseBlock.objects.filter(parent=draft).delete()
    assert save(editor_client, draft, old).status_code == 422


def test_nonsense_in_the_hidden_fields_breaks_nothing(
    draft: Page, editor_client: Client
) -> None:
    fields = opened(editor_client, address(draft))
    for seen in (
        "gone",
        "title",
        "title:zzz lead:!",
        ":",
        "x" * 5000,
        "lead:" + "0" * 12,
    ):
        answer = save(editor_client, draft, fields, seen=seen, title="T")
        assert answer.status_code in (302, 422)
    for total in ("-1", "x", "99999999", ""):
        wrong = fields | {f"{PROSE}-TOTAL_FORMS": total, "title": "T"}
        assert save(editor_client, draft, wrong).status_code in (200, 302)


def test_new_block_whose_answer_was_lost_is_not_made_twice(
    draft: Page, editor_client: Client
) -> None:
    sent = opened(editor_client, address(draft))
    count = 1
    new = {
        "region": "main",
        "ordering": "30",
        "heading": "New",
        "text": "<p>Some words.</p>",
        "id": "",
    }
    sent |= {f"{PROSE}-{count}-{name}": value for name, value in new.items()}
    sent[f"{PROSE}-TOTAL_FORMS"] = str(count + 1)
    for _ in range(2):
        assert save(editor_client, draft, sent).status_code == 302
    assert ProseBlock.objects.filter(heading="New").count() == 1
    # The same words once more, on purpose, are another block.
    again = opened(editor_client, address(draft))
    again |= {f"{PROSE}-{count + 1}-{name}": value for name, value in new.items()}
    again[f"{PROSE}-TOTAL_FORMS"] = str(count + 2)
    assert save(editor_client, draft, again).status_code == 302
    assert ProseBlock.objects.filter(heading="New").count() == 2


def test_page_saves_itself(draft: Page, editor_client: Client) -> None:
    fields = opened(editor_client, address(draft))
    by_script = {"accept": "application/json"}
    new = {
        f"{PROSE}-1-{name}": value
        for name, value in {
            "region": "main",
            "ordering": "30",
            "heading": "New",
            "text": "<p>New</p>",
            "seen": "",
            "id": "",
        }.items()
    } | {f"{PROSE}-TOTAL_FORMS": "2"}
    answer = editor_client.post(
        address(draft), fields | new | {"lead": "Typed"}, headers=by_script
    )
    assert answer.status_code == 200
    reply = answer.json()
    assert reply["theirs"] == []
    added = ProseBlock.objects.get(parent=draft, heading="New")
    assert reply["fields"][f"{PROSE}-1-id"] == str(added.pk)
    # The same page goes on with what the answer says; no row is made twice.
    on = fields | new | {"lead": "Typed more"} | reply["fields"]
    answer = editor_client.post(address(draft), on, headers=by_script)
    assert answer.status_code == 200
    reply = answer.json()
    assert ProseBlock.objects.filter(parent=draft).count() == 2
    assert stored(draft, "lead") == "Typed more"
    # Somebody else's change stays, and the page does not take it for its own later.
    Page.objects.filter(pk=draft.pk).update(title="Theirs")
    third = editor_client.post(
        address(draft), on | {"lead": "Three"} | reply["fields"], headers=by_script
    )
    assert len(third.json()["theirs"]) == 1
    fourth = on | {"lead": "Four"} | third.json()["fields"]
    answer = editor_client.post(address(draft), fourth, headers=by_script)
    assert answer.status_code == 200
    fourth |= answer.json()["fields"]
    assert stored(draft, "title") == "Theirs"
    clash = fourth | {"title": "Mine after all"}
    refused = editor_client.post(address(draft), clash, headers=by_script)
    assert (refused.status_code, refused.json()) == (422, {"problem": "contested"})
    invalid = editor_client.post(
        address(draft), fourth | {"position": "x"}, headers=by_script
    )
    assert (invalid.status_code, invalid.json()) == (422, {"problem": "invalid"})
    # No message waits for the next page, and the history has one entry.
    assert levels(editor_client.get(address(draft))) == []

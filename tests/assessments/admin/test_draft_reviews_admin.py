"""Editors mark drafts of the questionnaire as ready; publishers learn of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions.draft_reviews import mark_draft_ready, reviewed_fingerprint
from assessments.actions.drafts import duplicate
from assessments.actions.staff_groups import sync_groups
from assessments.actions.versions import sections_with_questions
from assessments.models import DraftReviewRequest, Question, Questionnaire, Version
from tests.support.dom import Element, parse
from tests.support.editing import member_of, sign_in
from tests.support.forms import opened
from tests.support.pages import levels
from tests.support.smtp import real_mail
from tests.support.staff import address, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ASKS = "#content-main form.ask-review"


@pytest.fixture
def emil(draft: Questionnaire) -> User:
    """An Editor."""
    sync_groups()
    return member_of("Editor")


@pytest.fixture
def emils(emil: User) -> Client:
    return sign_in(emil)


@pytest.fixture
def pias(emil: User) -> Client:
    """The browser of a Publisher."""
    return sign_in(member_of("Publisher"))


def ask(client: Client, draft: Questionnaire, comment: str = "Look at T1.") -> Any:
    where = address("questionnaire_review", draft.pk)
    shown = parse(client.get(where))
    seen = shown.one("[name=seen]").value if shown.has("[name=seen]") else ""
    return client.post(where, {"comment": comment, "seen": seen}, follow=True)


def reword(draft: Questionnaire) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        statement="I plan before I start anything new."
    )


def to_review(client: Client) -> list[Element]:
    return parse(client.get("/admin/")).all("[aria-labelledby=review] li")


def test_publishers_see_who_asks_and_why_on_the_front_page(
    draft: Questionnaire, emil: User, emils: Client, pias: Client
) -> None:
    assert to_review(pias) == []
    shown = parse(emils.get(address("questionnaire_review", draft.pk)))
    assert len(shown.rows("table.differences tbody")) == 1
    assert levels(ask(emils, draft)) == ["success"]
    assert DraftReviewRequest.objects.get().asked_by == emil
    [row] = to_review(pias)
    where = address("questionnaire_publish", draft.pk)
    assert row.values("a") == [where]
    assert (row.one("bdi").text, "Look at T1." in row.text) == ("editor", True)
    assert to_review(emils) == []  # an Editor may not publish
    section = draft.sections.first()
    assert section is not None
    for page in (
        pias.get(where),
        pias.get(address("questionnaire_change", draft.pk)),
        emils.get(address("questionnaire_change", draft.pk)),
        emils.get(address("section_change", section.pk)),
    ):
        assert "Look at T1." in parse(page).one(".review-request").text


def test_every_page_says_that_the_draft_has_changed_since(
    draft: Questionnaire, emils: Client, pias: Client
) -> None:
    def bold(client: Client) -> list[int]:
        pages = [
            client.get(address("questionnaire_change", draft.pk)),
            client.get(address("questionnaire_publish", draft.pk)),
            client.get("/admin/"),
        ]
        return [len(parse(page).one(".review-request").all("b")) for page in pages]

    ask(emils, draft)
    before = bold(pias)
    reword(draft)
    assert bold(pias) == [number + 1 for number in before]


def test_mail_goes_to_publishers_of_questionnaires_and_leads_to_the_draft(
    draft: Questionnaire, emils: Client, pias: Client
) -> None:
    Questionnaire.objects.filter(pk=draft.pk).update(label="Shorter")
    signed_in("pages-alone", "publish_page", "view_page")
    signed_in("may-not-look", "publish_questionnaire")
    with real_mail() as server:
        ask(emils, draft)
    [mail] = server.received
    assert mail.to == ["publisher@example.org"]
    subject = f"Rolefit: “Draft {draft.pk}: Shorter” is ready for review"
    assert mail.message["Subject"].strip() == subject
    body = mail.body.replace("\r\n", "\n")
    assert "Look at T1." in body
    where = address("questionnaire_publish", draft.pk)
    assert f"http://localhost:8000{where}\n" in body


def test_mail_says_publish_it_only_of_a_draft_that_can_be_published(
    draft: Questionnaire, emils: Client, pias: Client
) -> None:
    with real_mail() as server:
        ask(emils, draft)
        Question.objects.filter(section__questionnaire=draft, code="E1").delete()
        ask(emils, draft)
    assert ["publish it" in mail.body for mail in server.received] == [True, False]


def test_no_mail_on_a_site_that_sends_none(
    draft: Questionnaire,
    emils: Client,
    pias: Client,
    settings: Any,
    mailoutbox: list[Any],
) -> None:
    settings.MAIL_GOES_OUT = False
    assert levels(ask(emils, draft)) == ["success"]
    assert mailoutbox == []


def test_mark_stays_if_the_mail_server_is_away(
    draft: Questionnaire, emils: Client, pias: Client, settings: Any
) -> None:
    with real_mail() as server:
        pass  # its port is closed again
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    assert levels(ask(emils, draft)) == ["success", "warning"]
    assert DraftReviewRequest.objects.exists()


def test_section_without_the_right_to_publish_leads_to_asking(
    draft: Questionnaire, emils: Client
) -> None:
    section = draft.sections.first()
    assert section is not None
    where = address("section_change", section.pk)
    assert parse(emils.get(where)).has(".savebar [name=_review]")
    sent = opened(emils, where) | {"stem": "Which is you?", "_review": ""}
    answer = emils.post(where, sent)
    assert answer["Location"] == address("questionnaire_review", draft.pk)
    section.refresh_from_db()
    assert section.stem == "Which is you?"


def test_bar_of_a_draft_saves_and_leads_on(
    draft: Questionnaire, emils: Client, staff_client: Client
) -> None:
    where = address("questionnaire_change", draft.pk)
    for client, button, page in (
        (emils, "_preview", "preview"),
        (emils, "_review", "review"),
        (staff_client, "_publish", "publish"),
    ):
        assert parse(client.get(where)).has(f".savebar [name={button}]")
        sent = opened(client, where) | {"note": page, button: ""}
        answer = client.post(where, sent)
        assert answer["Location"] == address(f"questionnaire_{page}", draft.pk)
        draft.refresh_from_db()
        assert draft.note == page
    assert not parse(emils.get(where)).has(".savebar [name=_publish]")
    assert not parse(staff_client.get(where)).has(".savebar [name=_review]")
    added = parse(emils.get(address("questionnaire_add")))
    assert [button.attributes["name"] for button in added.all(".savebar button")] == [
        "_continue"
    ]


def test_draft_without_sections_is_not_tried(
    questionnaire: Version, emils: Client
) -> None:
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing.")
    page = parse(emils.get(address("questionnaire_change", empty.pk)))
    assert page.has(".savebar [name=_review]")
    assert not page.has("[name=_preview], a[href$='/preview/']")


def test_bar_says_that_a_marked_draft_has_changed_since(
    draft: Questionnaire, emils: Client
) -> None:
    def note() -> str:
        page = parse(emils.get(address("questionnaire_change", draft.pk)))
        return page.one(".savebar [data-words=note]").text

    unmarked = note()
    ask(emils, draft)
    marked = note()
    reword(draft)
    assert len({unmarked, marked, note()}) == 3


def test_page_that_asks_before_deleting_names_the_draft_of_the_mark(
    draft: Questionnaire, emils: Client
) -> None:
    ask(emils, draft)
    page = parse(emils.get(address("questionnaire_delete", draft.pk)))
    listed = [each.text.lower() for each in page.all("#content li")]
    assert "requests for review: 1" in listed
    assert any(
        each.startswith(f"request for review: {draft}, ".lower()) for each in listed
    )


def test_who_may_only_look_has_no_bar(draft: Questionnaire, pias: Client) -> None:
    page = parse(pias.get(address("questionnaire_change", draft.pk)))
    assert not page.has(".savebar")
    assert page.has(".page-tools a[href$='/publish/']")


def test_draft_that_has_changed_meanwhile_is_not_marked(
    draft: Questionnaire, emils: Client
) -> None:
    where = address("questionnaire_review", draft.pk)
    fields = opened(emils, where) | {"comment": "Look."}
    reword(draft)
    refused = emils.post(where, fields)
    assert (refused.status_code, levels(refused)) == (422, ["error"])
    page = parse(refused)
    assert page.one("[name=comment]").value == "Look."
    assert len(page.rows("table.differences tbody")) == 2
    assert not DraftReviewRequest.objects.exists()
    again = fields | {"seen": page.one("[name=seen]").value}
    assert emils.post(where, again).status_code == 302
    assert DraftReviewRequest.objects.exists()


def test_draft_with_something_in_the_way_may_be_marked(
    draft: Questionnaire, emils: Client
) -> None:
    Question.objects.filter(section__questionnaire=draft, code="E1").delete()
    shown = parse(emils.get(address("questionnaire_review", draft.pk)))
    lists = [each.attributes["class"] for each in shown.all("ul.findings")]
    assert lists == ["findings blocking"]
    assert levels(ask(emils, draft)) == ["success"]


def test_draft_that_visitors_have_already_is_not_marked(
    questionnaire: Version, emils: Client
) -> None:
    same = duplicate(questionnaire)
    assert not parse(emils.get(address("questionnaire_review", same.pk))).has(ASKS)
    assert ask(emils, same).status_code == 422
    assert not DraftReviewRequest.objects.exists()


def test_comment_that_is_too_long_is_refused_and_stays(
    draft: Questionnaire, emils: Client
) -> None:
    refused = ask(emils, draft, "x" * 1001)
    assert refused.status_code == 422
    assert parse(refused).one("[name=comment]").value == "x" * 1001
    assert not DraftReviewRequest.objects.exists()


def test_editor_takes_the_mark_back(
    draft: Questionnaire, emils: Client, pias: Client
) -> None:
    ask(emils, draft)
    page = parse(emils.get(address("questionnaire_change", draft.pk)))
    where = address("questionnaire_take_back", draft.pk)
    assert page.has(f".page-tools form[action='{where}']")
    again = [levels(emils.post(where, follow=True)) for _ in range(2)]
    assert again == [["success"], ["info"]]
    assert to_review(pias) == []
    page = parse(emils.get(address("questionnaire_change", draft.pk)))
    assert not page.has(f"form[action='{where}']")


@pytest.mark.parametrize("way", ["page", "list"])
def test_deleting_a_draft_ends_its_mark(
    draft: Questionnaire, emils: Client, way: str
) -> None:
    ask(emils, draft)
    if way == "page":
        emils.post(address("questionnaire_delete", draft.pk), {"post": "yes"})
    else:
        emils.post(
            address("questionnaire_changelist"),
            {
                "action": "delete_selected",
                "_selected_action": [str(draft.pk)],
                "post": "yes",
            },
        )
    assert not Questionnaire.objects.filter(pk=draft.pk).exists()
    assert not DraftReviewRequest.objects.exists()


@pytest.mark.parametrize("page", ["questionnaire_change", "questionnaire_publish"])
def test_publisher_takes_the_mark_back(
    draft: Questionnaire, emils: Client, pias: Client, page: str
) -> None:
    ask(emils, draft)
    where = address("questionnaire_take_back", draft.pk)
    assert parse(pias.get(address(page, draft.pk))).has(f"form[action='{where}']")
    assert levels(pias.post(where, follow=True)) == ["success"]
    assert not DraftReviewRequest.objects.exists()


def test_who_may_not_edit_marks_nothing_and_who_only_looks_takes_nothing_back(
    draft: Questionnaire, emils: Client, pias: Client, client: Client
) -> None:
    ask(emils, draft)
    looks = signed_in("looks", "view_questionnaire")
    where = address("questionnaire_review", draft.pk)
    back = address("questionnaire_take_back", draft.pk)
    for one in (pias, looks):
        for method in (one.get, one.post):
            assert method(where).status_code == 403
    assert looks.post(back).status_code == 403
    for page in (where, back):
        assert client.get(page).status_code == 302
    assert emils.get(back).status_code == 405
    shown = parse(pias.get(address("questionnaire_change", draft.pk)))
    assert not shown.has(f"a[href='{where}']")
    shown = parse(looks.get(address("questionnaire_change", draft.pk)))
    assert not shown.has(f"form[action='{back}']")
    assert shown.has(".review-request")
    assert emils.get(address("questionnaire_review", 999_999)).status_code == 404
    assert DraftReviewRequest.objects.exists()


def marked(questionnaire: Version, by: User, name: str) -> Questionnaire:
    draft = duplicate(questionnaire)
    draft.name = name
    draft.save()
    [sections] = sections_with_questions([draft])
    seen = reviewed_fingerprint(draft, sections)
    mark_draft_ready(draft, comment="", by=by, seen=seen)
    return draft


def test_list_shows_the_mark_and_finds_drafts_by_it(
    questionnaire: Version, draft: Questionnaire, emil: User, emils: Client
) -> None:
    ready = marked(questionnaire, emil, "Winter")

    def cells(**query: str) -> dict[int, Element]:
        page = parse(emils.get(address("questionnaire_changelist"), query))
        return {
            int(row.one("a").value.split("/")[-3]): row.one(".field-published")
            for row in page.all("#result_list tbody tr")
        }

    shown = cells()
    assert shown[ready.pk].has("b")
    assert not shown[draft.pk].has("b")
    before = shown[ready.pk].text
    reword(ready)
    assert len(cells()[ready.pk].text) > len(before)
    assert {*cells(review="yes")} == {ready.pk}
    assert ready.pk not in cells(review="no")
    assert draft.pk in cells(review="no")
    assert {*cells(review="x")} == {*shown}


@pytest.mark.parametrize("drafts", [1, 3])
@pytest.mark.parametrize("page", ["list", "front page"])
def test_more_marks_ask_nothing_more(
    questionnaire: Version, emil: User, pias: Client, drafts: int, page: str
) -> None:
    where = address("questionnaire_changelist") if page == "list" else "/admin/"

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert pias.get(where).status_code == 200
        return len(captured)

    marked(questionnaire, emil, "Draft 0")
    asked()
    one = asked()
    for number in range(1, drafts):
        other = User.objects.create_user(f"editor-{number}")
        marked(questionnaire, other, f"Draft {number}")
    assert asked() == one

"""An editor marks a draft as ready; publishers learn of it, and the mark ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from content import actions
from content.models import (
    Page,
    PageVersion,
    ReviewRequest,
    SavedDraft,
    Strength,
    StrengthsBlock,
)
from content.word_actions import publish_words
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.dom import Element, parse
from tests.support.editing import member_of, publish, sign_in
from tests.support.forms import opened
from tests.support.pages import levels
from tests.support.smtp import MailServer, real_mail

pytestmark = pytest.mark.database
PUBLISH = "publish_page"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with real_mail() as server:
        yield server


@pytest.fixture
def emil(groups: None) -> User:
    """An Editor."""
    return member_of("Editor")


@pytest.fixture
def emils(emil: User) -> Client:
    return sign_in(emil)


@pytest.fixture
def skills(article: None) -> Page:
    """A page whose draft differs."""
    Page.objects.filter(slug="skills").update(title="Changed")
    return Page.objects.get(slug="skills")


def address(name: str, page: Page) -> str:
    return reverse(f"admin:content_page_{name}", args=(page.pk,))


def ask(client: Client, page: Page, comment: str = "Look at the title.") -> Any:
    where = address("review", page)
    shown = parse(client.get(where))
    seen = shown.one("[name=seen]").value if shown.has("[name=seen]") else ""
    return client.post(where, {"comment": comment, "seen": seen}, follow=True)


def to_review(client: Client) -> list[Element]:
    return parse(client.get("/admin/")).all("[aria-labelledby=review] li")


def test_publishers_see_who_asks_and_why_on_the_front_page(
    skills: Page, emil: User, emils: Client, publisher_client: Client
) -> None:
    assert to_review(publisher_client) == []
    shown = parse(emils.get(address("review", skills)))
    assert shown.has(".change ins")
    assert levels(ask(emils, skills)) == ["success"]
    request = ReviewRequest.objects.get()
    assert (request.page, request.asked_by, request.comment) == (
        skills,
        emil,
        "Look at the title.",
    )
    [row] = to_review(publisher_client)
    question = f"{reverse('admin:content_page_publish')}?page={skills.pk}"
    assert row.values("a") == [question]
    assert (row.one("bdi").text, "Look at the title." in row.text) == ("editor", True)
    assert to_review(emils) == []  # who may not publish
    for page in (publisher_client.get(question), emils.get(address("change", skills))):
        assert "Look at the title." in parse(page).one(".review-request").text
    assert LogEntry.objects.filter(user=emil).count() == 1


def test_mail_goes_to_each_publisher_and_names_this_site_alone(
    skills: Page,
    emil: User,
    emils: Client,
    server: MailServer,
) -> None:
    pia = member_of("Publisher")
    User.objects.create_superuser("ada", "ada@example.org", "a long phrase")
    # Of these, none gets a mail.
    for name, changes in (
        ("closed", {"is_active": False}),
        ("no-staff", {"is_staff": False}),
        ("no-address", {"email": ""}),
        ("may-not-view", {}),
    ):
        words = {"email": f"{name}@example.org", "is_staff": True} | changes
        user = User.objects.create_user(name, password="a long phrase", **words)
        if name == "may-not-view":
            # The page that the mail leads to would refuse this account.
            user.user_permissions.set(Permission.objects.filter(codename=PUBLISH))
        else:
            user.groups.set(pia.groups.all())
    emil.user_permissions.set(Permission.objects.filter(codename=PUBLISH))
    emil.first_name = "Émil"
    emil.save()
    ask(emils, skills, "Look at the title.\nAnd the lead.")
    assert sorted(mail.to for mail in server.received) == [
        ["ada@example.org"],
        ["publisher@example.org"],
    ]
    mail = server.received[0]
    assert mail.message["Subject"] == "Rolefit: “Changed” is ready for review"
    assert "Look at the title.\nAnd the lead." in mail.body.replace("\r\n", "\n")
    assert "Émil" in mail.body
    question = f"{reverse('admin:content_page_publish')}?page={skills.pk}"
    assert f"http://localhost:8000{question}\n" in mail.body.replace("\r\n", "\n")


def test_title_with_a_line_end_cannot_forge_a_header(
    skills: Page, emils: Client, server: MailServer, editor: User
) -> None:
    Page.objects.filter(pk=skills.pk).update(title="One\nBcc: all@example.org")
    ask(emils, skills)
    [mail] = server.received
    assert mail.to == ["ada@example.org"]
    assert mail.message["Bcc"] is None


def test_no_mail_on_a_site_that_sends_none(
    skills: Page,
    emils: Client,
    editor: User,
    settings: Any,
    mailoutbox: list[Any],
) -> None:
    settings.MAIL_GOES_OUT = False
    assert levels(ask(emils, skills)) == ["success"]
    assert mailoutbox == []


def test_mark_stays_if_the_mail_server_is_away(
    skills: Page, emils: Client, editor: User, settings: Any
) -> None:
    with real_mail() as server:
        pass  # its port is closed again
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    assert levels(ask(emils, skills)) == ["success", "warning"]
    assert ReviewRequest.objects.exists()


def test_refused_address_keeps_no_mail_from_the_others(
    skills: Page, emils: Client, server: MailServer
) -> None:
    for name in ("ada", "bea", "cora"):
        User.objects.create_superuser(name, f"{name}@example.org", "a long phrase")
    server.refused = {"ada@example.org"}
    asked = ask(emils, skills)
    assert [mail.to for mail in server.received] == [
        ["bea@example.org"],
        ["cora@example.org"],
    ]
    assert levels(asked) == ["success", "warning"]
    assert "1 publisher " in str(list(asked.context["messages"])[1])


def save(client: Client, page: Page, **changes: str) -> None:
    where = address("change", page)
    sent = opened(client, where) | changes | {"_continue": ""}
    assert client.post(where, sent).status_code == 302


ENDS = {
    "a change": lambda client, page: save(client, page, lead="Typed."),
    "a restored state": lambda client, page: client.post(
        reverse("admin:content_page_restore", args=(page.pk, 1))
    ),
    "publishing": lambda client, page: publish(client, page),
    "its page deleted": lambda client, page: (
        PageVersion.objects.filter(page=page).delete(),
        page.delete(),
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_mark_ends(
    skills: Page, emils: Client, editor_client: Client, end: Any
) -> None:
    ask(emils, skills)
    assert ReviewRequest.objects.exists()
    end(editor_client, skills)
    assert not ReviewRequest.objects.exists()


def test_mark_outlives_a_save_without_a_change_and_the_end_of_others(
    skills: Page, emils: Client, editor: User, editor_client: Client
) -> None:
    ask(emils, skills)
    save(editor_client, skills)
    other = make_page("other")
    make_prose(other)
    publish_page(other, by=editor)
    assert ReviewRequest.objects.get().page == skills


def test_mark_outlives_a_save_after_words_changed_the_lists_of_strengths(
    article: None, emils: Client, editor: User, editor_client: Client
) -> None:
    blocks = StrengthsBlock.objects.filter(kind="shared").select_related("parent")
    page = blocks[0].parent
    save(emils, page, lead="Typed.")
    ask(emils, page)
    Strength.objects.filter(kind="shared").update(retired=True)
    publish_words(by=editor)
    save(editor_client, page)
    assert ReviewRequest.objects.exists()
    save(editor_client, page, lead="Typed again.")
    assert not ReviewRequest.objects.exists()


def test_mark_outlives_the_copies_of_the_draft(
    skills: Page, emils: Client, editor_client: Client
) -> None:
    ask(emils, skills)
    SavedDraft.objects.all().delete()
    save(editor_client, skills)
    assert ReviewRequest.objects.exists()
    SavedDraft.objects.all().delete()
    save(editor_client, skills, lead="Typed.")
    assert not ReviewRequest.objects.exists()


def test_mark_outlives_words_that_come_with_the_software(
    skills: Page, emils: Client
) -> None:
    ask(emils, skills)
    shown = skills.versions.latest("number").document()
    actions.publish_document(skills, replace(shown, lead="Of the next release."))
    assert skills.versions.count() == 2
    assert ReviewRequest.objects.exists()


def test_draft_that_has_changed_meanwhile_is_not_marked(
    skills: Page, emils: Client, editor_client: Client
) -> None:
    fields = opened(emils, address("review", skills)) | {"comment": "Look."}
    save(editor_client, skills, title="Changed by another")
    refused = emils.post(address("review", skills), fields)
    assert (refused.status_code, levels(refused)) == (422, ["error"])
    assert not ReviewRequest.objects.exists()
    page = parse(refused)
    assert page.one("[name=comment]").value == "Look."
    assert "another" in " ".join(page.texts(".change ins"))
    again = fields | {"seen": page.one("[name=seen]").value}
    assert emils.post(address("review", skills), again).status_code == 302
    assert ReviewRequest.objects.exists()


def test_comment_that_is_typed_is_asked_for_before_leaving(
    skills: Page, emils: Client
) -> None:
    page = parse(emils.get(address("review", skills)))
    assert page.has("form[data-typed] [name=comment]")
    sources = [script.attributes.get("src", "") for script in page.all("script")]
    assert any("typing" in source for source in sources)


def test_asking_again_replaces_the_comment(skills: Page, emils: Client) -> None:
    ask(emils, skills)
    ask(emils, skills, "")
    assert ReviewRequest.objects.get().comment == ""


def test_draft_with_something_in_the_way_may_be_marked(
    article: None, emils: Client
) -> None:
    page = make_page()
    shown = parse(emils.get(address("review", page)))
    assert len(shown.all(".findings.blocking li")) == 1
    assert levels(ask(emils, page)) == ["success"]


def test_draft_that_visitors_see_already_is_not_marked(
    article: None, emils: Client
) -> None:
    page = Page.objects.get(slug="skills")
    assert not parse(emils.get(address("review", page))).has("#content-main form")
    assert ask(emils, page).status_code == 422
    assert not ReviewRequest.objects.exists()


def test_comment_that_is_too_long_is_refused_and_stays(
    skills: Page, emils: Client
) -> None:
    refused = ask(emils, skills, "x" * 1001)
    assert refused.status_code == 422
    assert parse(refused).one("[name=comment]").value == "x" * 1001
    assert not ReviewRequest.objects.exists()


def test_who_may_not_edit_marks_nothing(
    skills: Page, publisher_client: Client, client: Client
) -> None:
    for method in (publisher_client.get, publisher_client.post):
        assert method(address("review", skills)).status_code == 403
    assert client.get(address("review", skills)).status_code == 302
    assert not ReviewRequest.objects.exists()
    gone = reverse("admin:content_page_review", args=(999,))
    assert publisher_client.get(gone).status_code == 404

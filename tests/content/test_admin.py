"""Staff write pages, strengths and the words of the site."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import content_editor
import pytest
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content import published
from content.models import (
    BLOCKS,
    ListBlock,
    Page,
    ProseBlock,
    Role,
    SiteWords,
    Strength,
    WorkflowBlock,
)
from content.models.words import word_models
from content.word_actions import publish_words
from tests.support.articles import make_page, publish_drafted_words
from tests.support.dom import parse
from tests.support.editing import publish
from tests.support.pages import levels


def empty_blocks(**filled: list[dict[str, Any]]) -> dict[str, Any]:
    """The management fields of every kind of block, and the blocks given by the name of
    their model.
    """
    data: dict[str, Any] = {}
    for model in BLOCKS.values():
        name = model._meta.model_name
        rows = filled.get(name, [])
        prefix = f"content_{name}_set"
        data |= {
            f"{prefix}-TOTAL_FORMS": len(rows),
            f"{prefix}-INITIAL_FORMS": sum("id" in row for row in rows),
        }
        data |= {
            f"{prefix}-{place}-{field}": value
            for place, row in enumerate(rows)
            for field, value in ({"region": "main"} | row).items()
        }
    return data


def page_form(**changes: Any) -> dict[str, Any]:
    words = {
        "title": "Money",
        "slug": "money",
        "lead": "What both earn.",
        "nav_title": "Money",
        "description": "Pay of both.",
        "position": 9,
    }
    return words | changes


def errors_of(response: HttpResponse) -> set[str]:
    """The fields that a form of the admin refuses."""
    return set(response.context["adminform"].form.errors)


def test_editor_adds_edits_publishes_and_sees_a_page(
    article, editor_client: Client, client: Client, django_capture_on_commit_callbacks
) -> None:
    blocks = empty_blocks(
        proseblock=[
            {
                "ordering": 10,
                "heading": "Pay",
                "text": (
                    '<p onclick="x()">About <strong>the'
                    " same</strong>.</p><script>x()</script>"
                ),
            }
        ],
        listblock=[{"ordering": 20, "heading": "Why", "lines": "One\nTwo"}],
    )
    response = editor_client.post(
        reverse("admin:content_page_add"), page_form() | blocks
    )
    page = Page.objects.get(slug="money")
    assert response.status_code == 302
    assert (
        ProseBlock.objects.get(parent=page).text
        == "<p>About <strong>the same</strong>.</p>"
    )
    assert client.get("/money/").status_code == 404

    prose, listing = (
        ProseBlock.objects.get(parent=page),
        ListBlock.objects.get(parent=page),
    )
    blocks = empty_blocks(
        proseblock=[
            {
                "id": prose.pk,
                "parent": page.pk,
                "ordering": 20,
                "heading": "Pay",
                "text": prose.text,
            }
        ],
        listblock=[
            {
                "id": listing.pk,
                "parent": page.pk,
                "ordering": 10,
                "heading": "Reasons",
                "lines": "One\nTwo",
            }
        ],
    )
    assert (
        editor_client.post(
            reverse("admin:content_page_change", args=(page.pk,)), page_form() | blocks
        ).status_code
        == 302
    )
    assert client.get("/money/").status_code == 404
    preview = editor_client.get(reverse("admin:content_page_preview", args=(page.pk,)))

    with django_capture_on_commit_callbacks(execute=True):
        response = publish(editor_client, page)
    assert levels(response) == ["success"]
    assert page.versions.get().number == 1
    live = client.get("/money/")
    assert parse(live).texts("article h2")[:2] == ["Reasons", "Pay"]
    assert (
        re.search(rb"<article>.*</article>", live.content, re.DOTALL).group()
        == re.search(rb"<article>.*</article>", preview.content, re.DOTALL).group()
    )


def test_published_page_cannot_be_deleted(article, editor_client: Client) -> None:
    page = Page.objects.get(slug="skills")
    assert (
        editor_client.post(
            reverse("admin:content_page_delete", args=(page.pk,)), {"post": "yes"}
        ).status_code
        == 403
    )


def test_draft_that_was_never_published_can_be_deleted(
    db, editor_client: Client
) -> None:
    page = make_page()
    editor_client.post(
        reverse("admin:content_page_delete", args=(page.pk,)), {"post": "yes"}
    )
    assert not Page.objects.exists()


def test_unreadable_lines_are_refused_with_the_line(
    article, editor_client: Client
) -> None:
    blocks = empty_blocks(
        workflowblock=[{"ordering": 10, "heading": "Who", "steps": "boss: decides"}]
    )
    response = editor_client.post(
        reverse("admin:content_page_add"), page_form() | blocks
    )
    [errors] = [
        inline.formset.errors
        for inline in response.context["inline_admin_formsets"]
        if inline.formset.model is WorkflowBlock
    ]
    assert [row.keys() for row in errors] == [{"steps"}]
    [error] = errors[0]["steps"]
    assert error.startswith("“boss: decides”")
    assert error in parse(response).texts(".errorlist li")
    assert not Page.objects.filter(slug="money").exists()


def test_taken_address_is_refused_in_the_form(article, editor_client: Client) -> None:
    response = editor_client.post(
        reverse("admin:content_page_add"), page_form(slug="quiz") | empty_blocks()
    )
    assert errors_of(response) == {"slug"}
    assert not Page.objects.filter(slug="quiz").exists()


@pytest.mark.parametrize("pages", [1, 3])
def test_list_of_pages_costs_the_same_with_more_pages(
    db, editor_client: Client, django_assert_num_queries, pages: int
) -> None:
    for number in range(pages):
        make_page(f"page-{number}")
    # 7 of the admin itself; the rest tells how each draft stands, see test_waiting.py.
    # Without published words, each kind of them is read from its rows.
    with django_assert_num_queries(7 + 6 + len(BLOCKS) + len(word_models())):
        editor_client.get(reverse("admin:content_page_changelist"))


def test_strength_keeps_its_address_and_a_listed_one_cannot_be_deleted(
    article, editor_client: Client
) -> None:
    strength = Strength.objects.get(slug="communication")
    shown = parse(
        editor_client.get(reverse("admin:content_strength_change", args=(strength.pk,)))
    )
    assert shown.one(".field-slug .readonly").text == "communication"
    assert not shown.has("[name=slug]")
    assert (
        editor_client.post(
            reverse("admin:content_strength_delete", args=(strength.pk,)),
            {"post": "yes"},
        ).status_code
        == 403
    )


def test_strength_that_stands_nowhere_can_be_deleted(
    article, editor_client: Client
) -> None:
    role = Role.objects.get(slug="project-manager")
    strength = Strength.objects.create(
        slug="juggling", name="Juggling", kind="key", role=role, text="Three balls."
    )
    editor_client.post(
        reverse("admin:content_strength_delete", args=(strength.pk,)), {"post": "yes"}
    )
    assert not Strength.objects.filter(slug="juggling").exists()


def test_shared_skill_with_a_role_is_refused_in_words(
    article, editor_client: Client
) -> None:
    role = Role.objects.get(slug="project-manager")
    data = {
        "name": "Juggling",
        "slug": "juggling",
        "kind": "shared",
        "role": role.pk,
        "position": 9,
        "text": "Three balls.",
    }
    address = reverse("admin:content_strength_add")
    assert errors_of(editor_client.post(address, data)) == {NON_FIELD_ERRORS}
    assert not Strength.objects.filter(slug="juggling").exists()
    assert editor_client.post(address, data | {"role": ""}).status_code == 302


def test_changed_words_show_once_they_are_published(
    article, editor_client: Client, client: Client, django_capture_on_commit_callbacks
) -> None:
    words = {
        name: getattr(SiteWords.objects.get(), name)
        for name in published.Words.__dataclass_fields__
    }
    client.get("/")
    with django_capture_on_commit_callbacks(execute=True):
        editor_client.post(
            reverse("admin:content_sitewords_change", args=(1,)),
            words | {"booking_address": "https://calls.example.net/"},
        )
    assert parse(client.get("/")).one("[data-call]").value == "/call/"
    with django_capture_on_commit_callbacks(execute=True):
        publish_words(by=None)
    call = parse(client.get("/")).one("[data-call]")
    assert call.value == "https://calls.example.net/"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "no address",
        "https://{result}/",
        "https://calls.example.net/?r={Result}",
        "https://calls.example.net/?r={{result}}",
        "https://calls.example.net/?r={result",
    ],
)
def test_booking_address_must_be_one(
    article, editor_client: Client, address: str
) -> None:
    words = {
        name: getattr(SiteWords.objects.get(), name)
        for name in published.Words.__dataclass_fields__
    }
    response = editor_client.post(
        reverse("admin:content_sitewords_change", args=(1,)),
        words | {"booking_address": address},
    )
    assert errors_of(response) == {"booking_address"}


@pytest.mark.parametrize(
    ("address", "plain", "with_link"),
    [
        ("", "/call/", ""),
        (
            "https://calls.example.net/",
            "https://calls.example.net/",
            "https://calls.example.net/",
        ),
        (
            "https://calls.example.net/?a=1&r={result}#now",
            "https://calls.example.net/?a=1&r=#now",
            "https://calls.example.net/?a=1&r=https%3A%2F%2Fa.example%2Fr%2Fx%2F#now",
        ),
    ],
)
def test_booking_address_may_be_empty_or_take_a_result(
    article, editor_client: Client, address: str, plain: str, with_link: str
) -> None:
    words = {
        name: getattr(SiteWords.objects.get(), name)
        for name in published.Words.__dataclass_fields__
    }
    response = editor_client.post(
        reverse("admin:content_sitewords_change", args=(1,)),
        words | {"booking_address": address},
    )
    assert response.status_code == 302
    publish_drafted_words()
    saved = published.current().words
    assert saved.booking_address == address
    assert saved.call_address == plain
    assert saved.call_address_with("https://a.example/r/x/") == with_link


def test_there_is_one_set_of_words_and_two_roles(
    article, editor_client: Client
) -> None:
    assert (
        editor_client.get(reverse("admin:content_sitewords_changelist"))["Location"]
        == "/admin/content/sitewords/1/change/"
    )
    for name in ("content_sitewords_add", "content_role_add"):
        assert editor_client.get(reverse(f"admin:{name}")).status_code == 403
    assert (
        editor_client.get(
            reverse("admin:content_role_delete", args=(Role.objects.first().pk,))
        ).status_code
        == 403
    )


def test_inline_script_of_the_editors_carries_the_nonce_of_the_policy(
    article, editor_client: Client
) -> None:
    response = editor_client.get(
        reverse("admin:content_page_change", args=(Page.objects.first().pk,))
    )
    nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"]).group(1)
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", response.content.decode())
    scripts = [
        attributes for attributes in inline if "application/json" not in attributes
    ]
    assert scripts
    assert [attributes for attributes in scripts if nonce not in attributes] == []


def test_policy_names_the_style_element_of_the_installed_block_editor() -> None:
    """The element is made by script and depends on our region, the language and the
    version of the editor.
    """
    script = (
        Path(content_editor.__file__).parent / "static/content_editor/index.js"
    ).read_text()
    style = script[
        script.index("textContent = `") + len("textContent = `") : script.index(
            "`\n  document.head.append"
        )
    ]
    for expression, value in {
        'window.gettext("Show")': "Show",
        'window.gettext("Hide")': "Hide",
        "ContentEditor.messages.forDeletion": "marked for deletion",
    }.items():
        style = style.replace("${" + expression + "}", value)
    regions = ", ".join(f'[data-region="{region.key}"]' for region in Page.regions)
    style = re.sub(
        r'\$\{ContentEditor\.declaredRegions.*?\.join\(", "\)\}',
        regions,
        style,
        flags=re.DOTALL,
    )
    assert "${" not in style
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert (
        f"'sha256-{digest}'"
        in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["style-src"]
    )

"""README's table of groups is true: each member does each thing, or is refused it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assessments.actions.drafts import duplicate
from assessments.actions.staff_groups import STAFF_GROUPS
from assessments.models import (
    Coach,
    ConversationPrompt,
    Questionnaire,
    RatingPanel,
    Version,
)
from content.models import (
    Page,
    PageVersion,
    Role,
    SiteWords,
    Strength,
    UploadedPicture,
    WordsVersion,
)
from tests.support.articles import publish_drafted_words
from tests.support.dom import parse
from tests.support.editing import member_of, sign_in
from tests.support.forms import form_in
from tests.support.uploads import drawn, written

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
README = Path(settings.BASE_DIR) / "README.md"
LINE = re.compile(r"^\| (?P<deed>[^|]+) \|(?P<cells>( (yes|no) \|)+)$", re.M)


def table() -> dict[str, dict[str, bool]]:
    """Whether a group may do it, by group, by deed."""
    text = README.read_text().partition("## Groups of staff")[2].partition("\n## ")[0]
    [heads] = re.findall(r"^\| may \| (.+) \|$", text, re.M)
    names = heads.split(" | ")
    return {
        line["deed"]: {
            name: cell == "yes"
            for name, cell in zip(
                names, re.findall("yes|no", line["cells"]), strict=True
            )
        }
        for line in LINE.finditer(text)
    }


@dataclass
class Site:
    page: Page
    draft: Questionnaire
    coach: Coach


@pytest.fixture
def site(questionnaire: Version) -> Site:
    """Everything is published, and of everything a draft waits."""
    call_command("load_prompts", verbosity=0)
    publish_drafted_words()
    page = Page.objects.get(slug="skills")
    Page.objects.filter(pk=page.pk).update(lead="Drafted.")
    SiteWords.objects.update(footer="Drafted.")
    draft = duplicate(questionnaire)
    Questionnaire.objects.filter(pk=draft.pk).update(name="Drafted")
    coach = Coach.objects.create(name="Carla", email="carla@example.org")
    return Site(page, draft, coach)


def address(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def change(row: Model) -> str:
    return address(f"{row._meta.app_label}_{row._meta.model_name}_change", row.pk)


def send(client: Client, place: str, **fields: Any) -> HttpResponse:
    """Post the form at this place as drawn, or only the fields where it has none."""
    page = client.get(place)
    if page.status_code == 200 and parse(page).has("[name=seen]"):
        fields = form_in(page) | fields
    answer = client.post(place, fields)
    assert answer.status_code in (302, 403), (place, answer.status_code)
    return answer


def reads(client: Client, *places: str) -> bool:
    """Whether all of these open. Some that open, and some that don't, are an error."""
    statuses = {client.get(place).status_code for place in places}
    assert statuses in ({200}, {403}), statuses
    return statuses == {200}


def each(results: Iterator[bool] | list[bool]) -> bool:
    """All of them or none: anything between is an error."""
    [result] = set(results)
    return result


def read_drafts(client: Client, site: Site) -> bool:
    rows = [site.page, *word_rows()]
    return reads(
        client,
        *(change(row) for row in rows),
        address("content_page_preview", site.page.pk),
        address("content_page_difference", site.page.pk),
        address("content_wordsversion_changelist"),
        address("content_wordsversion_difference"),
        address("content_wordsversion_preview"),
    )


def edit_page(client: Client, site: Site) -> bool:
    send(client, change(site.page), lead="Edited.")
    site.page.refresh_from_db()
    return site.page.lead == "Edited."


def upload(client: Client, site: Site) -> bool:
    file = SimpleUploadedFile("red.png", written(drawn()), "image/png")
    answer = client.post(address("content_page_picture"), {"file": file})
    assert (answer.status_code == 201) == UploadedPicture.objects.exists()
    return answer.status_code == 201


def publish_page(client: Client, site: Site) -> bool:
    send(client, f"{address('content_page_publish')}?page={site.page.pk}")
    return PageVersion.objects.filter(page=site.page).count() == 2


def word_rows() -> list[Model]:
    models = (SiteWords, Role, Strength, ConversationPrompt)
    return [model.objects.all()[0] for model in models]


def edit_words(client: Client, site: Site) -> bool:
    def edits(row: Any) -> bool:
        field = next(
            name for name in ("footer", "summary", "text") if hasattr(row, name)
        )
        send(client, change(row), **{field: "Edited."})
        row.refresh_from_db()
        return bool(getattr(row, field) == "Edited.")

    return each([edits(row) for row in word_rows()])


def publish_words(client: Client, site: Site) -> bool:
    before = WordsVersion.objects.count()
    send(client, address("content_wordsversion_publish"))
    return WordsVersion.objects.count() == before + 1


def restore(client: Client, site: Site) -> bool:
    before = WordsVersion.objects.earliest("number")
    client.post(address("content_page_restore", site.page.pk, 1))
    client.post(address("content_wordsversion_restore", before.number))
    site.page.refresh_from_db()
    footer = SiteWords.objects.get().footer
    return each([site.page.lead != "Drafted.", footer != "Drafted."])


def edit_questionnaire(client: Client, site: Site) -> bool:
    count = Questionnaire.objects.count()
    send(client, change(site.draft), name="Edited")
    live = Version.objects.get()
    client.post(address("assessments_version_duplicate", live.pk))
    site.draft.refresh_from_db()
    return each(
        [site.draft.name == "Edited", Questionnaire.objects.count() == count + 1]
    )


def ask_to_rate(client: Client, site: Site) -> bool:
    client.post(address("assessments_questionnaire_make_panel", site.draft.pk))
    return RatingPanel.objects.exists()


def publish_questionnaire(client: Client, site: Site) -> bool:
    send(client, address("assessments_questionnaire_publish", site.draft.pk))
    return Version.objects.count() == 2


def see_quality(client: Client, site: Site) -> bool:
    return reads(
        client,
        address("assessments_rollup_changelist"),
        address("assessments_rollup_page", 1, "full"),
    )


def approve_and_close(client: Client, site: Site) -> bool:
    def after(name: str) -> Coach:
        client.post(address(f"assessments_coach_{name}", site.coach.pk))
        site.coach.refresh_from_db()
        return site.coach

    return each(
        [after("approve").approved_at is not None, after("close").closed_at is not None]
    )


def read_trail(client: Client, site: Site) -> bool:
    return reads(client, address("content_auditentry_changelist"))


def manage_accounts(client: Client, site: Site) -> bool:
    return reads(
        client, address("auth_user_changelist"), address("auth_group_changelist")
    )


DEEDS: dict[str, Callable[[Client, Site], bool]] = {
    "read drafts of pages and words": read_drafts,
    "edit drafts of pages": edit_page,
    "upload pictures": upload,
    "publish pages": publish_page,
    "edit site words, roles, strengths, and prompts": edit_words,
    "publish words": publish_words,
    "restore earlier pages and words to the drafts": restore,
    "edit drafts of questionnaires": edit_questionnaire,
    "ask people to rate statements": ask_to_rate,
    "publish questionnaires": publish_questionnaire,
    "see how well questions work": see_quality,
    "approve and close coaches": approve_and_close,
    "read the audit trail": read_trail,
    "manage accounts and groups": manage_accounts,
}


def done_by(client: Client, site: Site) -> dict[str, bool]:
    """What the client does of all deeds. Each finds the site as it was."""
    done = {}
    for deed, act in DEEDS.items():
        with transaction.atomic():
            done[deed] = act(client, site)
            transaction.set_rollback(True)
        for row in (site.page, site.draft, site.coach):
            row.refresh_from_db()
    return done


def test_table_names_every_deed_and_every_group() -> None:
    assert list(table()) == list(DEEDS)
    names = {group.name for group in STAFF_GROUPS}
    assert all(cells.keys() == names for cells in table().values())


@pytest.mark.parametrize("group", [group.name for group in STAFF_GROUPS])
def test_member_does_what_the_table_says_and_nothing_else(
    site: Site, group: str
) -> None:
    done = done_by(sign_in(member_of(group)), site)
    assert done == {deed: cells[group] for deed, cells in table().items()}


def test_superuser_does_all_of_it(site: Site, staff_client: Client) -> None:
    """So none of these deeds is refused for another reason than a right."""
    assert done_by(staff_client, site) == dict.fromkeys(DEEDS, True)

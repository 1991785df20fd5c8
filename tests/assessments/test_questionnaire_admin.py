"""Staff edit, rehearse and publish the questionnaire; whoever may not, cannot."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions.publishing import duplicate
from assessments.models import Attempt, Owner, Question, Questionnaire, RateCount, Result, ShareLink, Version

from .taker import Taker

pytestmark = pytest.mark.django_db


def signed_in(name: str, *permissions: str, staff: bool = True) -> Client:
    user = User.objects.create_user(name, f"{name}@example.org", "a long pass phrase", is_staff=staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


EDITING = (
    "view_questionnaire",
    "change_questionnaire",
    "add_questionnaire",
    "view_section",
    "change_section",
    "view_question",
    "change_question",
    "view_version",
)


@pytest.fixture
def draft(questionnaire: Version) -> Questionnaire:
    return duplicate(questionnaire, name="Autumn")


@pytest.fixture
def editor(draft: Questionnaire) -> Client:
    return signed_in("edith", *EDITING)


@pytest.fixture
def publisher(draft: Questionnaire) -> Client:
    return signed_in("paula", *EDITING, "publish_questionnaire")


def address(name: str, *args: int) -> str:
    return reverse(f"admin:assessments_{name}", args=args)


def test_what_belongs_to_visitors_is_not_in_the_admin() -> None:
    assert not {Attempt, Owner, RateCount, Result, ShareLink} & set(admin.site._registry)


def test_editor_reads_findings_with_a_link_to_the_place(editor: Client, draft: Questionnaire) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T3").update(statement="I never stop to look at it.")
    page = editor.get(address("questionnaire_change", draft.pk)).content.decode()
    section = draft.sections.get(position=1)
    assert f'<a href="{address("section_change", section.pk)}">Question T3, project statement</a>' in page
    assert "is a negation, which people misread" in page
    assert "Publish…" not in page


def test_editor_changes_a_section_and_comes_back_to_the_draft(editor: Client, draft: Questionnaire) -> None:
    section = draft.sections.get(position=1)
    page = editor.get(address("section_change", section.pk))
    forms = page.context["inline_admin_formsets"][0].formset
    data = {"position": 1, "kind": "trade_off", "in_short": "on", "stem": "Which is you?"} | {
        f"label_{number}": section.labels[number - 1] for number in range(1, 6)
    }
    data |= {"questions-TOTAL_FORMS": 4, "questions-INITIAL_FORMS": 4}
    for place, form in enumerate(forms.initial_forms):
        data |= {f"questions-{place}-{name}": value for name, value in form.initial.items() if value not in (None, False)}
        data[f"questions-{place}-id"] = form.instance.pk
        data[f"questions-{place}-section"] = section.pk
    data["questions-0-statement"] = "Before I begin, I write down the steps and who does what."
    response = editor.post(address("section_change", section.pk), data)
    assert response["Location"] == address("questionnaire_change", draft.pk)
    assert Question.objects.get(section=section, code="T1").statement.startswith("Before I begin")
    section.refresh_from_db()
    assert section.stem == "Which is you?"


def test_publisher_sees_what_differs_and_publishes(publisher: Client, draft: Questionnaire) -> None:
    page = publisher.get(address("questionnaire_publish", draft.pk)).content.decode()
    assert "<td>Autumn</td>" in page
    response = publisher.post(address("questionnaire_publish", draft.pk))
    version = Version.objects.get(number=2)
    assert response["Location"] == address("version_change", version.pk)
    assert version.published_by == User.objects.get(username="paula")


def test_refused_publishing_shows_the_findings_and_writes_nothing(publisher: Client, draft: Questionnaire) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T1").update(side="right")
    response = publisher.post(address("questionnaire_publish", draft.pk))
    assert response.status_code == 422
    assert "it must be half" in response.content.decode()
    assert Version.objects.count() == 1


def test_editor_may_not_publish(editor: Client, draft: Questionnaire) -> None:
    assert editor.get(address("questionnaire_publish", draft.pk)).status_code == 403
    assert editor.post(address("questionnaire_publish", draft.pk)).status_code == 403
    assert Version.objects.count() == 1


@pytest.mark.parametrize("name", ["questionnaire_change", "questionnaire_publish", "questionnaire_rehearse"])
def test_stranger_sees_nothing_of_a_draft(draft: Questionnaire, name: str) -> None:
    ordinary, staff = signed_in("otto", staff=False), signed_in("stan")
    assert ordinary.post(address(name, draft.pk)).status_code == 302
    assert staff.post(address(name, draft.pk)).status_code == 403
    assert Client().post(address(name, draft.pk)).status_code == 302
    assert Version.objects.count() == 1


def test_version_is_read_only_and_begins_a_draft(editor: Client, questionnaire: Version, draft: Questionnaire) -> None:
    page = editor.get(address("version_change", questionnaire.pk)).content.decode()
    assert "Before I start, I write down the steps and who does what." in page
    assert editor.post(address("version_change", questionnaire.pk), {"name": "Mine"}).status_code == 403
    assert editor.get(reverse("admin:assessments_version_add")).status_code == 403
    assert editor.post(reverse("admin:assessments_version_delete", args=[questionnaire.pk])).status_code == 403
    response = editor.post(address("version_duplicate", questionnaire.pk))
    newest = Questionnaire.objects.latest("pk")
    assert response["Location"] == address("questionnaire_change", newest.pk)
    assert Question.objects.filter(section__questionnaire=newest).count() == 25
    assert editor.get(address("version_definition", questionnaire.pk)).content.decode() == questionnaire.definition
    assert editor.get(address("version_duplicate", questionnaire.pk)).status_code == 405


def test_duplicating_needs_the_right_to_add(draft: Questionnaire, questionnaire: Version) -> None:
    reader = signed_in("rita", "view_version")
    assert reader.post(address("version_duplicate", questionnaire.pk)).status_code == 403
    assert Questionnaire.objects.count() == 2


def test_rehearsal_shows_probes_figures_and_what_stored_answers_would_become(editor: Client, draft: Questionnaire) -> None:
    Taker().take("clear_project")
    Questionnaire.objects.filter(pk=draft.pk).update(clear_floor="60", clear_z_squared="50", sure_z_squared="60")
    page = editor.post(address("questionnaire_rehearse", draft.pk)).content.decode()
    assert "None of these favours a role." in page
    assert "1 stored answer sets fit this draft, 0 do not. 1 would get another outcome." in page
    assert "<td>clear_project</td><td>lean_project</td>" in page
    assert page.count('scope="row">Live, ') == page.count('scope="row">Draft, ') == 2


def test_rehearsal_of_an_empty_draft_says_what_is_missing(editor: Client) -> None:
    empty = Questionnaire.objects.create(name="Empty", intro="Nothing.")
    response = editor.post(address("questionnaire_rehearse", empty.pk))
    assert response["Location"] == address("questionnaire_change", empty.pk)


def test_preview_shows_a_section_as_visitors_read_it_and_stores_nothing(editor: Client, draft: Questionnaire) -> None:
    page = editor.get(address("questionnaire_preview", draft.pk, 1)).content.decode()
    assert page.index("I look around to see what people want") < page.index("I think ahead about what could go wrong")
    assert editor.get(address("questionnaire_preview", draft.pk, 9)).status_code == 404
    assert not Attempt.objects.exists()


def test_draft_page_does_not_ask_more_for_more_questions(editor: Client, draft: Questionnaire) -> None:
    editor.get(address("questionnaire_change", draft.pk))
    counts = []
    for keep in (1, 3):
        fresh = duplicate(Version.objects.get(), name=f"With {keep}")
        Question.objects.filter(section__questionnaire=fresh, position__gt=keep).delete()
        with CaptureQueriesContext(connection) as found:
            editor.get(address("questionnaire_change", fresh.pk))
        counts.append(len(found))
    assert counts[0] == counts[1]

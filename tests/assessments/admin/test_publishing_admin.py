"""Staff look at, rehearse and publish drafts and read versions; whoever may not,
cannot.
"""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from assessments.actions.versions import publish
from assessments.models import Question, Questionnaire, Version
from assessments.queries import versions
from content.models import AuditEntry, Strength
from tests.support.admin import findings_shown, messages_of, quoted
from tests.support.dom import parse
from tests.support.pages import levels
from tests.support.staff import address, signed_in

pytestmark = pytest.mark.django_db
SEEN = "#content-main form input[name=seen]"  # of the form that publishes


def ways_to_publish(client: Client, draft: Questionnaire) -> list[str]:
    """The links of a draft's page that lead to publishing it."""
    page = parse(client.get(address("questionnaire_change", draft.pk)))
    return page.values(".page-tools a[href$='/publish/']")


def differences(response: HttpResponse) -> list[list[str]]:
    """Place, live version and draft, as the page lists them."""
    return parse(response).rows("table.differences tbody")


def test_publisher_sees_what_differs_and_publishes(
    publisher: Client, draft: Questionnaire
) -> None:
    here = address("questionnaire_publish", draft.pk)
    assert ways_to_publish(publisher, draft) == [here]
    page = publisher.get(here)
    [(_, live, changed)] = differences(page)
    assert (live, changed) == ("Project manager or product manager?", "Autumn")
    examples = page.context["examples"]
    example, lean = examples[0]
    assert (example.outcome, lean.split()[0]) == ("clear_project", "53")
    shown = parse(page).rows("section[aria-labelledby=examples] tbody")
    assert [row[2] for row in shown] == [lean or "–" for _, lean in examples]
    response = publisher.post(
        address("questionnaire_publish", draft.pk), {"seen": page.context["seen"]}
    )
    version = Version.objects.get(number=2)
    assert response["Location"] == address("version_change", version.pk)
    assert version.published_by == User.objects.get(username="paula")
    assert LogEntry.objects.get().get_change_message() == "Published as version 2."


def test_publishing_without_having_looked_is_refused(
    publisher: Client, draft: Questionnaire
) -> None:
    assert publisher.post(address("questionnaire_publish", draft.pk)).status_code == 422
    assert Version.objects.count() == 1


def test_what_another_process_has_published_is_live_at_once(
    publisher: Client, questionnaire: Version, draft: Questionnaire
) -> None:
    # this process trusts its copy for some seconds, and no commit here tells it
    # otherwise
    versions.live_version()
    version = publish(draft, by=None)
    pages = [
        publisher.get(address("version_change", row.pk))
        for row in (version, questionnaire)
    ]
    assert [page.context["is_live"] for page in pages] == [True, False]
    said = [parse(page).one(".page-tools") for page in pages]
    assert said[0].text != said[1].text
    page = publisher.get(address("questionnaire_publish", draft.pk))
    assert (version.number, page.context["live"]) == (2, version)


def test_refused_publishing_shows_the_findings_and_writes_nothing(
    publisher: Client, draft: Questionnaire
) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        side="right"
    )
    response = publisher.post(address("questionnaire_publish", draft.pk))
    assert response.status_code == 422
    assert ("P4", True) in [
        (rule, stops) for rule, _, stops in findings_shown(response)
    ]
    assert parse(response).values(SEEN) == []
    assert (Version.objects.count(), LogEntry.objects.count()) == (1, 0)


def test_draft_changed_since_the_publisher_looked_is_shown_once_more(
    publisher: Client, draft: Questionnaire
) -> None:
    seen = publisher.get(address("questionnaire_publish", draft.pk)).context["seen"]
    Questionnaire.objects.filter(pk=draft.pk).update(name="Winter")
    response = publisher.post(
        address("questionnaire_publish", draft.pk), {"seen": seen}
    )
    assert response.status_code == 422
    assert ("P16", True) in [
        (rule, stops) for rule, _, stops in findings_shown(response)
    ]
    assert [row[2] for row in differences(response)] == ["Winter"]
    assert Version.objects.count() == 1


def test_draft_that_cannot_be_read_can_be_looked_at_for_publishing(
    publisher: Client, draft: Questionnaire
) -> None:
    draft.sections.filter(position=3).update(kind="trade_off")
    response = publisher.get(address("questionnaire_publish", draft.pk))
    section = address("section_change", draft.sections.get(position=3).pk)
    places = [f"{section}#questions-{number}" for number in range(4)]
    assert findings_shown(response) == [("P1", places, True)]
    assert publisher.post(address("questionnaire_publish", draft.pk)).status_code == 422


def test_editor_may_not_publish(editor: Client, draft: Questionnaire) -> None:
    assert editor.get(address("questionnaire_publish", draft.pk)).status_code == 403
    assert editor.post(address("questionnaire_publish", draft.pk)).status_code == 403
    assert Version.objects.count() == 1


def test_publisher_who_may_not_edit_reads_only(
    publisher: Client, draft: Questionnaire
) -> None:
    section = draft.sections.get(position=1)
    page = parse(publisher.get(address("section_change", section.pk)))
    assert page.texts(".field-stem .readonly") == [section.stem]
    fields = page.all("#section_form input[name]")
    assert {field.attributes["type"] for field in fields} == {"hidden"}
    assert (
        publisher.post(
            address("section_change", section.pk), {"stem": "Mine"}
        ).status_code
        == 403
    )
    assert (
        publisher.post(
            address("questionnaire_change", draft.pk), {"name": "Mine"}
        ).status_code
        == 403
    )
    assert (
        publisher.post(
            address("section_delete", section.pk), {"post": "yes"}
        ).status_code
        == 403
    )
    assert publisher.get(address("section_add")).status_code == 403
    assert draft.sections.count() == 6


@pytest.mark.parametrize(
    "name", ["questionnaire_change", "questionnaire_publish", "questionnaire_rehearse"]
)
def test_stranger_sees_nothing_of_a_draft(draft: Questionnaire, name: str) -> None:
    ordinary, staff = (
        signed_in("otto", "publish_questionnaire", staff=False),
        signed_in("stan"),
    )
    assert ordinary.post(address(name, draft.pk)).status_code == 302
    assert staff.post(address(name, draft.pk)).status_code == 403
    assert Client().post(address(name, draft.pk)).status_code == 302
    assert Version.objects.count() == 1


def test_version_is_read_only_and_begins_a_draft(
    editor: Client, questionnaire: Version, draft: Questionnaire
) -> None:
    page = parse(editor.get(address("version_change", questionnaire.pk)))
    listed = page.all(".statements li")
    assert [item.one("span").text for item in listed][:2] == ["T1", "T2"]
    statement = Question.objects.get(section__questionnaire=draft, code="T1").statement
    assert listed[0].has(f"p:text({statement})")
    assert (
        editor.post(
            address("version_change", questionnaire.pk), {"name": "Mine"}
        ).status_code
        == 403
    )
    assert editor.get(address("version_add")).status_code == 403
    assert editor.post(address("version_delete", questionnaire.pk)).status_code == 403
    response = editor.post(address("version_duplicate", questionnaire.pk))
    newest = Questionnaire.objects.latest("pk")
    assert response["Location"] == address("questionnaire_change", newest.pk)
    assert Question.objects.filter(section__questionnaire=newest).count() == 25
    assert (
        editor.post(address("version_definition", questionnaire.pk)).content.decode()
        == questionnaire.definition
    )
    assert editor.get(address("version_duplicate", questionnaire.pk)).status_code == 405


def test_publishing_and_taking_a_definition_away_are_in_the_audit_trail(
    publisher: Client, questionnaire: Version, draft: Questionnaire
) -> None:
    AuditEntry.objects.all().delete()
    publisher.get(address("version_definition", questionnaire.pk))
    seen = publisher.get(address("questionnaire_publish", draft.pk)).context["seen"]
    publisher.post(
        address("questionnaire_publish", draft.pk), {"seen": "something else"}
    )
    publisher.post(address("questionnaire_publish", draft.pk), {"seen": seen})
    publisher.post(address("version_definition", questionnaire.pk))
    assert list(AuditEntry.objects.values_list("by__username", "act", "subject")) == [
        ("paula", "export", "the questionnaire, version 1"),
        ("paula", "publish", "the questionnaire, version 2"),
    ]


def test_definition_is_kept_from_staff_who_may_not_see_versions(
    questionnaire: Version,
) -> None:
    count = AuditEntry.objects.count()
    assert (
        signed_in("stan")
        .post(address("version_definition", questionnaire.pk))
        .status_code
        == 403
    )
    assert AuditEntry.objects.count() == count


def test_duplicating_where_the_article_has_lost_a_line_says_which(
    editor: Client, questionnaire: Version
) -> None:
    Questionnaire.objects.all().delete()
    Strength.objects.filter(slug="communication").delete()
    response = editor.post(address("version_duplicate", questionnaire.pk), follow=True)
    assert levels(response) == ["error"]
    [message] = messages_of(response)
    assert quoted(message) == ["communication"]
    assert not Questionnaire.objects.exists()


def test_duplicating_needs_the_right_to_add(
    draft: Questionnaire, questionnaire: Version
) -> None:
    reader = signed_in("rita", "view_version")
    assert (
        reader.post(address("version_duplicate", questionnaire.pk)).status_code == 403
    )
    assert Questionnaire.objects.count() == 2

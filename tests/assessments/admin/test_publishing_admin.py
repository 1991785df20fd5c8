"""Staff look at, rehearse and publish drafts and read versions; whoever may not,
cannot.
"""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from assessments.actions.versions import publish
from assessments.models import Question, Questionnaire, Version
from assessments.queries import versions
from content.models import AuditEntry, Strength
from tests.support.staff import address, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_publisher_sees_what_differs_and_publishes(
    publisher: Client, draft: Questionnaire
) -> None:
    assert "Publish the saved draft" in text_of(
        publisher.get(address("questionnaire_change", draft.pk))
    )
    page = publisher.get(address("questionnaire_publish", draft.pk))
    assert "<td>Project manager or product manager?</td><td>Autumn</td>" in text_of(
        page
    )
    assert "<td>clearly project</td><td>53 towards project</td>" in text_of(
        page
    ).replace("\n", "")
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
    assert "This is what visitors take now." in text_of(
        publisher.get(address("version_change", version.pk))
    )
    assert "A later version is live" in text_of(
        publisher.get(address("version_change", questionnaire.pk))
    )
    assert "What changes against version 2" in text_of(
        publisher.get(address("questionnaire_publish", draft.pk))
    )


def test_refused_publishing_shows_the_findings_and_writes_nothing(
    publisher: Client, draft: Questionnaire
) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        side="right"
    )
    response = publisher.post(address("questionnaire_publish", draft.pk))
    assert response.status_code == 422
    assert "it must be half" in text_of(response)
    assert "Publish this draft" not in text_of(response)
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
    assert "Somebody has changed the draft since you looked at it." in text_of(response)
    assert "<td>Winter</td>" in text_of(response)
    assert Version.objects.count() == 1


def test_draft_that_cannot_be_read_can_be_looked_at_for_publishing(
    publisher: Client, draft: Questionnaire
) -> None:
    draft.sections.filter(position=3).update(kind="trade_off")
    page = text_of(publisher.get(address("questionnaire_publish", draft.pk)))
    assert "a question of this section has two statements and a side" in page
    assert publisher.post(address("questionnaire_publish", draft.pk)).status_code == 422


def test_editor_may_not_publish(editor: Client, draft: Questionnaire) -> None:
    assert editor.get(address("questionnaire_publish", draft.pk)).status_code == 403
    assert editor.post(address("questionnaire_publish", draft.pk)).status_code == 403
    assert Version.objects.count() == 1


def test_publisher_who_may_not_edit_reads_only(
    publisher: Client, draft: Questionnaire
) -> None:
    section = draft.sections.get(position=1)
    assert 'name="stem"' not in text_of(
        publisher.get(address("section_change", section.pk))
    )
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
    page = editor.get(address("version_change", questionnaire.pk)).content.decode()
    assert "Before I start, I write down the steps and who does what." in page
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
    assert "No draft was made: the article has no line “communication”." in text_of(
        response
    )
    assert not Questionnaire.objects.exists()


def test_duplicating_needs_the_right_to_add(
    draft: Questionnaire, questionnaire: Version
) -> None:
    reader = signed_in("rita", "view_version")
    assert (
        reader.post(address("version_duplicate", questionnaire.pk)).status_code == 403
    )
    assert Questionnaire.objects.count() == 2

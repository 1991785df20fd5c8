"""The default questionnaire's next edition, on a site that has the one before."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.actions.drafts import draft_from
from assessments.actions.versions import publish, review_draft
from assessments.defaults import default_questionnaire
from assessments.engine import read_definition, score
from assessments.models import Questionnaire, Version
from content.models import AuditEntry, Strength
from tests.support.engine.cases import EXAMPLES, FIRST_EDITION, in_the_first_edition

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SHA256 = {
    1: "4eb1088e1027",
    2: "736002e0fdf7",
}


@pytest.fixture
def first_edition(article: None) -> Version:
    """The version of a site that began with the first edition."""
    definition = read_definition(FIRST_EDITION.read_bytes())
    draft_from(definition, name=definition.name, one_idea=True)
    # Today's rules would refuse its sides.
    return Version.objects.create(
        number=1,
        name=definition.name,
        definition=definition.to_json(),
        sha256=definition.sha256,
        published_at=timezone.now(),
    )


def load() -> str:
    said = StringIO()
    call_command("load_questionnaire", stdout=said)
    return said.getvalue()


def test_new_site_begins_with_the_second_edition(article: None) -> None:
    load()
    assert Version.objects.get().sha256.startswith(SHA256[2])
    assert not AuditEntry.objects.filter(act="make").exists()
    assert load() == ""
    assert (Version.objects.count(), Questionnaire.objects.count()) == (1, 1)


def test_site_with_the_first_edition_gets_a_draft_that_can_be_published(
    first_edition: Version,
) -> None:
    Questionnaire.objects.all().delete()
    load()
    draft = Questionnaire.objects.get()
    assert review_draft(draft).blocking == []
    assert publish(draft, by=None).sha256 == default_questionnaire().sha256
    first_edition.refresh_from_db()
    assert first_edition.sha256.startswith(SHA256[1])


def test_deleted_draft_does_not_come_back(first_edition: Version) -> None:
    load()
    Questionnaire.objects.all().delete()
    assert load() == ""
    assert not Questionnaire.objects.exists()
    assert Version.objects.get() == first_edition


def test_article_without_one_of_its_lines_refuses_the_draft_and_says_so(
    first_edition: Version,
) -> None:
    Questionnaire.objects.all().delete()
    line = Strength.objects.filter(slug="market-research")
    line.update(slug="research-of-markets")
    assert "market-research" in load()
    assert not Questionnaire.objects.exists()
    line = Strength.objects.filter(slug="research-of-markets")
    line.update(slug="market-research")
    load()
    assert Questionnaire.objects.count() == 1


@pytest.mark.parametrize("number", EXAMPLES)
def test_first_edition_scores_as_it_did(first_edition: Version, number: int) -> None:
    request = EXAMPLES[number]
    one, two = (
        score(
            definition, answers, form=request["form"], seconds=request["seconds"]
        ).reply()
        for definition, answers in (
            (
                read_definition(first_edition.definition),
                in_the_first_edition(request["answers"]),
            ),
            (default_questionnaire(), request["answers"]),
        )
    )
    assert one.pop("version") != two.pop("version")
    assert one["lean"] == two["lean"]
    assert one["outcome"] == two["outcome"]

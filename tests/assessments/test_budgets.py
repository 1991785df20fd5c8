"""The budgets of promise 6.

Bytes as sent, and queries without transaction statements.
"""

from __future__ import annotations

from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.test import Client

from assessments.actions import attempts, clients
from assessments.models import Coach, Owner, Participation, Result, ShareLink
from assessments.queries import versions
from tests.support.budgets import assert_first_visit_is_small
from tests.support.coaching import invite
from tests.support.guest import Guest
from tests.support.statements import asked
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/",
    "/difference/",
    "/project-management/",
    "/product-management/",
    "/in-practice/",
    "/working-together/",
    "/skills/",
    "/choosing/",
    "/future/",
    "/quiz/",
    "/method/",
    "/privacy/",
    "/accessibility/",
]
CACHEABLE = [page for page in PUBLIC if page != "/quiz/"]
SCRIPT_BYTES = 3_000
# typing.js: for coaches and staff, who write; no page of visitors has it.
FOR_STAFF = (
    "admin.js",
    "admin_questionnaire.js",
    "link.js",
    "page_editor.js",
    "paste.js",
    "picture_input.js",
    "typing.js",
)
TYPING_BYTES = 2_500


@pytest.mark.parametrize("page", PUBLIC)
def test_first_visit_fits_into_one_round_trip(
    questionnaire: object, client: Client, page: str
) -> None:
    assert_first_visit_is_small(client.get(page).content.decode())


@pytest.mark.parametrize("page", ["/call/", "/r/nothing/"])
def test_first_visit_to_pages_that_links_lead_to_fits_too(
    questionnaire: object, client: Client, page: str
) -> None:
    assert_first_visit_is_small(client.get(page).content.decode())


@pytest.mark.parametrize("scope", ["summary", "strengths"])
def test_first_visit_to_a_shared_result_fits_too(visitor: Taker, scope: str) -> None:
    visitor.take("clear_project")
    data = {"label": "", "name": "Sam", "scope": scope, "days": "30"}
    visitor.client.post("/quiz/result/share/", data)
    token = ShareLink.objects.get().token
    assert_first_visit_is_small(Client().get(f"/r/{token}/").content.decode())


def test_all_script_together_is_small() -> None:
    visitors = [
        path
        for path in Path(settings.BASE_DIR, "static/js").glob("*.js")
        if path.name not in FOR_STAFF
    ]
    assert (
        sum(len(brotli.compress(path.read_bytes())) for path in visitors)
        <= SCRIPT_BYTES
    )
    typing = Path(settings.BASE_DIR, "static/js/typing.js")
    assert len(brotli.compress(typing.read_bytes())) <= TYPING_BYTES


@pytest.mark.parametrize("page", PUBLIC)
def test_public_page_asks_the_database_nothing_when_warm(
    questionnaire: object, client: Client, page: str
) -> None:
    client.get(page)
    assert asked(lambda: client.get(page)) == []


@pytest.mark.parametrize("page", CACHEABLE)
def test_public_page_has_an_etag_a_304_and_no_cookie(
    questionnaire: object, client: Client, page: str
) -> None:
    first = client.get(page)
    again = client.get(page, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")


@pytest.mark.parametrize("action", ["continue", "autosave"])
def test_saving_takes_three_queries(visitor: Taker, action: str) -> None:
    visitor.start()
    page = visitor.page(1)
    queries = asked(
        lambda: visitor.answer(1, answers_of("both"), page=page, action=action)
    )
    assert len(queries) == 3  # owner, attempt, write


def test_section_and_result_take_one_query_where_no_coach_sees_them(
    visitor: Taker,
) -> None:
    visitor.start()
    visitor.page(1)
    assert len(asked(lambda: visitor.client.get("/quiz/1/"))) == 1
    visitor.take("clear_project")
    visitor.client.get("/quiz/result/")
    assert len(asked(lambda: visitor.client.get("/quiz/result/"))) == 1


def more_results(owner: Owner, count: int) -> None:
    """The owner's newest result copied, with links."""
    newest = Result.objects.filter(owner=owner).latest("number")
    for number in range(newest.number + 1, newest.number + 1 + count):
        attempt = attempts.correct(newest)
        attempt.finished_at = newest.finished_at
        attempt.save()
        copy = Result(
            **{
                field.attname: getattr(newest, field.attname)
                for field in Result._meta.concrete_fields
                if field.name != "id"
            }
        )
        copy.attempt, copy.number = attempt, number
        copy.save()


@pytest.mark.parametrize("results", [1, 3])
def test_result_and_share_page_take_at_most_two_queries_however_many_results_there_are(
    visitor: Taker, results: int
) -> None:
    visitor.take("clear_project")
    visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "answers", "days": "30"}
    )
    more_results(visitor.owner, results - 1)
    token = ShareLink.objects.get().token
    visitor.client.get("/quiz/result/")
    assert len(asked(lambda: visitor.client.get("/quiz/result/"))) <= 2
    assert len(asked(lambda: visitor.client.get(f"/r/{token}/"))) <= 2
    assert len(asked(lambda: visitor.client.get(f"/r/{token}.json"))) <= 2


@pytest.mark.parametrize("results", [1, 3])
def test_data_and_sharing_pages_do_not_ask_more_for_more_results(
    visitor: Taker, results: int
) -> None:
    visitor.take("clear_project")
    more_results(visitor.owner, results - 1)
    visitor.client.get("/quiz/data/")
    assert len(asked(lambda: visitor.client.get("/quiz/data/"))) == 5
    assert len(asked(lambda: visitor.client.get("/quiz/result/share/"))) <= 3


@pytest.mark.parametrize("grants", [1, 3])
def test_pages_of_whoever_shares_with_coaches_keep_to_their_queries(
    coach: Coach, grants: int
) -> None:
    first, *others = [invite(coach, onward=True) for _ in range(grants)]
    guest = Guest(first)
    guest.share()
    for invitation in others:
        guest.address = f"/join/{invitation.code}/"
        guest.share(what="answers")
    page = guest.page(1)
    assert len(asked(lambda: guest.client.get("/quiz/1/"))) == 2
    assert len(asked(lambda: guest.answer(1, answers_of("both"), page=page))) <= 4
    guest.answer_all("clear_project")
    assert len(asked(lambda: guest.client.get("/quiz/result/"))) == 2
    for given in Participation.objects.all():
        clients.add_step(given, text="Read chapter 3")
        clients.share_steps(given, shared=True)
    # One more for the next steps, where a coach has shared some: docs/decisions/0012.
    assert len(asked(lambda: guest.client.get("/quiz/result/"))) == 3
    assert len(asked(lambda: guest.client.get("/quiz/result/share/"))) == 4
    assert len(asked(lambda: guest.client.get("/quiz/result/sees/"))) == 6
    assert len(asked(lambda: guest.client.get(guest.address))) <= 8


def test_definition_is_read_once_per_process(visitor: Taker) -> None:
    visitor.take("clear_project")
    versions._parsed.cache_clear()
    visitor.client.get("/quiz/result/")
    assert not any(
        "definition" in sql
        for sql in asked(lambda: visitor.client.get("/quiz/result/"))
    )

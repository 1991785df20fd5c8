"""A visitor's data belong to the visitor.

Download, delete, and the time after which they go by themselves.
"""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from assessments.actions import attempts
from assessments.models import Attempt, Owner, Result, ShareLink
from assessments.visitors.owner_cookie import COOKIE
from assessments.zones import hour_words
from tests.support.dom import parse
from tests.support.taker import Taker, answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_download_holds_everything_and_no_key(visitor: Taker) -> None:
    visitor.take("clear_project")
    visitor.client.post(
        "/quiz/result/share/", {"label": "Coach", "scope": "summary", "days": "30"}
    )
    response = visitor.client.get("/quiz/data/rolefit.json")
    data = json.loads(text := response.getvalue().decode())
    assert response["Content-Disposition"] == 'attachment; filename="rolefit.json"'
    assert "no-store" in response["Cache-Control"]
    assert data["results"][0]["reply"]["lean"] == "425/8"
    assert data["attempts"][0]["answers"]["T1"] == 1
    assert data["share_links"][0]["label"] == "Coach"
    assert len(data["questionnaires"]) == 1
    assert visitor.key not in text


def test_download_of_many_results_comes_in_pieces_of_one(visitor: Taker) -> None:
    visitor.take("clear_project")
    first = visitor.result()
    sizes = []
    for count in (3, 12):
        while visitor.result().number < count:
            finished_again(first)
        response = visitor.client.get("/quiz/data/rolefit.json")
        pieces = [len(piece) for piece in response.streaming_content]
        sizes.append((len(pieces), max(pieces)))
    # Nine results and their attempts more, and no larger piece.
    assert sizes[1] == (sizes[0][0] + 18, sizes[0][1])


def finished_again(result: Result) -> None:
    """Another result of the same owner, with the same answers."""
    attempts.correct(result)
    attempts.finish(result.owner)


def test_delete_needs_the_box_ticked(visitor: Taker) -> None:
    visitor.take("both")
    response = visitor.client.post("/quiz/data/", {})
    assert response.status_code == 422
    assert Result.objects.exists()


def test_delete_removes_every_row_clears_the_cookie_and_gives_a_receipt(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("both")
    stranger.start()
    visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "summary", "days": "30"}
    )
    response = visitor.client.post("/quiz/data/", {"sure": "on"})
    deleted = response.context["deleted"]
    assert (deleted.results, deleted.attempts, deleted.share_links) == (1, 1, 1)
    hour = hour_words(response.context["deleted_at"])
    assert hour in parse(response).one("main").text
    assert response.cookies[COOKIE].value == ""
    assert (
        Result.objects.count(),
        ShareLink.objects.count(),
        Owner.objects.count(),
    ) == (0, 0, 1)


def test_data_page_without_a_key_or_with_a_dead_one(
    visitor: Taker, stranger: Taker
) -> None:
    assert stranger.client.get("/quiz/data/")["Location"] == "/quiz/"
    visitor.start()
    Owner.objects.all().delete()
    assert visitor.client.get("/quiz/data/").status_code == 404
    assert visitor.client.get("/quiz/data/rolefit.json").status_code == 404


def test_unfinished_answers_go_after_seven_days_and_not_before(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, answers_of("both"))
    for days, left in ((6, 1), (8, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            call_command("forget_old", stdout=StringIO())
        assert Attempt.objects.count() == left
    assert not Owner.objects.exists()


def test_result_goes_after_a_year_and_not_before(visitor: Taker) -> None:
    visitor.take("both")
    for days, left in ((364, 1), (366, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            call_command("forget_old", stdout=StringIO())
        assert Result.objects.count() == left
    assert not Owner.objects.exists()


def test_expired_result_is_out_of_reach_even_before_it_is_deleted(
    visitor: Taker,
) -> None:
    visitor.take("both")
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert visitor.client.get("/quiz/result/1/").status_code == 404

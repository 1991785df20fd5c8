"""One client's page: what it shows at each scope, the guide, notes, next steps, links onward; and who is turned away."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import attempts, clients, grants
from assessments.models import (
    Coach,
    Invitation,
    NextStep,
    Participation,
    ShareLink,
    Version,
)
from content.models import AuditEntry
from tests.support.coaching import answer, invite, join, joined, signed_in_as
from tests.support.loading import load
from tests.support.markup import flat
from tests.support.pages import ANSWERS_ONLY, STRENGTHS_ONLY
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
GUIDE_ONLY = (
    'id="guide"',
    "What would tip it",
    "Would you answer these the same way again?",
)


@pytest.fixture
def carla(coach: Coach) -> Client:
    load("load_prompts")
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach, onward=True)


@pytest.fixture
def ann(group: Invitation) -> Participation:
    return joined(group, "Ann")


def page_of(client: Client, grant: Participation) -> str:
    response = client.get(reverse("coach_client", args=[grant.pk]))
    assert response.status_code == 200
    return flat(unescape(response.content.decode()))


@pytest.mark.parametrize(
    ("scope", "shown", "hidden"),
    [
        ("summary", (), STRENGTHS_ONLY + ANSWERS_ONLY + GUIDE_ONLY),
        ("strengths", STRENGTHS_ONLY, ANSWERS_ONLY + GUIDE_ONLY),
        ("answers", STRENGTHS_ONLY + ANSWERS_ONLY + GUIDE_ONLY, ()),
    ],
)
@pytest.mark.parametrize("name", ["coach_client", "coach_client_print"])
def test_client_is_shown_as_far_as_she_agreed(
    carla: Client,
    coach: Coach,
    scope: str,
    shown: tuple[str, ...],
    hidden: tuple[str, ...],
    name: str,
) -> None:
    ann = joined(invite(coach, scope=scope), "Ann")
    page = unescape(carla.get(reverse(name, args=[ann.pk])).content.decode())
    page = page.replace(f'-{ann.pk}"', '"')  # ids on paper carry whose they are
    expected = [
        words for words in shown if name == "coach_client" or words not in GUIDE_ONLY
    ]
    assert "The answers point clearly to" in page
    assert [words for words in expected if words not in page] == []
    assert [words for words in hidden if words in page] == []
    assert ("Ann agreed that you see" in page) == (scope != "answers")


def test_page_is_kept_from_caches_and_search(carla: Client, ann: Participation) -> None:
    response = carla.get(reverse("coach_client", args=[ann.pk]))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_guide_names_findings_with_the_words_of_staff_and_of_the_answers(
    carla: Client, group: Invitation
) -> None:
    page = page_of(carla, joined(group, "Bo", "both"))
    assert "Would you answer these the same way again?" in page
    assert "5 small steps towards project, 3 small steps towards product" in page
    assert "Looked for, and not found" in page


def test_guide_without_prompts_still_lists_what_it_finds(
    coach: Coach, ann: Participation
) -> None:
    page = page_of(signed_in_as(coach.user), ann)
    assert (
        "4 opposite answers would make it a close call, or 14 single steps. 6 opposite answers would name the other role."
        in page
    )
    assert "Would you answer" not in page


def test_client_who_has_not_finished_has_a_page_without_a_result(
    carla: Client, group: Invitation
) -> None:
    page = page_of(carla, join(group, "Bo"))
    assert "Has begun, and not finished yet." in page
    assert 'class="lean' not in page


def test_careless_result_is_never_shown(carla: Client, group: Invitation) -> None:
    bo = joined(group, "Bo", "careless")
    page = page_of(carla, bo)
    assert "There is no result that could be shown to you." in page
    assert "too fast" not in page
    assert carla.get(reverse("coach_client_print", args=[bo.pk])).status_code == 404


def test_held_and_opened_early_are_said(carla: Client, coach: Coach) -> None:
    ann = joined(invite(coach, held_until=timezone.now() + timedelta(days=9)))
    assert "has the result kept for your talk until" in page_of(carla, ann)
    Participation.objects.filter(pk=ann.pk).update(opened_early_at=timezone.now())
    assert "Opened before your talk" in page_of(carla, ann)
    Participation.objects.filter(pk=ann.pk).update(opened_early_at=None)
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert "kept for your talk" not in page_of(signed_in_as(coach.user), ann)


def test_page_shows_nothing_once_the_client_has_withdrawn(
    carla: Client, ann: Participation
) -> None:
    grants.withdraw(ann)
    assert carla.get(reverse("coach_client", args=[ann.pk])).status_code == 404
    assert (
        carla.post(reverse("coach_notes", args=[ann.pk]), {"notes": "x"}).status_code
        == 404
    )


# Notes


def test_notes_are_kept_and_stand_in_the_form_again(
    carla: Client, ann: Participation
) -> None:
    response = carla.post(
        reverse("coach_notes", args=[ann.pk]), {"notes": "<b>Ask about</b> school."}
    )
    assert (response.status_code, response["Location"]) == (
        302,
        f"/coach/client/{ann.pk}/#notes",
    )
    response = carla.get(reverse("coach_client", args=[ann.pk]))
    assert "&lt;b&gt;Ask about&lt;/b&gt; school." in response.content.decode()


def test_notes_that_are_too_long_come_back_with_the_reason(
    carla: Client, ann: Participation
) -> None:
    response = carla.post(
        reverse("coach_notes", args=[ann.pk]), {"notes": "x" * 10_001}
    )
    assert response.status_code == 422
    assert "Use no more than 10,000 characters." in response.content.decode()
    ann.refresh_from_db()
    assert ann.notes == ""


@pytest.mark.parametrize("name", ["coach_client_print", "coach_compare"])
def test_notes_are_on_no_other_page(
    carla: Client, ann: Participation, group: Invitation, name: str
) -> None:
    bo = joined(group, "Bo", "close")
    clients.set_notes(ann, notes="Secret thought")
    address = (
        reverse(name, args=[ann.pk])
        if name != "coach_compare"
        else f"/coach/compare/?one={ann.pk}&two={bo.pk}"
    )
    assert "Secret thought" not in carla.get(address).content.decode()
    for address in (
        reverse("coach_print", args=[group.pk]),
        reverse("coach_group", args=[group.pk]),
    ):
        assert "Secret thought" not in carla.get(address).content.decode()


# Next steps


def test_steps_are_added_ticked_unticked_and_removed(
    carla: Client, ann: Participation
) -> None:
    assert (
        carla.post(
            reverse("coach_add_step", args=[ann.pk]), {"text": "Ask two people"}
        ).status_code
        == 302
    )
    step = NextStep.objects.get()
    assert "Ask two people" in page_of(carla, ann)
    assert (
        carla.post(reverse("coach_tick", args=[step.pk]), {"done": "yes"})["Location"]
        == f"/coach/client/{ann.pk}/#steps"
    )
    assert "done on" in page_of(carla, ann)
    carla.post(reverse("coach_tick", args=[step.pk]), {"done": "no"})
    assert "done on" not in page_of(carla, ann)
    assert carla.post(reverse("coach_remove_step", args=[step.pk])).status_code == 302
    assert not NextStep.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 201])
def test_bad_step_comes_back_with_the_reason(
    carla: Client, ann: Participation, text: str
) -> None:
    response = carla.post(reverse("coach_add_step", args=[ann.pk]), {"text": text})
    assert response.status_code == 422
    assert 'class="error-summary"' in response.content.decode()
    assert not NextStep.objects.exists()


def test_checklist_has_an_end(carla: Client, ann: Participation) -> None:
    NextStep.objects.bulk_create(
        NextStep(participation=ann, text="Read") for _ in range(clients.MAX_STEPS)
    )
    response = carla.post(
        reverse("coach_add_step", args=[ann.pk]), {"text": "One more"}
    )
    assert response.status_code == 422
    assert "There are 30 steps already." in response.content.decode()


def test_steps_are_shared_with_the_client_and_taken_back(
    carla: Client, ann: Participation
) -> None:
    carla.post(reverse("coach_share_steps", args=[ann.pk]), {"shared": "yes"})
    ann.refresh_from_db()
    assert ann.steps_shared
    carla.post(reverse("coach_share_steps", args=[ann.pk]), {"shared": "no"})
    ann.refresh_from_db()
    assert not ann.steps_shared


# Links onward


def link(client: Client, grant: Participation, **changes: str) -> int:
    form = {"label": "Her manager", "scope": "summary", "days": "30"}
    return client.post(
        reverse("coach_make_link", args=[grant.pk]), form | changes
    ).status_code


def test_link_onward_is_made_listed_and_ended(
    carla: Client, coach: Coach, ann: Participation
) -> None:
    assert link(carla, ann) == 302
    made = ShareLink.objects.get()
    assert f'value="http://localhost:8000/r/{made.token}/"' in page_of(carla, ann)
    assert Client().get(f"/r/{made.token}/").status_code == 200
    assert carla.post(reverse("coach_end_link", args=[made.pk])).status_code == 302
    assert made.token not in page_of(carla, ann)
    assert "ended on" in page_of(carla, ann)
    assert Client().get(f"/r/{made.token}/").status_code == 404
    assert list(
        AuditEntry.objects.filter(act="revoke").values_list("by", flat=True)
    ) == [coach.user_id]


@pytest.mark.parametrize(
    "change",
    [
        {"scope": "answers"},
        {"scope": "strengths"},
        {"scope": ""},
        {"days": "3"},
        {"label": "x" * 61},
    ],
)
def test_link_is_no_wider_than_the_client_agreed(
    carla: Client, coach: Coach, change: dict[str, str]
) -> None:
    ann = joined(invite(coach, scope="summary", onward=True))
    assert 'value="strengths"' not in page_of(carla, ann)
    assert link(carla, ann, **change) == 422
    assert not ShareLink.objects.exists()


def test_no_link_where_the_client_has_not_agreed_or_there_is_no_result(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    ann, bo, cem = (
        joined(invite(coach, onward=False)),
        join(group, "Bo"),
        joined(group, "Cem", "careless"),
    )
    assert "Ann has not agreed to share links by you." in page_of(carla, ann)
    assert "Once there is a result" in page_of(carla, bo)
    assert [link(carla, grant) for grant in (ann, bo, cem)] == [404, 404, 404]
    assert not ShareLink.objects.exists()


def test_working_links_have_an_end(carla: Client, ann: Participation) -> None:
    for _ in range(30):
        clients.make_onward_link(ann, scope="summary", label="", days=7)
    assert link(carla, ann) == 422


def test_result_on_paper_has_no_key_code_token_or_form(
    carla: Client, group: Invitation, ann: Participation
) -> None:
    made = clients.make_onward_link(ann, scope="summary", label="Hers", days=7)
    for address in (
        reverse("coach_client_print", args=[ann.pk]),
        reverse("coach_print", args=[group.pk]),
    ):
        page = carla.get(address).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert [
            each
            for each in (
                made.token,
                "/r/",
                group.code,
                group.code[:5],
                "/join/",
                "<form",
            )
            if each in main
        ] == []


# Earlier and later results


def test_other_results_in_the_same_group_are_listed(
    carla: Client, coach: Coach, group: Invitation, ann: Participation
) -> None:
    owner = ann.attempt.owner
    attempts.correct(owner.results.get(number=1))
    later_result = answer(owner, "close")
    assert 'id="others"' not in page_of(carla, ann)
    later = grants.agree_to_newer(ann, result=later_result)
    page = page_of(carla, ann)
    assert f"/coach/client/{later.pk}/" in page
    assert f"/coach/compare/?one={ann.pk}&two={later.pk}" in page
    assert f"/coach/client/{ann.pk}/" in page_of(carla, later)


# Who is turned away, and what it costs

POSTS = ("coach_notes", "coach_add_step", "coach_share_steps", "coach_make_link")


def test_other_coach_meets_nothing(
    carla: Client, other_coach: Coach, ann: Participation
) -> None:
    step, made = (
        clients.add_step(ann, text="Read"),
        clients.make_onward_link(ann, scope="summary", label="", days=7),
    )
    otto = signed_in_as(other_coach.user)
    gets = [
        otto.get(reverse(name, args=[ann.pk]))
        for name in ("coach_client", "coach_client_print")
    ]
    posts = [
        otto.post(
            reverse(name, args=[ann.pk]), {"notes": "x", "text": "x", "shared": "yes"}
        )
        for name in POSTS
    ]
    posts += [
        otto.post(reverse(name, args=[step.pk]), {"done": "yes"})
        for name in ("coach_tick", "coach_remove_step")
    ]
    posts.append(otto.post(reverse("coach_end_link", args=[made.pk])))
    assert {response.status_code for response in gets + posts} == {404}
    ann.refresh_from_db()
    step.refresh_from_db()
    made.refresh_from_db()
    assert (ann.notes, ann.steps_shared, step.done_at, made.revoked_at) == (
        "",
        False,
        None,
        None,
    )


@pytest.mark.parametrize(
    "name", [*POSTS, "coach_tick", "coach_remove_step", "coach_end_link"]
)
def test_what_writes_is_refused_to_get(
    carla: Client, ann: Participation, name: str
) -> None:
    assert carla.get(reverse(name, args=[ann.pk])).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries_however_much_stands_on_it(
    carla: Client, questionnaire: Version, ann: Participation, rows: int
) -> None:
    owner, result = ann.attempt.owner, ann.attempt.owner.results.get(number=1)
    for number in range(rows):
        clients.add_step(ann, text=f"Step {number}")
        clients.make_onward_link(ann, scope="summary", label="", days=7)
        attempts.correct(result)
        result = answer(owner, "close")
        grants.agree_to_newer(ann, result=result)
    page_of(carla, ann)  # the snapshots are warm
    assert len(asked(lambda: page_of(carla, ann))) == 9

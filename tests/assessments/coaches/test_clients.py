"""One client's page.

What it shows at each scope, the guide, notes, next steps, links onward; and who is
turned away.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import attempts, clients, grants
from assessments.defaults.prompts import PROMPTS
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
from tests.support.dom import Element, parse
from tests.support.loading import load
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
DONE = "button[formaction$='/tick/'][name=done]"  # what the button of a step would set
# Parts of a page, by the scope that opens them; ids on paper carry whose they are.
SUMMARY, STRENGTHS, ANSWERS = {"sure"}, {"strengths"}, {"why", "change", "sum"}
GUIDE = {"guide"}


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


def page_of(client: Client, grant: Participation) -> Element:
    response = client.get(reverse("coach_client", args=[grant.pk]))
    assert response.status_code == 200
    return parse(response)


def parts_of(page: Element) -> list[str]:
    """The parts of the page that can be jumped to, and the figure of the lean."""
    return [
        part.attributes["id"]
        for selector in ("main section[id]", "main figure #lean-text")
        for part in page.all(selector)
    ]


def forms_of(page: Element) -> list[str]:
    """Where the form of the main part and its buttons lead, without /coach/client/."""
    return [
        address.partition("/coach/client/")[2]
        for address in (
            *page.values("main form"),
            *(
                button.attributes["formaction"]
                for button in page.all("main button[formaction]")
            ),
        )
    ]


@pytest.mark.parametrize(
    ("scope", "parts"),
    [
        ("summary", SUMMARY),
        ("strengths", SUMMARY | STRENGTHS),
        ("answers", SUMMARY | STRENGTHS | ANSWERS | GUIDE),
    ],
)
def test_client_is_shown_as_far_as_agreed(
    carla: Client, coach: Coach, scope: str, parts: set[str]
) -> None:
    ann = joined(invite(coach, scope=scope), "Ann")
    page = parse(carla.get(reverse("coach_client", args=[ann.pk])))
    ids = {element.attributes["id"] for element in page.all("main [id]")}
    assert ids & (SUMMARY | STRENGTHS | ANSWERS | GUIDE) == parts


def test_page_is_kept_from_caches_and_search(carla: Client, ann: Participation) -> None:
    response = carla.get(reverse("coach_client", args=[ann.pk]))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_guide_names_findings_with_the_words_of_staff_and_of_the_answers(
    carla: Client, group: Invitation
) -> None:
    guide = page_of(carla, joined(group, "Bo", "both")).one("#guide")
    asked = guide.texts(".ask")
    assert asked
    assert {*asked} <= {*PROMPTS.values()}
    assert guide.texts(".topic ul.said")


def test_guide_without_prompts_still_lists_what_it_finds(
    coach: Coach, ann: Participation
) -> None:
    guide = page_of(signed_in_as(coach.user), ann).one("#guide")
    assert guide.texts(".topic ul.said")
    assert guide.texts(".ask") == []


def test_client_who_has_not_finished_has_a_page_without_a_result(
    carla: Client, group: Invitation
) -> None:
    bo, cem = join(group, "Bo"), joined(group, "Cem")
    page = page_of(carla, bo)
    assert parts_of(page) == ["steps", "notes", "links", "remove"]
    assert f"{bo.pk}/notes/" in forms_of(page)
    more = {"guide", "lean-text", "why", "strengths", "next", "change"}
    more |= {"sure", "sum", "answers"}
    assert {*parts_of(page_of(carla, cem))} == {*parts_of(page)} | more


def test_careless_result_is_never_shown(carla: Client, group: Invitation) -> None:
    bo = joined(group, "Bo", "careless")
    assert parts_of(page_of(carla, bo)) == ["steps", "notes", "links", "remove"]
    assert carla.get(reverse("coach_client_print", args=[bo.pk])).status_code == 404


def test_held_and_opened_early_are_said(carla: Client, coach: Coach) -> None:
    ann = joined(invite(coach, held_until=timezone.now() + timedelta(days=9)))
    address = reverse("coach_client", args=[ann.pk])
    notes = [page_of(carla, ann).one(".opening .note").text]
    assert carla.get(address).context["held"]
    Participation.objects.filter(pk=ann.pk).update(opened_early_at=timezone.now())
    notes.append(page_of(carla, ann).one(".opening .note").text)
    assert not carla.get(address).context["held"]
    Participation.objects.filter(pk=ann.pk).update(opened_early_at=None)
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        later = signed_in_as(coach.user)
        notes.append(page_of(later, ann).one(".opening .note").text)
        assert not later.get(address).context["held"]
    assert len({*notes}) == 3


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
    assert parse(response).one("[name=notes]").value == "<b>Ask about</b> school."


def test_notes_that_are_too_long_come_back_with_the_reason(
    carla: Client, ann: Participation
) -> None:
    response = carla.post(
        reverse("coach_notes", args=[ann.pk]), {"notes": "x" * 10_001}
    )
    assert response.status_code == 422
    assert parse(response).values(".error-summary a") == ["#id_notes"]
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
    assert "Secret thought" in page_of(carla, ann).text
    for page in (
        address,
        reverse("coach_print", args=[group.pk]),
        reverse("coach_group", args=[group.pk]),
    ):
        response = carla.get(page)
        assert response.status_code == 200
        assert "Secret thought" not in response.content.decode()


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
    assert page_of(carla, ann).values(DONE) == ["yes"]
    assert (
        carla.post(reverse("coach_tick", args=[step.pk]), {"done": "yes"})["Location"]
        == f"/coach/client/{ann.pk}/#steps"
    )
    assert page_of(carla, ann).values(DONE) == ["no"]
    carla.post(reverse("coach_tick", args=[step.pk]), {"done": "no"})
    assert page_of(carla, ann).values(DONE) == ["yes"]
    assert carla.post(reverse("coach_remove_step", args=[step.pk])).status_code == 302
    assert not NextStep.objects.exists()


def test_a_step_has_a_day_in_the_next_two_years(
    carla: Client, ann: Participation
) -> None:
    address = reverse("coach_add_step", args=[ann.pk])
    today = timezone.localdate()
    for days in (-1, 731):
        day = (today + timedelta(days=days)).isoformat()
        response = carla.post(address, {"text": "Read", "due_on": day})
        page = parse(response)
        assert response.status_code == 422
        assert page.one("[name=due_on]").attributes["aria-invalid"] == "true"
        assert page.values("[name=due_on]") == [day]
    carla.post(address, {"text": "Read", "due_on": today.isoformat()})
    assert NextStep.objects.get().due_on == today
    assert f"{today:%B %-d, %Y}" in page_of(carla, ann).all(".checklist li")[0].text


def test_tasks_of_the_result_page_become_steps_with_a_press(
    carla: Client, ann: Participation
) -> None:
    ideas = page_of(carla, ann).values(".ideas [name=idea]")
    assert len(ideas) == 2
    address = reverse("coach_add_step", args=[ann.pk])
    for _ in range(2):
        kept = carla.post(address, {"idea": ideas[0], "text": "Typed", "notes": ""})
        assert parse(kept).values("[name=text]") == ["Typed"]
    assert [step.text for step in ann.steps.all()] == [ideas[0]]
    assert page_of(carla, ann).values(".ideas [name=idea]") == ideas[1:]


def test_coach_sees_who_marked_a_step_done(carla: Client, ann: Participation) -> None:
    step = clients.add_step(ann, text="Read")
    clients.share_steps(ann, shared=True)
    clients.toggle_step(step, done=True)
    by_coach = page_of(carla, ann).one(".checklist .done").text
    assert ann.name not in by_coach
    clients.toggle_step(step, done=False)
    clients.toggle_step(step, done=True, by_client=True)
    assert ann.name in page_of(carla, ann).one(".checklist .done").text


@pytest.mark.parametrize("text", ["", "x" * 201])
def test_bad_step_comes_back_with_the_reason(
    carla: Client, ann: Participation, text: str
) -> None:
    response = carla.post(reverse("coach_add_step", args=[ann.pk]), {"text": text})
    assert response.status_code == 422
    assert parse(response).values(".error-summary a") == ["#id_text"]
    assert not NextStep.objects.exists()


def test_checklist_has_an_end(carla: Client, ann: Participation) -> None:
    NextStep.objects.bulk_create(
        NextStep(participation=ann, text="Read") for _ in range(clients.MAX_STEPS)
    )
    response = carla.post(
        reverse("coach_add_step", args=[ann.pk]), {"text": "One more"}
    )
    assert response.status_code == 422
    assert parse(response).has(".error-summary")
    assert NextStep.objects.count() == clients.MAX_STEPS


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
    form = {"label": "The manager", "scope": "summary", "days": "30"}
    return client.post(
        reverse("coach_make_link", args=[grant.pk]), form | changes
    ).status_code


def test_link_onward_is_made_listed_and_ended(
    carla: Client, coach: Coach, ann: Participation
) -> None:
    assert link(carla, ann) == 302
    made = ShareLink.objects.get()
    address = f"http://localhost:8000/r/{made.token}/"
    page = page_of(carla, ann)
    assert page.values("main input[value*='/r/']") == [address]
    assert f"link/{made.pk}/end/" in forms_of(page)
    assert Client().get(f"/r/{made.token}/").status_code == 200
    assert carla.post(reverse("coach_end_link", args=[made.pk])).status_code == 302
    page = page_of(carla, ann)
    assert page.values("main input[value*='/r/']") == []
    assert [form for form in forms_of(page) if form.startswith("link/")] == []
    made.refresh_from_db()
    assert made.revoked_at is not None
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
    assert page_of(carla, ann).values("[name=scope]") == ["summary"]
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
    for grant in (ann, bo, cem):
        assert set(forms_of(page_of(carla, grant))) == {
            f"{grant.pk}/{part}/" for part in ("steps", "steps/share", "notes")
        }
    assert [link(carla, grant) for grant in (ann, bo, cem)] == [404, 404, 404]
    assert not ShareLink.objects.exists()


def test_working_links_have_an_end(carla: Client, ann: Participation) -> None:
    for _ in range(30):
        clients.make_onward_link(ann, scope="summary", label="", days=7)
    assert link(carla, ann) == 422


def test_result_on_paper_has_no_key_code_token_or_form(
    carla: Client, group: Invitation, ann: Participation
) -> None:
    made = clients.make_onward_link(ann, scope="summary", label="Theirs", days=7)
    for address in (
        reverse("coach_client_print", args=[ann.pk]),
        reverse("coach_print", args=[group.pk]),
    ):
        page = carla.get(f"{address}?what=whole").content.decode()
        main = parse(page).one("main")
        assert (main.has("h1"), main.has(".sheets form")) == (True, False)
        assert [secret for secret in (made.token, group.code) if secret in page] == []
        leads_to = {link.partition("#")[0] for link in main.values("a")}
        back = {f"/coach/{group.pk}/", reverse("coach_client", args=[ann.pk])}
        about = {"/project-management/", "/product-management/"}
        assert leads_to - back == {"/method/"} | about


# Earlier and later results


def test_other_results_in_the_same_group_are_listed(
    carla: Client, coach: Coach, group: Invitation, ann: Participation
) -> None:
    owner = ann.attempt.owner
    attempts.correct(owner.results.get(number=1))
    later_result = answer(owner, "close")
    assert not page_of(carla, ann).has("#others")
    later = grants.agree_to_newer(ann, result=later_result)
    links = page_of(carla, ann).values("#others a")
    assert f"/coach/client/{later.pk}/" in links
    assert f"/coach/compare/?one={ann.pk}&two={later.pk}" in links
    assert f"/coach/client/{ann.pk}/" in page_of(carla, later).values("#others a")


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
    assert len(asked(lambda: page_of(carla, ann))) == 11

"""A coach's groups as the coach sees them, and everybody else being turned away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from assessments.actions import attempts, grants
from assessments.coaches.group_forms import signed_code
from assessments.engine.outcomes import Outcome
from assessments.models import Client as Person
from assessments.models import Coach, Invitation, Participation, Version
from assessments.results.outcome_words import OUTCOME_WORDS
from tests.support.coaching import answer, invite, join, joined, signed_in_as
from tests.support.dom import parse
from tests.support.group import fill_group, invite_by_name
from tests.support.markup import flat
from tests.support.pages import template_of

pytestmark = pytest.mark.database

PLAIN = {
    "label": "Spring course",
    "places": "",
    "form": "full",
    "scope": "answers",
    "held_until": "",
    "held_hour": "",
    "last_day": "",
}


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return flat(response.content.decode())


# Asking for a workspace


def test_anybody_asks_for_a_workspace(client: Client, article: None) -> None:
    asked = client.post(
        "/coach/ask/",
        {"name": "Carla", "email": "Carla@Example.org", "works_with": "Students"},
    )
    assert template_of(asked) == "assessments/coach/asked.html"
    assert list(Coach.objects.values_list("name", "email", "works_with", "user")) == [
        ("Carla", "carla@example.org", "Students", None)
    ]


def test_asking_twice_tells_nothing(client: Client, coach: Coach) -> None:
    first = client.post(
        "/coach/ask/",
        {"name": "New", "email": "new@example.org", "works_with": "Students"},
    ).content
    again = client.post(
        "/coach/ask/",
        {"name": "Me", "email": "carla@example.org", "works_with": "Students"},
    ).content
    assert first == again
    assert Coach.objects.get(email="carla@example.org").name == "Carla"


def test_asked_page_says_so_where_no_mail_goes_out(
    client: Client, article: None, settings
) -> None:
    data = {"name": "Carla", "email": "carla@example.org", "works_with": "Students"}
    pages = []
    for settings.MAIL_GOES_OUT in (True, False):
        asked = client.post("/coach/ask/", data)
        assert template_of(asked) == "assessments/coach/asked.html"
        pages.append(parse(asked).one("main").text)
    assert pages[0] != pages[1]


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"email": "carla"}, {"works_with": ""}, {"name": "x" * 81}]
)
def test_a_faulty_request_says_what_to_mend(
    client: Client, article: None, wrong: dict[str, str]
) -> None:
    response = client.post(
        "/coach/ask/",
        {"name": "Carla", "email": "carla@example.org", "works_with": "Students"}
        | wrong,
    )
    assert response.status_code == 422
    assert parse(response).values(".error-summary a") == [f"#id_{[*wrong][0]}"]
    assert Coach.objects.count() == 0


# Inviting


def test_first_visit_says_how_to_begin(carla: Client) -> None:
    for address in ("/coach/", "/coach/groups/"):
        page = parse(carla.get(address))
        assert page.values("main a.button") == ["/coach/new/"]
        assert not page.has("table")
        assert not page.has("[data-live]")


def test_coach_invites_a_group(carla: Client, coach: Coach) -> None:
    later = timezone.localdate() + timedelta(days=7)
    response = carla.post(
        "/coach/new/",
        PLAIN
        | {
            "places": "30",
            "held_until": f"{later}",
            "held_hour": "14:30",
            "last_day": f"{later}",
            "onward": "on",
        },
    )
    made = Invitation.objects.get()
    assert response.url == f"/coach/{made.pk}/"
    assert (
        made.coach,
        made.label,
        made.form,
        made.scope,
        made.onward,
        made.max_uses,
    ) == (
        coach,
        "Spring course",
        "full",
        "answers",
        True,
        30,
    )
    assert timezone.localtime(made.held_until).isoformat()[:16] == f"{later}T14:30"
    assert made.expires_at - made.held_until == timedelta(hours=9, minutes=30)
    assert made.last_day == later
    page = parse(carla.get(response.url))
    assert page.one("#way-in").value.endswith(f"/join/{made.code}/")
    assert not page.has("#clients table")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 81}, "label"),
        ({"form": "long"}, "form"),
        ({"scope": "everything"}, "scope"),
        ({"places": "0"}, "places"),
        ({"places": "many"}, "places"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": "soon"}, "last_day"),
        ({"last_day": "0001-01-01"}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"held_until": "2020-01-01", "held_hour": "14:30"}, "held_until"),
        ({"held_until": "2099-01-01", "held_hour": "14:30"}, "held_until"),
        ({"held_until": "0001-01-01", "held_hour": "00:00"}, "held_until"),
        ({"held_until": "9999-12-31", "held_hour": "23:59"}, "held_until"),
        ({"held_until": "2099-01-01"}, "held_hour"),
        ({"held_until": "2099-01-01", "held_hour": "late"}, "held_hour"),
        ({"held_until": "2099-01-01", "held_hour": "١٤:٣٠"}, "held_hour"),
        ({"held_hour": "14:30"}, "held_until"),
    ],
)
def test_a_faulty_invitation_says_what_to_mend(
    carla: Client, wrong: dict[str, str], field: str
) -> None:
    response = carla.post("/coach/new/", PLAIN | wrong)
    assert response.status_code == 422
    assert parse(response).has(f"#id_{field}_error")
    assert Invitation.objects.count() == 0


def test_form_carries_a_code_and_pressing_twice_makes_one_invitation(
    carla: Client,
) -> None:
    code = parse(carla.get("/coach/new/")).one("[name=code]").value
    answers = [carla.post("/coach/new/", PLAIN | {"code": code}) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert signed_code(Invitation.objects.get().code) == code


def test_nobody_chooses_the_code_of_an_invitation(carla: Client) -> None:
    for code in ("7K3M9Q2RTX", "7K3M9Q2RTX:forged", ""):
        answer = carla.post("/coach/new/", PLAIN | {"code": code})
        assert answer.status_code == 302
    assert not Invitation.objects.filter(code="7K3M9Q2RTX").exists()
    assert Invitation.objects.count() == 3


def test_label_places_and_last_day_change_and_nothing_else(
    carla: Client, group: Invitation
) -> None:
    carla.post(
        f"/coach/{group.pk}/edit/",
        {
            "label": "Autumn",
            "places": "3",
            "last_day": "",
            "scope": "summary",
            "form": "short",
        },
    )
    group.refresh_from_db()
    assert (group.label, group.max_uses, group.scope, group.form) == (
        "Autumn",
        3,
        "answers",
        "full",
    )


def test_places_do_not_go_below_those_taken(carla: Client, group: Invitation) -> None:
    join(group, "Ann"), join(group, "Ben")
    refused = carla.post(
        f"/coach/{group.pk}/edit/", {"label": "Autumn", "places": "1", "last_day": ""}
    )
    assert refused.status_code == 422
    assert parse(refused).values(".error-summary a") == ["#id_places"]


def test_coach_closes_and_opens_again(carla: Client, group: Invitation) -> None:
    for verb, offered, way_in in (
        ("close", "reopen", False),
        ("reopen", "close", True),
    ):
        carla.post(f"/coach/{group.pk}/{verb}/")
        page = parse(carla.get(f"/coach/{group.pk}/"))
        assert f"/coach/{group.pk}/{offered}/" in page.values("main form")
        assert page.has("#way-in") == way_in


def test_coach_releases_what_is_held(carla: Client, coach: Coach) -> None:
    group = invite(coach, held_until=timezone.now() + timedelta(days=9))
    joined(group)
    address = f"/coach/{group.pk}/release/"
    assert address in parse(carla.get(f"/coach/{group.pk}/")).values("main a")
    asked = carla.get(address)
    assert (asked.context["held"], asked.context["waiting"]) == (True, 1)
    assert parse(asked).values("main form") == [address]
    assert Participation.objects.get().held_until > timezone.now()
    carla.post(address)
    assert address not in parse(carla.get(f"/coach/{group.pk}/")).values("main a")
    assert Participation.objects.get().held_until <= timezone.now()
    assert not parse(carla.get(address)).has("main form")


# A group


def test_group_shows_everybody_and_how_far_they_are(
    carla: Client, group: Invitation
) -> None:
    joined(group, "Ann"), joined(group, "Ben", "both"), join(group, "Cem")
    response = carla.get(f"/coach/{group.pk}/?sort=name")
    rows = parse(response).rows("#clients")[1:]
    assert [row[0].partition(" ")[0] for row in rows] == ["Ann", "Ben", "Cem"]
    for row, outcome in zip(rows, (Outcome.CLEAR_PROJECT, Outcome.BOTH), strict=False):
        assert row[0].endswith(OUTCOME_WORDS[outcome].short)
    assert rows[0][2].startswith("53 ")
    assert len(rows[2]) == 2  # no figures of one who has not finished
    assert response.context["page"].paginator.count == 3


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Cem", "Ben", "Ann"]),
        ("sort=name", ["Ann", "Ben", "Cem"]),
        ("sort=project", ["Ann", "Ben", "Cem"]),
        ("sort=product", ["Ben", "Ann", "Cem"]),
        ("status=joined", ["Cem"]),
        ("status=shared&sort=name", ["Ann", "Ben"]),
        ("outcome=both", ["Ben"]),
        ("sort=height&status=7&outcome=rich&page=x", ["Cem", "Ben", "Ann"]),
        ("page=99", ["Cem", "Ben", "Ann"]),
    ],
)
def test_table_is_sorted_and_filtered(
    carla: Client, group: Invitation, query: str, names: list[str]
) -> None:
    joined(group, "Ann"), joined(group, "Ben", "both"), join(group, "Cem")
    response = carla.get(f"/coach/{group.pk}/?{query}")
    assert [
        row["client"].participation.name for row in response.context["rows"]
    ] == names
    assert not parse(response).has(".error-summary")


def test_no_row_fits(carla: Client, group: Invitation) -> None:
    join(group, "Ann")
    assert parse(carla.get(f"/coach/{group.pk}/")).has("#clients table")
    response = carla.get(f"/coach/{group.pk}/?outcome=both")
    assert (response.context["rows"], response.context["status"].people) == ([], 1)
    assert not parse(response).has("#clients table")


@pytest.mark.parametrize("query", ["", "?sort=name", "?status=shared&sort=name"])
def test_status_is_what_stands_on_the_page_and_no_whole_page(
    carla: Client, group: Invitation, query: str
) -> None:
    joined(group, "Ann"), join(group, "Ben")
    page, status = (
        carla.get(f"/coach/{group.pk}/{part}{query}").content.decode()
        for part in ("", "status/")
    )
    assert not parse(status).has("html")
    parts = re.findall(
        r'<\w+[^>]* id="(counts|ways|filters|clients|departures|state)"', status
    )
    assert parts == [
        "counts",
        "ways",
        "filters",
        "clients",
        "departures",
        "state",
    ]
    for part in re.split(r"\n(?=<)", status.strip()):
        assert part in page


def test_page_with_names_hidden_has_none_and_keeps_them_hidden(
    carla: Client, group: Invitation
) -> None:
    for name in ("Amara", "Boris", "Boris"):
        person = joined(group, name).client
        assert person is not None
        Person.objects.filter(pk=person.pk).update(private_name=f"{name} Zed")
    (link,) = invite_by_name(group, 1)
    Person.objects.filter(pk=link.client_id).update(name="Chiara")
    address = f"/coach/{group.pk}/"
    names = ("Amara", "Boris", "Zed", "Chiara")
    shown = parse(carla.get(f"{address}?sort=name"))
    assert [name for name in names if name not in shown.text] == ["Zed"]
    assert shown.values(".updating a") == ["?sort=name&names=hidden"]
    for part in ("", "status/"):
        response = carla.get(f"{address}{part}?sort=name&names=hidden")
        sent = response.content.decode()
        assert [name for name in names if name in sent] == []
        hidden = parse(response)
        assert hidden.texts("#clients tbody th a") == []
        assert [row.text.split()[:2] for row in hidden.all("#clients tbody th")] == [
            ["Client", "1"],
            ["Client", "2"],
            ["Client", "3"],
        ]
        assert hidden.values("#filters [name=names]") == ["hidden"]
        assert hidden.values("#filters a") == [f"{address}?names=hidden"]
    hidden = parse(carla.get(f"{address}?names=hidden"))
    assert hidden.values(".updating a") == ["?"]
    assert hidden.values("#filters a") == []


def test_clients_without_names_are_counted_on_over_pages(
    carla: Client, group: Invitation
) -> None:
    fill_group(group, 51)
    page = parse(carla.get(f"/coach/{group.pk}/?names=hidden&page=2"))
    assert page.one("#clients tbody th").text.startswith("Client 51")
    assert page.values(".pager a") == ["?names=hidden&page=1"]


@pytest.mark.parametrize(
    ("places", "invited"), [(None, "2"), (12, "2 <small>of 12</small>")]
)
def test_counts_say_how_many_are_invited_and_count_people_and_results(
    carla: Client, coach: Coach, places: int | None, invited: str
) -> None:
    group = invite(coach, max_uses=places)
    ann = joined(group, "Ann")
    attempts.correct(ann.attempt.result)
    grants.agree_to_newer(ann, result=answer(ann.attempt.owner, "close"))
    join(group, "Ben")
    shown = text(carla, f"/coach/{group.pk}/status/")
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", shown) == [
        ("Invited", invited),
        ("Joined", "2"),
        ("Finished", "1"),
        ("Results you can see", "2"),
    ]


def test_status_of_all_groups_is_their_table(carla: Client, group: Invitation) -> None:
    joined(group, "Ann")
    status = text(carla, "/coach/groups/status/")
    assert not parse(status).has("html")
    assert status.strip() in text(carla, "/coach/groups/")


def test_groups_are_listed_with_their_counts(carla: Client, group: Invitation) -> None:
    joined(group, "Ann"), join(group, "Ben")
    response = carla.get("/coach/groups/")
    (row,) = response.context["groups"]
    status = row["status"]
    assert (status.people, status.finished, status.shared) == (2, 1, 1)


def test_invitation_for_one_person_leads_to_the_person(
    carla: Client, coach: Coach
) -> None:
    single, empty = invite(coach, max_uses=1), invite(coach, max_uses=1)
    ann = join(single, "Ann")
    assert parse(carla.get("/coach/groups/")).values(".group-list th a") == [
        f"/coach/{empty.pk}/",
        f"/coach/person/{ann.client_id}/",
    ]


def test_names_of_clients_are_escaped(carla: Client, group: Invitation) -> None:
    joined(group, "<script>alert(1)</script>")
    page = parse(carla.get(f"/coach/{group.pk}/"))
    assert page.texts("#clients tbody th a") == ["<script>alert(1)</script>"]


@pytest.mark.parametrize("clients", [1, 3])
def test_a_group_costs_the_same_with_one_and_three(
    carla: Client, group: Invitation, clients: int, django_assert_num_queries
) -> None:
    for name in ["Ann", "Ben", "Cem"][:clients]:
        joined(group, name)
    carla.get(f"/coach/{group.pk}/")
    with django_assert_num_queries(10):
        carla.get(f"/coach/{group.pk}/")


# Who does not come in; test_workspace_strangers walks every address


def test_a_request_that_waits_is_no_workspace(coach: Coach, manager: User) -> None:
    waiting = User.objects.create_user(
        "wanda", "wanda@example.org", "a long pass phrase"
    )
    Coach.objects.create(name="Wanda", email="wanda@example.org")
    assert signed_in_as(waiting).get("/coach/").status_code == 404


def test_a_closed_account_has_no_workspace(carla: Client, coach: Coach) -> None:
    User.objects.filter(pk=coach.user_id).update(is_active=False)
    assert carla.get("/coach/").status_code == 404


def test_signing_in_leads_each_to_the_right_place(coach: Coach, client: Client) -> None:
    response = client.post(
        "/accounts/login/",
        {"login": "carla@example.org", "password": "a long pass phrase"},
    )
    assert response.url == "/coach/"


def test_pages_of_the_workspace_are_neither_kept_nor_found(
    carla: Client, group: Invitation
) -> None:
    response = carla.get(f"/coach/{group.pk}/")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_preparing_again_keeps_groups(
    group: Invitation, questionnaire: Version
) -> None:
    call_command("prepare", verbosity=0)
    assert Invitation.objects.get() == group

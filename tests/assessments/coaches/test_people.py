"""People first: the list, one person, and two entries joined in one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.actions import grants, people
from assessments.models import Client as Person
from assessments.models import Coach, Invitation, Owner, Participation
from tests.support.coaching import (
    again,
    everything_of,
    invite,
    join,
    joined,
    signed_in_as,
)
from tests.support.dom import Element, parse
from tests.support.group import invite_by_name
from tests.support.guest import Guest
from tests.support.statements import asked

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def page_of(browser: Client, address: str = "/coach/") -> Element:
    response = browser.get(address)
    assert response.status_code == 200
    return parse(response)


def names(page: Element) -> list[str]:
    return page.texts(".people-table tbody th a[href^=/coach/person/]")


def person_of(grant: Participation) -> Person:
    grant.refresh_from_db()
    assert grant.client is not None
    return grant.client


def words_of(page: Element) -> dict[str, str]:
    """The private form as a browser would send it."""
    fields = ("private_name", "tag", "seen")
    return {name: page.one(f"#private [name={name}]").value for name in fields}


# The list


def test_people_come_first_with_status_groups_and_result(
    carla: Client, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    join(group, "Ben"), joined(group, "Cem", "careless")
    invite_by_name(group, 1)
    page = page_of(carla)
    assert names(page) == ["Cem", "Ben", "Ann", "Invited 0"]
    assert [len(row.all(".way .on")) for row in page.all("tbody tr")] == [4, 2, 5, 1]
    shared = page.all("tbody tr")[2]
    assert shared.has("svg.lean.project")
    assert shared.has(".new")
    assert shared.values(".do a") == [
        f"/coach/client/{ann.pk}/",
        f"/coach/client/{ann.pk}/print/",
    ]
    assert [page.has("svg.lean") for page in page.all("tbody tr")].count(True) == 1
    assert page.texts("#group-nav b") == ["4", "4"]
    assert page.values("nav[aria-label=Workspace] a[aria-current]") == ["/coach/"]


def test_result_of_last_week_is_not_new(carla: Client, group: Invitation) -> None:
    result = joined(group, "Ann").attempt.result
    result.finished_at = timezone.now() - timedelta(days=7)
    result.save()
    assert not page_of(carla).has(".new")


def test_list_is_filtered_and_links_keep_the_filter(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    join(group, "Anton"), joined(invite(coach, label="Autumn"), "Anna")
    query = f"name=aN&group={group.pk}&status=shared"
    page = page_of(carla, f"/coach/?{query}")
    assert page.values("tbody th a") == [
        f"/coach/person/{ann.client_id}/?{query}",
    ]
    assert page.values("tbody .do a")[0] == f"/coach/client/{ann.pk}/?{query}"
    assert page.one("input[name=name]").value == "aN"
    assert page.one("select[name=group]").value == str(group.pk)
    assert page.one("select[name=status]").value == "shared"
    nav = page.values("#group-nav [href*='name=aN']")
    assert nav[0] == "/coach/?name=aN&status=shared"
    assert page.values("#group-nav [aria-current]") == [
        f"?{query.replace(f'group={group.pk}&', '')}&group={group.pk}"
    ]


@pytest.mark.parametrize(
    "query",
    ["status=gone", "group=x", "group=0", "page=x", "page=0", "name=" + 101 * "a"],
)
def test_invalid_choice_is_left_out(
    carla: Client, group: Invitation, query: str
) -> None:
    join(group, "Ann")
    assert names(page_of(carla, f"/coach/?{query}")) == ["Ann"]


def test_another_coachs_group_filters_nothing_out_of_it(
    carla: Client, other_coach: Coach, group: Invitation
) -> None:
    theirs = invite(other_coach)
    join(theirs, "Theirs"), join(group, "Ann")
    assert names(page_of(carla, f"/coach/?group={theirs.pk}")) == ["Ann"]


def test_empty_lists_lead_on(carla: Client, group: Invitation) -> None:
    assert page_of(carla).values("#people a") == ["/coach/groups/"]
    ann = join(group, "Ann")
    page = page_of(carla, "/coach/?name=x")
    assert page.values("#people a") == ["/coach/"]
    people.set_archived(person_of(ann), archived=True)
    assert page_of(carla).values("#people a") == ["?archived=on"]
    archive = page_of(carla, "/coach/?archived=on")
    assert names(archive) == ["Ann"]
    assert archive.values(".find [name=archived]") == ["on"]
    assert archive.values("#people p a") == ["/coach/"]


def test_list_has_pages(carla: Client, group: Invitation) -> None:
    invite_by_name(group, 51)
    page = page_of(carla, "/coach/?name=invited")
    assert page.values("nav.pager a") == ["?name=invited&page=2"]
    page = page_of(carla, "/coach/?name=invited&page=2")
    assert page.values("nav.pager a") == ["?name=invited&page=1"]
    assert names(page) == ["Invited 50"]


def test_script_gets_the_parts_of_the_list_that_change(
    carla: Client, group: Invitation
) -> None:
    join(group, "Ann"), joined(group, "Ben")
    query = "?status=shared"
    whole, parts = (
        page_of(carla, f"/coach/{query}"),
        page_of(carla, f"/coach/status/{query}"),
    )
    assert whole.one("[data-live]").attributes["data-live"] == f"/coach/status/{query}"
    assert not parts.has("html")
    for part in ("#news", "#group-nav", "#people"):
        assert parts.one(part).text == whole.one(part).text
        assert parts.values(f"{part} a") == whole.values(f"{part} a")


def test_private_name_and_tag_stand_in_the_list_and_are_searched(
    carla: Client, group: Invitation
) -> None:
    ann = person_of(join(group, "Ann"))
    people.set_private_words(ann, private_name="A. from Bonn", tag="second & last")
    page = page_of(carla, "/coach/?name=bonn")
    assert names(page) == ["A. from Bonn"]
    assert page.one("tbody th").text.count("Ann") == 1
    (tag,) = page.values(".tag a")
    assert tag == "?name=second%20%26%20last"
    assert names(page_of(carla, f"/coach/{tag}")) == ["A. from Bonn"]


def test_names_are_escaped_and_stand_alone(carla: Client, group: Invitation) -> None:
    ann = person_of(join(group, "<b>Ann"))
    people.set_private_words(ann, private_name="<i>A", tag="<u>t")
    page = page_of(carla)
    assert page.texts("tbody th bdi")[:2] == ["<i>A", "<b>Ann"]
    page = page_of(carla, f"/coach/person/{ann.pk}/")
    assert page.one("h1 bdi").text == "<i>A"
    other = person_of(join(group, "<b>Ben"))
    page = page_of(carla, f"/coach/person/{other.pk}/join/?other={ann.pk}")
    assert "<i>A" in page.texts("h2 bdi")


def invited_addresses(carla: Client, person: int | None) -> list[str]:
    """Where the list and the person's page lead to for a personal link."""
    lists = [
        page_of(carla, address).values(".people-table .do a[href*=/invited/]")
        for address in ("/coach/", f"/coach/person/{person}/")
    ]
    assert lists[0] == lists[1]
    return lists[0]


def test_row_leads_to_the_link_until_the_person_has_finished(
    carla: Client, group: Invitation
) -> None:
    (link,) = invite_by_name(group, 1)
    place = f"/coach/{group.pk}/invited/"
    there = [f"{place}#link-{link.pk}"]
    guest = Guest(group)
    guest.address = f"/join/{link.code}/"
    for step in (lambda: None, guest.share, lambda: guest.page(1)):
        step()
        assert invited_addresses(carla, link.client_id) == there
        assert page_of(carla, place).has(f"#link-{link.pk}")
    guest.answer_all("clear_project")
    assert invited_addresses(carla, link.client_id) == []


def test_row_of_somebody_without_a_personal_link_leads_to_none(
    carla: Client, group: Invitation
) -> None:
    invite_by_name(group, 1)
    ann = join(group, "Ann")
    assert page_of(carla, f"/coach/person/{ann.client_id}/").has(".do")
    assert not page_of(carla, f"/coach/person/{ann.client_id}/").has(".do a")
    assert len(page_of(carla).all(".people-table .do a")) == 1


@pytest.mark.parametrize("field", ["closed_at", "expires_at"])
def test_row_leads_to_no_link_of_an_invitation_that_is_over(
    carla: Client, group: Invitation, field: str
) -> None:
    (unused, used) = invite_by_name(group, 2)
    guest = Guest(group)
    guest.address = f"/join/{used.code}/"
    guest.share()
    Invitation.objects.update(**{field: timezone.now()})
    for link in (unused, used):
        assert invited_addresses(carla, link.client_id) == []


# One person


def test_results_of_one_person_stand_on_one_line_with_a_table(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    later = grants.attach(
        invite(coach), result=again(ann.attempt.owner, "clear_product"), name="Ann"
    )
    open_ = join(invite(coach), "Ann", owner=ann.attempt.owner)
    page = page_of(carla, f"/coach/person/{ann.client_id}/")
    assert page.one("h1").text == "Ann"
    rows = page.all(".time-line .band")
    assert len(rows) == 2
    assert len(page.all(".time-line .step")) == 1
    assert page.has(".time-line .project .mark")
    assert page.has(".time-line .product .mark")
    assert page.values(".people-table tbody th a") == [
        f"/coach/client/{grant.pk}/" for grant in (open_, later, ann)
    ]
    assert page.values(".do a[href^=/coach/compare/]") == [
        f"/coach/compare/?one={ann.pk}&two={later.pk}",
        f"/coach/compare/?one={ann.pk}",
    ]


def test_one_result_and_the_same_shown_in_two_groups_are_no_line(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    grants.attach(invite(coach), result=ann.attempt.result, name="Ann")
    careless = joined(group, "Ben", "careless")
    for grant in (ann, careless):
        page = page_of(carla, f"/coach/person/{grant.client_id}/")
        assert not page.has(".time-line")
        assert page.has(".people-table tbody th a")


def test_person_invited_by_name_has_a_page(carla: Client, group: Invitation) -> None:
    (link,) = invite_by_name(group, 1)
    page = page_of(carla, f"/coach/person/{link.client_id}/")
    assert page.values(".people-table tbody th a") == [f"/coach/{group.pk}/"]


def test_pages_of_a_grant_say_whose_it_is_and_lead_on(
    carla: Client, group: Invitation
) -> None:
    one, two, three = (joined(group, "Omar") for _ in range(3))
    page = page_of(carla, f"/coach/client/{two.pk}/?status=shared")
    assert page.values(".kicker a") == [
        f"/coach/person/{two.client_id}/?status=shared",
        f"/coach/{group.pk}/",
    ]
    assert page.texts(".kicker a")[0] == "Omar (2)"
    assert page.one("[rel=prev]").value == f"/coach/client/{three.pk}/?status=shared"
    assert page.one("[rel=next]").value == f"/coach/client/{one.pk}/?status=shared"
    page = page_of(carla, f"/coach/person/{three.client_id}/?group={group.pk}")
    assert not page.has("[rel=prev]")
    assert page.one("[rel=next]").value == (
        f"/coach/person/{two.client_id}/?group={group.pk}"
    )


def test_grant_of_an_older_server_has_a_page_without_a_person(
    carla: Client, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    Participation.objects.update(client=None)
    page = page_of(carla, f"/coach/client/{ann.pk}/")
    assert page.values(".kicker a") == [f"/coach/{group.pk}/"]


def test_private_words_are_saved(carla: Client, group: Invitation) -> None:
    ann = person_of(join(group, "Ann"))
    address = f"/coach/person/{ann.pk}/"
    typed = words_of(page_of(carla, address)) | {
        "private_name": "  Ann,\u200b evenings ",
        "tag": "burnout",
    }
    response = carla.post(f"{address}words/", typed)
    assert response["Location"] == f"{address}#private"
    ann.refresh_from_db()
    assert (ann.private_name, ann.tag) == ("Ann, evenings", "burnout")
    assert len(page_of(carla, address).all("#private .notice")) == 1


def test_private_words_of_two_windows_are_asked_about(
    carla: Client, group: Invitation
) -> None:
    ann = person_of(join(group, "Ann"))
    address = f"/coach/person/{ann.pk}/"
    old = words_of(page_of(carla, address))
    carla.post(f"{address}words/", old | {"private_name": "First"})
    response = carla.post(f"{address}words/", old | {"private_name": "Second"})
    assert response.status_code == 422
    assert parse(response).has("#private [name=private_name-choice]")
    ann.refresh_from_db()
    assert ann.private_name == "First"


@pytest.mark.parametrize("wrong", [{"private_name": 61 * "x"}, {"tag": 41 * "x"}])
def test_long_private_words_are_refused(
    carla: Client, group: Invitation, wrong: dict[str, str]
) -> None:
    ann = person_of(join(group, "Ann"))
    response = carla.post(f"/coach/person/{ann.pk}/words/", wrong)
    assert response.status_code == 422
    assert parse(response).values(".error-summary a") == [f"#id_{[*wrong][0]}"]


def test_archive_and_back(carla: Client, group: Invitation) -> None:
    ann = person_of(join(group, "Ann"))
    address = f"/coach/person/{ann.pk}/"
    for value, listed in (("yes", []), ("no", ["Ann"])):
        button = page_of(carla, address).one("button[name=archived]")
        assert button.value == value
        response = carla.post(f"{address}archive/", {"archived": value})
        assert response["Location"] == address
        assert names(page_of(carla)) == listed


# Two entries of one person


def test_coach_joins_two_entries(carla: Client, group: Invitation) -> None:
    one, two, _ = (joined(group, name) for name in ("Omar", "Omar B.", "Ann"))
    address = f"/coach/person/{one.client_id}/join/"
    found = page_of(carla, address)
    assert found.one("input[name=name]").value == "Omar"
    assert found.values(".do a") == [f"?other={two.client_id}"]
    confirm = page_of(carla, f"{address}?other={two.client_id}")
    assert len(confirm.all(".two-entries section")) == 2
    response = carla.post(address, {"other": confirm.one("[name=other]").value})
    assert response["Location"] == f"/coach/person/{one.client_id}/"
    assert Person.objects.count() == 2
    page = page_of(carla, response["Location"])
    assert {*page.values(".people-table tbody th a")} == {
        f"/coach/client/{grant.pk}/" for grant in (one, two)
    }
    assert carla.post(address, {"other": two.client_id}).status_code == 404


def test_reading_what_is_joined_joins_nothing(carla: Client, group: Invitation) -> None:
    one, two = join(group, "Ann"), join(group, "Ben")
    invite_by_name(group, 1)
    for query in (f"other={two.client_id}", "name=", "name=nobody"):
        page_of(carla, f"/coach/person/{one.client_id}/join/?{query}")
    assert Person.objects.count() == 3


def test_entry_is_joined_only_with_another_one_of_the_same_coach(
    carla: Client, other_coach: Coach, group: Invitation
) -> None:
    ann, theirs = join(group, "Ann"), join(invite(other_coach), "Ann")
    address = f"/coach/person/{ann.client_id}/join/"
    for other in (ann.client_id, theirs.client_id, 10**6, "x", "-1"):
        assert carla.post(address, {"other": other}).status_code == 404
        assert carla.get(f"{address}?other={other}").status_code == 404
    assert carla.post(address)["Location"] == address
    assert Person.objects.count() == 2


def test_client_who_comes_again_with_the_key_stays_one_person(
    coach: Coach, carla: Client, group: Invitation
) -> None:
    guest = Guest(group)
    guest.share()
    guest.answer_all("clear_project")
    elsewhere = Guest(invite(coach, label="Autumn"))
    elsewhere.client.post("/quiz/resume/", {"key": guest.key})
    choice = parse(elsewhere.look()).values("[name=what]")[0]
    elsewhere.share(what=choice)
    assert Participation.objects.count() == 2
    assert len(names(page_of(carla))) == 1


def test_client_never_reads_what_the_coach_calls_them(
    coach: Coach, group: Invitation
) -> None:
    guest = Guest(group)
    guest.share()
    guest.answer_all("clear_project")
    person = Person.objects.get()
    people.set_private_words(person, private_name="Zappelphilipp", tag="Quengler")
    for address in (
        "/quiz/result/",
        "/quiz/result/sees/",
        "/quiz/data/",
        f"/join/{group.code}/",
    ):
        text = guest.client.get(address).content.decode()
        assert "Zappelphilipp" not in text
        assert "Quengler" not in text
    data = everything_of(Owner.objects.get())
    (grant,) = data["participations"]
    assert grant["coach_has_private_name_or_tag"] is True
    assert "Zappelphilipp" not in json.dumps(data)


@pytest.mark.parametrize("size", [1, 3])
def test_page_of_a_person_costs_the_same_queries(
    carla: Client, coach: Coach, group: Invitation, size: int
) -> None:
    ann = joined(group, "Ann")
    for _ in range(size):
        grants.attach(invite(coach), result=again(ann.attempt.owner), name="Ann")
        join(group, "Ben")
    address = f"/coach/person/{ann.client_id}/"
    page_of(carla, address)
    assert len(asked(lambda: page_of(carla, address))) == 10


def test_wrong_value_in_the_address_of_the_list_is_ignored(
    carla: Client, group: Invitation
) -> None:
    page = page_of(carla, "/coach/?group=999&status=7")
    assert page.has("#people")
    assert not page.has(".error-summary")

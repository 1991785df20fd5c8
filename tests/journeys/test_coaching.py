"""The journey of coaching.

A coach, three clients, and two who have no business there, another coach and a
stranger. After each step these two find nothing at any address of the workspace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.support.browser.coaching import consent, invite, open_workspace, way_in
from tests.support.browser.visitor import MakeVisitor, Visitor
from tests.support.workspace import KINDS, Keys, addresses, own_addresses

pytestmark = pytest.mark.browser
ROW = re.compile(r"/coach/((?:client/(?:step/|link/)?)?)(\d+)/")


@dataclass
class Outsiders:
    """A stranger and another coach, and every row of the workspace that they might
    guess.
    """

    coach: Visitor
    stranger: Visitor
    other: Visitor
    rows: dict[str, set[int]] = field(
        default_factory=lambda: {kind: set() for kind in KINDS.values()}
    )

    def find_nothing(self) -> None:
        """At what the coach's page names now, and at all that it named before."""
        for before, number in ROW.findall(self.coach.page.content()):
            self.rows[KINDS[before]].add(int(number))
        keys = [
            Keys(group=group, client=client, step=step, link=link)
            for group in self.rows["group"]
            for client in self.rows["client"] or {0}
            for step in self.rows["step"] or {0}
            for link in self.rows["link"] or {0}
        ]
        walked = sorted({address for each in keys for address in addresses(each)})
        assert len(walked) > 20
        for address in [*walked, *own_addresses()]:
            assert self._statuses(self.stranger, address) == {404}, address
        for address in walked:
            statuses = self._statuses(self.other, address)
            assert 404 in statuses, address
            assert statuses <= {404, 405}, address

    @staticmethod
    def _statuses(visitor: Visitor, address: str) -> set[int]:
        token = next(
            (
                cookie["value"]
                for cookie in visitor.context.cookies()
                if cookie["name"] == "csrftoken"
            ),
            "",
        )
        request = visitor.context.request
        return {
            request.get(address).status,
            request.post(address, headers={"X-CSRFToken": token}).status,
        }


def in_days(days: int) -> str:
    return f"{date.today() + timedelta(days=days)}"


def let_four_days_pass(visitor: Visitor) -> None:
    """As if everything of coaching had happened that much earlier."""
    for statement in (
        (
            "UPDATE assessments_invitation SET created_at = datetime(created_at, '-4"
            " days'), held_until = datetime(held_until, '-4 days')"
        ),
        (
            "UPDATE assessments_participation SET consented_at = datetime(consented_at,"
            " '-4 days'), held_until = datetime(held_until, '-4 days')"
        ),
    ):
        visitor.server.run_sql(statement)


def client_page(coach: Visitor, group: str, name: str) -> str:
    coach.go(group)
    coach.follow(name)
    return coach.path


def submit(coach: Visitor, form: str) -> None:
    """Press the button that posts there; one form may have buttons for several."""
    own = f'form[action$="/{form}"] button:not([formaction], [name=enter])'
    others = f'button[formaction$="/{form}"]:not([name=idea])'
    with coach.page.expect_navigation():
        coach.page.locator(f"{own}, {others}").click()


def expect_clients(coach: Visitor, group: str, *names: str) -> None:
    coach.go(f"{group}?sort=name")
    expect(coach.page.locator("#clients tbody th a")).to_have_text([*names])


def expect_marks_in_the_picture(coach: Visitor, group: str, count: int) -> None:
    coach.go(f"{group}picture/")
    expect(coach.page.locator("figure .row .mark")).to_have_count(count)


def expect_held(visitor: Visitor) -> None:
    """The page may be opened early, and has no part of the result."""
    expect(visitor.page.locator('main a[href$="/open/"]')).to_be_visible()
    expect(visitor.page.locator("#strengths, #sure, #why, #sum")).to_have_count(0)


def test_from_the_invitation_to_the_last_deletion(make_visitor: MakeVisitor) -> None:
    carla = open_workspace(make_visitor(), "Carla").visitor
    other, stranger = open_workspace(make_visitor(), "Otto").visitor, make_visitor()
    ann, ben, cem = (make_visitor() for _ in range(3))
    outsiders = Outsiders(carla, stranger, other)

    # Carla invites a group whose results are kept for a talk.
    group = invite(
        carla, "Spring course", places="4", held_until=in_days(3), held_hour="00:00"
    )
    link = way_in(carla, group)
    outsiders.find_nothing()

    # Ann agrees. The result is held, and the coach sees it.
    consent(ann, link, "Ann")
    expect_clients(carla, group, "Ann")
    outsiders.find_nothing()
    ann.answer_all("clear_project")
    ann.finish("Finish")
    expect_held(ann)
    carla.go(group)
    expect(carla.page.get_by_role("row", name="Ann")).to_contain_text(
        "53 toward project"
    )
    outsiders.find_nothing()

    # Ben takes the questions privately: nothing is held, and the coach learns nothing.
    ben.go(link)
    with ben.page.expect_navigation():
        ben.page.locator("button[value=private]").click()
    ben.answer_all("clear_product")
    ben.finish()
    ben.expect_headline("Your answers point clearly to product management.")
    expect_clients(carla, group, "Ann")
    outsiders.find_nothing()

    # Later Ben shares that result after all, with the code.
    ben.go("/join/")
    ben.page.locator("[name=code]").fill(link.rstrip("/").rpartition("/")[2].lower())
    with ben.page.expect_navigation():
        ben.page.locator("main form button").click()
    ben.page.locator("[name=what]").nth(1).check()
    ben.page.locator("[name=name]").fill("Ben")
    ben.page.locator("[name=agree]").check()
    with ben.page.expect_navigation():
        ben.page.locator("button[value=share]").click()
    ben.expect_path("/quiz/result/sees/")
    expect_clients(carla, group, "Ann", "Ben")
    outsiders.find_nothing()

    # Ann's result opens by itself when its day has come.
    ann.go("/quiz/result/")
    expect_held(ann)
    let_four_days_pass(ann)
    ann.go("/quiz/result/")
    ann.expect_headline("Your answers point clearly to project management.")
    outsiders.find_nothing()

    # Two results side by side.
    anns, bens = (client_page(carla, group, name) for name in ("Ann", "Ben"))
    one, two = (page.rstrip("/").rpartition("/")[2] for page in (anns, bens))
    carla.go(f"/coach/compare/?one={one}&two={two}")
    carla.expect_headline("Ann and Ben")
    outsiders.find_nothing()

    # The picture of a group begins with three people.
    expect_marks_in_the_picture(carla, group, 0)
    consent(cem, link, "Cem")
    cem.answer_all("close")
    cem.finish()
    cem.expect_path("/quiz/result/")
    expect_marks_in_the_picture(carla, group, 3)
    outsiders.find_nothing()

    # Notes, a next step that Ann sees, and a link for somebody else.
    carla.go(anns)
    carla.page.locator("[name=notes]").fill("Begin with school.")
    submit(carla, "notes/")
    carla.page.locator("[name=text]").fill("Ask two people")
    submit(carla, "steps/")
    submit(carla, "steps/share/")
    carla.page.locator("[name=scope][value=summary]").check()
    submit(carla, "links/")
    onward = carla.page.locator('main input[value*="/r/"]').input_value()
    stranger.go(onward)
    stranger.expect_headline("The answers point clearly to project management.")
    ann.go("/quiz/result/")
    expect(ann.page.get_by_text("Ask two people", exact=True)).to_be_visible()
    carla.go(anns)
    outsiders.find_nothing()

    # Ann takes it back: page, notes and link are gone, and the picture is drawn without
    # Ann.
    ann.go("/quiz/result/sees/")
    with ann.page.expect_navigation():
        ann.page.locator('main a[href$="/withdraw/"]').click()
    goes = "private notes, 1 next step, and 1 link"
    expect(ann.page.locator("main")).to_contain_text(goes)
    ann.press("Stop sharing")
    expect(ann.page.locator("[role=status]")).to_contain_text(goes)
    stranger.page.goto(onward)
    stranger.expect_complaint("status of 404 .*/r/")
    carla.page.goto(anns)
    carla.expect_complaint(f"status of 404 .*{anns}")
    expect(carla.page.locator('nav a[href="/coach/"]')).to_be_visible()
    expect_clients(carla, group, "Ben", "Cem")
    expect_marks_in_the_picture(carla, group, 0)
    ann.go("/quiz/result/")
    ann.expect_headline("Your answers point clearly to project management.")
    outsiders.find_nothing()

    # Cem deletes everything, and is gone from the group as well.
    cem.go("/quiz/data/")
    cem.page.locator("main form input[type=checkbox]").check()
    cem.press("Delete everything")
    cem.expect_headline("Everything is deleted")
    expect_clients(carla, group, "Ben")
    outsiders.find_nothing()

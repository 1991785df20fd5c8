"""A coach whose account is closed gets nothing new; what was granted stays the client's
to take back.
"""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.actions import clients, grants
from assessments.models import Coach, Participation
from tests.support.coaching import again, alone, invite, joined
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.pages import levels

pytestmark = pytest.mark.django_db
SEES = "/quiz/result/sees/"


def close_account(coach: Coach) -> None:
    assert coach.user is not None
    coach.user.is_active = False
    coach.user.save()


def test_neither_a_newer_nor_an_earlier_result_reaches_the_coach(coach: Coach) -> None:
    earlier = alone()
    given = grants.attach(invite(coach), result=earlier, name="Ann")
    newer = again(earlier.owner)
    close_account(coach)
    with pytest.raises(grants.Closed):
        grants.agree_to_newer(given, result=newer)
    with pytest.raises(grants.Closed):
        grants.attach(given.invitation, result=newer, name="Ann")
    assert grants.attach(given.invitation, result=earlier, name="Ann") == given
    assert Participation.objects.get() == given


def test_invitation_that_is_closed_alone_still_lets_whoever_is_in_show_more(
    coach: Coach,
) -> None:
    given = joined(invite(coach, max_uses=1))
    newer = again(given.attempt.owner)
    assert grants.agree_to_newer(given, result=newer) != given


def test_client_is_told_and_is_offered_nothing(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share("Ann")
    guest.answer_all("clear_project")
    guest.take_again("both")
    pk = Participation.objects.get().pk
    from_before = (
        f"{SEES}{pk}/newer/",
        {f"newer-{pk}-result": "2", f"newer-{pk}-agree": "on"},
    )
    withdrawing = f"{SEES}{pk}/withdraw/"
    page = parse(guest.client.get(SEES))
    assert page.values("main form") == [f"{SEES}{pk}/newer/"]
    assert withdrawing in page.values("main a")
    close_account(coach)
    page = parse(guest.client.get(SEES))
    assert page.values("main form") == []
    assert withdrawing in page.values("main a")
    told = guest.client.post(*from_before, follow=True)
    assert levels(told) == ["info"]
    asked = guest.look()
    assert asked.context["workspace_closed"] is True
    assert parse(asked).values("main form") == []
    assert guest.share(what="2")["Location"] == guest.address
    assert Participation.objects.count() == 1
    guest.client.post(withdrawing)
    assert not Participation.objects.exists()


def test_links_of_the_coach_end_with_the_account(coach: Coach) -> None:
    guest = Guest(invite(coach, onward=True))
    guest.share("Ann")
    guest.answer_all("clear_project")
    link = clients.make_onward_link(
        Participation.objects.get(), scope="summary", label="A colleague", days=7
    )
    assert Client().get(f"/r/{link.token}/").status_code == 200
    listed = guest.client.get("/quiz/result/share/")
    assert parse(listed).values("main [readonly]") == [
        f"http://localhost:8000/r/{link.token}/"
    ]
    close_account(coach)
    assert Client().get(f"/r/{link.token}/").status_code == 404
    listed = guest.client.get("/quiz/result/share/")
    assert (listed.context["links"], listed.context["ended"]) == ([], [link])
    assert parse(listed).values("main [readonly]") == []
    assert guest.client.get(SEES).context["links"] == 0


@pytest.mark.parametrize("token", ["%00", "%00" * 26, "a" * 25, "é" * 26, "a" * 500])
def test_what_cannot_be_a_token_is_the_one_404(article: None, token: str) -> None:
    for path in (f"/r/{token}/", f"/r/{token}.json", f"/rate/{token}/"):
        assert Client().get(path).status_code == 404

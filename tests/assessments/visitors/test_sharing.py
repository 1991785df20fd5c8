"""Share links.

Made by the owner, read by whoever has them, at one scope, until they end.
"""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from assessments import keys
from assessments.actions import share_links
from assessments.models import Result, ShareLink
from assessments.web import share_link_url
from content.models import Strength
from tests.support.articles import publish_drafted_words
from tests.support.dom import parse
from tests.support.pages import ANSWERS_ONLY, STRENGTHS_ONLY, template_of
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db


def share(
    visitor: Taker,
    scope: str = "summary",
    days: str = "30",
    label: str = "Coach",
    name: str = "",
) -> ShareLink:
    response = visitor.client.post(
        "/quiz/result/share/",
        {"label": label, "scope": scope, "days": days, "name": name},
    )
    assert response.status_code == 302
    return ShareLink.objects.latest("pk")


def test_link_shows_the_result_to_anybody_who_has_it(visitor: Taker) -> None:
    visitor.take("clear_project")
    link = share(visitor)
    response = Client().get(f"/r/{link.token}/")
    assert response.status_code == 200
    assert template_of(response) == "assessments/shared.html"
    assert response.context["report"].outcome == "clear_project"
    assert parse(response).has("main svg.lean.project")
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_link_is_mailed_from_the_owners_own_program_to_no_address(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    link = share(visitor)
    page = parse(visitor.client.get("/quiz/result/share/"))
    mail = urlsplit(page.one("#links a[href^=mailto]").value)
    assert (mail.path, mail.fragment) == ("", "")
    fields = parse_qs(mail.query, strict_parsing=True)
    assert fields.keys() == {"subject", "body"}
    assert share_link_url(link) in fields["body"][0].split("\r\n")
    assert keys.read_key(fields["body"][0]) is None


def test_parts_of_several_links_say_which_they_are_for(visitor: Taker) -> None:
    visitor.take("clear_project")
    labels = ["Coach", "Boss", ""]
    for label in labels:
        share(visitor, label=label)
    page = parse(visitor.client.get("/quiz/result/share/"))
    for part in ("[data-copy]", "[data-share]", "summary", "a[href^=mailto]"):
        names = page.texts(f"#links {part}")
        assert len({*names}) == len(names) == len(labels)
    titles = page.texts("#links svg title")
    assert len({*titles}) == len(labels)


@pytest.mark.parametrize(
    ("scope", "shown", "hidden"),
    [
        ("summary", (), STRENGTHS_ONLY + ANSWERS_ONLY),
        ("strengths", STRENGTHS_ONLY, ANSWERS_ONLY),
        ("answers", STRENGTHS_ONLY + ANSWERS_ONLY, ()),
    ],
)
def test_scope_is_one_allow_list_for_page_and_preview(
    visitor: Taker, scope: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    visitor.take("clear_project")
    link = share(visitor, scope)
    for response in (
        Client().get(f"/r/{link.token}/"),
        visitor.client.get(f"/quiz/result/1/preview/{scope}/"),
    ):
        text = response.content.decode()
        assert [words for words in shown if words not in text] == []
        assert [words for words in hidden if words in text] == []
        left_out = parse(response).has("main h2:text(left out)")
        assert left_out == (scope != "answers")
        assert response.context["report"].scope == scope


@pytest.mark.parametrize("scope", ["summary", "strengths", "answers"])
def test_json_keeps_to_its_scope(visitor: Taker, scope: str) -> None:
    visitor.take("clear_project")
    link = share(visitor, scope)
    response = Client().get(f"/r/{link.token}.json")
    data = json.loads(response.content)
    summary = {
        "version",
        "form",
        "provisional",
        "outcome",
        "lean",
        "se_squared",
        "fit",
        "shown",
        "scope",
        "finished",
        "disclosure",
    }
    strengths = summary | {"strengths", "doing", "wanting", "split", "shared_skills"}
    assert response["Content-Type"] == "application/json"
    assert response["Referrer-Policy"] == "no-referrer"
    if scope == "summary":
        assert data.keys() == summary
        assert data["shown"].keys() == {
            "lean",
            "half_width_90",
            "band_90",
            "fit",
            "fit_half_width_90",
            "certainty",
            "towards",
            "of_two",
        }
    elif scope == "strengths":
        assert data.keys() == strengths
    else:
        assert data["answers"]["T1"] == 1
        assert data["questions"][0]["answer"] == "Much more A"


def test_page_and_json_of_a_link_agree_on_the_day(
    visitor: Taker, settings: Any
) -> None:
    settings.TIME_ZONE = "America/New_York"
    visitor.take("clear_project")
    Result.objects.update(finished_at=datetime(2026, 11, 28, 1, 30, tzinfo=UTC))
    address = f"/r/{share(visitor, 'summary').token}"
    assert "November 27, 2026" in parse(Client().get(f"{address}/")).one("main").text
    assert Client().get(f"{address}.json").json()["finished"] == "2026-11-27"


def test_json_of_a_link_is_the_same_bytes_after_staff_have_edited(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    link = share(visitor, "answers")
    before = Client().get(f"/r/{link.token}.json").content
    Strength.objects.update(text="Quite other words.")
    publish_drafted_words()
    Strength.objects.filter(slug="customer-empathy").update(name="Warm heart")
    publish_drafted_words()
    assert Client().get(f"/r/{link.token}.json").content == before


def test_unknown_expired_revoked_and_deleted_links_are_one_and_the_same_404(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    pages = [Client().get("/r/0000000000000000000000000z/")]
    revoked, expired, gone = share(visitor), share(visitor), share(visitor)
    visitor.client.post(f"/quiz/result/share/{revoked.pk}/revoke/")
    ShareLink.objects.filter(pk=expired.pk).update(
        expires_at=timezone.now(), created_at=timezone.now() - timedelta(days=1)
    )
    pages += [Client().get(f"/r/{link.token}/") for link in (revoked, expired)]
    visitor.client.post("/quiz/data/", {"sure": "on"})
    pages.append(Client().get(f"/r/{gone.token}/"))
    assert [page.status_code for page in pages] == [404] * 4
    assert (
        len(
            {
                page.content.replace(token.encode(), b"")
                for page, token in zip(
                    pages, ("", revoked.token, expired.token, gone.token), strict=True
                )
            }
        )
        == 1
    )
    assert Client().get(f"/r/{revoked.token}.json").status_code == 404


def test_link_dies_with_its_result(visitor: Taker) -> None:
    visitor.take("clear_project")
    link = share(visitor, days="365")
    with time_machine.travel(visitor.result().expires_at + timedelta(seconds=1)):
        assert Client().get(f"/r/{link.token}/").status_code == 404


def test_link_stays_on_its_result_and_the_owner_hears_of_a_newer_one(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    link = share(visitor)
    visitor.client.post("/quiz/result/1/correct/", {"question": "T1"})
    visitor.client.post("/quiz/review/")
    assert Result.objects.count() == 2
    response = visitor.client.get("/quiz/result/share/")
    (row,) = response.context["links"]
    assert (row["link"].result.number, response.context["newest"].number) == (1, 2)
    # The note says until when the link works, and then one more thing.
    note = parse(response).one(".link-list .note").text
    _, _, more = note.partition(f"{link.expires_at:%Y}.")
    assert more.strip()
    assert ShareLink.objects.get().result == link.result


def test_owner_sees_address_qr_code_and_button_to_end_each_link(visitor: Taker) -> None:
    visitor.take("clear_project")
    link = share(visitor, label="<b>Ann & Co</b>")
    row = parse(visitor.client.get("/quiz/result/share/")).one(".link-list li")
    assert row.one(f"#address-{link.pk}").value == (
        f"http://localhost:8000/r/{link.token}/"
    )
    assert row.one("h3").text == "<b>Ann & Co</b>"
    assert len(row.all("svg.qr")) == 1
    assert row.values("form") == [f"/quiz/result/share/{link.pk}/revoke/"]


def test_label_never_reaches_the_shared_page(visitor: Taker) -> None:
    visitor.take("clear_project")
    link = share(visitor, label="My secret coach")
    response = Client().get(f"/r/{link.token}/")
    assert response.context["link"] == link
    assert "secret" not in response.content.decode()


def test_name_on_a_link_stands_on_its_page_and_in_the_owners_list(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    link = share(visitor, name=" <b>Sam</b>\u202e\u200b ")
    assert link.name == "<b>Sam</b>"
    shared = Client().get(f"/r/{link.token}/")
    assert shared.context["shared_name"] == link.name
    page = parse(shared)
    assert page.texts("main bdi") == [link.name] * 2
    assert page.texts(".kicker bdi") == [link.name]
    row = parse(visitor.client.get("/quiz/result/share/")).one(".link-list li")
    assert row.one(".note bdi").text == link.name
    data = json.loads(visitor.client.get("/quiz/data/rolefit.json").getvalue())
    assert [shared["name"] for shared in data["share_links"]] == [link.name]


def test_name_is_left_out_where_the_owner_wrote_none(visitor: Taker) -> None:
    visitor.take("clear_project")
    link = share(visitor, name="\u200b")
    assert link.name == ""
    assert not parse(Client().get(f"/r/{link.token}/")).has("main bdi")
    own = parse(visitor.client.get("/quiz/result/share/"))
    assert not own.has(".link-list .note bdi")


def test_name_never_reaches_the_json_or_the_head_of_the_page(visitor: Taker) -> None:
    visitor.take("clear_project")
    link = share(visitor, "answers", name="Samantha")
    assert "Samantha" not in Client().get(f"/r/{link.token}.json").content.decode()
    head, _, body = (
        Client().get(f"/r/{link.token}/").content.decode().partition("</head>")
    )
    assert ("Samantha" in head, "Samantha" in body) == (False, True)


def previewed(token: str) -> list[tuple[str, str]]:
    """What a chat or a mail program reads of a link to show a preview."""
    page = parse(Client().get(f"/r/{token}/"))
    tags = page.all("meta[property]") + page.all("meta[name^=twitter]")
    return [
        (tag.attributes.get("property") or tag.attributes["name"], tag.value)
        for tag in tags
    ]


def test_preview_of_a_link_says_the_same_for_every_result_and_name(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("clear_project")
    stranger.take("low_both")
    one = share(visitor, "answers", name="Sam")
    two = share(stranger)
    tags = dict(previewed(one.token))
    assert tags.keys() >= {"og:title", "og:description", "og:image", "og:image:alt"}
    assert previewed(one.token) == previewed(two.token)
    assert not any(
        link.token in value for link in (one, two) for value in tags.values()
    )


def test_picture_of_the_preview_is_a_small_file_of_the_size_that_is_named(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    tags = dict(previewed(share(visitor).token))
    base = f"{settings.BASE_URL}{settings.STATIC_URL}"
    assert tags["og:image"].startswith(base)
    picture = Path(settings.BASE_DIR, "static", tags["og:image"].removeprefix(base))
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG\r\n")
    size = struct.unpack(">II", data[16:24])
    assert size == (int(tags["og:image:width"]), int(tags["og:image:height"]))
    assert size == (1200, 630)
    assert len(data) < 40_000


def test_form_has_the_narrowest_scope_chosen(visitor: Taker) -> None:
    visitor.take("clear_project")
    form = parse(visitor.client.get("/quiz/result/share/")).one("#make form")
    assert form.values("input[name=scope]:checked") == ["summary"]
    assert len(form.all("button")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x" * 61},
        {"scope": "everything"},
        {"scope": ""},
        {"days": "0"},
        {"days": "9999"},
        {"label": "x" * 61},
    ],
)
def test_bad_link_form_explains_and_makes_nothing(
    visitor: Taker, change: dict[str, str]
) -> None:
    visitor.take("clear_project")
    response = visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "summary", "days": "30"} | change
    )
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == change.keys()
    assert parse(response).has(".error-summary[role=alert]")
    assert not ShareLink.objects.exists()


def test_stranger_can_neither_list_nor_end_somebody_elses_link(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("clear_project")
    link = share(visitor)
    stranger.start()
    assert stranger.client.get("/quiz/result/share/").status_code == 404
    assert (
        stranger.client.post(f"/quiz/result/share/{link.pk}/revoke/").status_code == 404
    )
    assert stranger.client.get("/quiz/result/1/preview/answers/").status_code == 404
    assert ShareLink.objects.get().revoked_at is None


def test_careless_result_has_no_link(visitor: Taker) -> None:
    visitor.take("careless")
    response = visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "summary", "days": "30"}
    )
    assert response.status_code == 404
    assert not ShareLink.objects.exists()


def test_number_of_working_links_is_bounded(visitor: Taker) -> None:
    visitor.take("clear_project")
    for _ in range(share_links.MAX_USABLE_LINKS):
        share_links.make_share_link(visitor.result(), scope="summary", label="", days=7)
    response = visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "summary", "days": "7"}
    )
    assert response.status_code == 422
    assert ShareLink.objects.count() == share_links.MAX_USABLE_LINKS


def test_reading_a_link_again_and_again_changes_no_row(visitor: Taker) -> None:
    visitor.take("clear_project")
    link = share(visitor)
    before = list(ShareLink.objects.values())
    client = Client()
    for _ in range(3):
        client.get(f"/r/{link.token}/")
        client.head(f"/r/{link.token}/")
        client.head(f"/r/{link.token}.json")
    assert list(ShareLink.objects.values()) == before


@pytest.mark.parametrize(
    "query", ["?result=x", "?result=-1", "?result=99999999999999999999", "?result=2"]
)
def test_share_page_of_a_result_that_is_not_there_does_not_break(
    visitor: Taker, query: str
) -> None:
    visitor.take("clear_project")
    assert visitor.client.get(f"/quiz/result/share/{query}").status_code == (
        404 if query == "?result=2" else 200
    )

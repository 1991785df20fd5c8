"""What visitors get: quick, small, without cookies, and never anybody's script."""

from __future__ import annotations

import gzip
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import brotli
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from content import published, snapshot
from content.actions import publish_page
from content.models import Page
from tests.support.articles import (
    make_one_block_of_each_kind,
    make_page,
    make_prose,
    make_role,
)
from tests.support.markup import flat

PAGES = [
    "/",
    "/difference/",
    "/project-management/",
    "/product-management/",
    "/in-practice/",
    "/working-together/",
    "/skills/",
    "/choosing/",
    "/future/",
]
FIRST_VISIT = (
    14_600  # bytes: what a server can send before the first answer of the browser
)
BAD = "<script>alert(1)</script>\"'&"


@pytest.mark.parametrize("path", PAGES)
def test_warm_page_asks_the_database_nothing(
    article, client: Client, django_assert_num_queries, path: str
) -> None:
    client.get(path)
    with django_assert_num_queries(0):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("blocks", [1, 3])
def test_cold_page_costs_the_same_with_more_blocks(
    db, client: Client, django_assert_num_queries, blocks: int
) -> None:
    page = make_page()
    for place in range(blocks):
        make_prose(page, ordering=place)
    publish_page(page, by=None)
    with django_assert_num_queries(4):
        assert client.get("/new-page/").content.count(b"<h2>Some words</h2>") == blocks


@pytest.mark.parametrize("path", [*PAGES, "/robots.txt", "/sitemap.xml"])
def test_page_sets_no_cookie_and_is_the_same_for_everybody(
    article, client: Client, path: str
) -> None:
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert b"csrf" not in response.content


@pytest.mark.parametrize("path", PAGES)
def test_page_that_a_browser_holds_already_is_not_sent_again(
    article, client: Client, path: str
) -> None:
    response = client.get(path)
    assert set(response["Cache-Control"].split(", ")) == {
        "public",
        "max-age=0",
        "must-revalidate",
    }
    again = client.get(path, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", PAGES)
def test_first_visit_fits_the_budget(article, client: Client, path: str) -> None:
    page = gzip.compress(client.get(path).content, 6)
    style = brotli.compress((settings.BASE_DIR / "static/css/site.css").read_bytes())
    assert len(page) + len(style) <= FIRST_VISIT


@pytest.mark.parametrize("path", PAGES)
def test_page_says_where_it_stands_and_leads_to_the_questions(
    article, client: Client, path: str
) -> None:
    html = client.get(path, headers={"host": "localhost"}).content.decode()
    assert f'<link rel="canonical" href="{settings.BASE_URL}{path}">' in html
    assert f'<meta property="og:url" content="{settings.BASE_URL}{path}">' in html
    assert (
        f'<meta property="og:image" content="{settings.BASE_URL}/static/img/share.png">'
        in html
    )
    assert '<meta name="description" content="' in html
    assert html.count("<h1") == 1
    assert '<a class="button" href="/quiz/">' in html
    assert " style=" not in html
    assert re.findall(r"<script[^>]*>", html) == [
        '<script src="/static/js/call.js" type="module">'
    ]


def test_page_leads_to_its_neighbours(article, client: Client) -> None:
    first, middle, last = (
        client.get(path).content.decode()
        for path in ("/difference/", "/in-practice/", "/future/")
    )
    assert "Before: chapter" not in first
    assert '<a href="/project-management/"><span>Next: chapter 2</span>' in first
    assert '<a href="/product-management/"><span>Before: chapter 3</span>' in middle
    assert '<a href="/working-together/"><span>Next: chapter 5</span>' in middle
    assert '<a href="/quiz/"><span>Next</span>' in last


def test_page_without_call_to_action_gets_the_words_of_the_site(
    article, client: Client
) -> None:
    page = make_page()
    make_prose(page)
    publish_page(page, by=None)
    published.forget()
    html = client.get("/new-page/").content.decode()
    assert "You learn most by doing the work" in html
    assert (
        '<a href="https://example.org/clarity-call" data-call>Book a free clarity'
        " call</a>" in html
    )


def test_landing_of_an_empty_site_works(db, client: Client) -> None:
    assert client.get("/").status_code == 200


def test_every_text_field_is_escaped(db, client: Client) -> None:
    text = BAD.replace("'", "’")
    role = make_role(name=text, question=text, summary=text)
    page = make_page(title=text, nav_title=text, description=text, lead=text)
    make_one_block_of_each_kind(page, text, role)
    publish_page(page, by=None)
    for path in ("/new-page/", "/"):
        html = client.get(path).content.decode()
        assert "<script>" not in html
        assert "alert(1)" in html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p onclick='x()'>a</p><script>alert(1)</script>", "<p>a</p>"),
        (
            '<p style="color:red" class="x">a <strong>b</strong> <em>c</em></p>',
            "<p>a <strong>b</strong> <em>c</em></p>",
        ),
        ('<p><img src="https://example.org/x.png">a</p>', "<p>a</p>"),
        (
            '<ul><li><p>a</p></li></ul><p><a href="/quiz/" target="_blank">b</a></p>',
            '<ul><li><p>a</p></li></ul><p><a href="/quiz/">b</a></p>',
        ),
    ],
)
def test_prose_is_sanitised_even_where_a_row_was_written_raw(
    db, client: Client, written: str, shown: str
) -> None:
    page = make_page()
    make_prose(page, written)
    publish_page(page, by=None)
    assert (
        f'<div class="flow prose">{shown}</div>'
        in client.get("/new-page/").content.decode()
    )


def test_snapshot_is_loaded_again_after_five_seconds(
    article, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([100.0, 104.9, 105.0, 105.0])
    monkeypatch.setattr(
        snapshot, "time", SimpleNamespace(monotonic=lambda: next(seconds))
    )
    first = published.current()
    assert published.current() is first
    assert published.current() is not first


def test_sitemap_lists_every_public_page_under_the_base_address(
    article, client: Client
) -> None:
    response = client.get("/sitemap.xml", headers={"host": "localhost"})
    root = ElementTree.fromstring(response.content)  # noqa: S314 our own page
    found = [
        location.text
        for location in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert found == [
        settings.BASE_URL + path
        for path in [*PAGES, "/quiz/", "/method/", "/privacy/", "/accessibility/"]
    ]


@pytest.mark.parametrize("in_navigation", [True, False])
def test_new_page_stands_in_contents_top_line_and_sitemap_once_it_is_published(
    article, client: Client, in_navigation: bool, django_capture_on_commit_callbacks
) -> None:
    page = make_page(in_navigation=in_navigation)
    make_prose(page)

    def places() -> tuple[bool, bool, bool]:
        landing = flat(client.get("/").content.decode())
        top, contents = (
            landing.partition("</header>")[0],
            landing.partition('<ol class="contents">')[2],
        )
        sitemap = client.get(
            "/sitemap.xml", headers={"host": "localhost"}
        ).content.decode()
        return (
            'href="/new-page/"> New </a>' in top,
            '<a href="/new-page/">New</a>' in contents,
            f"{settings.BASE_URL}/new-page/" in sitemap,
        )

    assert places() == (False, False, False)
    with django_capture_on_commit_callbacks(execute=True):
        publish_page(page, by=None)
    assert places() == (in_navigation, True, True)


def test_robots_may_see_the_start_of_the_quiz_and_nothing_behind_it(
    client: Client,
) -> None:
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[:2] == ["User-agent: *", "Allow: /quiz/$"]
    assert lines[2:-2] == [
        f"Disallow: {path}"
        for path in (
            "/quiz/",
            "/r/",
            "/rate/",
            "/join/",
            "/coach/",
            "/accounts/",
            "/admin/",
        )
    ]
    assert lines[-1] == f"Sitemap: {settings.BASE_URL}/sitemap.xml"


def test_unknown_address_shows_ways_on(article, client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert b'<a href="/quiz/">' in response.content
    assert not response.cookies


def test_error_page_needs_neither_database_nor_context() -> None:
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b'<a href="/">' in response.content
    assert render_to_string("500.html").encode() == response.content


@pytest.mark.parametrize("path", ["/", "/difference/", "/robots.txt"])
def test_public_pages_take_no_post(article, path: str) -> None:
    assert Client().post(path).status_code == 405


def test_address_without_its_slash_leads_to_the_page(article, client: Client) -> None:
    response = client.get("/skills")
    assert (response.status_code, response["Location"]) == (301, "/skills/")


def test_chapters_are_numbered_in_their_order(article) -> None:
    Page.objects.filter(slug="future").update(position=0)
    publish_page(Page.objects.get(slug="future"), by=None)
    published.forget()
    assert [(chapter.number, chapter.slug) for chapter in published.current().chapters][
        :2
    ] == [(1, "future"), (2, "difference")]

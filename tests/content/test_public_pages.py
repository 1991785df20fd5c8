"""What visitors get: quick, small, without cookies, and never anybody's script."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from content import published
from content.models import Page
from content.models.words import word_models
from tests.support.articles import (
    make_one_block_of_each_kind,
    make_page,
    make_prose,
    make_role,
    publish_page,
)
from tests.support.budgets import assert_first_visit_is_small
from tests.support.dom import Element, parse
from tests.support.uploads import make_picture_block, make_upload

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
BAD = "<script>alert(1)</script>\"'&"


@pytest.mark.parametrize("blocks", [1, 3])
def test_cold_page_costs_the_same_with_more_blocks(
    db, client: Client, django_assert_num_queries, blocks: int
) -> None:
    page = make_page()
    for place in range(blocks):
        make_prose(page, ordering=place)
    publish_page(page, by=None)
    # Without published words, each kind of them is read from its rows.
    with django_assert_num_queries(3 + len(word_models())):
        response = client.get("/new-page/")
    assert parse(response).texts("article h2").count("Some words") == blocks


@pytest.mark.parametrize("path", [*PAGES, "/robots.txt", "/sitemap.xml"])
def test_page_sets_no_cookie_and_is_the_same_for_everybody(
    article, client: Client, path: str
) -> None:
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    # A template that asks for a token has one made, and leaves it here.
    assert "CSRF_COOKIE" not in response.wsgi_request.META
    assert not parse(response).has("input")


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


def test_three_pictures_stay_within_the_first_visit(article, client: Client) -> None:
    page = Page.objects.get(slug="difference")
    for place in range(3):
        make_picture_block(
            page,
            make_upload(1700 + place, 900),
            ordering=900 + place,
            alternative="A team stands at a board and moves a card to the right." * 2,
            heading="A caption of a usual length, which says what happens here.",
            credit="Photo: Ada Example, CC BY 4.0",
            crop="top left",
        )
    publish_page(page, by=None)
    published.forget()
    response = client.get("/difference/")
    assert len(parse(response).all("img[loading=lazy]")) == 3
    assert_first_visit_is_small(response.content.decode())


@pytest.mark.parametrize("path", PAGES)
def test_page_says_where_it_stands_and_leads_to_the_questions(
    article, client: Client, path: str
) -> None:
    page = parse(client.get(path, headers={"host": "localhost"}))
    address = settings.BASE_URL + path
    assert page.one("link[rel=canonical]").value == address
    assert page.one("meta[property=og:url]").value == address
    image = page.one("meta[property=og:image]").value
    assert image == f"{settings.BASE_URL}/static/img/share.png"
    assert page.one("meta[name=description]").value
    assert len(page.all("h1")) == 1
    assert page.has("main a.button[href=/quiz/]")
    assert [element.tag for element in page.all("[style]")] == []
    assert [script.attributes for script in page.all("script")] == [
        {"src": f"/static/js/{name}.js", "type": "module"}
        for name in ("continue", "call")
    ]


def test_page_leads_to_its_neighbors(article, client: Client) -> None:
    neighbors = {}
    for path in ("/difference/", "/in-practice/", "/future/"):
        response = client.get(path)
        before, after = response.context["before"], response.context["after"]
        neighbors[path] = (
            before and before.number,
            after and after.number,
            parse(response).values("nav.neighbors a"),
        )
    assert neighbors == {
        "/difference/": (None, 2, ["/project-management/"]),
        "/in-practice/": (3, 5, ["/product-management/", "/working-together/"]),
        "/future/": (7, None, ["/choosing/", "/quiz/"]),
    }


def test_page_without_call_to_action_gets_the_words_of_the_site(
    article, client: Client
) -> None:
    page = make_page()
    make_prose(page)
    publish_page(page, by=None)
    published.forget()
    call = parse(client.get("/new-page/")).one(".call")
    words = published.current().words
    assert call.texts("h2") == [words.call_heading]
    assert call.one("[data-call]").text == words.call_button
    assert call.one("[data-call]").value == words.call_address


def test_landing_of_an_empty_site_works(db, client: Client) -> None:
    assert client.get("/").status_code == 200


def test_every_text_field_is_escaped(db, client: Client) -> None:
    text = BAD.replace("'", "’")
    role = make_role(name=text, question=text, summary=text)
    page = make_page(title=text, nav_title=text, description=text, lead=text)
    make_one_block_of_each_kind(page, text, role)
    publish_page(page, by=None)
    pages = {path: parse(client.get(path)) for path in ("/new-page/", "/")}
    for page in pages.values():
        assert page.values("script") == ["", ""]
        assert page.all("script")[1].attributes["src"] == "/static/js/call.js"
        assert page.one("#contents li").text == text
    assert pages["/"].texts(".role .quote") == [text]
    article = pages["/new-page/"].one("article")
    assert article.one("h1").text == article.one(".lead").text == text
    assert article.texts("section h2") == [text] * 9
    assert article.one("blockquote").text == text
    assert article.one("img").attributes["alt"] == text
    assert pages["/new-page/"].one("meta[name=description]").value == text


def outline(element: Element) -> list[tuple[str, dict[str, str], str]]:
    """Every element within this one, with what it holds."""
    return [(child.tag, child.attributes, child.text) for child in element.all("*")]


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
def test_prose_is_sanitized_even_where_a_row_was_written_raw(
    db, client: Client, written: str, shown: str
) -> None:
    page = make_page()
    make_prose(page, written)
    publish_page(page, by=None)
    prose = parse(client.get("/new-page/")).one(".prose")
    assert outline(prose) == outline(parse(shown))


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
        landing = parse(client.get("/"))
        sitemap = parse(client.get("/sitemap.xml", headers={"host": "localhost"}))
        return (
            landing.texts(".masthead nav a[href=/new-page/]") == ["New"],
            landing.texts(".contents a[href=/new-page/]") == ["New"],
            f"{settings.BASE_URL}/new-page/" in sitemap.texts("loc"),
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
    assert parse(response).has("main li a[href=/quiz/]")
    assert not response.cookies


def test_error_page_needs_neither_database_nor_context() -> None:
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert parse(response).has("main li a[href=/]")
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

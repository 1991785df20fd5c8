"""Pictures of the built-in set, beside a title or further down, each with its words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import Client

from content.article import PAGES
from content.document import PICTURES, Illustration
from content.models import IllustrationBlock, Page
from content.review import review_pages
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.dom import parse

MAX_PICTURE = 1_300  # bytes
FOLDER = Path(settings.BASE_DIR, "templates/content/pictures")
SHAPES = {"path", "circle", "g"}
# Those that have a style in site.css.
CLASSES = {"j", "jf", "jw", "d", "df", "dw", "n", "k"}


def make_picture(page: Page, *, ordering: int = 5, **changes: str) -> IllustrationBlock:
    words = {
        "heading": "A caption.",
        "picture": "skills",
        "alternative": "A square and a circle.",
    }
    return IllustrationBlock(
        parent=page, region="main", ordering=ordering, **words | changes
    )


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.slug)
def test_chapter_opens_with_a_picture_of_its_own(
    article, client: Client, document
) -> None:
    page = parse(client.get(document.url))
    figure = page.one("header.chapter figure")
    svg = figure.one("svg.picture")
    assert svg.attributes["role"] == "img"
    assert svg.attributes["aria-label"] == document.opening.alternative
    assert svg.attributes["viewbox"] == "0 0 416 168"
    assert figure.one("figcaption").text == document.opening.heading
    assert len(page.all("svg.picture")) == 1


def test_no_two_chapters_share_a_picture() -> None:
    pictures = [document.opening and document.opening.picture for document in PAGES]
    assert sorted(filter(None, pictures)) == sorted(PICTURES)


def test_set_of_pictures_is_the_folder() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == PICTURES.keys()


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_small_and_made_of_shapes_without_words(name: str) -> None:
    picture = render_to_string(Illustration("", name, "").shapes)
    shapes = parse(picture).all("*")
    assert len(picture.encode()) < MAX_PICTURE
    assert {shape.tag for shape in shapes} <= SHAPES
    assert {
        shape.attributes["class"] for shape in shapes if "class" in shape.attributes
    } <= CLASSES
    assert parse(picture).text == ""
    assert not parse(picture).has("[style]")


def test_picture_further_down_stands_in_its_place(article, client: Client) -> None:
    page = make_page()
    make_prose(page)
    make_picture(page, ordering=20).save()
    publish_page(page, by=None)
    shown = parse(client.get("/new-page/"))
    assert shown.one("header.opening").attributes["class"] == "opening"
    assert shown.one(".part figcaption").text == "A caption."
    assert [child.tag for child in shown.all(".part svg.picture")] == ["svg"]


def test_words_of_a_picture_are_escaped(article, client: Client) -> None:
    page, bad = make_page(), "<b>\"'&"
    make_picture(page, heading=bad, alternative=bad).save()
    publish_page(page, by=None)
    figure = parse(client.get("/new-page/")).one("header figure")
    assert figure.one("svg").attributes["aria-label"] == bad
    assert figure.one("figcaption").text == bad


@pytest.mark.parametrize(
    "changes",
    [
        {"alternative": ""},
        {"heading": ""},
        {"picture": ""},
        {"picture": "../../500"},
    ],
)
def test_picture_without_its_words_or_of_no_set_is_refused(
    db, changes: dict[str, str]
) -> None:
    page = make_page()
    block = make_picture(page, **changes)
    with pytest.raises(ValidationError) as refusal:
        block.full_clean()
    assert set(refusal.value.error_dict) == set(changes)
    block.save()
    [finding] = review_pages([page])[0].findings
    assert (finding.block, {finding.field}) == (block, set(changes))


def test_published_picture_becomes_the_same_draft_again(db) -> None:
    block = make_picture(make_page())
    frozen = block.freeze()
    assert IllustrationBlock.thaw(frozen).freeze() == frozen
    assert frozen == Illustration("A caption.", "skills", "A square and a circle.")


def test_editor_offers_the_pictures_by_name(article, editor_client: Client) -> None:
    page = Page.objects.get(slug="skills")
    form = parse(editor_client.get(f"/admin/content/page/{page.pk}/change/"))
    picture = form.one("select[name=content_illustrationblock_set-0-picture]")
    assert picture.value == "skills"
    assert picture.texts("option")[1:] == list(PICTURES.values())

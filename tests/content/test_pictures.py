"""Uploaded pictures: what is taken, what is kept of it, and where it is shown."""

from __future__ import annotations

import io
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageCms

from content import document, published
from content.actions import (
    add_picture,
    forget_pictures,
    restore_page,
    write_draft,
)
from content.admin.uploads import PictureInput
from content.difference import difference
from content.models import Page, PictureBlock, Rendition, UploadedPicture
from content.pictures import (
    MAX_FILE,
    MAX_PIXELS,
    TURNS,
    PictureError,
    encode,
    picture_hash,
)
from content.queries import draft, rendition
from content.review import review_pages
from rolefit import kept
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.dom import parse
from tests.support.editing import member_of, sign_in
from tests.support.forms import opened
from tests.support.uploads import (
    drawn,
    make_picture_block,
    make_upload,
    png_bomb,
    read,
    written,
)

NOW = timezone.now()
DAY = timedelta(days=1)
RED, BLUE = (255, 0, 0), (0, 0, 255)
# Chunks of a WebP file that hold something other than the picture.
METADATA = (b"EXIF", b"XMP ", b"ICCP")


def is_close(color: Any, to: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(color, to, strict=True))


# What is kept of a file


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (2000, [480, 960, 1600]),
        (1600, [480, 960, 1600]),
        (1000, [480, 960, 1000]),
        (480, [480]),
        (30, [30]),
    ],
)
def test_picture_comes_as_webp_in_the_widths_that_it_fills(
    kind: str, width: int, widths: list[int]
) -> None:
    encoded = encode(written(drawn(width, width // 2), kind))
    assert [each.width for each in encoded] == widths
    for each in encoded:
        image = read(each.data)
        assert image.format == "WEBP"
        assert image.size == (each.width, each.height) == (each.width, each.width // 2)
        assert is_close(image.getpixel((each.width // 4, 5)), RED)
        assert is_close(image.getpixel((each.width * 3 // 4, 5)), BLUE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_else_that_the_file_says_is_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # the latitude
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>PhotographerName</x:xmpmeta>"
    more = {} if kind == "PNG" else {"xmp": xmp}
    file = written(drawn(), kind, exif=exif, icc_profile=profile, **more)
    assert b"CameraMaker" in file
    [only] = encode(file)
    assert not any(name in only.data for name in METADATA)
    assert b"CameraMaker" not in only.data
    assert b"PhotographerName" not in only.data
    assert dict(read(only.data).getexif()) == {}


@pytest.mark.parametrize("orientation", [1, *TURNS])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_turned_upright_before_its_orientation_is_dropped(
    kind: str, orientation: int
) -> None:
    back = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    turn = back.get(orientation, TURNS.get(orientation))
    lying = drawn() if turn is None else drawn().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    [only] = encode(written(lying, kind, exif=exif))
    image = read(only.data)
    assert image.size == (60, 40)
    assert is_close(image.getpixel((10, 20)), RED)
    assert is_close(image.getpixel((50, 20)), BLUE)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "RGBA", "I;16"])
def test_picture_of_any_kind_of_color_is_taken(mode: str) -> None:
    image = Image.new("L", (60, 40), 128)
    if mode == "I;16":
        image = Image.new(mode, (60, 40), 128 * 256)
    elif mode != "1":
        image = (
            image.convert("RGB").convert(mode) if mode != "LA" else image.convert(mode)
        )
    [only] = encode(written(image, "JPEG" if mode == "CMYK" else "PNG"))
    found = read(only.data).convert("RGB").getpixel((5, 5))
    assert mode == "1" or is_close(found, (128, 128, 128))


def test_what_is_see_through_stays_so() -> None:
    [only] = encode(written(Image.new("RGBA", (60, 40), (255, 0, 0, 0))))
    assert read(only.data).convert("RGBA").getpixel((5, 5))[3] == 0


def test_colors_of_another_profile_become_those_of_browsers() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    swapped = written(drawn(), icc_profile=lab.tobytes())
    [only] = encode(swapped)  # a profile that does not fit is left out
    assert is_close(read(only.data).getpixel((10, 20)), RED)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    [only] = encode(written(drawn(), icc_profile=srgb.tobytes()))
    assert is_close(read(only.data).getpixel((10, 20)), RED)


def test_photo_with_more_pictures_behind_it_is_taken_as_phones_write_it() -> None:
    file = written(
        drawn(), "MPO", save_all=True, append_images=[Image.new("RGB", (20, 20))]
    )
    [only] = encode(file)
    assert read(only.data).size == (60, 40)


# What is refused


def refusal(file: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        encode(file)
    return str(caught.value)


@pytest.mark.parametrize(
    "file",
    [
        png_bomb(8000, 5000),
        png_bomb(32000, 31000),
        written(Image.new("L", (8000, 5000)), "JPEG"),
        written(
            Image.new("L", (8000, 5000)), "WEBP", lossless=True, quality=0, method=0
        ),
    ],
    ids=["PNG", "huge PNG", "JPEG", "WebP"],
)
def test_bomb_of_40_megapixels_is_refused_within_one_second_of_the_processor(
    file: bytes,
) -> None:
    assert len(file) < MAX_FILE
    began = time.process_time()
    words = refusal(file)
    assert time.process_time() - began < 1
    assert f"{MAX_PIXELS // 1_000_000} million" in words


def test_picture_at_the_limit_of_pixels_is_taken() -> None:
    assert MAX_PIXELS == 6000 * 5000
    encoded = encode(png_bomb(6000, 5000))
    assert [each.width for each in encoded] == [480, 960, 1600]


WHOLE = {kind: written(drawn(), kind) for kind in ("JPEG", "PNG", "WEBP")}
ANIMATED = {"save_all": True, "append_images": [drawn().rotate(180)]}
REFUSED = {
    "nothing": b"",
    "text": b"Not a picture.",
    "GIF": written(drawn(), "GIF"),
    "TIFF": written(drawn(), "TIFF"),
    "BMP": written(drawn(), "BMP"),
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "JPEG cut short": WHOLE["JPEG"][:-150],
    "PNG cut short": WHOLE["PNG"][:-30],
    "WebP cut short": WHOLE["WEBP"][:-30],
    "JPEG, head alone": WHOLE["JPEG"][:30],
    "broken PNG": WHOLE["PNG"].replace(b"IDAT", b"IDAX"),
    "animated PNG": written(drawn(), "PNG", **ANIMATED),
    "animated WebP": written(drawn(), "WEBP", **ANIMATED),
    "long and narrow": written(drawn(401, 100)),
    "narrow and long": written(drawn(100, 401)),
    "too large": WHOLE["PNG"] + bytes(MAX_FILE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_that_is_no_picture_for_us_is_refused_with_what_to_do(name: str) -> None:
    words = refusal(REFUSED[name])
    assert words.endswith(".")
    assert any(verb in words for verb in ("Save ", "Upload ", "Crop "))


# Kept in the database, served under its hash


def test_same_picture_is_kept_once(db: None) -> None:
    first, second = make_upload(), make_upload()
    assert first == second
    assert Rendition.objects.count() == 1
    assert first.sha256 == picture_hash(encode(written(drawn())))


def test_rendition_is_served_under_its_hash_for_ever(article, client: Client) -> None:
    picture = make_upload(1000, 500)
    for width in (480, 960, 1000):
        path = document.picture_address(picture.sha256, width)
        response = client.get(path)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert set(response["Cache-Control"].split(", ")) == {
            "public",
            "max-age=31536000",
            "immutable",
        }
        assert read(response.content).width == width
        assert not response.cookies
        again = client.get(path, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304
    assert not kept.has(path)
    client.get("/skills/")
    usual = client.get("/skills/")
    assert kept.has("/skills/")
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Permissions-Policy",
    ):
        assert response[name] == usual[name]


def test_rendition_costs_one_query(db: None, client: Client, django_assert_num_queries):
    address = make_upload().thumbnail
    with django_assert_num_queries(1):
        client.get(address)


@pytest.mark.parametrize(
    "path",
    [
        f"/pictures/{'0' * 64}-480.webp",
        "/pictures/{sha256}-481.webp",
        "/pictures/{sha256}-99999.webp",
        "/pictures/{sha256}-999999999999999999999.webp",
        "/pictures/{sha256}-0.webp",
        "/pictures/{sha256}.webp",
        "/pictures/{sha256}-60.png",
        "/pictures/",
    ],
)
def test_unknown_picture_is_not_found(article, client: Client, path: str) -> None:
    picture = make_upload()
    response = client.get(path.format(sha256=picture.sha256))
    assert response.status_code == 404
    assert "immutable" not in response.get("Cache-Control", "")


def test_picture_takes_no_post(db: None) -> None:
    assert Client().post(make_upload().thumbnail).status_code == 405


# Uploaded by staff

UPLOAD = "/admin/content/page/picture/"


def upload(client: Client, file: bytes | None) -> Any:
    sent = {} if file is None else {"file": SimpleUploadedFile("a.png", file)}
    return client.post(UPLOAD, sent)


def test_address_of_uploads_is_the_one_that_takes_large_bodies() -> None:
    assert reverse("admin:content_page_picture") == UPLOAD


@pytest.mark.django_db
def test_editor_uploads_a_picture_of_several_megabytes(groups: None) -> None:
    noise = Image.effect_noise((1700, 1700), 200).resize((2200, 2200))
    file = written(noise.convert("RGB"), compress_level=1)
    assert 2_500_000 < len(file) < MAX_FILE
    response = upload(sign_in(member_of("Editor")), file)
    picture = UploadedPicture.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "picture": picture.pk,
        "thumbnail": f"/pictures/{picture.sha256}-480.webp",
    }


@pytest.mark.parametrize("file", [None, b"", b"text", png_bomb(8000, 5000)])
def test_refused_file_is_answered_with_a_sentence(
    editor_client: Client, file: bytes | None
) -> None:
    response = upload(editor_client, file)
    assert response.status_code == 422
    assert response.json()["error"].endswith(".")
    assert not UploadedPicture.objects.exists()


def test_file_over_the_limit_is_refused(editor_client: Client) -> None:
    assert upload(editor_client, bytes(MAX_FILE + 1)).status_code == 422
    assert upload(editor_client, bytes(MAX_FILE + 20_000)).status_code == 400


def test_other_pages_of_the_admin_take_no_large_file(editor_client: Client) -> None:
    file = SimpleUploadedFile("a.json", bytes(2 * 1024 * 1024))
    address = "/admin/assessments/questionnaire/upload/"
    assert editor_client.post(address, {"file": file}).status_code == 400


def test_only_who_edits_pages_may_upload(groups: None) -> None:
    file = written(drawn())
    assert upload(Client(), file).status_code == 302
    assert Client().get(UPLOAD).status_code == 302
    for group in ("Publisher", "Analyst"):
        client = sign_in(member_of(group))
        assert upload(client, file).status_code == 403
        assert client.get(UPLOAD).status_code == 403
    client = sign_in(member_of("Editor"))
    # What the server asks before it reads a file.
    assert client.get(UPLOAD).status_code == 204
    assert client.put(UPLOAD).status_code == 405
    assert not UploadedPicture.objects.exists()


# On a page


@pytest.mark.parametrize("alternative", ["", "  "])
def test_picture_says_what_it_shows_or_that_it_decorates(
    db: None, alternative: str
) -> None:
    page = make_page()
    picture = make_upload()
    block = PictureBlock(parent=page, region="main", picture=picture)
    block.alternative = alternative
    with pytest.raises(ValidationError) as caught:
        block.full_clean()
    assert "alternative" in caught.value.error_dict
    block.decorative = True
    block.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        PictureBlock.objects.create(
            parent=page, region="main", picture=picture, alternative=""
        )


def shown(client: Client, page: Page) -> Any:
    publish_page(page, by=None)
    published.forget()
    return parse(client.get(f"/{page.slug}/"))


def test_picture_is_shown_with_its_words_in_three_widths(db, client: Client) -> None:
    page = make_page()
    make_prose(page)
    block = make_picture_block(
        page, make_upload(2000, 1000), ordering=20, credit="Ada, CC BY 4.0"
    )
    figure = shown(client, page).one(".part figure.photo")
    image = figure.one("img")
    address = f"/pictures/{block.picture.sha256}"
    assert image.attributes["src"] == f"{address}-1600.webp"
    assert image.attributes["srcset"] == ", ".join(
        f"{address}-{width}.webp {width}w" for width in (480, 960, 1600)
    )
    assert (image.attributes["width"], image.attributes["height"]) == ("1600", "800")
    assert image.attributes["alt"] == "Red beside blue."
    assert image.attributes["loading"] == "lazy"
    assert image.attributes["sizes"]
    assert "class" not in image.attributes
    assert figure.one("figcaption small").text == "Ada, CC BY 4.0"
    assert client.get(image.attributes["src"]).status_code == 200


def test_decorative_cropped_picture_without_words(db, client: Client) -> None:
    page = make_page()
    make_picture_block(
        page, heading="", decorative=True, crop="top left", alternative="Not said."
    )
    figure = shown(client, page).one("figure.photo")
    assert figure.one("img").attributes["alt"] == ""
    assert figure.one("img").attributes["class"] == "crop top left"
    assert not figure.has("figcaption")


def test_words_of_a_picture_are_escaped(db, client: Client) -> None:
    page, bad = make_page(), "<b>\"'&"
    make_picture_block(page, heading=bad, alternative=bad, credit=bad)
    figure = shown(client, page).one("figure.photo")
    assert figure.one("img").attributes["alt"] == bad
    assert figure.one("figcaption").text == f"{bad} {bad}"


def test_published_picture_is_frozen_and_becomes_the_same_draft_again(
    db, editor
) -> None:
    page = make_page()
    block = make_picture_block(page, crop="top", credit="Ada")
    frozen = block.freeze()
    assert frozen == document.PlacedPicture(
        "A caption.", block.picture.sha256, (60,), 40, "Red beside blue.", "top", "Ada"
    )
    assert PictureBlock.thaw(frozen).freeze() == frozen
    version = publish_page(page, by=editor)
    assert document.from_json(version.content).blocks == (frozen,)
    block.delete()
    make_prose(page)
    restore_page(version, by=editor)
    assert draft(page).blocks == (frozen,)


def test_difference_names_what_changed_of_a_picture(db) -> None:
    page = make_page()
    block = make_picture_block(page, heading="")
    before = draft(page)
    block.picture, block.crop = make_upload(90, 60), "left"
    block.save()
    [change] = difference(before, draft(page), {}).blocks
    assert change.heading == "Red beside blue."
    assert {field.name for field in change.fields} == {"picture", "crop"}
    before = draft(page)
    block.decorative = True
    block.save()
    [change] = difference(before, draft(page), {}).blocks
    assert change.heading == "Picture"
    assert {field.name for field in change.fields} == {"alternative text"}


def test_review_finds_a_picture_without_words_that_came_from_elsewhere(db) -> None:
    page = make_page()
    block = make_picture_block(page, alternative=" ")
    [finding] = review_pages([page])[0].findings
    assert (finding.block, finding.field) == (block, "alternative")


def test_form_shows_the_picture_and_asks_for_one(editor_client: Client) -> None:
    page = make_page()
    block = make_picture_block(page)
    address = reverse("admin:content_page_change", args=(page.pk,))
    form = parse(editor_client.get(address))
    prefix = "content_pictureblock_set-0"
    assert form.one(f"input[name={prefix}-picture]").value == str(block.picture.pk)
    shown = form.one(f"#{prefix} .picture-input img")
    assert shown.attributes["src"] == block.picture.thumbnail
    assert not form.has("input[type=file][name]")
    [control] = form.all(f"#{prefix} input[type=file]")
    assert form.has(f"label[for={control.attributes['id']}]")


def test_contested_picture_is_shown_with_its_words(editor_client: Client) -> None:
    page = make_page()
    block = make_picture_block(page)
    other = add_picture(written(drawn(40, 30)), now=NOW)
    third = add_picture(written(drawn(30, 30)), now=NOW)
    address = reverse("admin:content_page_change", args=(page.pk,))
    name = "content_pictureblock_set-0-picture"
    one, two = (opened(editor_client, address) for _ in range(2))
    assert editor_client.post(address, one | {name: str(other.pk)}).status_code == 302
    refused = editor_client.post(address, two | {name: str(third.pk)})
    assert refused.status_code == 422
    asked = parse(refused)
    saved = asked.one(".both-stored")
    assert saved.one("img").attributes["src"] == other.thumbnail
    assert block.alternative in saved.text
    mine = asked.one("#content_pictureblock_set-0 .picture-input img")
    assert mine.attributes["src"] == third.thumbnail


@pytest.mark.parametrize("value", [None, "", "x", "²", "-1", "9" * 30])
def test_field_with_an_unknown_key_shows_no_picture(db, value: str | None) -> None:
    field = parse(PictureInput().render("picture", value, {"id": "id_picture"}))
    assert "hidden" in field.one("img").attributes


# Forgotten when no page shows it


def test_picture_that_no_page_shows_is_forgotten_after_30_days(db) -> None:
    picture = add_picture(written(drawn()), now=NOW)
    assert forget_pictures(now=NOW + 29 * DAY) == 0
    assert forget_pictures(now=NOW + 30 * DAY) == 1
    assert not UploadedPicture.objects.exists()
    assert not Rendition.objects.exists()
    assert rendition(picture.sha256, 60) is None


def test_picture_on_a_draft_or_an_old_state_stays(db, editor) -> None:
    page = make_page()
    drafted = make_picture_block(page)
    old = make_picture_block(page, make_upload(90, 60), ordering=20)
    publish_page(page, by=editor)
    old.delete()
    publish_page(page, by=editor)
    for days in (1, 40, 80):
        assert forget_pictures(now=NOW + days * DAY) == 0
    assert UploadedPicture.objects.filter(unused_since=None).count() == 2
    # Taken off the draft of a page that was published with it.
    drafted.delete()
    assert forget_pictures(now=NOW + 81 * DAY) == 0


def test_picture_taken_off_a_draft_has_30_days_from_then(db) -> None:
    block = make_picture_block(make_page())
    forget_pictures(now=NOW + 50 * DAY)
    block.delete()
    assert forget_pictures(now=NOW + 51 * DAY) == 0
    assert forget_pictures(now=NOW + 80 * DAY) == 0
    assert forget_pictures(now=NOW + 81 * DAY) == 1


def test_picture_uploaded_again_has_30_days_from_then(db) -> None:
    add_picture(written(drawn()), now=NOW)
    add_picture(written(drawn()), now=NOW + 20 * DAY)
    assert forget_pictures(now=NOW + 40 * DAY) == 0
    assert forget_pictures(now=NOW + 50 * DAY) == 1


def test_daily_command_forgets_pictures(db) -> None:
    add_picture(written(drawn()), now=timezone.now() - 31 * DAY)
    said = io.StringIO()
    call_command("forget_old", stdout=said)
    assert not UploadedPicture.objects.exists()
    assert "1 unused" in said.getvalue()


def test_draft_of_another_page_takes_the_same_picture(db) -> None:
    first, second = make_page("one"), make_page("two")
    make_picture_block(first)
    write_draft(second, draft(first))
    assert draft(second).blocks == draft(first).blocks
    assert UploadedPicture.objects.count() == 1

"""Pictures to upload, made for tests."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from django.utils import timezone
from PIL import Image

from content.actions import add_picture
from content.models import Page, PictureBlock, UploadedPicture


def drawn(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right, so that a turn shows."""
    image = Image.new("RGB", (width, height), (255, 0, 0))
    image.paste((0, 0, 255), (width // 2, 0, width, height))
    return image


def written(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def read(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png_bomb(width: int, height: int) -> bytes:
    """A valid PNG of so many pixels, in a few thousand bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return (
            struct.pack(">I", len(data))
            + checked
            + struct.pack(">I", zlib.crc32(checked))
        )

    rows = bytes((width // 8 + 1 + 1) * height)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", head),
            chunk(b"IDAT", zlib.compress(rows, 1)),
            chunk(b"IEND", b""),
        )
    )


def make_upload(width: int = 60, height: int = 40) -> UploadedPicture:
    return add_picture(written(drawn(width, height)), now=timezone.now())


def make_picture_block(
    page: Page, picture: UploadedPicture | None = None, **changes: Any
) -> PictureBlock:
    words = {
        "ordering": 10,
        "heading": "A caption.",
        "alternative": "Red beside blue.",
    }
    return PictureBlock.objects.create(
        parent=page, region="main", picture=picture or make_upload(), **words | changes
    )

"""Makes uploaded pictures safe and small: WebP in up to three widths, no metadata."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

MAX_FILE = 10 * 1024 * 1024  # bytes
# Reading so many pixels takes up to 300 MB of memory, for a second or two.
MAX_PIXELS = 30_000_000
# The long side may be so many times the short one.
MAX_RATIO = 4
WIDTHS = (480, 960, 1600)  # pixels
WEBP_QUALITY = 80  # of WebP, from 0 to 100
# What Pillow reads of a file. Many phones write MPO: a JPEG with more pictures behind
# it, of which the first is the photo.
FORMATS = ("JPEG", "PNG", "WEBP")
# What Pillow raises for files that are damaged, as trying it with broken files shows.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    OverflowError,
    struct.error,
)

# How to turn a picture upright, by the orientation that its EXIF says.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pixels are counted here. Pillow's own limit is higher, and has no words for editors.
Image.MAX_IMAGE_PIXELS = None
# One picture at a time in a process, which bounds the memory.
_decoding = threading.Lock()


class PictureError(Exception):
    """The file is no picture that we take. The text tells the editor what to do."""


@dataclass(frozen=True)
class Encoded:
    """One width of a picture, as WebP."""

    width: int
    height: int
    data: bytes


def encode(file: bytes) -> list[Encoded]:
    """The picture in each of WIDTHS that it fills, narrowest first.

    A picture that is narrower than the widest comes in its own width, too. Colors are
    turned into sRGB, which is what browsers take colors without a profile for.

    Raises PictureError for a file that is too large, damaged, animated, or neither JPEG
    nor PNG nor WebP, and for a picture of too many pixels or too long a side. Pixels
    are counted before they are read.
    """
    if len(file) > MAX_FILE:
        raise PictureError(
            "This file is larger than 10 MB. Save the picture smaller, for example "
            "1,600 pixels wide, then upload it again."
        )
    with _decoding:
        return _encode(file)


def picture_hash(pictures: list[Encoded]) -> str:
    """SHA-256 of all widths, as 64 hexadecimal digits: the name in their addresses."""
    return hashlib.sha256(b"".join(each.data for each in pictures)).hexdigest()


def _encode(file: bytes) -> list[Encoded]:
    image = _opened(file)
    try:
        # JPEG can be read at a half, a quarter or an eighth, which saves memory.
        image.draft(None, (WIDTHS[-1], WIDTHS[-1]))
        image.load()
        image = _in_srgb(_upright(image))
    except DAMAGED:
        raise PictureError(
            "This file is damaged: part of the picture is missing. Upload the "
            "original again, or save it again in a picture editor."
        ) from None
    # Everything else that the file says, such as where it was taken.
    image.info = {}
    widths = {width for width in WIDTHS if width < image.width}
    widths.add(min(image.width, WIDTHS[-1]))
    encoded = []
    # Each from the one before, because the whole picture may be large.
    for width in sorted(widths, reverse=True):
        image = _narrowed(image, width)
        encoded.append(_written(image))
    return encoded[::-1]


def _opened(file: bytes) -> Image.Image:
    """The picture with nothing read but its head, once that is acceptable."""
    try:
        image = Image.open(io.BytesIO(file), formats=FORMATS)
        frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    except UnidentifiedImageError:
        raise PictureError(
            "We can’t read this file as a JPEG, PNG, or WebP picture. Save it as one "
            "of these in a picture editor, then upload it again."
        ) from None
    except DAMAGED:
        raise PictureError(
            "We can’t read this file. Save it again as a JPEG, PNG, or WebP picture, "
            "then upload it again."
        ) from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"This picture has {width:,} × {height:,} pixels, and we take at most "
            f"{MAX_PIXELS // 1_000_000} million. Save it smaller, for example 1,600 "
            "pixels wide, then upload it again."
        )
    if max(width, height) > MAX_RATIO * min(width, height):
        raise PictureError(
            "This picture is too long and narrow: one side may be at most "
            f"{MAX_RATIO} times the other. Crop it, then upload it again."
        )
    if frames > 1:
        raise PictureError(
            "This picture moves, which distracts readers. Save one frame of it as a "
            "JPEG or PNG, then upload that."
        )
    return image


def _upright(image: Image.Image) -> Image.Image:
    # ImageOps.exif_transpose would write the EXIF anew, and fails where it is odd.
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture as RGB, or RGBA where parts of it are see-through."""
    if image.mode.startswith("I"):
        # 16 bits of gray, which Pillow would cut off at 255 and not scale.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode=mode,
            )
        except ImageCms.PyCMSError:
            # The profile does not fit the picture. Colors without it are close enough.
            converted = None
        if converted:
            return converted
    return image if image.mode == mode else image.convert(mode)


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _written(image: Image.Image) -> Encoded:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=WEBP_QUALITY)
    return Encoded(image.width, image.height, buffer.getvalue())

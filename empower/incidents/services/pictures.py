"""A picture that somebody sent, drawn anew: what is kept is our own file, never theirs."""

import struct
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from empower.texts import malformed

#: What is taken at most, in bytes: a page makes a photo small before it sends it.
LARGEST = 12 * 1024 * 1024
#: Pixels that are decoded at most: a few kilobytes can ask for gigabytes of memory.
MOST_PIXELS = 40_000_000
#: The longer side of what is kept, and of what a list shows, in pixels.
LONG_SIDE, SMALL_SIDE = 1600, 240

_TAKEN = ["JPEG", "PNG", "WEBP"]
#: What Pillow raises for a file that is none of these, is cut off, or lies about itself.
_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, struct.error, MemoryError)


def too_large():
    """The sentence for more bytes than `LARGEST`."""
    return _("This photo is too large: 12 MB at most.")


@dataclass(frozen=True)
class Picture:
    """Two JPEGs in sRGB without metadata, the picture's size in pixels, and the SHA-256 of it in hex."""

    picture: bytes
    thumbnail: bytes
    width: int
    height: int
    digest: str


def read_picture(content, field="photo"):
    """The `Picture` of a JPEG, PNG or WebP in bytes: turned upright, bounded, without place, time or camera.

    ValidationError names ``field``: ``too_large`` (12 MB, 40 megapixels), ``not_a_picture``. No query; some 50 ms of
    processor time for a phone's photo, so before the transaction.
    """
    if len(content) > LARGEST:
        raise malformed(field, too_large(), code="too_large")
    try:
        with Image.open(BytesIO(content), formats=_TAKEN) as image:
            # Only the head was read so far.
            if image.width * image.height > MOST_PIXELS:
                raise malformed(field, _("This photo is too large: 40 megapixels at most."), code="too_large")
            image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded no larger than needed
            upright = ImageOps.exif_transpose(image)
            drawn = _on_white(upright)
    except (Image.DecompressionBombError, *_UNREADABLE) as error:
        # A ValidationError is no ValueError: what was said above passes.
        raise malformed(
            field, _("This is not a photo that can be read. Take it again, as JPEG, PNG or WebP."), code="not_a_picture"
        ) from error
    drawn.thumbnail((LONG_SIDE, LONG_SIDE))
    picture = _as_jpeg(drawn, quality=82)
    small = drawn.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Picture(
        picture=picture,
        thumbnail=_as_jpeg(small, quality=75),
        width=drawn.width,
        height=drawn.height,
        digest=sha256(picture).hexdigest(),
    )


def _on_white(image):
    """In RGB, of pixels alone: what a file carries beside them stays behind."""
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        sheet = Image.new("RGB", image.size, "white")
        sheet.paste(image, mask=image.getchannel("A"))
        return sheet
    sheet = Image.new("RGB", image.size)
    sheet.paste(image.convert("RGB"))
    return sheet


def _as_jpeg(image, *, quality):
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()

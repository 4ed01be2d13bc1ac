"""Pictures that attack: what is no picture is said to be none, and no picture costs more than its pixels may."""

import io
import random
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from bot.engine.pictures import LARGEST, PIXELS, clean, jpeg_name

PHONE = (Path(__file__).parents[1] / "engine" / "data" / "phone.heic").read_bytes()
"""160 by 120 pixels, to be turned, with a place in Madrid in its Exif."""


def saved(kind: str, size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes, rows: int = 0) -> bytes:
    """A PNG that says it is so large; `rows` of it are there, all black."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = zlib.compress(bytes((width * 3 + 1) * rows), 9)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def gif(width: int, height: int, frames: int = 1) -> bytes:
    """A GIF that says it is so large."""
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + frame * frames + b";"


def exif_of(data: bytes) -> bytes:
    """A JPEG with these bytes for Exif."""
    good = saved("JPEG")
    segment = b"Exif\x00\x00" + data
    return good[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + good[2:]


LOOP = b"II*\x00" + struct.pack("<I", 8) + struct.pack("<HHHII", 1, 0x8769, 4, 1, 8) + struct.pack("<I", 8)
REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a page": lambda: b"<html><script>alert(1)</script>",
    "a vector": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "a script for a printer": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
    "a program": lambda: b"\x7fELF" + bytes(500),
    "an archive": lambda: b"PK\x03\x04" + bytes(500),
    "a document": lambda: b"%PDF-1.7\n",
    "another kind": lambda: saved("TIFF"),
    "another kind, older": lambda: saved("BMP"),
    "another kind, rarer": lambda: saved("PPM"),
    "an icon": lambda: saved("ICO"),
    "only a name": lambda: b"GIF89a",
    "only a beginning": lambda: b"\x89PNG\r\n\x1a\n",
    "half of one": lambda: saved("PNG", (300, 300))[:-2000],
    "half of another": lambda: saved("JPEG", (300, 300))[:-2000],
    "half of a third": lambda: saved("WEBP", (300, 300))[:-200],
    "too many bytes": lambda: saved("PNG") + bytes(LARGEST),
    "a bomb": lambda: png(20_000, 20_000, rows=2_000),
    "a bomb, said only": lambda: png(2**31 - 1, 2**31 - 1),
    "a wide one": lambda: png(2**31 - 1, 1),
    "over the limit": lambda: png(PIXELS // 1000 + 1, 1000, rows=1000),
    "no size": lambda: png(0, 0),
    "a text that blows up": lambda: png(9, 9, chunk(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(90_000_000))), rows=9),
    "a profile that blows up": lambda: png(
        9, 9, chunk(b"iCCP", b"a\x00\x00" + zlib.compress(bytes(90_000_000))), rows=9
    ),
    "a wrong sum": lambda: png(9, 9, rows=9).replace(b"IDAT", b"IDAU"),
    "a moving bomb": lambda: gif(65_535, 65_535, 3),
    "many frames": lambda: gif(4000, 4000, 5000),
}
TAKEN: dict[str, Callable[[], bytes]] = {
    "Exif that goes round": lambda: exif_of(LOOP),
    "Exif of nonsense": lambda: exif_of(b"\xff" * 400),
    "Exif without end": lambda: exif_of(b"MM\x00*" + b"\xff\xff\xff\xff"),
    "no Exif": lambda: exif_of(b""),
    "a picture and a page": lambda: saved("PNG") + b"<script>alert(1)</script>",
    "a picture and an archive": lambda: saved("JPEG") + b"PK\x03\x04" + bytes(100),
    "another name inside": lambda: saved("GIF"),
    "the largest that may be": lambda: png(PIXELS // 1000, 1000, rows=1000),
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_taken(made: Callable[[], bytes]) -> None:
    content = made()
    tracemalloc.start()
    try:
        assert clean(content) is None
        assert tracemalloc.get_traced_memory()[1] < LARGEST * 4
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("made", TAKEN.values(), ids=TAKEN.keys())
def test_what_is_odd_and_a_picture(made: Callable[[], bytes]) -> None:
    kept = clean(made())
    assert kept is not None
    content, type_, width, height = kept
    with Image.open(io.BytesIO(content)) as image:
        assert (image.width, image.height) == (width, height)
        assert type_ == f"image/{(image.format or '').lower()}"
        assert not image.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_it_was_taken_goes_however_it_is_written(kind: str) -> None:
    """Exif isn't the only place for it: XMP has it too, and a text of a PNG may hold either."""
    where = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" exif:GPSLatitude="40,25.0N"/>'
    options: dict[str, Any] = {"xmp": where}
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_itxt("XML:com.adobe.xmp", where.decode())
        told.add_text("Raw profile type exif", "GPSLatitude")
        options = {"pnginfo": told}
    kept = clean(saved(kind, **options))
    assert kept is not None
    assert b"GPSLatitude" not in kept[0]


def test_a_picture_of_several_is_one() -> None:
    """Phones put a second picture (a depth map, brighter lights) behind the first, with Exif of its own."""
    out = io.BytesIO()
    first, second = (Image.effect_noise((60, 40), 50).convert("RGB") for _ in range(2))
    first.save(out, "MPO", save_all=True, append_images=[second])
    kept = clean(out.getvalue())
    assert kept is not None
    content, type_, width, height = kept
    assert (type_, width, height) == ("image/jpeg", 60, 40)
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "JPEG"


def test_what_an_iphone_keeps_becomes_an_upright_jpeg_that_says_nothing() -> None:
    kept = clean(PHONE)
    assert kept is not None
    content, type_, width, height = kept
    assert (type_, width, height) == ("image/jpeg", 120, 160)
    assert b"iPhone" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, dict(image.getexif())) == ("JPEG", {})
        red, _, blue = image.convert("RGB").getpixel((60, 5))  # type: ignore[misc]
        assert blue > red  # held upright, its left edge was on top
    assert [jpeg_name(name) for name in ("IMG_1.HEIC", "a.b.heif", "c.png", "heic")] == [
        "IMG_1.jpg", "a.b.jpg", "c.png", "heic",
    ]  # fmt: skip


def test_an_iphone_s_picture_that_says_it_is_huge_is_refused_unopened() -> None:
    at = PHONE.index(b"ispe") + 8
    assert struct.unpack(">II", PHONE[at : at + 8]) == (160, 120)
    assert clean(PHONE[:at] + struct.pack(">II", 30_000, 30_000) + PHONE[at + 8 :]) is None


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "HEIC"])
def test_a_broken_picture_is_a_picture_or_none(kind: str) -> None:
    """Whatever is flipped, cut out or put in: nothing escapes."""
    chance = random.Random(kind)
    exif = Image.Exif()
    exif[0x0112] = 6
    plain = {"HEIC": lambda: PHONE, "GIF": lambda: saved(kind)}
    whole = plain.get(kind, lambda: saved(kind, exif=exif.tobytes()))()
    for _ in range(600):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(min(len(broken), chance.choice((40, 200, 10**6))))
            match chance.randrange(3):
                case 0:
                    broken[at] = chance.randrange(256)
                case 1:
                    del broken[at : at + chance.randint(1, 30)]
                case _:
                    broken[at:at] = chance.randbytes(chance.randint(1, 30))
        clean(bytes(broken))

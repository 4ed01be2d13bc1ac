"""Pictures of a draft: fetched from Slack, measured, stripped of where they were taken, and kept from then on."""

import asyncio
import io
import logging
import warnings
from collections.abc import Awaitable, Callable

import pi_heif  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from bot.desk.desk import Desk
from bot.domain.posts import Picture, Post
from bot.store.blobs import Blobs

log = logging.getLogger(__name__)

LARGEST = 20 * 1024 * 1024
"""Bytes that are fetched at the most; the networks' own limits are lower and checked by their connectors."""
PIXELS = 50_000_000
"""Of all frames together: what a phone takes, and no more than the machine can hold open."""
pi_heif.register_heif_opener(thumbnails=False)
TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "MPO": "image/jpeg",
    "HEIF": "image/jpeg",
}
"""By Pillow's names, what is kept. MPO is a JPEG with further pictures behind it, as phones write it; HEIF is what an
iPhone keeps its pictures in, and what no network takes."""
STILLS = frozenset({"MPO", "HEIF"})
"""Of what else is in them only the first picture counts."""
QUALITIES = (95, 90, 85, 75)
EASY = 5 * 1024 * 1024
"""Bytes that a converted picture keeps within where it can: what X takes."""
_OPENED = tuple(kind for kind in TYPES if kind != "MPO")
_TELLING = ("exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif", "Raw profile type xmp", "photoshop", "comment")
"""Where pictures say when, where and by whom they were taken."""
WORKERS = asyncio.Semaphore(2)


class FileGone(Exception):
    """Slack has no such file any more, or does not let us read it."""


class Pictures:
    """Makes a revision's pictures ready for approval. `download` answers a Slack file's bytes or raises FileGone."""

    def __init__(self, desk: Desk, blobs: Blobs, download: Callable[[str], Awaitable[bytes]]) -> None:
        self._desk = desk
        self._blobs = blobs
        self._download = download

    async def fetch(self, post_id: str) -> None:
        """Fetch and measure what is still missing in the newest revision of a post."""
        post: Post = await self._desk.posts.get(post_id)
        revision = post.current
        if revision.ready:
            return
        done = tuple([await self._one(picture) for picture in revision.pictures])
        await self._desk.posts.measured(post_id, revision.number, done)

    async def _one(self, picture: Picture) -> Picture:
        if picture.blob or picture.problem:
            return picture
        try:
            content = await self._download(picture.file)
        except FileGone:
            log.warning("picture %s is gone", picture.file)
            return picture.model_copy(update={"problem": "check.picture_gone"})
        async with WORKERS:
            kept = await asyncio.to_thread(clean, content)
        if kept is None:
            return picture.model_copy(update={"problem": "check.picture_broken"})
        content, type_, width, height = kept
        blob = await self._blobs.put(content)
        name = jpeg_name(picture.name) if type_ == "image/jpeg" else picture.name
        facts = {"blob": blob, "type": type_, "size": len(content), "width": width, "height": height, "name": name}
        return picture.model_copy(update=facts)


def clean(content: bytes) -> tuple[bytes, str, int, int] | None:
    """A picture's bytes without metadata, its type and its size in pixels; None when it isn't a usable picture.

    Untouched when there is nothing to take away: what fits is never changed. A turned picture is turned upright.
    What would take more room than its pixels may counts as unusable, before it is unpacked.
    """
    if len(content) > LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # odd Exif: it goes anyway
            with Image.open(io.BytesIO(content), formats=_OPENED) as image:
                return _cleaned(image, content)
    except Image.DecompressionBombWarning:
        log.info("a picture is too large to open safely")
    except Exception:  # a broken picture breaks Pillow in a dozen ways; all of them mean the same
        log.info("a picture could not be read", exc_info=True)
    return None


def _cleaned(image: Image.Image, content: bytes) -> tuple[bytes, str, int, int] | None:
    kind = image.format or ""
    frames = 1 if kind in STILLS else getattr(image, "n_frames", 1)
    if kind not in TYPES or not 0 < image.width * image.height * frames <= PIXELS:
        return None
    image.load()
    told = [name for name in _TELLING if name in image.info]
    if kind not in STILLS and not told and not image.getexif():
        return content, TYPES[kind], image.width, image.height
    if frames > 1:
        return _still_moving(image, kind)
    upright = _upright(image)
    if kind == "HEIF":
        return _as_jpeg(upright), TYPES[kind], upright.width, upright.height
    out = io.BytesIO()
    options: dict[str, object] = {"quality": 95} if TYPES[kind] != "image/png" else {}
    upright.save(out, format=TYPES[kind].partition("/")[2], **options)
    return out.getvalue(), TYPES[kind], upright.width, upright.height


def _as_jpeg(image: Image.Image) -> bytes:
    """The best quality that every network takes, else the smallest."""
    for quality in QUALITIES:
        out = io.BytesIO()
        image.convert("RGB").save(out, format="JPEG", quality=quality, icc_profile=image.info.get("icc_profile"))
        if out.tell() <= EASY:
            break
    return out.getvalue()


def jpeg_name(name: str) -> str:
    """A file's name for what it is now."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.jpg" if dot and suffix.lower() in {"heic", "heif"} else name


def _upright(image: Image.Image) -> Image.Image:
    """As it should be seen, with its pixels and its colours and nothing else."""
    try:
        turned = ImageOps.exif_transpose(image)
    except Exception:  # Exif that can't be read says nothing of how it was held
        log.info("a picture's Exif could not be read", exc_info=True)
        turned = image.copy()
    turned.info = {name: turned.info[name] for name in ("icc_profile", "transparency", "gamma") if name in turned.info}
    turned.getexif().clear()
    return turned


def _still_moving(image: Image.Image, kind: str) -> tuple[bytes, str, int, int]:
    """All frames, without what they tell."""
    out = io.BytesIO()
    image.info = {name: value for name, value in image.info.items() if name not in _TELLING}
    image.getexif().clear()
    image.save(out, format=kind, save_all=True, exif=b"", comment=b"")
    return out.getvalue(), TYPES[kind], image.width, image.height

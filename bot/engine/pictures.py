"""Pictures of a draft: fetched from Slack, measured, stripped of where they were taken, and kept from then on."""

import asyncio
import io
import logging
import warnings
from collections.abc import Awaitable, Callable

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.desk.desk import Desk
from bot.domain.posts import Picture, Post
from bot.store.blobs import Blobs

log = logging.getLogger(__name__)

LARGEST = 20 * 1024 * 1024
"""Bytes that are fetched at the most; the networks' own limits are lower and checked by their connectors."""
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
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
        facts = {"blob": blob, "type": type_, "size": len(content), "width": width, "height": height}
        return picture.model_copy(update=facts)


def clean(content: bytes) -> tuple[bytes, str, int, int] | None:
    """A picture's bytes without metadata, its type and its size in pixels; None when it isn't a usable picture.

    Untouched when there is nothing to take away: what fits is never changed. A turned picture is turned upright.
    Decompression bombs count as unusable (Pillow's own limit).
    """
    if len(content) > LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                kind = image.format or ""
                if kind not in TYPES:
                    return None
                image.load()
                exif = image.getexif()
                if not exif and "exif" not in image.info:
                    return content, TYPES[kind], image.width, image.height
                upright = ImageOps.exif_transpose(image)
                upright.info.pop("exif", None)
                out = io.BytesIO()
                options: dict[str, object] = {"quality": 95} if kind in {"JPEG", "WEBP"} else {}
                upright.save(out, format=kind, exif=b"", **options)
                return out.getvalue(), TYPES[kind], upright.width, upright.height
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        log.info("a picture could not be read", exc_info=True)
        return None
    except Image.DecompressionBombWarning:
        log.info("a picture is too large to open safely")
        return None

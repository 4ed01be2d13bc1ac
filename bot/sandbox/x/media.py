"""Uploading pictures and videos to X: in one request, or in chunks; and their alt text."""

import base64
import binascii
from typing import Any

from aiohttp import web

from bot.sandbox.pictures import measure
from bot.sandbox.public import Medium
from bot.sandbox.storage import rows
from bot.sandbox.x import shapes
from bot.sandbox.x.auth import Caller
from bot.sandbox.x.problems import invalid, plain
from bot.sandbox.x.service import X
from bot.sandbox.x.shapes import Schema, check
from bot.sandbox.x.text import NETWORK

LIFETIME = 86_400  # assumed: "about a day"; the live answer says it in expires_after_secs
# docs.x.com/x-api/media/introduction.
MAX_BYTES = {"tweet_image": 5 << 20, "dm_image": 5 << 20, "tweet_gif": 15 << 20, "dm_gif": 15 << 20}
MAX_VIDEO = 512 << 20
PROCESSING = 2  # seconds that a video needs (assumed)
KINDS = {"tweet_image": "photo", "dm_image": "photo", "tweet_gif": "animated_gif", "dm_gif": "animated_gif"}
PREFIX = {"photo": "3", "animated_gif": "16", "video": "7"}


class Uploads:
    """The routes under /2/media."""

    def __init__(self, x: X) -> None:
        self.x, self.public = x, x.public
        x.sandbox.db.execute(
            "CREATE TABLE IF NOT EXISTS x_chunks (media TEXT, n INTEGER, bytes BLOB, PRIMARY KEY (media, n))"
        )

    def mount(self, app: web.Application) -> None:
        """Add the routes."""
        x, post = self.x, app.router.add_post
        post("/2/media/upload", x.route("upload", self.upload))
        app.router.add_get("/2/media/upload", x.route("upload", self.status))
        post("/2/media/upload/initialize", x.route("upload", self.initialize))
        post("/2/media/upload/{id}/append", x.route("append", self.append))
        post("/2/media/upload/{id}/finalize", x.route("upload", self.finalize))
        post("/2/media/metadata", x.route("metadata", self.metadata))

    async def _fields(self, request: web.Request, schema: Schema) -> tuple[dict[str, Any], bytes]:
        """The body of an upload, as JSON with base64 or as multipart, and the bytes in it."""
        if request.content_type == "application/json":
            body = await self.x.body(request, schema)
            try:
                return body, base64.b64decode(body["media"], validate=True)
            except binascii.Error:
                raise invalid("$.media: is not valid base64", media="") from None
        if request.content_type != "multipart/form-data":
            raise invalid("Request body must be JSON or multipart/form-data.")
        form = await request.post()
        data = b""
        body = {}
        for name, value in form.items():
            if name == "media":
                data = value.file.read() if isinstance(value, web.FileField) else _raw(value)
                body[name] = ""
            elif isinstance(value, str):
                numeric = schema["properties"].get(name, {}).get("type") == "integer"
                body[name] = int(value) if numeric and value.isdigit() else value
        check(body, schema)
        return body, data

    async def upload(self, request: web.Request, caller: Caller) -> web.Response:
        """`POST /2/media/upload`: a whole picture. Assumed: videos must come in chunks."""
        body, data = await self._fields(request, shapes.UPLOAD)
        category = body["media_category"]
        if category not in KINDS:
            raise invalid("$.media_category: videos and subtitles must be uploaded in chunks", media_category=category)
        medium = self._store(self.x.new_id(self.x.sandbox.now()), caller, category, data)
        return web.json_response({"data": self._data(medium)})

    def _store(self, ident: str, caller: Caller, category: str, data: bytes) -> Medium:
        now = self.x.sandbox.now()
        kind = KINDS.get(category, "video")
        if not data or len(data) > MAX_BYTES.get(category, MAX_VIDEO):
            raise invalid("$.media: the file is empty or too large", media=f"{len(data)} bytes")
        extra: dict[str, Any] = {"expires": now + LIFETIME, "media_key": f"{PREFIX[kind]}_{ident}", "kind": kind}
        if kind == "video":
            extra |= {"type": "video/mp4", "ready": now + PROCESSING}
        else:
            picture = measure(data)
            if picture is None or (kind == "animated_gif") != (picture.type == "image/gif"):
                raise invalid("$.media: media type unrecognized.", media=f"{len(data)} bytes")
            extra |= {"type": picture.type, "width": picture.width, "height": picture.height, "ready": now}
        medium = Medium(ident, NETWORK, caller.account, "", extra["type"], data, "", now, extra)
        self.public.keep_medium(medium)
        return medium

    def _data(self, medium: Medium) -> dict[str, Any]:
        now = self.x.sandbox.now()
        data: dict[str, Any] = {
            "id": medium.id,
            "media_key": medium.extra["media_key"],
            "size": len(medium.bytes),
            "expires_after_secs": max(0, int(medium.extra["expires"] - now)),
        }
        if medium.extra["kind"] == "video":
            waiting = medium.extra["ready"] > now
            state = {"state": "in_progress", "check_after_secs": 1, "progress_percent": 50}
            data["processing_info"] = state if waiting else {"state": "succeeded", "progress_percent": 100}
        else:
            size = {"w": medium.extra["width"], "h": medium.extra["height"]}
            data["image"] = {"image_type": medium.type, **size}
        return data

    def _own(self, ident: str, caller: Caller) -> Medium:
        medium = self.public.medium(ident)
        if medium is None or medium.network != NETWORK or medium.account != caller.account:
            raise invalid("Your media IDs are invalid.", id=ident)
        return medium

    async def status(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/media/upload?media_id=`."""
        if set(request.query) - {"media_id", "command"} or request.query.get("command", "STATUS") != "STATUS":
            raise invalid("The query parameters are media_id and command=STATUS")
        medium = self._own(request.query.get("media_id", ""), caller)
        if "ready" not in medium.extra:
            raise invalid("The upload isn't finalized.", media_id=medium.id)
        return web.json_response({"data": self._data(medium)})

    async def initialize(self, request: web.Request, caller: Caller) -> web.Response:
        """`POST /2/media/upload/initialize`."""
        body = await self.x.body(request, shapes.INITIALIZE)
        for name in ("media_type", "total_bytes", "media_category"):
            if name not in body:  # optional in the description; without them nothing can follow
                raise invalid(f"$.{name}: is missing but it is required", **{name: ""})
        now = self.x.sandbox.now()
        ident = self.x.new_id(now)
        kind = KINDS.get(body["media_category"], "video")
        extra = {"expires": now + LIFETIME, "media_key": f"{PREFIX[kind]}_{ident}", "kind": kind, **body}
        self.public.keep_medium(Medium(ident, NETWORK, caller.account, "", body["media_type"], b"", "", now, extra))
        data = {"id": ident, "media_key": extra["media_key"], "expires_after_secs": LIFETIME}
        return web.json_response({"data": data})

    async def append(self, request: web.Request, caller: Caller) -> web.Response:
        """`POST /2/media/upload/:id/append`: the same segment again replaces it."""
        medium = self._own(request.match_info["id"], caller)
        body, data = await self._fields(request, shapes.APPEND)
        if "ready" in medium.extra:
            raise invalid("The upload is finalized.", id=medium.id)
        self.x.sandbox.db.execute(
            "INSERT OR REPLACE INTO x_chunks VALUES (?,?,?)", (medium.id, body["segment_index"], data)
        )
        return web.json_response({"data": {"expires_at": int(medium.extra["expires"])}})

    async def finalize(self, request: web.Request, caller: Caller) -> web.Response:
        """`POST /2/media/upload/:id/finalize`: every segment and every byte must be there."""
        medium = self._own(request.match_info["id"], caller)
        db = self.x.sandbox.db
        chunks = rows(db, "SELECT n, bytes FROM x_chunks WHERE media = ? ORDER BY n", medium.id)
        data = b"".join(chunk["bytes"] for chunk in chunks)
        complete = [chunk["n"] for chunk in chunks] == list(range(len(chunks)))
        if "ready" in medium.extra or not complete or len(data) != medium.extra["total_bytes"]:
            raise invalid("Segments do not add up to provided total file size.", id=medium.id)
        stored = self._store(medium.id, caller, medium.extra["media_category"], data)
        db.execute("DELETE FROM x_chunks WHERE media = ?", (medium.id,))
        return web.json_response({"data": self._data(stored)})

    async def metadata(self, request: web.Request, caller: Caller) -> web.Response:
        """`POST /2/media/metadata`: alt text, up to 1,000 characters."""
        body = await self.x.body(request, shapes.METADATA)
        medium = self._own(body["id"], caller)
        if medium.extra["kind"] == "video":
            raise plain(403, "Forbidden", "Alt text is for photos and GIFs.")  # assumed
        alt = body.get("metadata", {}).get("alt_text", {}).get("text", "")
        self.x.sandbox.db.execute("UPDATE media SET alt = ? WHERE id = ?", (alt, medium.id))
        self.x.costs.charge(caller.account, "metadata", medium.id)
        data = {"id": medium.id, "associated_metadata": {"alt_text": {"text": alt}}}
        return web.json_response({"data": data})


def _raw(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode("utf-8", "surrogateescape")

"""The client's page: `/client/<token>`, where somebody outside the team approves posts or asks for changes.

The token in the address is all that lets anybody in: there are no cookies, so no other site can act in a reader's name.
"""

import re
from collections import Counter
from datetime import datetime, timedelta

from aiohttp import web
from redis.exceptions import RedisError

from bot.desk.clients import POSTS, ForClient
from bot.desk.desk import Desk
from bot.errors import AlreadyDone, FieldErrors, StoreError, UserError
from bot.journal import register_secret
from bot.store.blobs import Blobs
from bot.web.client_page import SAID, STYLE_HASH, Kept, closed_page, page

PATH = "/client/{token}"
WRONG, SPAN = 60, timedelta(minutes=1)
"""Wrong addresses that one caller may try in a span before the answer is to wait."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_POST = re.compile(r"\A([^ ]{1,200}) ([0-9a-f]{64})")
_SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src '{STYLE_HASH}'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class ClientPages:
    """Four routes. An unknown link, one that was revoked, one that ended and one that can't be one are answered
    alike."""

    def __init__(self, desk: Desk) -> None:
        self._clients = desk.clients
        self._blobs = Blobs(desk.store)
        self._now = desk.now
        self._wrong: Counter[str] = Counter()
        self._since: datetime | None = None

    def routes(self) -> list[web.RouteDef]:
        """For an aiohttp application."""
        return [
            web.get(PATH, self.show),
            web.get(PATH + "/picture/{blob}", self.picture),
            web.post(PATH + "/approve", self.approve),
            web.post(PATH + "/changes", self.changes),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The posts that wait; 404 without a link, 503 while the store is away."""
        try:
            found = await self._open(request)
        except (RedisError, StoreError):
            return _away()
        if found is None:
            return self._closed(request)
        said = {key: int(request.query[key]) for key in SAID if re.fullmatch(r"\d{1,2}", request.query.get(key, ""))}
        return _answer(page(found, request.match_info["token"], self._now(), said=said))

    async def picture(self, request: web.Request) -> web.Response:
        """A picture of a post that waits; nothing else can be had through a link."""
        name = request.match_info["blob"]
        try:
            found = await self._open(request)
            shown = [each for post in found.posts for each in post.current.pictures] if found is not None else []
            picture = next((each for each in shown if each.blob == name and each.type in _SHOWN), None)
            if picture is None:
                return self._closed(request)
            body = await self._blobs.get(name)
        except (RedisError, StoreError):
            return _away()
        return web.Response(body=body, content_type=picture.type, headers=_HEADERS)

    async def approve(self, request: web.Request) -> web.Response:
        """One post, or all that were shown; what came of each is told on the page."""
        try:
            if await self._open(request) is None:
                return self._closed(request)
            form = await request.post()
            came: Counter[str] = Counter()
            for value in dict.fromkeys(map(str, form.getall("post", ())[:POSTS])):
                came[await self._approved(request.match_info["token"], value)] += 1
        except (RedisError, StoreError):
            return _away()
        return _see_other(request, came or Counter({"not_now": 1}))

    async def _approved(self, token: str, value: str) -> str:
        given = _POST.fullmatch(value)
        if given is None:
            return "not_now"
        try:
            await self._clients.approve(token, given[1], given[2])
        except UserError as error:
            return _told(error)
        return "approved"

    async def changes(self, request: web.Request) -> web.Response:
        """Ask for changes with words; where that is not possible, the words are still there."""
        try:
            if await self._open(request) is None:
                return self._closed(request)
            form = await request.post()
            given = _POST.fullmatch(str(form.get("post", "")))
            words = str(form.get("reason", "")).replace("\r\n", "\n")
            try:
                if given is None:
                    raise UserError("client.page.not_now")
                await self._clients.request_changes(request.match_info["token"], given[1], given[2], words)
            except UserError as error:
                wrong = error.fields.get("reason") if isinstance(error, FieldErrors) else None
                found = await self._open(request)
                if found is None:
                    return self._closed(request)
                told = {} if wrong is not None else {_told(error): 1}
                kept = Kept(given[1] if given else "", words, wrong)
                answer = page(found, f"../{request.match_info['token']}", self._now(), said=told, kept=kept)
                return _answer(answer, 409 if told else 422)
        except (RedisError, StoreError):
            return _away()
        return _see_other(request, Counter({"changes": 1}))

    async def _open(self, request: web.Request) -> ForClient | None:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return None
        found = await self._clients.open(token)
        if found is not None:  # what somebody made up is no secret, and would fill the memory
            register_secret(token)
        return found

    def _closed(self, request: web.Request) -> web.Response:
        """The one answer to whoever has no link; after too many of them, to wait. A right link is never kept waiting:
        behind a proxy everybody may have one address."""
        now, caller = self._now(), request.remote or ""
        if self._since is None or not timedelta() <= now - self._since < SPAN:
            self._since = now
            self._wrong.clear()
        self._wrong[caller] += 1
        if self._wrong[caller] > WRONG:
            return web.Response(status=429, headers={**_HEADERS, "Retry-After": str(int(SPAN.total_seconds()))})
        return _answer(closed_page("client.page.closed"), 404)


def _told(error: UserError) -> str:
    """Under which count an error is told."""
    if isinstance(error, AlreadyDone):
        return "already"
    told = {"client.page.newer": "newer", "error.newer_revision": "newer", "error.blocked": "held"}
    return told.get(error.key, "not_now")


def _see_other(request: web.Request, came: Counter[str]) -> web.Response:
    """Back to the page, so that loading it again sends nothing again. Relative: a proxy may have put it elsewhere."""
    query = "&".join(f"{key}={count}" for key, count in sorted(came.items()))
    return web.Response(status=303, headers={**_HEADERS, "Location": f"../{request.match_info['token']}?{query}"})


def _answer(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=_HEADERS)


def _away() -> web.Response:
    answer = _answer(closed_page("client.page.away"), 503)
    answer.headers["Retry-After"] = "60"
    return answer

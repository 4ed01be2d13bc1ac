"""A brand's calendar for people outside Slack: `/ical/<token>.ics`, as every calendar program reads it (RFC 5545).

Times are in UTC, so that no program needs to know a zone; a post's time moves with its UID and a higher SEQUENCE.
"""

import asyncio
import hashlib
import re
from datetime import timedelta

from aiohttp import web
from redis.exceptions import RedisError

from bot.desk.agenda import Entry
from bot.desk.calendar_links import CalendarLinks, Shared
from bot.desk.desk import Desk
from bot.domain.posts import PostStatus
from bot.errors import StoreError
from bot.text.markup import cut
from bot.text.words import Words, words_for

PATH = "/ical/{token}.ics"
LASTS = timedelta(minutes=15)
"""How long an entry is drawn: a post has no end, and one of no length is not shown everywhere."""
REFRESH = timedelta(hours=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_UNSAYABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class Calendars:
    """One route. An unknown link, one that was revoked and one that can't be one are answered alike."""

    def __init__(self, desk: Desk) -> None:
        self._links: CalendarLinks = desk.calendar_links

    def routes(self) -> list[web.RouteDef]:
        """For an aiohttp application."""
        return [web.get(PATH, self.give)]

    async def give(self, request: web.Request) -> web.Response:
        """The calendar; 304 to whoever has it already, 404 without a link, 503 while the store is away."""
        token = request.match_info["token"]
        try:
            shared = await self._links.read(token) if _TOKEN.fullmatch(token) else None
        except (RedisError, StoreError):
            return web.Response(status=503, headers={**_HEADERS, "Retry-After": "60"})
        if shared is None:
            return web.Response(status=404, text="Not found.\n", headers=_HEADERS)
        body = await asyncio.to_thread(calendar_of, shared)  # a busy brand's takes half a second
        tag = hashlib.sha256(body).hexdigest()[:32]
        headers = {**_HEADERS, "ETag": f'"{tag}"'}
        if any(each.value in {tag, "*"} for each in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=headers)


def calendar_of(shared: Shared) -> bytes:
    """A brand's posts as an iCalendar file in the brand's language. The same posts give the same bytes."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - a third of a second that only a served calendar needs

    words = words_for(shared.brand.language)
    calendar = Calendar()
    calendar.add("prodid", "-//Vocero//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _clean(shared.brand.name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in shared.entries:
        if entry.at is None:
            continue
        post, at = entry.post, entry.at.replace(microsecond=0)
        where = [_account(id_, shared) for id_ in post.current.accounts if id_ in shared.accounts]
        state = _state(entry, words)
        text = _clean(post.current.text)
        event = Event()
        event.add("uid", f"{post.id}@vocero")
        event.add("dtstamp", post.changed_at.replace(microsecond=0))
        event.add("last-modified", post.changed_at.replace(microsecond=0))
        event.add("sequence", post.version)
        event.add("dtstart", at)
        event.add("dtend", at + LASTS)
        event.add("summary", f"{state} · {cut(' '.join(text.split()), 80) or words('compose.empty_draft')}")
        event.add("description", "\n\n".join([state, "\n".join(where), *map(_clean, post.current.segments)]))
        event.add("status", "CONFIRMED" if post.status is PostStatus.APPROVED else "TENTATIVE")
        event.add("transp", "TRANSPARENT")  # it takes nobody's time
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _account(id_: str, shared: Shared) -> str:
    account = shared.accounts[id_]
    name = f"@{account.handle}" if account.handle else account.name
    return _clean(f"{shared.titles.get(account.network, account.network)} {name}")


def _state(entry: Entry, words: Words) -> str:
    if entry.post.status is not PostStatus.APPROVED or not entry.deliveries:
        return words(f"post_status.{entry.post.status}")
    return ", ".join(dict.fromkeys(words(f"delivery_status.{each.state}") for each in entry.deliveries))


def _clean(text: str) -> str:
    """Without what no calendar may hold: control characters and halves of letters (RFC 5545, 3.1)."""
    return _UNSAYABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))

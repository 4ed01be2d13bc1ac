"""Draws one card in one channel that is ours to write to: posts it once, then edits it in place.

Slack gives posted messages no idempotency key. So a durable note says that a message is on its way before it leaves,
the card's key rides as the message's metadata, and after a crash between the two the channel is searched for it.
"""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from bot.errors import VoceroError
from bot.slack.blocks import Message
from bot.slack.call import Scene
from bot.slack.cards import Card, Sheet
from bot.slack.client import SlackApi, SlackLimited, SlackRefused
from bot.slack.payload import PINNED, text_at
from bot.slack.placed import Placed
from bot.store.records import Store

EVENT_TYPE = "vocero_card"
POST = timedelta(seconds=1)
"""What a post takes from a channel's pace; https://docs.slack.dev/apis/web-api/rate-limits: one a second."""
UPDATE = timedelta(seconds=0.5)
SURE = timedelta(seconds=5)
"""How long a message may be on its way; earlier, not finding it proves nothing."""
SKEW = timedelta(minutes=5)
PAGES = 40
"""Of fifteen messages each: more than a channel takes at Slack's pace in twice the skew."""
PARENTLESS = frozenset({"cannot_reply_to_message", "thread_not_found"})
"""What Slack says of a thread whose first message is gone."""

T = TypeVar("T")


class NotYet(VoceroError):
    """The card can't be drawn before `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__("not yet")
        self.at = at


class ParentGone(VoceroError):
    """Somebody deleted the card under which this one belongs; its record says so by now, so it can be posted anew."""


log = logging.getLogger(__name__)


class Sender:
    """Knows where each card is; `reach` names a failpoint on the way.

    Raises SlackError, Conflict, NotYet and ParentGone.
    """

    def __init__(self, store: Store, api: SlackApi, scene: Scene, reach: Callable[[str], None]) -> None:
        self._store = store
        self._api = api
        self._reach = reach
        self._now = scene.desk.now
        self._after: dict[str, datetime] = {}  # methods that have one limit for all channels: posts may go on

    async def put(self, channel: str, card: Card, sheet: Sheet, parent: Card | None) -> timedelta:
        """Makes the card look like the sheet; answers what that takes from the channel's pace."""
        placed = await self._store.find(Placed, Placed.name(channel, card.key))
        if placed is not None and placed.posting is not None:
            placed = await self._found(placed, parent)
        if placed is None or not placed.ts:
            if sheet.only_there:
                return timedelta()
            return await self._post(channel, card, sheet, parent, placed)
        digest = digest_of(sheet.message)
        if sheet.pinned or sheet.version < placed.drawn or digest == placed.digest:
            return timedelta()
        ts, home = placed.ts, placed.home
        try:
            await self._paced("chat.update", lambda: self._api.update(home, ts, sheet.message))
        except SlackRefused as error:
            if error.error != "message_not_found":
                raise
            log.info("a card was deleted, so it is posted again", extra={"card": card.key})
            gone = await self._keep(placed, ts="", drawn=0, digest="")
            return await self._post(channel, card, sheet, parent, gone)
        await self._keep(placed, drawn=sheet.version, digest=digest)
        return UPDATE

    async def where(self, card: Card) -> tuple[str, str] | None:
        """The Slack channel and ts of a card's message, None when it has none."""
        places = await self._store.listed(Placed, f"placed:{card.key}")
        return next(((placed.home, placed.ts) for placed in places if placed.ts), None)

    async def home(self, channel: str) -> str:
        """The Slack channel behind `@` and a member id; any other channel is one."""
        if not channel.startswith("@"):
            return channel
        key, user = self._store.key("directs"), channel.rpartition(":")[2].removeprefix("@")
        known = await self._store.client.hget(key, user)
        if known is None:
            known = await self._paced("conversations.open", lambda: self._api.direct(user))
            await self._store.client.hset(key, user, known)
        return str(known)

    async def _post(
        self, channel: str, card: Card, sheet: Sheet, parent: Card | None, placed: Placed | None
    ) -> timedelta:
        home, thread = await self.home(channel), await self._thread(channel, parent)
        new = placed or Placed(id=Placed.name(channel, card.key), channel=channel, card=card.key)
        noted = await self._keep(new, home=home, posting=self._now())
        self._reach("card.before_post")
        if self._now() - (noted.posting or self._now()) > SURE:
            raise NotYet(self._now())  # we slept in between: somebody else may be at it
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"card": card.key}}
        try:
            ts = await self._api.post(
                home, _shown(sheet), thread_ts=thread, metadata=metadata, broadcast=sheet.broadcast and bool(thread)
            )
        except SlackRefused as error:
            await self._keep(noted, posting=None)
            if parent is None or thread is None or error.error not in PARENTLESS:
                raise
            raise await self._orphaned(channel, parent, thread) from error
        self._reach("card.after_post")
        await self._keep(noted, ts=ts, posting=None, drawn=sheet.version, digest=digest_of(sheet.message))
        return POST

    async def _found(self, placed: Placed, parent: Card | None) -> Placed:
        """What became of a message that was on its way when somebody crashed or got no answer."""
        since, home = placed.posting or self._now(), placed.home
        if self._now() - since < SURE:
            raise NotYet(since + SURE)
        thread = await self._thread(placed.channel, parent)
        method = "conversations.replies" if thread else "conversations.history"
        oldest, latest = (f"{at.timestamp():.6f}" for at in (since - SKEW, since + SKEW))
        cursor: str | None = None
        for _ in range(PAGES):
            page = partial(self._api.recent, home, oldest, latest, thread_ts=thread, cursor=cursor)
            try:
                messages, cursor = await self._paced(method, page)
            except SlackRefused as error:
                if parent is None or thread is None or error.error not in PARENTLESS:
                    raise
                await self._keep(placed, posting=None)  # with its thread, it is gone too
                raise await self._orphaned(placed.channel, parent, thread) from error
            for message in messages:
                if _card_in(message) == placed.card and (ts := text_at(message, "ts")):
                    log.info("found a card that was posted just before a crash", extra={"card": placed.card})
                    return await self._keep(placed, ts=ts, posting=None, drawn=0, digest="")
            if not cursor:
                break
        return await self._keep(placed, posting=None)

    async def _paced(self, method: str, call: Callable[[], Awaitable[T]]) -> T:
        """The answer, unless Slack asked us not to use this method before some moment."""
        if (until := self._after.get(method)) is not None and self._now() < until:
            raise NotYet(until)
        try:
            return await call()
        except SlackLimited as error:
            self._after[method] = until = self._now() + timedelta(seconds=error.seconds)
            raise NotYet(until) from error

    async def _orphaned(self, channel: str, parent: Card, ts: str) -> ParentGone:
        placed = await self._store.find(Placed, Placed.name(channel, parent.key))
        if placed is not None and placed.ts == ts:
            await self._keep(placed, ts="", drawn=0, digest="")
        return ParentGone(f"{parent.key} was deleted")

    async def _thread(self, channel: str, parent: Card | None) -> str | None:
        if parent is None:
            return None
        placed = await self._store.find(Placed, Placed.name(channel, parent.key))
        return placed.ts if placed is not None and placed.ts else None

    async def _keep(self, placed: Placed, **changes: object) -> Placed:
        """Stores it changed; raises Conflict when another sender was there."""
        changed = placed.model_copy(update=changes)
        change = self._store.begin()
        change.put(changed, placed if placed.version else None)
        await change.commit()
        return changed.model_copy(update={"version": placed.version + 1})


def _shown(sheet: Sheet) -> Message:
    """The message; one that is never drawn again says so, because a press on it needs another sign that it worked."""
    if not sheet.pinned or not sheet.message.blocks:
        return sheet.message
    first, *others = sheet.message.blocks
    return Message(sheet.message.text, [{**first, "block_id": PINNED}, *others])


def digest_of(message: Message) -> str:
    """Of all that is shown."""
    shown = json.dumps([message.text, list(message.blocks)], sort_keys=True)
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _card_in(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata")
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return str(payload.get("card")) if isinstance(payload, Mapping) else None

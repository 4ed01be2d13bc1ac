"""Looks after the store from every process: starts the embedded one again, and says in Slack itself when it is away.

While the store is away nothing can be noted there, so whom to tell is kept in memory, and the processes of one machine
agree through a file who speaks: people hear once that it is away and once that it is back.
"""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.desk.desk import Desk
from bot.errors import StoreError, StoreUnavailable
from bot.store import outage
from bot.store.client import Cause, Client, NoAnswer
from bot.store.launcher import StoreStopped, revive_store
from bot.store.outage import Outage
from bot.store.server import disk_trouble, last_words
from bot.text.times import moment
from bot.text.words import Words, words_for

log = logging.getLogger(__name__)

BEAT = 5.0
"""Seconds between two looks while all is well."""
PAUSE = 0.25
"""… and while it isn't."""
PATIENCE = 5.0
"""Seconds that the store may be away before people hear of it."""
CALM = 1.5
"""Seconds for which it must take everything again to count as back."""
HEAR = 60.0
"""Seconds between two looks at whom to tell."""
QUIET = timedelta(minutes=10)
"""For how long no second message says that a store that ended was started again."""

Say = Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True)
class Listener:
    """Somebody who is told: a Slack channel's id, or `@` and a member's; their language and zone."""

    where: str
    locale: str
    zone: str


async def listeners_of(desk: Desk) -> Sequence[Listener]:
    """The alerts channels of all brands, and the workspace's admins."""
    told = {
        brand.channel("alerts"): Listener(brand.channel("alerts"), brand.language, brand.zone)
        for brand in await desk.brands.all()
    }
    for admin in sorted((await desk.workspace()).admins):
        member = await desk.member(admin)
        told[f"@{admin}"] = Listener(f"@{admin}", member.locale, member.zone)
    return list(told.values())


@dataclass
class _Away:
    """One time without the store, as this process sees it."""

    since: datetime
    began: float
    cause: str
    revived: bool = False
    told: bool = False
    heard: set[str] = field(default_factory=set)
    next_try: float = 0.0
    tries: int = 0


class Storekeeper:
    """One a process, named `me`. data: the folder of the embedded store, or of what the machine remembers.

    back: what is done first when the store is back. embedded: whether the store in `data` is ours to start.
    """

    def __init__(
        self,
        client: Client,
        desk: Desk,
        *,
        me: str,
        data: Path,
        embedded: bool,
        say: Say,
        back: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._client = client
        self._desk = desk
        self._me = me
        self._data = data
        self._embedded = embedded
        self._say = say
        self._back = back
        self._beat_key = desk.store.key("storekeeper")
        self._listeners: Sequence[Listener] = ()
        self._heard_at = float("-inf")
        self._said_revived: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        await self._left_behind()
        while True:
            asked, error = await self._calm()
            await self._away(_Away(self._desk.now(), asked, error.cause.value), error)

    # --- looking

    async def _calm(self) -> tuple[float, NoAnswer]:
        """Returns when the store doesn't take what it is given: since when, and why."""
        while True:
            self._client.trouble.clear()
            asked = time.monotonic()
            error = await self._beat() or await self._hear()
            if error is not None:
                return asked, error
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._client.trouble.wait()
                await asyncio.sleep(PAUSE / 5)  # one lost connection is no trouble, but a look is due

    async def _beat(self) -> NoAnswer | None:
        """A write, because a store may answer and take nothing any more."""
        try:
            await self._client.set(self._beat_key, self._me, px=60_000)
        except NoAnswer as error:
            return error
        return None

    async def _hear(self) -> NoAnswer | None:
        if time.monotonic() - self._heard_at < HEAR:
            return None
        try:
            self._listeners = await listeners_of(self._desk)
        except NoAnswer as error:
            return error
        except StoreError:
            log.exception("nobody knows whom to tell")
        self._heard_at = time.monotonic()
        return None

    # --- a time without it

    async def _away(self, away: _Away, error: NoAnswer | None) -> None:
        log.warning("the store is away: %s", error)
        good: float | None = None
        while True:
            now = time.monotonic()
            if error is not None:
                good = None
                await self._act(away, error)
                if now - away.began >= PATIENCE:
                    await self._tell(away)
            else:
                good = good or now
                if now - good >= CALM:
                    break
            await asyncio.sleep(PAUSE)
            error = await self._beat()
        lasted = time.monotonic() - away.began - CALM
        log.warning("the store is back after %.1f s", lasted)
        try:
            if self._back is not None:
                await self._back()
            missing = (await self._desk.custody.now()).missing
        except StoreUnavailable as again:
            log.warning("and away again: %s", again)
            return
        if missing:  # its alarm says more, and to the same people: not that what was planned goes on
            with suppress(OSError):
                outage.over(self._data)
            return
        await self._over(away, timedelta(seconds=lasted))

    async def _act(self, away: _Away, error: NoAnswer) -> None:
        """Start the embedded store again if it is gone; with growing pauses, for what makes it end lasts perhaps."""
        if error.cause is not Cause.GONE or not self._embedded:
            if not (away.revived and error.cause is Cause.SILENT):  # it ends whenever it has to write: that says more
                away.cause = error.cause.value
            return
        if time.monotonic() < away.next_try:
            return
        away.next_try = time.monotonic() + min(0.25 * 2**away.tries, BEAT)
        away.tries += 1
        if disk_trouble(await asyncio.to_thread(last_words, self._data)):  # it starts, and ends when it has to write
            away.cause = Cause.DISK.value
        try:
            away.revived |= await asyncio.to_thread(revive_store, self._data, timeout=10)
        except StoreStopped:
            away.cause = "stopped"
        except StoreUnavailable as trouble:
            log.error("%s", trouble)
            words = str(trouble)
            away.cause = Cause.DISK.value if disk_trouble(words) else "damaged" if "damaged" in words else away.cause

    # --- telling

    async def _tell(self, away: _Away) -> None:
        if away.told:
            return
        mine = self._claimed(away)
        if mine is None:
            return
        away.told = mine.told
        away.since = mine.since
        if away.told:
            return
        for listener in self._listeners:
            words = words_for(listener.locale)
            when = moment(away.since, listener.zone, words, self._desk.now())
            trouble = words(f"store.trouble.{away.cause}", when=when)
            if await self._said(listener, f"⚠️ {trouble} {words('store.away')}"):
                away.heard.add(listener.where)
        away.told = bool(away.heard)
        if away.told:
            with suppress(OSError):  # on a full disk only this process knows
                outage.told(self._data, mine)

    def _claimed(self, away: _Away) -> Outage | None:
        """The note of this outage if this process speaks for it, None if another one does."""
        mine = Outage(since=away.since, cause=away.cause, pid=os.getpid(), me=self._me)
        try:
            known = outage.claim(self._data, mine)
        except (OSError, StoreError) as error:
            log.warning("each process speaks for itself: %s", error)
            return mine
        return known if known.me == self._me else None

    async def _over(self, away: _Away, lasted: timedelta) -> None:
        if away.told:
            await self._each("✅", "store.back", away.since, lasted)
            with suppress(OSError):
                outage.over(self._data)
            return
        quiet = self._said_revived is not None and self._desk.now() - self._said_revived < QUIET
        if away.revived and not quiet:
            self._said_revived = self._desk.now()
            await self._each("🔁", "store.revived", away.since, lasted)

    async def _left_behind(self) -> None:
        """A process that told people is gone, and so is the outage."""
        try:
            known = outage.noted(self._data)
            if known is None or not known.told:
                return
            mine = self._claimed(_Away(self._desk.now(), 0.0, known.cause))
            if mine is None or await self._beat() is not None or await self._hear() is not None:
                return
            await self._each("✅", "store.back", known.since, self._desk.now() - known.since)
            outage.over(self._data)
        except OSError as error:
            log.warning("what was noted of an outage can't be read: %s", error)

    async def _each(self, sign: str, key: str, since: datetime, lasted: timedelta) -> None:
        for listener in self._listeners:
            words = words_for(listener.locale)
            when = moment(since, listener.zone, words, self._desk.now())
            await self._said(listener, f"{sign} {words(key, when=when, lasted=lasting(lasted, words))}")

    async def _said(self, listener: Listener, text: str) -> bool:
        try:
            await self._say(listener.where, text)
        except Exception:
            log.exception("somebody could not be told of the store", extra={"channel": listener.where})
            return False
        return True


def lasting(time_: timedelta, words: Words) -> str:
    """`8 seconds`, `3 minutes`."""
    seconds = max(1, round(time_.total_seconds()))
    return words.n("store.seconds", seconds) if seconds < 120 else words.n("store.minutes", round(seconds / 60))

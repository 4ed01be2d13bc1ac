"""Makes pictures that people sent visible on cards: fetched through the guarded fetcher, checked, stripped of what they
tell, kept as copies in Slack; and takes the copies away when they aren't ours to keep any more.

A card never names an outside address as a picture: Slack would refuse the whole card for one that it can't load, and
whoever serves it would learn who reads.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.domain.conversations import Conversation
from bot.domain.events import ConversationChanged, Event
from bot.domain.shown import ShownPicture
from bot.engine.pictures import WORKERS, clean
from bot.errors import ConfigurationError, UserError, VoceroError
from bot.network.fetching import PICTURES, Fetcher, FetchError

MOST = 8_000_000
GONE = frozenset({"erased", "forgotten", "removed"})
"""Acts after which a copy may have to go."""

log = logging.getLogger(__name__)


class Shelf(Protocol):
    """Where copies are kept: Slack's own files. Both raise VoceroError."""

    async def keep(self, name: str, content: bytes, alt: str) -> str:
        """A file's id, once it can be shown."""
        ...

    async def drop(self, file: str) -> None:
        """Delete it; one that is gone is done."""
        ...


def concerned(event: Event) -> str | None:
    """The conversation whose pictures an event is about, None for most."""
    if not isinstance(event, ConversationChanged):
        return None
    return event.conversation if event.pictures or event.act in GONE else None


class Showing:
    """Looks after the pictures of one conversation at a time."""

    def __init__(self, desk: Desk, fetcher: Fetcher, shelf: Shelf) -> None:
        self._desk, self._fetcher, self._shelf = desk, fetcher, shelf

    async def look(self, conversation: str) -> None:
        """Fetch what is new, take away what must go. Doing it twice changes nothing."""
        try:
            talk = await self._desk.conversations.get(conversation)
        except UserError:
            return
        for picture in await self._desk.showing.outlived(talk):
            await self._drop(picture)
        for ref, url in await self._desk.showing.wanted(talk):
            await self._fetch(talk, ref, url)

    async def _fetch(self, talk: Conversation, ref: str, url: str) -> None:
        try:
            found = await self._fetcher.fetch(url, types=PICTURES, most=MOST, headers=await self._signed(talk, url))
            async with WORKERS:
                kept = await asyncio.to_thread(clean, found.content) if found.content else None
            if kept is None:
                await self._desk.showing.fetched(talk, ref, url, problem="broken")
                return
            content, type_, _, _ = kept
            file = await self._shelf.keep(f"picture.{type_.partition('/')[2]}", content, "")
        except (FetchError, VoceroError) as error:
            log.info("a picture at %s can't be shown: %s", urlsplit(url).hostname, error)
            await self._desk.showing.fetched(talk, ref, url, problem=type(error).__name__)
            return
        await self._desk.showing.fetched(talk, ref, url, file=file)

    async def _signed(self, talk: Conversation, url: str) -> Mapping[str, str]:
        """What a private picture is only given out for, where the network wants to know who asks."""
        account = await self._desk.store.find(Account, talk.account) if talk.private else None
        if account is None or account.state is not AccountState.ACTIVE:
            return {}
        try:
            connector = self._desk.accounts.open(account)
        except ConfigurationError as error:
            log.warning("a private picture of %s is asked for unsigned: %s", account.id, error)
            return {}
        try:
            return connector.signed(url)
        finally:
            await connector.aclose()

    async def _drop(self, picture: ShownPicture) -> None:
        if picture.file:
            try:
                await self._shelf.drop(picture.file)
            except VoceroError as error:
                log.warning("a picture's copy can't be deleted now: %s", error)
                return
        await self._desk.showing.dropped(picture)

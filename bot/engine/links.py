"""Looks whether links lead anywhere: a post's when it is submitted or approved, and again before it goes out; an
answer's while it waits on its card, or while it is changed or goes out to many."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from bot.desk.desk import Desk
from bot.desk.links import to_many, waiting
from bot.domain.bulk import Bulk
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery, State
from bot.domain.events import ConversationChanged, CrowdChanged, DeliveryChanged, Event
from bot.domain.posts import Post
from bot.domain.records import score
from bot.domain.suggestions import Suggestion
from bot.domain.variants import every_text
from bot.network.fetching import AddressRefused, AnswerRefused, Fetched, Fetcher, FetchError

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=12)
"""How long before its time a post is looked at once more."""
EVERY = timedelta(seconds=60)
MOST = 10
"""Links of one post, or of the answers of one conversation, that are looked at."""
SECONDS = 8.0
ANSWERS = frozenset({"answer", "ask_use"})
"""What happens to a conversation when somebody sends an answer."""
_SHY = frozenset({401, 403, 405, 429, 451, 999})
"""Statuses with which sites turn machines away that they would show to people."""


class LinkLook:
    """Opens links through the guarded fetcher. only: where there is no web outside (the demo, tests), the addresses
    with their ports that may be looked at; None for everywhere."""

    def __init__(self, desk: Desk, fetcher: Fetcher, *, only: Collection[str] | None = None) -> None:
        self._desk = desk
        self._fetcher = fetcher
        self._only = only

    async def look(self, post_id: str) -> None:
        """Look at what nobody looked at lately, and say on the card what came of it."""
        post = await self._desk.store.find(Post, post_id)
        if post is None:
            return
        if await self._trouble(list(every_text(post.current))):
            await self._desk.links.told(post)

    async def look_in_answers(self, conversation: str) -> None:
        """The same of what waits there to become public."""
        desk = self._desk
        talk = await desk.store.find(Conversation, conversation)
        if talk is None:
            return
        suggested = await desk.store.find_many(Suggestion, talk.suggested)
        replies = await desk.conversations.replies(talk.id)
        edits = (await desk.moderation.page(talk, replies)).edits or {}
        texts = list(waiting(talk, replies, suggested, list(edits.values())).values())
        if texts and await self._trouble(texts):
            await desk.links.told_of_answers(talk.id)

    async def look_in_suggestion(self, suggestion: str) -> None:
        """The same, after a trainee wrote."""
        found = await self._desk.store.find(Suggestion, suggestion)
        if found is not None:
            await self.look_in_answers(found.conversation)

    async def look_in_crowd(self, crowd: str) -> None:
        """The same, when an answer to many begins to go out: once for all of them."""
        texts = list(to_many(await self._desk.store.listed(Bulk, f"bulks:{crowd}")).values())
        if texts and await self._trouble(texts):
            await self._desk.links.told_of_crowd(crowd)

    async def _trouble(self, texts: Sequence[str]) -> bool:
        """Look at what nobody looked at lately; whether anything is wrong that wasn't known."""
        links = await self._desk.links.unknown(texts)
        unknown = [link for link in links if self._may(link)][:MOST]
        found = await asyncio.gather(*(self._one(link) for link in unknown))
        for link, trouble in zip(unknown, found, strict=True):
            await self._desk.links.looked(link, trouble)
        return any(found)

    async def tick(self) -> None:
        """What goes out soon."""
        now = self._desk.now()
        for brand in await self._desk.brands.all():
            due = await self._desk.store.listed(
                Delivery, f"planned:{brand.id}", low=score(now), high=score(now + AHEAD), limit=200
            )
            for post in dict.fromkeys(each.post for each in due if each.post and each.state is State.PLANNED):
                await self.look(post)

    def _may(self, link: str) -> bool:
        return self._only is None or urlsplit(link).netloc in self._only

    async def _one(self, link: str) -> str:
        """The kind of trouble, "" where there is none."""
        try:
            answer = await self._fetcher.fetch(link, method="HEAD", seconds=SECONDS)
            if answer.status >= 400:
                answer = await self._fetcher.fetch(link, seconds=SECONDS)
        except AnswerRefused:
            return ""  # it answers, with something that we don't take
        except AddressRefused:
            return "refused"
        except FetchError as error:
            log.info("a link can't be reached: %s", error)
            return "unreachable"
        return trouble_of(link, answer)


def answered(event: Event) -> str | None:
    """The conversation in which an answer begins to wait, or another wording of one is on its way, None for most."""
    if isinstance(event, ConversationChanged) and (event.act in ANSWERS or event.edits):
        return event.conversation
    if isinstance(event, DeliveryChanged) and event.state == State.PLANNED:
        return event.conversation or None
    return None


def sent_to_many(event: Event) -> str | None:
    """The crowd to which an answer for all begins to go out, None for most."""
    return event.crowd if isinstance(event, CrowdChanged) and event.act == "asked" else None


def trouble_of(link: str, answer: Fetched) -> str:
    """What is wrong with an answer, for somebody who follows the link."""
    if answer.status in {404, 410}:
        return "gone"
    if answer.status >= 400 and answer.status not in _SHY:
        return "failing"
    if _site(link) != _site(answer.url):
        return "elsewhere"
    return "insecure" if urlsplit(answer.url).scheme == "http" else ""


def _site(url: str) -> str:
    """Roughly whose it is: the last two names of a host."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])

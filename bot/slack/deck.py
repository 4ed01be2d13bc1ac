"""The deck: from an event to the cards that it changes, and from a changed card to its message, one channel at a time.

Handlers say what to draw where; that is stored as marks. Whoever has a channel's lease draws its marks in order, from
the records as they are at that moment, at the pace that Slack allows. Trouble in one channel never stops another.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

from bot.domain.events import Event
from bot.errors import Conflict, StoreUnavailable
from bot.journal import correlation
from bot.slack.call import Scene
from bot.slack.cards import Card, Draw, card_of
from bot.slack.client import SlackApi, SlackError, SlackLimited, SlackRefused, SlackSilent
from bot.slack.people import People
from bot.slack.refusals import A_DAY, DENIED, LOOK_AGAIN, UNREACHABLE
from bot.slack.router import Router
from bot.slack.sender import SURE, NotYet, ParentGone, Sender
from bot.slack.wire import BadPress
from bot.store.marks import FAR_AHEAD, LEASE, Mark, Marks, Verdict

if TYPE_CHECKING:
    from bot.desk.desk import Desk

AT_ONCE = 16
TICK = 0.25
"""Seconds between looks for what other processes marked."""
LONGEST = FAR_AHEAD * 0.75
"""How long a channel is kept quiet at most, whatever Slack says; then it is asked again."""
GRACE = 5.0
"""Seconds for what is being drawn when we end; later it is found again by what rides on the message."""
TRIES = 5
"""How often a card is drawn that can't be drawn; then it is set aside until it is touched again."""
CAUSES = 1000
"""Cards whose press is remembered until they are drawn, and messages whose address is."""

Unreachable = Callable[[str, str], Awaitable[None]]

log = logging.getLogger(__name__)


class Deck:
    """Only workers `run` one; `unreachable` is told once when a channel can't be written to.

    reach: named places where a test may stop the process. lease: how long a channel belongs to whoever draws in it.
    turned: told whenever it got round.
    """

    def __init__(
        self,
        router: Router,
        *,
        desk: "Desk",
        api: SlackApi,
        people: People,
        me: str,
        unreachable: Unreachable | None = None,
        reach: Callable[[str], None] = lambda _: None,
        lease: timedelta = LEASE,
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        self._turned = turned
        self._routes = router.routes()
        self._now = desk.now
        self.marks = Marks(desk.store, me)
        self._people = people
        self._api = api
        self._scene = Scene(desk=desk, member=people.member, where=self.where, link=self.link)
        self._sender = Sender(desk.store, api, self._scene, reach)
        self._unreachable = unreachable
        self._lease = lease
        self._causes: dict[tuple[str, str], str] = {}  # for the log alone: the press behind each card to be drawn
        self._links: dict[tuple[str, str], str] = {}
        self._wake = asyncio.Event()

    async def tell(self, event: Event) -> None:
        """Has every handler of the event say what to draw, and marks it. Raises StoreUnavailable: tell it again.

        A bug in one handler is logged under a reference and takes nothing from the others.
        """
        await self.touch(await self._draws(event))

    async def show(self, event: Event) -> None:
        """Draws what an event changes at once, without a channel's lease: for what can't wait for a worker.

        What a worker draws in the same moment isn't posted twice; what fails here is logged, the others are drawn.
        Raises StoreUnavailable.
        """
        for draw in await self._draws(event):
            try:
                sheet = await self._routes.cards[type(draw.card)](draw.card, self._scene_in(draw.channel))
                if sheet is not None:
                    await self._sender.put(draw.channel, draw.card, sheet, draw.thread_of)
            except StoreUnavailable:
                raise
            except Exception:  # noqa: BLE001 - one channel's error never stops another
                _bug("a card can't be shown", card=draw.card.key, channel=draw.channel)

    async def _draws(self, event: Event) -> Sequence[Draw]:
        draws: list[Draw] = []
        for redraw in self._routes.events.get(type(event), ()):
            try:
                draws += await redraw(event, self._scene)
            except StoreUnavailable:
                raise
            except Exception:  # noqa: BLE001 - the others still say what to draw
                _bug("a handler failed", event=type(event).__name__)
        return draws

    def _scene_in(self, channel: str) -> Scene:
        return replace(self._scene, channel=channel)

    async def touch(self, draws: Sequence[Draw]) -> None:
        """Marks cards to be drawn, durably."""
        await self.marks.touch([(draw.channel, _mark(draw.card, draw.thread_of)) for draw in draws], self._now())
        if cause := correlation.get():
            self._causes |= {(draw.channel, draw.card.key): cause for draw in draws}
            while len(self._causes) > CAUSES:  # another process drew those
                self._causes.pop(next(iter(self._causes)))
        self._wake.set()

    async def where(self, card: Card) -> tuple[str, str] | None:
        """The channel and ts of a card's message: for permalinks and threads."""
        return await self._sender.where(card)

    async def link(self, card: Card) -> str:
        """The address of a card's message, asked of Slack once; "" where there is none, or Slack doesn't say."""
        placed = await self.where(card)
        if placed is None or placed in self._links:
            return self._links.get(placed, "") if placed else ""
        try:
            found = await self._api.permalink(*placed)
        except SlackError as error:
            log.warning("a card has no address now: %s", error, extra={"card": card.key})
            return ""
        while len(self._links) >= CAUSES:
            self._links.pop(next(iter(self._links)))
        self._links[placed] = found
        return found

    async def run(self) -> None:
        """Draws until cancelled; what is being drawn then is finished, as far as Slack answers."""
        tasks: set[asyncio.Task[None]] = set()

        def ended(task: asyncio.Task[None]) -> None:
            tasks.discard(task)
            self._wake.set()

        try:
            while True:
                self._turned()
                self._wake.clear()
                for mark in await self._leased(AT_ONCE - len(tasks)):
                    tasks.add(task := asyncio.create_task(self._draw(mark)))
                    task.add_done_callback(ended)
                try:
                    async with asyncio.timeout(TICK):
                        await self._wake.wait()
                except TimeoutError:
                    continue
        finally:
            if tasks:
                await asyncio.wait(tasks, timeout=GRACE)
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def serve(self) -> int:
        """Draws what is due at this moment, one card a channel; answers how many."""
        marks = await self._leased(AT_ONCE)
        await asyncio.gather(*(self._draw(mark) for mark in marks))
        return len(marks)

    async def _leased(self, room: int) -> list[Mark]:
        if room <= 0:
            return []
        try:
            return await self.marks.lease(self._now(), limit=room, lease=self._lease)
        except RedisError as error:
            log.error("no cards can be drawn: %s", error)
            return []

    async def _draw(self, mark: Mark) -> None:
        try:
            verdict = await self._verdict(mark)
            await self.marks.settle(mark, verdict, self._now())
        except (StoreUnavailable, RedisError) as error:  # the lease ends by itself, the mark stays
            log.error("a card waits for the store: %s", error)

    async def _verdict(self, mark: Mark) -> Verdict:
        try:
            return await self._drawn(mark)
        except ParentGone:
            return await self._below(mark)
        except (NotYet, Conflict, SlackLimited, SlackSilent) as error:
            return self._later(error)
        except (StoreUnavailable, RedisError):
            raise
        except Exception as error:  # noqa: BLE001 - a drawing that fails must not stop the channel's other cards
            if isinstance(error, SlackRefused) and error.error in UNREACHABLE | DENIED:
                return await self._refused(mark, error)
            reference = _bug("a card can't be drawn", card=mark.name, channel=mark.channel)
            if mark.failures + 1 >= TRIES:
                return Verdict("aside", reason=reference)
            return Verdict("failed", at=self._now() + timedelta(seconds=min(2 ** (mark.failures + 1), 300)))

    def _later(self, error: Exception) -> Verdict:
        """When to try again what nobody is to blame for; without a time, in its place in the line."""
        at, pause = None, None
        if isinstance(error, NotYet):
            at = error.at
        elif isinstance(error, SlackLimited):
            pause = self._now() + min(timedelta(seconds=error.seconds), LONGEST)
        elif isinstance(error, SlackSilent):
            log.warning("Slack did not answer: %s", error)
            at = self._now() + SURE
        return Verdict("again", at=at, pause=pause)

    async def _drawn(self, mark: Mark) -> Verdict:
        try:
            card, parent = _unmark(mark.name)
        except BadPress as error:
            log.warning("nobody draws this card any more: %s", error.reason)
            return Verdict()
        correlation.set(self._causes.pop((mark.channel, card.key), ""))
        log.info("a card is drawn", extra={"card": card.key, "channel": mark.channel})
        drawer = self._routes.cards[type(card)]
        sheet = await drawer(card, self._scene_in(mark.channel))
        if sheet is None:
            return Verdict()
        if parent is not None and await self._comes_first(mark.channel, parent):
            return Verdict("again", at=self._now() + timedelta(seconds=1))
        return Verdict(cost=await self._sender.put(mark.channel, card, sheet, parent))

    async def _below(self, mark: Mark) -> Verdict:
        """The card that this one belongs under was deleted: that one is posted anew, then this one under it."""
        _, parent = _unmark(mark.name)
        if parent is not None:
            await self.touch([Draw(mark.channel, parent)])
        return Verdict("again", at=self._now() + timedelta(seconds=1))

    async def _comes_first(self, channel: str, parent: Card) -> bool:
        """Whether the card whose thread this belongs to is still to be posted."""
        return await self._sender.where(parent) is None and await self.marks.waits(channel, _mark(parent, None))

    async def _refused(self, mark: Mark, error: SlackRefused) -> Verdict:
        """The channel can't be written to: its marks wait, longer each time; a person's not for ever."""
        given_up = error.error in UNREACHABLE and await self._given_up(mark)
        seconds = 0 if given_up else LOOK_AGAIN[min(mark.trouble, len(LOOK_AGAIN) - 1)]
        pause = self._now() + timedelta(seconds=seconds)
        log.warning("can't write to a channel: %s", error, extra={"channel": mark.channel})
        if mark.trouble == 0 and self._unreachable is not None:
            try:
                await self._unreachable(mark.channel, error.error)
            except Exception:  # noqa: BLE001 - the marks wait all the same
                _bug("nobody could be told that a channel is out of reach", channel=mark.channel)
        if given_up:
            log.warning("a card for a person is set aside", extra={"card": mark.name, "channel": mark.channel})
        return Verdict("aside" if given_up else "again", pause=pause, reason=error.error)

    async def _given_up(self, mark: Mark) -> bool:
        """Whether a member has left, as Slack says at this moment, or couldn't be reached for a day."""
        if not mark.channel.startswith("@"):
            return False
        member, first = mark.channel.removeprefix("@"), mark.trouble == 0
        known = await (self._people.refresh(member) if first else self._people.acting(member))
        return known.gone or mark.trouble >= A_DAY


def _mark(card: Card, parent: Card | None) -> str:
    return json.dumps([card.key, parent.key] if parent else [card.key], separators=(",", ":"))


def _unmark(name: str) -> tuple[Card, Card | None]:
    card, *parent = json.loads(name)
    return card_of(card), card_of(parent[0]) if parent else None


def _bug(what: str, **about: object) -> str:
    """Logs the current exception under a reference."""
    reference = secrets.token_hex(4)
    log.exception("%s, reference %s", what, reference, extra={"reference": reference, **about})
    return reference

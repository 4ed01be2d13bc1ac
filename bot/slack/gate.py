"""The gate: everything that Slack sends comes through here, by Socket Mode or by HTTP, and is stored before it is
acknowledged.

Commands, presses, shortcuts and events are acknowledged at once and handled by a task. A form's submission is
awaited, because its answer rides on the acknowledgement; when that takes too long, the form shows that we are working
on it, and the answer follows by `views.update`. A repeated delivery gets the same acknowledgement and does nothing.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from redis.exceptions import RedisError

from bot.errors import StoreUnavailable, VoceroError
from bot.journal import correlation
from bot.metrics import ACK, DUPLICATES, EVENTS
from bot.slack.bolt import Bolt
from bot.slack.dispatch import Arrival, Dispatcher
from bot.slack.line import BACKLOG, Line
from bot.slack.payload import Kind, Malformed, Payload, from_a_bot, key_of, kind_of, small_talk, sound, teams_of
from bot.slack.shapes import well_formed
from bot.slack.submission import AckBody
from bot.store.client import NoAnswer
from bot.store.inbox import IDLE, Entry, Inbox
from bot.store.records import Store
from bot.store.vault import Vault

PATIENCE = 2.5
"""Seconds that a submission may take; Slack waits three."""
SETTLE = 1.0
"""Seconds until Slack has drawn what rode on an early acknowledgement, so that what follows isn't overdrawn by it."""
STORE_PATIENCE, STORE_AGAIN = 1.5, 0.05
"""Seconds that a delivery waits for a store that is away, and between two attempts; Slack waits for three in all."""
TRIGGER = timedelta(seconds=3)
"""How long a trigger lives."""
AT_ONCE = 64
"""How many payloads are handled at once; a quarter of it for events, which nobody waits for."""
LOOK = 0.05
"""Seconds between looks for an answer that another process is working on."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ack:
    """What Slack gets: a status as in HTTP (Socket Mode stays silent on 5xx) and a body, empty for most."""

    status: int = 200
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass
class _Work:
    """A payload being handled. key: what makes it known again. left: a submission's acknowledgement went out without
    its answer. asked: a person waits for what follows."""

    entry: str
    key: str
    kind: Kind
    left: bool = False
    asked: bool = False


class Gate:
    """One a process, named `me` as no other is. Entered, it keeps what is being worked on and takes over what others
    left; left, it lets its work end."""

    def __init__(
        self,
        store: Store,
        dispatcher: Dispatcher,
        *,
        team: str,
        me: str,
        bot_user: str = "",
        vault: Vault | None = None,
        patience: float = PATIENCE,
        store_patience: float = STORE_PATIENCE,
        settle: float = SETTLE,
        idle: timedelta = IDLE,
        backlog: int = BACKLOG,
    ) -> None:
        self.inbox = Inbox(store, me, vault)
        self.bolt = Bolt(dispatcher, team, bot_user)
        self._dispatcher = dispatcher
        self._team = team
        self._bot_user = bot_user
        self._now = dispatcher.now
        self._patience = patience
        self._store_patience = store_patience
        self._settle = settle
        self._idle = idle
        self._asked = asyncio.Semaphore(AT_ONCE)
        self._told = asyncio.Semaphore(AT_ONCE // 4)
        self._line = Line(backlog)
        self._tasks: dict[asyncio.Task[AckBody], _Work] = {}
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Starts looking after the inbox."""
        self._keeper = asyncio.create_task(self.run(), name="gate")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends; what isn't handled by then is taken over by another process, or by the next one here."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await self.close()

    async def take(self, body: Payload, headers: Mapping[str, str]) -> Ack:
        """Takes one delivery, new or repeated. 503: the store can't be trusted now, so Slack shall try again. 400:
        nothing that Slack would send."""
        with ACK.time():
            try:
                body = sound(body)
                if not well_formed(body):
                    raise Malformed("it lacks parts, or they are of other types")
            except Malformed as error:
                log.warning("refused a payload: %s", error, extra={"kind": kind_of(body)})
                EVENTS.labels("malformed", "refused").inc()
                return Ack(400)
            return await self._take(body, headers)

    async def _take(self, body: Payload, headers: Mapping[str, str]) -> Ack:
        kind = kind_of(body)
        arrival = Arrival(at=self._now(), correlation=secrets.token_hex(6))
        if kind in {Kind.VERIFICATION, Kind.SUGGESTION}:  # they change nothing, so nothing is stored
            return Ack(body=await self.bolt.dispatch(body, arrival))
        if (ack := self._unheard(body)) is not None:
            EVENTS.labels(kind, "unheard").inc()
            return ack
        key = key_of(body)
        try:
            with self._line.arriving():
                entry = await self._stored(key, body, arrival)
        except StoreUnavailable as error:
            log.error("nothing can be stored, so nothing is acknowledged: %s", error)
            EVENTS.labels(kind, "unstored").inc()
            return Ack(503)
        if entry is None:
            EVENTS.labels(kind, "repeated").inc()
            DUPLICATES.labels("slack").inc()
            retry = next((value for name, value in headers.items() if name.lower() == "x-slack-retry-num"), "")
            log.info("the same delivery again", extra={"kind": kind, "retry": retry})
            return await self._repeated(body, key) if kind is Kind.SUBMISSION else Ack()
        EVENTS.labels(kind, "taken").inc()
        work = _Work(entry, key, kind)
        task = self._start(body, arrival, work)
        if kind is Kind.SUBMISSION:
            return await self._awaited(body, task, work)
        if kind is not Kind.EVENT:
            await self._line.hold_back()
        return Ack()

    async def _stored(self, key: str, body: Payload, arrival: Arrival) -> str | None:
        """As `Inbox.receive`; again and again for a moment while the store surely did not do it, as when it is being
        started again: Slack repeats no press and no command by itself."""
        until = asyncio.get_running_loop().time() + self._store_patience
        while True:
            try:
                return await self.inbox.receive(key, body, arrival.correlation, arrival.at)
            except NoAnswer as error:
                if error.sent or asyncio.get_running_loop().time() >= until:
                    raise
            await asyncio.sleep(STORE_AGAIN)

    async def run(self) -> None:
        """Until cancelled: signs of life for what is being worked on, and taking over."""
        every = self._idle.total_seconds() / 10
        while True:
            try:
                await self.beat()
                await self.sweep()
            except (RedisError, VoceroError) as error:
                log.error("the inbox can't be looked after: %s", error)
            await asyncio.sleep(every)

    async def beat(self) -> None:
        """Says that what is being worked on here is in good hands."""
        held = await self.inbox.hold([work.entry for work in self._tasks.values()])
        lost = set(held) & {work.entry for work in self._tasks.values()}  # the others ended in the meantime
        if lost:
            log.warning("others took over what we were slow with", extra={"entries": len(lost)})

    async def sweep(self) -> None:
        """Takes over what nobody has looked after for a while."""
        room = AT_ONCE - len(self._tasks)
        if room <= 0:
            return
        mine, aside = await self.inbox.take_over(idle=self._idle, limit=room)
        for entry in aside:
            log.error("a payload was set aside: handling it never ended", extra={"reference": entry.correlation})
        ours = {work.entry for work in self._tasks.values()}
        for entry in mine:
            if entry.id not in ours:
                self._resume(entry)

    async def idle(self) -> None:
        """Waits until nothing is being handled here."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def close(self, grace: float = 5.0) -> None:
        """Lets what is being handled end, for at most `grace` seconds; the rest is taken over by another process."""
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=grace)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _unheard(self, body: Payload) -> Ack | None:
        """The acknowledgement of what goes no further: of another workspace, a bot's own doing, people's talk."""
        if self._team not in teams_of(body):
            log.warning("refused what another workspace sent", extra={"teams": sorted(teams_of(body))})
            return Ack()
        return Ack() if from_a_bot(body, self._bot_user) or small_talk(body) else None

    def _resume(self, entry: Entry) -> None:
        late = self._now() - entry.at > TRIGGER
        log.warning("took over a payload", extra={"correlation_of": entry.correlation})
        arrival = Arrival(at=entry.at, correlation=entry.correlation, late=late)
        self._start(entry.payload, arrival, _Work(entry.id, key_of(entry.payload), kind_of(entry.payload), left=True))

    def _start(self, body: Payload, arrival: Arrival, work: _Work) -> asyncio.Task[AckBody]:
        work.asked = work.kind not in {Kind.EVENT, Kind.SUBMISSION, Kind.LIMITED}
        context = copy_context()  # the task's own, in which what follows from it is logged too
        task = asyncio.create_task(self._work(body, arrival, work), context=context)
        self._tasks[task] = work
        if work.asked:
            self._line.join(task)
        task.add_done_callback(self._ended, context=context)
        return task

    def _ended(self, task: asyncio.Task[AckBody]) -> None:
        work = self._tasks.pop(task)
        self._line.leave(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # It stays in the inbox: somebody takes it over, and after three times it is set aside.
            EVENTS.labels(work.kind, "failed").inc()
            log.error("a payload could not be handled", exc_info=error)

    async def _work(self, body: Payload, arrival: Arrival, work: _Work) -> AckBody:
        correlation.set(arrival.correlation)
        log.info("taken from Slack", extra={"kind": work.kind.value})
        submission = work.kind is Kind.SUBMISSION
        answer = await (self.bolt.dispatch(body, arrival) if submission else self._in_turn(body, arrival))
        if submission and await self.inbox.answered(work.key, answer):
            work.left = True
        if submission and work.left:
            if not arrival.late:
                await asyncio.sleep(self._settle)
            await self._dispatcher.late(body, answer, arrival)
        await self.inbox.done(work.entry)
        return answer

    async def _in_turn(self, body: Payload, arrival: Arrival) -> AckBody:
        if kind_of(body) is Kind.LIMITED:
            times = await self.inbox.count("limited")
            log.error("Slack held events back, there were too many", extra={"times": times})
            await self._dispatcher.limited(body)
            return {}
        if kind_of(body) is Kind.EVENT:
            async with self._told:
                return await self.bolt.dispatch(body, arrival)
        await self._line.give_way()
        async with self._asked:
            return await self.bolt.dispatch(body, arrival)

    async def _awaited(self, body: Payload, task: asyncio.Task[AckBody], work: _Work) -> Ack:
        try:
            async with asyncio.timeout(self._patience):
                return Ack(body=await asyncio.shield(task))
        except TimeoutError:
            if task.done():  # in the very moment in which patience ended
                return await self._awaited(body, task, work)
            work.left = True
            return Ack(body=await self._dispatcher.working(body))
        except Exception:  # noqa: BLE001 - logged where the task ended; Slack shows the person that it failed
            return Ack(500)

    async def _repeated(self, body: Payload, key: str) -> Ack:
        """The same acknowledgement as the first time, whichever process works on it, or worked on it before it ended.

        Where it isn't known in time, the form shows that we are working on it, as the first one would.
        """
        clock = asyncio.get_running_loop().time
        until, late = clock() + self._patience, False
        try:
            while (answer := await self.inbox.answer(key, or_wait=late)) is None and not late:
                await asyncio.sleep(LOOK)  # it may be another process's work, so there is nothing to wait on
                late = clock() >= until
        except RedisError as error:
            log.error("a form's answer can't be looked up: %s", error)
            return Ack(503)
        return Ack(body=await self._dispatcher.working(body) if answer is None else answer)

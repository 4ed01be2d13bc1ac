"""The gate: everything that Slack sends comes through here, by Socket Mode or by HTTP, and is stored before it is
acknowledged.

Commands, presses, shortcuts and events are acknowledged at once and handled by a task. A form's submission is
awaited, because its answer rides on the acknowledgement; when that takes too long, the form shows that we are working
on it, and the answer follows by `views.update`. A repeated delivery gets the same acknowledgement and does nothing.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from redis.exceptions import RedisError

from bot.errors import StoreUnavailable, VoceroError
from bot.journal import correlation
from bot.slack.bolt import Bolt
from bot.slack.dispatch import Arrival, Dispatcher
from bot.slack.payload import Kind, Payload, from_a_bot, key_of, kind_of, teams_of, well_formed
from bot.slack.submission import AckBody
from bot.store.inbox import IDLE, Entry, Inbox
from bot.store.records import Store
from bot.store.vault import Vault

PATIENCE = 2.5
"""Seconds that a submission may take; Slack waits three."""
SETTLE = 1.0
"""Seconds until Slack has drawn what rode on an early acknowledgement, so that what follows isn't overdrawn by it."""
TRIGGER = timedelta(seconds=3)
"""How long a trigger lives."""
AT_ONCE = 64
"""How many payloads are handled at once; a quarter of it for events, which nobody waits for."""
BACKLOG = 512
"""How many presses and commands may wait here; then acknowledgements wait too, so that none runs far ahead of what
follows it."""
HOLD_BACK = 2.0
_REMEMBERED = 256

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ack:
    """What Slack gets: a status as in HTTP (Socket Mode stays silent on 5xx) and a body, empty for most."""

    status: int = 200
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass
class _Work:
    """A payload being handled. left: a submission's acknowledgement went out without its answer. asked: a person
    waits for what follows."""

    entry: str
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
        self._settle = settle
        self._idle = idle
        self._backlog = backlog
        self._asked = asyncio.Semaphore(AT_ONCE)
        self._told = asyncio.Semaphore(AT_ONCE // 4)
        self._waiting = 0
        self._fewer = asyncio.Event()
        self._tasks: dict[asyncio.Task[AckBody], _Work] = {}
        self._submissions: OrderedDict[str, asyncio.Task[AckBody]] = OrderedDict()
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
        kind = kind_of(body)
        arrival = Arrival(at=self._now(), correlation=secrets.token_hex(6))
        if kind in {Kind.VERIFICATION, Kind.SUGGESTION}:  # they change nothing, so nothing is stored
            return Ack(body=await self.bolt.dispatch(body, arrival))
        if (ack := self._unheard(body)) is not None:
            return ack
        key = key_of(body)
        try:
            entry = await self.inbox.receive(key, body, arrival.correlation, arrival.at)
        except StoreUnavailable as error:
            log.error("nothing can be stored, so nothing is acknowledged: %s", error)
            return Ack(503)
        if entry is None:
            retry = next((value for name, value in headers.items() if name.lower() == "x-slack-retry-num"), "")
            log.info("the same delivery again", extra={"kind": kind, "retry": retry})
            return await self._repeated(key)
        work = _Work(entry)
        task = self._start(body, arrival, work)
        if kind is Kind.SUBMISSION:
            self._submissions[key] = task
            while len(self._submissions) > _REMEMBERED:
                self._submissions.popitem(last=False)
            return await self._awaited(body, task, work)
        if kind is not Kind.EVENT:
            await self._hold_back()
        return Ack()

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
        """The acknowledgement of what goes no further: malformed, of another workspace, or a bot's own doing."""
        if not well_formed(body):
            log.warning("refused a payload that lacks parts", extra={"kind": kind_of(body)})
            return Ack(400)
        if self._team not in teams_of(body):
            log.warning("refused what another workspace sent", extra={"teams": sorted(teams_of(body))})
            return Ack()
        return Ack() if from_a_bot(body, self._bot_user) else None

    def _resume(self, entry: Entry) -> None:
        late = self._now() - entry.at > TRIGGER
        log.warning("took over a payload", extra={"correlation_of": entry.correlation})
        arrival = Arrival(at=entry.at, correlation=entry.correlation, late=late)
        self._start(entry.payload, arrival, _Work(entry.id, left=True))

    def _start(self, body: Payload, arrival: Arrival, work: _Work) -> asyncio.Task[AckBody]:
        work.asked = kind_of(body) not in {Kind.EVENT, Kind.SUBMISSION}
        self._waiting += work.asked
        task = asyncio.create_task(self._work(body, arrival, work))
        self._tasks[task] = work
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[AckBody]) -> None:
        self._waiting -= self._tasks.pop(task).asked
        if self._waiting < self._backlog:
            self._fewer.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # It stays in the inbox: somebody takes it over, and after three times it is set aside.
            log.error("a payload could not be handled", exc_info=error)

    async def _work(self, body: Payload, arrival: Arrival, work: _Work) -> AckBody:
        correlation.set(arrival.correlation)
        submission = kind_of(body) is Kind.SUBMISSION
        answer = await (self.bolt.dispatch(body, arrival) if submission else self._in_turn(body, arrival))
        if submission and work.left:
            if not arrival.late:
                await asyncio.sleep(self._settle)
            await self._dispatcher.late(body, answer, arrival)
        await self.inbox.done(work.entry)
        return answer

    async def _in_turn(self, body: Payload, arrival: Arrival) -> AckBody:
        if kind_of(body) is Kind.EVENT:
            async with self._told:
                return await self.bolt.dispatch(body, arrival)
        async with self._asked:
            return await self.bolt.dispatch(body, arrival)

    async def _hold_back(self) -> None:
        if self._waiting < self._backlog:
            return
        self._fewer.clear()
        try:
            async with asyncio.timeout(HOLD_BACK):
                await self._fewer.wait()
        except TimeoutError:
            log.warning("presses wait longer than they should", extra={"waiting": self._waiting})

    async def _awaited(self, body: Payload, task: Awaitable[AckBody], work: _Work) -> Ack:
        try:
            async with asyncio.timeout(self._patience):
                return Ack(body=await asyncio.shield(task))
        except TimeoutError:
            work.left = True
            return Ack(body=await self._dispatcher.working(body))
        except Exception:  # noqa: BLE001 - logged where the task ended; Slack shows the person that it failed
            return Ack(500)

    async def _repeated(self, key: str) -> Ack:
        """The same acknowledgement as the first time, where it is still known here."""
        task = self._submissions.get(key)
        if task is None or task.cancelled():
            return Ack()
        done, _ = await asyncio.wait([task], timeout=self._patience)
        return Ack(body=task.result()) if done and task.exception() is None else Ack()

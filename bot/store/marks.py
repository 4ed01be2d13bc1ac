"""Marks: which cards want to be drawn in which channel, durable, each channel served by one process at a time.

`dirty:<channel>` holds a channel's marks in line, `dirty` its due channels. Two touches of one card are one drawing;
a touch during the drawing is another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from bot.store.records import Store

LEASE = timedelta(seconds=40)
"""How long a channel belongs to who draws in it: three requests of ten seconds, and some time for the store. A search
of many pages after a crash may take longer: then whoever draws meanwhile and this one meet at the card's version."""
ALLOWANCE = timedelta(seconds=1)
"""How far a channel's messages may run ahead of their pace: two at once, then one a second."""

FAR_AHEAD = timedelta(minutes=20)
"""No card is put off for so long, no channel kept quiet: what is was put there by a clock that was put back since."""

_FIELDS = 5


@dataclass(frozen=True)
class Mark:
    """A card that wants to be drawn, with its channel leased to us. `trouble` counts the channel's refusals."""

    channel: str
    name: str
    generation: str
    failures: int
    trouble: int
    token: str


@dataclass(frozen=True)
class Verdict:
    """What became of a mark.

    kind: done; again (at `at`, or in its place); failed (again at `at`, counted); aside (given up). cost is what a
    sent message takes from the channel's pace. pause keeps the whole channel quiet, and with a reason is trouble.
    """

    kind: str = "done"
    at: datetime | None = None
    cost: timedelta = timedelta()
    pause: datetime | None = None
    reason: str = ""


class Marks:
    """One process's view of them; `me` is a name that no other process has."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me
        self._leases = count(1)
        client, here = store.client, Path(__file__).parent
        self._touch = client.register_script((here / "touch.lua").read_text())
        self._lease = client.register_script((here / "lease_marks.lua").read_text())
        self._settle = client.register_script((here / "settle_mark.lua").read_text())
        self._prefix = store.key("dirty", "")
        self._due, self._sequence = store.key("dirty"), store.key("dirty", "!sequence")
        self._pace, self._trouble = store.key("dirty", "!pace"), store.key("dirty", "!trouble")
        self._debt, self._aside = store.key("dirty", "!debt"), store.key("dirty", "!aside")

    async def touch(self, marks: Sequence[tuple[str, str]], now: datetime) -> None:
        """Mark (channel, card) pairs."""
        if marks:
            flat = [part for pair in marks for part in pair]
            keys = [self._due, self._sequence, self._pace]
            await self._touch(keys=keys, args=[self._prefix, _ms(now), _span(FAR_AHEAD), *flat])

    async def lease(self, now: datetime, *, limit: int, lease: timedelta = LEASE) -> list[Mark]:
        """The first mark of each due channel, the channel being ours until it is settled or the lease ends."""
        ms = str(round(lease.total_seconds() * 1000))
        keys, token = [self._due, self._trouble], f"{self._me}:{next(self._leases)}"
        flat = await self._lease(keys=keys, args=[self._prefix, _ms(now), token, ms, str(limit), _span(FAR_AHEAD)])
        rows = [[str(part) for part in flat[start : start + _FIELDS]] for start in range(0, len(flat), _FIELDS)]
        return [
            Mark(channel, name, generation, int(failures), int(trouble), token)
            for channel, name, generation, failures, trouble in rows
        ]

    async def settle(self, mark: Mark, verdict: Verdict, now: datetime, *, allowance: timedelta = ALLOWANCE) -> None:
        """Say what became of it, and let the channel go."""
        keys = [self._due, self._sequence, self._pace, self._trouble, self._debt, self._aside]
        arguments = [self._prefix, _ms(now), mark.token, mark.channel, mark.name, mark.generation, verdict.kind]
        arguments += [_ms(verdict.at), _span(verdict.cost), _span(allowance), _ms(verdict.pause), verdict.reason]
        arguments.append(_span(FAR_AHEAD))
        await self._settle(keys=keys, args=arguments)

    async def waits(self, channel: str, name: str) -> bool:
        """Whether a card is in line to be drawn."""
        return await self._store.client.zscore(self._prefix + channel, name) is not None

    async def waiting(self) -> dict[str, int]:
        """How many cards are in line, by channel."""
        channels = [str(channel) for channel in await self._store.client.zrange(self._due, 0, -1)]
        return {channel: int(await self._store.client.zcard(self._prefix + channel)) for channel in channels}

    async def aside(self) -> dict[str, str]:
        """What was given up: channel and mark, and the reference of the trace in the log."""
        return {str(mark): str(why) for mark, why in (await self._store.client.hgetall(self._aside)).items()}

    async def retry(self, aside: str, now: datetime) -> None:
        """Mark something again that was given up, as `aside` names it."""
        channel, _, name = aside.partition(" ")
        await self.touch([(channel, name)], now)
        await self._store.client.hdel(self._aside, aside)


async def in_trouble(store: Store, channel: str) -> bool:
    """Whether the last try to write to a channel was refused."""
    return bool(await store.client.hexists(store.key("dirty", "!trouble"), channel))


def _ms(instant: datetime | None) -> str:
    return str(round(instant.timestamp() * 1000)) if instant else "0"


def _span(length: timedelta) -> str:
    return str(round(length.total_seconds() * 1000))

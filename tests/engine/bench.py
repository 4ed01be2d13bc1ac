"""One account on a network of the sandbox, a desk and a publisher, with a clock that can be moved."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.desk.desk import Desk
from bot.domain.brands import Account
from bot.domain.deliveries import Delivery, State
from bot.engine.failpoints import Failpoints
from bot.sandbox import world
from tests.outside import Outside
from tests.publishing import open_publisher

ACCOUNTS = {account.network: account for account in reversed(world.ACCOUNTS)}
NETWORKS = sorted(ACCOUNTS)
WRITES = {"x": "POST /2/tweets", "facebook": "POST /v*/feed", "practice": "POST /practice/accounts/*/posts"}


class Shift:
    """A clock that runs, and can be moved."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


class Stumble(Failpoints):
    """Loses the worker's thread at one place, once: the lease runs out, and the next claim takes over."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at: str | None = at

    def reach(self, name: str, network: str = "") -> None:
        """Stop working here, the first time."""
        if name == self._at:
            self._at = None
            raise RuntimeError(f"stumbled at {name}")


class Bench:
    """One account, a desk and a publisher."""

    def __init__(self, desk: Desk, account: Account, outside: Outside, clock: Shift) -> None:
        self.desk, self.account, self.outside, self.clock = desk, account, outside, clock
        self.publisher = open_publisher(desk)
        self.where = f"{account.network}:{account.handle}"
        self.writes = WRITES[account.network]

    async def work(self, delivery: Delivery, *until: State) -> Delivery:
        """Publish until the delivery wants nobody, or is in one of these states."""
        while True:
            await self.publisher.tick()
            await self.publisher.drain()
            now = await self.desk.deliveries.get(delivery.id)
            if now.attention is None or now.state in until:
                return now
            await asyncio.sleep(0.01)

    async def stumble(self, delivery: Delivery, at: str = "publish.between_segments") -> Delivery:
        """Publish until the worker loses its thread at a failpoint."""
        publisher = open_publisher(self.desk, Stumble(at))
        await publisher.tick()
        await publisher.drain()
        return await self.desk.deliveries.get(delivery.id)

    async def public(self) -> list[str]:
        """The texts of what is public, the newest first."""
        return [post["text"] for post in await self.outside.public(self.where)]

    async def chain(self) -> list[str]:
        """The texts of the only post that is public and of our own words under it, each answering the one before."""
        (post,) = await self.outside.public(self.where)
        texts = [post["text"]]
        while own := [reply for reply in post["replies"] if reply["by_account"]]:
            (post,) = own
            texts.append(post["text"])
        return texts

    async def let_pass(self, writes: int) -> None:
        """The next so many writes go well; a fault that is set after this comes after them."""
        await self.outside.fault(
            target=self.account.network, route=self.writes, when="after", delay=0.001, times=writes
        )

    async def break_write(self, **fault: Any) -> None:
        """The next write fails."""
        await self.outside.fault(target=self.account.network, route=self.writes, times=1, **fault)

    async def record(self, delivery: str) -> list[tuple[str, str]]:
        """What the record says the engine did with a delivery: act and detail, in order."""
        lines: Any = await self.desk.store.client.xrange(self.desk.store.key("audit"))
        entries = [json.loads(fields["entry"]) for _, fields in lines]
        return [(each["act"], each["detail"]) for each in entries if each["delivery"] == delivery]

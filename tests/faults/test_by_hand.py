"""kill -9 where a person publishes by hand: one message asks, once, with each picture once, and it stays true."""

import asyncio
import signal
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.assisted import Details
from bot.desk.posts import Content as Form
from bot.domain.brands import Account, Standing
from bot.domain.deliveries import Delivery, State
from bot.engine.failpoints import NAMES
from bot.sandbox import world
from bot.slack.wire import elements_in
from tests.faults import lives
from tests.faults.cells import Workers
from tests.faults.contents import USERS, member, move_in, picture
from tests.faults.playing import Ground, Outcome, Run, ground
from tests.faults.processes import until
from tests.faults.report import complaints
from tests.faults.stage import accounts_for

POINTS = {
    "publish.after_claim": "after the claim",
    "by_hand.before_ask": "before the ask is stored",
    "by_hand.after_ask": "the ask is stored, nobody was told",
    "event.after_tell": "told, not acknowledged",
    "card.before_post": "noted, before the message is posted",
    "card.after_post": "the message is posted, where isn't noted",
    "by_hand.after_place": "the picture is with Slack, its place isn't noted",
    "by_hand.before_share": "the place is noted, the picture isn't shown",
    "by_hand.after_share": "the picture is shown, that isn't noted",
}


@dataclass(frozen=True)
class HandCell:
    """One run."""

    name: str
    point: str
    workers: Workers
    network: str = "x"  # whose profile the outside world has; nobody publishes there

    @property
    def row(self) -> str:
        """Where it stands in the table."""
        return POINTS[self.point]

    @property
    def column(self) -> str:
        """Where it stands in the table."""
        return f"by hand {self.workers}"

    @property
    def wanted(self) -> str:
        """Whatever happens."""
        return "asks 1, files 2, asked of 1"


CELLS = [
    HandCell(f"H{number:03d}", point, workers)
    for number, (point, workers) in enumerate(
        (point, workers) for point in POINTS for workers in (Workers.ONE, Workers.TWO)
    )
]


class HandRun(Run):
    """One cell of asking a person."""

    def __init__(self, cell: HandCell, here: Ground, who: world.Account) -> None:
        super().__init__(cell, here, who)
        self._cell = cell

    async def played(self) -> str:
        """See `Run`."""
        account = await self._assisted(await move_in(self.desk, self.who))
        id_ = await self._approved(account)
        await self._its_hour(id_)
        armed = f"{self._cell.point}=kill"
        lives_ = [self.live(lives.by_hand, "first", armed)]
        if self._cell.workers is Workers.TWO:
            lives_.append(self.live(lives.by_hand, "second", armed))
        await until(lambda: _any_over(lives_))
        await self.dies(next(each for each in lives_ if each.over))
        self.live(lives.by_hand, "last")
        await until(lambda: self._settled(id_))
        return await self._found(id_)

    async def _assisted(self, other: Account) -> Account:
        admin = Standing(id=f"{self.desk.store.team}:ADMIN", admin=True)
        ana = f"{self.desk.store.team}:{USERS['ana']}"
        details = Details("linkedin-assisted", "Café", handle=self._cell.name, publisher=ana)
        return await self.desk.assisted.save(f"hand-{self._cell.name.lower()}", other.brand, details, admin)

    async def _approved(self, account: Account) -> str:
        """Planned for tomorrow, with all that is told of that told."""
        pictures = (await picture(self.desk, self.stage), await picture(self.desk, self.stage))
        form = Form(
            brand=account.brand,
            text=f"El café de hoy, {self._cell.name}",
            accounts=(account.id,),
            pictures=pictures,
            due=self.desk.now() + timedelta(days=1),
        )
        await self.desk.posts.submit(self._cell.name, form, member(self.desk, "ana"))
        await self.desk.posts.approve(self._cell.name, member(self.desk, "bruno"), revision=1)
        (delivery,) = await self.desk.posts.deliveries(self._cell.name)
        calm = self.live(lives.by_hand, "calm")
        await until(self._quiet)
        calm.signal(signal.SIGKILL)
        await self.dies(calm)
        return delivery.id

    async def _its_hour(self, id_: str) -> None:
        old, now = await self.desk.deliveries.get(id_), self.desk.now()
        change = self.desk.store.begin()
        change.put(old.model_copy(update={"due": now, "attention": now}), old)
        await change.commit()

    async def _quiet(self) -> bool:
        store = self.desk.store
        return not await store.client.xlen(store.key("events")) and not await store.client.zcard(store.key("dirty"))

    async def _settled(self, id_: str) -> bool:
        delivery = await self.desk.deliveries.get(id_)
        done = delivery.state is State.BY_HAND and bool(delivery.asked_of and delivery.asked_of.handed)
        return done and await self._quiet()

    async def _found(self, id_: str) -> str:
        delivery = await self.desk.store.get(Delivery, id_)
        asks = [each for each in self.stage.shown(id_) if _offers(each)]
        threads = {each["ts"] for each in asks}
        shown = [
            each for each in self.stage.shown("taza.png") if each.get("thread_ts") in threads and each.get("files")
        ]
        files = Counter(file["id"] for each in shown for file in each["files"])
        if any(not str(each["channel"]).startswith("D") for each in asks):
            self.wrong.append("it is asked where others read")
        if any(times > 1 for times in files.values()):
            self.wrong.append("a picture came twice")
        return f"asks {len(asks)}, files {len(files)}, asked of {len(delivery.asks)}"


async def _any_over(lives_: list[Any]) -> bool:
    return any(each.over for each in lives_)


def _offers(message: dict[str, Any]) -> bool:
    pressed = {str(element["action_id"]).partition(":")[0] for element in elements_in(message.get("blocks") or [])}
    return {"by_hand.published", "by_hand.cant"} <= pressed


def test_no_failpoint_is_left_out() -> None:
    assert {name for name in NAMES if name.startswith("by_hand.")} <= POINTS.keys()


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_one_person_is_asked_once() -> None:
    accounts = accounts_for([cell.name for cell in CELLS])
    async with ground(list(accounts.values()), [cell.name for cell in CELLS]) as here:
        slots = asyncio.Semaphore(4)

        async def one(cell: HandCell) -> Outcome:
            async with slots:
                return await HandRun(cell, here, accounts[cell.network, cell.name]).play()

        outcomes = await asyncio.gather(*(one(cell) for cell in CELLS))
    assert not complaints(list(outcomes))

"""One run of the matrix: a worker is cut short, others go on, and then the world outside is looked at."""

import asyncio
import signal

from bot.sandbox import world
from tests.faults import lives
from tests.faults.cells import HELD, Cell, Content, Workers
from tests.faults.contents import Order, member, move_in, order
from tests.faults.judging import judged
from tests.faults.playing import Ground, Run
from tests.faults.processes import Life, until


class PublishingRun(Run):
    """One cell of the publishing protocol."""

    def __init__(self, cell: Cell, here: Ground, who: world.Account) -> None:
        super().__init__(cell, here, who)
        self._cell = cell

    async def played(self) -> str:
        """See `Run`."""
        account = await move_in(self.desk, self.who)
        ordered = await order(self.desk, self.stage, account, self._cell.content, self._cell.name)
        await self._cut(ordered)
        found, wrong = await judged(self._cell, ordered, self.who, self.desk, self.stage)
        self.wrong += wrong
        return found

    async def _cut(self, ordered: Order) -> None:
        *earlier, last = self._cell.point.cuts
        for point in earlier:
            await self.dies(self._works(ordered, self._armed(point, "kill")))
        if last == HELD:
            await self._keep_the_answer(ordered)
        elif self._cell.workers is Workers.PAUSED:
            sleeper = self._works(ordered, self._armed(last, "stop"))
            await sleeper.stopped()
            await (self._wake_up_and_fail if self._cell.point.fails else self._wake_up_late)(sleeper, ordered)
        else:
            fence = await self._fence(ordered)
            first = self._works(ordered, self._armed(last, "kill"))
            if self._cell.workers is Workers.TWO:

                async def claimed() -> bool:
                    return first.over or await self._fence(ordered) > fence

                await until(claimed)
                second = self._works(ordered)
                await self.dies(first)
                await self.finishes(second)
            else:
                await self.dies(first)
                await self.finishes(self._works(ordered))

    async def _keep_the_answer(self, ordered: Order) -> None:
        """The request has left and the post is public; whoever waits for the answer never gets it."""
        text = ordered.texts[1 if self._cell.content is Content.THREAD else 0]
        held = self.stage.traffic.held[text] = asyncio.Event()
        first = self._works(ordered)
        await held.wait()
        if self._cell.workers is Workers.PAUSED:
            first.signal(signal.SIGSTOP)
            await first.stopped()
            await self._wake_up_late(first, ordered)
            return
        second = self._works(ordered) if self._cell.workers is Workers.TWO else None
        first.signal(signal.SIGKILL)
        await self.dies(first)
        await self.finishes(second or self._works(ordered))

    async def _wake_up_late(self, sleeper: Life, ordered: Order) -> None:
        """Another brings the delivery to its end; then the sleeper goes on where it stood."""
        await self.finishes(self._works(ordered))
        if self._cell.point.again:
            await self.desk.deliveries.send_again(ordered.delivery.id, member(self.desk, "bruno"))
            await self.finishes(self._works(ordered))
        sleeper.signal(signal.SIGCONT)
        await self.finishes(sleeper)

    async def _wake_up_and_fail(self, sleeper: Life, ordered: Order) -> None:
        """Another sends it and dies before it can say so; what the sleeper fails at then must change nothing."""
        await self.dies(self._works(ordered, "publish.after_answer=kill"))
        failed = self.stage.traffic.failing[self.who.id] = asyncio.Event()
        sleeper.signal(signal.SIGCONT)
        await self.finishes(sleeper)
        if not failed.is_set():
            self.wrong.append("the network did not fail")

    def _armed(self, point: str, action: str) -> str:
        """In its first life a thread gets past its first segment."""
        second = self._cell.content is Content.THREAD and not self.begun and not self._cell.point.once
        return f"{point}={action}@2" if second else f"{point}={action}"

    def _works(self, ordered: Order, failpoints: str = "") -> Life:
        return self.live(lives.publish, ordered.delivery.id, failpoints)

    async def _fence(self, ordered: Order) -> int:
        """It grows with every claim."""
        store = self.desk.store
        return int(await store.client.hget(store.key_of(ordered.delivery), "fence") or 0)

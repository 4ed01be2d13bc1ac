"""The same promise towards Slack: what somebody outside said, and what a person must decide, is on exactly one card."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import product

from bot.domain.brands import Account
from bot.domain.deliveries import Delivery, Step, Trouble
from bot.network import Page
from bot.sandbox import world
from tests.faults import lives
from tests.faults.cells import NETWORKS, Content, Workers
from tests.faults.contents import CHANNELS, comment, move_in, order
from tests.faults.judging import asking
from tests.faults.playing import Ground, Run
from tests.faults.processes import Life, until

LOOK = 0.5
CARDS = {
    "event.after_tell": "told, not acknowledged",
    "card.before_post": "noted, before a card is posted",
    "card.after_post": "posted, where it is isn't noted",
}
COMMENTS = {"poll.after_fetch": "fetched, not stored", "poll.after_items": "stored with the cursor", **CARDS}


@dataclass(frozen=True)
class CardCell:
    """One run. `subject`: a comment from outside, or the question what became of a delivery."""

    name: str
    point: str
    subject: str
    network: str
    workers: Workers

    @property
    def row(self) -> str:
        """Where it stands in the table."""
        return f"{COMMENTS[self.point]} · {self.subject}"

    @property
    def column(self) -> str:
        """Where it stands in the table."""
        return f"{self.network} {self.workers}"

    @property
    def wanted(self) -> str:
        """Whatever happens: one card, in each place where there is to be one."""
        return "card 1"


def card_cells() -> Iterator[CardCell]:
    """Every run, in the order of the table."""
    rows = [*product(COMMENTS, ["comment"], NETWORKS, Workers), *product(CARDS, ["question"], NETWORKS, Workers)]
    for number, row in enumerate(rows):
        yield CardCell(f"K{number:03d}", *row)


class CardRun(Run):
    """One cell of the way into Slack."""

    def __init__(self, cell: CardCell, here: Ground, who: world.Account) -> None:
        super().__init__(cell, here, who)
        self._cell = cell
        self._question: Delivery | None = None
        self._comments: list[str] = []

    async def played(self) -> str:
        """See `Run`."""
        account = await move_in(self.desk, self.who)
        await self._begin_reading(account)
        if self._cell.subject == "question":
            await self._lose_one(account)
        else:
            await self._comment(account)
        await self._cut(account)
        return f"card {max(await self._counted())}"

    async def _cut(self, account: Account) -> None:
        paused = self._cell.workers is Workers.PAUSED
        armed = f"{self._cell.point}={'stop' if paused else 'kill'}"
        first = self.live(lives.relay, "first", armed)
        if paused:
            await first.stopped()
            await self._wake_up_late(first, account)
            return
        if self._cell.workers is Workers.TWO:  # whoever does the work dies of it, perhaps both
            second = self.live(lives.relay, "second", armed)

            async def dead() -> bool:
                return first.over or second.over

            await until(dead)
            await self.dies(first if first.over else second)
        else:
            await self.dies(first)
        self.live(lives.relay, "last")
        await until(self._settled, LOOK)

    async def _wake_up_late(self, sleeper: Life, account: Account) -> None:
        """Another does the work and is gone; then the sleeper goes on where it stood, and does the next work alone."""
        other = self.live(lives.relay, "other")
        await until(self._settled, LOOK)
        other.signal(signal.SIGKILL)
        await self.dies(other)
        sleeper.signal(signal.SIGCONT)
        await self._comment(account)
        await until(self._settled, LOOK)

    async def _settled(self) -> bool:
        """Every card is there, and nothing is left to be told or drawn."""
        store = self.desk.store
        left = await store.client.xlen(store.key("events")) + await store.client.zcard(store.key("dirty"))
        return not left and all(await self._counted())

    async def _counted(self) -> list[int]:
        """How many cards show each comment, and ask the question in each place where it is to be asked."""
        counts = [len(self.stage.shown(words)) for words in self._comments]
        if self._question is not None:
            places = asking(self.stage, self._question)
            directly = [times for place, times in places.items() if place.startswith("D")]
            counts += [places[CHANNELS.alerts], *(directly or [0])]
        return counts

    async def _begin_reading(self, account: Account) -> None:
        """The account was read until now."""
        connector = self.desk.accounts.open(account)
        try:
            await self.desk.receiving.receive(account, Page((), connector.begin(datetime.now(UTC))), None)
        finally:
            await connector.aclose()

    async def _comment(self, account: Account) -> None:
        """Somebody outside mentions us."""
        words = f"Un cortado, {self._cell.name}-{len(self._comments)}"
        await comment(self.stage, account, words)
        self._comments.append(words)

    async def _lose_one(self, account: Account) -> None:
        """A post of which nobody knows whether it went out."""
        ordered = await order(self.desk, self.stage, account, Content.POST, self._cell.name)
        for step in (Step.CLAIM, Step.GRANT, Step.LOSE):
            trouble = Trouble(kind="unknown") if step is Step.LOSE else None
            moved = partial(Delivery.move, step=step, trouble=trouble)
            self._question = await self.desk.deliveries.settle(ordered.delivery.id, moved, step.value)

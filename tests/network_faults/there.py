"""One account on the sandbox's networks, polled and probed by hand."""

from dataclasses import dataclass
from datetime import timedelta

from bot.desk.desk import Desk
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Account
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from bot.engine.probing import Prober
from tests.engine.bench import Bench
from tests.outside import Outside


@dataclass
class There:
    """One account, polled and probed by hand; the clock of turns is forgotten between two looks."""

    bench: Bench
    outside: Outside
    where: str

    @property
    def desk(self) -> Desk:
        """The desk."""
        return self.bench.desk

    async def _again(self, name: str) -> None:
        keys = [key async for key in self.desk.store.client.scan_iter(self.desk.store.key("turn", name, "*"))]
        for key in keys:
            await self.desk.store.client.delete(key)

    async def poll(self) -> None:
        """One poll."""
        await self._again("poll")
        await Poller(self.desk, Failpoints(), every=timedelta(seconds=5)).tick()

    async def probe(self, **later: float) -> Account:
        """One look at the access, some time later; the account afterwards."""
        self.bench.clock.by += timedelta(**later)
        await self._again("probe")
        await Prober(self.desk).tick()
        return await self.desk.accounts.get(self.bench.account.id)

    async def rung(self, kind: AlarmKind) -> list[str]:
        """The subjects of open alarms of a kind."""
        found = [alarm for alarm in await self.desk.alarms.open() if alarm.kind is kind]
        return [thing.subject for alarm in found for thing in alarm.open]

    async def by_hand(self, text: str, post: str = "") -> str:
        """Somebody with the password posts; the id."""
        about = {"post": post} if post else {}
        return str((await self.outside.post("/audience/publish", account=self.where, text=text, **about))["id"])

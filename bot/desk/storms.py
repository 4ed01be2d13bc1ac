"""When more is said than cards can be made of: what is shown instead, when it is over, who gets a card after all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.domain import storms as rules
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Account, Brand
from bot.domain.bulk import Bulk, for_many
from bot.domain.conversations import Conversation
from bot.domain.errands import Errand, ErrandState
from bot.domain.events import CrowdChanged, StormChanged
from bot.domain.records import score
from bot.domain.storms import Crowd, Storm, Tide
from bot.errors import UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk

BATCH, DRAWN = 50, 3
"""Storms of one look, and crowds whose cards it has drawn: those whose drawing is oldest come first."""
TAKES = frozenset(
    {"claim", "assign", "answering", "snooze", "wake", "woke", "escalate", "reopen", "release", "topics", "take"}
)
"""What somebody does with a single conversation: from then on it has a card, also if it came in a storm."""
_FAILED = frozenset({ErrandState.REFUSED, ErrandState.FAILED})


@dataclass(frozen=True)
class StormPage:
    """A storm with all that its cards show. waiting: conversations on the account that nobody has; upset: open ones
    that sound displeased."""

    storm: Storm
    brand: Brand
    account: Account
    titles: Mapping[str, str]
    waiting: int
    upset: int
    now: datetime


class Storms:
    """Reads, and what is looked at by itself."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Storm:
        """A storm by id; raises UserError when there is none."""
        found = await self._store.find(Storm, id_)
        if found is None:
            raise UserError("error.no_such_storm")
        return found

    async def page(self, id_: str) -> StormPage:
        """All that its cards show, from the records as they are now."""
        storm = await self.get(id_)
        return StormPage(
            storm=storm,
            brand=await self._desk.brand(storm.brand),
            account=await self._desk.accounts.get(storm.account),
            titles=self._desk.pages.titles(),
            waiting=await self.common(f"open_at:{storm.account}", f"unowned:{storm.brand}"),
            upset=await self.common(f"open_at:{storm.account}", f"upset:{storm.brand}"),
            now=self._desk.now(),
        )

    async def common(self, *indexes: str) -> int:
        """How many stand in all of these indexes."""
        keys = [self._store.key("index", name) for name in indexes]
        return int(await self._store.client.zintercard(len(keys), keys))

    def people_key(self, crowd: str) -> str:
        """The set of the different people in a crowd."""
        return self._store.key("crowd-people", crowd)

    # --- what happens by itself

    async def look(self) -> None:
        """What the cards show follows what is said, once in a while and not with every comment; what is over, is."""
        for storm in await self._store.listed(Storm, "storms", limit=BATCH):
            await self._desk.again(partial(self._look_at, storm.id))
        for crowd in await self._store.listed(Crowd, "crowds:grown", limit=DRAWN):
            await self._desk.again(partial(self._grown, crowd.id))
        await self._forget()

    async def _look_at(self, id_: str) -> None:
        old, now = await self.get(id_), self._desk.now()
        tide = await self._store.find(Tide, old.account)
        if old.over_at is not None or tide is None:
            return
        change, act = self._store.begin(), "grew"
        update: dict[str, object] = {"told": old.count}
        if old.spike and not old.rung:
            await self._ring(old)
            update["rung"] = True
        if rules.over(old, tide, now):
            await self._desk.alarms.over(AlarmKind.SPIKE, id_)
            update["over_at"], act = now, "over"
            if tide.storm == old.id:
                change.put(tide.model_copy(update={"storm": ""}), tide)
            change.audit(self._desk.entry("engine", "storm.over", brand=old.brand, subject=id_, detail=str(old.count)))
        elif old.told == old.count and "rung" not in update:
            return
        change.put(old.model_copy(update=update), old)
        change.emit(StormChanged(storm=id_, act=act, correlation=correlation.get()))
        await change.commit()

    async def _ring(self, storm: Storm) -> None:
        """Whoever is on duty, and the alerts channel, are told once; asked again, it is the same alarm."""
        account = await self._desk.accounts.get(storm.account)
        title = self._desk.pages.titles().get(account.network, account.network)
        minutes = round(rules.WINDOW / timedelta(minutes=1))
        detail = {
            "account": f"{title} @{account.handle}" if account.handle else f"{title} {account.name}",
            "count": str(storm.peak),
            "minutes": str(minutes),
            "usual": str(max(1, round(storm.usual))),
        }
        await self._desk.alarms.ring(AlarmKind.SPIKE, subject=storm.id, brand=storm.brand, detail=detail)

    async def _grown(self, id_: str) -> None:
        old = await self._store.find(Crowd, id_)
        if old is None or (old.told == old.count and not old.busy):
            return
        change = self._store.begin()
        change.put(old.model_copy(update={"told": old.count, "drawn_at": self._desk.now()}), old)
        change.emit(CrowdChanged(crowd=id_, act="grew", correlation=correlation.get()))
        await change.commit()

    async def _forget(self) -> None:
        """What nobody looks at any more."""
        until = score(self._desk.now() - rules.KEPT)
        for storm in await self._store.listed(Storm, "storms:over", high=until, limit=BATCH):
            change = self._store.begin()
            change.remove(storm)
            await change.commit()
        for crowd in await self._store.listed(Crowd, "crowds", high=until, limit=BATCH):
            change = self._store.begin()
            change.remove(crowd)
            for bulk in await self._store.listed(Bulk, f"bulks:{crowd.id}"):
                change.remove(bulk)
            await change.commit()

    # --- cards

    async def has_card(self, talk: Conversation, act: str) -> bool:
        """Whether an event gives a conversation a card that had none: what came in a storm waits in the list until
        somebody takes it, or something about it needs them."""
        if not talk.gathered or act in TAKES:
            return True
        if act == "answer":
            replies = await self._desk.conversations.replies(talk.id)
            return bool(replies) and not for_many(replies[-1].id)
        if act == "moderated":
            errands = await self._store.listed(Errand, f"errands:{talk.id}")
            return any(errand.state in _FAILED for errand in errands)
        return False

"""Publishing is refused when the store isn't the one that we left, until somebody who was an admin says to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.alarms import AlarmKind
from bot.domain.brands import Member
from bot.domain.custody import HELD, ID, Custody, Gap, Mark, gap
from bot.domain.deliveries import WAITING, Delivery, State, Step, Trouble
from bot.domain.events import CustodyChanged
from bot.domain.records import MemberId
from bot.errors import AlreadyDone, Conflict, NotAllowed, UserError
from bot.journal import correlation
from bot.store.audit import AuditLog
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

_MOST = 10_000
_NAMED = 10
KEY = "key"
"""What the alarm about credentials that nobody can open is about."""


@dataclass(frozen=True)
class Seen:
    """What was seen of the store last, outside of it: where the record ended and when; whom to ask, and where.

    restored: somebody put a backup in its place since, which is asked about like anything else that is missing.
    """

    mark: Mark = field(default_factory=Mark)
    at: datetime | None = None
    admins: Sequence[MemberId] = ()
    alerts: Sequence[str] = ()
    restored: bool = False


class Custodian:
    """The verbs of trust in the store. One a process: it remembers what this process has seen."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store
        self._log = AuditLog(desk.store)
        self._seen = Seen()
        self._floor = 0
        self._epoch = 0

    async def now(self) -> Custody:
        """How it stands."""
        return await self._store.find(Custody, ID) or Custody(id=ID)

    def guard(self, change: Transaction) -> None:
        """Let a change only happen in a store that is trusted, and that has all that this process knows of."""
        change.holds(self._store.key(Custody.KIND, ID), "state", "")
        change.at_least(self._store.key("audit", "head"), "number", max(self._floor, self._store.newest))

    async def doubted(self, conflict: Conflict) -> bool:
        """Whether nothing may be published, looked at again after a change was refused."""
        if conflict.key.startswith(self._store.key("audit", "head")):
            return (await self.examine()).missing
        return (await self.now()).missing

    async def examine(self, seen: Seen | None = None) -> Custody:
        """Compare the store with what was seen of it last (None: as before); what is missing stops publishing and is
        told."""
        self._seen = seen = seen or self._seen
        custody, head = await self.now(), await self._log.head()
        confirmed_elsewhere = custody.epoch > self._epoch
        self._epoch = custody.epoch
        if confirmed_elsewhere or custody.missing:
            self._store.forget_newest()
        if custody.missing or (custody.accepts(seen.at) and not seen.restored):
            self._floor = 0
            lost = not custody.missing and head.number < self._store.newest
            mark, found = Mark(number=self._store.newest), Gap.BEHIND if lost else None
        else:
            self._floor, mark = seen.mark.number, seen.mark
            here = Mark(number=head.number, hash=head.hash)
            found = Gap.RESTORED if seen.restored else gap(mark, here, await self._at(mark))
            if found is None and head.number < self._store.newest:
                mark, found = Mark(number=self._store.newest), Gap.BEHIND
        if found is None:
            return custody
        new = custody.model_copy(
            update={
                "state": "missing",
                "epoch": custody.epoch + 1,
                "gap": found,
                "seen": mark,
                "seen_at": seen.at,
                "found": Mark(number=head.number, hash=head.hash),
                "admins": tuple(sorted({*seen.admins, *(await self._desk.workspace()).admins})),
                "alerts": tuple(seen.alerts),
                "noticed_at": self._desk.now(),
                "confirmed_by": "",
                "confirmed_at": None,
            }
        )
        return await self._distrust(new)

    async def _at(self, seen: Mark) -> Mark | None:
        found = await self._log.at(seen.number) if seen.number else None
        return Mark(number=found.number, hash=found.hash) if found else None

    async def _distrust(self, new: Custody) -> Custody:
        async def attempt() -> Custody:
            current = await self.now()
            if current.missing:
                return current
            change = self._store.begin()
            change.put(new.model_copy(update={"version": current.version}), current)
            change.emit(CustodyChanged(act="missing", correlation=correlation.get()))
            detail = f"{new.gap}: ended at {new.seen.number}, found {new.found.number}"
            change.audit(self._desk.entry("engine", "state.missing", subject=ID, detail=detail))
            await change.commit()
            return new

        custody = await self._desk.again(attempt)
        self._store.forget_newest()
        self._floor, self._epoch = 0, custody.epoch
        await self.hold_planned()
        await self.ring()
        return custody

    async def ring(self) -> None:
        """While something is missing there is one alarm about it, however often that is said."""
        custody = await self.now()
        if custody.missing:
            found = {"ended": custody.seen.number, "found": custody.found.number, "epoch": custody.epoch}
            detail = {name: str(number) for name, number in found.items()}
            await self._desk.alarms.ring(AlarmKind.STATE_MISSING, subject=ID, detail=detail)

    async def hold_planned(self) -> int:
        """Everything planned becomes a question, post by post; answers how many."""
        held = 0

        def hold(old: Delivery) -> Delivery:
            waits = old.state in {State.CLAIMED} | WAITING
            return old.move(Step.HOLD, trouble=Trouble(kind=HELD)) if waits else old

        for brand in await self._desk.brands.all():
            for each in await self._store.listed(Delivery, f"planned:{brand.id}", limit=_MOST):
                if each.state in {State.CLAIMED} | WAITING:
                    await self._desk.deliveries.settle(each.id, hold, "hold")
                    held += 1
        return held

    async def report(self, troubles: Mapping[str, str]) -> None:
        """What could lose records, by name: rung while it is so, over when it no longer is."""
        alarms = [each for each in await self._desk.alarms.open("") if each.kind is AlarmKind.STORE_TROUBLE]
        for past in {thing.subject for alarm in alarms for thing in alarm.open} - {*troubles, KEY}:
            await self._desk.alarms.over(AlarmKind.STORE_TROUBLE, past)
        for name, what in troubles.items():
            await self._desk.alarms.ring(AlarmKind.STORE_TROUBLE, subject=name, detail={"what": what})

    async def look_for_keys(self) -> None:
        """Ring once where accounts can't be opened, because the key that sealed their credentials is not here."""
        brands = await self._desk.brands.all()
        locked = [account for brand in brands for account in await self._desk.accounts.locked(brand.id)]
        if not locked:
            await self._desk.alarms.over(AlarmKind.STORE_TROUBLE, KEY)
            return
        titles = self._desk.pages.titles()
        named = ", ".join(
            f"{titles[each.network]} {f'@{each.handle}' if each.handle else each.name}" for each in locked[:_NAMED]
        )
        named += "…" if len(locked) > _NAMED else ""
        await self._desk.alarms.ring(AlarmKind.STORE_TROUBLE, subject=KEY, detail={"accounts": named})

    async def confirm(self, who: Member, *, epoch: int) -> Custody:
        """*Publish from here on*: for an admin whom we remember, or an owner of the Slack workspace.

        What was planned before stays held, post by post. `epoch` is the gap that the person saw.
        """

        async def permitted() -> Custody:
            old = await self.now()
            if not old.missing or old.epoch != epoch:
                if old.confirmed_at is not None:
                    raise AlreadyDone("error.state_confirmed", who=old.confirmed_by, at=old.confirmed_at)
                raise UserError("error.state_not_missing")
            if not who.within or (who.id not in old.admins and not who.owner):
                raise NotAllowed("error.state_admins_only")
            return old

        async def attempt() -> Custody:
            old = await permitted()
            new = old.model_copy(update={"state": "", "confirmed_by": who.id, "confirmed_at": self._desk.now()})
            change = self._store.begin()
            change.put(new, old)
            change.emit(CustodyChanged(act="confirmed", by=who.id, correlation=correlation.get()))
            change.audit(self._desk.entry(who.id, "state.confirmed", subject=ID, detail=f"{old.gap}"))
            await change.commit()
            return new

        await permitted()
        await self.hold_planned()
        custody = await self._desk.again(attempt)
        await self._desk.alarms.over(AlarmKind.STATE_MISSING, ID)
        return custody

    async def require(self) -> None:
        """Raises UserError while nothing may be published."""
        if (await self.now()).missing:
            raise UserError("error.state_missing")

    async def held(self, brand: str) -> list[Delivery]:
        """What waits for a person since something was missing."""
        asks = await self._store.listed(Delivery, f"asks:{brand}")
        return [d for d in asks if d.state is State.HELD and d.trouble is not None and d.trouble.kind == HELD]

"""Alarms: ring, take, over. One at a time for one thing, however often it is reported."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import alarms as rules
from bot.domain.alarms import Alarm, AlarmKind, AlarmState, Rung, Step, Thing
from bot.domain.brands import WRITING, Brand, Role, Standing
from bot.domain.events import AlarmChanged
from bot.domain.records import MemberId, score
from bot.domain.watch import How, Team, Watch, on_duty
from bot.errors import NotAllowed, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

OPEN = "alarm-open"


class Alarms:
    """The verbs of alarms."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Alarm:
        """An alarm by id; raises UserError when there is none."""
        alarm = await self._store.find(Alarm, id_)
        if alarm is None:
            raise UserError("error.no_such_alarm")
        return alarm

    async def open(self, brand: str | None = None) -> list[Alarm]:
        """What rings or was taken and isn't over, oldest first: of a brand, of the workspace (""), or all (None)."""
        return await self._store.listed(Alarm, "alarms" if brand is None else f"alarms:{brand}")

    async def of(self, member: MemberId) -> list[Alarm]:
        """What somebody has taken and isn't over, oldest first."""
        return await self._store.listed(Alarm, f"alarms_of:{member}")

    async def about(self, subject: str) -> list[Alarm]:
        """Every alarm that a thing ever rang, the oldest first."""
        return await self._store.listed(Alarm, f"alarms_about:{subject}")

    # --- what happens

    async def ring(
        self, kind: AlarmKind, *, subject: str, brand: str = "", detail: Mapping[str, str] | None = None
    ) -> Alarm:
        """Raise an alarm; the one that is open already about this very thing is answered and rung no second time.

        One of the same kind and brand that rings since less than a minute takes it in: an outage is one message. The
        worker rings people (`bot/engine/alarming.py`), starting at once. `detail` fills the sentence: `account`
        there, whatever `alarm.<kind>.more` names, and `name`, `accounts`, `what` and `url` in small print.
        """
        name, about = (OPEN, kind.value, subject), dict(detail or {})

        async def attempt() -> Alarm:
            known = await self._store.client.get(self._store.key(*name))
            if known:
                return await self.get(str(known))
            change = self._store.begin()
            alarm = await self.add(change, kind, subject=subject, brand=brand, detail=about)
            await change.commit()
            return alarm

        return await self._desk.again(attempt)

    async def add(
        self, change: Transaction, kind: AlarmKind, *, subject: str, brand: str, detail: Mapping[str, str]
    ) -> Alarm:
        """Raise a new alarm in somebody else's change, so that neither is there without the other."""
        old = await self._taking_in(kind, brand)
        alarm = rules.join(old, subject, detail) if old else self._new(kind, subject, brand, detail)
        change.put(alarm, old)
        change.unique(OPEN, kind.value, subject, value=alarm.id)
        event = AlarmChanged(alarm=alarm.id, act="join" if old else "raise", correlation=correlation.get())
        change.emit(event)
        change.audit(self._desk.entry("engine", f"alarm.{kind}", brand=brand, subject=subject))
        return alarm

    def open_name(self, kind: AlarmKind, subject: str) -> str:
        """The key that says which alarm is open about a thing."""
        return self._store.key(OPEN, kind.value, subject)

    async def _taking_in(self, kind: AlarmKind, brand: str) -> Alarm | None:
        now = self._desk.now()
        low = score(now - rules.TOGETHER)
        fresh = await self._store.listed(Alarm, f"alarms:{brand}", low=low)
        return next((alarm for alarm in fresh if alarm.kind is kind and rules.takes_in(alarm, now)), None)

    def _new(self, kind: AlarmKind, subject: str, brand: str, detail: Mapping[str, str]) -> Alarm:
        now = self._desk.now()
        # a lost channel has been told to its people at once (handlers/channels.py): the ladder begins after them
        first = now + rules.PATIENCE if kind is AlarmKind.CHANNEL_LOST else now
        return Alarm(
            id=self._desk.new_id(),
            kind=kind,
            brand=brand,
            things=(Thing(subject=subject, detail=dict(detail)),),
            attention=first,
            raised_at=now,
            correlation=correlation.get(),
        )

    async def over(self, kind: AlarmKind, subject: str) -> None:
        """What an alarm was about has passed; nothing happens where none is open."""
        name = self._store.key(OPEN, kind.value, subject)
        known = await self._store.client.get(name)
        if not known:
            return

        async def attempt() -> None:
            old = await self.get(str(known))
            new = rules.settle(old, subject, self._desk.now())
            change = self._store.begin()
            if new is not old:
                self._put(change, new, old, "over" if new.state is AlarmState.OVER else "settle")
            change.do("DEL", name)
            await change.commit()

        await self._desk.again(attempt)

    # --- what people do

    async def take(self, id_: str, who: Standing) -> Alarm:
        """*I'm on it*: nobody else is rung. Whoever may write or moderate in the brand, or anywhere for an alarm of
        the whole workspace. Raises AlreadyDone, which says who has it."""

        async def attempt() -> Alarm:
            old = await self.get(id_)
            await self._permit(old, who)
            new = rules.take(old, who.id, self._desk.now())
            return await self._commit(new, old, "take", who.id)

        return await self._desk.again(attempt)

    async def release(self, id_: str, who: Standing) -> Alarm:
        """*I can't*: it rings on."""

        async def attempt() -> Alarm:
            old = await self.get(id_)
            await self._permit(old, who)
            new = rules.release(old, who.id, self._desk.now())
            return await self._commit(new, old, "release", who.id)

        return await self._desk.again(attempt)

    async def _permit(self, alarm: Alarm, who: Standing) -> None:
        if alarm.brand:
            who.require(await self._desk.brand(alarm.brand), *sorted(WRITING))
        elif not await self._desk.brands.mine(who, *WRITING) and not who.admin:
            raise NotAllowed("error.no_brand")

    # --- what the engine does

    async def due(self) -> list[Alarm]:
        """What wants to ring or to remind now."""
        now = self._desk.now()
        found = await self._store.listed(Alarm, "alarms:due", high=score(now))
        found += await self._store.listed(Alarm, "alarms:due", low=score(now + rules.FAR_AHEAD))
        return [alarm for alarm in found if rules.wants(alarm, now)]

    async def ring_next(self, id_: str) -> Alarm:
        """Ring the next rung, or remind whoever has it; nothing where another worker did so in this moment."""

        async def attempt() -> Alarm:
            old, now = await self.get(id_), self._desk.now()
            if not rules.wants(old, now):
                return old
            if old.state is AlarmState.TAKEN:
                return await self._commit(rules.remind(old, now), old, "remind")
            until = await self.waits_until(old)
            if until is not None:
                return await self._commit(rules.wait(old, until), old, "wait")
            hook = await self._hook(old)
            step = rules.next_step(old, await self.ladder(old), hook=hook)
            new = rules.ring(old, step, now)
            change = self._store.begin()
            if step is not None and step.rung is Rung.WEBHOOK:
                self._desk.hooks.send(change, call_of(new), new.id)
            self._put(change, new, old, "rung" if step else "exhausted")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def wake(self, brand: str) -> None:
        """Somebody began a shift in a brand: what rang everybody in vain, or waits for a shift, rings them now."""
        for known in [*await self.open(brand), *await self.open("")]:

            async def attempt(id_: str = known.id) -> None:
                old = await self.get(id_)
                sleeps = old.state is AlarmState.RINGING and (old.attention is None or old.waits is not None)
                if sleeps and await self.waits_until(old) is None and await self.next_step(old) is not None:
                    await self._commit(rules.wake(old, self._desk.now()), old, "wake")

            await self._desk.again(attempt)

    async def lapse(self, id_: str) -> Alarm:
        """Ring on where whoever has it left Slack, or lost their role there; else nothing."""

        async def attempt() -> Alarm:
            old = await self.get(id_)
            if old.state is not AlarmState.TAKEN or await self._there(old):
                return old
            return await self._commit(rules.lapse(old, self._desk.now()), old, "lapse")

        return await self._desk.again(attempt)

    async def _there(self, alarm: Alarm) -> bool:
        team = await self._desk.duty.team()
        if not alarm.brand:
            return alarm.taken_by not in team.gone
        return team.serves(await self._desk.brand(alarm.brand), alarm.taken_by)

    async def _hook(self, alarm: Alarm) -> bool:
        practice = bool(alarm.brand) and (await self._desk.brand(alarm.brand)).practice
        return not practice and await self._desk.hooks.hook() is not None

    async def next_step(self, alarm: Alarm) -> Step | None:
        """Whom it rings next, as things are now; None: nobody is left."""
        return rules.next_step(alarm, await self.ladder(alarm), hook=await self._hook(alarm))

    async def waits_until(self, alarm: Alarm) -> datetime | None:
        """When the brand's next shift begins, where its rule is that nobody is rung before and this one may wait."""
        if not alarm.brand or alarm.kind in rules.ALWAYS or alarm.told:
            return None
        watch = await self._desk.duty.watch(await self._desk.brand(alarm.brand))
        return watch.until if watch.how is How.WAIT else None

    async def ladder(self, alarm: Alarm) -> Mapping[Rung, tuple[MemberId, ...]]:
        """Who stands on each rung now. An alarm of the workspace rings whoever is on duty anywhere; practice rings
        nobody whom its rota doesn't name."""
        team = await self._desk.duty.team()
        if alarm.brand:
            brand = await self._desk.brand(alarm.brand)
            brands, own = [brand], _holders(brand, team)
        else:
            brands, own = [each for each in await self._desk.brands.all() if not each.practice], ()
        watches = [on_duty(each, self._desk.now(), team) for each in brands]
        rungs = {
            Rung.DUTY: tuple(who for watch in watches for who in watch.members),
            Rung.DEPUTY: tuple(who for watch in watches for who in watch.deputies),
            Rung.ADMINS: own,
            Rung.WORKSPACE: tuple(sorted(team.admins - team.gone)),
        }
        if alarm.brand and brands[0].practice:
            named = watches[0].how in {How.SHIFT, How.COVER, How.NEXT}
            return {rung: who for rung, who in rungs.items() if named and rung in {Rung.DUTY, Rung.DEPUTY}}
        return rungs

    async def watch_of(self, alarm: Alarm) -> Watch | None:
        """Who is on duty where it rings; None for an alarm of the workspace."""
        return await self._desk.duty.watch(await self._desk.brand(alarm.brand)) if alarm.brand else None

    # ---

    def _put(self, change: Transaction, new: Alarm, old: Alarm, act: str, who: MemberId = "") -> None:
        change.put(new, old)
        change.emit(AlarmChanged(alarm=new.id, act=act, by=who, correlation=old.correlation))
        about = {"brand": new.brand, "subject": new.id, "detail": new.kind.value}
        change.audit(self._desk.entry(who or "engine", f"alarm.{act}", **about))

    async def _commit(self, new: Alarm, old: Alarm, act: str, who: MemberId = "") -> Alarm:
        change = self._store.begin()
        self._put(change, new, old, act, who)
        await change.commit()
        return new

    def passed_on(self, change: Transaction, old: Alarm, to: MemberId, by: MemberId) -> None:
        """Part of a hand over: whoever took the shift has it."""
        self._put(change, rules.pass_on(old, to, self._desk.now()), old, "pass_on", by)


def call_of(alarm: Alarm) -> str:
    """The id of an alarm's latest message to the webhook."""
    return f"{alarm.id}-{sum(each.rung is Rung.WEBHOOK for each in alarm.told)}"


def _holders(brand: Brand, team: Team) -> tuple[MemberId, ...]:
    return team.fit(brand, *brand.holders(Role.ADMIN))

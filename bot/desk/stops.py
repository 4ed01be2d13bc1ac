"""The emergency brake: anybody with a writing role stops alone, a second person resumes."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.brands import WRITING, Brand, Role, Standing, Stop, StopNote
from bot.domain.deliveries import WAITING, Delivery, State, Step, Trouble, held_by
from bot.domain.events import StopChanged
from bot.domain.records import score
from bot.errors import AlreadyDone, NotAllowed, UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk

ALL = "all"
RECENT = timedelta(days=14)
"""How long after a stop its card is kept up to date."""


class Stops:
    """Stop and resume, for one brand or for all."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def in_force(self) -> list[Stop]:
        """Every stop that holds now."""
        return await self._store.listed(Stop, "stops")

    async def scopes(self, who: Standing) -> list[Brand]:
        """The brands that somebody may stop."""
        brands = await self._desk.brands.all()
        return [brand for brand in brands if brand.roles_of(who) & WRITING]

    async def _reach(self, scope: str, who: Standing, roles: frozenset[Role], refusals: tuple[str, str]) -> list[Brand]:
        brands = await self._desk.brands.all() if scope == ALL else [await self._desk.brand(scope)]
        allowed = [brand for brand in brands if brand.roles_of(who) & roles]
        if not allowed or (scope == ALL and len(allowed) < len(brands)):
            name = brands[0].name if scope != ALL and brands else ""
            raise NotAllowed(refusals[scope == ALL], brand=name)
        return allowed

    async def stop(self, scope: str, who: Standing, *, reason: str = "", silence: bool = False) -> Stop:
        """Hold everything planned or automatic (with `silence`, people's replies too); it counts from this commit on.

        The wire grant checks it, so what is due in the next second is held as well. Over all brands it takes a
        writing role in every one of them.
        """
        brands = await self._reach(scope, who, WRITING, ("error.may_not_stop", "error.may_not_stop_all"))

        async def attempt() -> Stop:
            old = await self._store.find(Stop, scope)
            if old is not None:
                raise AlreadyDone("error.already_stopped", who=old.by, at=old.at)
            stop = Stop(
                id=scope, by=who.id, at=self._desk.now(), reason=reason, reach="silence" if silence else "planned"
            )
            change = self._store.begin()
            change.put(stop)
            change.put(StopNote(scope=scope, **stop.model_dump(exclude={"id", "version"}), id=stop.note))
            event = StopChanged(scope=scope, act="stop", by=who.id, note=stop.note, correlation=correlation.get())
            change.emit(event)
            change.audit(self._desk.entry(who.id, "stop", brand=scope, subject=scope, detail=reason))
            await change.commit()
            return stop

        stop = await self._desk.again(attempt)
        for brand in brands:
            await self._hold_planned(brand, stop)
        return stop

    async def hold_asked(self, scope: str) -> None:
        """What people were asked to publish by hand is held though whoever stopped died before that: each of them hears
        of it. Twice changes nothing, and where the stop was lifted since there is nothing to hold."""
        for brand in await self._desk.brands.all():
            stop = await self._store.find(Stop, scope)
            if stop is not None and scope in {ALL, brand.id}:
                await self._hold_planned(brand, stop)

    async def _hold_planned(self, brand: Brand, stop: Stop) -> None:
        for listed in await self._store.listed(Delivery, f"planned:{brand.id}", limit=10_000):
            if listed.state not in WAITING or held_by(listed, [stop]) is None:
                continue

            def hold(old: Delivery) -> Delivery:
                if old.state not in WAITING:
                    return old
                return old.move(Step.HOLD, trouble=Trouble(kind="stopped"))

            await self._desk.deliveries.settle(listed.id, hold, "hold")

    async def resume(self, scope: str, who: Standing, *, note: str = "") -> None:
        """Lift a stop. It takes somebody else than who stopped, an approver or an admin; what was held stays a
        question for people: keep or withdraw, post by post. `note` is the stop that the person saw: an old button
        never lifts a newer one."""
        roles = frozenset({Role.APPROVER, Role.ADMIN})
        await self._reach(scope, who, roles, ("error.may_not_resume", "error.may_not_resume_all"))

        async def attempt() -> None:
            old = await self._store.find(Stop, scope)
            if old is None or (note and note != old.note):
                seen = await self.note(note) if note else None
                if seen is not None and seen.lifted_at is not None:
                    raise AlreadyDone("error.already_resumed", who=seen.lifted_by, at=seen.lifted_at)
                raise UserError("error.not_stopped")
            if old.by == who.id:
                raise NotAllowed("error.resume_needs_second")
            change = self._store.begin()
            change.remove(old)
            if (remembered := await self.note(old.note)) is not None:
                lifted = {"lifted_by": who.id, "lifted_at": self._desk.now()}
                change.put(remembered.model_copy(update=lifted), remembered)
            event = StopChanged(scope=scope, act="resume", by=who.id, note=old.note, correlation=correlation.get())
            change.emit(event)
            change.audit(self._desk.entry(who.id, "resume", brand=scope, subject=scope))
            await change.commit()

        await self._desk.again(attempt)

    async def held(self, brand: str) -> list[Delivery]:
        """What waits for a person since a stop."""
        asks = await self._store.listed(Delivery, f"asks:{brand}")
        return [d for d in asks if d.state is State.HELD and d.trouble is not None and d.trouble.kind == "stopped"]

    async def note(self, id_: str) -> StopNote | None:
        """A stop as it is remembered."""
        return await self._store.find(StopNote, id_)

    async def notes(self, brand: str) -> list[StopNote]:
        """The stops of a brand, its own and those over all, that somebody may still have to clear up after."""
        low = score(self._desk.now() - RECENT)
        scopes = (brand, ALL)
        found = [await self._store.listed(StopNote, f"stop_notes:{scope}", low=low) for scope in scopes]
        return [note for notes in found for note in notes[-1:]]

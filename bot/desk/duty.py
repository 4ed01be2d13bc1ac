"""Duty: who is, the rota that an admin writes, and a shift that is handed over when the other takes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import conversing as talks
from bot.domain import handovers as rules
from bot.domain.brands import WRITING, Brand, Member, Role, Standing
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery
from bot.domain.duty import Cover, Duty, OffHours, Shift, following
from bot.domain.events import BrandChanged, ConversationChanged, DutyChanged
from bot.domain.handovers import Handover, HandoverState, Work
from bot.domain.posts import Post
from bot.domain.records import MemberId, score
from bot.domain.watch import Team, Watch, on_duty
from bot.errors import Conflict, FieldErrors, NotAllowed, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

MEMBERS = 5000
LISTED = 100
"""Things of one kind in one brand that a hand over names; more than anybody has."""


class Shifts:
    """The verbs of duty."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    # --- who is on duty

    async def team(self) -> Team:
        """Who left Slack, as last heard, and who administers the workspace."""
        gone = await self._store.listed(Member, "members:gone", limit=MEMBERS)
        return Team(
            gone=frozenset(each.id for each in gone),
            guests=frozenset(each.id for each in gone if each.guest and each.within),
            admins=(await self._desk.workspace()).admins,
        )

    async def watch(self, brand: Brand, at: datetime | None = None) -> Watch:
        """Who is on duty in a brand, now or at another time."""
        return on_duty(brand, at or self._desk.now(), await self.team())

    async def watches(self, brands: Sequence[Brand]) -> list[tuple[Brand, Watch]]:
        """The same for several."""
        team, now = await self.team(), self._desk.now()
        return [(brand, on_duty(brand, now, team)) for brand in brands]

    # --- the rota

    async def set_rota(
        self, id_: str, rota: Sequence[Shift], off_hours: OffHours, who: Standing, *, end_cover: bool = False
    ) -> Brand:
        """Write a brand's rota; its admins may. Everybody on it must hold a role there that writes or moderates, or
        FieldErrors says who doesn't. A shift that was handed over goes on, unless `end_cover`."""

        async def attempt() -> Brand:
            old = await self._desk.brand(id_)
            who.require(old, Role.ADMIN)
            team = await self.team()
            for member in dict.fromkeys(each for shift in rota for each in (shift.member, shift.deputy) if each):
                if not team.serves(old, member):
                    raise FieldErrors({"rota": UserError("error.not_on_rota", who=member, brand=old.name)})
            cover = None if end_cover else old.duty.cover
            duty = Duty(rota=tuple(rota), off_hours=off_hours, cover=cover)
            new = old.model_copy(update={"duty": duty})
            change = self._store.begin()
            change.put(new, old)
            change.emit(BrandChanged(brand=id_, by=who.id, correlation=correlation.get()))
            change.emit(DutyChanged(brand=id_, act="rota", by=who.id, correlation=correlation.get()))
            detail = f"{len(rota)} shifts, {off_hours.value}"
            change.audit(self._desk.entry(who.id, "duty.rota", brand=id_, subject=id_, detail=detail))
            await change.commit()
            return new

        return await self._desk.again(attempt)

    # --- hand over

    async def get(self, id_: str) -> Handover:
        """A hand over by id; raises UserError when there is none."""
        found = await self._store.find(Handover, id_)
        if found is None:
            raise UserError("error.no_such_handover")
        return found

    async def may_give(self, who: Standing) -> list[Brand]:
        """The brands where somebody has a shift to give: where they write or moderate, practice last. Raises
        NotAllowed for somebody who does so nowhere."""
        brands = await self._desk.brands.mine(who, *WRITING)
        if not brands:
            raise NotAllowed("error.no_brand")
        return sorted(brands, key=lambda brand: brand.practice)

    async def work(self, who: Standing, brand: Brand) -> Work:
        """What somebody has open in a brand: conversations, questions, approvals asked of them, alarms."""
        mine = await self._store.listed(Conversation, f"owned:{who.id}")
        asks = await self._store.listed(Delivery, f"asks:{brand.id}")
        posts = await self._store.find_many(Post, dict.fromkeys(each.post for each in asks if each.post))
        own = {post.id for post in posts if post.author == who.id}
        part = await self._desk.digests.brand_day(brand, brand.roles_of(who), who=who)
        alarms = await self._desk.alarms.of(who.id)

        def waits_for_me(delivery: Delivery) -> bool:
            wrote = delivery.reply is not None and delivery.reply.by == who.id
            return wrote or delivery.post in own or delivery.approved_by == who.id

        return Work(
            brand=brand.id,
            conversations=tuple(talk.id for talk in mine if talk.brand == brand.id)[:LISTED],
            questions=tuple(each.id for each in asks if waits_for_me(each))[:LISTED],
            approvals=tuple(post.id for post in part.to_approve)[:LISTED],
            alarms=tuple(alarm.id for alarm in alarms if alarm.brand in {"", brand.id})[:LISTED],
        )

    async def offer(self, id_: str, to: MemberId, brands: Sequence[str], note: str, who: Standing) -> Handover:
        """Ask somebody to take the shift; nothing changes until they do. `id_` was made when the form was opened, so
        that a form that arrives twice is one offer. Whoever was asked before isn't any more, and sees that. Raises
        FieldErrors: nobody, oneself, without a role there."""

        async def attempt() -> Handover:
            known = await self._store.find(Handover, id_)
            if known is not None:
                if known.giver != who.id:
                    raise NotAllowed("error.handover_not_yours", who=known.giver)
                return known
            await self._refuse_unfit(to, brands, who)
            works = [await self.work(who, await self._desk.brand(brand)) for brand in brands]
            now = self._desk.now()
            new = Handover(
                id=id_,
                giver=who.id,
                taker=to,
                brands=tuple(brands),
                note=note.strip(),
                work=tuple(works),
                offered_at=now,
            )
            change = self._store.begin()
            change.put(new)
            self._tell(change, new, "offer", who.id)
            for old in await self._store.listed(Handover, f"handovers:{who.id}"):
                past = rules.answer(old, "", HandoverState.SUPERSEDED, now)
                change.put(past, old)
                self._tell(change, past, "supersede", who.id)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def next_on(self, brands: Sequence[Brand], giver: MemberId) -> MemberId:
        """Who would most likely take the shift of somebody: in the first brand where the rota names one, the deputy,
        else whose shift is next; "" for nobody."""
        team, now = await self.team(), self._desk.now()
        for brand in brands:
            upcoming = following(brand.duty, brand.clock, now)
            named = (*on_duty(brand, now, team).deputies, *((upcoming.shift.member,) if upcoming else ()))
            fit = [each for each in team.fit(brand, *named) if each != giver]
            if fit:
                return fit[0]
        return ""

    async def _refuse_unfit(self, to: MemberId, brands: Sequence[str], who: Standing) -> None:
        if not brands:
            raise FieldErrors({"brands": UserError("error.field_required")})
        for id_ in brands:
            who.require(await self._desk.brand(id_), *sorted(WRITING))
        if not to.rpartition(":")[2]:
            raise FieldErrors({"person": UserError("error.field_required")})
        if to == who.id:
            raise FieldErrors({"person": UserError("error.handover_to_oneself")})
        team = await self.team()
        for id_ in brands:
            brand = await self._desk.brand(id_)
            if not team.serves(brand, to):
                raise FieldErrors({"person": UserError("error.not_on_rota", who=to, brand=brand.name)})

    async def accept(self, id_: str, who: Standing) -> Handover:
        """*Take the shift*: the giver's conversations and alarms there become theirs, and where the giver was on duty,
        they are, until the end of the shift or until they hand it on. Everything at once, or nothing."""

        async def attempt() -> Handover:
            old, now = await self.get(id_), self._desk.now()
            new = rules.answer(old, who.id, HandoverState.ACCEPTED, now)
            change, until, moved = self._store.begin(), {}, 0
            covered: list[str] = []
            team = await self.team()
            for brand in [await self._desk.brand(each) for each in old.brands]:
                if not team.serves(brand, who.id):
                    raise NotAllowed("error.no_role", brand=brand.name, role=Role.MODERATOR.value)
                watch = on_duty(brand, now, team)
                if old.giver not in watch.members:
                    continue  # somebody else is on duty there, and stays
                if watch.until is not None:
                    until[brand.id] = watch.until
                covered.append(brand.id)
                cover = Cover(member=who.id, giver=old.giver, since=now, until=watch.until, handover=id_)
                duty = brand.duty.model_copy(update={"cover": cover})
                change.put(brand.model_copy(update={"duty": duty}), brand)
                change.emit(DutyChanged(brand=brand.id, act="cover", by=who.id, handover=id_))
            for talk in await self._store.listed(Conversation, f"owned:{old.giver}"):
                if talk.brand in old.brands:
                    change.put(talks.pass_on(talk, who.id, now), talk)
                    change.emit(ConversationChanged(conversation=talk.id, act="pass_on", by=who.id))
                    moved += 1
            for alarm in await self._desk.alarms.of(old.giver):
                if alarm.brand in {"", *old.brands}:
                    self._desk.alarms.passed_on(change, alarm, who.id, who.id)
                    moved += 1
            done = new.model_copy(update={"until": until, "covered": tuple(covered), "moved": moved})
            change.put(done, old)
            self._tell(change, done, "accept", who.id)
            await change.commit()
            return done

        return await self._desk.again(attempt)

    async def decline(self, id_: str, who: Standing) -> Handover:
        """*Not now*: whoever offered it still has it, and is told."""
        if not who.within:
            raise NotAllowed("error.not_of_team")
        return await self._answer(id_, who.id, HandoverState.DECLINED, "decline")

    async def unanswered(self) -> int:
        """Tell whoever offered a shift that nobody answered in time; answers how many."""
        due = await self._store.listed(Handover, "handovers:due", high=score(self._desk.now()))
        for each in due:
            await self._answer(each.id, "", HandoverState.UNANSWERED, "unanswered")
        return len(due)

    async def _answer(self, id_: str, who: MemberId, state: HandoverState, act: str) -> Handover:
        async def attempt() -> Handover:
            old = await self.get(id_)
            if not who and old.state is not HandoverState.OFFERED:
                return old  # answered in this very moment
            new = rules.answer(old, who, state, self._desk.now())
            change = self._store.begin()
            change.put(new, old)
            self._tell(change, new, act, who)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    def _tell(self, change: Transaction, handover: Handover, act: str, who: MemberId) -> None:
        event = DutyChanged(brand="", act=act, by=who, handover=handover.id, correlation=correlation.get())
        change.emit(event)
        about = {"brand": ", ".join(handover.brands), "subject": handover.id, "detail": handover.taker}
        change.audit(self._desk.entry(who or "engine", f"duty.{act}", **about))

    # --- shifts that begin, and Slack's do-not-disturb

    async def begun(self) -> list[tuple[Brand, Watch]]:
        """The shifts that began and were not announced yet."""
        begun = []
        for brand, watch in await self.watches(await self._desk.brands.all()):
            on = watch.since is not None and watch.members
            if on and not await self._store.client.exists(self._begun(brand, watch)):
                begun.append((brand, watch))
        return begun

    async def announced(self, brand: Brand, watch: Watch) -> None:
        """What follows from a shift that begins was done; only now, so that a crash doesn't swallow it."""
        await self._store.client.set(self._begun(brand, watch), "1", ex=259_200)

    def _begun(self, brand: Brand, watch: Watch) -> str:
        since = watch.since.timestamp() if watch.since else 0
        return self._store.key("shift-begun", brand.id, f"{since:.0f}", *watch.members)

    async def quiet(self, member: MemberId, brand: str, until: datetime) -> None:
        """Slack keeps silent for somebody who is on duty: they are told once, until when."""
        name = ("quiet-told", member, brand, f"{until.timestamp():.0f}")
        if not await self._store.client.exists(self._store.key(*name)):
            change = self._store.begin()
            change.unique(*name, value=until.isoformat())
            change.do("EXPIRE", self._store.key(*name), "259200")
            act = f"quiet:{until.timestamp():.0f}"
            change.emit(DutyChanged(brand=brand, act=act, by=member, correlation=correlation.get()))
            try:
                await change.commit()
            except Conflict:
                return  # another worker told them

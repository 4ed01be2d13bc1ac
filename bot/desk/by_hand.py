"""Publishing by hand: who is asked at the hour, and what they say: that it is out, or that they can't."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.domain.assisted import Ask, link_of, next_to_ask
from bot.domain.brands import WRITING, Account, Standing, Stop
from bot.domain.deliveries import MOMENT, Delivery, State, Step, Trouble, held_by
from bot.domain.posts import Post
from bot.domain.records import MemberId
from bot.domain.watch import publishers
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.network.assisted import ASSISTED, AssistedNetwork
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

REASON = 500
"""Characters of why somebody can't, ours."""

Change = Callable[[Delivery], Delivery]


class ByHand:
    """The verbs of publishing by hand."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    # --- who is asked

    async def whom(self, account: Account, delivery: Delivery) -> MemberId:
        """Who is to be asked for a delivery now: whoever publishes there and hasn't said that they can't; "" for
        nobody."""
        brand = await self._desk.brand(account.brand)
        found = publishers(account, brand, self._desk.now(), await self._desk.duty.team())
        return next_to_ask(found, delivery.asks, delivery.due)

    async def wait(self, delivery: Delivery) -> None:
        """It was looked at before its time: once more when that is over."""

        def later(old: Delivery) -> Delivery:
            if old.state is not State.BY_HAND or old.late_at is None:
                return old
            return old.model_copy(update={"attention": old.late_at + MOMENT})

        await self._quietly(delivery.id, later)

    async def placed(self, id_: str, number: int, at: int, file: str) -> Delivery:
        """A place in Slack was made for a picture, the `at`-th, for whoever was asked, the `number`-th, both from 0.
        The first one counts, whoever made it, so that the picture is shown in one; none where they aren't asked now."""

        def noted(old: Delivery, ask: Ask) -> Delivery:
            return old.asking(files=(*ask.files, file)) if len(ask.files) == at else old

        return await self._of_the_ask(id_, number, noted)

    async def shared(self, id_: str, number: int, at: int) -> Delivery:
        """That picture is shown there; both as in `placed`."""

        def noted(old: Delivery, ask: Ask) -> Delivery:
            return old.asking(shared=at + 1) if ask.shared <= at else old

        return await self._of_the_ask(id_, number, noted)

    async def handed(self, id_: str, number: int) -> Delivery:
        """All of them are; `number` as in `placed`."""
        return await self._of_the_ask(id_, number, lambda old, _: old.asking(handed=True))

    async def _of_the_ask(self, id_: str, number: int, change_of: Callable[[Delivery, Ask], Delivery]) -> Delivery:
        def noted(old: Delivery) -> Delivery:
            asked = old.state is State.BY_HAND and len(old.asks) - 1 == number
            return change_of(old, old.asks[-1]) if asked else old

        return await self._quietly(id_, noted)

    async def _quietly(self, id_: str, change_of: Change) -> Delivery:
        """What nobody is told of."""

        async def attempt() -> Delivery:
            old = await self._desk.deliveries.get(id_)
            new = change_of(old)
            if new is old:
                return old
            change = self._store.begin()
            change.put(new, old)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    # --- what they say

    async def seen(self, id_: str, who: Standing) -> Delivery:
        """A delivery for whoever is to say that it is out; raises NotAllowed, and what an old button answers."""
        delivery = await self._desk.deliveries.get(id_)
        await self.permit(delivery, who)
        delivery.step(Step.LIVE)
        return delivery

    async def published(self, id_: str, link: str, who: Standing) -> Delivery:
        """*It's published*: a fact, true whatever became of it meanwhile; the first one counts. Raises FieldErrors for
        an address that can't be it."""

        async def attempt() -> Delivery:
            old = await self.seen(id_, who)
            network = ASSISTED.get(old.network)
            if network is None:
                raise UserError("error.button_old")
            url = _address(link, network)
            new = old.move(Step.LIVE, url=url, trouble=None, settled_by=who.id, settled_at=self._desk.now())
            if not new.asks:  # said without having been asked, of one that was held or missed
                now = self._desk.now()
                new = new.model_copy(update={"asks": (Ask(to=who.id, at=now, due=old.due, until=now),)})
            change = self._store.begin()
            self._desk.deliveries.record(change, new, old, who=who.id, act="published_by_hand")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def to_refuse(self, id_: str, number: int, who: Standing) -> Delivery:
        """A delivery for whoever was asked, the `number`-th, and can't; raises NotAllowed for anybody else, and
        UserError when they aren't asked any more."""
        delivery = await self._desk.deliveries.get(id_)
        ask = delivery.asks[number] if 0 <= number < len(delivery.asks) else None
        if ask is None or ask.to != who.id or not who.within:
            raise NotAllowed("error.asked_another")
        if delivery.state is State.LIVE and delivery.settled_at is not None:
            raise AlreadyDone("error.already_settled", who=delivery.settled_by, at=delivery.settled_at)
        if delivery.state is not State.BY_HAND or number != len(delivery.asks) - 1:
            raise UserError("error.delivery_moved_on", status=f"delivery_status.{delivery.state}")
        return delivery

    async def cant(self, id_: str, number: int, reason: str, who: Standing) -> Delivery:
        """*I can't*: the next one is asked, who has until the same moment; where there is none it is a question to its
        people, as if a network had refused it. Raises FieldErrors without a reason."""
        said = reason.strip()[:REASON]

        async def attempt() -> Delivery:
            old = await self.to_refuse(id_, number, who)
            if not said:
                raise FieldErrors({"reason": UserError("error.reason_missing")})
            account = await self._store.get(Account, old.account)
            told = old.asking(reason=said)
            to = await self.whom(account, told)
            change = self._store.begin()
            if to:
                await self._guard(change, old)
                new = told.ask(to, self._desk.now(), pictures=await self._pictured(old))
            else:
                new = told.move(Step.REFUSE, trouble=Trouble(kind="by_hand", detail=said))
            self._desk.deliveries.record(change, new, old, who=who.id, act="cant_by_hand", detail=said)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def _pictured(self, delivery: Delivery) -> bool:
        post = await self._store.get(Post, delivery.post)
        return bool(post.revision(delivery.revision).pictures)

    async def _guard(self, change: Transaction, delivery: Delivery) -> None:
        """Nobody is asked while publishing is stopped. Raises UserError, or Conflict where it is in this moment."""
        scopes = (delivery.brand, "all")
        stops = {stop.id: stop for stop in await self._store.find_many(Stop, scopes)}
        if held_by(delivery, stops.values()) is not None:
            raise UserError("error.brand_stopped")
        for scope in scopes:
            reach = stops[scope].reach if scope in stops else ""
            change.holds(self._store.key(Stop.KIND, scope), "reach", reach)

    async def permit(self, delivery: Delivery, who: Standing) -> None:
        """Raise NotAllowed unless somebody was asked for it, or may decide what becomes of it."""
        brand = await self._desk.brand(delivery.brand)
        asked = who.id in {ask.to for ask in delivery.asks} and bool(brand.roles_of(who) & WRITING)
        if not asked:
            await self._desk.deliveries.permit(delivery, who)
        if delivery.network not in ASSISTED:
            raise UserError("error.button_old")


def _address(link: str, network: AssistedNetwork) -> str:
    """Where it is. Raises FieldErrors."""
    try:
        url = link_of(link, network.hosts)
    except UserError as error:
        raise FieldErrors({"link": error}) from error
    if not url and network.linked:
        raise FieldErrors({"link": UserError("error.field_required")})
    return url

"""Routes at work: where a new conversation's card is posted, and who has it; and what becomes of a lost channel."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.desk.ruling import Known, Talk
from bot.domain import handling
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Brand, Role, Standing
from bot.domain.checks.wording import spoken
from bot.domain.conversations import Conversation, Escalation, Words
from bot.domain.events import ConversationChanged
from bot.domain.finding import folded
from bot.domain.routing import Arrived, Place, Route, first, route_of
from bot.domain.rulebook import Rulebook, earlier, with_route
from bot.domain.ruled import RULE
from bot.errors import FieldErrors, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk
    from bot.desk.rulebooks import Rehearsal

BATCH = 100
"""Conversations that are moved out of a channel in one go."""


class Routing:
    """The verbs of routes."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    # --- what arrives

    async def placed(self, change: Transaction, brand: Brand, book: Rulebook, talks: Sequence[Talk]) -> list[Talk]:
        """Part of the change that stores what was said: new conversations with their channel and whoever has them. The
        first route that fits wins; one to a channel in which its card may not stand leaves it in the brand's inbox."""
        new = [talk for talk, old in talks if old is None]
        if not book.routes or not new:
            return list(talks)
        known = await self._desk.ruling.known(new)
        places = await self.known(book)
        found: list[Talk] = []
        for talk, old in talks:
            route = first(book.routes, arrived(talk, talk.latest, known)) if old is None else None
            found.append(
                (await self._sent(change, brand, talk, route, places.get(route.channel)) if route else talk, old)
            )
        return found

    async def _sent(
        self, change: Transaction, brand: Brand, talk: Conversation, route: Route, place: Place | None
    ) -> Conversation:
        there = place is not None and not talk.private and place.open_to(talk.latest.kind)
        new = talk.model_copy(update={"route": route.name, "channel": route.channel if there else ""})
        now, act = self._desk.now(), ""
        if route.member and Role.MODERATOR in brand.roles_of(await self._desk.standing(route.member)):
            new, act = handling.assign(new, route.member, now), "assign"
        elif route.role and await self._desk.handling.holders(brand, route.role):
            asked = Escalation(to=route.role.value, kind="role", by=RULE, at=now)
            new, act = handling.escalate(new, asked), "escalate"
        if act:
            at = round(now.timestamp() * 1000)
            event = ConversationChanged(conversation=new.id, act=act, by=RULE, at=at, correlation=correlation.get())
            change.emit(event)
        told = f"{route.name} (r{route.revision})" + (f": {new.channel}" if new.channel else "")
        about = {"brand": brand.id, "subject": new.id, "detail": told}
        change.audit(self._desk.entry("engine", "conversation.route", **about))
        return new

    # --- what admins write

    async def save(self, brand: str, route: Route, who: Standing) -> Rulebook:
        """A route new, at the end, or changed in its place. Raises UserError for one that can't be kept, FieldErrors
        for another brand's channel and for somebody who doesn't moderate there."""
        clean = await self._refused(brand, route, who)
        known = (await self._desk.rulebooks.of(brand)).route(route.id)
        if known is not None:
            same = known.model_copy(update={"revision": 0}) == clean.model_copy(update={"revision": 0})
            clean = clean.model_copy(update={"revision": known.revision + (not same)})
        change = partial(with_route, route=clean)
        return await self._desk.rulebooks.change(brand, who, "save_route", change, _told(clean))

    async def earlier(self, brand: str, id_: str, who: Standing) -> Rulebook:
        """One place further to the front."""
        return await self._desk.rulebooks.change(brand, who, "order", lambda old: earlier(old, id_), id_)

    async def rehearse(self, brand: str, route: Route, who: Standing) -> "Rehearsal":
        """What a route would have taken of the conversations that began in the last seven days, after the routes before
        it. Raises what `save` raises."""
        clean = await self._refused(brand, route, who)
        book = await self._desk.rulebooks.of(brand)
        routes = with_route(book, clean).routes
        return await self._desk.rulebooks.rehearse_route(brand, routes, clean.id)

    async def _refused(self, brand: str, route: Route, who: Standing) -> Route:
        found, _ = await self._desk.rulebooks.open(brand, who)
        clean = route_of(route)
        accounts = {each.id for each in await self._desk.accounts.of(brand)}
        if set(clean.accounts) - accounts:
            raise FieldErrors({"accounts": UserError("error.field")})
        if clean.channel:
            await self._desk.brands.refuse_channel(found, clean.channel)
            await self._refuse_others_route(found, clean.channel)
        if clean.member and Role.MODERATOR not in found.roles_of(await self._desk.standing(clean.member)):
            raise FieldErrors({"person": UserError("error.assignee_role", brand=found.name)})
        return clean

    async def _refuse_others_route(self, brand: Brand, channel: str) -> None:
        """No client sees what is another's: a channel takes conversations of one brand."""
        for other in await self._desk.brands.all():
            book = await self._desk.rulebooks.of(other.id)
            if other.id != brand.id and any(each.channel == channel for each in book.routes):
                raise FieldErrors({"place": UserError("error.channel_taken", brand=other.name)})

    # --- what Slack says of channels

    async def known(self, book: Rulebook) -> dict[str, Place]:
        """What is known of the channels to which a book's routes lead."""
        found = await self._store.find_many(Place, {route.channel for route in book.routes} - {""})
        return {place.id: place for place in found}

    async def channels(self) -> dict[str, list[str]]:
        """Every channel to which routes lead, with the brands."""
        found: dict[str, list[str]] = {}
        for brand in await self._desk.brands.all():
            for route in (await self._desk.rulebooks.of(brand.id)).routes:
                if route.channel and brand.id not in found.setdefault(route.channel, []):
                    found[route.channel].append(brand.id)
        return found

    async def saw(self, place: Place, brands: Sequence[str]) -> None:
        """What Slack says of a channel now. One that is of no use is told once, and what is open there moves to the
        brand's inbox; one that has outsiders by now keeps its public cards."""
        old = await self._store.find(Place, place.id)
        change = self._store.begin()
        change.put(place.model_copy(update={"version": old.version if old else 0}), old)
        await change.commit()
        for brand in brands:
            subject = f"{brand}:{place.id}"
            if place.usable:
                await self._desk.alarms.over(AlarmKind.ROUTE_LOST, subject)
                continue
            detail = {"channel": place.id}
            await self._desk.alarms.ring(AlarmKind.ROUTE_LOST, subject=subject, brand=brand, detail=detail)
        if not place.usable:
            await self._come_home(place.id)

    async def _come_home(self, channel: str) -> None:
        while found := await self._store.listed(Conversation, f"placed_in:{channel}", limit=BATCH):
            for talk in found:
                await self._desk.again(partial(self._moved_home, talk.id))

    async def _moved_home(self, id_: str) -> None:
        old = await self._desk.conversations.get(id_)
        if not old.channel:
            return
        change = self._store.begin()
        change.put(old.model_copy(update={"channel": ""}), old)
        change.emit(ConversationChanged(conversation=id_, act="moved", correlation=old.correlation))
        about = {"brand": old.brand, "subject": id_, "detail": old.channel}
        change.audit(self._desk.entry("engine", "conversation.route_home", **about))
        await change.commit()


def arrived(talk: Conversation, words: Words, known: Known) -> Arrived:
    """Something said, as routes look at it."""
    person = known.people.get(talk.who)
    tags = frozenset(map(folded, person.tags)) if person is not None else frozenset()
    return Arrived(talk.account, spoken(words.text), words.language, words.tone, tags)


def _told(route: Route) -> str:
    """A route for the record."""
    parts = [f"{route.name} (r{route.revision})"]
    parts += [f"accounts {', '.join(route.accounts)}"] if route.accounts else []
    parts += [f"words {', '.join(route.words)}"] if route.words else []
    parts += [f"language {route.language}"] if route.language else []
    parts += [f"moods {', '.join(route.moods)}"] if route.moods else []
    parts += [f"tags {', '.join(route.tags)}"] if route.tags else []
    return "; ".join([*parts, f"to {' '.join(filter(None, [route.channel, route.member, route.role or '']))}"])

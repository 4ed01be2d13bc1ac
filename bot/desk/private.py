"""Private messages: where their cards may stand, until when they can be answered, how far an account's were read."""

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from bot.desk.hearing import Part
from bot.domain import private as rules
from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.conversations import Conversation
from bot.domain.events import AccountChanged
from bot.domain.private import Room
from bot.domain.records import Record
from bot.errors import UserError
from bot.journal import correlation
from bot.network import Capability, Connector, Page

if TYPE_CHECKING:
    from bot.desk.desk import Desk

Look = Callable[[str], Awaitable[Room | None]]
"""Who can read a channel, None where Slack doesn't say."""


class MessageCursor(Record):
    """How far an account's private messages were read; `text` is the connector's own. `id` is the account's.
    `refused_at`: the network hasn't let us read them since then."""

    KIND = "message_cursor"

    text: str
    refused_at: AwareDatetime | None = None


@dataclass(frozen=True)
class Offer:
    """What reading an account's private messages means, where it has to be switched on. price: dollars for each that is
    read; sent: for each that is sent; minutes: how late one may arrive."""

    on: bool
    price: float
    sent: float
    minutes: int


async def unseen(_: str) -> Room | None:
    """Without Slack nothing is known of a channel."""
    return None


class Private:
    """The verbs of private messages. look: who can read a channel, given by whoever joins Slack."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store
        self.look: Look = unseen

    # --- where

    async def fits(self, brand: Brand, channel: str) -> bool:
        """Whether private messages to a brand may stand in a channel."""
        return rules.discreet(await self.look(channel), brand)

    async def places(self, talk: Conversation) -> Sequence[str]:
        """Where the card of any conversation stands: the brand's inbox, or where a route led it. A private one's place
        is chosen once: inbox or alerts, where only the team reads them; else direct messages to whoever is on duty of
        those who answer people, else to all of those. It moves when its place is no longer fit."""
        brand = await self._desk.brand(talk.brand)
        if not talk.private:
            return (talk.place(brand),)
        if kept := await self._still_fit(talk.places, brand):
            places: Sequence[str] = kept
        else:
            places = await self._chosen(brand)

        async def attempt() -> None:
            old = await self._desk.conversations.get(talk.id)
            new = rules.placed(old, places)
            if new is not old:
                change = self._store.begin()
                change.put(new, old)
                await change.commit()

        await self._desk.again(attempt)
        return places

    async def _still_fit(self, places: Sequence[str], brand: Brand) -> Sequence[str]:
        found = []
        for place in places:
            fit = await self._answers(brand, place[1:]) if place.startswith("@") else await self.fits(brand, place)
            if fit:
                found.append(place)
        return found

    async def _chosen(self, brand: Brand) -> Sequence[str]:
        for channel in dict.fromkeys((brand.channel("inbox"), brand.channel("alerts"))):
            if await self.fits(brand, channel):
                return (channel,)
        all_ = await self._desk.handling.holders(brand, Role.MODERATOR)
        watch = await self._desk.duty.watch(brand)
        on_duty = [member for member in all_ if member in watch.members]
        admins = sorted((await self._desk.workspace()).admins)
        return [f"@{member}" for member in on_duty or all_ or admins]

    async def _answers(self, brand: Brand, member: str) -> bool:
        return Role.MODERATOR in brand.roles_of(await self._desk.standing(member))

    # --- when

    def answer_until(self, talk: Conversation) -> datetime | None:
        """By when the network takes an answer to a private conversation; None where there is no end."""
        provider = self._desk.providers.get(talk.network)
        return rules.answer_until(talk, provider.limits.answer_within if provider else None)

    def refuse_late(self, talk: Conversation) -> None:
        """Raises UserError where the network takes no answer any more."""
        until = self.answer_until(talk)
        if until is not None and self._desk.now() >= until:
            network = self._desk.providers[talk.network].title
            raise UserError("error.private_window", network=network, until=until)

    # --- reading

    async def readable(self, account: Account) -> bool:
        """Whether an account's private messages are to be read: its network has them, somebody wanted it where that
        costs, and our access holds what they need, as far as the network tells beforehand."""
        return self._wanted(account) and not await self._withheld(account)

    async def lacks(self, account: Account) -> str | None:
        """The permission that private messages need and our access does not hold, as the network told or as it refused;
        None where nothing is missing, or nobody wants to read them."""
        if not self._wanted(account):
            return None
        needed = self._desk.providers[account.network].limits.messages_need
        if await self._withheld(account):
            return needed
        cursor = await self.cursor(account)
        refused = cursor is not None and cursor.refused_at is not None and cursor.refused_at >= account.connected_at
        return needed if needed and refused else None

    async def _withheld(self, account: Account) -> bool:
        needed, note = self._desk.providers[account.network].limits.messages_need, await self._desk.access.of(account)
        return bool(needed and note is not None and note.may and needed not in note.may)

    def _offered(self, account: Account) -> bool:
        provider = self._desk.providers.get(account.network)
        return provider is not None and Capability.MESSAGES in provider.capabilities

    def _wanted(self, account: Account) -> bool:
        return self._offered(account) and (not self._costs(account) or account.messages_since is not None)

    def _costs(self, account: Account) -> bool:
        return self._desk.providers[account.network].limits.message_price > 0

    def offer(self, account: Account) -> Offer | None:
        """What an admin is told before reading is switched on; None where it costs nothing, or there is none."""
        if not self._offered(account) or not self._costs(account):
            return None
        limits = self._desk.providers[account.network].limits
        minutes = math.ceil(limits.messages_every / 60) + 1  # the account's own turn comes within that minute
        return Offer(account.messages_since is not None, limits.message_price, limits.sent_price, minutes)

    async def switch(self, id_: str, on: bool, who: Standing) -> Account:
        """Read an account's private messages from now on, or no longer, where that costs. What was written before isn't
        read, and what comes while it is off isn't read later. Raises NotAllowed, and UserError where there is nothing
        to switch."""

        async def attempt() -> Account:
            old = await self._desk.accounts.get(id_)
            who.require(await self._desk.brand(old.brand), Role.ADMIN)
            if self.offer(old) is None:
                raise UserError("error.not_there", network=self._desk.pages.titles().get(old.network, old.network))
            if (old.messages_since is not None) == on:
                return old
            new = old.model_copy(update={"messages_since": self._desk.now() if on else None})
            change = self._store.begin()
            change.put(new, old)
            if (cursor := await self.cursor(old)) is not None:
                change.remove(cursor)
            act = "messages_on" if on else "messages_off"
            change.emit(AccountChanged(account=id_, act=act, correlation=correlation.get()))
            change.audit(self._desk.entry(who.id, f"account.{act}", brand=old.brand, subject=id_))
            await change.commit()
            return new

        account = await self._desk.again(attempt)
        if not on:
            await self._desk.hearing.heard(account, Part.MESSAGES)  # what isn't read any more can't be missing
        return account

    def begin(self, account: Account, connector: Connector) -> str:
        """Where to begin before the first look: when reading was switched on, or the account was connected."""
        if account.messages_since is not None:
            return connector.begin(account.messages_since)
        return self._desk.receiving.begin(account, connector)

    async def cursor(self, account: Account) -> MessageCursor | None:
        """How far they were read, None before the first time."""
        return await self._store.find(MessageCursor, account.id)

    async def receive(self, account: Account, page: Page, before: MessageCursor | None) -> int:
        """Store what is new, then the cursor: a crash in between reads them once more, and they are kept once. Answers
        how many were new. Raises Conflict when somebody else moved the cursor."""
        new = await self._desk.receiving.receive(account, Page(page.items, ""), None)
        text = page.cursor or (before.text if before else "")
        if text and (before is None or before.text != text or before.refused_at is not None):
            await self._put(account, before, text, None)
        return new

    async def refused(self, account: Account, cursor: str, before: MessageCursor | None) -> None:
        """The network doesn't let us read them: the account's page says what is missing. Raises Conflict as above."""
        if before is None or before.refused_at is None or before.refused_at < account.connected_at:
            await self._put(account, before, cursor, self._desk.now())

    async def _put(
        self, account: Account, before: MessageCursor | None, text: str, refused_at: datetime | None
    ) -> None:
        change = self._store.begin()
        cursor = before or MessageCursor(id=account.id, text="")
        change.put(cursor.model_copy(update={"text": text, "refused_at": refused_at}), before)
        await change.commit()

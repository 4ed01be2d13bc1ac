"""Private messages: where their cards may stand, until when they can be answered, how far an account's were read."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import private as rules
from bot.domain.brands import Account, Brand, Role
from bot.domain.conversations import Conversation
from bot.domain.private import Room
from bot.domain.records import Record
from bot.errors import UserError
from bot.network import Capability, Page

if TYPE_CHECKING:
    from bot.desk.desk import Desk

Look = Callable[[str], Awaitable[Room | None]]
"""Who can read a channel, None where Slack doesn't say."""


class MessageCursor(Record):
    """How far an account's private messages were read; `text` is the connector's own. `id` is the account's."""

    KIND = "message_cursor"

    text: str


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
        """Whether an account's private messages can be read: its network has them, and our access holds what they need,
        as far as the network tells."""
        return await self.lacks(account) is None and self._offered(account)

    async def lacks(self, account: Account) -> str | None:
        """The permission that private messages need and our access does not hold; None where nothing is missing."""
        if not self._offered(account):
            return None
        needed, note = self._desk.providers[account.network].limits.messages_need, await self._desk.access.of(account)
        return needed if needed and note is not None and note.may and needed not in note.may else None

    def _offered(self, account: Account) -> bool:
        provider = self._desk.providers.get(account.network)
        return provider is not None and Capability.MESSAGES in provider.capabilities

    async def cursor(self, account: Account) -> MessageCursor | None:
        """How far they were read, None before the first time."""
        return await self._store.find(MessageCursor, account.id)

    async def receive(self, account: Account, page: Page, before: MessageCursor | None) -> int:
        """Store what is new, then the cursor: a crash in between reads them once more, and they are kept once. Answers
        how many were new. Raises Conflict when somebody else moved the cursor."""
        new = await self._desk.receiving.receive(account, Page(page.items, ""), None)
        if page.cursor and (before is None or before.text != page.cursor):
            change = self._store.begin()
            cursor = (before or MessageCursor(id=account.id, text="")).model_copy(update={"text": page.cursor})
            change.put(cursor, before)
            await change.commit()
        return new

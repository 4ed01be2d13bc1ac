"""Calendar links: made and revoked by who approves for a brand, read by whoever has one."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.agenda import Entry
from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.calendar_links import CalendarLink, digest
from bot.errors import AlreadyDone, NotAllowed, UserError
from bot.journal import register_secret

if TYPE_CHECKING:
    from bot.desk.desk import Desk

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 1000
"""Posts of one account that a calendar holds."""
MAKERS = (Role.APPROVER, Role.ADMIN)


@dataclass(frozen=True)
class Shared:
    """What a link shows: a brand's posts that have a time, and how their accounts are called."""

    brand: Brand
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    entries: Sequence[Entry]


class CalendarLinks:
    """address: where the web process is reached from outside, empty where it isn't."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store
        self.address = ""

    async def mine(self, who: Standing) -> Sequence[tuple[Brand, CalendarLink | None]]:
        """The brands for which somebody may make a link, each with the one in force. Raises NotAllowed for none."""
        brands = await self._desk.brands.mine(who, *MAKERS)
        if not brands:
            raise NotAllowed("error.no_brand")
        return [(brand, await self._of(brand.id)) for brand in brands]

    async def _of(self, brand: str) -> CalendarLink | None:
        found = await self._store.listed(CalendarLink, f"calendar_links:{brand}")
        return found[-1] if found else None

    async def make(self, brand_id: str, seen: str, who: Standing) -> str:
        """A new link; what it answers nobody sees again. The one before (`seen`: its id, empty for none) ends.

        Raises UserError without an address, AlreadyDone where another came between.
        """
        brand = await self._desk.brand(brand_id)
        who.require(brand, *MAKERS)
        if not self.address:
            raise UserError("error.no_public_url")
        token = secrets.token_urlsafe(32)
        register_secret(token)

        async def attempt() -> None:
            old = await self._of(brand.id)
            if old is not None and old.id != seen:
                raise AlreadyDone("error.calendar_link_made", who=old.by, at=old.at)
            if old is None and seen:
                raise UserError("error.calendar_link_gone")
            change = self._store.begin()
            change.put(CalendarLink(id=digest(token), brand=brand.id, by=who.id, at=self._desk.now()))
            if old is not None:
                change.remove(old)
            else:
                change.unique("calendar_link_of", brand.id, value=digest(token))
            change.audit(self._desk.entry(who.id, "calendar_link.make", brand=brand.id, subject=brand.id))
            await change.commit()

        await self._desk.again(attempt)
        return f"{self.address.rstrip('/')}/ical/{token}.ics"

    async def revoke(self, brand_id: str, seen: str, who: Standing) -> None:
        """The link ends at once. Raises UserError when it had ended already."""

        async def attempt() -> None:
            brand = await self._desk.brand(brand_id)
            who.require(brand, *MAKERS)
            old = await self._of(brand.id)
            if old is None or old.id != seen:
                raise UserError("error.calendar_link_gone")
            change = self._store.begin()
            change.remove(old)
            change.do("DEL", self._store.key("calendar_link_of", brand.id))
            change.audit(self._desk.entry(who.id, "calendar_link.revoke", brand=brand.id, subject=brand.id))
            await change.commit()

        await self._desk.again(attempt)

    async def read(self, token: str) -> Shared | None:
        """What a link shows; None for one that is none, or none any more."""
        link = await self._store.find(CalendarLink, digest(token))
        brand = await self._store.find(Brand, link.brand) if link is not None else None
        if brand is None:
            return None
        accounts = {account.id: account for account in await self._desk.accounts.of(brand.id)}
        now = self._desk.now()
        entries = await self._desk.agenda.between(accounts, now - BACK, now + AHEAD, most=MOST)
        return Shared(brand, accounts, self._desk.pages.titles(), entries)

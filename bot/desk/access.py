"""What a daily look at an account's access found out: kept, and people told in time; nothing empty is ever kept."""

import logging
from typing import TYPE_CHECKING

from bot.domain.access import AccessNote, same_end
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Account
from bot.network import Access, Identity

if TYPE_CHECKING:
    from bot.desk.desk import Desk

log = logging.getLogger(__name__)

OTHER = "the keys open another profile"


class Accesses:
    """The verbs of access."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def of(self, account: Account) -> AccessNote | None:
        """What is known of the credentials that the account has now."""
        note = await self._store.find(AccessNote, account.id)
        return note if note is not None and note.connected_at == account.connected_at else None

    async def found(self, account: Account, identity: Identity, access: Access) -> None:
        """Keep what a probe was told. Keys that open another profile stop the account; an empty name is no news."""
        if not identity.id:
            log.warning("probe %s: the network names nobody", account.id)
            return
        if identity.id != account.remote_id:
            await self._desk.accounts.died(account.id, OTHER)
            return

        async def attempt() -> AccessNote:
            now, old = self._desk.now(), await self._store.find(AccessNote, account.id)
            same = old is not None and old.connected_at == account.connected_at
            known = old if same and old is not None else None
            ends, may = access.ends_at, tuple(access.may) or (known.may if known else ())
            told = known.told if known and same_end(known.ends_at, ends) else 0
            note = AccessNote(
                id=account.id,
                version=old.version if old else 0,
                connected_at=account.connected_at,
                checked_at=now,
                ends_at=ends,
                may=may,
                told=told,
            )
            change = self._store.begin()
            change.put(note, old)
            await change.commit()
            return note.model_copy(update={"version": note.version + 1})

        note = await self._desk.again(attempt)
        await self._tell(account, note)

    async def _tell(self, account: Account, note: AccessNote) -> None:
        days = note.days(self._desk.now())
        if days is None or note.ends_at is None:
            if not note.told:  # its end was put off
                await self._desk.alarms.over(AlarmKind.ACCESS_ENDING, account.id)
            return
        brand = await self._desk.brand(account.brand)
        title = self._desk.providers[account.network].title
        detail = {
            "account": f"{title} @{account.handle}" if account.handle else f"{title} {account.name}",
            "date": note.ends_at.astimezone(brand.clock).date().isoformat(),
        }
        # an older notice that nobody ended gives way: each rings once
        await self._desk.alarms.over(AlarmKind.ACCESS_ENDING, account.id)
        await self._desk.alarms.ring(AlarmKind.ACCESS_ENDING, subject=account.id, brand=brand.id, detail=detail)
        change = self._store.begin()
        change.put(note.model_copy(update={"told": days}), note)
        await change.commit()

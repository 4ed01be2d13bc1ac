"""Assisted accounts: an admin adds one, without keys, and says who publishes there by hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.assisted import LONGEST_NAME, ByHand, link_of
from bot.domain.brands import Account, AccountState, Brand, Role, Standing
from bot.domain.events import AccountChanged
from bot.domain.records import MemberId
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.journal import correlation
from bot.network.assisted import ASSISTED, OTHER, AssistedNetwork

if TYPE_CHECKING:
    from bot.desk.desk import Desk

_ID = re.compile(r"[A-Za-z0-9-]{1,60}")


@dataclass(frozen=True)
class Details:
    """What an admin says of an assisted account, as typed. title: of a network that isn't in the list; handle: of the
    profile, or its link."""

    network: str
    name: str
    title: str = ""
    handle: str = ""
    link: str = ""
    personal: bool = False
    publisher: MemberId = ""
    deputy: MemberId = ""


class Assisted:
    """The verbs of assisted accounts."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    def network(self, name: str) -> AssistedNetwork | None:
        """One of the networks that no connector reaches, None for any other."""
        return ASSISTED.get(name)

    def fresh(self) -> str:
        """An id for an account that isn't there yet."""
        return f"hand-{self._desk.new_id()}"

    def networks(self) -> Mapping[str, str]:
        """Those where a person publishes by hand, with their titles, in the order of the list."""
        return {name: network.title for name, network in ASSISTED.items()}

    async def save(self, id_: str, brand_id: str, details: Details, who: Standing) -> Account:
        """Add an assisted account, or change it; the network stays. `id_` was made when the form was opened, so that a
        form that arrives twice is one account. Raises NotAllowed, UserError in practice, FieldErrors."""
        brand = await self._desk.brand(brand_id)
        who.require(brand, Role.ADMIN)
        if brand.practice:
            raise UserError("error.practice_apart", brand=brand.name, network=details.title or details.network)

        async def attempt() -> Account:
            old = await self._store.find(Account, id_)
            if not _ID.fullmatch(id_) or (old is None and not id_.startswith("hand-")):
                raise NotAllowed("error.button_old")
            if old is not None and (old.brand != brand_id or old.by_hand is None):
                raise NotAllowed("error.button_old")
            new = await self._written(id_, old, brand, details, who)
            if old is not None and new.model_copy(update={"connected_at": old.connected_at}) == old:
                return old
            change = self._store.begin()
            change.put(new, old)
            back = old is not None and old.state is not AccountState.ACTIVE
            act = "connect" if old is None else "reconnect" if back else "describe"
            change.emit(AccountChanged(account=id_, act=act, correlation=correlation.get()))
            detail = f"by hand: {new.title(ASSISTED[new.network].title)} {new.handle or new.name}"
            change.audit(self._desk.entry(who.id, f"account.{act}", brand=brand_id, subject=id_, detail=detail))
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def _written(self, id_: str, old: Account | None, brand: Brand, details: Details, who: Standing) -> Account:
        network = ASSISTED.get(old.network if old else details.network)
        if network is None:
            raise FieldErrors({"network": UserError("error.field_required")})
        wrong: dict[str, UserError] = {}
        name, title = details.name.strip()[:LONGEST_NAME], details.title.strip()[:LONGEST_NAME]
        if not name:
            wrong["name"] = UserError("error.field_required")
        if network.name == OTHER and not title:
            wrong["title"] = UserError("error.field_required")
        handle, link = "", ""
        try:
            handle, link = _profile(details, network)
        except UserError as error:
            wrong["handle"] = error
        team = await self._desk.duty.team()
        for field, member in (("publisher", details.publisher), ("deputy", details.deputy)):
            if member and not team.serves(brand, member):
                wrong[field] = UserError("error.not_on_rota", who=member, brand=brand.name)
        if details.deputy and details.deputy == details.publisher:
            wrong["deputy"] = UserError("error.deputy_is_publisher")
        if not wrong and await self._taken(id_, network.name, title, handle or name):
            wrong["handle" if handle else "name"] = UserError("error.account_known")
        if wrong:
            raise FieldErrors(wrong)
        now = self._desk.now()
        same = old is not None and old.handle.casefold() == handle.casefold()
        return Account(
            id=id_,
            version=old.version if old else 0,
            brand=brand.id,
            network=network.name,
            remote_id=id_,
            handle=handle,
            name=name,
            picture=old.picture if old else None,
            sealed="",
            generation=(old.generation + (not same)) if old else 1,  # what was approved was for the other profile
            connected_by=old.connected_by if old and old.state is AccountState.ACTIVE else who.id,
            connected_at=old.connected_at if old and old.state is AccountState.ACTIVE else now,
            since=(old.since or old.connected_at) if old else now,
            slots=old.slots if old else (),
            by_hand=ByHand(
                network=title if network.name == OTHER else "",
                link=link,
                publisher=details.publisher,
                deputy=details.deputy,
            ),
            personal=details.personal,
        )

    async def _taken(self, id_: str, network: str, title: str, named: str) -> bool:
        """Whether the same profile is in a brand already: two would be two asks for it."""
        known = [a for a in await self._desk.accounts.all() if a.network == network and a.id != id_ and a.by_hand]
        there = [each for each in known if each.state is not AccountState.DISCONNECTED]
        return any(
            (each.handle or each.name).casefold() == named.casefold()
            and (each.by_hand.network if each.by_hand else "").casefold() in {title.casefold(), ""}
            for each in there
        )


def _profile(details: Details, network: AssistedNetwork) -> tuple[str, str]:
    """The handle and the link of a profile, of which either may have been typed as the other. Raises UserError."""
    typed, link = details.handle.strip(), details.link.strip()
    if "/" in typed:  # no handle has one
        typed, link = "", link or typed
    url = link_of(link, network.hosts)
    return typed.removeprefix("@")[:LONGEST_NAME], url

"""Accounts on the networks: connect, open, mark dead, reconnect. Credentials are sealed, and nothing empty ever
replaces something good."""

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from redis.exceptions import ResponseError

from bot.domain.brands import Account, AccountState, Brand, Role, Standing
from bot.domain.deliveries import WAITING, Delivery, Step, Trouble
from bot.domain.events import AccountChanged
from bot.errors import ConfigurationError, FieldErrors, UserError
from bot.journal import correlation
from bot.network import AuthFailed, Capability, Connector, Credentials, Identity, NetworkError

if TYPE_CHECKING:
    from bot.desk.desk import Desk

log = logging.getLogger(__name__)


class Accounts:
    """The verbs of accounts."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def all(self) -> list[Account]:
        """Every account of the workspace."""
        return await self._store.listed(Account, "accounts")

    async def of(self, brand: str, *, disconnected: bool = False) -> list[Account]:
        """The accounts of a brand; those that were disconnected only when asked for."""
        found = await self._store.listed(Account, f"accounts:{brand}")
        return [each for each in found if disconnected or each.state is not AccountState.DISCONNECTED]

    async def usual(self, brand: str) -> list[Account]:
        """Those that a new post begins with: the company's own that need nobody to publish by hand. The others are
        chosen post by post; a brand that has nothing else begins with them."""
        found = await self.of(brand)
        company = [each for each in found if not each.personal] or found
        return [each for each in company if each.by_hand is None] or company

    async def get(self, id_: str) -> Account:
        """An account by id; raises UserError when there is none."""
        account = await self._store.find(Account, id_)
        if account is None:
            raise UserError("error.no_such_account")
        return account

    def open(self, account: Account) -> Connector:
        """The account's connector; the caller closes it."""
        provider = self._desk.providers[account.network]
        values = json.loads(self._desk.vault.open(account.sealed, account.id))
        return provider.open(self._desk.endpoints[account.network], Credentials(values), account.remote_id)

    async def locked(self, brand: str) -> list[Account]:
        """The accounts of a brand whose credentials were sealed with a key that isn't here."""
        return [account for account in await self.of(brand) if account.sealed and not self._opens(account)]

    def _opens(self, account: Account) -> bool:
        try:
            self._desk.vault.open(account.sealed, account.id)
        except ConfigurationError:
            return False
        return True

    async def identify(self, network: str, values: Mapping[str, str]) -> Identity:
        """Ask the network whom the credentials belong to; raises FieldErrors when it won't say."""
        provider = self._desk.providers[network]
        missing = {f.name: UserError("error.field_required") for f in provider.fields if not values.get(f.name)}
        if missing:
            raise FieldErrors(missing)
        first = provider.fields[0].name
        try:
            connector = provider.open(self._desk.endpoints[network], Credentials(values), "")
        except ConfigurationError as error:
            raise FieldErrors({first: UserError("error.app_keys_missing", network=provider.title)}) from error
        try:
            identity = await connector.whoami()
            if not identity.id or not (identity.name.strip() or identity.handle):
                raise FieldErrors({first: UserError("error.network_names_nobody", network=provider.title)})
            return identity
        except AuthFailed as error:
            raise FieldErrors({first: UserError("error.credentials_refused", network=provider.title)}) from error
        except NetworkError as error:
            raise FieldErrors({first: UserError("error.network_no_answer", network=provider.title)}) from error
        finally:
            await connector.aclose()

    def fits(self, network: str, brand: Brand) -> bool:
        """Practice and real accounts never share a brand."""
        return (Capability.PRACTICE in self._desk.providers[network].capabilities) == brand.practice

    async def connect(
        self, brand_id: str, network: str, values: Mapping[str, str], identity: Identity, who: Standing
    ) -> Account:
        """Save an account that was looked at, or reconnect it: the same profile keeps its id and its history, and what
        the network leaves out of its answer.

        Raises NotAllowed, and UserError when the profile belongs to another brand already.
        """
        brand = await self._desk.brand(brand_id)
        who.require(brand, Role.ADMIN)
        if not self.fits(network, brand):
            raise UserError("error.practice_apart", brand=brand.name, network=self._desk.providers[network].title)
        id_ = f"{network}-{identity.id}"

        async def attempt() -> Account:
            old = await self._store.find(Account, id_)
            if old is not None and old.brand != brand_id:
                raise UserError("error.account_of_other_brand", account=identity.name)
            now = self._desk.now()
            letters = old.messages_since if old and old.state is not AccountState.DISCONNECTED else None
            new = Account(
                id=id_,
                version=old.version if old else 0,
                brand=brand_id,
                network=network,
                remote_id=identity.id,
                handle=identity.handle or (old.handle if old else ""),
                name=identity.name.strip() or (old.name if old else identity.handle),
                picture=identity.picture or (old.picture if old else None),
                sealed=self._desk.vault.seal(json.dumps(dict(values)), id_),
                generation=old.generation if old else 1,
                connected_by=who.id,
                connected_at=now,
                budget=old.budget if old else None,
                messages_since=letters,  # who disconnected it didn't want to go on paying
                slots=old.slots if old else (),
                since=(old.since or old.connected_at) if old else now,
            )
            change = self._store.begin()
            change.put(new, old)
            act = "reconnect" if old else "connect"
            change.emit(AccountChanged(account=id_, act=act, correlation=correlation.get()))
            change.audit(self._desk.entry(who.id, f"account.{act}", brand=brand_id, subject=id_))
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def died(self, id_: str, reason: str) -> None:
        """The network refuses the credentials: publishing stops for this account until somebody reconnects it."""

        async def attempt() -> None:
            old = await self.get(id_)
            if old.state is not AccountState.ACTIVE:
                return
            update = {"state": AccountState.DEAD, "dead_since": self._desk.now(), "dead_reason": reason}
            change = self._store.begin()
            change.put(old.model_copy(update=update), old)
            change.emit(AccountChanged(account=id_, act="died", correlation=correlation.get()))
            change.audit(self._desk.entry("engine", "account.died", brand=old.brand, subject=id_, detail=reason))
            await change.commit()

        await self._desk.again(attempt)

    async def hold_planned(self, id_: str) -> None:
        """It was disconnected: what is planned for it is held, each a question to its people; and the store's log is
        written anew, so that its old credentials, sealed as they were, are not in there either."""
        for listed in await self.waiting(await self.get(id_)):

            def hold(old: Delivery) -> Delivery:
                if old.state not in WAITING:
                    return old
                return old.move(Step.HOLD, trouble=Trouble(kind="disconnected"))

            await self._desk.deliveries.settle(listed.id, hold, "hold")
        try:
            await self._store.client.bgrewriteaof()
        except ResponseError as error:  # one is under way, or a managed store doesn't permit it
            log.info("the store's log isn't written anew now: %s", error)

    async def held(self, id_: str) -> list[Delivery]:
        """Deliveries that wait for this account."""
        return await self._store.listed(Delivery, f"held:{id_}")

    async def waiting(self, account: Account) -> list[Delivery]:
        """Deliveries that can't go out while the account is dead, also those whose time is still to come."""
        planned = await self._store.listed(Delivery, f"planned:{account.brand}")
        return [delivery for delivery in planned if delivery.account == account.id]

"""Connecting an account by hand: ask the network whose the keys are, keep them sealed while a person looks, save."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot.domain.brands import Account, Brand, Channels, Policies, Role, Standing
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.journal import register_secret
from bot.network import CredentialField, Identity

if TYPE_CHECKING:
    from bot.desk.desk import Desk

HOLD = 600
"""Seconds that keys wait, sealed, for the press that saves them."""
PRACTICE = "practice"


@dataclass(frozen=True)
class Found:
    """An account that the network showed for some keys; `key` is where they wait."""

    key: str
    network: str
    identity: Identity


class Connecting:
    """The verbs of connecting. Keys never leave here but to the network, and to the vault."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    def networks(self, brand: Brand) -> Sequence[str]:
        """The networks that a brand can connect: the operator's app keys are there, and practice stays by itself."""
        known = [name for name in self._desk.providers if self._ready(name) and self._desk.accounts.fits(name, brand)]
        return sorted(known, key=lambda name: self._desk.providers[name].title)

    def _ready(self, network: str) -> bool:
        endpoint = self._desk.endpoints.get(network)
        return endpoint is not None and all(endpoint.app.get(key) for key in self._desk.providers[network].app_fields)

    def fields(self, network: str) -> Sequence[CredentialField]:
        """What a person is asked for, nothing for a network that isn't there; what the installation has isn't asked."""
        if network not in self._desk.providers or network not in self._desk.endpoints:
            return []
        own = self._desk.endpoints[network].app
        return [field for field in self._desk.providers[network].fields if not own.get(field.name)]

    async def look(
        self, brand_id: str, network: str, typed: Mapping[str, str], who: Standing, *, account: str = ""
    ) -> Found:
        """Ask the network whom the keys belong to, and keep them sealed until they are saved or ten minutes are over.

        `account` is the one to reconnect. Raises NotAllowed, and FieldErrors when the network refuses the keys or they
        open another account.
        """
        brand = await self._desk.brand(brand_id)
        who.require(brand, Role.ADMIN)
        if network not in self.networks(brand):
            raise FieldErrors({"network": UserError("error.field_required")})
        if account and (await self._desk.accounts.get(account)).brand != brand_id:
            raise NotAllowed("error.button_old")
        asked = self.fields(network)
        for field in asked:
            if field.secret and typed.get(field.name):
                register_secret(typed[field.name])
        values = self._whole(network, typed)
        identity = await self._desk.accounts.identify(network, values)
        if account and account != f"{network}-{identity.id}":
            known = await self._desk.accounts.get(account)
            other = UserError("settings.account.other", name=identity.name, account=known.name)
            raise FieldErrors({asked[0].name if asked else "network": other})
        key = self._desk.new_id()
        held = {"brand": brand_id, "network": network, "by": who.id, "values": values, "identity": asdict(identity)}
        sealed = self._desk.vault.seal(json.dumps(held), f"held-{key}")
        await self._store.client.set(self._store.key("held", key), sealed, ex=HOLD)
        return Found(key, network, identity)

    def _whole(self, network: str, typed: Mapping[str, str]) -> dict[str, str]:
        own = self._desk.endpoints[network].app
        fields = self._desk.providers[network].fields
        return {field.name: own.get(field.name) or typed.get(field.name, "").strip() for field in fields}

    async def save(self, key: str, who: Standing) -> Account:
        """Connect what was looked at; the same press twice is one account. Raises UserError when it waited too long."""
        name = self._store.key("held", key)
        sealed = await self._store.client.get(name)
        if not sealed:
            raise UserError("error.keys_expired")
        held = json.loads(self._desk.vault.open(str(sealed), f"held-{key}"))
        if held["by"] != who.id:
            raise UserError("error.keys_expired")
        identity = Identity(**held["identity"])
        return await self._desk.accounts.connect(held["brand"], held["network"], held["values"], identity, who)

    async def practise(self, channel: str, who: Standing, *, language: str, zone: str) -> Brand:
        """Create Ensayo in a channel and connect its account, whose keys the installation has itself.

        Whoever starts it has every role there and, being alone, approves alone. Raises NotAllowed, and FieldErrors for
        a channel of another brand or a network that doesn't answer.
        """
        if not who.admin:
            raise NotAllowed("error.admins_only")
        brand = Brand(
            id=self._desk.new_id(),
            name="Ensayo",
            face="🎭",
            language=language,
            zone=zone,
            practice=True,
            channels=Channels(review=channel),
            policies=Policies(four_eyes=False),
            roles={who.id: frozenset(Role)},
        )
        values = self._whole(PRACTICE, {})
        identity = await self._desk.accounts.identify(PRACTICE, values)
        made = await self._desk.brands.create(brand, who)
        await self._desk.accounts.connect(made.id, PRACTICE, values, identity, who)
        return made

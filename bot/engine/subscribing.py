"""Asks networks to tell us what happens, where they can reach us; fetching goes on either way."""

import logging
from datetime import timedelta

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.network import Capability, NetworkError
from bot.store.turns import Turns

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=20)
"""How often it is seen whether an account isn't subscribed yet."""
RENEWED = timedelta(days=1)
AGAIN = timedelta(minutes=10)
"""After how long a network that refused is asked once more."""


class Subscriber:
    """One account after another. `url`: our public address, empty for none: then nothing is asked."""

    def __init__(self, desk: Desk, url: str) -> None:
        self._desk = desk
        self._url = url.rstrip("/")
        self._turns = Turns(desk.store)
        self._refused: set[str] = set()

    async def tick(self) -> None:
        """Every account that wasn't subscribed for a day, or since it was connected anew."""
        if not self._url:
            return
        for account in await self._desk.accounts.all():
            provider = self._desk.providers.get(account.network)
            able = provider is not None and provider.hook is not None and Capability.WEBHOOK in provider.capabilities
            if able and account.state is AccountState.ACTIVE:
                name = ("subscribe", account.id, self._url, account.connected_at.isoformat())
                if await self._turns.take(*name, every=RENEWED):
                    await self._subscribe(account, name)

    async def _subscribe(self, account: Account, name: tuple[str, ...]) -> None:
        hook = self._desk.providers[account.network].hook
        assert hook is not None
        connector = self._desk.accounts.open(account)
        try:
            await connector.subscribe(self._url + hook.path)
        except NetworkError as error:
            if account.id not in self._refused:
                log.warning("%s won't tell us of %s: %s; it is fetched", account.network, account.id, error.detail)
            self._refused.add(account.id)
            await self._turns.pause(*name, until=self._desk.now() + AGAIN)
        else:
            self._refused.discard(account.id)
            log.info("%s tells us of %s", account.network, account.id)
        finally:
            await connector.aclose()

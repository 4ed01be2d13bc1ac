"""Looks at each account's access once a day, at a moment of its own: dead, near its end, or another's."""

import logging
from datetime import timedelta

from bot.desk.desk import Desk
from bot.domain.access import probe_due
from bot.domain.brands import Account, AccountState
from bot.errors import ConfigurationError, Conflict
from bot.network import AuthFailed, NetworkError
from bot.store.turns import Turns

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
"""How often it is looked whose moment has come."""
AGAIN = timedelta(minutes=30)
"""When an account is asked again whose network did not answer."""


class Prober:
    """One worker probes an account, whoever takes its turn."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turns = Turns(desk.store)

    async def tick(self) -> None:
        """Every account whose moment has come; what fails for now changes nothing."""
        for account in await self._desk.accounts.all():
            note = await self._desk.access.of(account)
            due = probe_due(note, account.id, account.connected_at, self._desk.now())
            stamp = str(round(account.connected_at.timestamp() * 1000))
            if account.state is not AccountState.ACTIVE or account.by_hand is not None or not due:
                continue
            if await self._turns.take("probe", account.id, stamp, every=AGAIN):
                await self._guarded(account)

    async def _guarded(self, account: Account) -> None:
        try:
            await self._probe(account)
        except AuthFailed as error:
            await self._desk.accounts.died(account.id, error.detail)
        except NetworkError as error:
            log.info("probe %s: %s: %s", account.id, type(error).__name__, error.detail)
        except (ConfigurationError, Conflict) as error:
            log.warning("probe %s: %s", account.id, error)
        except Exception:
            log.exception("probe %s", account.id)  # one account's error never stops another

    async def _probe(self, account: Account) -> None:
        connector = self._desk.accounts.open(account)
        try:
            identity = await connector.whoami()
            access = await connector.access()
        finally:
            await connector.aclose()
        await self._desk.access.found(account, identity, access)

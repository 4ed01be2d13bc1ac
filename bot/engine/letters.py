"""Reads what people wrote to an account in private, and stores the page, then how far it was read."""

import logging

from bot.desk.desk import Desk
from bot.domain.brands import Account
from bot.network import Connector, Rejected, RejectKind

log = logging.getLogger(__name__)


class Letters:
    """With the poll of an account, or at once when a webhook says that there are some."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._refused: set[str] = set()

    async def read(self, account: Account, connector: Connector) -> None:
        """What is new. Raises NetworkError; but a permission that nobody gave is no trouble that rings: the account's
        page and `vocero doctor` say what is missing."""
        before = await self._desk.private.cursor(account)
        cursor = before.text if before else self._desk.private.begin(account, connector)
        try:
            page = await connector.messages(cursor)
        except Rejected as error:
            if error.kind is not RejectKind.PERMISSION:
                raise
            await self._desk.private.refused(account, cursor, before)
            if account.id not in self._refused:
                self._refused.add(account.id)
                log.warning("private messages of %s can't be read: %s", account.id, error.detail)
            return
        self._refused.discard(account.id)
        await self._desk.spending.note(account, page.reads)
        new = await self._desk.private.receive(account, page, before)
        if new:
            log.info("private messages of %s: %d new", account.id, new)

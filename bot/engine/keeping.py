"""What a network told us is kept until the store takes it: nobody will tell it a second time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import StoreUnavailable

log = logging.getLogger(__name__)

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds; later the lease is over, and another look at the account finds it out again."""
PAUSE = 0.25


async def kept(act: Callable[[], Awaitable[T]], what: str) -> T:
    """Does it as soon as the store can be asked; `act` may be done twice. Raises StoreUnavailable after a minute."""
    loop = asyncio.get_running_loop()
    over = loop.time() + PATIENCE
    while True:
        try:
            return await act()
        except StoreUnavailable as error:
            if loop.time() > over:
                raise
            log.warning("%s waits for the store: %s", what, error)
        await asyncio.sleep(PAUSE)

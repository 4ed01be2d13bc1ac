"""Connections to the store that a cancelled task lets go of.

redis-py writes each command under `asyncio.wait_for`, and on Python 3.11 that loses a cancellation which arrives while
the write ends (https://github.com/python/cpython/issues/86296): a task that was told to stop would go on for ever.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from redis.asyncio.connection import AbstractConnection, Connection, SSLConnection, UnixDomainSocketConnection
from redis.exceptions import TimeoutError as RedisTimeoutError


class _Cancellable(AbstractConnection):
    """Writes under `asyncio.timeout`, which keeps a cancellation."""

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        """See redis-py. Raises redis' TimeoutError when the write takes longer than the socket's time-out."""
        patience, self.socket_timeout = self.socket_timeout, None  # without one, redis-py writes without wait_for
        try:
            async with asyncio.timeout(patience):
                await super().send_packed_command(command, check_health)
        except TimeoutError as error:
            raise RedisTimeoutError("Timeout writing to socket") from error
        finally:
            self.socket_timeout = patience


class _Tcp(_Cancellable, Connection):
    """redis://"""


class _Tls(_Cancellable, SSLConnection):
    """rediss://"""


class _Unix(_Cancellable, UnixDomainSocketConnection):
    """unix://"""


CANCELLABLE: Mapping[type[AbstractConnection], type[AbstractConnection]] = {
    Connection: _Tcp,
    SSLConnection: _Tls,
    UnixDomainSocketConnection: _Unix,
}
"""Instead of each of redis-py's connections."""

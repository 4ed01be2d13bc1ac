"""One clock for processes on several machines: each goes by the store's, however far its own is off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

NEAR = timedelta(seconds=1)
"""Below this the two are taken for one: the difference is mostly the way there and back."""


def _here() -> datetime:
    return datetime.now(UTC)


class StoreClock:
    """This machine's clock, corrected by what `sync` found; without it, leases and dues of two machines don't meet."""

    def __init__(self, client: Redis, here: Callable[[], datetime] = _here) -> None:
        self._client = client
        self._here = here
        self.ahead = timedelta()
        """The store's clock minus this machine's."""

    async def sync(self) -> timedelta:
        """Compare the two; answers `ahead`. Raises StoreUnavailable."""
        before = self._here()
        seconds, micro = await self._client.time()
        after = self._here()
        ahead = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micro) - (before + (after - before) / 2)
        self.ahead = ahead if abs(ahead) >= NEAR else timedelta()
        return self.ahead

    def now(self) -> datetime:
        """The store's present, an aware instant in UTC."""
        return self._here() + self.ahead

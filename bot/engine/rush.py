"""A rush: more is due than can leave at once. What is due leaves first, and what was answered is written down after it.

The mark that a request leaves is on the disk before it does; an answer waits here, in this process alone, for
`PATIENCE` at most, which is less than what is left of its lease. Who is killed with it leaves a mark without an answer,
and whoever follows looks on the account, as after any death between a request and its answer.
"""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 5.0
"""Seconds that an answer waits while others leave."""
AT_ONCE = 48
"""Answers that are written down at the same time."""


class Rush:
    """Whether there is one, and whose turn it is."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._calm = asyncio.Event()
        self._calm.set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._ended = False

    def on(self, rushing: bool) -> None:
        """Somebody waits to be sent, or nobody does."""
        if rushing and not self._ended:
            self._calm.clear()
        else:
            self._calm.set()

    def end(self) -> None:
        """Nothing more leaves: answers have all the time there is."""
        self._ended = True
        self._calm.set()

    async def after(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does what may wait, when nothing is in a hurry or it has waited long enough."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        async with self._room:
            left = since + self._patience - loop.time()
            if left > 0 and not self._calm.is_set():
                try:
                    async with asyncio.timeout(left):
                        await self._calm.wait()
                except TimeoutError:
                    pass  # its turn, whatever else is due
            await work()

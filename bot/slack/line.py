"""Who waits here for what follows an acknowledgement, and who goes first: Slack and people give us three seconds each.

Handling gives way to acknowledgements that are under way, for a moment; when somebody has waited too long, new
acknowledgements wait in turn, so that none runs far ahead of what follows it.
"""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BACKLOG = 2048
"""How many presses and commands may wait."""
FIRST = 0.75
"""Seconds for which handling gives way."""
BEHIND = 1.75
"""Seconds that a press may wait; a trigger lives three."""
HOLD_BACK = 2.0

log = logging.getLogger(__name__)


class Line:
    """One a process; `backlog` is how many may wait."""

    def __init__(self, backlog: int = BACKLOG) -> None:
        self._backlog = backlog
        self._since: dict[asyncio.Task[Any], float] = {}  # oldest first
        self._arriving = 0
        self._calm = asyncio.Event()
        self._moment: asyncio.TimerHandle | None = None
        self._shorter = asyncio.Event()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Something is being stored, to be acknowledged."""
        self._arriving += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._arriving -= 1
            if not self._arriving:
                self._go()

    def join(self, task: asyncio.Task[Any]) -> None:
        """A person waits for what this does."""
        self._since[task] = time.monotonic()

    def leave(self, task: asyncio.Task[Any]) -> None:
        """It ended; whoever was never in the line may say so too."""
        self._since.pop(task, None)
        if self._keeps_up():
            self._shorter.set()

    async def give_way(self) -> None:
        """Until nothing is being stored, for a moment at most: one timer for all who wait, since many do at a time."""
        if not self._arriving:
            return
        if self._moment is None:
            self._moment = asyncio.get_running_loop().call_later(FIRST, self._go)
        await self._calm.wait()

    def _go(self) -> None:
        """Whoever gives way goes on; whoever comes later waits anew where something is still being stored."""
        if self._moment is not None:
            self._moment.cancel()
            self._moment = None
        self._calm.set()
        if self._arriving:
            self._calm.clear()

    async def hold_back(self) -> None:
        """Until those who wait are few, and not for long."""
        if self._keeps_up():
            return
        self._shorter.clear()
        try:
            async with asyncio.timeout(HOLD_BACK):
                await self._shorter.wait()
        except TimeoutError:
            log.warning("presses wait longer than they should", extra={"waiting": len(self._since)})

    def _keeps_up(self) -> bool:
        oldest = next(iter(self._since.values()), None)
        return len(self._since) < self._backlog and (oldest is None or time.monotonic() - oldest < BEHIND)

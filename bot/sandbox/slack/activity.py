"""Knows when the bot last asked something, so that a person's answer can wait until it has finished drawing."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET = 0.150
AT_MOST = 2.0
_STEP = 0.010


class Activity:
    """Counts requests from the bot. Measured on the real clock: it is about the bot's pace, not the world's time."""

    def __init__(self) -> None:
        self.running = 0
        self.last = time.monotonic()

    @contextmanager
    def request(self) -> Iterator[None]:
        """Around each request of the bot."""
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self.last = time.monotonic()

    async def quiet(self) -> None:
        """Returns once no request came for 150 ms, or after 2 s."""
        start = time.monotonic()
        while True:
            now = time.monotonic()
            rested = now - max(self.last, start) >= QUIET and not self.running
            if rested or now - start >= AT_MOST:
                return
            await asyncio.sleep(_STEP)

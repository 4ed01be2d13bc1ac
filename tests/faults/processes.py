"""Processes that live as long as a test lets them, forked from one that has imported everything already."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import psutil  # type: ignore[import-untyped]

LOOK = 0.05
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.zygote"])


class Life:
    """One process that runs `work(*arguments)`."""

    def __init__(self, work: Callable[..., object], *arguments: Any) -> None:
        self._process = _CONTEXT.Process(target=work, args=arguments, daemon=True)
        self._process.start()

    async def ended(self) -> int:
        """Its exit code, once it has one; a signal's number is negative."""
        if self._process.exitcode is None:
            loop, over = asyncio.get_running_loop(), asyncio.Event()
            loop.add_reader(self._process.sentinel, over.set)
            try:
                await over.wait()
            finally:
                loop.remove_reader(self._process.sentinel)
            self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._process.exitcode is not None

    def signal(self, number: signal.Signals) -> None:
        """Unless it has ended."""
        if not self.over and self._process.pid is not None:
            os.kill(self._process.pid, number)

    async def stopped(self) -> None:
        """Waits until it stands still; raises AssertionError when it ends instead."""

        async def still() -> bool:
            assert not self.over, "it ended and did not stand still"
            return bool(psutil.Process(self._process.pid).status() == psutil.STATUS_STOPPED)

        await until(still)


async def until(condition: Callable[[], Awaitable[object]], look: float = LOOK) -> None:
    """Looks again and again; whoever waits sets the deadline."""
    while not await condition():  # noqa: ASYNC110 (any condition, not one event)
        await asyncio.sleep(look)

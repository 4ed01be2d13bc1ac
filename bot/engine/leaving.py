"""Ending in order: what was begun is finished, nothing more is begun, and nobody waits for ever."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


async def leaving(work: Coroutine[Any, Any, None], leave: Callable[[], None], grace: float) -> None:
    """Does the work; when cancelled, `leave` asks it to come to its end, and after `grace` seconds it is cancelled.

    A cancellation in the middle of a request would lose its answer: what the store has given us then waits for a lease
    to run out.
    """
    running = asyncio.ensure_future(work)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        leave()
        await asyncio.wait({running}, timeout=grace)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        raise

"""`python -m tests.clock.faked_worker STORE TEAM SANDBOX`: publishes what is due until it is told to stop."""

import asyncio
import os
import signal
import sys

from bot.engine.failpoints import Failpoints, parse
from bot.store.launcher import connect
from bot.store.records import Store
from tests.publishing import open_desk, open_publisher


async def main(store_url: str, team: str, sandbox: str) -> None:
    """A worker on a machine with a strange clock."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    client = connect(store_url)
    desk = open_desk(Store(client, team), sandbox, timeout=3)
    publisher = open_publisher(desk, Failpoints(parse(os.environ.get("VOCERO_FAILPOINTS", ""))))
    while not stopped.is_set():
        await publisher.tick()
        try:
            async with asyncio.timeout(0.05):
                await stopped.wait()
        except TimeoutError:
            continue
    await publisher.drain()
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

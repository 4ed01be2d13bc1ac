"""`python -m tests.faults.one_worker STORE TEAM SANDBOX DELIVERY`: publishes until a delivery wants nobody any more."""

import asyncio
import os
import sys

from bot.domain.deliveries import Delivery
from bot.engine.failpoints import Failpoints, parse
from bot.store.launcher import connect
from bot.store.records import Store
from tests.publishing import open_desk, open_publisher


async def main(store_url: str, team: str, sandbox: str, delivery: str) -> None:
    """A worker that knows nothing of who watches it."""
    client = connect(store_url)
    store = Store(client, team)
    publisher = open_publisher(open_desk(store, sandbox), Failpoints(parse(os.environ.get("VOCERO_FAILPOINTS", ""))))
    while (await store.get(Delivery, delivery)).attention is not None:
        await publisher.tick()
        await publisher.drain()
        await asyncio.sleep(0.02)
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

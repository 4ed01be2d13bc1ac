"""`python -m tests.bench.bare_bolt PORT SLACK [STORE]`: the baseline, a Bolt app by default settings.

It does nothing but acknowledge; with a store, it first writes each payload there, as durably as that store is.
"""

import json
import sys
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import world
from bot.store.launcher import connect


def main(port: int, slack: str, store: str = "") -> None:
    """Serves until it is ended."""
    client = AsyncWebClient(world.BOT_TOKEN, f"{slack}/api/")
    app = AsyncApp(signing_secret=world.SIGNING_SECRET, client=client)
    valkey = connect(store) if store else None

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        if valkey is not None:
            await valkey.xadd("{bench}:inbox", {"payload": json.dumps(body)})
        await ack()

    app.command("/vocero")(listener)
    app.event("app_mention")(listener)
    app.server(port=port, host="127.0.0.1").start()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])

"""How soon what people say can be read in Slack: the relay and the deck as a worker runs them, against Slack's stub."""

import asyncio
import json
from collections import Counter
from collections.abc import Collection
from contextlib import AsyncExitStack

from bot.desk.desk import Desk
from bot.discovery import find_router
from bot.domain.storms import Storm
from bot.engine.failpoints import Failpoints
from bot.engine.relaying import Relay
from bot.engine.storms import LOOKS_EVERY
from bot.sandbox import world
from bot.slack.client import SlackApi
from bot.slack.deck import Deck
from bot.slack.people import People
from tests.bench import slack_stub
from tests.bench.slack_stub import Sent
from tests.bench.table import Line, Wrong

ALL_WITHIN = 60.0
ALLOWED_AT_ONCE = 2
"""A channel's messages may run one ahead of their pace of one a second."""


async def visible(desk: Desk, names: Collection[str], seconds: float) -> Line:
    """Draws for so many seconds. A comment can be seen once its author's name stands in a message, or once one
    counts it with all the others of its storm and opens the list."""
    async with AsyncExitStack() as stack:
        stub = await stack.enter_async_context(slack_stub.listening())
        api = SlackApi.opened(world.BOT_TOKEN, base_url=f"{stub.url}/api/")
        stack.push_async_callback(api.close)
        deck = Deck(find_router(), desk=desk, api=api, people=People(desk.store, api, desk.now), me="bench")
        relay = Relay(desk.store, deck.tell, "bench", Failpoints())
        running = [asyncio.create_task(work) for work in (relay.run(), deck.run(), counting(desk))]
        try:
            await asyncio.wait(running, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in running:
                task.cancel()
            ended = await asyncio.gather(*running, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise Wrong(f"drawing ended: {error}")
        sent = list(stub.sent)
    text = "\n".join(json.dumps(message.body, ensure_ascii=False) for message in sent)
    storms = await desk.store.listed(Storm, "storms")
    counted = sum(storm.count for storm in storms if f"{storm.count:,} new comments on" in text)
    seen = max(counted, sum(name in text for name in names))
    listed = [await desk.store.client.zcard(desk.store.key("index", f"open_at:{storm.account}")) for storm in storms]
    if counted > sum(listed):
        raise Wrong(f"{counted} comments are counted, and {sum(listed)} are in the list")
    channels = {message.channel for message in sent}
    most = max((busiest(sent, channel) for channel in channels), default=0)
    share = seen / len(names)
    pace = f"{len(sent)} messages in {len(channels)} channels, at most {most} in one second of one channel"
    needed = min(seconds / ALL_WITHIN, 1.0)
    return Line(
        "comments_visible",
        f"the same comments, {seconds:.0f} s later: on a card, or counted on one that opens the list",
        "all within 60 s, ≤ 1 message/s/channel",
        f"{seen:,} of {len(names):,} ({share:.1%}); {pace}",
        held=share >= needed and most <= ALLOWED_AT_ONCE,
        value=share,
        unit=f"of all after {seconds:.0f} s",
    )


async def counting(desk: Desk) -> None:
    """What the cards of storms count follows what is said, as a worker has it."""
    while True:
        await desk.storms.look()
        await asyncio.sleep(LOOKS_EVERY.total_seconds())


def busiest(sent: list[Sent], channel: str) -> int:
    """The most messages of a channel within one second of the clock that they were counted with."""
    counted = Counter(int(message.at) for message in sent if message.channel == channel)
    return max(counted.values())

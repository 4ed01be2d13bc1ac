"""A storm: what thousands of people say is stored, once each, as fast as the networks hand it over, and then seen."""

import json
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis

from bot.desk.desk import Desk
from bot.domain.conversations import Conversation
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from bot.network import Author, Item, ItemKind, Page, Ref
from bot.sandbox.storm import voices
from bot.store.launcher import connect
from tests.bench.cards import visible
from tests.bench.instant import Instant, comments_of, open_desk, settle_in
from tests.bench.processes import folder_with_store
from tests.bench.scale import Scale
from tests.bench.table import Line, Wrong, exactly_once

BRANDS, EACH = 5, 2
PAGE = 100
OVERLAP = 10
"""So many of a page are told again by the next one, as networks do."""
WITHIN = 60.0
BARE = """
for n = 1, #ARGV, 2 do
  if redis.call("SET", "{bench}:item:" .. ARGV[n], ARGV[n], "NX") then
    redis.call("HSET", "{bench}:comment:" .. ARGV[n], "v", "1", "d", ARGV[n + 1])
    redis.call("ZADD", KEYS[1], n, ARGV[n])
    redis.call("XADD", KEYS[2], "*", "event", ARGV[n])
  end
end
"""


def storm(account: str, count: int, at: timedelta, desk: Desk) -> Sequence[Page]:
    """What people say under one post of an account, in pages that overlap."""
    root, begin = Ref(f"{account}-post"), desk.now() - at
    items = [
        Item(
            ref=Ref(f"{account}-{n}", f"https://instant.example/{account}/{n}"),
            kind=ItemKind.COMMENT,
            author=Author(f"u{n}", f"user{n}", f"{author} {account}.{n:05d}"),
            text=text,
            at=begin + timedelta(milliseconds=n),
            root=root,
            parent=root,
        )
        for n, (author, text) in enumerate(voices(count))
    ]
    return comments_of([items[max(start - OVERLAP, 0) : start + PAGE] for start in range(0, count, PAGE)])


async def bare(client: Redis, pages: Sequence[Page]) -> float:
    """Seconds for a loop that stores and indexes the same, in one script a page, and knows nothing of conversations."""
    store, since = client.register_script(BARE), time.perf_counter()
    for page in pages:
        rows = [[item.ref.id, json.dumps([item.author.id, item.text, str(item.at)])] for item in page.items]
        await store(keys=["{bench}:open", "{bench}:events"], args=[part for row in rows for part in row])
    return time.perf_counter() - since


async def stored(desk: Desk, brand: str) -> list[str]:
    """The refs of all that a brand's open conversations heard."""
    found = await desk.store.listed(Conversation, f"open:{brand}", limit=100_000)
    return [words.ref for conversation in found for words in conversation.heard]


async def run(scale: Scale) -> list[Line]:
    """The poller, as in a worker, until every account is read."""
    async with folder_with_store() as (_, url):
        client = connect(url)
        try:
            network = Instant()
            desk = open_desk(client, network)
            brands, accounts = await settle_in(desk, brands=BRANDS, accounts=EACH)
            count = scale.comments // len(accounts)
            network.waiting = {a.remote_id: storm(a.id, count, timedelta(minutes=1), desk) for a in accounts}
            limit = await bare(client, [page for pages in network.waiting.values() for page in pages])
            since, before = time.perf_counter(), time.process_time()
            await Poller(desk, Failpoints(), every=timedelta(hours=1)).tick()
            took, cpu = time.perf_counter() - since, time.process_time() - before
            wanted = {item.ref.id for pages in network.waiting.values() for page in pages for item in page.items}
            heard = [ref for brand in brands for ref in await stored(desk, brand.id)]
            exactly_once(sorted(wanted), heard, "comments")
            told: Any = await client.xrange(desk.store.key("events"))
            events = sum('"conversation_changed"' in fields["event"] for _, fields in told)
            if events != len(wanted):
                raise Wrong(f"{events} events for {len(wanted)} comments")
            names = {item.author.name for pages in network.waiting.values() for page in pages for item in page.items}
            seen = await visible(desk, names, scale.visible)
        finally:
            await client.aclose()
    return [
        seen,
        Line(
            "comments_stored",
            f"{len(wanted):,} comments on {len(accounts)} accounts, pages of {PAGE} that overlap: stored, once each",
            f"within {WITHIN:.0f} s" if len(wanted) >= 10_000 else f"{10_000 / WITHIN:.0f}/s",
            f"{took:.1f} s, {len(wanted) / took:,.0f} conversations/s ({cpu / len(wanted) * 1000:.2f} ms CPU each)",
            f"bare script {limit:.1f} s, {len(wanted) / limit:,.0f}/s",
            took / limit,
            len(wanted) / took >= 10_000 / WITHIN,
            took,
            "s",
            limit,
        ),
    ]

"""The sandbox in this process, seeded as the demo is, and an onlooker's desk: for bots in processes of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from redis.asyncio import Redis

from bot.desk.config import Importer, parse_config
from bot.desk.desk import Desk
from bot.sandbox import world
from bot.sandbox.app import bound, build, open_sandbox, serving
from bot.slack.client import SlackApi
from bot.slack.directory import Directory
from bot.store.heartbeats import Heartbeats
from bot.store.records import Store
from tests.handlers.demo import SEED, environment
from tests.publishing import open_desk


class Outside:
    """The sandbox, in this process, and the desk of an onlooker."""

    def __init__(self, url: str, session: ClientSession, desk: Desk, folder: Path, redis: str) -> None:
        self.url = url
        self.session = session
        self.desk = desk
        self.folder = folder
        self.redis = redis
        self.beats = Heartbeats(desk.store)

    async def there(self, role: str) -> set[str]:
        """Names of the processes of a role."""
        return {each.name for each in (await self.beats.read()).vitals if role in each.roles}

    async def act(self, act: str, **fields: Any) -> dict[str, Any]:
        """What a person does."""
        async with self.session.post(f"{self.url}/human/{act}", json=fields) as answer:
            found: dict[str, Any] = await answer.json()
            return found


@asynccontextmanager
async def opened(client: Redis, valkey: str, tmp_path: Path) -> AsyncIterator[Outside]:
    """With the demo's brands."""
    store, listener = Store(client, world.TEAM_ID), bound(0)
    await forget(store)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sandbox = open_sandbox(tmp_path, url, "http://127.0.0.1:1")
    api = SlackApi.opened(world.BOT_TOKEN, base_url=f"{url}/api/")
    async with serving(build(sandbox, with_readers=False), listener), ClientSession() as session:
        desk = open_desk(store, url, timeout=20)
        await Importer(desk, Directory(api, world.TEAM_ID), environment()).load(parse_config(SEED.read_text(), "demo"))
        yield Outside(url, session, desk, tmp_path, valkey)
    await api.close()
    sandbox.db.close()
    await forget(store)


async def forget(store: Store) -> None:
    """Everything of the workspace."""
    async for key in store.client.scan_iter("{" + store.team + "}:*", count=1000):
        await store.client.delete(key)

"""The whole outside world in a process of its own: one port, one stream, a quick end, and nothing lost."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox import world

pytestmark = pytest.mark.slow
AGORA = {"Authorization": "Bearer oauth2-cafe_agora"}


@asynccontextmanager
async def process(data: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`python -m bot.sandbox` on a free port, and its address."""
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--data", str(data)]
    started = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert started.stderr is not None
    line = (await asyncio.wait_for(started.stderr.readline(), 30)).decode()
    assert "http://127.0.0.1:" in line, line
    try:
        yield started, line.split()[-1]
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def test_one_port_one_stream_and_a_quick_end(tmp_path: Path) -> None:
    """Page, Slack, X and Facebook together; SIGTERM within a second though streams are open; state stays."""
    async with process(tmp_path) as (server, url), aiohttp.ClientSession() as session:
        async with session.get(url + "/human/state") as answer:
            state = await answer.json()
        assert state["urls"]["slack"] == f"{url}/api/"
        assert (state["urls"]["x"], state["urls"]["facebook"]) == (url, url)
        for path, kind in (("/", "text/html"), ("/page/api.js", "text/javascript")):
            async with session.get(url + path) as answer:
                assert (answer.status, answer.content_type) == (200, kind)
                assert answer.headers["Cache-Control"] == "no-store"
        async with session.get(url + "/page/..%2fapp.py") as answer:
            assert answer.status == 404

        slack = {"Authorization": f"Bearer {world.BOT_TOKEN}"}
        fault = {"target": "slack", "route": "auth.test", "status": 429, "headers": {"Retry-After": "3"}, "times": 1}
        await (await session.post(url + "/faults", json=fault)).read()
        statuses = []
        for _ in range(2):
            async with session.post(url + "/api/auth.test", headers=slack) as answer:
                statuses.append((answer.status, answer.headers.get("Retry-After")))
        assert statuses == [(429, "3"), (200, None)]
        async with session.get(url + "/calls", params={"target": "slack"}) as answer:
            calls = (await answer.json())["calls"]
        assert [(one["method"], one["status"]) for one in calls] == [("auth.test", 429), ("auth.test", 200)]

        stream = await session.get(url + "/page/stream")
        async with session.post(url + "/2/tweets", json={"text": "Hola"}, headers=AGORA) as answer:
            assert answer.status == 201
        event = ""
        while not event.startswith("data: "):
            event = (await asyncio.wait_for(stream.content.readline(), 10)).decode()
        assert json.loads(event.removeprefix("data: ")) == {"topic": "public", "key": "x"}

        app = {"Authorization": f"Bearer {world.APP_TOKEN}"}
        async with session.post(url + "/api/apps.connections.open", headers=app) as answer:
            socket = await session.ws_connect((await answer.json())["url"])
        begun = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.wait(), 5) == 0
        assert time.monotonic() - begun < 1.0
        await socket.close()
        stream.close()

    async with (
        process(tmp_path) as (_, url),
        aiohttp.ClientSession() as session,
        session.get(url + "/audience/posts", params={"account": "x:cafe_agora"}) as answer,
    ):
        assert [one["text"] for one in (await answer.json())["posts"]] == ["Hola"]

"""A press in a web process and the requests that a worker sends for it stand in the logs under one name.

Both processes run as an operator starts them, and are scraped meanwhile.
"""

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from bot.domain.vigil import WEB, WORKER
from tests.bench.processes import free_port
from tests.operations.test_metrics import parsed, value
from tests.walks.people import Demo
from tests.watchdog.outside import Outside
from tests.watchdog.processes import processes, settings, until

pytestmark = pytest.mark.slow


async def press(outside: Outside, text: str) -> None:
    """Ana writes, Bruno approves, twice, and it is live."""
    nobodys: Any = None  # the processes are stopped by those who started them
    town = Demo(outside.url, outside.session, nobodys)
    form = (await town.command("ana", "#ensayo", "/vocero post"))["view"]
    assert (await town.submit("ana", form, text=text))["ok"]
    card = await town.card("#ensayo", text, "Aprobar y publicar")
    await town.press("bruno", card, "Aprobar y publicar")
    await town.card("#ensayo", text, "Publicada")


async def test_from_the_press_to_the_network_and_back_to_the_card(outside: Outside) -> None:
    data, ports = outside.folder / "data", {role: free_port() for role in (WEB, WORKER)}
    logs = {role: outside.folder / f"{role}.log" for role in ports}
    environment = {**settings(outside.url, outside.redis, data), "VOCERO_LOG_FORMAT": "json"}
    async with (
        processes(environment, logs[WEB]) as web,
        processes(environment, logs[WORKER]) as worker,
    ):
        await web.start("web", VOCERO_METRICS_PORT=str(ports[WEB]))
        await worker.start("worker", VOCERO_METRICS_PORT=str(ports[WORKER]))
        for role in ports:
            await until(partial(outside.there, role), f"a {role} process", 30)
        await press(outside, "Una sola pista")

        async def scrape(role: str) -> Any:
            async with outside.session.get(f"http://127.0.0.1:{ports[role]}/metrics") as answer:
                return parsed(await answer.text())

        seen = {role: await scrape(role) for role in ports}
        for role, port in ports.items():
            for path in ("healthz", "readyz"):
                async with outside.session.get(f"http://127.0.0.1:{port}/{path}") as answer:
                    assert answer.status == 200, (role, path, await answer.text())
    entries = {role: await asyncio.to_thread(read, log) for role, log in logs.items()}
    taken = [each for each in entries[WEB] if each.get("kind") == "block_actions"]
    sent = [each for each in entries[WORKER] if each["message"] == "the request leaves"]
    assert len(taken) == len(sent) == 1
    (name,) = {each["correlation"] for each in (*taken, *sent)}
    followed = [each["message"] for each in entries[WORKER] if each.get("correlation") == name]
    assert followed.index("an event is told") < followed.index("the request leaves")
    assert followed.index("the request leaves") < followed.index("the network has it")
    assert "a card is drawn" in followed[followed.index("the network has it") :]
    # each process counted what it did itself, and both know what the store knows
    assert value(seen[WEB], "vocero_events_total", type="block_actions", result="taken") == 1
    assert value(seen[WEB], "vocero_ack_seconds_count") >= 3
    live = {"network": "practice", "result": "live"}
    assert value(seen[WORKER], "vocero_publish_attempts_total", **live) == 1
    assert value(seen[WEB], "vocero_publish_attempts_total", **live) == 0
    assert value(seen[WORKER], "vocero_publish_lag_seconds_count", network="practice") == 1
    for samples in seen.values():
        assert value(samples, "vocero_store_up") == 1
        assert [value(samples, "vocero_processes", role=role) for role in (WEB, WORKER)] == [1, 1]


def read(log: Any) -> list[dict[str, Any]]:
    """Every line is an object."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]

"""A worker process that stands still, and one that is gone: the web process says so by itself, once, and its return."""

import asyncio
import signal

import pytest

from bot.domain.vigil import WEB, WORKER
from tests.handlers.demo import said_in
from tests.watchdog.outside import Outside
from tests.watchdog.processes import processes, settings, until

pytestmark = pytest.mark.slow


async def told(outside: Outside) -> list[str]:
    params = {"channel": "#agora-alerts"}
    async with outside.session.get(f"{outside.url}/human/messages", params=params) as answer:
        return [said_in(message) for message in (await answer.json())["messages"]]


async def test_it_stands_still_goes_on_and_dies(outside: Outside) -> None:
    environment = settings(outside.url, outside.redis, outside.folder / "data")
    async with processes(environment, outside.folder / "processes.log") as all_:
        worker, _ = await asyncio.gather(all_.start("worker"), all_.start("web"))
        await until(lambda: outside.there(WEB), "a web process")
        await until(lambda: outside.there(WORKER), "a worker")
        worker.send_signal(signal.SIGSTOP)

        async def said(*words: str) -> bool:
            found = await told(outside)
            return len(found) == len(words) and all(word in text for word, text in zip(words, found, strict=True))

        await until(lambda: said("no se publica nada"), "it is said", 70)
        worker.send_signal(signal.SIGCONT)
        await until(lambda: said("Ha vuelto"), "its return is said", 30)
        worker.send_signal(signal.SIGKILL)
        await until(lambda: said("Ha vuelto", "no se publica nada"), "it is said again", 50)
        await all_.start("worker")
        await until(lambda: said("Ha vuelto", "Ha vuelto"), "its return is said", 40)

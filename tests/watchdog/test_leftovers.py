"""kill -9 of the demo's supervisor: the next demo of this folder ends what it left, and goes on."""

import asyncio
import json
import os
import secrets
import signal
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from bot import leftovers
from bot.store.launcher import stop_store
from tests.walks.test_restart import alive
from tests.watchdog.processes import until


async def opened(data: Path, port: str = "0") -> tuple[asyncio.subprocess.Process, str]:
    """`make demo`, and where it is; what it says goes to a file, because its children hold on to a pipe."""
    said = data.parent / f"said-{secrets.token_hex(3)}"
    with said.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--port", port),
            env={**os.environ, "VOCERO_DATA": str(data), "VOCERO_DEMO_PACE": "0"},
            stdout=file,
            stderr=file,
        )

    async def there() -> bool:
        assert process.returncode is None, said.read_text()
        return "open http" in said.read_text()

    await until(there, "the demo is there", 40)
    return process, said.read_text().partition("open ")[2].split()[0]


@pytest.mark.slow
async def test_the_next_demo_takes_the_place_of_one_that_was_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first, url = await opened(data)
    try:
        left = psutil.Process(first.pid).children()
        assert len(left) == 2
        first.send_signal(signal.SIGKILL)
        await first.wait()
        assert all(alive(each) for each in left)
        second, again = await opened(data, url.rpartition(":")[2])
        assert again == url
        assert not any(alive(each) for each in left)
        second.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(second.wait(), 30) == 0
        assert not (data / leftovers.FILE).exists()
    finally:
        await asyncio.to_thread(leftovers.end, data, 5)
        await asyncio.to_thread(stop_store, data)


async def test_somebody_else_who_has_the_number_now_is_left_alone(tmp_path: Path) -> None:
    other = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        (tmp_path / leftovers.FILE).write_text(json.dumps({"bot": [other.pid, "12"]}))
        assert leftovers.end(tmp_path) == 0
        assert other.returncode is None
        leftovers.note(tmp_path, {"bot": other.pid})
        assert await asyncio.to_thread(leftovers.end, tmp_path) == 1
        assert await other.wait() == -signal.SIGTERM
    finally:
        if other.returncode is None:
            other.kill()
            await other.wait()


def test_a_file_that_nobody_can_read_ends_nobody(tmp_path: Path) -> None:
    for text in ("", "[]", "nonsense", '{"bot": 4}'):
        (tmp_path / leftovers.FILE).write_text(text)
        assert leftovers.end(tmp_path) == 0

"""Two outside worlds alike: one for our connectors, one for the official clients, each with its exchanges recorded."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fidelity.wire import Recorder
from tests.sandbox_networks.conftest import Clock, World, running
from tests.sandbox_slack.conftest import start

__all__ = ["start"]  # a fixture here too


@dataclass(frozen=True)
class Watched:
    """A running outside world and what was said to X and Facebook in it."""

    world: World
    recorder: Recorder


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[tuple[Watched, Watched]]:
    """Ours and theirs."""
    async with AsyncExitStack() as stack:
        worlds = []
        for name in ("ours", "theirs"):
            recorder = Recorder()
            there = await stack.enter_async_context(running(tmp_path / name, Clock(), innermost=[recorder.middleware]))
            worlds.append(Watched(there, recorder))
        yield worlds[0], worlds[1]


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    """One of them."""
    recorder = Recorder()
    async with running(tmp_path, Clock(), innermost=[recorder.middleware]) as there:
        yield Watched(there, recorder)

"""What all runs share: the ground they stand on, processes that end with the run, and an outcome whatever happens."""

import asyncio
import signal
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from redis.asyncio import Redis

from bot.sandbox import world
from bot.store.launcher import connect, ensure_store, stop_store
from bot.store.records import Store
from tests.faults import lives
from tests.faults.processes import Life
from tests.faults.stage import Stage, stage
from tests.publishing import open_desk

DEADLINE = 240.0
"""Seconds for one run on a busy machine; most take ten."""
PATIENCE = 60.0
"""Seconds for a request, or an answer of the store, of those who set a run up and judge it."""
KILLED = -signal.SIGKILL
LOG = 4000
"""Characters of the workers' log that are kept of a run that went wrong."""


@dataclass
class Outcome:
    """What came of a run; `wrong` are sentences, none when all is as it must be."""

    row: str
    column: str
    wanted: str
    found: str = ""
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    log: str = ""


class Place(Protocol):
    """A place in a table: one run, in the workspace `name`."""

    @property
    def name(self) -> str:
        """Nobody else's."""

    @property
    def network(self) -> str:
        """Whose account it has."""

    @property
    def row(self) -> str:
        """What is cut short."""

    @property
    def column(self) -> str:
        """Where, and who works."""

    @property
    def wanted(self) -> str:
        """What must come of it."""


@dataclass(frozen=True)
class Ground:
    """One store, one world outside, one folder."""

    url: str
    client: Redis
    stage: Stage
    folder: Path


@asynccontextmanager
async def ground(accounts: Sequence[world.Account], teams: Sequence[str]) -> AsyncIterator[Ground]:
    """A store started by our own launcher, and a world outside with these accounts and workspaces; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="vocero-faults-") as name:
        folder = Path(name)
        url = await asyncio.to_thread(ensure_store, folder / "store", fsync="everysec")
        client = connect(url)
        client.connection_pool.connection_kwargs["socket_timeout"] = PATIENCE
        try:
            async with stage(folder, accounts, teams) as outside:
                yield Ground(url, client, outside, folder)
        finally:
            await client.aclose()
            await asyncio.to_thread(stop_store, folder / "store")


class Run(ABC):
    """One place of a table, played in a workspace of its own; `wrong` collects what should not be."""

    def __init__(self, place: Place, here: Ground, who: world.Account) -> None:
        self.stage, self.who = here.stage, who
        self.desk = open_desk(Store(here.client, place.name), here.stage.url, timeout=PATIENCE)
        self.at = lives.Place(here.url, place.name, here.stage.url, here.folder / f"{place.name}.log")
        self.begun: list[Life] = []
        self.wrong: list[str] = []
        self._outcome = Outcome(place.row, place.column, place.wanted, wrong=self.wrong)

    @abstractmethod
    async def played(self) -> str:
        """Sets it up, cuts it short, lets it go on; answers what came of it."""

    async def play(self) -> Outcome:
        """The outcome, however it goes; no process is left."""
        began, outcome = time.monotonic(), self._outcome
        try:
            async with asyncio.timeout(DEADLINE):
                outcome.found = await self.played()
        except TimeoutError:
            self.wrong.append(f"no end within {DEADLINE:.0f} s")
        except Exception as error:  # noqa: BLE001 - the table tells it, and the other runs go on
            self.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            for life in self.begun:
                life.signal(signal.SIGKILL)
                await life.ended()
        if outcome.found != outcome.wanted:
            self.wrong.append(f"{outcome.found or 'nothing'} instead of {outcome.wanted}")
        if self.wrong and self.at.log.exists():
            outcome.log = self.at.log.read_text("utf-8", "replace")[-LOG:]
        outcome.seconds = time.monotonic() - began
        return outcome

    def live(self, work: Callable[..., object], *arguments: Any) -> Life:
        """A worker begins."""
        life = Life(work, self.at, *arguments)
        self.begun.append(life)
        return life

    async def dies(self, life: Life) -> None:
        """It was to be killed."""
        if (code := await life.ended()) != KILLED:
            self.wrong.append(f"a worker was to be killed and ended with {code}")

    async def finishes(self, life: Life) -> None:
        """It was to come to its own end."""
        if (code := await life.ended()) != 0:
            self.wrong.append(f"a worker ended with {code}")

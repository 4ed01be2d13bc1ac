"""Cron, reminders and waking, behind four methods: add, replace, cancel, every. Docket does the work.

It never holds the only copy of an intent: what is due stands in the store's own index, and a tick looks there anyway.
So a fault in the engine costs a moment, never a post.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Any

from docket import Docket, Perpetual, Worker
from docket.execution import TaskFunction
from redis.exceptions import RedisError

from bot.errors import StoreUnavailable

log = logging.getLogger(__name__)

GRACE = 3.0
"""Seconds that a job may go on when the process ends; what is cut short runs again from the start, as after kill -9."""

LOOK_AGAIN = 10.0
"""Seconds between two looks whether everything periodic is still to come within its period."""

Job = Callable[[str], Awaitable[None]]


class Clockwork:
    """Named jobs that take one string, at a time or every so often. One worker of all runs each."""

    def __init__(self, url: str, name: str, *, instant: Callable[[], datetime]) -> None:
        self._docket = Docket(name=name, url=url, execution_ttl=timedelta(0))
        self._now = instant
        self._jobs: dict[str, TaskFunction] = {}
        self._periodic: dict[str, tuple[TaskFunction, timedelta]] = {}
        self._under_way: set[asyncio.Task[Any]] = set()

    def job(self, name: str, work: Job) -> None:
        """Make a job known by name, before `run`."""

        async def run(subject: str) -> None:
            with self._counted():
                await work(subject)

        run.__name__ = run.__qualname__ = name
        self._jobs[name] = run
        self._docket.register(run)

    def every(self, name: str, period: timedelta, work: Callable[[], Awaitable[None]]) -> None:
        """Run something again and again, whatever happens to one run, before `run`."""

        async def run(perpetual: Perpetual = Perpetual(every=period, automatic=True)) -> None:  # noqa: B008 - docket's own way
            try:
                with self._counted():
                    await work()
            except Exception:
                log.exception("every %s: %s", period, name)  # the next run comes all the same

        run.__name__ = run.__qualname__ = name
        self._periodic[name] = (run, period)
        self._docket.register(run)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Jobs can be added, replaced and looked at; `run` connects by itself."""
        async with self._docket:
            yield

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Knows the current task as a job under way."""
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            yield
        finally:
            self._under_way.discard(task)

    async def add(self, name: str, subject: str, when: datetime | None = None) -> None:
        """Run a job once for this subject; adding it again before it ran changes nothing."""
        with _reached():
            await self._docket.add(self._jobs[name], when=when or self._now(), key=f"{name}:{subject}")(subject)

    async def replace(self, name: str, subject: str, when: datetime) -> None:
        """The same, at another time if it was added before."""
        with _reached():
            await self._docket.replace(self._jobs[name], when=when, key=f"{name}:{subject}")(subject)

    async def cancel(self, name: str, subject: str) -> None:
        """Forget it, if it hasn't run."""
        with _reached():
            await self._docket.cancel(f"{name}:{subject}")

    async def rearm(self) -> int:
        """Run now what is planned further ahead than its own period: a clock that was put back did that, and without
        this nothing periodic would run until it has caught up. Answers how many."""
        late = 0
        for name, (run, period) in self._periodic.items():
            planned = await self._docket.get_execution(name)
            if planned is not None and planned.when - self._now() > 2 * period + timedelta(seconds=LOOK_AGAIN):
                log.warning("%s was planned for %s: the clock was put back", name, planned.when)
                await self._docket.replace(run, when=self._now(), key=name)()
                late += 1
        return late

    async def _keep_armed(self) -> None:
        while True:
            try:
                await self.rearm()
            except RedisError as error:
                log.warning("can't look at what is planned: %s", error)
            await asyncio.sleep(LOOK_AGAIN)

    async def run(self, me: str) -> None:
        """Work until cancelled; jobs under way then have a moment to end."""
        async with (
            self.connected(),
            Worker(
                self._docket,
                name=me,
                concurrency=16,
                redelivery_timeout=timedelta(seconds=20),
                minimum_check_interval=timedelta(milliseconds=50),
                scheduling_resolution=timedelta(milliseconds=100),
                fallback_task=_unknown,
            ) as worker,
        ):
            running = asyncio.create_task(worker.run_forever(), name="docket")
            keeping = asyncio.create_task(self._keep_armed(), name="docket armed")
            try:
                await asyncio.wait({running})
            finally:
                keeping.cancel()
                running.cancel()  # which may get lost inside docket; leaving its worker ends it all the same
                if self._under_way:
                    await asyncio.wait(self._under_way, timeout=GRACE)
                for job in self._under_way:
                    job.cancel()
        running.result()


@contextmanager
def _reached() -> Iterator[None]:
    """Raises StoreUnavailable where docket can't reach the store, or was not yet started again after that."""
    try:
        yield
    except (RedisError, RuntimeError) as error:
        raise StoreUnavailable(f"{type(error).__name__}: {error}") from error


async def _unknown(*_: object, **__: object) -> None:
    """A job of another version of Vocero: its intent stands in the store, so the newer worker will find it there."""
    log.warning("a job that this version doesn't know was dropped")

"""Cron, reminders and waking, behind four methods: add, replace, cancel, every. Docket does the work.

It never holds the only copy of an intent: what is due stands in the store's own index, and a tick looks there anyway.
So a fault in the engine costs a moment, never a post.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from docket import Docket, Perpetual, Worker
from docket.execution import TaskFunction

log = logging.getLogger(__name__)

GRACE = 3.0
"""Seconds that a job may go on when the process ends; what is cut short runs again from the start, as after kill -9."""

Job = Callable[[str], Awaitable[None]]


class Clockwork:
    """Named jobs that take one string, at a time or every so often. One worker of all runs each."""

    def __init__(self, url: str, name: str, *, instant: Callable[[], datetime]) -> None:
        self._docket = Docket(name=name, url=url, execution_ttl=timedelta(0))
        self._now = instant
        self._jobs: dict[str, TaskFunction] = {}
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
        self._docket.register(run)

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
        await self._docket.add(self._jobs[name], when=when or self._now(), key=f"{name}:{subject}")(subject)

    async def replace(self, name: str, subject: str, when: datetime) -> None:
        """The same, at another time if it was added before."""
        await self._docket.replace(self._jobs[name], when=when, key=f"{name}:{subject}")(subject)

    async def cancel(self, name: str, subject: str) -> None:
        """Forget it, if it hasn't run."""
        await self._docket.cancel(f"{name}:{subject}")

    async def run(self, me: str) -> None:
        """Work until cancelled; jobs under way then have a moment to end."""
        async with (
            self._docket,
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
            try:
                await asyncio.wait({running})
            finally:
                running.cancel()  # which may get lost inside docket; leaving its worker ends it all the same
                if self._under_way:
                    await asyncio.wait(self._under_way, timeout=GRACE)
                for job in self._under_way:
                    job.cancel()
        running.result()


async def _unknown(*_: object, **__: object) -> None:
    """A job of another version of Vocero: its intent stands in the store, so the newer worker will find it there."""
    log.warning("a job that this version doesn't know was dropped")

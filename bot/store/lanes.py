"""Many small questions to the store share one way there and back, and one fsync: who asks while an answer is on its way
travels with the next.

A command that fails fails for its own caller. Where a whole journey fails, nobody on it knows what was done, as with a
connection of one's own.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

from bot.store.client import Client, NoAnswer, Script, no_answer

MOST = 40
"""Commands that travel together."""
SLOW = 0.05
"""Seconds after which nobody waits any longer for the journey before: the next leaves on another connection."""
AT_ONCE = 8
"""Journeys at once, all but the newest of them slow."""

Command = tuple[Any, ...]


@dataclass(frozen=True)
class _Asked:
    commands: Sequence[Command]
    answers: asyncio.Future[list[Any]]


class Lane:
    """One way to the store, for commands whose callers know what to do when no answer comes."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._waiting: list[_Asked] = []
        self._journeys: set[asyncio.Task[None]] = set()
        self._newest: asyncio.Task[None] | None = None
        self._left = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """The answers, in order; raises what the first failed one was answered with, or NoAnswer."""
        asked = _Asked(commands, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        self._leave()
        answers = await asked.answers
        for answer in answers:
            if isinstance(answer, Exception):
                raise self._told(answer)
        return answers

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[str | bytes]) -> Any:
        """A script by its hash; where the store forgot it, the same again with its text."""
        flat = (len(keys), *keys, *arguments)
        try:
            return (await self.ask([("EVALSHA", script.sha, *flat)]))[0]
        except NoScriptError:
            pass  # surely not run
        return (await self.ask([("EVAL", str(script.script), *flat)]))[0]

    def _told(self, error: Exception) -> Exception:
        told = no_answer(error, sent=True) if isinstance(error, RedisError) else None
        if told is None:
            return error
        if isinstance(self._client, Client):
            self._client.trouble.set()
        told.__cause__ = error
        return told

    def _leave(self) -> None:
        loop = asyncio.get_running_loop()
        late = self._newest is None or loop.time() - self._left > SLOW
        if self._waiting and late and len(self._journeys) < AT_ONCE:
            self._newest = loop.create_task(self._travel(), name="lane")
            self._left = loop.time()
            self._journeys.add(self._newest)
            self._newest.add_done_callback(self._back)
        if self._waiting and self._timer is None:
            self._timer = loop.call_later(SLOW, self._look_again)

    def _look_again(self) -> None:
        self._timer = None
        self._leave()

    def _back(self, task: asyncio.Task[None]) -> None:
        self._journeys.discard(task)
        if self._newest is task:
            self._newest = None
        self._leave()

    def _boarding(self) -> list[_Asked]:
        """Who goes next: as many as there is room for, at least one."""
        room, count = MOST, 0
        for asked in self._waiting:
            room -= len(asked.commands)
            if room < 0 and count:
                break
            count += 1
        boarding, self._waiting = self._waiting[:count], self._waiting[count:]
        return [asked for asked in boarding if not asked.answers.cancelled()]

    async def _travel(self) -> None:
        boarding = self._boarding()
        if not boarding:
            return
        try:
            async with self._client.pipeline(transaction=False) as pipe:
                for asked in boarding:
                    for command in asked.commands:
                        pipe.execute_command(*command)
                answers = await pipe.execute(raise_on_error=False)
        except NoAnswer as error:
            for asked in boarding:  # one for each: a traceback is its caller's own
                _fail(asked, NoAnswer(str(error), error.cause, sent=error.sent))
        except asyncio.CancelledError:
            for asked in boarding:
                asked.answers.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - each caller raises it
            for asked in boarding:
                _fail(asked, error)
        else:
            at = 0
            for asked in boarding:
                if not asked.answers.done():
                    asked.answers.set_result(answers[at : at + len(asked.commands)])
                at += len(asked.commands)


def _fail(asked: _Asked, error: Exception) -> None:
    if not asked.answers.done():
        asked.answers.set_exception(error)

"""One commit, whatever becomes of its answer: it is done once, or it is not done, and we can tell which for a while.

Each commit has a name, which the script keeps for a minute. When an answer is lost the same commit is asked for again
under its name: if it was done, the answer is given again and nothing happens twice. After `PATIENCE` nobody waits any
more; the script knows that moment on the server's own clock and does nothing later, so whoever was told "not done" is
not surprised by it afterwards.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from itertools import count
from typing import Any

from redis.asyncio import Redis

from bot.errors import StoreSilent, StoreUnavailable
from bot.store.client import PAUSES, Cause, NoAnswer, Script
from bot.store.lanes import Lane

PATIENCE = 10.0
"""Seconds for which an unanswered commit is asked for again."""

Answer = tuple[str, str, str]


class Commits:
    """Runs the commit script of one process. `keys` are the script's, the first begins the commits' names.

    newest: the number of the record's last entry, as far as this process has heard.
    """

    def __init__(
        self,
        client: Redis,
        script: Script,
        keys: Sequence[str],
        *,
        lane: Lane | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._client = client
        self._script = script
        self._lane = lane or Lane(client)
        self._keys = tuple(keys)
        self.newest = 0
        self._patience = patience
        self._me = secrets.token_hex(6)
        self._numbers = count(1)
        self._ahead: float | None = None  # the server's clock minus ours (monotonic), ms

    async def run(self, arguments: Sequence[str | bytes]) -> Answer:
        """(`ok`, …), (`conflict`, key, field) or whatever else the script answers.

        Raises StoreUnavailable when it was surely not done and won't be, StoreSilent when nobody knows.
        """
        name, began, doubt = f"{self._keys[0]}:{self._me}.{next(self._numbers)}", time.monotonic(), False
        for attempt in range(10**6):
            try:
                answer = await self._once(name, arguments, began + self._patience)
                if answer[0] != "late":
                    return answer
                error = NoAnswer("the answer came too late", Cause.SILENT, sent=False)
            except NoAnswer as trouble:
                error, doubt = trouble, doubt or trouble.sent
                lasting = trouble.cause not in {Cause.GONE, Cause.SILENT, Cause.LOADING}
                if lasting and not doubt:
                    raise
            pause = PAUSES[min(attempt, len(PAUSES) - 1)]
            if time.monotonic() + pause >= began + self._patience:
                raise (StoreSilent if doubt else StoreUnavailable)(str(error)) from error
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def _once(self, name: str, arguments: Sequence[str | bytes], until: float) -> Answer:
        if self._ahead is None:
            seconds, micro = await self._client.time()
            self._learn(seconds * 1000 + micro / 1000)
        assert self._ahead is not None
        patience = str(round(until * 1000 + self._ahead))
        flat: Any = await self._lane.run(self._script, [*self._keys, name], [patience, *arguments])
        verdict, key, field = (part if isinstance(part, str) else part.decode() for part in flat)
        if verdict in {"ok", "late"}:
            self._learn(float(key))
        if verdict == "ok":
            self.newest = max(self.newest, int(field))
        return verdict, key, field

    def _learn(self, now: float) -> None:
        """The server's clock, as of an answer that has just come: rather behind than ahead, so that nothing happens
        after we gave up."""
        self._ahead = now - time.monotonic() * 1000

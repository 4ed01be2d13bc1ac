"""Leaving HTTP in order: not ready first, so that a balancer turns away; then 503 for whoever comes all the same.

Slack doesn't repeat a command or a press that was answered 503, so what still comes meanwhile is answered as ever, on
connections that are closed after it: https://docs.slack.dev/interactivity/implementing-slash-commands
"""

import asyncio
import time

from aiohttp import web
from aiohttp.typedefs import Handler

QUIET = 1.5
"""Seconds without a request of Slack's after which the balancer has turned away."""
LONGEST = 6.0
"""Seconds for which we answer at the most."""


class Leaving:
    """The state of one web process: here, going (not ready, still answers), gone (503)."""

    def __init__(self) -> None:
        self.going = False
        self._gone = False
        self._last = 0.0
        self._busy = 0

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Stands before every route but the health checks."""
        if request.method == "GET":
            return await handler(request)
        if self._gone:
            refused = web.Response(status=503, headers={"Retry-After": "1"})
            refused.force_close()
            return refused
        self._last = time.monotonic()
        self._busy += 1
        try:
            response = await handler(request)
        finally:
            self._busy -= 1
        if self.going:
            response.force_close()
        return response

    async def leave(self, *, quiet: float = QUIET, longest: float = LONGEST) -> None:
        """Returns when nobody sends anything any more, or at the latest after `longest` seconds."""
        self.going, began = True, time.monotonic()
        while time.monotonic() - began < longest:
            if not self._busy and time.monotonic() - max(self._last, began) >= quiet:
                break
            await asyncio.sleep(0.05)
        self._gone = True

"""Breaks answers on request: errors, lost answers, cut connections and slowness, a set number of times."""

import asyncio
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.calls import CUT, target_of

TARGETS = ("slack", "x", "facebook", "practice")


@dataclass
class Fault:
    """What goes wrong, where, and how many more times.

    route: part of, or a glob over, `METHOD /path`, the path, or Slack's method name. when: `before` the handler
    (nothing happens) or `after` it (the effect happened, the answer is lost). delay: seconds. With a delay and
    nothing else the real answer comes late.
    """

    target: str
    route: str | None = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    times: int = 1
    when: str = "before"
    delay: float = 0.0
    drop: bool = False

    @property
    def only_late(self) -> bool:
        """Whether the real answer is given."""
        return bool(self.delay) and not self.drop and self.status is None and self.body is None

    def hits(self, target: str, request: web.Request) -> bool:
        """Whether it applies to this request."""
        if self.times < 1 or self.target != target:
            return False
        if self.route is None:
            return True
        names = [f"{request.method} {request.path}", request.path]
        if request.path.startswith("/api/"):
            names.append(request.path.removeprefix("/api/"))
        glob = any(sign in self.route for sign in "*?[")
        return any(fnmatchcase(name, self.route) if glob else self.route in name for name in names)

    def answer(self) -> web.Response:
        """What the caller is given instead of the real answer."""
        status = self.status or 503
        headers = {k: v for k, v in self.headers.items() if k.lower() != "content-type"}
        named = next((v for k, v in self.headers.items() if k.lower() == "content-type"), None)
        if self.body is None or isinstance(self.body, str):
            text = self.body or ""
            kind = named or ("text/html" if text.lstrip().startswith("<") else "text/plain")
            return web.Response(status=status, body=text.encode(), headers={**headers, "Content-Type": kind})
        answer = web.json_response(self.body, status=status, headers=headers)
        if named:
            answer.headers["Content-Type"] = named
        return answer


def parse(body: object) -> Fault:
    """Raises ValueError with a sentence when the request asks for something that doesn't exist."""
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    unknown = body.keys() - Fault.__dataclass_fields__.keys()
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    fault = Fault(**{"target": "", **{k: v for k, v in body.items() if v is not None}})
    if fault.target not in TARGETS:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}")
    if fault.when not in ("before", "after"):
        raise ValueError("when must be before or after")
    if type(fault.times) is not int or fault.times < 1:
        raise ValueError("times must be a whole number of at least 1")
    if fault.status is not None and (type(fault.status) is not int or not 200 <= fault.status <= 599):
        raise ValueError("status must be between 200 and 599")
    if not isinstance(fault.delay, int | float) or fault.delay < 0:
        raise ValueError("delay must be a number of seconds")
    if not isinstance(fault.headers, dict) or not (fault.route is None or isinstance(fault.route, str)):
        raise ValueError("headers must be an object and route a string")
    fault.headers = {str(name): str(value) for name, value in fault.headers.items()}
    return fault


class Faults:
    """The faults that are set, oldest first; the first that applies is used up by one."""

    def __init__(self) -> None:
        self.set: list[Fault] = []

    def next(self, target: str, request: web.Request) -> Fault | None:
        """The fault for this request, counted down."""
        fault = next((one for one in self.set if one.hits(target, request)), None)
        if fault:
            fault.times -= 1
            self.set = [one for one in self.set if one.times > 0]
        return fault

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets the request through, or does to it what was asked for."""
        target = target_of(request.path)
        fault = self.next(target, request) if target else None
        if fault is None:
            return await handler(request)
        real: web.StreamResponse | None = None
        if fault.when == "after":
            real = await handler(request)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.only_late:
            return real if real is not None else await handler(request)
        if fault.drop:
            request[CUT] = True
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        return fault.answer()

    async def show(self, request: web.Request) -> web.Response:
        """`GET /faults`."""
        return web.json_response({"faults": [asdict(fault) for fault in self.set]})

    async def create(self, request: web.Request) -> web.Response:
        """`POST /faults`."""
        try:
            fault = parse(await request.json())
        except (ValueError, TypeError) as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        self.set.append(fault)
        return web.json_response({"ok": True, "fault": asdict(fault)})

    async def clear(self, request: web.Request) -> web.Response:
        """`DELETE /faults`."""
        self.set.clear()
        return web.json_response({"ok": True})

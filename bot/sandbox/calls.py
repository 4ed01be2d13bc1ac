"""The log of every request that a service of the sandbox received (`GET /calls`), secrets struck out."""

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.context import ARGS, METHOD

# Set by a fault that cut the connection: nobody was given a status.
CUT = web.RequestKey("vocero_cut", bool)
KEPT = 20_000
STRUCK = "[redacted]"
SECRET = {
    "access_token", "appsecret_proof", "authorization", "client_secret", "fb_exchange_token", "input_token",
    "refresh_token", "token", "verify_token",
}  # fmt: skip


def target_of(path: str) -> str | None:
    """Which service a path belongs to, or None for the sandbox's own pages."""
    first = path.split("/", 2)[1]
    if first == "2":
        return "x"
    if first.startswith("v") and first[1:2].isdigit() and "." in first:
        return "facebook"
    if path.startswith("/practice/accounts/"):
        return "practice"
    return "slack" if first in ("api", "files", "response") else None


def struck(value: Any) -> Any:
    """The same value without anything that opens an account, however deep."""
    if isinstance(value, dict):
        return {k: STRUCK if k.lower() in SECRET and isinstance(v, str) else struck(v) for k, v in value.items()}
    return [struck(one) for one in value] if isinstance(value, list) else value


def _gather(pairs: Any) -> dict[str, Any]:
    """Query or form pairs; a name that comes twice becomes a list, a file its name, type and size."""
    found: dict[str, Any] = {}
    for name, raw in pairs:
        value: Any = raw
        if isinstance(raw, web.FileField):
            size = raw.file.seek(0, 2)
            raw.file.seek(0)
            value = {"name": raw.filename, "type": raw.content_type, "bytes": size}
        elif isinstance(raw, bytes | bytearray):
            value = {"bytes": len(raw)}
        if name in found:
            earlier = found[name]
            found[name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        else:
            found[name] = value
    return found


async def decoded(request: web.Request, target: str) -> dict[str, Any]:
    """Query and body as one dict. The body stays readable for the handler."""
    args = _gather(request.query.items())
    kind = request.content_type
    if not request.body_exists:
        return args
    if kind == "multipart/form-data":
        # Slack's handlers may want the stream itself; they leave ARGS instead.
        return args if target == "slack" else {**args, **_gather((await request.post()).items())}
    if kind == "application/x-www-form-urlencoded":
        return {**args, **_gather((await request.post()).items())}
    body = await request.read()
    if kind.endswith("json"):
        try:
            value = json.loads(body)
        except ValueError:
            return {**args, "body": body.decode(errors="replace")}
        return {**args, **value} if isinstance(value, dict) else {**args, "body": value}
    return {**args, "body": {"bytes": len(body)}} if body else args


class CallLog:
    """The newest 20,000 calls, in memory."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.kept: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def record(
        self, target: str, method: str | None, http: str, path: str, args: dict[str, object], status: int
    ) -> None:
        """Keep one request; `status` 0 means that the connection was cut."""
        self.add(self.now(), target, method, http, path, args, status)

    def add(
        self, at: float, target: str, method: str | None, http: str, path: str, args: dict[str, Any], status: int
    ) -> None:
        """`record` with the moment at which the request came in."""
        call = {"at": at, "target": target, "method": method, "http": http, "path": path}
        self.kept.append({**call, "args": struck(args), "status": status})

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Writes down what the bot asked for and the status that it was given."""
        target = target_of(request.path)
        if target is None or request.headers.get("Upgrade", "").lower() == "websocket":
            return await handler(request)
        at, status = self.now(), 0
        args = await decoded(request, target)
        try:
            response = await handler(request)
            status = 0 if request.get(CUT) else response.status
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            method = request.get(METHOD) or request.get("vocero_method")
            args = request.get(ARGS) or request.get("vocero_args") or args
            if method is None and request.path.startswith("/api/"):
                method = request.path.removeprefix("/api/")
            self.add(at, target, method, request.method, request.path, args, status)
        return response

    async def show(self, request: web.Request) -> web.Response:
        """`GET /calls?target=`, oldest first."""
        target = request.query.get("target")
        return web.json_response({"calls": [call for call in self.kept if target in (None, call["target"])]})

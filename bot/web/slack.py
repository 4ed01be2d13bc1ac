"""Slack's signed HTTP requests: the size, the signature and the shape are checked before the gate sees anything.

What fails is answered 4xx, stored nowhere, and logged once a minute for each reason.
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.slack.gate import Gate
from bot.slack.payload import Malformed

PATH = "/slack/events"
LARGEST = 1_000_000  # bytes
FRESH = 300  # seconds
MOST_FIELDS = 100
_STAMP = re.compile("[0-9]{1,12}")
_QUIET = 60.0

log = logging.getLogger(__name__)


class SlackEndpoint:
    """The one address for commands, interactivity and events. `seconds` is the clock, since the epoch."""

    def __init__(self, gate: Gate, signing_secret: str, seconds: Callable[[], float]) -> None:
        self._gate = gate
        self._secret = signing_secret.encode()
        self._seconds = seconds
        self._said: dict[str, tuple[float, int]] = {}

    def routes(self) -> list[web.RouteDef]:
        """For an aiohttp application."""
        return [web.post(PATH, self.take)]

    async def take(self, request: web.Request) -> web.Response:
        """One request."""
        body = await read_whole(request, LARGEST)
        if body is None:
            return self._refuse(413, "too large")
        if not self._signed(body, request.headers):
            return self._refuse(401, "not signed by Slack, or more than five minutes ago")
        try:
            payload = payload_of(body, request.content_type)
        except Malformed as error:
            return self._refuse(400, str(error))
        if not payload:  # ssl_check
            return web.Response()
        ack = await self._gate.take(payload, request.headers)
        return web.json_response(dict(ack.body), status=ack.status) if ack.body else web.Response(status=ack.status)

    def _signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Over the bytes as they came: what isn't even a text is not signed by Slack either."""
        stamp, mark = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        if not _STAMP.fullmatch(stamp) or abs(self._seconds() - int(stamp)) > FRESH:
            return False
        signed = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v0={signed}".encode(), mark.encode("utf-8", "surrogateescape"))

    def _refuse(self, status: int, reason: str) -> web.Response:
        now = self._seconds()
        until, silent = self._said.get(reason, (0.0, 0))
        if now >= until:
            log.warning("refused a request: %s", reason, extra={"status": status, "unsaid": silent})
            self._said[reason] = (now + _QUIET, 0)
        else:
            self._said[reason] = (until, silent + 1)
        return web.Response(status=status)


async def read_whole(request: web.Request, largest: int) -> bytes | None:
    """The body, None when it is larger than anything that is sent here."""
    if (request.content_length or 0) > largest:
        return None
    parts, size = [], 0
    async for part in request.content.iter_any():
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
    return b"".join(parts)


def payload_of(body: bytes, content_type: str) -> dict[str, Any]:
    """The payload: JSON for events, a form for commands, JSON in a form for the rest; empty for Slack's ssl_check.

    Raises Malformed.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8") from error
    if content_type == "application/json":
        return _object(text)
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Malformed("too many fields") from error
    form = dict(fields)
    if len(form) != len(fields):
        raise Malformed("a field twice")
    if "payload" in form:
        return _object(form["payload"])
    if form.get("ssl_check") == "1" and "command" not in form:
        return {}
    if "command" not in form:
        raise Malformed("neither a command nor a payload")
    return dict(form)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(value, dict) or not value:
        raise Malformed("not a JSON object")
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name twice is read differently by everybody who reads it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")

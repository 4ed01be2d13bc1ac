"""What went over the wire to X and Facebook: each exchange as it was received and answered, decoded."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.calls import target_of

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; `body` is JSON, or the fields of a form with files as `{name, type, bytes}`."""

    target: str
    method: str
    path: str
    query: Mapping[str, str]
    auth: str
    type: str
    body: Any
    status: int
    answer_type: str
    answer: Any

    @property
    def route(self) -> str:
        """`GET /2/users/me`."""
        return f"{self.method} {self.path}"

    def __str__(self) -> str:
        return f"{self.route} {dict(self.query)} {self.body!r} -> {self.status}"


@dataclass
class Recorder:
    """The innermost middleware: it sees the network's own answers, never those that a fault puts in their place."""

    exchanges: list[Exchange] = field(default_factory=list)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Writes down what X and Facebook were asked and what they answered."""
        target = target_of(request.path)
        if target not in ("x", "facebook"):
            return await handler(request)
        body = await _body(request)
        response = await handler(request)
        assert isinstance(response, web.Response)
        answer = response.body
        assert isinstance(answer, bytes)
        assert len(set(request.query)) == len(request.query), f"a name comes twice: {request.query_string}"
        scheme, _, _ = request.headers.get("Authorization", "").partition(" ")
        self.exchanges.append(
            Exchange(
                target,
                request.method,
                request.path,
                dict(request.query),
                scheme,
                request.content_type if request.body_exists else "",
                body,
                response.status,
                response.content_type,
                json.loads(answer),
            )
        )
        return response


async def _body(request: web.Request) -> Any:
    if not request.body_exists:
        return None
    if request.content_type in FORMS:
        return {name: _value(value) for name, value in (await request.post()).items()}
    raw = await request.read()
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return {"not JSON": len(raw)}


def _value(value: Any) -> Any:
    if isinstance(value, web.FileField):
        size = value.file.seek(0, 2)
        value.file.seek(0)  # the handler reads it after us
        return {"name": value.filename, "type": value.content_type, "bytes": size}
    return value if isinstance(value, str) else {"bytes": len(value)}


def matching(path: str, pattern: str) -> dict[str, str] | None:
    """The values of a pattern's `{names}` in a path, None when it is another path."""
    parts, wanted = path.strip("/").split("/"), pattern.strip("/").split("/")
    if len(parts) != len(wanted):
        return None
    found: dict[str, str] = {}
    for part, one in zip(parts, wanted, strict=True):
        if one.startswith("{"):
            found[one.strip("{}")] = part
        elif part != one:
            return None
    return found


def narrowest(path: str, patterns: Iterable[str]) -> str | None:
    """The pattern with the fewest `{names}` that fits a path: `/2/users/me` before `/2/users/{id}`."""
    fitting = [pattern for pattern in patterns if matching(path, pattern) is not None]
    return min(fitting, key=lambda pattern: pattern.count("{"), default=None)


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value of a JSON document with its place, list items unnumbered."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{at}[]")
    else:
        yield at, value

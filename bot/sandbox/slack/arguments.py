"""Reads a Web API call: GET, form, JSON, multipart, and a query on POST; then the typed arguments out of it."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.slack.terms import Json, SlackError, missing

_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no", "")


async def decoded(request: web.Request) -> Json:
    """Every argument by name, the query's first. Raises SlackError for a body that isn't what it says it is."""
    args: Json = dict(request.query)
    if not request.body_exists:
        return args
    kind = request.content_type
    if kind == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return args | body
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await request.post()).items():
            args[name] = value if isinstance(value, str) else {"file": getattr(value, "filename", name)}
        return args
    if await request.read():
        raise SlackError("invalid_post_type")
    return args


@dataclass
class Call:
    """One call: its method and what was given."""

    method: str
    args: Json

    def given(self, name: str) -> bool:
        """Whether the argument came and isn't empty."""
        return self.args.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """An argument as a string."""
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, dict | list):
            raise SlackError("invalid_arguments", f"[ERROR] must provide a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """An argument as true or false."""
        value = self.args.get(name)
        if value is None:
            return default
        word = str(value).lower()
        if word not in _TRUE + _FALSE:
            raise SlackError("invalid_arguments", f"[ERROR] must provide a boolean [json-pointer:/{name}]")
        return word in _TRUE

    def number(self, name: str, default: int) -> int:
        """An argument as a whole number."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError as error:
            raise SlackError("invalid_arguments", f"[ERROR] must provide an integer [json-pointer:/{name}]") from error

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """An argument that is JSON: an object or a list, or one written as a string. `error` names what it isn't."""
        value = self.args.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as cause:
                raise SlackError(error) from cause
        if not isinstance(value, dict | list):
            raise SlackError(error)
        return value

    def words(self, name: str) -> list[str]:
        """A comma-separated argument, or a list."""
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(one) for one in value]
        return [one.strip() for one in self.text(name).split(",") if one.strip()]

    def need(self, *names: str) -> None:
        """Raises invalid_arguments when one of these is absent or empty."""
        absent = [name for name in names if not self.given(name)]
        if absent:
            raise missing(*absent)

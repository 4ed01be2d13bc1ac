"""Who asks the Graph: version, token, appsecret_proof, and the parameters wherever they were put."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox import world
from bot.sandbox.facebook import errors
from bot.sandbox.facebook.errors import GraphError
from bot.sandbox.facebook.names import EVERYWHERE

NEWEST, OLDEST = 26, 20  # assumed: versions live about two years, three come a year
APP_TOKEN = f"{world.FACEBOOK_APP_ID}|{world.FACEBOOK_APP_SECRET}"


@dataclass
class Ask:
    """One Graph request: the page whose token it is (None for the app's own token) and its parameters."""

    method: str
    path: list[str]
    page: world.Account | None
    params: dict[str, str]
    files: dict[str, web.FileField] = field(default_factory=dict)

    def check(self, *allowed: frozenset[str]) -> None:
        """Raises (#100) for a parameter that this edge doesn't take."""
        known = EVERYWHERE.union(*allowed)
        for name in self.params:
            if name not in known and name.split("[")[0] not in known:
                # assumed: the Graph lets some unknown names pass; a refusal shows the mistake.
                raise errors.parameter(f"Unexpected parameter: {name}")

    def flag(self, name: str, default: bool) -> bool:
        """A boolean as forms spell it."""
        given = self.params.get(name)
        if given is None:
            return default
        if given.lower() not in ("true", "false", "1", "0"):
            raise errors.parameter(f"Param {name} must be a boolean")
        return given.lower() in ("true", "1")

    def json(self, name: str) -> Any:
        """A parameter that holds JSON."""
        try:
            return json.loads(self.params[name])
        except (KeyError, ValueError):
            raise errors.parameter(f"Param {name} must be a JSON object") from None

    def listed(self, name: str) -> list[Any]:
        """A list, as JSON or as `name[0]=…` like PHP and the SDKs write it."""
        if name in self.params:
            value = self.json(name)
            if not isinstance(value, list):
                raise errors.parameter(f"Param {name} must be an array.")
            return [json.loads(one) if isinstance(one, str) else one for one in value]
        numbered = [(key, value) for key, value in self.params.items() if re.fullmatch(rf"{name}\[\d*\]", key)]
        try:
            return [json.loads(value) for _, value in numbered]
        except ValueError:
            raise errors.parameter(f"Param {name}[0] must be a JSON object") from None


def check_version(version: str) -> None:
    """`v26.0` and its predecessors that still live. assumed: codes and sentences for the others."""
    major, _, minor = version.removeprefix("v").partition(".")
    if int(major) > NEWEST or (minor != "0" and int(major) >= OLDEST):
        raise GraphError(2500, f"Unknown path components: /{version}")
    if int(major) < OLDEST:
        text = f"(#2635) You are calling a deprecated version of the API. Please update to the latest: v{NEWEST}.0."
        raise GraphError(2635, text)


async def read(request: web.Request, pages: Mapping[str, world.Account]) -> Ask:
    """Gathers query, form and JSON; checks token and proof. `pages`: by token."""
    params: dict[str, str] = dict(request.query)
    files: dict[str, web.FileField] = {}
    if request.content_type == "application/json" and request.body_exists:
        params |= await _json(request)
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = value
            else:
                params[name] = value if isinstance(value, str) else bytes(value).decode(errors="replace")
    token = _token(request, params)
    path = [part for part in request.match_info["path"].split("/") if part]
    if not token:
        me = path[:1] == ["me"]
        text = "An active access token must be used to query information about the current user."
        if me:
            raise GraphError(2500, text)
        # assumed: 401; the Graph answers some errors of tokens with 400.
        raise GraphError(104, "An access token is required to request this resource.", status=401)
    page = pages.get(token)
    if page is None and token != APP_TOKEN:
        raise errors.malformed()
    _prove(token, params.get("appsecret_proof"))
    method = params.get("method", request.method).upper()
    return Ask(method, path, page, params, files)


async def _json(request: web.Request) -> dict[str, str]:
    try:
        body = json.loads(await request.read())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise errors.parameter("The body must be a JSON object")
    found = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    if any("\ud800" <= sign <= "\udfff" for value in found.values() for sign in value):
        raise errors.parameter("Invalid Unicode in a parameter")
    return found


def _token(request: web.Request, params: Mapping[str, str]) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "oauth") and value:
        if params.get("access_token", value) != value:
            raise errors.malformed()
        return value
    return params.get("access_token", "")


def _prove(token: str, proof: str | None) -> None:
    """assumed: the app is set to require a proof with every call from a server."""
    if proof is None:
        text = "API calls from the server require an appsecret_proof argument"
        raise GraphError(100, text, kind="GraphMethodException")
    right = hmac.new(world.FACEBOOK_APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), proof.encode("utf-8", "replace")):
        text = "Invalid appsecret_proof provided in the API argument"
        raise GraphError(100, text, kind="GraphMethodException")

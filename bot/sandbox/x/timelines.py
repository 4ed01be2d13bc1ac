"""Users on X, what they wrote and where they were mentioned, newest first, page by page."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.sandbox.public import Item, Person
from bot.sandbox.x import shapes
from bot.sandbox.x.auth import Caller
from bot.sandbox.x.problems import invalid, missing, not_enrolled
from bot.sandbox.x.service import X
from bot.sandbox.x.text import NETWORK
from bot.sandbox.x.view import wanted

MENTIONS_KEPT = 800
POSTS_KEPT = 3200
DEFAULT_RESULTS = 10


class Timelines:
    """The routes under /2/users."""

    def __init__(self, x: X) -> None:
        self.x, self.public = x, x.public

    def mount(self, app: web.Application) -> None:
        """Add the routes."""
        x, get = self.x, app.router.add_get
        get("/2/users/me", x.route("me", self.me))
        get("/2/users", x.route("user", self.by_ids, app_only=True))
        get("/2/users/by", x.route("user", self.by_usernames, app_only=True))
        get("/2/users/by/username/{username}", x.route("user", self.by_username, app_only=True))
        get("/2/users/{id}", x.route("user", self.by_id, app_only=True))
        get("/2/users/{id}/tweets", x.route("user tweets", self.posts, app_only=True))
        get("/2/users/{id}/mentions", x.route("mentions", self.mentions, app_only=True))
        app.router.add_post("/2/users/{id}/likes", x.route("user", self.like))

    # Users

    def _known(self, ident: str) -> Person | None:
        if ident in self.x.accounts or self.public.where("network = ? AND author = ?", NETWORK, ident, limit=1):
            return self.public.person(NETWORK, ident)
        return None

    def _one(self, request: web.Request, person: Person | None, parameter: str, value: str) -> web.Response:
        want = wanted(request.query, shapes.SHOW_USER, users=True)
        if person is None:
            return web.json_response({"errors": [missing("user", parameter, value)]})
        return web.json_response({"data": self.x.view.user(person, want)})

    async def me(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/users/me`."""
        return self._one(request, self._known(caller.account), "id", caller.account)

    async def by_id(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/users/:id`."""
        ident = _id(request)
        return self._one(request, self._known(ident), "id", ident)

    async def by_username(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/users/by/username/:username`."""
        username = request.match_info["username"]
        if not re.fullmatch(r"[A-Za-z0-9_]{1,15}", username):
            text = f"The `username` query parameter value [{username}] does not match ^[A-Za-z0-9_]{{1,15}}$"
            raise invalid(text, username=username)
        return self._one(request, self.public.by_handle(NETWORK, username), "username", username)

    async def by_ids(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/users?ids=`."""
        return self._several(request, "ids", r"[0-9]{1,19}")

    async def by_usernames(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/users/by?usernames=`."""
        return self._several(request, "usernames", r"[A-Za-z0-9_]{1,15}")

    def _several(self, request: web.Request, name: str, pattern: str) -> web.Response:
        want = wanted(request.query, shapes.SHOW_USER | {name}, users=True)
        given = request.query.get(name, "").split(",")
        if len(given) > 100 or not all(re.fullmatch(pattern, one) for one in given):
            raise invalid(f"The `{name}` query parameter value is not valid", **{name: request.query.get(name, "")})
        found = {
            one: self._known(one) if name == "ids" else self.public.by_handle(NETWORK, one)
            for one in dict.fromkeys(given)
        }
        answer: dict[str, Any] = {}
        if data := [self.x.view.user(person, want) for person in found.values() if person]:
            answer["data"] = data
        if errors := [missing("user", name, one) for one, person in found.items() if person is None]:
            answer["errors"] = errors
        return web.json_response(answer)

    async def like(self, request: web.Request, caller: Caller) -> web.Response:
        """Likes went out of self-serve access on 2026-04-20."""
        raise not_enrolled("Likes are not part of this app's access level.")

    # Timelines

    async def posts(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/users/:id/tweets`."""
        ident = _id(request)
        query = request.query
        exclude = query["exclude"].split(",") if "exclude" in query else []
        if set(exclude) - {"replies", "retweets"}:
            raise invalid("The `exclude` query parameter value is not one of [replies,retweets]", exclude=exclude)
        condition = "network = ? AND author = ?" + (" AND parent IS NULL" if "replies" in exclude else "")
        return self._page(request, caller, ident, condition, (NETWORK, ident), POSTS_KEPT, {"exclude"})

    async def mentions(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/users/:id/mentions`: replies to the user's posts are among them."""
        ident = _id(request)
        condition = "network = ? AND id IN (SELECT item FROM x_mentions WHERE account = ?)"
        return self._page(request, caller, ident, condition, (NETWORK, ident), MENTIONS_KEPT, set())

    def _page(
        self,
        request: web.Request,
        caller: Caller,
        user: str,
        condition: str,
        args: tuple[str, ...],
        kept: int,
        more: set[str],
    ) -> web.Response:
        query = request.query
        want = wanted(query, shapes.TIMELINE | more)
        size = _size(query)
        low, high = _bounds(query)
        if self._known(user) is None:
            return web.json_response({"errors": [missing("user", "id", user)]})
        condition += " AND CAST(latest AS INTEGER) > ?"
        newest = self.public.where(condition, *args, low, order="CAST(latest AS INTEGER) DESC", limit=kept)
        fitting = [item for item in newest if int(item.latest) < high and _within(item, query)]
        page = fitting[:size]
        self.x.costs.charge(caller.account, self.x.reader_price(caller, user), *(item.id for item in page))
        meta: dict[str, Any] = {"result_count": len(page)}
        answer: dict[str, Any] = {}
        if page:
            answer["data"] = [self.x.view.post(item, want) for item in page]
            meta |= {"newest_id": page[0].latest, "oldest_id": page[-1].latest}
        if len(fitting) > size:
            meta["next_token"] = _token(page[-1].latest)
        if includes := self.x.view.includes(page, want):
            answer["includes"] = includes
        return web.json_response({**answer, "meta": meta})


def _id(request: web.Request) -> str:
    ident = request.match_info["id"]
    if not re.fullmatch("[0-9]{1,19}", ident):
        raise invalid(f"The `id` query parameter value [{ident}] is not valid", id=ident)
    return ident


def _size(query: Mapping[str, str]) -> int:
    given = query.get("max_results", str(DEFAULT_RESULTS))
    if not given.isdigit() or not 5 <= int(given) <= 100:
        text = f"The `max_results` query parameter value [{given}] is not between 5 and 100"
        raise invalid(text, max_results=given)
    return int(given)


def _bounds(query: Mapping[str, str]) -> tuple[int, int]:
    """Ids that the page lies between, both excluded."""
    low, high = 0, 1 << 63
    for name in ("since_id", "until_id"):
        if name in query and not re.fullmatch("[0-9]{1,19}", query[name]):
            raise invalid(f"The `{name}` query parameter value [{query[name]}] is not valid", **{name: query[name]})
    low = int(query.get("since_id", low))
    high = int(query.get("until_id", high))
    if "pagination_token" in query:
        high = min(high, _untoken(query["pagination_token"]))
    return low, high


def _token(ident: str) -> str:
    return base64.b32hexencode(f"older:{ident}".encode()).decode().lower().rstrip("=")


def _untoken(token: str) -> int:
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        name, _, ident = base64.b32hexdecode(padded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name, ident = "", ""
    if name != "older" or not ident.isdigit():
        text = f"The `pagination_token` query parameter value [{token}] is not valid"
        raise invalid(text, pagination_token=token)
    return int(ident)


def _within(item: Item, query: Mapping[str, str]) -> bool:
    at = float(item.extra.get("written", item.at))
    return _time(query, "start_time", 0.0) <= at < _time(query, "end_time", float("inf"))


def _time(query: Mapping[str, str], name: str, default: float) -> float:
    """RFC 3339 in UTC, as X wants it."""
    if name not in query:
        return default
    given = query[name]
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", given):
        raise invalid(f"The `{name}` query parameter value [{given}] is not a valid RFC3339 date-time", **{name: given})
    return datetime.fromisoformat(given.removesuffix("Z")).replace(tzinfo=UTC).timestamp()

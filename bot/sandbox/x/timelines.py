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
from bot.sandbox.x.problems import forbidden, invalid, missing, not_enrolled, plain
from bot.sandbox.x.service import X
from bot.sandbox.x.text import NETWORK
from bot.sandbox.x.view import Wanted, size, wanted

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
        app.router.add_post("/2/users/{id}/likes", x.route("like", self.like))
        app.router.add_delete("/2/users/{id}/likes/{tweet_id}", x.route("like", self.unlike))

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
        """`POST /2/users/:id/likes`. Likes went out of self-serve access on 2026-04-20."""
        body = await self.x.body(request, shapes.LIKE)
        return self._liked(request, caller, str(body["tweet_id"]), True)

    async def unlike(self, request: web.Request, caller: Caller) -> web.Response:
        """`DELETE /2/users/:id/likes/:tweet_id`."""
        return self._liked(request, caller, request.match_info["tweet_id"], False)

    def _liked(self, request: web.Request, caller: Caller, tweet: str, liked: bool) -> web.Response:
        if not self.x.enrolled:
            raise not_enrolled("Likes are not part of this app's access level.")
        if _id(request) != caller.account:
            raise forbidden("You may only like as the authenticating user.")  # assumed: the sentence
        item = self.x.lookup(tweet)
        if item is None:
            raise plain(404, "Not Found")
        likers = [one for one in item.extra.get("liked_by", []) if one != caller.account]
        self.public.note(item, extra={**item.extra, "liked_by": [*likers, *([caller.account] if liked else [])]})
        return web.json_response({"data": {"liked": liked}})

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
        low, high = bounds(query)
        if self._known(user) is None:
            return web.json_response({"errors": [missing("user", "id", user)]})
        condition += " AND CAST(latest AS INTEGER) > ?"
        newest = self.public.where(condition, *args, low, order="CAST(latest AS INTEGER) DESC", limit=kept)
        fitting = [item for item in newest if int(item.latest) < high and within(item, query)]
        return answered(self.x, request, caller, fitting, want, smallest=5, price=self.x.reader_price(caller, user))


def answered(
    x: X, request: web.Request, caller: Caller, fitting: list[Item], want: Wanted, *, smallest: int, price: str
) -> web.Response:
    """One page of what fits, newest first, and what it costs."""
    most = size(request.query, smallest, DEFAULT_RESULTS)
    page = fitting[:most]
    x.costs.charge(caller.account, price, *(item.id for item in page))
    meta: dict[str, Any] = {"result_count": len(page)}
    answer: dict[str, Any] = {}
    if page:
        answer["data"] = [x.view.post(item, want) for item in page]
        meta |= {"newest_id": page[0].latest, "oldest_id": page[-1].latest}
    if len(fitting) > most:
        meta["next_token"] = token(page[-1].latest)
    if includes := x.view.includes(page, want):
        answer["includes"] = includes
    return web.json_response({**answer, "meta": meta})


def _id(request: web.Request) -> str:
    ident = request.match_info["id"]
    if not re.fullmatch("[0-9]{1,19}", ident):
        raise invalid(f"The `id` query parameter value [{ident}] is not valid", id=ident)
    return ident


def bounds(query: Mapping[str, str], *, page: str = "pagination_token") -> tuple[int, int]:
    """Ids that the page lies between, both excluded; `page` names the parameter that goes on from a page."""
    low, high = 0, 1 << 63
    for name in ("since_id", "until_id"):
        if name in query and not re.fullmatch("[0-9]{1,19}", query[name]):
            raise invalid(f"The `{name}` query parameter value [{query[name]}] is not valid", **{name: query[name]})
    low = int(query.get("since_id", low))
    high = int(query.get("until_id", high))
    if page in query:
        high = min(high, untoken(query[page]))
    return low, high


def token(ident: str) -> str:
    """What leads to what is older than this id."""
    return base64.b32hexencode(f"older:{ident}".encode()).decode().lower().rstrip("=")


def untoken(given: str) -> int:
    """The id that a token stands for. Raises Problem 400."""
    padded = given.upper() + "=" * (-len(given) % 8)
    try:
        name, _, ident = base64.b32hexdecode(padded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name, ident = "", ""
    if name != "older" or not ident.isdigit():
        text = f"The `pagination_token` query parameter value [{given}] is not valid"
        raise invalid(text, pagination_token=given)
    return int(ident)


def within(item: Item, query: Mapping[str, str]) -> bool:
    """Whether it was written between `start_time` and `end_time`."""
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

"""What every route of X shares: the store, the credentials, the limits, new ids, and how an answer is sent."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox import world
from bot.sandbox.context import Sandbox
from bot.sandbox.public import Item, Person, Public
from bot.sandbox.storage import row
from bot.sandbox.x.auth import Auth, Caller
from bot.sandbox.x.limits import Costs, Limits
from bot.sandbox.x.problems import Problem, invalid, unsupported_auth
from bot.sandbox.x.shapes import Schema, check
from bot.sandbox.x.text import NETWORK, mentioned
from bot.sandbox.x.view import View

EPOCH_MS = 1288834974657
Route = Callable[[web.Request, Caller], Awaitable[web.Response]]
USER_ONLY = ("OAuth 1.0a User Context", "OAuth 2.0 User Context")


class X:
    """One network. Its accounts are the world's (or `sandbox.extra["accounts"]`)."""

    def __init__(self, sandbox: Sandbox, public: Public, accounts: tuple[world.Account, ...]) -> None:
        self.sandbox, self.public = sandbox, public
        self.accounts = {account.id: account for account in accounts if account.network == NETWORK}
        public.know(NETWORK, (Person(one.id, one.handle, one.name) for one in self.accounts.values()))
        self.auth = Auth(sandbox.db, sandbox.now, self.accounts.values(), sandbox.url)
        self.limits = Limits(sandbox.now)
        self.costs = Costs(sandbox.db, sandbox.now)
        self.view = View(public, sandbox.url)
        self._sequence: dict[int, int] = {}
        self.enrolled = False  # in an access level that has likes
        self.withheld: dict[str, frozenset[str]] = {}  # what the app may not do, by account
        db = sandbox.db
        db.execute("CREATE TABLE IF NOT EXISTS x_versions (id TEXT PRIMARY KEY, item TEXT NOT NULL)")
        db.execute(
            "CREATE TABLE IF NOT EXISTS x_mentions (account TEXT, item TEXT, at REAL, PRIMARY KEY (account, item))"
        )
        db.execute("CREATE INDEX IF NOT EXISTS x_mentions_at ON x_mentions (account, at)")

    def new_id(self, at: float) -> str:
        """A snowflake: later posts have greater ids, also those that lie in the future."""
        ms = int(at * 1000)
        sequence = self._sequence.get(ms, 0)
        while self.public.taken(NETWORK, str(ident := (ms - EPOCH_MS << 22) + sequence)):
            sequence += 1
        self._sequence = {ms: sequence + 1}
        return str(ident)

    def add(self, item: Item) -> Item:
        """Publish it, and remember whom it mentions."""
        item = self.public.add(item)
        self.index(item)
        return item

    def index(self, item: Item) -> None:
        """Put it on the mention timelines of the accounts that it names."""
        handles = mentioned(self.public, item)
        for account in self.accounts.values():
            if account.handle.lower() in handles and account.id != item.author:
                self.sandbox.db.execute(
                    "INSERT OR REPLACE INTO x_mentions VALUES (?,?,?)", (account.id, item.id, item.at)
                )

    def lookup(self, ident: str) -> Item | None:
        """A public post by any id that it ever had."""
        version = row(self.sandbox.db, "SELECT item FROM x_versions WHERE id = ?", ident)
        return self.public.find(NETWORK, version["item"] if version else ident)

    def route(self, limit: str, handler: Route, *, app_only: bool = False) -> Handler:
        """A handler that authenticates, counts, and turns problems into answers."""

        async def answer(request: web.Request) -> web.StreamResponse:
            headers: dict[str, str] = {}
            try:
                caller = await self.auth.caller(request)
                if not caller.account and not app_only:
                    raise unsupported_auth(caller.kind, USER_ONLY)
                who = caller.account or "app"
                headers = self.limits.take(who, limit, app_only=not caller.account)
                response = await handler(request, caller)
            except Problem as problem:
                response = problem.response()
                headers |= problem.headers
            response.headers.update(headers)
            response.headers["api-version"] = "2.167"
            return response

        return answer

    async def body(self, request: web.Request, schema: Schema) -> dict[str, Any]:
        """A JSON body that fits its table."""
        if request.content_type != "application/json":
            raise invalid("Request body must be a JSON object.")
        try:
            value = json.loads(await request.read())
        except ValueError:
            raise invalid("Request body must be a JSON object.") from None
        check(value, schema)
        assert isinstance(value, dict)
        return value

    def reader_price(self, caller: Caller, owner: str) -> str:
        """Own timelines are cheaper."""
        return "owned read" if caller.account == owner else "read"

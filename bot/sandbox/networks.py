"""Puts X, Facebook, practice, the audience, faults and the call log into one application."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox import facebook, world, x
from bot.sandbox.audience import Audience
from bot.sandbox.calls import CallLog
from bot.sandbox.context import Sandbox
from bot.sandbox.facebook.outside import FacebookOutside
from bot.sandbox.facebook.service import Facebook
from bot.sandbox.faults import Faults
from bot.sandbox.living import Living
from bot.sandbox.outside import Outside
from bot.sandbox.practice import Practice
from bot.sandbox.public import Public
from bot.sandbox.x.outside import XOutside
from bot.sandbox.x.service import X

MAX_BODY = 64 << 20


@dataclass(frozen=True)
class Networks:
    """The application so far, and what others may need of it."""

    app: web.Application
    public: Public
    x: X
    facebook: Facebook
    practice: Practice


def accounts_of(sandbox: Sandbox) -> tuple[world.Account, ...]:
    """The world's accounts, or those in `sandbox.extra["accounts"]` (the bench has fifty)."""
    given = sandbox.extra.get("accounts", world.ACCOUNTS)
    assert isinstance(given, tuple)
    return given


def build(sandbox: Sandbox, log: CallLog, faults: Faults, *, with_readers: bool = True) -> Networks:
    """An application with every network on it; Slack and the page are added by `bot.sandbox.app`."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[log.middleware, faults.middleware])
    accounts = accounts_of(sandbox)
    public = Public(sandbox.db, sandbox.now, sandbox.changes)
    on_x = x.mount(app, sandbox, public, accounts)
    on_facebook = facebook.mount(app, sandbox, public, accounts)
    there = [account for account in accounts if account.network == "practice"]
    tokens = {account.id: account.token for account in there}
    names = {account.id: account.name for account in there}
    practice = Practice(public, tokens, sandbox.url, names=names, with_readers=with_readers)
    practice.mount(app)
    outside: Mapping[str, Outside] = {
        "x": XOutside(on_x),
        "facebook": FacebookOutside(on_facebook),
        "practice": practice,
    }

    def costs() -> dict[str, Any]:
        return {"x": on_x.costs.total(), "x_by_kind": on_x.costs.by_kind()}

    async def enrol(request: web.Request) -> web.Response:
        """`POST /audience/enrol {likes}`: the app's access level on X has likes, or no longer (an addition)."""
        on_x.enrolled = bool((await request.json()).get("likes"))
        return web.json_response({"ok": True})

    app.router.add_post("/audience/enrol", enrol)
    Audience(public, accounts, outside, sandbox.url, costs).mount(app)
    pace = sandbox.extra.get("pace", 0.0)
    assert isinstance(pace, float)
    Living(public, accounts, outside, pace).mount(app)
    app.router.add_get("/calls", log.show)
    app.router.add_get("/faults", faults.show)
    app.router.add_post("/faults", faults.create)
    app.router.add_delete("/faults", faults.clear)
    return Networks(app, public, on_x, on_facebook, practice)

"""The world outside, in this process: networks and Slack with an account for every cell, and an eye on what arrives.

It counts what reaches a network, keeps an answer back or loses it, and reads what is public from the networks' own
tables.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox import networks, world
from bot.sandbox.calls import CUT, CallLog, target_of
from bot.sandbox.context import Sandbox
from bot.sandbox.faults import Faults
from bot.sandbox.practice import Quiet
from bot.sandbox.public import Item, Public
from bot.sandbox.slack import Workspace, mount
from bot.sandbox.storage import open_db, rows
from tests.sandbox_networks.listening import bound

NETWORKS = ("x", "facebook", "practice")


class Traffic:
    """Every write that came to a network, by its text, and what is to go wrong with the answer.

    held: texts whose first answer never comes; set once the post is public. failing: accounts whose next request is
    answered with 503; set once it was. lost: whether this answer gets lost.
    moment: told when a request came, and again when a write is public and not answered yet.
    """

    def __init__(self) -> None:
        self.writes: Counter[str] = Counter()
        self.held: dict[str, asyncio.Event] = {}
        self.failing: dict[str, asyncio.Event] = {}
        self.lost: Callable[[str], bool] = lambda _: False
        self.moment: Callable[[], None] = lambda: None

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Stands right before the networks."""
        text = await _written(request)
        self.moment()
        await asyncio.sleep(0)  # whoever asked may be gone by now
        for account, failed in self.failing.items():
            if account in request.path and not failed.is_set():
                failed.set()
                return web.Response(status=503)
        if text is None:
            return await handler(request)
        self.writes[text] += 1
        response = await handler(request)
        self.moment()
        held = self.held.get(text)
        if held is not None and not held.is_set():
            held.set()
            await asyncio.Event().wait()  # until whoever asked is gone
        if self.lost(text) and request.transport is not None:
            request[CUT] = True
            request.transport.abort()
        return response


async def _written(request: web.Request) -> str | None:
    """The words of a request that makes something visible, None for any other."""
    if request.method != "POST":
        return None
    target, last = target_of(request.path), request.path.rpartition("/")[2]
    if target == "facebook" and last in {"feed", "comments"}:
        return str((await request.post()).get("message", ""))
    if (target, last) in {("x", "tweets"), ("practice", "posts")}:
        return str((await request.json()).get("text", ""))
    return None


class Stage:
    """Where it is, who is there, and what can be seen."""

    def __init__(self, url: str, public: Public, slack: Workspace, traffic: Traffic) -> None:
        self.url = url
        self.traffic = traffic
        self._public = public
        self._slack = slack

    def said(self, account: world.Account, text: str) -> list[Item]:
        """What the account made public with these words, oldest first."""
        return self._public.where("network = ? AND author = ? AND text = ?", account.network, account.id, text)

    def known(self, network: str, ref: str) -> Item | None:
        """What a network shows under an id."""
        return self._public.by_any_id(network, ref)

    def upload(self, name: str, content: bytes, alt: str, user: str) -> str:
        """A file in Slack; answers its id."""
        return str(self._slack.files.add(name, content, alt, user)["id"])

    def shown(self, words: str) -> list[dict[str, Any]]:
        """Messages in Slack in which these words stand, wherever they are."""
        found = rows(
            self._slack.sandbox.db,
            "SELECT channel, body FROM slack_messages WHERE deleted = 0 AND instr(body, ?)",
            words,
        )
        return [{**json.loads(one["body"]), "channel": one["channel"]} for one in found]


def accounts_for(names: Sequence[str]) -> dict[tuple[str, str], world.Account]:
    """One account of each name on each network, by (network, name)."""
    made: dict[tuple[str, str], world.Account] = {}
    for number, name in enumerate(names):
        ids = {"x": f"16{number:017d}", "facebook": f"104{number:012d}", "practice": f"practice{number}"}
        for network in NETWORKS:
            keys = (f"{network}-token-{number}", f"{network}-secret-{number}")
            handle = f"{network[0]}_{name.lower()}"
            made[network, name] = world.Account(ids[network], network, handle, f"Café {name}", "Café", *keys)
    return made


@asynccontextmanager
async def stage(folder: Path, accounts: Sequence[world.Account], teams: Sequence[str]) -> AsyncIterator[Stage]:
    """X, Facebook, practice and Slack on a free port of this machine. Slack's people belong to each of these workspaces
    of one Enterprise organisation; Slack's pace is somebody else's test."""
    listener = bound()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    log, traffic = CallLog(time.time), Traffic()
    db = open_db(folder / "sandbox.db")
    extra: dict[str, object] = {"accounts": tuple(accounts), "slack_events": frozenset()}
    sandbox = Sandbox(db=db, now=time.time, calls=log, changes=Quiet(), url=url, bot_url=url, extra=extra)
    outside = networks.build(sandbox, log, Faults(), with_readers=False)
    outside.app.middlewares.append(traffic.middleware)
    workspace = mount(outside.app, sandbox, limits=False)
    for user in world.USERS:
        workspace.people.change(user.id, enterprise_user={"teams": list(teams)})
    runner = web.AppRunner(outside.app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        yield Stage(url, outside.public, workspace, traffic)
    finally:
        await runner.cleanup()
        db.close()

"""The human API: what a person at the sandbox's Slack workspace sees and does, for tests and for the browser page.

JSON in and out; users by id or name; channels as `#name`, `name`, id, or `@user` for that person's direct message with
the bot. A mistake of the person is answered with 4xx and `{ok: false, error}` in plain words. An act answers
`{ok, ack_ms, response, view, ephemeral}` after the ack and once no Slack request from the bot came for 150 ms (2 s at
most); without an ack in 3 s `{ok: false, error: "operation_timeout", reason}`. `view` is the top view that is open now
for the person, or null.

- `GET /human/state`, `GET /human/messages?channel=[&user=]`, `GET /human/home?user=`, `GET /human/views?user=`
- `POST /human/command {user, channel, text}`
- `POST /human/message {user, channel, text, thread_ts?, files?}` (a file is `{name, base64, alt?}`)
- `POST /human/click {user, channel, ts, action_id, value?, block_id?}`, or `view_id` in place of `channel` and `ts`
- `POST /human/submit {user, view_id, values: {action_id: value}}` (`block_id/action_id` where one is not enough)
- `POST /human/shortcut {user, callback_id, channel?, ts?}`, `POST /human/react {user, channel, ts, name}` (again: off)
- `POST /human/raw {envelope, times?, together?, everywhere?}`

For the page, and for tests of rare situations:
- `GET /human/home?user=&peek=1`: Home as it is, without telling the bot that somebody looks.
- `GET /human/files/{id}`: a file's bytes without a token. Only for a sandbox on the loopback interface.
- `POST /human/close {user, view_id, all?}`: Cancel, or with `all` the cross of the whole stack.
- `POST /human/input {user, view_id, values}`: enters values without submitting; dispatching elements tell the bot.
- `POST /human/options {user, view_id | channel + ts, action_id, query?}` -> `{ok, options}` of an external select.
- `POST /human/edit {user, channel, ts, text}`, `POST /human/delete {user, channel, ts}`: one's own message.
- `POST /human/admin {act, …}`: archive, unarchive, rename, kick, invite, create, deactivate, reactivate, guest, locale,
  snooze, group, disconnect; see `bot/sandbox/slack/admin.py`.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox import world
from bot.sandbox.context import Sandbox
from bot.sandbox.slack.admin import Admin
from bot.sandbox.slack.forms import Forms
from bot.sandbox.slack.hooks import Hooks
from bot.sandbox.slack.screen import Screen, seen, shown
from bot.sandbox.slack.talk import Talk
from bot.sandbox.slack.terms import Json, Refusal
from bot.sandbox.slack.workspace import Workspace

TIMES_MOST = 1000
Act = Callable[["Body"], Awaitable[Json]]


class Body:
    """The JSON object of a request, field by field."""

    def __init__(self, fields: Json) -> None:
        self.fields = fields

    def text(self, name: str) -> str:
        """A field that must be there."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise Refusal(f"{name} is missing")
        return value

    def maybe(self, name: str) -> str | None:
        """A field that may be absent."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            raise Refusal(f"{name} must be a string")
        return value or None

    def object(self, name: str) -> Json:
        """A field that is an object."""
        value = self.fields.get(name, {})
        if not isinstance(value, dict):
            raise Refusal(f"{name} must be an object")
        return value

    def any(self, name: str) -> Any:
        """A field of any kind, or None."""
        return self.fields.get(name)


class Human:
    """The handlers."""

    def __init__(self, sandbox: Sandbox, workspace: Workspace) -> None:
        self.sandbox = sandbox
        self.workspace = workspace
        self.screen = Screen(workspace)
        self.talk = Talk(workspace)
        self.forms = Forms(workspace)
        self.admin = Admin(workspace)
        self.hooks = Hooks(workspace)

    async def state(self, request: web.Request) -> web.Response:
        """`GET /human/state`."""
        people = [one for one in self.workspace.people.all() if not one["is_bot"]]
        users = [
            {**_picked(one, "id", "name", "real_name", "locale", "tz", "color", "deleted", "is_admin", "is_restricted"),
             "dm": self.workspace.channels.direct(one["id"])["id"]}
            for one in people
        ]  # fmt: skip
        channels = [
            {"id": one["id"], "name": one["name"], "is_private": one["kind"] == "group",
             "is_archived": bool(one["archived"]), "members": self.workspace.channels.members(one["id"])}
            for one in self.workspace.channels.all()
            if one["kind"] != "im"
        ]  # fmt: skip
        accounts = [
            {"id": one.id, "network": one.network, "handle": one.handle, "name": one.name, "brand": one.brand}
            for one in world.ACCOUNTS
        ]
        told = self.sandbox.extra.get("urls")
        urls = {
            "slack": f"{self.sandbox.url}/api/", "x": self.sandbox.url, "facebook": self.sandbox.url,
            "bot": self.sandbox.bot_url, **(told if isinstance(told, dict) else {}),
        }  # fmt: skip
        return web.json_response(
            {
                "ready": await self.workspace.ready(), "team": {"id": world.TEAM_ID, "name": world.TEAM_NAME},
                "bot": {"user_id": world.BOT_USER_ID, "bot_id": world.BOT_ID}, "users": users, "channels": channels,
                "accounts": accounts, "urls": urls, "pids": self._pids(),
                "shortcuts": self.sandbox.extra.get("slack_shortcuts", []),
            }
        )  # fmt: skip

    def _pids(self) -> Json:
        none: Json = {"bot": None, "store": None}
        path = self.sandbox.pids_file
        if path is None or not path.exists():
            return none
        try:
            found = json.loads(path.read_text())
        except ValueError:
            # Read in the middle of a write: as good as not there yet.
            return none
        return none | found if isinstance(found, dict) else none

    async def messages(self, request: web.Request) -> web.Response:
        """`GET /human/messages`."""
        channel = self.screen.place(_asked(request, "channel"))
        reader = self.screen.user(request.query["user"])["id"] if request.query.get("user") else None
        listed = [
            seen(body, whom)
            for body, whom in self.workspace.messages.listed(channel["id"])
            if reader is None or whom in (None, reader)
        ]
        return web.json_response({"messages": listed, "channel": channel["id"]})

    async def home(self, request: web.Request) -> web.Response:
        """`GET /human/home`."""
        return web.json_response(await self.talk.home(_asked(request, "user"), peek=bool(request.query.get("peek"))))

    async def views(self, request: web.Request) -> web.Response:
        """`GET /human/views`."""
        user = self.screen.user(_asked(request, "user"))
        stack = self.workspace.views.stack(user["id"])
        return web.json_response({"views": [shown(self.workspace, view) for view in stack]})

    async def file(self, request: web.Request) -> web.Response:
        """`GET /human/files/{id}`."""
        return self.hooks.file(request.match_info["id"])

    async def command(self, body: Body) -> Json:
        """`POST /human/command`."""
        return await self.talk.command(body.text("user"), body.text("channel"), body.text("text"))

    async def message(self, body: Body) -> Json:
        """`POST /human/message`."""
        files = body.any("files") or []
        if not isinstance(files, list) or not all(isinstance(one, dict) for one in files):
            raise Refusal("files is a list of {name, base64, alt?}")
        return await self.talk.write(
            body.text("user"), body.text("channel"), body.maybe("text") or "", body.maybe("thread_ts"), files
        )

    async def click(self, body: Body) -> Json:
        """`POST /human/click`."""
        user, action, value = body.text("user"), body.text("action_id"), body.any("value")
        view_id, block_id = body.maybe("view_id"), body.maybe("block_id")
        if view_id:
            return await self.forms.in_view(user, view_id, action, value, block_id)
        return await self.forms.on_message(user, body.text("channel"), body.text("ts"), action, value, block_id)

    async def submit(self, body: Body) -> Json:
        """`POST /human/submit`."""
        return await self.forms.submit(body.text("user"), body.text("view_id"), body.object("values"))

    async def shortcut(self, body: Body) -> Json:
        """`POST /human/shortcut`."""
        return await self.talk.shortcut(
            body.text("user"), body.text("callback_id"), body.maybe("channel"), body.maybe("ts")
        )

    async def react(self, body: Body) -> Json:
        """`POST /human/react`."""
        return await self.talk.react(body.text("user"), body.text("channel"), body.text("ts"), body.text("name"))

    async def raw(self, body: Body) -> Json:
        """`POST /human/raw`."""
        times = body.any("times") or 1
        if type(times) is not int or not 1 <= times <= TIMES_MOST:
            raise Refusal(f"times is a whole number from 1 to {TIMES_MOST}")
        envelope = body.object("envelope")
        if not envelope:
            raise Refusal("envelope is missing")
        together, everywhere = bool(body.any("together")), bool(body.any("everywhere"))
        return await self.talk.raw(envelope, times, together=together, everywhere=everywhere)

    async def close(self, body: Body) -> Json:
        """`POST /human/close`."""
        return await self.forms.close(body.text("user"), body.text("view_id"), every=bool(body.any("all")))

    async def input(self, body: Body) -> Json:
        """`POST /human/input`."""
        return await self.forms.fill(body.text("user"), body.text("view_id"), body.object("values"))

    async def options(self, body: Body) -> Json:
        """`POST /human/options`."""
        return await self.forms.suggest(
            body.text("user"),
            body.maybe("view_id"),
            body.maybe("channel"),
            body.maybe("ts"),
            body.text("action_id"),
            body.maybe("query") or "",
        )

    async def edit(self, body: Body) -> Json:
        """`POST /human/edit`."""
        return await self.talk.edit(body.text("user"), body.text("channel"), body.text("ts"), body.text("text"))

    async def delete(self, body: Body) -> Json:
        """`POST /human/delete`."""
        return await self.talk.edit(body.text("user"), body.text("channel"), body.text("ts"), None)

    async def administer(self, body: Body) -> Json:
        """`POST /human/admin`."""
        return await self.admin.act(body.text("act"), body.fields)


def _picked(user: Json, *names: str) -> Json:
    return {name: user[name] for name in names}


def _asked(request: web.Request, name: str) -> str:
    value = request.query.get(name, "")
    if not value:
        raise Refusal(f"{name} is missing")
    return value


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response({"ok": False, "error": str(refusal)}, status=refusal.status)


def _reading(handler: Callable[[web.Request], Awaitable[web.Response]]) -> Callable[..., Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            return _refused(refusal)

    return answer


def _acting(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            fields = json.loads(await request.read())
        except ValueError:
            fields = None
        try:
            if not isinstance(fields, dict):
                raise Refusal("the body must be a JSON object")
            return web.json_response(await act(Body(fields)))
        except Refusal as refusal:
            return _refused(refusal)

    return answer


def mount(app: web.Application, sandbox: Sandbox, workspace: Workspace) -> None:
    """Adds `/human/*` to the app."""
    human = Human(sandbox, workspace)
    for name in ("state", "messages", "home", "views"):
        app.router.add_get(f"/human/{name}", _reading(getattr(human, name)))
    app.router.add_get("/human/files/{id}", _reading(human.file))
    acts = ("command", "message", "click", "submit", "shortcut", "react", "raw", "close", "input", "options", "edit")
    for name in (*acts, "delete"):
        app.router.add_post(f"/human/{name}", _acting(getattr(human, name)))
    app.router.add_post("/human/admin", _acting(human.administer))

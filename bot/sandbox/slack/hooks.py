"""Addresses that need no Web API call: response URLs, upload addresses and private files."""

import json
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox import world
from bot.sandbox.context import ARGS
from bot.sandbox.slack.content import checked
from bot.sandbox.slack.response_urls import Origin
from bot.sandbox.slack.talk import Talk
from bot.sandbox.slack.terms import Json, SlackError
from bot.sandbox.slack.typed import posted
from bot.sandbox.slack.workspace import Workspace

_LOGIN = "<!DOCTYPE html><html><head><title>Sign in to Slack</title></head><body>Sign in</body></html>"


class Hooks:
    """Handlers of the addresses that the workspace hands out."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.talk = Talk(workspace)

    async def respond(self, request: web.Request) -> web.Response:
        """POST to a response URL. assumed: errors are JSON with status 404, a payload's mistakes with 400."""
        with self.workspace.activity.request():
            body = await _payload(request)
            if body is None:
                return web.Response(status=400, text="invalid_payload")
            request[ARGS] = body
            origin = self.workspace.response_urls.spend(request.match_info["key"])
            if isinstance(origin, str):
                return web.json_response({"ok": False, "error": origin}, status=404)
            try:
                self._answer(origin, body)
            except SlackError as error:
                return web.json_response(error.body(), status=400)
            return web.Response(text="ok")

    def _answer(self, origin: Origin, body: Json) -> None:
        channel = self.workspace.channels.get(origin.channel)
        user = self.workspace.people.get(origin.user)
        if channel is None or user is None or channel["archived"]:
            raise SlackError("channel_not_found")
        original = self.workspace.messages.any(origin.channel, origin.ts) if origin.ts else None
        if body.get("delete_original") is True:
            if original is None or original[2]:
                raise SlackError("message_not_found")
            self.workspace.posting.take_away(channel, original[0])
        elif body.get("replace_original") is True and original is not None:
            if original[2]:
                raise SlackError("message_not_found")
            blocks = checked(body.get("blocks") or [], self.workspace)
            if not body.get("text") and not blocks:
                raise SlackError("no_text")
            fresh = {"text": posted(str(body.get("text") or "")), "blocks": blocks}
            self.workspace.posting.redraw(channel, original[0], {**original[0], **fresh})
        else:
            self.talk.respond(body, channel, user)

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes of a file, raw or as the first part of a form; exactly as many as announced."""
        with self.workspace.activity.request():
            if request.content_type == "multipart/form-data":
                parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
                data = parts[0].file.read() if parts else b""
            else:
                data = await request.read()
            request[ARGS] = {"bytes": len(data)}
            expected = self.workspace.files.receive(request.match_info["ticket"], data)
            if expected is None:
                return web.Response(status=404, text="unknown_upload")
            if expected != len(data):
                return web.Response(status=400, text=f"expected {expected} bytes, got {len(data)}")
            return web.Response(text=f"OK - {len(data)}")

    async def private(self, request: web.Request) -> web.Response:
        """url_private. Without the bot's token and files:read Slack answers with its sign-in page and status 200."""
        with self.workspace.activity.request():
            scopes = self.workspace.scopes
            allowed = scopes is None or "files:read" in scopes
            if request.headers.get("Authorization") != f"Bearer {world.BOT_TOKEN}" or not allowed:
                return web.Response(text=_LOGIN, content_type="text/html")
            return self.file(request.match_info["name"].rpartition("-")[2])

    async def permalink(self, request: web.Request) -> web.Response:
        """A permalink leads to the page, which reads where from the query."""
        place = {name: request.match_info[name] for name in ("channel", "message")}
        raise web.HTTPFound(f"/?{urlencode(place)}")

    def file(self, file_id: str) -> web.Response:
        """The bytes of a file with their type."""
        file, data = self.workspace.files.get(file_id), self.workspace.files.data(file_id)
        if file is None or data is None:
            return web.Response(status=404, text="file_not_found")
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return web.Response(body=data, content_type=file["mimetype"], headers=headers)


async def _payload(request: web.Request) -> Json | None:
    """JSON, or a form's `payload`; None when it is neither."""
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            value = json.loads(str((await request.post()).get("payload", "")))
        else:
            value = json.loads(await request.read())
    except ValueError:
        return None
    return value if isinstance(value, dict) else None

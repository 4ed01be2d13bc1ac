"""What every act of a person has in common: who, where, and what is to be seen once the bot has finished."""

import asyncio
from collections.abc import Iterable

from bot.sandbox import world
from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.posting import Replies
from bot.sandbox.slack.terms import Json, Refusal
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.storage import Row

TIMED_OUT = "operation_timeout"
TROUBLE = "We had some trouble connecting. Try again?"


class Screen:
    """A person's view of the workspace. Raises Refusal, in plain words, for what isn't there."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def user(self, name: str) -> Json:
        """An active member by id or name."""
        user = self.workspace.people.named(name)
        if user is None or user["is_bot"]:
            raise Refusal(f"there is no person {name!r}", 404)
        if user["deleted"]:
            raise Refusal(f"{name!r} has been deactivated")
        return user

    def place(self, name: str) -> Row:
        """A conversation: `#name`, `name`, an id, or `@user` for that person's direct message with the bot."""
        channels = self.workspace.channels
        if name.startswith("@"):
            return channels.direct(self.user(name)["id"])
        channel = channels.get(name) or channels.named(name)
        if channel is None:
            raise Refusal(f"there is no channel {name!r}", 404)
        return channel

    def place_of(self, name: str, user: Json) -> Row:
        """A conversation that this person may see."""
        channel = self.place(name)
        if not self.workspace.readable(channel, user["id"]):
            raise Refusal(f"{user['name']} can't see {name!r}", 403)
        return channel

    def message(self, channel: Row, ts: str, user: Json) -> tuple[Json, str | None]:
        """(message, ephemeral reader) that this person sees."""
        found = self.workspace.messages.any(channel["id"], ts)
        if found is None or found[1] not in (None, user["id"]):
            raise Refusal(f"there is no message {ts!r} in this channel", 404)
        if found[2]:
            raise Refusal("that message was deleted", 404)
        return found[0], found[1]

    def view(self, view_id: str, user: Json) -> View:
        """A view on this person's screen, Home included."""
        view = self.workspace.views.get(view_id)
        if view is None or view.user != user["id"]:
            raise Refusal(f"{user['name']} has no open view {view_id!r}", 404)
        return view

    def outcome(self, user: Json | None, since: str, *replies: Reply, ok: bool = True, error: str = "") -> Json:
        """What the human API answers."""
        top = self.workspace.views.top(user["id"]) if user else None
        answer: Json = {
            "ok": ok and all(reply.acked for reply in replies),
            "ack_ms": max((reply.ms for reply in replies), default=None),
            "response": next((reply.body for reply in reversed(replies) if reply.body is not None), None),
            "view": shown(self.workspace, top) if top else None,
            "ephemeral": self.workspace.messages.ephemeral_since(user["id"], since) if user else [],
        }
        if not answer["ok"]:
            answer["error"] = error or TIMED_OUT
            reasons = [reply.reason for reply in replies if not reply.acked]
            if reasons:
                answer["reason"] = reasons[0]
        return answer

    async def settled(
        self, user: Json | None, since: str, replies: Iterable[Reply], *, ok: bool = True, error: str = ""
    ) -> Json:
        """The same, once the bot has finished."""
        await self.workspace.activity.quiet()
        return self.outcome(user, since, *replies, ok=ok, error=error)

    async def heard(self, user: Json, since: str, replies: Replies) -> Json:
        """Waits for the first attempts of events, then for the bot to finish."""
        return await self.settled(user, since, await asyncio.gather(*replies))


def shown(workspace: Workspace, view: View) -> Json:
    """A view as the page draws it: Slack's shape, what was complained about, and whose it is."""
    return {
        **workspace.views.outward(view), "user": view.user, "errors": view.errors, "error": view.problem or None,
    }  # fmt: skip


def seen(message: Json, reader: str | None) -> Json:
    """A message as `GET /human/messages` lists it."""
    names = ("user", "bot_id", "username", "metadata", "edited", "subtype", "attachments")
    thread = message.get("thread_ts")
    listed: Json = {
        "ts": message["ts"], "text": message.get("text", ""), "blocks": message.get("blocks", []),
        "reactions": message.get("reactions", []), "files": message.get("files", []),
        **{name: message[name] for name in names if name in message},
    }  # fmt: skip
    if "bot_id" in message and "username" not in message:
        listed["username"] = message.get("bot_profile", {}).get("name", world.BOT_ID)
    if thread and thread != message["ts"]:
        listed["thread_ts"] = thread
    if reader:
        listed["ephemeral"] = {"user": reader}
    return listed

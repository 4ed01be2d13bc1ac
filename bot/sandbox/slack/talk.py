"""What people do with words: commands, messages, edits, reactions, shortcuts, and looking at Home."""

import asyncio
import re
from functools import partial

from bot.sandbox import world
from bot.sandbox.slack import payloads
from bot.sandbox.slack.api.reactions import NAME
from bot.sandbox.slack.content import checked
from bot.sandbox.slack.delivery import COMMAND, EVENT, INTERACTIVE
from bot.sandbox.slack.posting import gathered
from bot.sandbox.slack.screen import Screen, shown
from bot.sandbox.slack.terms import Json, Refusal, SlackError, short_id
from bot.sandbox.slack.typed import encoded, posted, rich_text
from bot.sandbox.storage import Row

RESPONSE_TYPES = ("ephemeral", "in_channel")


class Talk(Screen):
    """Each act delivers its payload, waits for the ack and lets the bot finish."""

    async def command(self, user_name: str, channel_name: str, typed: str) -> Json:
        """A slash command, `typed` as a person types it."""
        user = self.user(user_name)
        channel = self.place_of(channel_name, user)
        match = re.fullmatch(r"(/\S+)(?:\s+(.*))?", typed.strip(), re.DOTALL)
        if match is None:
            raise Refusal("a command begins with a slash, like /vocero help")
        since = self.workspace.messages.stamp()
        text, _ = encoded((match[2] or "").strip(), self.workspace.names, command=True)
        payload = payloads.command(
            user,
            channel,
            match[1],
            text,
            self.workspace.response_urls.issue("commands", user["id"], channel["id"]),
            self.workspace.triggers.issue(user["id"], channel["id"]),
        )
        reply = await self.workspace.delivery.ask(COMMAND, payload)
        error = self._direct(reply.body, channel, user) if reply.acked and reply.body else ""
        return await self.settled(user, since, [reply], ok=not error, error=error)

    def _direct(self, body: Json, channel: Row, user: Json) -> str:
        """Shows what rode on a command's ack; the complaint when Slack couldn't."""
        try:
            self.respond(body, channel, user)
        except SlackError as error:
            return " ".join([f"invalid_command_response: {error.name}", *error.messages])
        return ""

    def respond(self, body: Json, channel: Row, user: Json) -> None:
        """A message that answers a person: only to them, unless `response_type` says in_channel."""
        text, blocks = str(body.get("text") or ""), checked(body.get("blocks") or [], self.workspace)
        if not text and not blocks and not body.get("attachments"):
            if body:
                raise SlackError("no_text")
            return
        if body.get("response_type", "ephemeral") not in RESPONSE_TYPES:
            raise SlackError("invalid_response_type")
        message = self.workspace.bot_message(posted(text), blocks)
        if body.get("attachments"):
            message["attachments"] = body["attachments"]
        if body.get("thread_ts"):
            message["thread_ts"] = str(body["thread_ts"])
        if body.get("response_type") == "in_channel":
            self.workspace.posting.say(channel, message)
        else:
            self.workspace.posting.whisper(channel, message, user["id"])

    async def write(self, user_name: str, channel_name: str, typed: str, thread: str | None, files: list[Json]) -> Json:
        """A message, perhaps with files."""
        user = self.user(user_name)
        channel = self.place_of(channel_name, user)
        self._may_write(channel, user)
        if thread and self.workspace.messages.get(channel["id"], thread) is None:
            raise Refusal(f"there is no message {thread!r} to reply to", 404)
        if not typed.strip() and not files:
            raise Refusal("a message needs text or a file")
        since = self.workspace.messages.stamp()
        body = {**self._written(typed), "user": user["id"], "team": world.TEAM_ID, "client_msg_id": short_id() * 4}
        if files:
            kept = [self.workspace.upload(file, user["id"]) for file in files]
            shared = [self.workspace.files.share(one["id"], channel["id"], channel["kind"]) for one in kept]
            body |= {"subtype": "file_share", "files": shared, "upload": False}
        if thread:
            root = self.workspace.messages.get(channel["id"], thread) or {}
            body |= {"thread_ts": root.get("thread_ts", thread)}
        message, replies = self.workspace.posting.say(channel, body)
        return {**await self.heard(user, since, replies), "ts": message["ts"], "channel": channel["id"]}

    def _may_write(self, channel: Row, user: Json) -> None:
        if channel["archived"]:
            raise Refusal("this channel is archived")
        if not self.workspace.channels.has(channel["id"], user["id"]):
            raise Refusal(f"{user['name']} isn't in this channel", 403)

    def _written(self, typed: str) -> Json:
        text, pieces = encoded(typed.strip(), self.workspace.names)
        return {"text": text, "blocks": rich_text(pieces, short_id())}

    async def edit(self, user_name: str, channel_name: str, ts: str, typed: str | None) -> Json:
        """Changes one's own message, or deletes it when `typed` is None."""
        user = self.user(user_name)
        channel = self.place_of(channel_name, user)
        message, _ = self.message_of(channel, ts, user)
        since = self.workspace.messages.stamp()
        if typed is None:
            return await self.heard(user, since, self.workspace.posting.take_away(channel, message))
        after = {**message, **self._written(typed), "edited": {"user": user["id"], "ts": since}}
        return await self.heard(user, since, self.workspace.posting.redraw(channel, message, after))

    def message_of(self, channel: Row, ts: str, user: Json) -> tuple[Json, str | None]:
        """A message that this person wrote."""
        message, reader = self.message(channel, ts, user)
        if message.get("user") != user["id"]:
            raise Refusal("only one's own messages can be changed", 403)
        return message, reader

    async def react(self, user_name: str, channel_name: str, ts: str, name: str) -> Json:
        """Adds a reaction, or takes one's own away again."""
        user = self.user(user_name)
        channel = self.place_of(channel_name, user)
        message, reader = self.message(channel, ts, user)
        if reader:
            raise Refusal("nobody can react to a message that only one person sees")
        plain = name.strip(":")
        if not NAME.fullmatch(plain):
            raise Refusal(f"{name!r} isn't the name of an emoji")
        since = self.workspace.messages.stamp()
        mine = any(one["name"] == plain and user["id"] in one["users"] for one in message.get("reactions", []))
        replies = self.workspace.posting.react(channel, message, user["id"], plain, on=not mine)
        return await self.heard(user, since, replies)

    async def shortcut(self, user_name: str, callback_id: str, channel_name: str | None, ts: str | None) -> Json:
        """A global shortcut, or one on a message when `ts` is given."""
        user = self.user(user_name)
        since = self.workspace.messages.stamp()
        if ts is None:
            payload = payloads.shortcut(user, callback_id, since, self.workspace.triggers.issue(user["id"]))
        else:
            channel = self.place_of(channel_name or "", user)
            message, reader = self.message(channel, ts, user)
            if reader:
                raise Refusal("a message that only one person sees has no shortcuts")
            payload = payloads.message_action(
                user,
                channel,
                message,
                callback_id,
                since,
                self.workspace.response_urls.issue("actions", user["id"], channel["id"], ts),
                self.workspace.triggers.issue(user["id"], channel["id"]),
            )
        return await self.settled(user, since, [await self.workspace.delivery.ask(INTERACTIVE, payload)])

    async def home(self, user_name: str, *, peek: bool = False) -> Json:
        """Opens the Home tab: app_home_opened, and what the bot then shows; `peek` only reads what is there."""
        user = self.user(user_name)
        if peek:
            view = self.workspace.views.homes.get(user["id"])
            return {"ok": True, "view": shown(self.workspace, view) if view else None}
        direct = self.workspace.channels.direct(user["id"])
        since = self.workspace.messages.stamp()
        view = self.workspace.views.homes.get(user["id"])
        event: Json = {
            "type": "app_home_opened", "user": user["id"], "channel": direct["id"], "tab": "home", "event_ts": since,
        }  # fmt: skip
        if view:
            event["view"] = self.workspace.views.outward(view)
        answer = await self.heard(user, since, gathered(self.workspace.delivery.event(event)))
        view = self.workspace.views.homes.get(user["id"])
        return {**answer, "view": shown(self.workspace, view) if view else None}

    async def raw(self, envelope: Json, times: int, *, together: bool = False, everywhere: bool = False) -> Json:
        """Delivers any payload as it is, `times` over as Slack's retries would, or all `together`; in Socket Mode
        `everywhere` is on all connections at once."""
        payload = envelope.get("payload", envelope)
        kind = envelope.get("type") if "payload" in envelope else None
        if kind not in (COMMAND, INTERACTIVE, EVENT):
            kind = _kind(payload)
        since = self.workspace.messages.stamp()
        carrier = self.workspace.delivery.carrier
        if everywhere:
            if carrier is not self.workspace.sockets:
                raise Refusal("only Socket Mode has several connections")
            carry = partial(self.workspace.sockets.carry, everywhere=True)
        else:
            carry = partial(carrier.carry)
        tries = [carry(kind, payload, attempt, "timeout" if attempt else "") for attempt in range(times)]
        replies = list(await asyncio.gather(*tries)) if together else [await each for each in tries]
        who = _who(payload)
        user = self.workspace.people.get(who) if who else None
        answer = await self.settled(user, since, replies)
        return {**answer, "responses": [reply.body for reply in replies], "acked": [one.acked for one in replies]}

    async def joined(self, channel: Row, user_id: str) -> None:
        """Tells the bot that somebody is in a channel now."""
        event = {
            "type": "member_joined_channel", "user": user_id, "channel": channel["id"], "team": world.TEAM_ID,
            "channel_type": "G" if channel["kind"] == "group" else "C", "inviter": world.USERS[-1].id,
            "event_ts": self.workspace.messages.stamp(),
        }  # fmt: skip
        await asyncio.gather(*gathered(self.workspace.delivery.event(event)))


def _kind(payload: object) -> str:
    if isinstance(payload, dict):
        if "command" in payload:
            return COMMAND
        if payload.get("type") in ("event_callback", "url_verification", "app_rate_limited"):
            return EVENT
    return INTERACTIVE


def _who(payload: object) -> str | None:
    if not isinstance(payload, dict):
        return None
    event = payload.get("event")
    named = event.get("user") if isinstance(event, dict) else None
    user = payload.get("user") or payload.get("user_id") or named
    found = user.get("id") if isinstance(user, dict) else user
    return found if isinstance(found, str) else None

"""What the workspace's administrator does behind the bot's back: `POST /human/admin`.

- `{act: "archive" | "unarchive", channel}`, `{act: "rename", channel, name}`, `{act: "share" | "unshare", channel}`
  (with another organisation, by Slack Connect)
- `{act: "kick", channel, user?}`, `{act: "invite", channel, user?}` (without `user`: the bot)
- `{act: "create", name, private?, members?}` -> `{ok, channel}`
- `{act: "deactivate" | "reactivate" | "guest" | "member", user}`, `{act: "locale", user, locale, zone?}`
- `{act: "snooze", user, minutes}` (do not disturb), `{act: "quiet", user, after, minutes}` (the member's own hours
  without notifications: the next begin in `after` minutes), `{act: "group", handle, users}` -> `{ok, usergroup}`
- `{act: "disconnect", reason?}`: asks every socket to come back, as Slack does (`warning`, `refresh_requested`,
  `link_disabled`, `too_many_websockets`); `{act: "hush"}`: the open sockets fall silent; `{act: "cut", when?}`: they
  break now, or (`half`, `whole`) one breaks in the middle of the next envelope or right after it;
  `{act: "sockets", most?}` -> `{ok, connections}`, and how many are allowed from now on
"""

import asyncio
from zoneinfo import available_timezones

from bot.sandbox import world
from bot.sandbox.slack.posting import gathered
from bot.sandbox.slack.screen import Screen
from bot.sandbox.slack.talk import Talk
from bot.sandbox.slack.terms import Json, Refusal, new_id
from bot.sandbox.storage import Row

_FIELDS = {
    "deactivate": {"deleted": True}, "reactivate": {"deleted": False},
    "guest": {"is_restricted": True}, "member": {"is_restricted": False},
}  # fmt: skip


class Admin(Screen):
    """Each act changes the workspace and tells the bot what Slack would tell it."""

    async def act(self, name: str, fields: Json) -> Json:
        """Does one act; Refusal when there is no such act or something it needs is missing."""
        if name in _FIELDS or name in ("locale", "snooze", "quiet"):
            return await self._person(name, fields)
        if name in ("archive", "unarchive", "rename", "kick", "invite", "share", "unshare"):
            return await self._channel(name, self.place(str(fields.get("channel", ""))), fields)
        if name == "create":
            return self._create(fields)
        if name == "group":
            return self._group(fields)
        if name == "disconnect":
            count = await self.workspace.sockets.disconnect(str(fields.get("reason") or "refresh_requested"))
            return {"ok": True, "connections": count}
        if name in ("hush", "cut", "sockets"):
            return self._sockets(name, fields)
        raise Refusal(f"there is no act {name!r}")

    def _sockets(self, name: str, fields: Json) -> Json:
        sockets = self.workspace.sockets
        if name == "hush":
            return {"ok": True, "connections": sockets.hush()}
        if name == "sockets":
            sockets.most = int(fields.get("most") or sockets.most)
        elif fields.get("when") in ("half", "whole"):
            sockets.cuts.append(str(fields["when"]))
        else:
            for socket in list(sockets.open):
                sockets.abort(socket)
        return {"ok": True, "connections": len(sockets.open)}

    async def _channel(self, name: str, channel: Row, fields: Json) -> Json:
        channels = self.workspace.channels
        if channel["kind"] == "im":
            raise Refusal("that is a direct message")
        user = self._somebody(fields.get("user"))
        place: Json = {"channel": channel["id"], "user": world.USERS[-1].id}
        kind = "group" if channel["kind"] == "group" else "channel"
        if name in ("archive", "unarchive"):
            channels.archive(channel["id"], archived=name == "archive")
            await self._told({"type": f"{kind}_{name}", **place})
        elif name in ("share", "unshare"):
            channels.share(channel["id"], shared=name == "share")
            await self._told({"type": f"channel_{name}d", "channel": channel["id"], "connected_team_id": "T0OUTSIDE01"})
        elif name == "rename":
            channels.rename(channel["id"], str(fields.get("name", "")).lstrip("#"))
            renamed = {"id": channel["id"], "name": fields.get("name"), "created": 1760000000}
            await self._told({"type": f"{kind}_rename", "channel": renamed})
        elif name == "kick":
            channels.leave(channel["id"], user)
            if user == world.BOT_USER_ID:
                await self._told({"type": f"{kind}_left", "channel": channel["id"], "actor_id": world.USERS[-1].id})
            else:
                await self._told({"type": "member_left_channel", **place, "user": user})
        else:
            channels.join(channel["id"], user)
            await Talk(self.workspace).joined(channel, user)
        self.workspace.sandbox.changes.tell("messages", channel["id"])
        return {"ok": True}

    async def _person(self, name: str, fields: Json) -> Json:
        user = self.workspace.people.named(str(fields.get("user", "")))
        if user is None:
            raise Refusal(f"there is no person {fields.get('user')!r}", 404)
        if name == "snooze":
            self.workspace.people.snooze(user["id"], self.workspace.now() + 60 * float(fields.get("minutes") or 60))
            return {"ok": True}
        if name == "quiet":
            begins = self.workspace.now() + 60 * float(fields.get("after") or 0)
            ends = begins + 60 * float(fields.get("minutes") or 60)
            self.workspace.people.set_quiet_hours(user["id"], begins, ends)
            return {"ok": True}
        change: Json = _FIELDS.get(name, {})
        if name == "locale":
            zone = str(fields.get("zone") or user["tz"])
            if zone not in available_timezones():
                raise Refusal(f"there is no zone {zone!r}")
            change = {"locale": str(fields.get("locale") or user["locale"]), "tz": zone}
        changed = self.workspace.people.change(user["id"], **change)
        await self._told({"type": "user_change", "user": changed, "cache_ts": int(self.workspace.now())})
        return {"ok": True}

    def _create(self, fields: Json) -> Json:
        name = str(fields.get("name", "")).lstrip("#")
        if not name or self.workspace.channels.named(name):
            raise Refusal(f"the name {name!r} is empty or taken")
        members = fields.get("members")
        everybody = [*(user.id for user in world.USERS), world.BOT_USER_ID]
        ids = [self._somebody(one) for one in members] if isinstance(members, list) else everybody
        channel = self.workspace.channels.create(name, private=bool(fields.get("private")), members=ids)
        return {"ok": True, "channel": channel["id"]}

    def _group(self, fields: Json) -> Json:
        handle = str(fields.get("handle", ""))
        if not handle or not isinstance(fields.get("users"), list):
            raise Refusal("a group is {handle, users}")
        known = next((one for one in self.workspace.people.groups() if one["handle"] == handle), None)
        group: Json = {
            "id": known["id"] if known else new_id("S"), "team_id": world.TEAM_ID, "is_usergroup": True,
            "name": str(fields.get("name") or handle), "handle": handle, "description": "", "is_external": False,
            "date_create": 1760000000, "date_update": int(self.workspace.now()), "date_delete": 0,
            "auto_type": None, "created_by": world.USERS[-1].id, "updated_by": world.USERS[-1].id,
            "deleted_by": None, "prefs": {"channels": [], "groups": []},
            "users": [self._somebody(one) for one in fields["users"]],
        }  # fmt: skip
        self.workspace.people.set_group(group)
        return {"ok": True, "usergroup": group["id"]}

    def _somebody(self, name: object) -> str:
        if not name:
            return world.BOT_USER_ID
        user = self.workspace.people.named(str(name))
        if user is None:
            raise Refusal(f"there is no person {name!r}", 404)
        return str(user["id"])

    async def _told(self, event: Json) -> None:
        event = {**event, "event_ts": self.workspace.messages.stamp()}
        await asyncio.gather(*gathered(self.workspace.delivery.event(event)))

"""The members of the workspace, as `users.info` describes them."""

import json
import sqlite3
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox import world
from bot.sandbox.slack.terms import Json
from bot.sandbox.storage import packed, row, rows

BOT_NAME = "vocero"
_COLOURS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699")


class People:
    """Kept in sqlite; seeded from `world.USERS` and the bot's own user."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        db.execute(
            "CREATE TABLE IF NOT EXISTS slack_users (id TEXT PRIMARY KEY, name TEXT UNIQUE, body TEXT NOT NULL,"
            " dnd_until REAL NOT NULL DEFAULT 0)"
        )
        db.execute(
            "CREATE TABLE IF NOT EXISTS slack_quiet_hours (user TEXT PRIMARY KEY, begins REAL NOT NULL,"
            " ends REAL NOT NULL)"
        )
        db.execute("CREATE TABLE IF NOT EXISTS slack_groups (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
        bot = world.User(world.BOT_USER_ID, BOT_NAME, "Vocero", "en-US", "Europe/Madrid")
        for place, user in enumerate((*world.USERS, bot)):
            body = _seed(user, _COLOURS[place % len(_COLOURS)])
            db.execute(
                "INSERT OR IGNORE INTO slack_users (id, name, body) VALUES (?, ?, ?)",
                (user.id, user.name, packed(body)),
            )

    def get(self, user_id: str) -> Json | None:
        """The member with this id, with `locale`, or None."""
        found = row(self.db, "SELECT body FROM slack_users WHERE id = ?", user_id)
        return _now(json.loads(found["body"])) if found else None

    def named(self, name: str) -> Json | None:
        """The member with this id or name; a leading `@` is allowed."""
        plain = name.removeprefix("@")
        found = row(self.db, "SELECT body FROM slack_users WHERE id = ? OR name = ?", plain, plain.lower())
        return _now(json.loads(found["body"])) if found else None

    def all(self) -> list[Json]:
        """Everybody, the bot last."""
        return [_now(json.loads(one["body"])) for one in rows(self.db, "SELECT body FROM slack_users ORDER BY rowid")]

    def change(self, user_id: str, **fields: object) -> Json:
        """Sets fields of a member; raises KeyError when there is no such member."""
        body = self.get(user_id)
        if body is None:
            raise KeyError(user_id)
        body.update(fields)
        self.db.execute("UPDATE slack_users SET body = ? WHERE id = ?", (packed(body), user_id))
        return body

    def quiet_until(self, user_id: str) -> float:
        """When this member's snooze ends; 0 without one."""
        found = row(self.db, "SELECT dnd_until FROM slack_users WHERE id = ?", user_id)
        return float(found["dnd_until"]) if found else 0.0

    def snooze(self, user_id: str, until: float) -> None:
        """Silences a member's notifications until then."""
        self.db.execute("UPDATE slack_users SET dnd_until = ? WHERE id = ?", (until, user_id))

    def quiet_hours(self, user_id: str) -> tuple[float, float] | None:
        """From when until when this member's own hours without notifications are next, or are now; None: none set."""
        found = row(self.db, "SELECT begins, ends FROM slack_quiet_hours WHERE user = ?", user_id)
        return (float(found["begins"]), float(found["ends"])) if found else None

    def set_quiet_hours(self, user_id: str, begins: float, ends: float) -> None:
        """The next of them."""
        self.db.execute("INSERT OR REPLACE INTO slack_quiet_hours VALUES (?, ?, ?)", (user_id, begins, ends))

    def groups(self) -> list[Json]:
        """The user groups, with `users`."""
        return [json.loads(one["body"]) for one in rows(self.db, "SELECT body FROM slack_groups ORDER BY id")]

    def set_group(self, group: Json) -> None:
        """Adds or replaces a user group."""
        self.db.execute("INSERT OR REPLACE INTO slack_groups VALUES (?, ?)", (group["id"], packed(group)))


def outward(user: Json, *, include_locale: bool) -> Json:
    """A member as the Web API shows one: `locale` only when asked for."""
    return user if include_locale else {key: value for key, value in user.items() if key != "locale"}


def _now(user: Json) -> Json:
    """The zone's offset follows daylight saving."""
    zone = datetime.now(UTC).astimezone(ZoneInfo(user["tz"]))
    offset = zone.utcoffset()
    return {**user, "tz_offset": int(offset.total_seconds()) if offset else 0, "tz_label": zone.tzname() or ""}


def _seed(user: world.User, colour: str) -> Json:
    is_bot = user.id == world.BOT_USER_ID
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": "", "phone": "", "skype": "", "real_name": user.real_name,
        "real_name_normalized": user.real_name, "display_name": "" if is_bot else user.name,
        "display_name_normalized": "" if is_bot else user.name, "status_text": "", "status_emoji": "",
        "avatar_hash": "", "first_name": first, "last_name": last, "team": world.TEAM_ID,
    }  # fmt: skip
    if is_bot:
        profile |= {"api_app_id": world.APP_ID, "bot_id": world.BOT_ID, "always_active": True}
    else:
        profile["email"] = f"{user.name}@vocero.example"
    return {
        "id": user.id, "team_id": world.TEAM_ID, "name": user.name, "deleted": False, "color": colour,
        "real_name": user.real_name, "tz": user.zone, "tz_label": "", "tz_offset": 0, "profile": profile,
        "is_admin": user.is_admin, "is_owner": user.is_owner, "is_primary_owner": user.is_owner,
        "is_restricted": False, "is_ultra_restricted": False, "is_bot": is_bot, "is_app_user": False,
        "updated": 1760000000, "is_email_confirmed": True, "who_can_share_contact_card": "EVERYONE",
        "locale": user.locale,
    }  # fmt: skip

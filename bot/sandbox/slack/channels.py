"""The conversations of the workspace: public and private channels, and one direct message per person with the bot."""

import sqlite3

from bot.sandbox import world
from bot.sandbox.slack.terms import Json, new_id
from bot.sandbox.storage import Row, row, rows

CREATED = 1760000000


class Channels:
    """Kept in sqlite; seeded from `world.CHANNELS` with everybody and the bot as members."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        db.execute(
            "CREATE TABLE IF NOT EXISTS slack_channels (id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,"
            " user TEXT NOT NULL DEFAULT '', archived INTEGER NOT NULL DEFAULT 0)"
        )
        if not any(one["name"] == "shared" for one in rows(db, "PRAGMA table_info(slack_channels)")):
            db.execute("ALTER TABLE slack_channels ADD COLUMN shared INTEGER NOT NULL DEFAULT 0")
        db.execute("CREATE TABLE IF NOT EXISTS slack_members (channel TEXT, user TEXT, PRIMARY KEY (channel, user))")
        everybody = [*(user.id for user in world.USERS), world.BOT_USER_ID]
        for channel in world.CHANNELS:
            if self.get(channel.id) is None:
                self._create(channel.id, channel.name, "channel", everybody)

    def _create(self, channel_id: str, name: str, kind: str, members: list[str], user: str = "") -> None:
        self.db.execute(
            "INSERT INTO slack_channels (id, name, kind, user) VALUES (?, ?, ?, ?)", (channel_id, name, kind, user)
        )
        self.db.executemany("INSERT INTO slack_members VALUES (?, ?)", [(channel_id, one) for one in members])

    def get(self, channel_id: str) -> Row | None:
        """id, name, kind (channel, group, im), user (of a direct message), archived; or None."""
        return row(self.db, "SELECT * FROM slack_channels WHERE id = ?", channel_id)

    def named(self, name: str) -> Row | None:
        """The channel with this name, with or without `#`; never a direct message."""
        plain = name.removeprefix("#")
        return row(self.db, "SELECT * FROM slack_channels WHERE name = ? AND kind != 'im'", plain)

    def all(self) -> list[Row]:
        """Every conversation, in the order of creation."""
        return rows(self.db, "SELECT * FROM slack_channels ORDER BY rowid")

    def direct(self, user_id: str) -> Row:
        """The direct message between this person and the bot, opened when there is none."""
        found = row(self.db, "SELECT * FROM slack_channels WHERE kind = 'im' AND user = ?", user_id)
        if found:
            return found
        self._create("D" + user_id[1:], "", "im", [user_id, world.BOT_USER_ID], user_id)
        return self.direct(user_id)

    def create(self, name: str, *, private: bool, members: list[str]) -> Row:
        """A new channel."""
        channel_id = new_id("C")
        self._create(channel_id, name, "group" if private else "channel", members)
        return self.get(channel_id) or {}

    def members(self, channel_id: str) -> list[str]:
        """Ids of the members, in the order in which they came."""
        found = rows(self.db, "SELECT user FROM slack_members WHERE channel = ? ORDER BY rowid", channel_id)
        return [one["user"] for one in found]

    def has(self, channel_id: str, user_id: str) -> bool:
        """Whether this person (or the bot) is a member."""
        found = row(self.db, "SELECT 1 FROM slack_members WHERE channel = ? AND user = ?", channel_id, user_id)
        return found is not None

    def join(self, channel_id: str, user_id: str) -> None:
        """Makes somebody a member."""
        self.db.execute("INSERT OR IGNORE INTO slack_members VALUES (?, ?)", (channel_id, user_id))

    def leave(self, channel_id: str, user_id: str) -> None:
        """Takes somebody out."""
        self.db.execute("DELETE FROM slack_members WHERE channel = ? AND user = ?", (channel_id, user_id))

    def rename(self, channel_id: str, name: str) -> None:
        """Gives a channel another name."""
        self.db.execute("UPDATE slack_channels SET name = ? WHERE id = ?", (name, channel_id))

    def share(self, channel_id: str, *, shared: bool) -> None:
        """Lets another organisation in by Slack Connect, or shows it out."""
        self.db.execute("UPDATE slack_channels SET shared = ? WHERE id = ?", (int(shared), channel_id))

    def archive(self, channel_id: str, *, archived: bool) -> None:
        """Closes a channel, or opens it again."""
        self.db.execute("UPDATE slack_channels SET archived = ? WHERE id = ?", (int(archived), channel_id))

    def outward(self, channel: Row, *, locale: bool = False, count: bool = False) -> Json:
        """The conversation as the Web API shows one to the bot."""
        common: Json = {
            "id": channel["id"], "created": CREATED, "is_archived": bool(channel["archived"]), "is_org_shared": False,
            "context_team_id": world.TEAM_ID, "updated": CREATED * 1000,
        }  # fmt: skip
        if locale:
            common["locale"] = "en-US"
        if channel["kind"] == "im":
            return {**common, "is_im": True, "user": channel["user"], "is_user_deleted": False, "priority": 0}
        private = channel["kind"] == "group"
        name = channel["name"]
        shape: Json = {
            **common, "name": name, "name_normalized": name, "is_channel": not private, "is_group": private,
            "is_im": False, "is_mpim": False, "is_private": private, "is_general": name == "general",
            "unlinked": 0, "is_shared": bool(channel["shared"]), "is_pending_ext_shared": False, "pending_shared": [],
            "parent_conversation": None, "creator": world.USERS[-1].id, "is_ext_shared": bool(channel["shared"]),
            "shared_team_ids": [world.TEAM_ID], "pending_connected_team_ids": [],
            "is_member": self.has(channel["id"], world.BOT_USER_ID),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0}, "previous_names": [],
        }  # fmt: skip
        if count:
            shape["num_members"] = len(self.members(channel["id"]))
        return shape

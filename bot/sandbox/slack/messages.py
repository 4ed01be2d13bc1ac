"""Every message of the workspace with its earlier appearances, threads, reactions and ephemeral readers."""

import json
import sqlite3
from collections.abc import Callable

from bot.sandbox.slack.kit.surfaces import elements
from bot.sandbox.slack.terms import Json
from bot.sandbox.storage import packed, row, rows


class Messages:
    """Kept in sqlite. A body is Slack's message object; a thread's counts are worked out when read."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float]) -> None:
        self.db = db
        self.now = now
        db.execute(
            "CREATE TABLE IF NOT EXISTS slack_messages (channel TEXT, ts TEXT, thread_ts TEXT, reader TEXT,"
            " body TEXT NOT NULL, shown TEXT NOT NULL DEFAULT '[]', deleted INTEGER NOT NULL DEFAULT 0,"
            " PRIMARY KEY (channel, ts))"
        )
        db.execute("CREATE INDEX IF NOT EXISTS slack_threads ON slack_messages (channel, thread_ts)")
        latest = row(db, "SELECT max(ts) AS ts FROM slack_messages")
        self.last = _micros(latest["ts"]) if latest and latest["ts"] else 0

    def stamp(self) -> str:
        """A `ts` that no other message of the workspace has; later ones are greater."""
        self.last = max(int(self.now() * 1_000_000), self.last + 1)
        return f"{self.last // 1_000_000}.{self.last % 1_000_000:06d}"

    def add(self, channel: str, body: Json, reader: str | None = None) -> Json:
        """Keeps a new message; `reader` makes it ephemeral. The body gets its `ts` when it has none."""
        body = {"type": "message", **body, "ts": body.get("ts") or self.stamp()}
        self.db.execute(
            "INSERT INTO slack_messages (channel, ts, thread_ts, reader, body) VALUES (?, ?, ?, ?, ?)",
            (channel, body["ts"], body.get("thread_ts"), reader, packed(body)),
        )
        return body

    def get(self, channel: str, ts: str) -> Json | None:
        """A message that all can see, or None; ephemeral ones are only found by `any`."""
        found = row(
            self.db,
            "SELECT body FROM slack_messages WHERE channel = ? AND ts = ? AND reader IS NULL AND deleted = 0",
            channel,
            ts,
        )
        return json.loads(found["body"]) if found else None

    def any(self, channel: str, ts: str) -> tuple[Json, str | None, bool] | None:
        """(body, reader, deleted) of any message that ever was, or None."""
        found = row(
            self.db, "SELECT body, reader, deleted FROM slack_messages WHERE channel = ? AND ts = ?", channel, ts
        )
        return (json.loads(found["body"]), found["reader"], bool(found["deleted"])) if found else None

    def appearances(self, channel: str, ts: str) -> list[list[Json]]:
        """The blocks that this message has shown, the present ones first."""
        found = row(self.db, "SELECT body, shown FROM slack_messages WHERE channel = ? AND ts = ?", channel, ts)
        if found is None:
            return []
        return [json.loads(found["body"]).get("blocks", []), *reversed(json.loads(found["shown"]))]

    def change(self, channel: str, ts: str, body: Json, *, redrawn: bool = True) -> None:
        """Replaces a message; `redrawn` keeps its former blocks as an earlier appearance."""
        found = row(self.db, "SELECT body, shown FROM slack_messages WHERE channel = ? AND ts = ?", channel, ts)
        shown: list[list[Json]] = json.loads(found["shown"]) if found else []
        if found and redrawn:
            former = json.loads(found["body"]).get("blocks", [])
            later = [body.get("blocks", []), *shown]
            # A card is redrawn again and again: only an appearance that offered something of its own is kept.
            if _offers(former) - set().union(*map(_offers, later)):
                shown.append(former)
        self.db.execute(
            "UPDATE slack_messages SET body = ?, shown = ? WHERE channel = ? AND ts = ?",
            (packed(body), packed(shown), channel, ts),
        )

    def remove(self, channel: str, ts: str) -> None:
        """Deletes a message; its row stays so that a stale screen is told apart from a wrong `ts`."""
        self.db.execute("UPDATE slack_messages SET deleted = 1 WHERE channel = ? AND ts = ?", (channel, ts))

    def listed(self, channel: str) -> list[tuple[Json, str | None]]:
        """(body, reader) of all that is to be seen in a conversation, oldest first, threads included."""
        found = rows(
            self.db, "SELECT body, reader FROM slack_messages WHERE channel = ? AND deleted = 0 ORDER BY ts", channel
        )
        return [(json.loads(one["body"]), one["reader"]) for one in found]

    def ephemeral_since(self, reader: str, ts: str) -> list[Json]:
        """What only this person has been shown after `ts`, oldest first, each with its `channel`."""
        found = rows(
            self.db,
            "SELECT channel, body FROM slack_messages WHERE reader = ? AND ts > ? AND deleted = 0 ORDER BY ts",
            reader,
            ts,
        )
        return [{"channel": one["channel"], **json.loads(one["body"])} for one in found]

    def history(self, channel: str, oldest: str, latest: str, *, inclusive: bool, limit: int) -> list[Json]:
        """Top-level messages between two stamps, newest first, one more than `limit` when there are more."""
        low, high = (">=", "<=") if inclusive else (">", "<")
        found = rows(
            self.db,
            "SELECT body FROM slack_messages WHERE channel = ? AND reader IS NULL AND deleted = 0"  # noqa: S608 (two fixed signs)
            f" AND (thread_ts IS NULL OR thread_ts = ts) AND ts {low} ? AND ts {high} ? ORDER BY ts DESC LIMIT ?",
            channel,
            oldest or "0",
            latest or "9",
            limit + 1,
        )
        return [self.threaded(channel, json.loads(one["body"])) for one in found]

    def replies(self, channel: str, ts: str) -> list[Json]:
        """The replies of a thread, oldest first, without the parent."""
        found = rows(
            self.db,
            "SELECT body FROM slack_messages WHERE channel = ? AND thread_ts = ? AND ts != ? AND reader IS NULL"
            " AND deleted = 0 ORDER BY ts",
            channel,
            ts,
            ts,
        )
        return [json.loads(one["body"]) for one in found]

    def threaded(self, channel: str, body: Json) -> Json:
        """A parent with the counts of its thread; any other message unchanged."""
        if body.get("thread_ts") not in (None, body["ts"]):
            return body
        replies = self.replies(channel, body["ts"])
        if not replies:
            return body
        users = list(dict.fromkeys(str(one.get("user")) for one in replies))
        return {
            **body, "thread_ts": body["ts"], "reply_count": len(replies), "reply_users_count": len(users),
            "latest_reply": replies[-1]["ts"], "reply_users": users[:5], "is_locked": False, "subscribed": False,
        }  # fmt: skip


def _offers(blocks: list[Json]) -> set[tuple[str, str]]:
    """What can be pressed in these blocks: actions with their values or options."""
    return {
        (str(element.get("action_id")), json.dumps([element.get("value"), element.get("options")]))
        for block in blocks
        for element in elements(block)
        if "action_id" in element
    }


def _micros(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(fraction or 0)

"""Files in the workspace: uploads in three steps, what people attach, and their bytes."""

import json
import mimetypes
import sqlite3
from collections.abc import Callable

from bot.sandbox import world
from bot.sandbox.slack.images import size
from bot.sandbox.slack.terms import Json, SlackError, new_id, secret
from bot.sandbox.storage import packed, row

UPLOAD = "/files/upload"
PRIVATE = "/files/pri"
ALT_MOST = 1000
# assumed: what a free workspace takes for one file.
LENGTH_MOST = 1_073_741_824


class Files:
    """Kept in sqlite, bytes included."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float], url: str) -> None:
        self.db = db
        self.now = now
        self.url = url
        db.execute(
            "CREATE TABLE IF NOT EXISTS slack_files (id TEXT PRIMARY KEY, ticket TEXT UNIQUE, length INTEGER,"
            " body TEXT NOT NULL, bytes BLOB, complete INTEGER NOT NULL DEFAULT 0)"
        )

    def reserve(self, name: str, length: int, alt: str, user: str) -> Json:
        """The first step: `upload_url` (used once) and `file_id`."""
        ticket, file_id = secret(), new_id("F")
        body = self._body(file_id, name, alt, user)
        self.db.execute(
            "INSERT INTO slack_files (id, ticket, length, body) VALUES (?, ?, ?, ?)",
            (file_id, ticket, length, packed(body)),
        )
        return {"upload_url": f"{self.url}{UPLOAD}/{ticket}", "file_id": file_id}

    def receive(self, ticket: str, data: bytes) -> int | None:
        """The second step; the announced length, or None when the ticket is unknown or used. Keeps only what fits."""
        found = row(self.db, "SELECT id, length FROM slack_files WHERE ticket = ? AND bytes IS NULL", ticket)
        if found is None:
            return None
        if len(data) == found["length"]:
            self._store(found["id"], data)
        return int(found["length"])

    def complete(self, file_id: str, title: str | None) -> Json:
        """The third step; raises file_not_found when no bytes arrived or it was completed before."""
        found = row(self.db, "SELECT body, bytes IS NOT NULL AS here, complete FROM slack_files WHERE id = ?", file_id)
        if found is None or not found["here"] or found["complete"]:
            raise SlackError("file_not_found")
        body: Json = json.loads(found["body"])
        body["title"] = title or body["name"]
        self.db.execute("UPDATE slack_files SET body = ?, complete = 1 WHERE id = ?", (packed(body), file_id))
        return body

    def add(self, name: str, data: bytes, alt: str, user: str) -> Json:
        """A file that a person attaches."""
        file_id = new_id("F")
        body = self._body(file_id, name, alt, user)
        self.db.execute(
            "INSERT INTO slack_files (id, length, body, complete) VALUES (?, ?, ?, 1)",
            (file_id, len(data), packed(body)),
        )
        self._store(file_id, data)
        return self.get(file_id) or body

    def get(self, file_id: str) -> Json | None:
        """The file object of a completed file, or None."""
        found = row(self.db, "SELECT body FROM slack_files WHERE id = ? AND complete = 1", file_id)
        return json.loads(found["body"]) if found else None

    def data(self, file_id: str) -> bytes | None:
        """The bytes of a completed file."""
        found = row(self.db, "SELECT bytes FROM slack_files WHERE id = ? AND complete = 1", file_id)
        return bytes(found["bytes"]) if found else None

    def delete(self, file_id: str) -> None:
        """The file is gone, its bytes too."""
        self.db.execute("DELETE FROM slack_files WHERE id = ?", (file_id,))

    def share(self, file_id: str, channel: str, kind: str) -> Json:
        """Notes that a conversation shows the file."""
        body = self.get(file_id)
        if body is None:
            raise SlackError("file_not_found")
        places = body[{"channel": "channels", "group": "groups", "im": "ims"}[kind]]
        if channel not in places:
            places.append(channel)
        body["is_public"] = body["is_public"] or kind == "channel"
        self.db.execute("UPDATE slack_files SET body = ? WHERE id = ?", (packed(body), file_id))
        return body

    def named(self, slack_file: Json) -> bool:
        """Whether a `slack_file` object means a file that is here."""
        if "id" in slack_file:
            return self.get(slack_file["id"]) is not None
        place = str(slack_file.get("url", "")).removeprefix(self.url)
        parts = place.removeprefix(PRIVATE).strip("/").split("/")
        return place.startswith(PRIVATE) and self.get(parts[0].rpartition("-")[2]) is not None

    def _store(self, file_id: str, data: bytes) -> None:
        found = row(self.db, "SELECT body FROM slack_files WHERE id = ?", file_id)
        body: Json = json.loads(found["body"]) if found else {}
        body["size"] = len(data)
        measured = size(data) if body["mimetype"].startswith("image/") else None
        if measured:
            body["original_w"], body["original_h"] = measured
            body["thumb_360"] = body["url_private"]
        self.db.execute(
            "UPDATE slack_files SET body = ?, bytes = ?, ticket = NULL WHERE id = ?", (packed(body), data, file_id)
        )

    def _body(self, file_id: str, name: str, alt: str, user: str) -> Json:
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        ending = name.rpartition(".")[2].lower() if "." in name else "binary"
        url = f"{self.url}{PRIVATE}/{world.TEAM_ID}-{file_id}"
        body: Json = {
            "id": file_id, "created": int(self.now()), "timestamp": int(self.now()), "name": name, "title": name,
            "mimetype": mime, "filetype": {"jpeg": "jpg"}.get(ending, ending), "pretty_type": ending.upper(),
            "user": user, "user_team": world.TEAM_ID, "editable": False, "size": 0, "mode": "hosted",
            "is_external": False, "external_type": "", "is_public": False, "public_url_shared": False,
            "display_as_bot": False, "username": "", "url_private": f"{url}/{name}",
            "url_private_download": f"{url}/download/{name}", "permalink": f"{self.url}/#file-{file_id}",
            "channels": [], "groups": [], "ims": [], "comments_count": 0, "has_rich_preview": False,
            "file_access": "visible",
        }  # fmt: skip
        return {**body, "alt_txt": alt} if alt else body

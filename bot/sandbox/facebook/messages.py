"""Private messages between people and a page: the page's conversations, what is in them, and the answer in time.

https://developers.facebook.com/docs/messenger-platform/reference/send-api and
https://developers.facebook.com/docs/graph-api/reference/page/conversations.
"""

import json
from typing import Any

from bot.sandbox import world
from bot.sandbox.facebook import errors, names
from bot.sandbox.facebook.access import Ask
from bot.sandbox.facebook.errors import GraphError
from bot.sandbox.facebook.fields import Field, Value, arguments, nested, parse, pick, verify
from bot.sandbox.facebook.service import NETWORK, Facebook, graph_time, limit_of
from bot.sandbox.public import Person
from bot.sandbox.storage import Row, row, rows

WINDOW = 24 * 3600
LENGTH = 2000
NEWEST = 20  # messages of a conversation whose details can be read
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
SCOPE = "pages_messaging"
DEFAULTS = {"UnifiedThread": "id,updated_time", "Message": "id,created_time"}
SCHEMA = """
CREATE TABLE IF NOT EXISTS facebook_talk (
  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, page TEXT NOT NULL, person TEXT NOT NULL, author TEXT NOT NULL,
  text TEXT NOT NULL, media TEXT NOT NULL DEFAULT '[]', at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS facebook_talk_person ON facebook_talk (page, person, n);
"""


class Messages:
    """A page's inbox. Every person has one conversation with it."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook, self.public, self.db = facebook, facebook.public, facebook.sandbox.db
        self.db.executescript(SCHEMA)

    # Writing

    def say(self, page: str, person: Person, text: str, media: tuple[str, ...] = ()) -> Row:
        """Somebody writes to the page, which its webhooks are told."""
        kept = self.keep(page, person.id, person.id, text, media)
        message: dict[str, Any] = {"mid": kept["id"], **({"text": text} if text else {})}
        if media:
            shown = [{"type": "image", "payload": {"url": self.facebook.address(one)}} for one in media]
            message["attachments"] = shown
        self.facebook.hooks.tell(page, "messages", _told(person.id, page, kept["at"], message))
        return kept

    def keep(self, page: str, person: str, author: str, text: str, media: tuple[str, ...] = ()) -> Row:
        """One more message in the conversation of a person with a page."""
        now = self.facebook.sandbox.now()
        values = (f"m_{self.facebook.number(now)}", page, person, author, text, json.dumps(media), now)
        self.db.execute(
            "INSERT INTO facebook_talk (id, page, person, author, text, media, at) VALUES (?,?,?,?,?,?,?)", values
        )
        self.facebook.sandbox.changes.tell("public", NETWORK)
        kept = row(self.db, "SELECT * FROM facebook_talk WHERE id = ?", values[0])
        assert kept is not None
        return kept

    def send(self, ask: Ask, page: world.Account) -> dict[str, Any]:
        """`POST /{page}/messages` to somebody who wrote within 24 hours."""
        ask.check(names.MESSAGES)
        self._permit(page)
        recipient, message = ask.json("recipient"), ask.json("message")
        person = str(recipient.get("id", "")) if isinstance(recipient, dict) else ""
        text = str(message.get("text", "")).strip() if isinstance(message, dict) else ""
        if ask.params.get("messaging_type") not in TYPES:
            raise errors.parameter(f"Param messaging_type must be one of {{{', '.join(TYPES)}}}")
        if ask.params["messaging_type"] == "MESSAGE_TAG":
            raise errors.not_yours()  # tags are a permission of their own, which this app has none of
        if not text or len(text) > LENGTH:
            raise errors.parameter(f"Length of param message[text] must be between 1 and {LENGTH}")
        asked = "SELECT MAX(at) AS at FROM facebook_talk WHERE page = ? AND person = ? AND author = person"
        last = row(self.db, asked, page.id, person)
        if not self._known(page.id, person):
            # assumed: the codes.
            raise GraphError(100, "(#100) No matching user found", subcode=2018001)
        if last is None or last["at"] is None or self.facebook.sandbox.now() > last["at"] + WINDOW:
            # assumed: the codes.
            raise GraphError(10, "(#10) This message is sent outside of allowed window.", status=403, subcode=2018278)
        kept = self.keep(page.id, person, page.id, text)
        echo = {"mid": kept["id"], "text": text, "is_echo": True, "app_id": int(world.FACEBOOK_APP_ID)}
        self.facebook.hooks.tell(page.id, "messages", _told(page.id, person, kept["at"], echo))
        return {"recipient_id": person, "message_id": kept["id"]}

    # Reading

    def conversations(self, ask: Ask, page: world.Account, base: str) -> dict[str, Any]:
        """`GET /{page}/conversations`, whoever wrote last first."""
        ask.check(names.ARGUMENTS["conversations"])
        arguments({"platform": ask.params["platform"]} if "platform" in ask.params else {}, frozenset({"platform"}))
        self._permit(page)
        wanted = parse(ask.params.get("fields", DEFAULTS["UnifiedThread"]))
        verify(wanted, "UnifiedThread")
        limit, below = limit_of(ask.params), _below(ask.params)
        condition, args = "page = ?", [page.id]
        if "user_id" in ask.params:
            condition, args = "page = ? AND person = ?", [page.id, ask.params["user_id"]]
        asked = (
            f"SELECT person, MAX(n) AS n, MAX(at) AS at, COUNT(*) AS count FROM facebook_talk WHERE {condition} "  # noqa: S608
            "GROUP BY person HAVING MAX(n) < ? ORDER BY n DESC LIMIT ?"
        )
        found = rows(self.db, asked, *args, below, limit + 1)
        data = [pick(wanted, self._thread(page, one, base)) for one in found[:limit]]
        return _listed(data, found, limit, self._url(base))

    def messages(self, ask: Ask, page: world.Account, person: str, base: str) -> dict[str, Any]:
        """`GET /{conversation}/messages`, newest first."""
        ask.check(names.ARGUMENTS["messages"])
        self._permit(page)
        return self._list(page, person, ask.params, base)

    def person(self, page: world.Account, thread: str) -> str | None:
        """With whom a conversation is, None for none."""
        person = thread.removeprefix("t_")
        return person if thread.startswith("t_") and self._known(page.id, person) else None

    def all(self, page: str) -> list[dict[str, Any]]:
        """Every conversation as the audience sees it, oldest first."""
        found: dict[str, list[dict[str, Any]]] = {}
        for one in rows(self.db, "SELECT * FROM facebook_talk WHERE page = ? ORDER BY n", page):
            said = {"id": one["id"], "by_account": one["author"] == page, "text": one["text"], "at": one["at"]}
            found.setdefault(one["person"], []).append(said | {"media": json.loads(one["media"])})
        return [
            {"person": self.public.person(NETWORK, person).name, "messages": said} for person, said in found.items()
        ]

    def _list(self, page: world.Account, person: str, params: dict[str, str], base: str) -> dict[str, Any]:
        wanted = parse(params.get("fields", DEFAULTS["Message"]))
        verify(wanted, "Message")
        limit, below = limit_of(params), _below(params)
        asked = "SELECT * FROM facebook_talk WHERE page = ? AND person = ? ORDER BY n DESC LIMIT ?"
        newest = [one for one in rows(self.db, asked, page.id, person, NEWEST) if one["n"] < below]
        data = [pick(wanted, self._message(page, one)) for one in newest[:limit]]
        return _listed(data, newest, limit, self._url(base))

    def _thread(self, page: world.Account, found: Row, base: str) -> dict[str, Value]:
        people = [self._who(found["person"]), self._who(page.id)]

        def messages(field: Field) -> dict[str, Any]:
            inner = {"fields": _written(field.fields)} if field.fields else {}
            return self._list(page, found["person"], {**field.args, **inner}, f"{base}/t_{found['person']}/messages")

        return {
            "id": lambda _: f"t_{found['person']}",
            "updated_time": lambda _: graph_time(found["at"]),
            "message_count": lambda _: found["count"],
            "unread_count": lambda _: 0,
            "can_reply": lambda _: True,
            "participants": lambda field: nested({"data": people}, field.fields),
            "messages": messages,
        }

    def _message(self, page: world.Account, one: Row) -> dict[str, Value]:
        to = one["person"] if one["author"] == page.id else page.id
        shown = [self._picture(ident) for ident in json.loads(one["media"])]
        return {
            "id": lambda _: one["id"],
            "created_time": lambda _: graph_time(one["at"]),
            "message": lambda _: one["text"],
            "from": lambda field: nested(self._who(one["author"]), field.fields),
            "to": lambda field: nested({"data": [self._who(to)]}, field.fields),
            "attachments": lambda field: nested({"data": shown}, field.fields) if shown else None,
        }

    def _picture(self, ident: str) -> dict[str, Any]:
        medium = self.public.medium(ident)
        assert medium is not None
        url = self.facebook.address(ident)
        image = {"url": url, "preview_url": url, "width": medium.extra["width"], "height": medium.extra["height"]}
        return {"id": ident, "mime_type": medium.type, "name": medium.name, "size": len(medium.bytes)} | {
            "image_data": image
        }

    def _who(self, ident: str) -> dict[str, str]:
        who = self.public.person(NETWORK, ident)
        return {"id": who.id, "name": who.name}

    def _known(self, page: str, person: str) -> bool:
        return row(self.db, "SELECT 1 FROM facebook_talk WHERE page = ? AND person = ?", page, person) is not None

    def _permit(self, page: world.Account) -> None:
        if SCOPE not in self.facebook.scopes(page.id):
            # assumed: the code.
            raise GraphError(200, f"(#200) Requires {SCOPE} permission to manage the object", status=403)

    def _url(self, base: str) -> str:
        return f"{self.facebook.sandbox.url}{base}"


def _told(sender: str, recipient: str, at: float, message: dict[str, Any]) -> dict[str, Any]:
    return {
        "sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": int(at * 1000), "message": message,
    }  # fmt: skip


def _below(params: dict[str, str]) -> int:
    """The number under which the page begins."""
    after = params.get("after", "")
    if after and not after.isdigit():
        raise errors.parameter("Invalid cursors values.")
    return int(after) if after else 1 << 60


def _listed(data: list[dict[str, Any]], found: list[Row], limit: int, url: str) -> dict[str, Any]:
    if not data:
        return {"data": []}
    first, last = str(found[0]["n"]), str(found[: len(data)][-1]["n"])
    paging: dict[str, Any] = {"cursors": {"before": first, "after": last}}
    if len(found) > limit:
        paging["next"] = f"{url}?limit={limit}&after={last}"
    return {"data": data, "paging": paging}


def _written(fields: list[Field]) -> str:
    """A parsed list of fields, written out again."""
    return ",".join(one.name + (f"{{{_written(one.fields)}}}" if one.fields else "") for one in fields)

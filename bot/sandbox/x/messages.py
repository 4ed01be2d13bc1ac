"""Direct messages on X: what one account and one person wrote to each other, read newest first, and answered.

The routes, fields and answers are those of X's OpenAPI file (`/2/dm_events`, `/2/dm_conversations/…`); groups aren't
there. https://docs.x.com/x-api/direct-messages/lookup/introduction.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.public import Medium, Person
from bot.sandbox.storage import Row, row, rows
from bot.sandbox.x import shapes
from bot.sandbox.x.auth import Caller
from bot.sandbox.x.problems import Problem, forbidden, invalid, lacks_permission, missing, plain
from bot.sandbox.x.service import X
from bot.sandbox.x.text import NETWORK, Rendered, put_link, short, typed
from bot.sandbox.x.timelines import token, untoken
from bot.sandbox.x.view import TWEET, Wanted, iso, listed, size

LENGTH = 10_000
KEPT = 30 * 86_400  # seconds for which `/2/dm_events` lists one; docs.x.com
TYPES = frozenset({"MessageCreate", "ParticipantsJoin", "ParticipantsLeave"})
READ, WRITE = "dm.read", "dm.write"
PERMISSIONS = frozenset({READ, WRITE})
ENDLESS = (1 << 63) - 1  # above every id
PICTURES = "/1.1/ton/data/dm"
# assumed: the sentences; that only those are written to who wrote themselves, as people set it who don't follow us.
UNWANTED = "You do not have permission to DM one or more participants."
SCHEMA = """
CREATE TABLE IF NOT EXISTS x_dm (
  id TEXT PRIMARY KEY, talk TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
  media TEXT NOT NULL DEFAULT '[]', at REAL NOT NULL, number INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS x_dm_talk ON x_dm (talk, number);
"""


def talk_of(one: str, other: str) -> str:
    """The id of a conversation between two: theirs, the smaller first."""
    return "-".join(sorted((one, other), key=int))


class Messages:
    """The routes, and what outsiders write. `withheld`: what each account's keys lack."""

    def __init__(self, x: X) -> None:
        self.x, self.public, self.db = x, x.public, x.sandbox.db
        self.db.executescript(SCHEMA)

    def mount(self, app: web.Application) -> None:
        """Add the routes; X's own limits for reading are shared by all that read (docs.x.com; sending: assumed)."""
        x, get, post = self.x, app.router.add_get, app.router.add_post
        get("/2/dm_events", x.route("dm read", self.every))
        get("/2/dm_events/{event_id}", x.route("dm read", self.show))
        get("/2/dm_conversations/with/{participant_id}/dm_events", x.route("dm read", self.between))
        get("/2/dm_conversations/{id}/dm_events", x.route("dm read", self.conversation))
        post("/2/dm_conversations/with/{participant_id}/messages", x.route("dm send", self.send))
        post("/2/dm_conversations/{dm_conversation_id}/messages", x.route("dm send", self.go_on))
        get(PICTURES + "/{event}/{medium}/{name}", self.picture)

    # Reading

    async def every(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/dm_events`: those of the last thirty days, ours too."""
        since = self.x.sandbox.now() - KEPT
        return self._page(request, caller, "(talk LIKE ? OR talk LIKE ?) AND at >= ?", *_mine(caller), since)

    async def between(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/dm_conversations/with/:participant_id/dm_events`."""
        return self._page(request, caller, "talk = ?", talk_of(caller.account, _participant(request)))

    async def conversation(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/dm_conversations/:id/dm_events`."""
        talk = request.match_info["id"]
        if not re.fullmatch("[0-9]{1,19}-[0-9]{1,19}|[0-9]{15,19}", talk):
            raise invalid(f"The `id` query parameter value [{talk}] is not valid", id=talk)
        if caller.account not in talk.split("-"):
            raise forbidden("You are not a participant of this conversation.")  # assumed: the sentence
        return self._page(request, caller, "talk = ?", talk)

    async def show(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/dm_events/:event_id`."""
        self._permit(caller, READ)
        want = _wanted(request.query, frozenset())
        ident = request.match_info["event_id"]
        if not re.fullmatch("[0-9]{1,19}", ident):
            raise invalid(f"The `event_id` query parameter value [{ident}] is not valid", event_id=ident)
        found = row(self.db, "SELECT * FROM x_dm WHERE id = ?", ident)
        if found is None or caller.account not in found["talk"].split("-"):
            return web.json_response({"errors": [missing("dm_event", "event_id", ident)]})
        self.x.costs.charge(caller.account, "dm read", ident)
        includes = self._includes([found], want)
        return web.json_response({"data": self._event(found, want), **({"includes": includes} if includes else {})})

    def _page(self, request: web.Request, caller: Caller, condition: str, *args: object) -> web.Response:
        self._permit(caller, READ)
        query = request.query
        want = _wanted(query, shapes.DM_PAGE)
        types = frozenset(query.get("event_types", ",".join(TYPES)).split(","))
        if types - TYPES:
            raise invalid(f"The `event_types` query parameter value is not one of [{','.join(sorted(TYPES))}]")
        most = size(query, 1, 100)
        below = min(untoken(query["pagination_token"]), ENDLESS) if "pagination_token" in query else ENDLESS
        asked = f"SELECT * FROM x_dm WHERE {condition} AND number < ? ORDER BY number DESC LIMIT ?"  # noqa: S608
        newest = rows(self.db, asked, *args, below, most + 1) if "MessageCreate" in types else []
        page = newest[:most]
        self.x.costs.charge(caller.account, "dm read", *(one["id"] for one in page))
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(newest) > most:
            meta["next_token"] = token(page[-1]["id"])
        answer: dict[str, Any] = {"data": [self._event(one, want) for one in page]} if page else {}
        if includes := self._includes(page, want):
            answer["includes"] = includes
        return web.json_response({**answer, "meta": meta})

    def _event(self, one: Row, want: Wanted) -> dict[str, Any]:
        text = self._text(one)
        keys = [self._medium(ident).extra["media_key"] for ident in json.loads(one["media"])]
        everything: dict[str, Any] = {
            "sender_id": one["author"],
            "created_at": iso(one["at"]),
            "dm_conversation_id": one["talk"],
            "participant_ids": one["talk"].split("-"),
        }
        if text.entities:
            everything["entities"] = text.entities
        if keys:
            everything["attachments"] = {"media_keys": keys}
        body = {"id": one["id"], "event_type": "MessageCreate", "text": text.text}
        return body | {name: value for name, value in everything.items() if name in want.shown}

    def _text(self, one: Row) -> Rendered:
        """Escaped, links wrapped; a picture is a link behind the words (assumed: as in API v1.1)."""
        out = Rendered()
        typed(self.public, out, one["text"], one["id"])
        for _ in json.loads(one["media"]):
            page = f"https://x.com/messages/media/{one['id']}"
            out.append(" " if out.text else "")
            put_link(out, short(page, one["id"]), page)
        return out

    def _includes(self, page: list[Row], want: Wanted) -> dict[str, Any]:
        users: dict[str, Person] = {}
        media: dict[str, dict[str, Any]] = {}
        for one in page:
            named = [one["author"]] if "sender_id" in want.expansions else []
            named += one["talk"].split("-") if "participant_ids" in want.expansions else []
            users |= {ident: self.public.person(NETWORK, ident) for ident in named}
            for ident in json.loads(one["media"]) if "attachments.media_keys" in want.expansions else ():
                medium = self._medium(ident)
                shown = self.x.view.medium(medium, want)
                if "url" in shown:
                    shown["url"] = f"{self.x.sandbox.url}{PICTURES}/{one['id']}/{ident}/{_file(medium)}"
                media[ident] = shown
        found = {"users": [self.x.view.user(one, want) for one in users.values()], "media": list(media.values())}
        return {name: values for name, values in found.items() if values}

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """One that came with a message: only for who is part of the conversation, by OAuth 1.0a
        (https://developer.x.com/en/docs/x-api/v1/direct-messages/message-attachments/guides/retrieving-media)."""
        ident, event = request.match_info["medium"], request.match_info["event"]
        found = row(self.db, "SELECT * FROM x_dm WHERE id = ?", event)
        if not request.headers.get("Authorization", "").startswith("OAuth "):
            return web.Response(status=401)
        try:
            caller = await self.x.auth.caller(request)
        except Problem as problem:
            return web.Response(status=problem.status)
        if found is None or caller.account not in found["talk"].split("-") or ident not in json.loads(found["media"]):
            return web.Response(status=404)
        medium = self._medium(ident)
        return web.Response(body=medium.bytes, content_type=medium.type)

    # Writing

    async def send(self, request: web.Request, caller: Caller) -> web.Response:
        """`POST /2/dm_conversations/with/:participant_id/messages`."""
        return await self._send(request, caller, _participant(request))

    async def go_on(self, request: web.Request, caller: Caller) -> web.Response:
        """`POST /2/dm_conversations/:dm_conversation_id/messages`."""
        both = request.match_info["dm_conversation_id"].split("-")
        others = [one for one in both if one != caller.account]
        if len(both) != 2 or len(others) != 1:
            raise plain(404, "Not Found")
        return await self._send(request, caller, others[0])

    async def _send(self, request: web.Request, caller: Caller, person: str) -> web.Response:
        self._permit(caller, WRITE)
        body = await self.x.body(request, shapes.DM)
        text, attached = body.get("text", "").strip(), body.get("attachments", [])
        if not text and not attached:
            raise invalid("$.text: is missing but it is required", text="")
        if len(text) > LENGTH:
            raise invalid(f"$.text: may only be {LENGTH} characters long", text=text)
        if len(attached) > 1:  # docs.x.com: one, for now
            raise invalid("$.attachments: there must be between 0 and 1 items in the array")
        media = tuple(self._attached(one["media_id"], caller) for one in attached)
        talk = talk_of(caller.account, person)
        if person == caller.account or not row(
            self.db, "SELECT 1 FROM x_dm WHERE talk = ? AND author = ?", talk, person
        ):
            raise forbidden(UNWANTED)
        kept = self.keep(talk, caller.account, text, media)
        self.x.costs.charge(caller.account, "dm sent", kept["id"])
        return web.json_response({"data": {"dm_conversation_id": talk, "dm_event_id": kept["id"]}}, status=201)

    def _attached(self, ident: str, caller: Caller) -> str:
        found, now = self.public.medium(ident), self.x.sandbox.now()
        ready = found is not None and found.network == NETWORK and found.account == caller.account
        if not ready or found is None or not found.extra.get("ready", now + 1) <= now < found.extra["expires"]:
            raise invalid("Your media IDs are invalid.", **{"attachments.media_id": ident})
        return ident

    def keep(self, talk: str, author: str, text: str, media: tuple[str, ...] = ()) -> Row:
        """One more message."""
        now = self.x.sandbox.now()
        ident = self.x.new_id(now)
        values = (ident, talk, author, text, json.dumps(media), now, int(ident))
        self.db.execute("INSERT INTO x_dm (id, talk, author, text, media, at, number) VALUES (?,?,?,?,?,?,?)", values)
        self.x.sandbox.changes.tell("public", NETWORK)
        kept = row(self.db, "SELECT * FROM x_dm WHERE id = ?", ident)
        assert kept is not None
        return kept

    # From outside

    def all(self, account: str) -> list[dict[str, Any]]:
        """Every conversation as the audience sees it, oldest first."""
        asked = "SELECT * FROM x_dm WHERE talk LIKE ? OR talk LIKE ? ORDER BY number"
        found: dict[str, list[dict[str, Any]]] = {}
        for one in rows(self.db, asked, *_ends(account)):
            said = {"id": one["id"], "by_account": one["author"] == account, "text": one["text"], "at": one["at"]}
            (person,) = [each for each in one["talk"].split("-") if each != account]
            found.setdefault(person, []).append(said | {"media": json.loads(one["media"])})
        return [
            {"person": self.public.person(NETWORK, person).name, "messages": said} for person, said in found.items()
        ]

    def _medium(self, ident: str) -> Medium:
        medium = self.public.medium(ident)
        assert medium is not None
        return medium

    def _permit(self, caller: Caller, scope: str) -> None:
        if scope in self.x.withheld.get(caller.account, frozenset()):
            raise lacks_permission(caller.kind)


def _participant(request: web.Request) -> str:
    ident = request.match_info["participant_id"]
    if not re.fullmatch("[0-9]{1,19}", ident):
        raise invalid(f"The `participant_id` query parameter value [{ident}] is not valid", participant_id=ident)
    return ident


def _ends(account: str) -> tuple[str, str]:
    """The two forms of the id of a conversation with an account."""
    return f"{account}-%", f"%-{account}"


def _mine(caller: Caller) -> tuple[str, str]:
    return _ends(caller.account)


def _file(medium: Medium) -> str:
    return f"{medium.id}.{medium.type.partition('/')[2]}"


def _wanted(query: Mapping[str, str], more: frozenset[str]) -> Wanted:
    """Raises Problem 400 for a parameter or a value that X doesn't know here."""
    allowed = shapes.DM_SHOW | more
    for name in query:
        if name not in allowed:
            known = ",".join(sorted(allowed))
            raise invalid(f"The query parameter [{name}] is not one of [{known}]", **{name: query[name]})
    return Wanted(
        TWEET,
        listed(query, "dm_event.fields", shapes.DM_FIELDS),
        listed(query, "user.fields", shapes.USER_FIELDS),
        listed(query, "media.fields", shapes.MEDIA_FIELDS),
        listed(query, "expansions", shapes.DM_EXPANSIONS),
    )

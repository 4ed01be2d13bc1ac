"""The practice network: the simplest honest API, idempotent by key, with readers who answer by themselves.

It runs inside the sandbox and, alone, beside a bot on a real workspace. Times are ISO 8601 in UTC. Errors are
`{error, message}`: 401 unauthorized, 404 not_found, 409 key_reused, 422 invalid.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox import readers
from bot.sandbox.context import Changes
from bot.sandbox.pages import page
from bot.sandbox.pictures import Picture
from bot.sandbox.practice_wire import Refused, checked_media, checked_text, iso, json_object, sound
from bot.sandbox.public import Item, Medium, Person, Public
from bot.sandbox.storage import open_db, packed, row, together

NETWORK = "practice"
INBOX_PAGE = 50
SENT_PAGE = 100
KEYS = {"key", "text", "media", "reply_to"}


class Quiet:
    """Tells nobody; for the practice network alone."""

    def tell(self, topic: str, key: str = "") -> None:
        """Nothing listens."""


class Practice:
    """One network. tokens: bearer key by account id. with_readers: simulated people comment on new posts."""

    def __init__(
        self,
        public: Public,
        tokens: Mapping[str, str],
        url: str,
        *,
        names: Mapping[str, str] | None = None,
        with_readers: bool = True,
    ) -> None:
        self.public, self.tokens, self.url, self.with_readers = public, dict(tokens), url, with_readers
        public.know(NETWORK, (Person(ident, ident, (names or {}).get(ident, ident.capitalize())) for ident in tokens))
        public.db.executescript(
            """
            CREATE TABLE IF NOT EXISTS practice_keys (
              account TEXT, key TEXT, fingerprint TEXT, item TEXT, PRIMARY KEY (account, key));
            CREATE TABLE IF NOT EXISTS practice_expired (account TEXT PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS practice_numbers (n INTEGER PRIMARY KEY AUTOINCREMENT);
            """
        )

    def mount(self, app: web.Application) -> None:
        """Add /practice/*."""
        base = "/practice/accounts/{account}"
        add = app.router.add_route
        add("GET", base, self._guarded(self.whoami))
        add("POST", base + "/posts", self._guarded(self.create))
        add("GET", base + "/posts", self._guarded(self.list))
        add("GET", base + "/posts/{id}", self._guarded(self.show))
        add("PUT", base + "/posts/{id}", self._guarded(self.change))
        add("DELETE", base + "/posts/{id}", self._guarded(self.delete))
        add("POST", base + "/posts/{id}/hide", self._guarded(self.hide))
        add("POST", base + "/posts/{id}/like", self._guarded(self.like))
        add("GET", base + "/sent", self._guarded(self.sent))
        add("GET", base + "/inbox", self._guarded(self.inbox))
        add("GET", "/practice/posts/{id}", self.read)
        add("GET", "/practice/media/{id}", self.media)

    def _guarded(self, handler: Callable[[web.Request, str], Any]) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                scheme, _, given = request.headers.get("Authorization", "").partition(" ")
                account = self._named(request.match_info["account"], given)
                right = self.tokens.get(account, "")
                known = right and scheme.lower() == "bearer" and hmac.compare_digest(_raw(given), right.encode())
                if not known or row(self.public.db, "SELECT 1 FROM practice_expired WHERE account = ?", account):
                    raise Refused(401, "unauthorized", "The key doesn't open this account.")
                status, body = await handler(request, account)
            except Refused as refused:
                status, body = refused.status, {"error": refused.error, "message": refused.message}
            return web.json_response(body, status=status)

        return answer

    def _named(self, account: str, key: str) -> str:
        """`me` is the account that the key opens."""
        if account != "me":
            return account
        mine = (one for one, right in self.tokens.items() if hmac.compare_digest(_raw(key), right.encode()))
        return next(mine, account)

    def new_id(self, letter: str) -> str:
        """Short ids that count up: p1, p2; m1 for media."""
        cursor = self.public.db.execute("INSERT INTO practice_numbers DEFAULT VALUES")
        return f"{letter}{cursor.lastrowid}"

    # The account's side

    async def whoami(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`GET /practice/accounts/{id}`."""
        who = self.public.person(NETWORK, account)
        return 200, {"id": who.id, "name": who.name, "url": f"{self.url}/practice/accounts/{who.id}"}

    async def create(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`POST …/posts {key, text, media, reply_to}`: the same key and content again is the same post."""
        body = await json_object(request)
        if unknown := body.keys() - KEYS:
            raise Refused(422, "invalid", f"unknown: {', '.join(sorted(unknown))}")
        key = body.get("key")
        if not isinstance(key, str) or not 1 <= len(key) <= 200 or not sound(key):
            raise Refused(422, "invalid", "key must be a string of 1 to 200 characters")
        fingerprint = hashlib.sha256(packed(sorted(body.items())).encode()).hexdigest()
        used = row(self.public.db, "SELECT * FROM practice_keys WHERE account = ? AND key = ?", account, key)
        if used and used["fingerprint"] != fingerprint:
            raise Refused(409, "key_reused", "this key was used for another content")
        if used:
            return 200, self._drawn(self._any(used["item"]))
        text = checked_text(body.get("text", ""))
        pictures = self._pictures(body.get("media", []), account)
        if not text and not pictures:
            raise Refused(422, "invalid", "text or media is needed")
        answered = self._reply_to(body.get("reply_to"), account)
        with together(self.public.db):
            for medium in pictures:
                self.public.keep_medium(medium)
            item = self._add(account, answered, account, text, self.public.now(), "post", pictures, {"key": key})
            self.public.db.execute("INSERT INTO practice_keys VALUES (?,?,?,?)", (account, key, fingerprint, item.id))
            if self.with_readers and answered is None:
                for author, words, after in readers.answers(item.id):
                    self.comment(account, item, self.public.outsider(NETWORK, author), words, item.at + after)
        return 201, self._drawn(item)

    def _reply_to(self, given: object, account: str) -> Item | None:
        if given is None:
            return None
        item = self.public.find(NETWORK, str(given))
        if item is None or item.account != account:
            raise Refused(404, "not_found", "what is answered isn't there")
        return item

    def _pictures(self, given: object, account: str) -> list[Medium]:
        found = []
        for fields, data, picture in checked_media(given):
            size = {"width": picture.width, "height": picture.height} if picture else {}
            kind = picture.type if picture else "image/png"
            name, alt = fields.get("name", ""), fields.get("alt", "")
            found.append(Medium(self.new_id("m"), NETWORK, account, name, kind, data, alt, self.public.now(), size))
        return found

    def _add(
        self,
        account: str,
        answered: Item | None,
        author: str,
        text: str,
        at: float,
        top: str,
        pictures: list[Medium],
        extra: dict[str, Any],
    ) -> Item:
        ident = self.new_id("p")
        return self.public.add(
            Item(
                network=NETWORK,
                id=ident,
                account=account,
                kind="comment" if answered else top,
                author=author,
                text=text,
                at=at,
                parent=answered.id if answered else None,
                root=answered.root if answered else ident,
                media=tuple(medium.id for medium in pictures),
                extra=extra,
            )
        )

    def _any(self, ident: str) -> Item:
        return self.public.where("network = ? AND id = ?", NETWORK, ident, future=True, deleted=True)[0]

    def _drawn(self, item: Item) -> dict[str, Any]:
        media = []
        for ident in item.media:
            medium = self.public.medium(ident)
            assert medium is not None
            media.append({"name": medium.name, "alt": medium.alt, "url": f"{self.url}/practice/media/{ident}"})
        return {
            "id": item.id,
            "url": f"{self.url}/practice/posts/{item.id}",
            "text": item.text,
            "at": iso(item.at),
            "media": media,
            "key": item.extra.get("key"),
            "reply_to": item.parent,
            "deleted": item.deleted,
            "replies": len(self.public.replies(item)),
        }

    async def list(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`GET …/posts` newest first, replies included; `?key=` finds the one with that key."""
        key = request.query.get("key")
        items = self.public.where("network = ? AND author = ?", NETWORK, account, order="at DESC, n DESC")
        return 200, {"posts": [self._drawn(one) for one in items if key is None or one.extra.get("key") == key]}

    async def sent(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`GET …/sent?after=`: what the account itself wrote, in order; without `after` nothing but where it ends."""
        after = request.query.get("after")
        if after is not None and not after.isdigit():
            raise Refused(422, "invalid", "after isn't a cursor")
        own = "network = ? AND author = ?"
        if after is None:
            newest = self.public.where(own, NETWORK, account, order="n DESC", limit=1)
            return 200, {"items": [], "cursor": str(newest[0].n) if newest else "0"}
        items = self.public.where(f"{own} AND n > ?", NETWORK, account, int(after), order="n", limit=SENT_PAGE)
        return 200, {"items": [self._drawn(one) for one in items], "cursor": str(items[-1].n) if items else after}

    def _item(self, request: web.Request, account: str, *, own: bool) -> Item:
        item = self.public.find(NETWORK, request.match_info["id"])
        if item is None or item.account != account or (own and item.author != account):
            raise Refused(404, "not_found", "there is no such post")
        return item

    async def show(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`GET …/posts/{id}`."""
        return 200, self._drawn(self._item(request, account, own=True))

    async def change(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`PUT …/posts/{id} {text}`."""
        item = self._item(request, account, own=True)
        return 200, self._drawn(
            self.public.write(item, text=checked_text((await json_object(request)).get("text", "")))
        )

    async def delete(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`DELETE …/posts/{id}`: one's own post, or anybody's comment below it."""
        self.public.delete(self._item(request, account, own=False), below=True)
        return 200, {"deleted": True}

    async def hide(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`POST …/posts/{id}/hide {hidden}`: somebody else's comment."""
        item = self._item(request, account, own=False)
        hidden = (await json_object(request)).get("hidden")
        if not isinstance(hidden, bool) or item.author == account:
            raise Refused(422, "invalid", "hidden must be true or false, of somebody else's comment")
        self.public.write(item, hidden=int(hidden))
        return 200, {"hidden": hidden}

    async def like(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`POST …/posts/{id}/like {liked}`: somebody else's comment."""
        item = self._item(request, account, own=False)
        liked = (await json_object(request)).get("liked")
        if not isinstance(liked, bool) or item.author == account:
            raise Refused(422, "invalid", "liked must be true or false, of somebody else's comment")
        likers = [one for one in item.extra.get("liked_by", []) if one != account] + ([account] if liked else [])
        self.public.note(item, extra={**item.extra, "liked_by": likers})
        return 200, {"liked": liked}

    async def inbox(self, request: web.Request, account: str) -> tuple[int, dict[str, Any]]:
        """`GET …/inbox?after=` or `?since=`: what others wrote, changed or took back, in the order in which it
        happened; `since` is a moment in ISO 8601 with its zone."""
        after = request.query.get("after", "")
        changed, _, n = after.partition("~")
        try:
            start = (float(changed), int(n)) if after else (_moment(request.query.get("since")), 0)
        except ValueError:
            raise Refused(422, "invalid", "after isn't a cursor, or since no moment") from None
        found = self.public.where(
            "network = ? AND account = ? AND author <> ? AND (changed > ? OR (changed = ? AND n > ?)) AND changed <= ?",
            *(NETWORK, account, account, start[0], start[0], start[1], self.public.now()),
            order="changed, n",
            limit=INBOX_PAGE + 1,
            deleted=True,
        )
        items = found[:INBOX_PAGE]
        cursor = f"{items[-1].changed!r}~{items[-1].n}" if items else after
        return 200, {
            "items": [self._received(one) for one in items],
            "cursor": cursor,
            "more": len(found) > INBOX_PAGE,
        }

    def _received(self, item: Item) -> dict[str, Any]:
        who = self.public.person(NETWORK, item.author)
        return {
            "id": item.id,
            "kind": item.kind,
            "author": {"id": who.id, "name": who.name},
            "text": item.text,
            "at": iso(item.at),
            "post": item.root,
            "reply_to": item.parent,
            "hidden": item.hidden,
            "edited": bool(item.extra.get("edited")),
            "deleted": item.deleted,
            "changed": iso(item.changed),
            "media": [{"url": f"{self.url}/practice/media/{ident}"} for ident in item.media],
            "url": f"{self.url}/practice/posts/{item.root}",
        }

    # Everybody's side

    async def read(self, request: web.Request) -> web.StreamResponse:
        """`GET /practice/posts/{id}`: the page that a permalink opens."""
        item = self.public.find(NETWORK, request.match_info["id"])
        if item is None:
            return web.Response(status=404, text="Esta publicación ya no existe.")
        text = page(self.public, item, lambda ident: f"{self.url}/practice/media/{ident}")
        return web.Response(text=text, content_type="text/html")

    async def media(self, request: web.Request) -> web.StreamResponse:
        """`GET /practice/media/{id}`."""
        medium = self.public.medium(request.match_info["id"])
        if medium is None or medium.network != NETWORK:
            return web.Response(status=404)
        return web.Response(body=medium.bytes, content_type=medium.type)

    def comment(
        self, account: str, answered: Item | None, author: Person, text: str, at: float, media: tuple[str, ...] = ()
    ) -> Item:
        """An outsider writes."""
        pictures = [medium for ident in media if (medium := self.public.medium(ident))]
        return self._add(account, answered, author.id, text, at, "mention", pictures, {})

    def picture(self, account: str, data: bytes, size: Picture, name: str, alt: str) -> str:
        """An outsider's picture."""
        ident, now = self.new_id("m"), self.public.now()
        extra = {"width": size.width, "height": size.height}
        self.public.keep_medium(Medium(ident, NETWORK, account, name, size.type, data, alt, now, extra))
        return ident

    def publish(self, account: str, answered: Item | None, text: str, at: float) -> Item:
        """Somebody else who has the account writes."""
        return self._add(account, answered, account, text, at, "post", [], {})

    def edit(self, item: Item, text: str) -> Item:
        """An outsider changes the words; the inbox shows it again."""
        return self.public.write(item, text=text, extra={**item.extra, "edited": True})

    def remove(self, item: Item) -> None:
        """An outsider takes it back; the inbox shows it again."""
        self.public.delete(item, below=True)

    def expire(self, account: str, restore: bool, at: float | None = None) -> None:
        """The key stops opening the account, or opens it again."""
        one = "DELETE FROM practice_expired WHERE account = ?"
        self.public.db.execute(one if restore else "INSERT OR IGNORE INTO practice_expired VALUES (?)", (account,))


def _moment(given: str | None) -> float:
    """Seconds since the epoch; without one, the beginning. Raises ValueError."""
    if given is None:
        return 0.0
    at = datetime.fromisoformat(given)
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return at.timestamp()


def _raw(header: str) -> bytes:
    """A header's bytes, though they aren't UTF-8."""
    return header.encode("utf-8", "surrogateescape")


def build_practice(
    db_path: Path | str,
    token_by_account: Mapping[str, str],
    *,
    url: str,
    names: Mapping[str, str] | None = None,
    with_readers: bool = True,
    now: Callable[[], float] = time.time,
) -> web.Application:
    """The practice network alone, with a database of its own. `url`: where it listens, for permalinks."""
    changes: Changes = Quiet()
    public = Public(open_db(db_path), now, changes)
    app = web.Application(client_max_size=64 << 20)
    Practice(public, token_by_account, url, names=names, with_readers=with_readers).mount(app)

    async def close(_: web.Application) -> None:
        public.db.close()

    app.on_cleanup.append(close)
    return app

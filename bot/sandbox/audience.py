"""The outside public over HTTP: reads the timelines as a reader would, and comments on them (`/audience/*`).

Shapes: `GET /audience/posts?account=` -> `{posts, mentions}`; writes answer `{ok, id, …}`, or with status 400 or
404 `{ok: false, error}`. Times are seconds since the epoch.
"""

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox import world
from bot.sandbox.facebook.outside import FacebookOutside
from bot.sandbox.outside import Outside
from bot.sandbox.pages import page
from bot.sandbox.pictures import measure
from bot.sandbox.public import Item, Public
from bot.sandbox.storage import rows, together
from bot.sandbox.storm import voices
from bot.sandbox.x.outside import XOutside

MAX_STORM = 100_000
BATCH = 100


class Wrong(Exception):
    """A request that can't be done; the message is for the person who tests."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Audience:
    """networks: how outsiders act, by network. costs: what reading and writing cost so far."""

    def __init__(
        self,
        public: Public,
        accounts: tuple[world.Account, ...],
        networks: Mapping[str, Outside],
        url: str,
        costs: Callable[[], dict[str, Any]],
    ) -> None:
        self.public, self.accounts, self.networks = public, accounts, networks
        self.url, self.costs_now = url, costs

    def mount(self, app: web.Application) -> None:
        """Add the routes and the readable pages behind permalinks."""
        get, post = app.router.add_get, app.router.add_post
        get("/audience/posts", _safe(self.posts))
        get("/audience/private", _safe(self.private))
        get("/audience/costs", _safe(self.costs))
        get("/audience/media/{id}", self.media)
        post("/audience/comment", _safe(self.comment))
        post("/audience/message", _safe(self.message))
        post("/audience/withhold", _safe(self.withhold))
        post("/audience/publish", _safe(self.publish))
        post("/audience/edit", _safe(self.edit))
        post("/audience/delete", _safe(self.delete))
        post("/audience/storm", _safe(self.storm))
        post("/audience/expire", _safe(self.expire))
        get("/{network:x|facebook}/{handle}/status/{id}", self.read)
        get("/{network:x|facebook}/{handle}/posts/{id}", self.read)

    # Finding

    def account(self, given: object) -> world.Account:
        """By id, `network:handle`, or a handle or name that only one account has."""
        text = str(given or "").strip()
        network, _, handle = text.partition(":")
        for one in self.accounts:
            if text == one.id or (network == one.network and handle in (one.handle, one.id)):
                return one
        low = text.lower().removeprefix("@")
        same = [one for one in self.accounts if low in (one.handle.lower(), one.name.lower())]
        if len(same) == 1:
            return same[0]
        known = ", ".join(f"{one.network}:{one.handle}" for one in same or self.accounts)
        raise Wrong(f"account {text!r} is {'not unique' if same else 'unknown'}; one of: {known}", 400 if same else 404)

    def item(self, account: world.Account, given: object) -> Item:
        """Something on the account's timeline, by any id that it had."""
        found = self.public.by_any_id(account.network, str(given))
        if found is None or found.account != account.id:
            raise Wrong(f"there is no {given!r} on {account.network}:{account.handle}", 404)
        return found

    # Reading

    async def posts(self, request: web.Request) -> dict[str, Any]:
        """Public now, newest first; a reply only under what it answers."""
        account = self.account(request.query.get("account"))
        below = self._below(account)

        def of(kind: str) -> list[dict[str, Any]]:
            newest = self.public.where(
                "network = ? AND account = ? AND kind = ? AND published",
                *(account.network, account.id, kind),
                order="at DESC, n DESC",
            )
            return [self._top(one, account, below) for one in newest]

        return {"posts": of("post"), "mentions": of("mention") + of("quote")}

    def _below(self, account: world.Account) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        for item in self.public.where(
            "network = ? AND account = ? AND parent IS NOT NULL", account.network, account.id
        ):
            found.setdefault(str(item.parent), []).append(item)
        return found

    def _top(self, item: Item, account: world.Account, below: dict[str, list[Item]]) -> dict[str, Any]:
        drawn = {"account": account.id, **self._reply(item, account, below)}
        link = {"link": item.extra["link"]} if "link" in item.extra else {}
        return {**drawn, "permalink": self.permalink(item), **link}

    def _reply(self, item: Item, account: world.Account, below: dict[str, list[Item]]) -> dict[str, Any]:
        return {
            "id": item.latest,
            "author": self.public.person(item.network, item.author).name,
            "by_account": item.author == account.id,
            "text": item.text,
            "media": [self._medium(ident) for ident in item.media],
            "at": item.at,
            "hidden": item.hidden,
            "liked": account.id in item.extra.get("liked_by", []),
            "replies": [self._reply(one, account, below) for one in below.get(item.id, [])],
        }

    def _medium(self, ident: str) -> dict[str, Any]:
        medium = self.public.medium(ident)
        assert medium is not None
        url = f"{self.url}/audience/media/{ident}" if medium.bytes else None
        return {"id": ident, "alt": medium.alt, "name": medium.name, "type": medium.type, "url": url}

    def permalink(self, item: Item) -> str:
        """A page of the sandbox on which it can be read."""
        if item.network == "practice":
            return f"{self.url}/practice/posts/{item.id}"
        handle = self.public.person(item.network, item.author).handle
        word = "status" if item.network == "x" else "posts"
        return f"{self.url}/{item.network}/{handle}/{word}/{item.id}"

    async def private(self, request: web.Request) -> dict[str, Any]:
        """`GET /audience/private?account=`: what outsiders were told in private about their comments, and the
        conversations of the account's inbox, oldest first (an addition)."""
        account = self.account(request.query.get("account"))
        network = self.networks[account.network]
        if not isinstance(network, FacebookOutside | XOutside):
            return {"messages": [], "conversations": []}
        asked = "SELECT * FROM facebook_messages WHERE page = ? ORDER BY at"
        found = rows(self.public.db, asked, account.id) if isinstance(network, FacebookOutside) else []
        for one in found:
            one["recipient"] = self.public.person("facebook", one["recipient"]).name
        talks = network.messages.all(account.id)
        for said in (message for talk in talks for message in talk["messages"]):
            said["media"] = [self._medium(ident) for ident in said["media"]]
        return {"messages": found, "conversations": talks}

    async def costs(self, request: web.Request) -> dict[str, Any]:
        """`GET /audience/costs`: dollars by network (an addition)."""
        return self.costs_now()

    async def media(self, request: web.Request) -> web.StreamResponse:
        """`GET /audience/media/{id}`: the bytes as the network received them."""
        medium = self.public.medium(request.match_info["id"])
        if medium is None or not medium.bytes:
            return web.Response(status=404)
        return web.Response(body=medium.bytes, content_type=medium.type, headers={"Cache-Control": "no-store"})

    async def read(self, request: web.Request) -> web.StreamResponse:
        """The page behind a permalink."""
        network, ident = request.match_info["network"], request.match_info["id"]
        found = self.public.by_any_id(network, ident)
        if found is None or not found.published:
            return web.Response(status=404, text="Esta publicación ya no existe.")
        text = page(self.public, found, lambda one: f"/audience/media/{one}")
        return web.Response(text=text, content_type="text/html")

    # Writing

    async def comment(self, request: web.Request) -> dict[str, Any]:
        """`{account, post?, author, text}`: under a post or a comment; without one, a mention. `quote` in place of
        `post` (an addition): the outsider's own post on X that shows it. `picture` (an addition): `{name, base64,
        alt?}`, with or without a text."""
        body = await _body(request, {"account", "post", "quote", "author", "text", "picture"})
        account = self.account(body.get("account"))
        answered = self.item(account, body["post"]) if body.get("post") else None
        author = self.public.outsider(account.network, _words(body, "author"))
        network = self.networks[account.network]
        if body.get("quote"):
            if not isinstance(network, XOutside):
                raise Wrong("only posts on X can be quoted")
            shown = self.item(account, body["quote"])
            made = network.quote(account.id, shown, author, _words(body, "text"), self.public.now())
            return {"ok": True, "id": made.latest, "author": author.name, "text": made.text, "at": made.at}
        media = self._picture(account, body["picture"]) if body.get("picture") else ()
        text = str(body.get("text") or "").strip() if media else _words(body, "text")
        made = network.comment(account.id, answered, author, text, self.public.now(), media)
        return {"ok": True, "id": made.latest, "author": author.name, "text": made.text, "at": made.at}

    def _picture(self, account: world.Account, given: object) -> tuple[str, ...]:
        """Kept as the network would; its id."""
        if not isinstance(given, dict) or given.keys() - {"name", "base64", "alt"}:
            raise Wrong("picture must be {name, base64, alt?}")
        try:
            data = base64.b64decode(str(given.get("base64")), validate=True)
        except ValueError:
            data = b""
        size = measure(data)
        if size is None:
            raise Wrong("picture.base64 must be a PNG, JPEG, GIF or WebP")
        name, alt = str(given.get("name") or "foto"), str(given.get("alt") or "")
        return (self.networks[account.network].picture(account.id, data, size, name, alt),)

    async def message(self, request: web.Request) -> dict[str, Any]:
        """`{account, author, text, picture?}`: a private message (an addition), where accounts have an inbox."""
        body = await _body(request, {"account", "author", "text", "picture"})
        account = self.account(body.get("account"))
        network = self.networks[account.network]
        if not isinstance(network, FacebookOutside | XOutside):
            raise Wrong("only pages on Facebook and accounts on X take private messages")
        author = self.public.outsider(account.network, _words(body, "author"))
        media = self._picture(account, body["picture"]) if body.get("picture") else ()
        text = str(body.get("text") or "").strip() if media else _words(body, "text")
        return {"ok": True, "id": network.write(account.id, author, text, media), "author": author.name, "text": text}

    async def withhold(self, request: web.Request) -> dict[str, Any]:
        """`{account, scopes}`: the account's people gave the app everything but these permissions (an addition); on X
        `dm.read` and `dm.write`."""
        body = await _body(request, {"account", "scopes"})
        account, scopes = self.account(body.get("account")), body.get("scopes")
        network = self.networks[account.network]
        if not isinstance(network, FacebookOutside | XOutside) or not isinstance(scopes, list):
            raise Wrong("only Facebook's and X's permissions can be withheld; scopes is a list of their names")
        try:
            network.withhold(account.id, [str(scope) for scope in scopes])
        except ValueError as error:
            raise Wrong(str(error)) from error
        return {"ok": True}

    async def publish(self, request: web.Request) -> dict[str, Any]:
        """`{account, text, post?}`: somebody who has the account's password writes there (an addition)."""
        body = await _body(request, {"account", "post", "text"})
        account = self.account(body.get("account"))
        answered = self.item(account, body["post"]) if body.get("post") else None
        made = self.networks[account.network].publish(account.id, answered, _words(body, "text"), self.public.now())
        return {"ok": True, "id": made.latest, "text": made.text, "at": made.at}

    async def edit(self, request: web.Request) -> dict[str, Any]:
        """`{account, id, text}` (the id may also be called `comment` or `post`): an outsider changes the words."""
        body = await _body(request, {"account", "id", "comment", "post", "author", "text"})
        account, item = self._outsiders(body)
        changed = self.networks[account.network].edit(item, _words(body, "text"))
        return {"ok": True, "id": changed.latest, "text": changed.text}

    async def delete(self, request: web.Request) -> dict[str, Any]:
        """`{account, id}`: an outsider takes it back."""
        body = await _body(request, {"account", "id", "comment", "post", "author"})
        account, item = self._outsiders(body)
        self.networks[account.network].remove(item)
        return {"ok": True, "id": item.latest}

    def _outsiders(self, body: dict[str, Any]) -> tuple[world.Account, Item]:
        account = self.account(body.get("account"))
        item = self.item(account, body.get("id") or body.get("comment") or body.get("post"))
        if item.author == account.id:
            raise Wrong("that was written by the account, not by an outsider")
        return account, item

    async def storm(self, request: web.Request) -> dict[str, Any]:
        """`{account, post?, count, seconds, alike?}`: comments of many people, spread evenly over the seconds to come.

        With `alike`, from 0 to 1, that share of them says nearly the same, and each of the others something else.
        """
        body = await _body(request, {"account", "post", "count", "seconds", "alike"})
        account = self.account(body.get("account"))
        answered = self.item(account, body["post"]) if body.get("post") else None
        count, seconds = body.get("count"), body.get("seconds", 0)
        if type(count) is not int or not 1 <= count <= MAX_STORM:
            raise Wrong(f"count must be between 1 and {MAX_STORM}")
        if not isinstance(seconds, int | float) or seconds < 0:
            raise Wrong("seconds must be a number")
        alike = body.get("alike")
        if alike is not None and (not isinstance(alike, int | float) or not 0 <= alike <= 1):
            raise Wrong("alike must be a number from 0 to 1")
        network, now = self.networks[account.network], self.public.now()
        ids: list[str] = []
        spoken = list(enumerate(voices(count, alike)))
        for begin in range(0, count, BATCH):
            with together(self.public.db):
                for number, (name, text) in spoken[begin : begin + BATCH]:
                    author = self.public.outsider(account.network, name)
                    at = now + seconds * number / count
                    ids.append(network.comment(account.id, answered, author, text, at).latest)
            await asyncio.sleep(0)  # others are served between two batches
        return {"ok": True, "count": count, "ids": ids}

    async def expire(self, request: web.Request) -> dict[str, Any]:
        """`{account, restore?}`: the account's credentials stop working; with `at`, only then (an addition)."""
        body = await _body(request, {"account", "restore", "at"})
        account = self.account(body.get("account"))
        if "at" in body:
            if account.network != "facebook" or not isinstance(body["at"], int | float):
                raise Wrong("only tokens of Facebook pages have an end; at is in seconds since the epoch")
            self.networks[account.network].expire(account.id, True, float(body["at"]))
            return {"ok": True}
        self.networks[account.network].expire(account.id, bool(body.get("restore")))
        return {"ok": True}


def _safe(handler: Callable[[web.Request], Any]) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await handler(request))
        except Wrong as wrong:
            return web.json_response({"ok": False, "error": str(wrong)}, status=wrong.status)

    return answer


async def _body(request: web.Request, known: set[str]) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Wrong("the body must be a JSON object")
    if unknown := body.keys() - known:
        raise Wrong(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    return body


def _words(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"{name} must be words")
    return value.strip()

"""Creating, editing, deleting, hiding and looking up posts on X."""

import re
import unicodedata
from typing import Any

from aiohttp import web

from bot.sandbox.public import Item
from bot.sandbox.x import shapes
from bot.sandbox.x.auth import Caller
from bot.sandbox.x.problems import Problem, forbidden, invalid, missing, not_enrolled, plain
from bot.sandbox.x.service import X
from bot.sandbox.x.text import CASHTAG, NETWORK, answered, mentioned, render
from bot.sandbox.x.view import EDIT_WINDOW, EDITS, wanted
from bot.sandbox.x.weight import LIMIT, links, weigh

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
DUPLICATE_WINDOW = 86_400  # assumed: the real window is undocumented
# assumed: the sentences; the live bodies of these refusals weren't seen.
TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://github.com/twitter/twitter-text."
)
UNSUMMONED = "You can only reply to or quote posts where you are mentioned or are the author."
# assumed: what a self-serve app may not use.
PAID_TIERS = ("community_id", "for_super_followers_only", "nullcast", "share_with_followers")


class Posts:
    """The routes under /2/tweets."""

    def __init__(self, x: X) -> None:
        self.x, self.public = x, x.public

    def mount(self, app: web.Application) -> None:
        """Add the routes."""
        x = self.x
        app.router.add_post("/2/tweets", x.route("post", self.create))
        app.router.add_get("/2/tweets", x.route("tweet", self.show_many, app_only=True))
        app.router.add_get("/2/tweets/{id}", x.route("tweet", self.show, app_only=True))
        app.router.add_delete("/2/tweets/{id}", x.route("delete", self.delete))
        app.router.add_put("/2/tweets/{id}/hidden", x.route("hide", self.hide))

    async def create(self, request: web.Request, caller: Caller) -> web.Response:
        """`POST /2/tweets`: checks in the order in which X is known or assumed to make them."""
        body = await self.x.body(request, shapes.CREATE)
        text = unicodedata.normalize("NFC", body.get("text", "")).strip()
        media = list(body.get("media", {}).get("media_ids", []))
        if not text and not media and "poll" not in body:
            raise invalid("Your Tweet text must not be empty unless media is attached.", text="")
        if media and "poll" in body:
            raise invalid("Exactly one of media and poll may be provided.", media=media)
        for name in PAID_TIERS:
            if body.get(name):
                raise not_enrolled(f"This app may not use {name}.")
        if weigh(text) > LIMIT:
            raise invalid(TOO_LONG, text=text)
        if len({tag.lower() for tag in CASHTAG.findall(text)}) > 1:
            raise forbidden("You can only include one cashtag in a post.")  # assumed: the sentence
        edited = self._edited(body, caller)
        parent = self._parent(body, caller)
        quoted = self._summoned(body["quote_tweet_id"], caller) if "quote_tweet_id" in body else None
        self._usable(media, caller)
        item = self._draft(body, caller, text, media, parent)
        if quoted:
            item.extra["quoted"] = quoted.latest
        if text and self._duplicate(item, edited):
            raise forbidden(DUPLICATE)
        kept = self._edit(edited, item) if edited else self.x.add(item)
        self._charge(kept, caller)
        data: dict[str, Any] = {"id": kept.latest, "text": render(self.public, kept).text}
        data |= {"edit_history_tweet_ids": self.x.view.versions(kept)}
        return web.json_response({"data": data}, status=201)

    def _draft(self, body: dict[str, Any], caller: Caller, text: str, media: list[str], parent: Item | None) -> Item:
        now = self.x.sandbox.now()
        ident = self.x.new_id(now)
        extra: dict[str, Any] = {
            name: body[name] for name in ("reply_settings", "paid_partnership", "made_with_ai", "poll") if name in body
        }
        if excluded := body.get("reply", {}).get("exclude_reply_user_ids"):
            known = [self._handle(user) for user in excluded]
            extra["excluded"] = [handle for handle in known if handle]
        if parent is not None:
            extra["parent_author"] = parent.author
        item = Item(
            network=NETWORK,
            id=ident,
            account=parent.account if parent else caller.account,
            kind="comment" if parent else "post",
            author=caller.account,
            text=text,
            at=now,
            parent=parent.id if parent else None,
            root=parent.root if parent else ident,
            media=tuple(media),
            extra=extra,
        )
        # Kept, so that the reply still names them when what it answers is deleted.
        extra["answered"] = answered(self.public, item)
        return item

    def _handle(self, user: str) -> str | None:
        found = [one for one in self.x.accounts.values() if one.id == user]
        if found:
            return found[0].handle
        written = self.public.where("network = ? AND author = ?", NETWORK, user, limit=1)
        return self.public.person(NETWORK, user).handle if written else None

    def _edited(self, body: dict[str, Any], caller: Caller) -> Item | None:
        """The post that `edit_options` names. Assumed: the sentences of the refusals."""
        if "edit_options" not in body:
            return None
        item = self.x.lookup(body["edit_options"]["previous_post_id"])
        if item is None or item.author != caller.account:
            raise forbidden("You are not allowed to edit this Tweet.")
        if self.x.sandbox.now() > item.at + EDIT_WINDOW or len(self.x.view.versions(item)) > EDITS:
            raise forbidden("This Tweet can no longer be edited.")
        return item

    def _edit(self, item: Item, draft: Item) -> Item:
        versions = [*self.x.view.versions(item), draft.id]
        self.x.sandbox.db.execute("INSERT INTO x_versions VALUES (?,?)", (draft.id, item.id))
        extra = {**item.extra, "versions": versions, "written": draft.at}
        kept = self.public.write(item, text=draft.text, latest=draft.id, media=draft.media, extra=extra)
        self.x.index(kept)
        return kept

    def _parent(self, body: dict[str, Any], caller: Caller) -> Item | None:
        return self._summoned(body["reply"]["in_reply_to_tweet_id"], caller) if "reply" in body else None

    def _summoned(self, ident: str, caller: Caller) -> Item:
        """Self-serve apps answer only who mentioned or quoted them, and themselves.

        Assumed: a reply to one of our posts counts, because X writes our handle in front of it.
        """
        item = self.x.lookup(ident)
        if item is None:
            raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        handle = self.x.accounts[caller.account].handle.lower()
        quoted = self.x.lookup(item.extra["quoted"]) if "quoted" in item.extra else None
        ours = item.author == caller.account or (quoted is not None and quoted.author == caller.account)
        if not ours and handle not in mentioned(self.public, item):
            raise forbidden(UNSUMMONED)
        return item

    def _usable(self, media: list[str], caller: Caller) -> None:
        now = self.x.sandbox.now()
        kinds = []
        for ident in media:
            found = self.public.medium(ident)
            ready = found is not None and (
                found.network == NETWORK
                and found.account == caller.account
                and found.extra.get("ready", now + 1) <= now < found.extra["expires"]
            )
            if not ready or found is None:
                raise invalid("Your media IDs are invalid.", **{"media.media_ids": media})
            kinds.append(found.extra["kind"])
        if len(kinds) > 1 and set(kinds) != {"photo"}:
            raise invalid("Attach up to four photos, or one GIF or video.", **{"media.media_ids": media})
        if len(set(media)) != len(media):
            raise invalid("Your media IDs are invalid.", **{"media.media_ids": media})

    def _duplicate(self, item: Item, edited: Item | None) -> bool:
        """The same words, those in front of a reply included, by the same account (assumed: within a day)."""
        since = item.at - DUPLICATE_WINDOW
        same = self.public.where(
            "network = ? AND author = ? AND text = ? AND at > ?", NETWORK, item.author, item.text, since
        )
        front = [handle.lower() for handle in item.extra["answered"]]
        return any(
            [handle.lower() for handle in one.extra.get("answered", [])] == front
            for one in same
            if edited is None or one.id != edited.id
        )

    def _charge(self, item: Item, caller: Caller) -> None:
        own = item.extra.get("parent_author") in (None, caller.account)
        kind = "post with url" if links(item.text) else "post" if own else "summoned reply"
        self.x.costs.charge(caller.account, kind, item.latest)

    async def delete(self, request: web.Request, caller: Caller) -> web.Response:
        """`DELETE /2/tweets/:id`. Assumed: 404 for one that isn't there (any more)."""
        item = self.x.lookup(self.id(request))
        if item is None:
            raise plain(404, "Not Found")
        if item.author != caller.account:
            raise forbidden("You are not authorized to delete this Tweet.")  # assumed: the sentence
        self.public.delete(item, below=False)
        self.x.costs.charge(caller.account, "delete", item.id)
        return web.json_response({"data": {"deleted": True}})

    async def hide(self, request: web.Request, caller: Caller) -> web.Response:
        """`PUT /2/tweets/:id/hidden`: replies in a conversation that the caller began."""
        body = await self.x.body(request, shapes.HIDE)
        item = self.x.lookup(self.id(request))
        root = self.public.find(NETWORK, item.root) if item and item.root else None
        if item is None:
            raise plain(404, "Not Found")
        if root is None or root.author != caller.account or item.parent is None:
            raise forbidden("You are not allowed to hide this reply.")  # assumed: the sentence
        self.public.write(item, hidden=int(body["hidden"]))
        return web.json_response({"data": {"hidden": body["hidden"]}})

    def id(self, request: web.Request) -> str:
        """The id in the path; Problem 400 when it can't be one."""
        ident = request.match_info["id"]
        if not re.fullmatch("[0-9]{1,19}", ident):
            raise invalid(f"The `id` query parameter value [{ident}] is not valid", id=ident)
        return ident

    async def show(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/tweets/:id`."""
        want = wanted(request.query, shapes.SHOW_POST)
        ident = self.id(request)
        item = self.x.lookup(ident)
        if item is None:
            return web.json_response({"errors": [missing("tweet", "id", ident)]})
        self.x.costs.charge(caller.account, self.x.reader_price(caller, item.author), item.id)
        includes = self.x.view.includes([item], want)
        return web.json_response({"data": self.x.view.post(item, want)} | ({"includes": includes} if includes else {}))

    async def show_many(self, request: web.Request, caller: Caller) -> web.Response:
        """`GET /2/tweets?ids=`."""
        want = wanted(request.query, shapes.SHOW_POST | {"ids"})
        ids = request.query.get("ids", "").split(",")
        if not 1 <= len(ids) <= 100 or not all(re.fullmatch("[0-9]{1,19}", ident) for ident in ids):
            raise _bad_ids(request.query.get("ids", ""))
        found = {ident: self.x.lookup(ident) for ident in dict.fromkeys(ids)}
        items = [item for item in found.values() if item]
        for item in items:
            self.x.costs.charge(caller.account, self.x.reader_price(caller, item.author), item.id)
        answer: dict[str, Any] = {}
        if items:
            answer["data"] = [self.x.view.post(item, want) for item in items]
        if includes := self.x.view.includes(items, want):
            answer["includes"] = includes
        if errors := [missing("tweet", "ids", ident) for ident, item in found.items() if item is None]:
            answer["errors"] = errors
        return web.json_response(answer)


def _bad_ids(given: str) -> Problem:
    return invalid(f"The `ids` query parameter value [{given}] is not valid", ids=given)

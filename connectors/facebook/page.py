"""A Facebook page, opened with its page token."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from bot.network import (
    Access,
    AuthFailed,
    Change,
    Credentials,
    Draft,
    Endpoint,
    Gone,
    Identity,
    Item,
    Media,
    Metrics,
    Page,
    Prepared,
    Ref,
    Rejected,
    RejectKind,
    Sent,
    SentPage,
)
from bot.network.waits import http_date
from connectors.facebook.graph import Graph, Secrets
from connectors.facebook.hook import verify_token
from connectors.facebook.inbox import PageInbox
from connectors.facebook.objects import (
    COMMENT_FIELDS,
    LOOK_FIELDS,
    MENTION_FIELDS,
    MENTION_LOOK_FIELDS,
    NUMBERS,
    POST_FIELDS,
    Created,
    DebugAnswer,
    Messaged,
    Node,
    Nodes,
    Numbers,
    PageNode,
    PostNode,
    PostNodes,
    comment,
    mention,
    same_text,
)
from connectors.facebook.window import Window

TOLD = ("feed", "mention", "messages")  # what the page's webhooks are asked for
LIST = 100
FIRST = 25  # comments that come with each post; the Graph refuses requests for too much at once
POSTS = 50  # posts whose comments come with them
POST_PAGES = 4  # the newest 200 posts are watched
MORE_PAGES = 10  # further pages of comments in one fetch
LOOK_PAGES = 20


class FacebookPage:
    """One page; `endpoint.app` holds the app's id and secret."""

    def __init__(self, endpoint: Endpoint, credentials: Credentials, account: str) -> None:
        self._page = account
        # assumed: Facebook leads from an object's id to its permalink. A copy of it (`endpoint.app["site"]`) wants the
        # page too.
        site = endpoint.app.get("site", "").rstrip("/")
        self._link = f"{site}/{account}/posts/{{}}" if site else "https://www.facebook.com/{}"
        secrets = Secrets(credentials.values.get("page_token", "").strip(), endpoint.app.get("app_secret", ""))
        self._graph = Graph(endpoint.url, endpoint.timeout, secrets)
        self._app_id = endpoint.app.get("app_id", "")
        app = Secrets(f"{self._app_id}|{secrets.app_secret}", secrets.app_secret)
        self._app = Graph(endpoint.url, endpoint.timeout, app)
        self._verify = verify_token(endpoint)
        self._inbox = PageInbox(self._graph, account)

    async def aclose(self) -> None:
        """Give threads back."""
        self._graph.close()
        self._app.close()

    async def whoami(self) -> Identity:
        """`GET /{page}`, or whose token it is while the page isn't known yet. People know a page by its name."""
        page = await self._graph.read(self._page or "me", PageNode, fields="id,name,picture")
        return Identity(page.id, "", page.name, page.picture.data.url)

    # Publishing

    async def prepare(self, draft: Draft) -> Prepared:
        """Uploads photos that nobody sees, notes which of our posts (or comments) are there already."""
        if draft.private_to:
            return await self._inbox.prepare(draft)
        under = await self._under(draft)
        photos = [await self._upload(one) for one in draft.media]
        newest = (await self._own(under, None)).data
        known = [node.id for node in newest]
        since = max((node.second for node in newest), default=0)
        return Prepared(draft.key, {"photos": photos, "under": under, "since": since, "known": known})

    async def _under(self, draft: Draft) -> str:
        """Where a reply will be listed: the Graph hangs an answer to a reply under the comment at the top."""
        if draft.reply_to is None:
            return ""
        if draft.root is None or draft.root.id == draft.reply_to.id:
            return draft.reply_to.id
        answered = await self._graph.read(draft.reply_to.id, Node, fields="id,created_time,parent{id}")
        return answered.parent.id if answered.parent else answered.id

    async def _upload(self, media: Media) -> str:
        data = {"published": "false", "temporary": "true"}
        if media.alt:
            data["alt_text_custom"] = media.alt
        photo = await self._graph.upload(self._page, Created, media.name, media.content, media.type, **data)
        return photo.id

    async def publish(self, draft: Draft, prepared: Prepared) -> Ref:
        """`POST /{page}/feed`, also for a single photo; a reply is `POST /{comment or post}/comments`."""
        if draft.private_to:
            return await self._inbox.send(draft)
        photos = _strings(prepared.notes.get("photos"))
        data = {"message": draft.text} if draft.text else {}
        if draft.reply_to is None:
            if photos:
                data["attached_media"] = json.dumps([{"media_fbid": photo} for photo in photos])
            created = await self._graph.create(self._page, "feed", Created, **data)
        else:
            if photos:
                data["attachment_id"] = photos[0]
            created = await self._graph.create(draft.reply_to.id, "comments", Created, **data)
        return Ref(created.id, self._link.format(created.id))

    async def find(self, draft: Draft, prepared: Prepared) -> Ref | None:
        """The oldest own post (or comment under what is answered) that is new since `prepare` and says the same."""
        if draft.private_to:
            return await self._inbox.find(draft, prepared)
        under, since = str(prepared.notes.get("under") or ""), int(str(prepared.notes.get("since") or 0))
        known = set(_strings(prepared.notes.get("known")))
        found: Ref | None = None
        after: str | None = None
        for _ in range(LOOK_PAGES):
            nodes = await self._own(under, after)
            for node in nodes.data:
                ours = not under or (node.who is not None and node.who.id == self._page)
                pictured = under or node.pictures == len(draft.media)
                if node.second < since or node.id in known or not ours or not pictured:
                    continue
                if same_text(node.message, draft.text):
                    found = Ref(node.id, node.permalink_url or self._link.format(node.id))
            after = nodes.paging.after
            if after is None or any(node.second < since for node in nodes.data):
                break
        return found

    async def _own(self, under: str, after: str | None) -> Nodes:
        """A page of our posts, or of the comments under something; newest first."""
        more = {"after": after} if after else {}
        if under:
            order = {"filter": "stream", "order": "reverse_chronological"}
            return await self._graph.read(
                f"{under}/comments", Nodes, fields=COMMENT_FIELDS, limit=LIST, **order, **more
            )
        return await self._graph.read(f"{self._page}/published_posts", Nodes, fields=POST_FIELDS, limit=25, **more)

    async def edit(self, ref: Ref, text: str) -> Ref:
        """`POST /{post}`; the id stays."""
        await self._graph.change(ref.id, message=text)
        return ref

    async def delete(self, ref: Ref) -> None:
        """`DELETE /{post or comment}`."""
        try:
            await self._graph.delete(ref.id)
        except Gone:
            return

    # Reading

    def begin(self, since: datetime) -> str:
        """The whole second counts: the Graph's times have no fraction."""
        return Window(int(since.timestamp())).write()

    async def fetch(self, cursor: str) -> Page:
        """Comments under our newest 200 posts, wherever they were written, and posts that name the page.

        Asks for what is new since the cursor's window; in a storm as much as ten further pages hold, then `more`.
        """
        window = Window.read(cursor)
        found: dict[str, Item] = {}
        horizon: int | None = None
        budget = MORE_PAGES
        posts, now = await self._posts(window)
        for post in posts:
            nodes, after = list(post.comments.data), post.comments.paging.after
            while after and budget > 0:
                page = await self._comments(post, window, after)
                # Pages of what was seen before are free, so that every fetch gets somewhere.
                budget -= any(window.is_fresh(node.id, node.second) for node in page.data)
                nodes += page.data
                after = page.paging.after
            found |= {node.id: comment(node, post, self._page, self._link, now) for node in nodes}
            if after and nodes:
                reached = nodes[-1].second
                horizon = reached if horizon is None else min(horizon, reached)
        found |= {node.id: mention(node, self._page, self._link, now) for node in await self._mentions(window)}
        return self._told(found, window, horizon)

    def _told(self, found: dict[str, Item], window: Window, horizon: int | None) -> Page:
        """What is fresh, oldest first, up to the second that every list has been read to."""
        seconds = {name: int(item.at.timestamp()) for name, item in found.items()}
        fresh = {
            name: second
            for name, second in seconds.items()
            if window.is_fresh(name, second) and (horizon is None or second <= horizon)
        }
        before = {name: second for name, second in seconds.items() if name in window.seen}
        items = sorted((found[name] for name in fresh), key=lambda item: (item.at, item.ref.id))
        cursor = window.after(before | fresh, http_date(self._graph.date), horizon).write()
        return Page(items, cursor, more=horizon is not None)

    async def _posts(self, window: Window) -> tuple[Sequence[PostNode], datetime | None]:
        """Our newest posts, each with the first page of its comments in the window, oldest first; and the Graph's time
        of the first answer, which is later than nothing that is read here."""
        since = f".since({window.since - 1})" if window.since else ""
        comments = f"comments.filter(stream).order(chronological){since}.limit({FIRST}){{{COMMENT_FIELDS}}}"
        posts: list[PostNode] = []
        now: datetime | None = None
        after: str | None = None
        for _ in range(POST_PAGES):
            more = {"after": after} if after else {}
            page = await self._graph.read(
                f"{self._page}/published_posts",
                PostNodes,
                fields=f"id,permalink_url,{comments}",
                limit=POSTS,
                **more,
            )
            posts += page.data
            now = now or http_date(self._graph.date)
            after = page.paging.after
            if after is None:
                break
        return posts, now

    async def _comments(self, post: PostNode, window: Window, after: str) -> Nodes:
        since = {"since": window.since - 1} if window.since else {}
        order = {"filter": "stream", "order": "chronological"}
        return await self._graph.read(
            f"{post.id}/comments", Nodes, fields=COMMENT_FIELDS, limit=LIST, after=after, **order, **since
        )

    async def _mentions(self, window: Window) -> Sequence[Node]:
        """Newest first, down to the window's beginning."""
        nodes: list[Node] = []
        after: str | None = None
        for _ in range(LOOK_PAGES):
            more = {"after": after} if after else {}
            page = await self._graph.read(f"{self._page}/tagged", Nodes, fields=MENTION_FIELDS, limit=LIST, **more)
            nodes += page.data
            after = page.paging.after
            if after is None or any(node.second < window.since for node in page.data):
                break
        return nodes

    async def look(self, refs: Sequence[Ref], mentions: Collection[str] = ()) -> Sequence[Change]:
        """`GET /{comment}`, one after another: a list that names one that is gone is refused as a whole."""
        told: list[Change] = []
        for ref in refs:
            try:
                fields = MENTION_LOOK_FIELDS if ref.id in mentions else LOOK_FIELDS
                node = await self._graph.read(ref.id, Node, fields=fields)
            except Gone:
                told.append(Change(ref, http_date(self._graph.date) or datetime.now(UTC), gone=True))
                continue
            at = http_date(self._graph.date) or datetime.now(UTC)
            media = [node.picture] if node.picture else []
            told.append(Change(ref, at, text=node.message, media=media, hidden=node.is_hidden))
        return told

    async def messages(self, cursor: str) -> Page:
        """See `connectors.facebook.inbox`."""
        return await self._inbox.messages(cursor)

    def signed(self, url: str) -> Mapping[str, str]:
        """Nothing: an address that Facebook tells opens its picture for a while, for everybody."""
        return {}

    async def access(self) -> Access:
        """`debug_token`. A token that is dead answers without an error of its own."""
        found = (await self._graph.debug(DebugAnswer)).data
        if not found.is_valid:
            raise AuthFailed("debug_token: not valid")
        return found.access

    async def sent(self, cursor: str | None) -> SentPage:
        """The page's own posts; its comments come with `fetch`."""
        if cursor is None:
            newest = (await self._own("", None)).data
            since = max((node.second for node in newest), default=0)
            return SentPage((), Window(since, frozenset(node.id for node in newest if node.second == since)).write())
        window = Window.read(cursor)
        nodes: list[Node] = []
        after: str | None = None
        for _ in range(LOOK_PAGES):
            page = await self._own("", after)
            nodes += page.data
            after = page.paging.after
            if after is None or any(node.second < window.since for node in page.data):
                break
        fresh = sorted((n for n in nodes if window.is_fresh(n.id, n.second)), key=lambda node: (node.second, node.id))
        told = [
            Sent(Ref(one.id, one.permalink_url or self._link.format(one.id)), one.message, one.created_time)
            for one in fresh
        ]
        kept = {node.id: node.second for node in nodes if node.second >= window.since}
        return SentPage(told, window.after(kept, http_date(self._graph.date)).write())

    async def subscribe(self, url: str) -> None:
        """`POST /{app}/subscriptions` with the app's own token: Meta asks our address first whether it is ours. Then
        `POST /{page}/subscribed_apps`, once for each page."""
        await self._app.change(
            f"{self._app_id}/subscriptions",
            object="page",
            callback_url=url,
            fields=",".join(TOLD),
            verify_token=self._verify,
        )
        try:
            await self._graph.change(f"{self._page}/subscribed_apps", subscribed_fields=",".join(TOLD))
        except Rejected as error:
            if error.kind is not RejectKind.PERMISSION:
                raise
            # the page's people may have kept their private messages to themselves: comments are told all the same
            public = [field for field in TOLD if field != "messages"]
            await self._graph.change(f"{self._page}/subscribed_apps", subscribed_fields=",".join(public))

    async def hide(self, ref: Ref, hidden: bool) -> None:
        """`POST /{comment}` with is_hidden."""
        await self._graph.change(ref.id, is_hidden="true" if hidden else "false")

    async def like(self, ref: Ref, liked: bool) -> None:
        """`POST` and `DELETE /{comment}/likes`, as the page."""
        if liked:
            await self._graph.change(f"{ref.id}/likes")
        else:
            await self._graph.delete(f"{ref.id}/likes")

    async def reply_privately(self, ref: Ref, text: str) -> None:
        """`POST /{page}/messages` to a comment's author: one a comment, within seven days."""
        data = {"recipient": json.dumps({"comment_id": ref.id}), "message": json.dumps({"text": text})}
        await self._graph.create(self._page, "messages", Messaged, **data)

    async def metrics(self, ref: Ref) -> Metrics:
        """Counts that every post has; insights would fail whole for one unknown metric."""
        return (await self._graph.read(ref.id, Numbers, fields=NUMBERS)).metrics()


def _strings(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []

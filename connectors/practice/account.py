"""An account on the practice network, opened with its key: plain requests to a small service of ours."""

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from bot.network import (
    Access,
    AuthFailed,
    Author,
    Change,
    Credentials,
    Draft,
    Duplicate,
    Endpoint,
    Gone,
    Identity,
    Item,
    ItemKind,
    Metrics,
    NetworkError,
    Page,
    Prepared,
    RateLimited,
    Ref,
    Rejected,
    RejectKind,
    Sent,
    SentPage,
    Transient,
    UnknownOutcome,
)
from bot.network.bodies import whole
from bot.network.once import once
from bot.network.waits import retry_after
from connectors.practice.objects import Account, Deleted, Hidden, Inbox, Liked, Outbox, Post, Posts, Received

START = "@"  # the service's own cursors stand behind this sign
SINCE = ">"  # a moment, before there is one

Shape = TypeVar("Shape", bound=BaseModel)


class PracticeAccount:
    """One account; every method is one request or a few."""

    def __init__(self, endpoint: Endpoint, credentials: Credentials, account: str) -> None:
        self._account = account
        self._key = credentials.values.get("key", "").strip()
        self._base = f"{endpoint.url.rstrip('/')}/practice/accounts/{account or 'me'}"
        self._timeout = endpoint.timeout
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Give connections back."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def whoami(self) -> Identity:
        """The account that the key opens."""
        account = await self._ask("GET", "", Account)
        return Identity(account.id, account.handle or account.id, account.name, account.picture)

    async def prepare(self, draft: Draft) -> Prepared:
        """Nothing to do beforehand: the key is all that publishing and finding need."""
        return Prepared(draft.key, {})

    async def publish(self, draft: Draft, prepared: Prepared) -> Ref:
        """The same key and content again answer with the first post."""
        media = [
            {"name": one.name, "alt": one.alt, "base64": base64.b64encode(one.content).decode()} for one in draft.media
        ]
        body: dict[str, object] = {"key": prepared.key, "text": draft.text, "media": media}
        if draft.reply_to is not None:
            body["reply_to"] = draft.reply_to.id
        post = await self._ask("POST", "/posts", Post, json=body)
        return Ref(post.id, post.url)

    async def find(self, draft: Draft, prepared: Prepared) -> Ref | None:
        """By key."""
        posts = (await self._ask("GET", "/posts", Posts, params={"key": prepared.key})).posts
        return Ref(posts[0].id, posts[0].url) if posts else None

    def begin(self, since: datetime) -> str:
        """A moment instead of a place in the inbox."""
        return SINCE + since.astimezone(UTC).isoformat()

    async def fetch(self, cursor: str) -> Page:
        """In the order in which things happened; a comment comes again after it was changed."""
        begins = cursor.startswith(SINCE)
        where = {"since": cursor.removeprefix(SINCE)} if begins else {"after": cursor.removeprefix(START)}
        inbox = await self._ask("GET", "/inbox", Inbox, params=where)
        items = [self._item(one) for one in inbox.items if not one.deleted]
        gone = [Change(Ref(one.id), one.changed.astimezone(UTC), gone=True) for one in inbox.items if one.deleted]
        return Page(items, START + inbox.cursor if inbox.cursor else cursor, inbox.more, gone)

    async def look(self, refs: Sequence[Ref], mentions: Collection[str] = ()) -> Sequence[Change]:
        """Not needed: `fetch` tells again what changed."""
        return []

    def _item(self, received: Received) -> Item:
        mention = received.kind == "mention" and received.post == received.id
        nested = received.reply_to not in (None, received.post)
        kind = ItemKind.MENTION if mention else ItemKind.REPLY if nested else ItemKind.COMMENT
        return Item(
            ref=Ref(received.id, received.url),
            kind=kind,
            author=Author(received.author.id, received.author.id, received.author.name),
            text=received.text,
            at=received.at.astimezone(UTC),
            root=None if mention else Ref(received.post),
            parent=Ref(received.reply_to) if received.reply_to else None,
            media=[picture.url for picture in received.media],
            own=received.author.id == self._account,
            seen=received.changed.astimezone(UTC),
            edited=received.edited,
            hidden=received.hidden,
        )

    async def access(self) -> Access:
        """A key doesn't end."""
        return Access()

    async def messages(self, cursor: str) -> Page:
        """There are none here."""
        raise Rejected("its private messages are not read")

    def signed(self, url: str) -> Mapping[str, str]:
        """Nothing: everybody may see its pictures."""
        return {}

    async def sent(self, cursor: str | None) -> SentPage:
        """In the order in which it was written, at most a hundred at once."""
        after = "" if cursor is None else cursor.removeprefix(START)
        box = await self._ask("GET", "/sent", Outbox, params={"after": after} if cursor else {})
        told = [Sent(Ref(one.id, one.url), one.text, one.at.astimezone(UTC)) for one in box.items]
        return SentPage(told if cursor else (), START + box.cursor)

    async def subscribe(self, url: str) -> None:
        """The practice network is asked."""
        raise Rejected("the practice network is asked, it doesn't tell")

    async def hide(self, ref: Ref, hidden: bool) -> None:
        """Somebody else's comment."""
        await self._ask("POST", f"/posts/{ref.id}/hide", Hidden, json={"hidden": hidden})

    async def like(self, ref: Ref, liked: bool) -> None:
        """Somebody else's comment."""
        await self._ask("POST", f"/posts/{ref.id}/like", Liked, json={"liked": liked})

    async def reply_privately(self, ref: Ref, text: str) -> None:
        """Nothing is private here."""
        raise Rejected("the practice network has no private reply")

    async def delete(self, ref: Ref) -> None:
        """Already gone is done."""
        try:
            await self._ask("DELETE", f"/posts/{ref.id}", Deleted)
        except Gone:
            return

    async def edit(self, ref: Ref, text: str) -> Ref:
        """The id stays."""
        post = await self._ask("PUT", f"/posts/{ref.id}", Post, json={"text": text})
        return Ref(post.id, post.url)

    async def metrics(self, ref: Ref) -> Metrics:
        """Replies are all that is counted."""
        return Metrics(comments=(await self._ask("GET", f"/posts/{ref.id}", Post)).replies)

    async def _ask(self, method: str, path: str, shape: type[Shape], **options: Any) -> Shape:
        if not self._key.isascii() or not self._key.isprintable():
            raise AuthFailed("the key holds characters that no key has")
        write = method != "GET"
        progress = SimpleNamespace(connected=False)
        error: NetworkError | None
        try:
            async with self._opened().request(
                method,
                self._base + path,
                headers={"Authorization": f"Bearer {self._key}"},
                allow_redirects=False,
                trace_request_ctx=progress,
                **options,
            ) as response:
                body = await whole(response)
            quoted = body.replace(self._key.encode(), b"...") if self._key else body
            error = fault(response.status, response.headers, quoted, write=write)
            if error is None:
                return shape.model_validate_json(body)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            name = type(problem).__name__
            error = lost(write, f"{name} after sending") if progress.connected else Transient(f"{name} before sending")
        except ValidationError:
            error = lost(write, "an unexpected shape")
        raise error

    def _opened(self) -> aiohttp.ClientSession:
        # Not in the constructor: a session belongs to the loop that it is used in.
        if self._session is None:
            trace = aiohttp.TraceConfig()
            trace.on_connection_create_end.append(_connected)
            trace.on_connection_reuseconn.append(_connected)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                trace_configs=[trace],
                middlewares=(once,),
            )
        return self._session


async def _connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    context.trace_request_ctx.connected = True


def lost(write: bool, detail: str) -> NetworkError:
    """The request left and no trustworthy answer came: a read may simply be repeated, a write may not."""
    return UnknownOutcome(detail) if write else Transient(detail)


def fault(status: int, headers: Mapping[str, str], body: bytes, *, write: bool) -> NetworkError | None:
    """The error that an answer stands for: `{error, message}` with 401, 403, 404, 409 or 422, or a 429 with
    Retry-After. 403 `suspended` is the account's, any other 403 the request's."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if status == 429:
        return RateLimited("429", until=retry_after(headers, datetime.now(UTC)), code="429")
    if status >= 500 or status == 408 or 300 <= status < 400:
        return lost(write, f"{status}")
    if not isinstance(answer, dict):
        return lost(write and status < 300, f"{status} without JSON")
    if status < 300:
        return None
    code = str(answer.get("error", ""))[:50]
    detail = f"{status} {code} {str(answer.get('message', ''))[:200]}"
    known: dict[int, NetworkError] = {
        401: AuthFailed(detail, code=code),
        403: AuthFailed(detail, code=code)
        if code == "suspended"
        else Rejected(detail, kind=RejectKind.POLICY, code=code),
        404: Gone(detail, code=code),
        409: Duplicate(detail, code=code),
    }
    return known.get(status) or Rejected(detail, kind=RejectKind.VALIDATION, code=code)

"""Facebook's webhooks of a page: the handshake, the signature, and what changes of `feed` and `mention` say.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started. An entry's `time` is when it was sent, not when
something happened, and requests overtake each other: so a comment's first words count as said at its `created_time`, a
removal is final, and of an edit or a hiding only the comment itself can tell how it stands. Of private messages they
only say that there are some, because they name nobody.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import BaseModel, Field, ValidationError

from bot.network import Author, Change, Endpoint, Item, ItemKind, Ref
from bot.network.hooks import Notice
from connectors.facebook.objects import Who

MILLISECONDS = 10**11  # entries' times come in seconds and in milliseconds


class Post(BaseModel):
    """The post that a comment stands under."""

    id: str = ""
    permalink_url: str | None = None


class Value(BaseModel):
    """What changed. `parent_id` is the post, or the comment at the top of a reply."""

    item: str = ""
    verb: str = ""
    who: Who | None = Field(default=None, alias="from")
    message: str = ""
    photo: str | None = None
    comment_id: str = ""
    post_id: str = ""
    parent_id: str = ""
    created_time: int = 0
    post: Post = Post()


class Changed(BaseModel):
    """One change of one field."""

    field: str
    value: Value = Value()


class Sent(BaseModel):
    """A private message; an echo is one of ours."""

    mid: str = ""
    is_echo: bool = False


class Messaging(BaseModel):
    """Something that happened in a conversation."""

    message: Sent | None = None


class Entry(BaseModel):
    """What happened on one page."""

    id: str
    time: int = 0
    changes: list[Changed] = []
    messaging: list[Messaging] = []

    @property
    def at(self) -> datetime:
        """When it was sent."""
        return datetime.fromtimestamp(self.time / 1000 if self.time > MILLISECONDS else self.time, UTC)


class Body(BaseModel):
    """One request."""

    object: str
    entry: list[Entry]


@dataclass
class Told:
    """What one page is told, being gathered."""

    items: dict[str, Item] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    look: dict[str, Ref] = field(default_factory=dict)
    mentions: set[str] = field(default_factory=set)
    messages: bool = False


class FacebookHook:
    """See `bot.network.hooks.Hook`."""

    path = "/facebook/webhook"
    largest = 4_000_000  # a thousand changes in one request, of several kilobytes each

    def challenge(self, endpoint: Endpoint, query: Mapping[str, str]) -> str | None:
        """`hub.challenge` comes back where `hub.verify_token` is the one that we handed over."""
        given = query.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
        ours = hmac.compare_digest(given, verify_token(endpoint).encode())
        if not ours or query.get("hub.mode") != "subscribe":
            return None
        return query.get("hub.challenge", "")

    def signed(self, endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> bool:
        """`X-Hub-Signature-256` over the bytes as they came, with the app's secret."""
        secret = endpoint.app.get("app_secret", "")
        right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        given = headers.get("X-Hub-Signature-256", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(right.encode(), given) and bool(secret)

    def read(self, endpoint: Endpoint, body: bytes) -> Sequence[Notice]:
        """By page. Raises ValueError."""
        try:
            found = Body.model_validate_json(body)
        except ValidationError as error:
            raise ValueError("not a webhook of Facebook") from error
        site = endpoint.app.get("site", "").rstrip("/")
        pages: dict[str, Told] = {}
        for entry in found.entry if found.object == "page" else ():
            link = f"{site}/{entry.id}/posts/{{}}" if site else "https://www.facebook.com/{}"
            if any(one.message is not None and not one.message.is_echo for one in entry.messaging):
                pages.setdefault(entry.id, Told()).messages = True
            for change in entry.changes:
                _gather(pages.setdefault(entry.id, Told()), entry, change, link)
        return [
            Notice(
                page,
                list(told.items.values()),
                list(told.changes.values()),
                list(told.look.values()),
                frozenset(told.mentions),
                messages=told.messages,
            )
            for page, told in pages.items()
        ]


def verify_token(endpoint: Endpoint) -> str:
    """What Meta repeats to us in the handshake: made of the app's secret, so nobody has to invent or store one."""
    secret = endpoint.app.get("app_secret", "").encode()
    return hmac.new(secret, b"vocero webhook", hashlib.sha256).hexdigest()


def _gather(told: Told, entry: Entry, change: Changed, link: str) -> None:
    value = change.value
    comment = change.field == "feed" and value.item == "comment"
    id_ = value.comment_id if comment else value.post_id
    if not id_ or not (comment or change.field == "mention"):
        return
    ref = Ref(id_, link.format(id_))
    if not comment:
        told.mentions.add(id_)
    match value.verb:
        case "add":
            told.items.setdefault(id_, _item(value, entry.id, ref, link, comment=comment))
        case "edited" | "edit" | "hide" | "unhide":
            told.look[id_] = ref
        case "remove":
            told.changes[id_] = Change(ref, entry.at, gone=True)


def _item(value: Value, page: str, ref: Ref, link: str, *, comment: bool) -> Item:
    who = value.who or Who()
    nested = comment and value.parent_id not in ("", value.post_id)
    root = Ref(value.post_id, value.post.permalink_url or link.format(value.post_id)) if comment else None
    return Item(
        ref=ref,
        kind=ItemKind.MENTION if not comment else ItemKind.REPLY if nested else ItemKind.COMMENT,
        author=Author(who.id, "", who.name),
        text=value.message,
        at=datetime.fromtimestamp(value.created_time, UTC),
        root=root,
        parent=Ref(value.parent_id, link.format(value.parent_id)) if nested else root,
        media=[value.photo] if value.photo else [],
        own=who.id == page,
    )

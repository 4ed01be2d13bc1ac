"""The Graph's objects as they arrive, and what they become."""

import re
import unicodedata
from datetime import UTC, datetime

from pydantic import BaseModel, Field

from bot.network import Access, Author, Item, ItemKind, Metrics, Ref

FAR = 1 << 40  # seconds that no calendar has
COMMENT_FIELDS = "id,message,from,created_time,permalink_url,parent{id},attachment,is_hidden"
LOOK_FIELDS = "id,message,created_time,attachment,is_hidden"
MENTION_LOOK_FIELDS = "message,created_time,id,attachments"
POST_FIELDS = "id,message,created_time,permalink_url,attachments"
MENTION_FIELDS = "id,message,from,created_time,permalink_url,attachments"


class Created(BaseModel):
    """Answer to whatever makes something."""

    id: str = Field(pattern=r"^\w+$")


class Messaged(BaseModel):
    """Answer to a private reply."""

    message_id: str


class Url(BaseModel):
    """An address."""

    url: str | None = None
    src: str | None = None


class PictureOf(BaseModel):
    """`picture` of a page."""

    data: Url = Url()


class PageNode(BaseModel):
    """The page itself."""

    id: str
    name: str = ""
    picture: PictureOf = PictureOf()


class Who(BaseModel):
    """`from`; absent where the token may not see it."""

    id: str = ""
    name: str = ""


class Parent(BaseModel):
    """The comment that a reply hangs under."""

    id: str


class Shown(BaseModel):
    """What is to be seen of an attachment."""

    image: Url = Url()


class Attachment(BaseModel):
    """A picture, a link, or an album with pictures in it."""

    type: str = ""
    media: Shown | None = None
    subattachments: "Attachments | None" = None


class Attachments(BaseModel):
    """A list of them."""

    data: list[Attachment] = []


class Cursors(BaseModel):
    """Where the next page begins."""

    after: str | None = None


class Paging(BaseModel):
    """`next` is there while there is more."""

    cursors: Cursors = Cursors()
    next: str | None = None

    @property
    def after(self) -> str | None:
        """The cursor of the next page."""
        return self.cursors.after if self.next else None


class Node(BaseModel):
    """A comment, or somebody's post that names the page."""

    id: str
    message: str = ""
    who: Who | None = Field(default=None, alias="from")
    created_time: datetime
    permalink_url: str | None = None
    parent: Parent | None = None
    attachment: Attachment | None = None
    attachments: Attachments = Attachments()
    is_hidden: bool | None = None

    @property
    def picture(self) -> str | None:
        """The picture of a comment, or the first one of a post."""
        listed = [self.attachment] if self.attachment else [*self.attachments.data[:1]]
        inner = [
            one.subattachments.data[0] if one.subattachments and one.subattachments.data else one for one in listed
        ]
        return next((one.media.image.src for one in inner if one.media), None)

    @property
    def second(self) -> int:
        """Seconds since the epoch; the Graph's times have no fraction."""
        return int(self.created_time.timestamp())

    @property
    def pictures(self) -> int:
        """How many pictures a post carries."""
        found = 0
        for one in self.attachments.data:
            inner = one.subattachments.data if one.subattachments else [one]
            found += sum(part.type == "photo" for part in inner)
        return found


class Debugged(BaseModel):
    """What `debug_token` says of a token; 0 stands for never. assumed: the two ends are independent of each other."""

    is_valid: bool = True
    expires_at: int = 0
    data_access_expires_at: int = 0
    scopes: list[str] = []

    @property
    def access(self) -> Access:
        """The first end, and the permissions by Meta's names."""
        ends = [second for second in (self.expires_at, self.data_access_expires_at) if 0 < second < FAR]
        return Access(datetime.fromtimestamp(min(ends), UTC) if ends else None, tuple(self.scopes))


class DebugAnswer(BaseModel):
    """Answer to `debug_token`."""

    data: Debugged


class Nodes(BaseModel):
    """One page of a list. An empty one still has `data`; without it the answer isn't a list."""

    data: list[Node]
    paging: Paging = Paging()


class PostNode(BaseModel):
    """One of our posts with the comments that were asked for."""

    id: str
    permalink_url: str | None = None
    comments: Nodes = Nodes(data=[])


class PostNodes(BaseModel):
    """One page of our posts."""

    data: list[PostNode]
    paging: Paging = Paging()


class Summary(BaseModel):
    """A count."""

    total_count: int | None = None
    count: int | None = None


class Summarised(BaseModel):
    """A list of which only the count was asked for."""

    summary: Summary = Summary()


class Numbers(BaseModel):
    """A post's public numbers."""

    reactions: Summarised = Summarised()
    comments: Summarised = Summarised()
    shares: Summary = Summary()

    def metrics(self) -> Metrics:
        """In the port's words; the Graph leaves `shares` out while there are none."""
        return Metrics(
            likes=self.reactions.summary.total_count,
            comments=self.comments.summary.total_count,
            shares=self.shares.count or 0,
        )


NUMBERS = "reactions.limit(0).summary(true),comments.limit(0).filter(stream).summary(true),shares"


def same_text(one: str, other: str) -> bool:
    """Whether two texts say the same; the Graph trims them."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def comment(node: Node, post: PostNode, page: str, link: str, now: datetime | None) -> Item:
    """A comment under one of our posts, a reply to a comment included, as it reads `now`; `link` has `{}` for an id."""
    root = Ref(post.id, post.permalink_url or link.format(post.id))
    parent = Ref(node.parent.id, link.format(node.parent.id)) if node.parent else root
    return Item(
        ref=Ref(node.id, node.permalink_url or link.format(node.id)),
        kind=ItemKind.REPLY if node.parent else ItemKind.COMMENT,
        author=_author(node),
        text=node.message,
        at=node.created_time.astimezone(UTC),
        root=root,
        parent=parent,
        media=[node.picture] if node.picture else [],
        own=node.who is not None and node.who.id == page,
        seen=now,
        hidden=node.is_hidden,
    )


def mention(node: Node, page: str, link: str, now: datetime | None) -> Item:
    """Somebody's post that names the page, as it reads `now`."""
    return Item(
        ref=Ref(node.id, node.permalink_url or link.format(node.id)),
        kind=ItemKind.MENTION,
        author=_author(node),
        text=node.message,
        at=node.created_time.astimezone(UTC),
        media=[node.picture] if node.picture else [],
        own=node.who is not None and node.who.id == page,
        seen=now,
    )


def _author(node: Node) -> Author:
    who = node.who or Who()
    return Author(id=who.id, handle="", name=who.name)

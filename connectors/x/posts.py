"""X's objects as they arrive, and what they become: readable texts, items, and the memory between two polls.

X has two vocabularies: its guides and tweepy ask for `tweet.fields`, its OpenAPI file (v2.167) and its own SDK say
`post.fields`, `referenced_posts` and so on. Which one the live service answers in is assumed to follow the request;
both are read.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import AliasChoices, BaseModel, Field

from bot.network import Author, Item, ItemKind, Metrics, Ref

LATE = timedelta(seconds=120)  # assumed: no mention shows up in the timeline later than this
REMEMBERED = 6_000  # ids above the floor; more than that in two minutes, and one that shows up late may be missed
SEARCHED = timedelta(days=7) - timedelta(minutes=1)  # how far back a search reaches, and a little less
EPOCH = datetime.fromtimestamp(1288834974.657, UTC)  # https://docs.x.com/fundamentals/x-ids

_TCO = re.compile(r"https?://t\.co/\w+")
_SCHEME = re.compile(r"\bhttps?://", re.IGNORECASE)
_SLASH = re.compile(r"/(?=\s|$)")
_IN_FRONT = re.compile(r"(?:@\w{1,15}\s+)+")


def _either(older: str, newer: str) -> AliasChoices:
    return AliasChoices(older, newer)


class Link(BaseModel):
    """A t.co link; `media_key` marks the one that X appends for pictures."""

    url: str = ""
    expanded_url: str = ""
    media_key: str = ""


class Entities(BaseModel):
    """What X found in a text."""

    urls: list[Link] = []


class Note(BaseModel):
    """The whole text of a long post."""

    text: str = ""
    entities: Entities = Entities()


class Reference(BaseModel):
    """Another post that this one answers or quotes."""

    type: str = ""
    id: str = ""


class Attachments(BaseModel):
    """Keys into the media of the page."""

    media_keys: list[str] = []


class Post(BaseModel):
    """A post with the fields that `POST_FIELDS` asks for. Only the id is sure to be there."""

    id: str = Field(pattern=r"^\d{1,19}$")
    text: str = ""
    author_id: str = ""
    created_at: datetime | None = None
    conversation_id: str = ""
    in_reply_to_user_id: str = ""
    referenced_tweets: list[Reference] = Field([], validation_alias=_either("referenced_tweets", "referenced_posts"))
    edit_history_tweet_ids: list[str] = Field(
        [], validation_alias=_either("edit_history_tweet_ids", "edit_history_post_ids")
    )
    attachments: Attachments = Attachments()
    entities: Entities = Entities()
    note_tweet: Note | None = Field(None, validation_alias=_either("note_tweet", "note_post"))
    public_metrics: dict[str, int] = {}

    @property
    def number(self) -> int:
        """Ids grow with time."""
        return int(self.id)

    @property
    def stable_id(self) -> str:
        """An edit gives a post a new id; the first one stays."""
        return self.edit_history_tweet_ids[0] if self.edit_history_tweet_ids else self.id

    @property
    def quoted(self) -> str | None:
        """The id of the post that this one shows in itself."""
        return next((one.id for one in self.referenced_tweets if one.type == "quoted"), None)

    @property
    def answered(self) -> str | None:
        """The id of the post that this one answers."""
        return next((one.id for one in self.referenced_tweets if one.type == "replied_to"), None)


class UserMetrics(BaseModel):
    """Public numbers of a user."""

    followers_count: int | None = None


class User(BaseModel):
    """A user with the fields that `USER_FIELDS` asks for."""

    id: str
    name: str = ""
    username: str = ""
    profile_image_url: str | None = None
    public_metrics: UserMetrics = UserMetrics()


class Picture(BaseModel):
    """A picture or a video's still."""

    media_key: str = ""
    url: str | None = None
    preview_image_url: str | None = None


class Includes(BaseModel):
    """What expansions bring along."""

    users: list[User] = []
    media: list[Picture] = []


class Meta(BaseModel):
    """Where a page ends."""

    next_token: str | None = None
    newest_id: str | None = None


class Timeline(BaseModel):
    """One page of posts, newest first. An empty one still has `meta`; without it the answer isn't a timeline."""

    data: list[Post] = []
    includes: Includes = Includes()
    meta: Meta


class Missing(BaseModel):
    """One post that was asked for and isn't there, by `resource_id`; `type` says why."""

    resource_id: str = ""
    type: str = ""

    @property
    def gone(self) -> bool:
        """Deleted, rather than hidden from us for another reason, as where its author's account is protected."""
        return self.type.endswith("/resource-not-found")


class Several(BaseModel):
    """Posts that were looked up; what isn't there is in `errors`, and costs nothing."""

    data: list[Post] = []
    errors: list[Missing] = []
    includes: Includes = Includes()


class Single(BaseModel):
    """One post: looked up, or just created."""

    data: Post


class WasHidden(BaseModel):
    """Whether a reply is hidden now."""

    hidden: bool


class Hidden(BaseModel):
    """Answer to hiding a reply."""

    data: WasHidden


class WasDeleted(BaseModel):
    """That a post is gone."""

    deleted: Literal[True]


class LikedData(BaseModel):
    """Whether the account likes it now."""

    liked: bool


class Liked(BaseModel):
    """Answer to liking and taking it back."""

    data: LikedData


class Deleted(BaseModel):
    """Answer to deleting a post."""

    data: WasDeleted


class Me(BaseModel):
    """The account behind the credentials."""

    data: User


POST_FIELDS = ["attachments", "author_id", "conversation_id", "created_at", "entities", "in_reply_to_user_id"]
POST_FIELDS += ["note_tweet", "referenced_tweets", "edit_history_tweet_ids"]
USER_FIELDS = ["name", "username", "profile_image_url", "public_metrics"]
MEDIA_FIELDS = ["url", "preview_image_url"]
EXPANSIONS = ["author_id", "attachments.media_keys"]


def id_at(moment: datetime) -> int:
    """The smallest id that a post of this moment has."""
    return max(round((moment - EPOCH) / timedelta(milliseconds=1)), 0) << 22


def time_of(ident: int) -> datetime:
    """When a post with this id was made."""
    return EPOCH + timedelta(milliseconds=ident >> 22)


def readable(post: Post) -> str:
    """The text as its author typed it: unescaped, links as they lead, without those that stand for pictures or for the
    quoted post."""
    note = post.note_tweet
    text, links = (note.text, note.entities.urls) if note and note.text else (post.text, post.entities.urls)
    shown = f"/status/{post.quoted}" if post.quoted else "\n"
    return unwrapped(text, links, [link.url for link in links if link.media_key or link.expanded_url.endswith(shown)])


def unwrapped(text: str, links: Iterable[Link], left_out: Collection[str]) -> str:
    """A text of X's as it was typed; `left_out`: the links in it that nobody typed."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    targets = {link.url: link.expanded_url or link.url for link in links} | dict.fromkeys(left_out, "")
    return _TCO.sub(lambda match: targets.get(match[0], match[0]), text).strip()


def same_text(post: Post, text: str, *, is_reply: bool) -> bool:
    """Whether a post says `text`; X writes handles in front of a reply and completes addresses."""
    there, here = bare(readable(post)), bare(text)
    return there == here or (is_reply and _IN_FRONT.sub("", there, count=1) == _IN_FRONT.sub("", here, count=1))


def bare(text: str) -> str:
    """What of a text is compared: not how an address is written out, nor the spaces."""
    text = _SCHEME.sub("", unicodedata.normalize("NFC", text))
    return " ".join(_SLASH.sub("", text).split())


def items(posts: Iterable[Post], includes: Includes, account: str, link: str, ours: Collection[str] = ()) -> list[Item]:
    """Posts as the port's items; `link` is the address of a post with `{}` for its id, `ours` the ids of our posts that
    were looked for in quotes."""
    users = {user.id: user for user in includes.users}
    pictures = {one.media_key: one.url or one.preview_image_url for one in includes.media}
    return [_item(post, users, pictures, account, link, ours) for post in posts]


def _item(
    post: Post,
    users: Mapping[str, User],
    pictures: Mapping[str, str | None],
    account: str,
    link: str,
    ours: Collection[str],
) -> Item:
    user = users.get(post.author_id) or User(id=post.author_id)
    to_us = post.answered is not None and post.in_reply_to_user_id == account
    quotes = not to_us and post.quoted in ours
    # Somebody else's conversation hangs under nothing of ours.
    root = post.quoted if quotes else post.conversation_id if to_us else None
    return Item(
        ref=Ref(post.stable_id, link.format(post.stable_id)),
        kind=ItemKind.REPLY if to_us else ItemKind.QUOTE if quotes else ItemKind.MENTION,
        author=Author(user.id, user.username, user.name, user.profile_image_url, user.public_metrics.followers_count),
        text=readable(post),
        at=_at(post),
        root=Ref(root, link.format(root)) if root else None,
        parent=Ref(post.answered, link.format(post.answered)) if post.answered else None,
        media=[url for key in post.attachments.media_keys if (url := pictures.get(key))],
        own=post.author_id == account,
        seen=time_of(post.number) if post.id != post.stable_id else None,
        edited=post.id != post.stable_id,
    )


def _at(post: Post) -> datetime:
    moment = post.created_at or datetime.now(UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def metrics(post: Post) -> Metrics:
    """Reposts and quotes both count as shares."""
    numbers = post.public_metrics
    shares = [numbers[name] for name in ("retweet_count", "repost_count", "quote_count") if name in numbers]
    return Metrics(
        likes=numbers.get("like_count"),
        comments=numbers.get("reply_count"),
        shares=sum(shares) if shares else None,
        views=numbers.get("impression_count"),
    )


@dataclass(frozen=True)
class Mark:
    """The cursor: everything up to the id `floor` is done, and of what is newer, `seen`.

    Timelines are filled by many machines, so a mention may show up after a newer one. `floor` therefore follows two
    minutes behind, and the ids above it are remembered.
    """

    floor: int
    seen: frozenset[int] = frozenset()

    @classmethod
    def read(cls, cursor: str) -> "Mark":
        """`floor` or `floor:id,id,…`. Raises ValueError."""
        floor, _, seen = cursor.partition(":")
        return cls(int(floor), frozenset(map(int, seen.split(","))) if seen else frozenset())

    def write(self) -> str:
        """The text that `read` takes."""
        seen = ",".join(map(str, sorted(self.seen)))
        return f"{self.floor}:{seen}" if seen else str(self.floor)

    def fresh(self, posts: Iterable[Post]) -> list[Post]:
        """Those that are new, each once, oldest first."""
        unseen = {post.number: post for post in posts if post.number > self.floor and post.number not in self.seen}
        return [unseen[number] for number in sorted(unseen)]

    def after(self, posts: Iterable[Post], now: datetime | None) -> "Mark":
        """The mark once `posts`, a whole sweep above `floor`, are saved; `now` is the network's own clock."""
        times = {post.number: _at(post) for post in posts}
        if not times:
            return self
        horizon = max([*times.values(), *([now] if now else [])]) - LATE
        settled = [number for number, at in times.items() if at <= horizon]
        floor = max([self.floor, *settled])
        above = sorted(number for number in {*times, *self.seen} if number > floor)
        if len(above) > REMEMBERED:
            floor, above = above[-REMEMBERED - 1], above[-REMEMBERED:]
        return Mark(floor, frozenset(above))

"""Posts, users and media as X's API shows them, with the fields and expansions that were asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.public import Item, Medium, Person, Public
from bot.sandbox.x import shapes
from bot.sandbox.x.problems import invalid
from bot.sandbox.x.text import NETWORK, Rendered, render

EDIT_WINDOW = 1800
EDITS = 5


def iso(at: float) -> str:
    """`2026-07-24T21:23:23.000Z`."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Words:
    """X renamed its fields from tweet to post; both are answered, each in its own words (assumed)."""

    referenced: str
    history: str
    reposts: str
    posts: str
    note: str
    fields: frozenset[str]
    expansions: frozenset[str]


TWEET = Words(
    "referenced_tweets",
    "edit_history_tweet_ids",
    "retweet_count",
    "tweets",
    "note_tweet",
    shapes.TWEET_FIELDS,
    shapes.TWEET_EXPANSIONS,
)
POST = Words(
    "referenced_posts",
    "edit_history_post_ids",
    "repost_count",
    "posts",
    "note_post",
    shapes.POST_FIELDS,
    shapes.POST_EXPANSIONS,
)


@dataclass(frozen=True)
class Wanted:
    """What a request wants to see."""

    words: Words
    post: frozenset[str]
    user: frozenset[str]
    media: frozenset[str]
    expansions: frozenset[str]

    @property
    def shown(self) -> frozenset[str]:
        """Post fields, those that an expansion brings along included."""
        return self.post | {name.split(".")[0] for name in self.expansions}


def listed(query: Mapping[str, str], name: str, allowed: frozenset[str]) -> frozenset[str]:
    """The values of a parameter that is a list. Raises Problem 400 for one that X doesn't know, or that comes twice."""
    if name not in query:
        return frozenset()
    values = query[name].split(",")
    for value in values:
        if value not in allowed:
            known = ",".join(sorted(allowed))
            raise invalid(f"The `{name}` query parameter value [{value}] is not one of [{known}]", **{name: value})
    if len(values) != len(set(values)):
        raise invalid(f"The `{name}` query parameter has a value twice", **{name: query[name]})
    return frozenset(values)


def size(query: Mapping[str, str], smallest: int, usual: int) -> int:
    """How many a page holds. Raises Problem 400."""
    given = query.get("max_results", str(usual))
    if not given.isdigit() or not smallest <= int(given) <= 100:
        text = f"The `max_results` query parameter value [{given}] is not between {smallest} and 100"
        raise invalid(text, max_results=given)
    return int(given)


def wanted(query: Mapping[str, str], allowed: frozenset[str], *, users: bool = False) -> Wanted:
    """Raises Problem 400 for a parameter or a value that X doesn't know."""
    for name in query:
        if name not in allowed:
            known = ",".join(sorted(allowed))
            raise invalid(f"The query parameter [{name}] is not one of [{known}]", **{name: query[name]})
    if "post.fields" in query and "tweet.fields" in query:
        raise invalid("post.fields and tweet.fields can not be mixed", **{"post.fields": query["post.fields"]})
    asked = frozenset(query.get("expansions", "").split(",")) - {""}
    new = "post.fields" in query or bool(asked & (shapes.POST_EXPANSIONS - shapes.TWEET_EXPANSIONS))
    words = POST if new else TWEET
    return Wanted(
        words,
        listed(query, "post.fields" if new else "tweet.fields", words.fields),
        listed(query, "user.fields", shapes.USER_FIELDS),
        listed(query, "media.fields", shapes.MEDIA_FIELDS),
        listed(query, "expansions", shapes.USER_EXPANSIONS if users else words.expansions),
    )


class View:
    """Draws answers from the public table."""

    def __init__(self, public: Public, url: str) -> None:
        self.public, self.url = public, url

    def versions(self, item: Item) -> list[str]:
        """Every id that the post ever had, oldest first."""
        return [str(ident) for ident in item.extra.get("versions", [item.id])]

    def post(self, item: Item, want: Wanted) -> dict[str, Any]:
        """One post object."""
        words, shown = want.words, want.shown
        text = render(self.public, item)
        body: dict[str, Any] = {"id": item.latest, "text": text.text, words.history: self.versions(item)}
        everything: dict[str, Any] = {
            "author_id": item.author,
            "created_at": iso(item.extra.get("written", item.at)),
            "conversation_id": item.root,
            "lang": item.extra.get("lang", "es"),
            "possibly_sensitive": False,
            "reply_settings": item.extra.get("reply_settings", "everyone"),
            "display_text_range": list(text.shown),
            "edit_controls": self._edit_controls(item),
            "public_metrics": self._metrics(item, words),
            "source": "",
            "paid_partnership": bool(item.extra.get("paid_partnership")),
            **self._relations(item, words, text),
        }
        return body | {name: value for name, value in everything.items() if name in shown}

    def _relations(self, item: Item, words: Words, text: Rendered) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if text.entities:
            found["entities"] = text.entities
        if item.media:
            found["attachments"] = {"media_keys": [self._medium(ident).extra["media_key"] for ident in item.media]}
        references = []
        if item.parent:
            parent = self.public.find(NETWORK, item.parent)
            found["in_reply_to_user_id"] = parent.author if parent else item.extra.get("parent_author", "")
            references.append({"type": "replied_to", "id": parent.latest if parent else item.parent})
        if quoted := item.extra.get("quoted"):
            references.append({"type": "quoted", "id": quoted})
        if references:
            found[words.referenced] = references
        return found

    def _medium(self, ident: str) -> Medium:
        medium = self.public.medium(ident)
        assert medium is not None
        return medium

    def _edit_controls(self, item: Item) -> dict[str, Any]:
        until = datetime.fromtimestamp(item.at, UTC) + timedelta(seconds=EDIT_WINDOW)
        return {
            "edits_remaining": EDITS - len(self.versions(item)) + 1,
            "is_edit_eligible": True,
            "editable_until": iso(until.timestamp()),
        }

    def _metrics(self, item: Item, words: Words) -> dict[str, int]:
        # Assumed figures: somebody reads and likes every post, always the same for the same post.
        seen = int(item.id[-3:])
        return {
            words.reposts: 0,
            "reply_count": self.public.count("network = ? AND parent = ?", NETWORK, item.id),
            "like_count": seen % 17,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": seen,
        }

    def user(self, person: Person, want: Wanted) -> dict[str, Any]:
        """One user object."""
        written = self.public.count("network = ? AND author = ?", NETWORK, person.id)
        everything: dict[str, Any] = {
            "created_at": "2020-01-01T00:00:00.000Z",
            "description": "",
            "protected": False,
            "verified": False,
            "verified_type": "none",
            "url": "",
            "profile_image_url": f"{self.url}/page/logo.svg",
            "public_metrics": {
                "followers_count": 120,
                "following_count": 80,
                "tweet_count": written,
                "post_count": written,  # both names: nothing in the request tells which one is meant
                "listed_count": 0,
                "like_count": 0,
                "media_count": 0,
            },
        }
        body = {"id": person.id, "name": person.name, "username": person.handle}
        return body | {name: value for name, value in everything.items() if name in want.user}

    def medium(self, medium: Medium, want: Wanted) -> dict[str, Any]:
        """One media object; alt text and address only when asked for."""
        everything: dict[str, Any] = {
            "url": f"{self.url}/audience/media/{medium.id}",
            "width": medium.extra.get("width", 0),
            "height": medium.extra.get("height", 0),
        }
        if medium.alt:
            everything["alt_text"] = medium.alt
        body = {"media_key": medium.extra["media_key"], "type": medium.extra["kind"]}
        return body | {name: value for name, value in everything.items() if name in want.media}

    def includes(self, items: Iterable[Item], want: Wanted) -> dict[str, Any]:
        """What the expansions bring along; empty when there is nothing."""
        users: dict[str, Person] = {}
        media: dict[str, Medium] = {}
        posts: dict[str, Item] = {}
        for item in items:
            parent = self.public.find(NETWORK, item.parent) if item.parent else None
            quoted = self.public.find(NETWORK, item.extra["quoted"]) if "quoted" in item.extra else None
            if "author_id" in want.expansions:
                users[item.author] = self.public.person(NETWORK, item.author)
            if "in_reply_to_user_id" in want.expansions and parent:
                users[parent.author] = self.public.person(NETWORK, parent.author)
            if want.expansions & {"referenced_tweets.id", "referenced_tweets.id.author_id", "referenced_posts"}:
                for one in filter(None, (parent, quoted)):
                    posts[one.id] = one
                    if "referenced_tweets.id.author_id" in want.expansions:
                        users[one.author] = self.public.person(NETWORK, one.author)
            if "entities.mentions.username" in want.expansions:
                for mention in render(self.public, item).entities.get("mentions", []):
                    if known := self.public.by_handle(NETWORK, mention["username"]):
                        users[known.id] = known
            if "attachments.media_keys" in want.expansions:
                media |= {ident: self._medium(ident) for ident in item.media}
        found = {
            "users": [self.user(one, want) for one in users.values()],
            want.words.posts: [self.post(one, want) for one in posts.values()],
            "media": [self.medium(one, want) for one in media.values()],
        }
        return {name: values for name, values in found.items() if values}

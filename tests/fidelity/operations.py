"""What Vocero asks of X and Facebook: one line an operation, with the exact names that it sends.

The contract suite fails on a request that no line describes; each line is made by the official client too, beside ours
(`test_x_beside_xdk`, `test_facebook_beside_metas`), so a new request is compared before it is used.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.fidelity.wire import Exchange, matching

GRAPH = "v26.0"
SILENT = {"access_token", "appsecret_proof"}  # who asks, not what is asked
POST, COMMENT, PAGE = r"\d+_\d+", r"\d+_\d+", r"\d+|me"


@dataclass(frozen=True)
class Operation:
    """`names`: every query parameter and top-level body field. `sdk`: Meta's class and method for it.

    `telling`: part of the Graph's `fields`, where only that tells two operations apart.
    """

    name: str
    route: str
    names: frozenset[str]
    sdk: tuple[str, str] | None = None
    telling: str = ""

    def describes(self, exchange: Exchange) -> bool:
        """Whether this exchange is one of it."""
        method, _, path = self.route.partition(" ")
        if exchange.method != method or not _fits(exchange.path, path):
            return False
        body = exchange.body if isinstance(exchange.body, dict) else {}
        names = ({*exchange.query} | {*body}) - SILENT
        return names == self.names and self.telling in exchange.query.get("fields", "")


def _fits(path: str, pattern: str) -> bool:
    values = matching(path, pattern)
    if values is None:
        return False
    forms = {"page": PAGE, "object": POST, "id": r"\d+", "tweet_id": r"\d+", "participant_id": r"\d+"}
    return all(re.fullmatch(forms[name], value) for name, value in values.items())


def _x(name: str, route: str, names: str = "") -> Operation:
    return Operation(name, route, frozenset(names.split()))


def _graph(name: str, route: str, names: str, sdk: str, telling: str = "") -> Operation:
    method, _, path = route.partition(" ")
    cls, _, function = sdk.partition(".")
    return Operation(name, f"{method} /{GRAPH}{path}", frozenset(names.split()), (cls, function), telling)


_LOOKED_AT = "max_results expansions tweet.fields user.fields media.fields"
_COMMENTS = "fields filter order limit"
_MESSAGES, _TALK = "max_results event_types dm_event.fields expansions", "/2/dm_conversations/with/{participant_id}"

X = (
    _x("whoami", "GET /2/users/me", "user.fields"),
    _x("upload a picture", "POST /2/media/upload", "media media_category"),
    _x("say what a picture shows", "POST /2/media/metadata", "id metadata"),
    _x("note the newest own post", "GET /2/users/{id}/tweets", "max_results"),
    _x("publish", "POST /2/tweets", "text"),
    _x("publish with pictures", "POST /2/tweets", "text media"),
    _x("publish pictures alone", "POST /2/tweets", "media"),
    _x("reply", "POST /2/tweets", "text reply"),
    _x("look for a post", "GET /2/users/{id}/tweets", f"{_LOOKED_AT} since_id"),
    _x("look for a first post", "GET /2/users/{id}/tweets", _LOOKED_AT),
    _x("read new mentions", "GET /2/users/{id}/mentions", f"{_LOOKED_AT} since_id"),
    _x("read more new mentions", "GET /2/users/{id}/mentions", f"{_LOOKED_AT} since_id pagination_token"),
    _x("search for older mentions", "GET /2/tweets/search/recent", f"{_LOOKED_AT} query since_id until_id"),
    _x(
        "search for more older mentions",
        "GET /2/tweets/search/recent",
        f"{_LOOKED_AT} query since_id until_id next_token",
    ),
    _x("search for quotes", "GET /2/tweets/search/recent", f"{_LOOKED_AT} query since_id"),
    _x("look at comments", "GET /2/tweets", "ids expansions tweet.fields media.fields"),
    _x("hide a reply", "PUT /2/tweets/{id}/hidden", "hidden"),
    _x("like", "POST /2/users/{id}/likes", "tweet_id"),
    _x("take back a like", "DELETE /2/users/{id}/likes/{tweet_id}"),
    _x("read direct messages", "GET /2/dm_events", f"{_MESSAGES} user.fields media.fields"),
    _x("read more direct messages", "GET /2/dm_events", f"{_MESSAGES} user.fields media.fields pagination_token"),
    _x("look into a conversation", f"GET {_TALK}/dm_events", _MESSAGES),
    _x("look further into a conversation", f"GET {_TALK}/dm_events", f"{_MESSAGES} pagination_token"),
    _x("answer a direct message", f"POST {_TALK}/messages", "text"),
    _x("read numbers", "GET /2/tweets/{id}", "tweet.fields"),
    _x("delete", "DELETE /2/tweets/{id}"),
)

FACEBOOK = (
    _graph("whoami", "GET /{page}", "fields", "Page.api_get"),
    _graph("upload a photo", "POST /{page}/photos", "source published temporary alt_text_custom", "Page.create_photo"),
    _graph("upload a photo without words", "POST /{page}/photos", "source published temporary", "Page.create_photo"),
    _graph("note own posts", "GET /{page}/published_posts", "fields limit", "Page.get_published_posts", "attachments"),
    _graph(
        "look further for a post",
        "GET /{page}/published_posts",
        "fields limit after",
        "Page.get_published_posts",
        "attachments",
    ),
    _graph("publish", "POST /{page}/feed", "message", "Page.create_feed"),
    _graph("publish with photos", "POST /{page}/feed", "message attached_media", "Page.create_feed"),
    _graph("publish photos alone", "POST /{page}/feed", "attached_media", "Page.create_feed"),
    _graph("find the top of a reply", "GET /{object}", "fields", "Comment.api_get", "parent{id}"),
    _graph("reply", "POST /{object}/comments", "message", "Comment.create_comment"),
    _graph("reply with a photo", "POST /{object}/comments", "message attachment_id", "Comment.create_comment"),
    _graph("look for a reply", "GET /{object}/comments", _COMMENTS, "Comment.get_comments"),
    _graph("look further for a reply", "GET /{object}/comments", f"{_COMMENTS} after", "Comment.get_comments"),
    _graph("read mentions", "GET /{page}/tagged", "fields limit", "Page.get_tagged"),
    _graph(
        "read posts with comments",
        "GET /{page}/published_posts",
        "fields limit",
        "Page.get_published_posts",
        "order(chronological)",
    ),
    _graph(
        "read more posts with comments",
        "GET /{page}/published_posts",
        "fields limit after",
        "Page.get_published_posts",
        "order(chronological)",
    ),
    _graph("read more new comments", "GET /{object}/comments", f"{_COMMENTS} after since", "PagePost.get_comments"),
    _graph("read more mentions", "GET /{page}/tagged", "fields limit after", "Page.get_tagged"),
    Operation("ask about our token", f"POST /{GRAPH}/debug_token", frozenset({"input_token", "method"})),
    _graph("look at a comment", "GET /{object}", "fields", "Comment.api_get", "attachment,is_hidden"),
    _graph("look at a mention", "GET /{object}", "fields", "PagePost.api_get", "message,created_time,id"),
    _graph("edit", "POST /{object}", "message", "PagePost.api_update"),
    _graph("hide a comment", "POST /{object}", "is_hidden", "Comment.api_update"),
    _graph("like", "POST /{object}/likes", "", "Comment.create_like"),
    _graph("take back a like", "DELETE /{object}/likes", "", "Comment.delete_likes"),
    _graph("reply privately", "POST /{page}/messages", "recipient message", "Page.create_message"),
    _graph("read private messages", "GET /{page}/conversations", "fields limit platform", "Page.get_conversations"),
    _graph(
        "read more private messages",
        "GET /{page}/conversations",
        "fields limit platform after",
        "Page.get_conversations",
    ),
    _graph(
        "look into a conversation", "GET /{page}/conversations", "fields platform user_id", "Page.get_conversations"
    ),
    _graph(
        "answer a private message",
        "POST /{page}/messages",
        "recipient message messaging_type",
        "Page.create_message",
    ),
    _graph("be told of a page", "POST /{page}/subscribed_apps", "subscribed_fields", "Page.create_subscribed_app"),
    _graph(
        "be told",
        "POST /{page}/subscriptions",
        "object callback_url fields verify_token",
        "Application.create_subscription",
    ),
    _graph("read numbers", "GET /{object}", "fields", "PagePost.api_get", "summary(true)"),
    _graph("delete", "DELETE /{object}", "", "PagePost.api_delete"),
)


def of(exchange: Exchange) -> list[Operation]:
    """The operations that an exchange is one of: exactly one, or our list is wrong."""
    return [one for one in (X if exchange.target == "x" else FACEBOOK) if one.describes(exchange)]


def unlisted(exchanges: Iterable[Exchange]) -> list[str]:
    """Requests that aren't in the list; those without credentials are a test's, not a connector's."""
    return [str(one) for one in exchanges if one.auth and len(of(one)) != 1]

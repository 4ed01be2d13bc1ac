"""X's two vocabularies: its guides and tweepy say `tweet.fields`, its OpenAPI file and `xdk` say `post.fields`.

docs.x.com/x-api/fundamentals/fields describes the first, `x/openapi.json` (v2.167) the second for the same routes; the
sandbox answers each in its own words, and the connector reads both. Here the first is written in words of the second.
"""

from collections.abc import Mapping
from typing import Any

FIELDS = {"note_tweet": "note_post"}
# What used to be a field is brought by an expansion of this name.
BY_EXPANSION = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
}
EXPANSIONS = {"edit_history_tweet_ids": "edit_history_post_ids", "referenced_tweets.id": "referenced_posts"}
PROPERTIES = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
    "retweet_count": "repost_count",
    "tweets": "posts",
}
# A user's numbers carry both names, because nothing in a request tells which is meant.
TWICE = "tweet_count"


def query_today(query: Mapping[str, str]) -> dict[str, str]:
    """A query in the words of the OpenAPI file."""
    found = {name: value for name, value in query.items() if name != "tweet.fields"}
    if "tweet.fields" not in query:
        return found
    asked = query["tweet.fields"].split(",")
    fields = [FIELDS.get(name, name) for name in asked if name not in BY_EXPANSION]
    expansions = [EXPANSIONS.get(name, name) for name in query.get("expansions", "").split(",") if name]
    expansions += [BY_EXPANSION[name] for name in asked if name in BY_EXPANSION]
    if fields:
        found["post.fields"] = ",".join(fields)
    if expansions:
        found["expansions"] = ",".join(dict.fromkeys(expansions))
    return found


def answer_today(value: Any) -> Any:
    """An answer in the words of the OpenAPI file."""
    if isinstance(value, list):
        return [answer_today(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {PROPERTIES.get(name, name): answer_today(inner) for name, inner in value.items() if name != TWICE}

"""The bodies and query parameters that X's API description allows, as tables, and the checker that reads them.

The tables are a part of X's own OpenAPI file (a test compares them where that file is present). `tweet.fields`
and its older names aren't in that file any more; clients such as tweepy still send them.
"""

import re
from typing import Any

from bot.sandbox.x.problems import invalid

Schema = dict[str, Any]
ID: Schema = {"type": "string", "pattern": "^[0-9]{1,19}$"}
STRING: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
AUDIENCES = ["following", "mentionedUsers", "subscribers", "verified"]


def names(text: str) -> frozenset[str]:
    """Words between spaces."""
    return frozenset(text.split())


def closed(required: list[str] | None = None, **properties: Schema) -> Schema:
    """An object that allows nothing else."""
    return {
        "type": "object",
        "required": required or [],
        "properties": properties,
        "additionalProperties": False,
    }


CREATE = closed(
    text=STRING,
    card_uri=STRING,
    community_id=ID,
    direct_message_deep_link=STRING,
    edit_options=closed(["previous_post_id"], previous_post_id=ID),
    for_super_followers_only=BOOLEAN,
    geo=closed(["place_id"], place_id=STRING),
    made_with_ai=BOOLEAN,
    media=closed(
        ["media_ids"],
        call_to_actions={"type": "object"},
        description=STRING,
        embeddable=BOOLEAN,
        media_ids={"type": "array", "minItems": 1, "maxItems": 4, "items": ID},
        preview_media_id=ID,
        tagged_user_ids={"type": "array", "maxItems": 10, "items": ID},
        title=STRING,
    ),
    nullcast=BOOLEAN,
    paid_partnership=BOOLEAN,
    poll=closed(
        ["options", "duration_minutes"],
        duration_minutes={"type": "integer", "minimum": 5, "maximum": 10080},
        options={
            "type": "array",
            "minItems": 2,
            "maxItems": 4,
            "items": {"type": "string", "minLength": 1, "maxLength": 25},
        },
        reply_settings={"type": "string", "enum": AUDIENCES},
    ),
    quote_tweet_id=ID,
    reply=closed(
        ["in_reply_to_tweet_id"],
        auto_populate_reply_metadata=BOOLEAN,
        exclude_reply_user_ids={"type": "array", "items": STRING},
        in_reply_to_tweet_id=ID,
    ),
    reply_settings={"type": "string", "enum": AUDIENCES},
    share_with_followers=BOOLEAN,
)
HIDE = closed(["hidden"], hidden=BOOLEAN)
LIKE = closed(["tweet_id"], tweet_id=ID)
DM = closed(
    attachments={"type": "array", "items": closed(["media_id"], media_id=ID)},
    text={"type": "string", "minLength": 1},
)
UPLOAD = closed(
    ["media", "media_category"],
    additional_owners=STRING,
    media=STRING,
    media_category={
        "type": "string",
        "enum": ["tweet_image", "tweet_video", "tweet_gif", "dm_image", "dm_video", "dm_gif", "subtitles"],
    },
)
INITIALIZE = closed(
    additional_owners={"type": "array", "items": ID},
    media_category={
        "type": "string",
        "enum": [
            "amplify_video",
            "tweet_gif",
            "tweet_image",
            "tweet_video",
            "dm_gif",
            "dm_image",
            "dm_video",
            "subtitles",
        ],
    },
    media_type={
        "type": "string",
        "enum": [
            "video/mp4",
            "video/webm",
            "video/mp2t",
            "video/quicktime",
            "text/srt",
            "text/vtt",
            "image/jpeg",
            "image/gif",
            "image/bmp",
            "image/png",
            "image/webp",
            "image/pjpeg",
            "image/tiff",
            "model/gltf-binary",
            "model/vnd.usdz+zip",
        ],
    },
    shared=BOOLEAN,
    total_bytes={"type": "integer", "minimum": 0, "maximum": 17179869184},
)
APPEND = closed(
    ["media", "segment_index"],
    media=STRING,
    segment_index={"type": "integer", "minimum": 0, "maximum": 999},
)
# The file lets any property through here; the sandbox wants to hear of alt text only.
METADATA = closed(
    ["id"],
    id=ID,
    metadata=closed(alt_text=closed(["text"], text={"type": "string", "maxLength": 1000})),
)

_COMMON_FIELDS = """article article_title attachments card_uri community_id context_annotations conversation_id
 created_at display_text_range edit_controls entities geo id lang media_metadata non_public_metrics
 organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics reply_settings scopes source
 suggested_source_links suggested_source_links_with_counts text withheld note_request_suggestions
 matched_media_notes"""
POST_FIELDS = names(f"{_COMMON_FIELDS} note_post")
TWEET_FIELDS = names(
    f"{_COMMON_FIELDS} note_tweet author_id in_reply_to_user_id referenced_tweets edit_history_tweet_ids "
    "display_text_range media_metadata"
)
_COMMON_EXPANSIONS = """article.cover_media article.media_entities attachments.media_keys
 attachments.media_source_tweet attachments.poll_ids author_id entities.mentions.username geo.place_id
 in_reply_to_user_id"""
POST_EXPANSIONS = names(f"{_COMMON_EXPANSIONS} edit_history_post_ids referenced_posts username")
TWEET_EXPANSIONS = names(
    f"{_COMMON_EXPANSIONS} edit_history_tweet_ids referenced_tweets.id referenced_tweets.id.author_id"
)
USER_EXPANSIONS = names("affiliation most_recent_post_id most_recent_tweet_id pinned_post_id pinned_tweet_id")
USER_FIELDS = names(
    """
    confirmed_email connection_status created_at description entities id is_identity_verified location name
    parody profile_banner_url profile_image_url protected public_metrics receives_your_dm subscribes_to_you
    subscription subscription_type url username verified verified_followers_count verified_type withheld
    affiliation most_recent_tweet_id pinned_tweet_id
    """
)
MEDIA_FIELDS = names(
    """
    alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url
    promoted_metrics public_metrics type url variants width
    """
)
SHOW_POST = names("post.fields tweet.fields expansions user.fields media.fields poll.fields place.fields")
DM_FIELDS = names("attachments created_at dm_conversation_id entities event_type id text")
DM_EXPANSIONS = names("attachments.media_keys participant_ids referenced_posts sender_id")
DM_SHOW = names("dm_event.fields expansions user.fields post.fields tweet.fields media.fields")
DM_PAGE = names("max_results pagination_token event_types")
SHOW_USER = names("user.fields expansions post.fields tweet.fields")
TIMELINE = SHOW_POST | names("max_results pagination_token start_time end_time since_id until_id")
SEARCH = TIMELINE | names("query next_token sort_order")

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
}
_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}


def check(value: Any, schema: Schema, path: str = "$") -> None:
    """Raises Problem 400 at the first thing that the table doesn't allow."""
    kind = schema["type"]
    if not any(isinstance(value, one) for one in _TYPES[kind]) or (kind == "integer" and isinstance(value, bool)):
        raise invalid(f"{path}: {_NAMES.get(type(value), 'null')} found, {kind} expected", **{path: value})
    if kind == "object":
        _check_object(value, schema, path)
    elif kind == "array":
        low, high = schema.get("minItems", 0), schema.get("maxItems", len(value))
        if not low <= len(value) <= high:
            raise invalid(f"{path}: there must be between {low} and {high} items in the array", **{path: value})
        for number, item in enumerate(value):
            check(item, schema["items"], f"{path}[{number}]")
    elif kind == "integer":
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            raise invalid(f"{path}: must be between {schema['minimum']} and {schema['maximum']}", **{path: value})
    elif kind == "string":
        _check_string(value, schema, path)


def _check_string(value: str, schema: Schema, path: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise invalid(f"{path}: is not valid Unicode")
    if len(value) < schema.get("minLength", 0):
        raise invalid(f"{path}: must be at least {schema['minLength']} characters long", **{path: value})
    if len(value) > schema.get("maxLength", len(value)):
        raise invalid(f"{path}: may only be {schema['maxLength']} characters long", **{path: value})
    if "pattern" in schema and not re.search(schema["pattern"], value):
        raise invalid(f"{path}: does not match the regex pattern {schema['pattern']}", **{path: value})
    if "enum" in schema and value not in schema["enum"]:
        raise invalid(f"{path}: does not have a value in the enumeration {schema['enum']}", **{path: value})


def _check_object(value: dict[str, Any], schema: Schema, path: str) -> None:
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            raise invalid(f"{path}.{name}: is missing but it is required", **{f"{path}.{name}": ""})
    for name, inner in value.items():
        if name in properties:
            check(inner, properties[name], f"{path}.{name}")
        elif schema.get("additionalProperties") is False:
            text = "is not defined in the schema and the schema does not allow additional properties"
            raise invalid(f"{path}.{name}: {text}", **{f"{path}.{name}": inner})

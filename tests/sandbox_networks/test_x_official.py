"""X's own words: the official SDK reads our answers, and the official description finds nothing wrong in them."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.x import shapes
from tests.sandbox_networks.conftest import AGORA_X, World
from tests.sandbox_networks.pictures import PNG, picture_of
from tests.sandbox_networks.test_x_wire import multipart

ROOT = Path(__file__).parents[2]
DESCRIPTION = Path(os.environ.get("VOCERO_REFERENCE", ROOT.parent / "shared")) / "x" / "openapi.json"
AGORA = {"Authorization": "Bearer oauth2-cafe_agora"}
needs_description = pytest.mark.skipif(not DESCRIPTION.exists(), reason=f"{DESCRIPTION} isn't here")
PATHS = (
    "/2/tweets",
    "/2/tweets/{id}",
    "/2/tweets/{tweet_id}/hidden",
    "/2/users/me",
    "/2/users",
    "/2/users/by/username/{username}",
    "/2/users/{id}",
    "/2/users/{id}/tweets",
    "/2/users/{id}/mentions",
    "/2/media/upload",
    "/2/media/metadata",
    "/2/media/upload/initialize",
    "/2/dm_events",
    "/2/dm_events/{event_id}",
    "/2/dm_conversations/{id}/dm_events",
    "/2/dm_conversations/with/{participant_id}/dm_events",
    "/2/dm_conversations/with/{participant_id}/messages",
    "/2/dm_conversations/{dm_conversation_id}/messages",
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:xdk")
@pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20")
async def test_xdk(world_: World) -> None:
    """Post, read comments and answer one with `xdk`."""
    from xdk import Client  # noqa: PLC0415

    def client() -> Any:
        return Client(base_url=world_.url, access_token="oauth2-cafe_agora")

    def publish() -> str:
        return str(client().posts.create(body={"text": "Hola desde xdk"}).data.id)

    def answer() -> tuple[str, str]:
        there = client()
        assert there.users.get_me().data.username == "cafe_agora"
        page = next(iter(there.users.get_mentions(id=AGORA_X.id, max_results=5, expansions=["author_id"])))
        (mention,) = page.data
        one = mention if isinstance(mention, dict) else mention.model_dump()
        body = {"text": "Gracias", "reply": {"in_reply_to_tweet_id": one["id"]}}
        return one["text"], str(there.posts.create(body=body).data.id)

    post = await asyncio.to_thread(publish)
    await world_.comment(AGORA_X.id, "Qué rico", post=post)
    text, reply = await asyncio.to_thread(answer)
    assert text == "@cafe_agora Qué rico"
    (shown,) = (await world_.timeline(AGORA_X.id))["posts"]
    assert shown["replies"][0]["replies"][0]["id"] == reply


def described() -> dict[str, Any]:
    """The description, cut to the routes that are compared."""
    whole: dict[str, Any] = json.loads(DESCRIPTION.read_text())
    whole["paths"] = {path: whole["paths"][path] for path in PATHS}
    # the file names one expansion of messages twice, which makes it invalid itself
    items = whole["components"]["parameters"]["DmEventExpansionsParameter"]["schema"]["items"]
    items["enum"] = list(dict.fromkeys(items["enum"]))
    return whole


@needs_description
def test_our_tables_are_a_part_of_the_description() -> None:
    """Every property, type, pattern and limit; every field and expansion."""
    whole = described()
    schemas = whole["components"]["schemas"]

    def same(ours: Any, theirs: Any, path: str) -> None:
        theirs = schemas[theirs["$ref"].rpartition("/")[2]] if "$ref" in theirs else theirs
        for name in ("pattern", "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength", "enum"):
            left, right = ours.get(name), theirs.get(name)
            assert (sorted(left), sorted(right)) if name == "enum" and left else left == right, (path, name)
        if "properties" in ours and path != "METADATA":
            assert set(ours["properties"]) == set(theirs.get("properties", ours["properties"])), path
            assert set(ours["required"]) == set(theirs.get("required", [])), path
            for name, inner in ours["properties"].items():
                if name in theirs.get("properties", {}) and name != "media":
                    same(inner, theirs["properties"][name], f"{path}.{name}")
        if "items" in ours:
            same(ours["items"], theirs["items"], f"{path}[]")

    for ours, name in (
        (shapes.CREATE, "CreatePostsRequest"),
        (shapes.CREATE["properties"]["media"], "CreatePostsMedia"),
        (shapes.HIDE, "HidePostsReplyRequest"),
        (shapes.UPLOAD, "MediaUploadRequest"),
        (shapes.INITIALIZE, "InitializeMediaUploadRequest"),
        (shapes.APPEND, "AppendMediaUploadRequest"),
        (shapes.DM, "CreateDirectMessagesByParticipantIdRequest"),
        (shapes.DM, "CreateDirectMessagesByConversationIdRequest"),
    ):
        same(ours, schemas[name], name)
    parameters = whole["components"]["parameters"]
    for mine, name in (
        (shapes.POST_FIELDS, "PostFieldsParameter"),
        (shapes.POST_EXPANSIONS, "PostExpansionsParameter"),
        (shapes.MEDIA_FIELDS, "MediaFieldsParameter"),
        (shapes.DM_FIELDS, "DmEventFieldsParameter"),
        (shapes.DM_EXPANSIONS, "DmEventExpansionsParameter"),
    ):
        assert mine == set(parameters[name]["schema"]["items"]["enum"]), name
    assert set(parameters["UserFieldsParameter"]["schema"]["items"]["enum"]) <= shapes.USER_FIELDS


@needs_description
@pytest.mark.filterwarnings("ignore:Unsupported scheme type:UserWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_requests_and_answers_fit_the_description(world_: World) -> None:
    """A day of requests in the description's own words, each answer checked by openapi-core."""
    from openapi_core import Config, OpenAPI  # noqa: PLC0415
    from openapi_core.testing import MockRequest, MockResponse  # noqa: PLC0415

    config = Config(extra_media_type_deserializers={"application/problem+json": json.loads})
    checker = OpenAPI.from_dict(described(), config=config)

    async def ask(
        method: str,
        path: str,
        view: str,
        *,
        args: dict[str, str] | None = None,
        json_: Any = None,
        good: bool = True,
    ) -> Any:
        async with world_.session.request(
            method, world_.url + path, params=args or {}, json=json_, headers=AGORA
        ) as answer:
            body = await answer.read()
            assert (answer.status < 300) == good, body
            pattern = dict(zip(_names(view), _values(view, path), strict=True))
            request = MockRequest(
                "https://api.x.com",
                method.lower(),
                path,
                path_pattern=view,
                args=args or {},
                view_args=pattern,
                headers=dict(AGORA),
                data=json.dumps(json_).encode() if json_ is not None else None,
                content_type="application/json",
            )
            response = MockResponse(body, answer.status, content_type=answer.content_type)
        checker.validate_request(request)
        checker.validate_response(request, response)
        return json.loads(body)

    form = multipart(media=PNG, media_category="tweet_image")
    _, media = await world_.ask("POST", "/2/media/upload", data=form, headers=AGORA)
    picture = media["data"]["id"]
    alt = {"id": picture, "metadata": {"alt_text": {"text": "Una taza"}}}
    await ask("POST", "/2/media/metadata", "/2/media/metadata", json_=alt)
    begin = {"media_type": "video/mp4", "media_category": "tweet_video", "total_bytes": 6}
    await ask("POST", "/2/media/upload/initialize", "/2/media/upload/initialize", json_=begin)
    query = {"media_id": picture, "command": "STATUS"}
    await ask("GET", "/2/media/upload", "/2/media/upload", args=query)

    body = {"text": "Taza https://agora.com/x #café @northwindbooks $AAPL", "media": {"media_ids": [picture]}}
    made = await ask("POST", "/2/tweets", "/2/tweets", json_=body)
    ident = made["data"]["id"]
    comment = await world_.comment(AGORA_X.id, "Qué rico", post=ident)
    reply = {"text": "Gracias", "reply": {"in_reply_to_tweet_id": comment}}
    await ask("POST", "/2/tweets", "/2/tweets", json_=reply)
    fields = "attachments,conversation_id,created_at,edit_controls,entities,id,lang,public_metrics,reply_settings,text"
    show = {
        "post.fields": fields,
        "expansions": "author_id,attachments.media_keys,referenced_posts,in_reply_to_user_id,edit_history_post_ids",
        "user.fields": "created_at,public_metrics,verified,verified_type,profile_image_url",
        "media.fields": "alt_text,url,width,height,media_key,type",
    }
    await ask("GET", f"/2/tweets/{ident}", "/2/tweets/{id}", args=show)
    await ask("GET", "/2/tweets", "/2/tweets", args={"ids": f"{ident},1", **show})
    for name in ("tweets", "mentions"):
        path = f"/2/users/{AGORA_X.id}/{name}"
        found = await ask("GET", path, f"/2/users/{{id}}/{name}", args={"max_results": "5", **show})
        assert found["meta"]["result_count"] > 0
    await ask("GET", "/2/users/me", "/2/users/me", args={"user.fields": "public_metrics"})
    await ask("GET", f"/2/users/{AGORA_X.id}", "/2/users/{id}")
    await ask("GET", "/2/users/by/username/cafe_agora", "/2/users/by/username/{username}")
    refused = await ask("POST", "/2/tweets", "/2/tweets", json_={"text": "あ" * 141}, good=False)
    assert refused["title"] == "Invalid Request"
    said = {"account": AGORA_X.id, "author": "Rosa", "text": "Mirad https://agora.com/x @cafe_agora #café"}
    for more in ({}, {"picture": picture_of("taza.png")}):
        assert (await world_.ask("POST", "/audience/message", json={**said, **more}))[0] == 200
    whole = {
        "dm_event.fields": "attachments,created_at,dm_conversation_id,entities,event_type,id,text",
        "expansions": "sender_id,participant_ids,attachments.media_keys",
        "user.fields": show["user.fields"],
        "media.fields": show["media.fields"],
    }
    events = await ask("GET", "/2/dm_events", "/2/dm_events", args={"max_results": "1", **whole})
    (event,) = events["data"]
    assert events["meta"]["next_token"]
    assert {"users", "media"} <= events["includes"].keys()
    await ask("GET", f"/2/dm_events/{event['id']}", "/2/dm_events/{event_id}", args=whole)
    talk, with_ = f"/2/dm_conversations/{event['dm_conversation_id']}", f"/2/dm_conversations/with/{event['sender_id']}"
    await ask("GET", f"{talk}/dm_events", "/2/dm_conversations/{id}/dm_events", args=whole)
    await ask("GET", f"{with_}/dm_events", "/2/dm_conversations/with/{participant_id}/dm_events", args=whole)
    for path, view in ((talk, "/2/dm_conversations/{dm_conversation_id}"), (with_, _WITH)):
        await ask("POST", f"{path}/messages", f"{view}/messages", json_={"text": "Gracias"})
    await ask("POST", f"{with_}/messages", f"{_WITH}/messages", json_={"text": "x" * 10_001}, good=False)
    hidden = f"/2/tweets/{comment}/hidden"
    await ask("PUT", hidden, "/2/tweets/{tweet_id}/hidden", json_={"hidden": True})
    await ask("DELETE", f"/2/tweets/{ident}", "/2/tweets/{id}")


_WITH = "/2/dm_conversations/with/{participant_id}"


def _names(view: str) -> list[str]:
    return [part.strip("{}") for part in view.split("/") if part.startswith("{")]


def _values(view: str, path: str) -> list[str]:
    return [given for part, given in zip(view.split("/"), path.split("/"), strict=True) if part.startswith("{")]

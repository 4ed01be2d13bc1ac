"""X on the wire: bearers, token rotation, uploads, strict bodies, and the app-only token."""

import base64
from typing import Any

import aiohttp
import pytest

from bot.sandbox.x.auth import APP_BEARER, CLIENT_ID
from tests.sandbox_networks.conftest import AGORA_X, NORTHWIND_X, World
from tests.sandbox_networks.pictures import PNG

AGORA = {"Authorization": "Bearer oauth2-cafe_agora"}
NORTHWIND = {"Authorization": "Bearer oauth2-northwindbooks"}


async def post(world: World, body: Any, headers: dict[str, str] = AGORA) -> tuple[int, Any]:
    """`POST /2/tweets`."""
    return await world.ask("POST", "/2/tweets", json=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"text": "x", "foo": 1}, "$.foo: is not defined in the schema"),
        ({"text": 7}, "$.text: integer found, string expected"),
        ({}, "must not be empty"),
        ({"text": "   "}, "must not be empty"),
        ({"text": "x", "media": {"media_ids": []}}, "between 1 and 4"),
        ({"text": "x", "media": {"media_ids": ["12"]}}, "Your media IDs are invalid."),
        ({"text": "x", "reply": {"in_reply_to_tweet_id": 12}}, "integer found, string expected"),
        ({"text": "x", "reply": {}}, "is missing but it is required"),
        ({"text": "x", "reply_settings": "everyone"}, "does not have a value in the enumeration"),
        ([1], "array found, object expected"),
        ({"text": "half a sign \ud83d"}, "is not valid Unicode"),
    ],
)
async def test_a_body_that_does_not_fit(world_: World, body: Any, complaint: str) -> None:
    """400 invalid-request with the place in it."""
    status, answer = await post(world_, body)
    assert status == 400
    assert answer["type"] == "https://api.x.com/2/problems/invalid-request"
    assert complaint in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nobody"},
        {"Authorization": "Basic abc"},
        {"Authorization": "OAuth x=y"},
        {"Authorization": "Bearer ñ"},
    ],
)
async def test_no_credentials(world_: World, headers: dict[str, str]) -> None:
    """401, whatever was sent."""
    assert (await post(world_, {"text": "x"}, headers))[0] == 401


async def test_the_apps_own_bearer_only_reads(world_: World) -> None:
    """Unsupported Authentication where a person is needed."""
    app = {"Authorization": f"Bearer {APP_BEARER}"}
    status, answer = await post(world_, {"text": "x"}, app)
    assert (status, answer["title"]) == (403, "Unsupported Authentication")
    assert (await world_.ask("GET", f"/2/users/{AGORA_X.id}/mentions", headers=app))[0] == 200
    assert (await world_.ask("GET", "/2/users/me", headers=app))[0] == 403


async def test_a_refresh_token_works_once(world_: World) -> None:
    """The new pair works; the used one is refused; access ends after two hours."""
    form = {"grant_type": "refresh_token", "refresh_token": "refresh-cafe_agora", "client_id": CLIENT_ID}
    status, pair = await world_.ask("POST", "/2/oauth2/token", data=form)
    assert (status, pair["token_type"], pair["expires_in"]) == (200, "bearer", 7200)
    status, answer = await world_.ask("POST", "/2/oauth2/token", data=form)
    assert (status, answer["error"]) == (400, "invalid_request")
    fresh = {"Authorization": f"Bearer {pair['access_token']}"}
    assert (await world_.ask("GET", "/2/users/me", headers=fresh))[1]["data"]["username"] == "cafe_agora"
    world_.clock.ahead = 7201
    assert (await world_.ask("GET", "/2/users/me", headers=fresh))[0] == 401
    form["refresh_token"] = pair["refresh_token"]
    assert (await world_.ask("POST", "/2/oauth2/token", data=form))[0] == 200


def multipart(**fields: Any) -> aiohttp.FormData:
    """An upload as a form."""
    form = aiohttp.FormData()
    for name, value in fields.items():
        is_file = isinstance(value, bytes)
        form.add_field(name, value, **({"filename": "f.png", "content_type": "image/png"} if is_file else {}))
    return form


async def test_a_picture_with_its_words(world_: World) -> None:
    """One shot, alt text, post: the reader's page has picture and alt."""
    form = multipart(media=PNG, media_category="tweet_image")
    status, answer = await world_.ask("POST", "/2/media/upload", data=form, headers=AGORA)
    assert status == 200, answer
    media = answer["data"]
    assert media["image"] == {"image_type": "image/png", "w": 1, "h": 1}
    assert media["media_key"] == f"3_{media['id']}"
    body = {"id": media["id"], "metadata": {"alt_text": {"text": "Una taza"}}}
    assert (await world_.ask("POST", "/2/media/metadata", json=body, headers=AGORA))[0] == 200
    assert (await post(world_, {"media": {"media_ids": [media["id"]]}}, NORTHWIND))[0] == 400
    status, made = await post(world_, {"text": "Taza", "media": {"media_ids": [media["id"]]}})
    assert status == 201
    assert made["data"]["text"].startswith("Taza https://t.co/")
    query = {"expansions": "attachments.media_keys", "media.fields": "alt_text,url"}
    _, read = await world_.ask("GET", f"/2/tweets/{made['data']['id']}", params=query, headers=AGORA)
    assert read["includes"]["media"][0]["alt_text"] == "Una taza"
    (shown,) = (await world_.timeline("x:cafe_agora"))["posts"]
    assert (shown["text"], shown["media"][0]["alt"]) == ("Taza", "Una taza")
    async with world_.session.get(shown["media"][0]["url"]) as picture:
        assert (await picture.read(), picture.content_type) == (PNG, "image/png")


async def test_a_picture_in_json_and_in_chunks(world_: World) -> None:
    """base64 in one JSON body; a video piece by piece, usable once it is processed."""
    body = {"media": base64.b64encode(PNG).decode(), "media_category": "tweet_image"}
    assert (await world_.ask("POST", "/2/media/upload", json=body, headers=AGORA))[0] == 200
    begin = {"media_type": "video/mp4", "media_category": "tweet_video", "total_bytes": 6}
    _, answer = await world_.ask("POST", "/2/media/upload/initialize", json=begin, headers=AGORA)
    ident = answer["data"]["id"]
    for number, part in enumerate((b"abc", b"def")):
        form = multipart(segment_index=str(number), media=part)
        path = f"/2/media/upload/{ident}/append"
        assert (await world_.ask("POST", path, data=form, headers=AGORA))[0] == 200
    status, answer = await world_.ask("POST", f"/2/media/upload/{ident}/finalize", headers=AGORA)
    assert (status, answer["data"]["processing_info"]["state"]) == (200, "in_progress")
    video = {"text": "Vídeo", "media": {"media_ids": [ident]}}
    assert (await post(world_, video))[0] == 400
    world_.clock.ahead = 3
    query = {"media_id": ident, "command": "STATUS"}
    _, answer = await world_.ask("GET", "/2/media/upload", params=query, headers=AGORA)
    assert answer["data"]["processing_info"]["state"] == "succeeded"
    assert (await post(world_, video))[0] == 201


async def test_what_is_not_a_picture(world_: World) -> None:
    """Text, an unknown category, a property that isn't in the description."""
    for fields in (
        {"media": b"hello", "media_category": "tweet_image"},
        {"media": PNG, "media_category": "poster"},
        {"media": PNG, "media_category": "tweet_image", "media_type": "image/png"},
        {"media": PNG},
    ):
        status, _ = await world_.ask("POST", "/2/media/upload", data=multipart(**fields), headers=AGORA)
        assert status == 400


async def test_both_vocabularies(world_: World) -> None:
    """tweet.fields answers in tweets, post.fields in posts; a mix, an unknown field or parameter is refused."""
    await world_.comment("x:cafe_agora", "@cafe_agora hola")
    path = f"/2/users/{AGORA_X.id}/mentions"

    async def ask(**query: str) -> tuple[int, Any]:
        return await world_.ask("GET", path, params={k.replace("_f", ".f"): v for k, v in query.items()}, headers=AGORA)

    _, old = await ask(tweet_fields="public_metrics,author_id")
    assert set(old["data"][0]) == {"id", "text", "edit_history_tweet_ids", "public_metrics", "author_id"}
    assert "retweet_count" in old["data"][0]["public_metrics"]
    _, new = await ask(post_fields="public_metrics", expansions="author_id")
    assert "repost_count" in new["data"][0]["public_metrics"]
    assert "edit_history_post_ids" in new["data"][0]
    for query in (
        {"tweet_fields": "text", "post_fields": "text"},
        {"tweet_fields": "colour"},
        {"colour": "red"},
        {"expansions": "author"},
        {"start_time": "yesterday"},
        {"pagination_token": "abc"},
    ):
        assert (await ask(**query))[0] == 400, query


async def test_users_by_name_and_id(world_: World) -> None:
    """Unknown ones are entries in `errors`."""
    _, found = await world_.ask("GET", "/2/users/by/username/CAFE_agora", headers=AGORA)
    assert found["data"] == {"id": AGORA_X.id, "name": "Café Ágora", "username": "cafe_agora"}
    _, both = await world_.ask("GET", "/2/users", params={"ids": f"{NORTHWIND_X.id},77"}, headers=AGORA)
    assert [one["username"] for one in both["data"]] == ["northwindbooks"]
    assert both["errors"][0]["value"] == "77"
    assert (await world_.ask("GET", "/2/users/by/username/too-long-for-x-and-bad", headers=AGORA))[0] == 400
    assert (await world_.ask("GET", "/2/nothing", headers=AGORA))[0] == 404


async def test_an_edit_keeps_its_place(world_: World) -> None:
    """Five times in half an hour; the same post for readers."""
    _, made = await post(world_, {"text": "Kafé"})
    ident = made["data"]["id"]
    edit = {"text": "Café", "edit_options": {"previous_post_id": ident}}
    status, edited = await post(world_, edit)
    assert status == 201
    assert edited["data"]["edit_history_tweet_ids"] == [ident, edited["data"]["id"]]
    (shown,) = (await world_.timeline("x:cafe_agora"))["posts"]
    assert shown["text"] == "Café"
    world_.clock.ahead = 1801
    assert (await post(world_, {**edit, "text": "Té"}))[0] == 403

"""The Graph on the wire: tokens, proofs, versions, fields, paging, and each error as the real service words it."""

import json
from typing import Any

import aiohttp
import pytest

from bot.sandbox.facebook.access import APP_TOKEN
from tests.sandbox_networks.conftest import AGORA_FB, NORTHWIND_FB, World
from tests.sandbox_networks.graph_clients import graph, proof
from tests.sandbox_networks.pictures import PNG

PAGE = AGORA_FB.id


async def publish(there: World, message: str) -> str:
    """`POST /{page}/feed`."""
    status, answer = await graph(there, "POST", f"{PAGE}/feed", message=message)
    assert status == 200, answer
    return str(answer["id"])


def code(answer: Any) -> tuple[int, int | None]:
    """Code and subcode of an error."""
    assert set(answer["error"]) >= {"message", "type", "code", "fbtrace_id", "is_transient"}
    return answer["error"]["code"], answer["error"].get("error_subcode")


async def test_publish_read_edit_delete(world_: World) -> None:
    """The life of a post."""
    ident = await publish(world_, "Churros & chocolate")
    assert ident.startswith(f"{PAGE}_")
    _, post = await graph(world_, "GET", ident, fields="id,message,created_time,permalink_url,from,is_published")
    assert post["message"] == "Churros & chocolate"
    assert post["created_time"].endswith("+0000")
    assert post["from"] == {"id": PAGE, "name": "Café Ágora"}
    assert (await graph(world_, "POST", ident, message="Porras"))[1] == {"success": True}
    (shown,) = (await world_.timeline(f"facebook:{AGORA_FB.handle}"))["posts"]
    assert (shown["id"], shown["text"]) == (ident, "Porras")
    assert (await graph(world_, "DELETE", ident))[1] == {"success": True}
    status, answer = await graph(world_, "GET", ident)
    assert (status, code(answer)) == (400, (100, 33))
    assert (await world_.timeline(PAGE))["posts"] == []


async def test_the_same_post_twice_running(world_: World) -> None:
    """506 for the last one only."""
    await publish(world_, "Hola")
    status, answer = await graph(world_, "POST", f"{PAGE}/feed", message="Hola")
    assert (status, code(answer)) == (400, (506, 1455006))
    assert answer["error"]["message"] == "(#506) Duplicate status message"
    await publish(world_, "Otra cosa")
    await publish(world_, "Hola")


async def test_tokens_and_proofs(world_: World) -> None:
    """Each kind of wrong credential has its own error."""
    path = world_.url + f"/v26.0/{PAGE}"
    token = AGORA_FB.token

    async def ask(**query: str) -> tuple[int, tuple[int, int | None], str]:
        async with world_.session.get(path, params=query) as answer:
            body = await answer.json()
            return answer.status, code(body), body["error"]["message"]

    assert (await ask())[1] == (104, None)
    assert (await ask(access_token="nonsense", appsecret_proof="x"))[1] == (190, None)
    wrong = await ask(access_token=token, appsecret_proof=proof(token, "other"))
    assert wrong == (400, (100, None), "Invalid appsecret_proof provided in the API argument")
    missing = await ask(access_token=token)
    assert missing == (400, (100, None), "API calls from the server require an appsecret_proof argument")
    await world_.ask("POST", "/audience/expire", json={"account": f"facebook:{AGORA_FB.handle}"})
    expired = await ask(access_token=token, appsecret_proof=proof(token))
    assert expired[1] == (190, 463)
    assert (await graph(world_, "GET", "me", token=NORTHWIND_FB.token))[1]["id"] == NORTHWIND_FB.id


async def test_another_page_is_closed(world_: World) -> None:
    """A page token opens its own page."""
    status, answer = await graph(world_, "POST", f"{NORTHWIND_FB.id}/feed", message="x")
    assert (status, code(answer)) == (403, (200, None))
    status, answer = await graph(world_, "GET", f"{NORTHWIND_FB.id}/published_posts")
    assert (status, code(answer)) == (403, (10, None))
    own = await publish(world_, "Nuestro")
    status, answer = await graph(world_, "POST", f"{own}/comments", token=NORTHWIND_FB.token, message="x")
    assert code(answer) == (200, None)


@pytest.mark.parametrize(("version", "number"), [("v99.0", 2500), ("v2.8", 2635), ("v26.1", 2500)])
async def test_versions(world_: World, version: str, number: int) -> None:
    """Too new and too old."""
    status, answer = await graph(world_, "GET", "me", version=version)
    assert (status, code(answer)[0]) == (400, number)
    assert (await graph(world_, "GET", "me", version="v25.0"))[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "params"),
    [
        ("POST", "feed", {"message": "x", "colour": "red"}),
        ("POST", "feed", {}),
        ("POST", "feed", {"message": "x" * 63_207}),
        ("POST", "feed", {"message": "x", "published": "maybe"}),
        ("POST", "feed", {"attached_media": "[{"}),
        ("POST", "feed", {"attached_media": '[{"media_fbid":"1"}]'}),
        ("POST", "feed", {"message": "x", "scheduled_publish_time": "1"}),
        ("GET", "feed", {"fields": "id,colour"}),
        ("GET", "feed", {"colour": "red"}),
        ("GET", "feed", {"after": "abc"}),
        ("GET", "feed", {"since": "soon"}),
        ("GET", "insights", {"metric": "page_impressions"}),
    ],
)
async def test_wrong_parameters(world_: World, method: str, path: str, params: dict[str, str]) -> None:
    """(#100)."""
    status, answer = await graph(world_, method, f"{PAGE}/{path}", **params)
    assert (status, code(answer)[0]) == (400, 100), answer


async def test_photos_of_one_post(world_: World) -> None:
    """Uploaded unseen, then shown together; each photo once."""
    ids = []
    for number in range(2):
        form = aiohttp.FormData()
        form.add_field("source", PNG, filename="taza.png", content_type="image/png")
        form.add_field("published", "false")
        form.add_field("alt_text_custom", f"Taza {number}")
        headers = {"Authorization": f"Bearer {AGORA_FB.token}"}
        path = f"/v26.0/{PAGE}/photos?appsecret_proof={proof(AGORA_FB.token)}"
        status, answer = await world_.ask("POST", path, data=form, headers=headers)
        assert (status, set(answer)) == (200, {"id"})
        ids.append(answer["id"])
    assert (await world_.timeline(PAGE))["posts"] == []
    media = {f"attached_media[{n}]": json.dumps({"media_fbid": one}) for n, one in enumerate(ids)}
    status, answer = await graph(world_, "POST", f"{PAGE}/feed", message="Tazas", **media)
    assert status == 200, answer
    (shown,) = (await world_.timeline(PAGE))["posts"]
    assert [one["alt"] for one in shown["media"]] == ["Taza 0", "Taza 1"]
    _, again = await graph(world_, "POST", f"{PAGE}/feed", message="Otra vez", **media)
    assert code(again) == (100, 1366051)
    _, post = await graph(world_, "GET", answer["id"], fields="attachments{media,subattachments}")
    assert len(post["attachments"]["data"][0]["subattachments"]["data"]) == 2


async def test_comments_in_both_filters(world_: World) -> None:
    """Top level by default, everything with stream; one nested level; cursors both ways."""
    post = await publish(world_, "¿Qué preferís?")
    first = await world_.comment(PAGE, "Churros", post=post)
    nested = await world_.comment(PAGE, "Porras", author="Tomás", post=first)
    _, own = await graph(world_, "POST", f"{nested}/comments", message="¡Anotado!")
    last = await world_.comment(PAGE, "Café solo", author="Inés", post=post)
    _, top = await graph(world_, "GET", f"{post}/comments")
    assert [one["id"] for one in top["data"]] == [first, last]
    fields = "id,message,from,created_time,parent{id},is_hidden,permalink_url,comment_count,can_hide"
    _, every = await graph(world_, "GET", f"{post}/comments", filter="stream", fields=fields, summary="true")
    assert [one["id"] for one in every["data"]] == [first, nested, own["id"], last]
    assert [one.get("parent") for one in every["data"]] == [None, {"id": first}, {"id": first}, None]
    assert every["summary"]["total_count"] == 4
    for one in every["data"]:  # a link of the demo never leads to the real Facebook
        assert (await world_.ask("GET", one["permalink_url"].removeprefix(world_.url)))[0] == 200
    assert every["data"][2]["from"]["id"] == PAGE
    seen: list[str] = []
    params = {"filter": "stream", "limit": "2", "order": "reverse_chronological"}
    while True:
        _, page = await graph(world_, "GET", f"{post}/comments", **params)
        seen += [one["id"] for one in page["data"]]
        if "next" not in page.get("paging", {}):
            break
        assert AGORA_FB.token not in page["paging"]["next"]
        params["after"] = page["paging"]["cursors"]["after"]
    assert seen == [last, own["id"], nested, first]
    (shown,) = (await world_.timeline(PAGE))["posts"]
    (reply,) = shown["replies"][0]["replies"]
    assert [one["text"] for one in reply["replies"]] == ["¡Anotado!"]
    expanded = (
        "message,comments.limit(1).filter(stream).summary(true){id,message},reactions.summary(total_count).limit(0)"
    )
    _, one = await graph(world_, "GET", post, fields=expanded)
    assert one["comments"]["data"] == [{"id": first, "message": "Churros"}]
    assert (one["comments"]["summary"]["total_count"], one["reactions"]["summary"]["total_count"]) == (4, 0)


async def test_hide_like_delete(world_: World) -> None:
    """Of outsiders; a page can't hide itself or change others' words."""
    post = await publish(world_, "Hola")
    comment = await world_.comment(PAGE, "Fatal", post=post)
    assert (await graph(world_, "POST", comment, is_hidden="true"))[1] == {"success": True}
    assert (await world_.timeline(PAGE))["posts"][0]["replies"][0]["hidden"] is True
    assert (await graph(world_, "GET", comment, fields="is_hidden"))[1]["is_hidden"] is True
    assert code((await graph(world_, "POST", comment, message="Genial"))[1]) == (200, None)
    assert (await graph(world_, "POST", f"{comment}/likes"))[1] == {"success": True}
    assert (await graph(world_, "GET", comment, fields="like_count"))[1]["like_count"] == 1
    _, own = await graph(world_, "POST", f"{comment}/comments", message="Lo sentimos")
    assert code((await graph(world_, "POST", own["id"], is_hidden="true"))[1])[0] == 100
    assert (await graph(world_, "DELETE", comment))[1] == {"success": True}
    assert (await world_.timeline(PAGE))["posts"][0]["replies"] == []


async def test_the_same_comment_over_and_over(world_: World) -> None:
    """368."""
    post = await publish(world_, "Hola")
    for _ in range(10):
        assert (await graph(world_, "POST", f"{post}/comments", message="Gracias"))[0] == 200
    status, answer = await graph(world_, "POST", f"{post}/comments", message="Gracias")
    assert (status, code(answer)[0]) == (403, 368)


async def test_mentions_and_private_replies(world_: World) -> None:
    """Tagged posts; one private message for a comment, for a week."""
    mention = await world_.comment(PAGE, "Ayer en Café Ágora, qué bien", author="Inés")
    _, tagged = await graph(world_, "GET", f"{PAGE}/tagged", fields="id,message,from,permalink_url")
    assert [(one["id"], one["from"]["name"]) for one in tagged["data"]] == [(mention, "Inés")]
    await graph(world_, "POST", f"{mention}/comments", message="¡Gracias!")
    (named,) = (await world_.timeline(PAGE))["mentions"]
    assert [one["text"] for one in named["replies"]] == ["¡Gracias!"]
    post = await publish(world_, "Hola")
    comment = await world_.comment(PAGE, "Me cobrasteis dos veces", post=post)
    message = {"recipient": json.dumps({"comment_id": comment}), "message": json.dumps({"text": "Le escribimos"})}
    status, answer = await graph(world_, "POST", f"{PAGE}/messages", **message)
    assert (status, set(answer)) == (200, {"recipient_id", "message_id"})
    assert code((await graph(world_, "POST", f"{PAGE}/messages", **message))[1])[0] == 10900
    _, told = await world_.ask("GET", "/audience/private", params={"account": PAGE})
    assert told["messages"][0]["text"] == "Le escribimos"


async def test_debug_token(world_: World) -> None:
    """With the app's own token."""
    _, answer = await graph(world_, "GET", "debug_token", token=APP_TOKEN, input_token=AGORA_FB.token)
    assert answer["data"]["is_valid"] is True
    assert answer["data"]["profile_id"] == PAGE
    _, answer = await graph(world_, "GET", "debug_token", token=APP_TOKEN, input_token="other")
    assert answer["data"]["is_valid"] is False
    status, answer = await graph(world_, "GET", "me", token=APP_TOKEN)
    assert (status, code(answer)[0]) == (403, 210)


async def test_usage_headers_and_scheduled_posts(world_: World) -> None:
    """Usage with every answer; a scheduled post is public when its time has come."""
    later = str(int(world_.clock()) + 1200)
    await graph(world_, "POST", f"{PAGE}/feed", message="Luego", published="false", scheduled_publish_time=later)
    assert (await world_.timeline(PAGE))["posts"] == []
    world_.clock.ahead = 1201
    assert [one["text"] for one in (await world_.timeline(PAGE))["posts"]] == ["Luego"]
    headers = {"Authorization": f"Bearer {AGORA_FB.token}"}
    url = f"{world_.url}/v26.0/me?appsecret_proof={proof(AGORA_FB.token)}"
    async with world_.session.get(url, headers=headers) as answer:
        usage = json.loads(answer.headers["X-Business-Use-Case-Usage"])
        assert usage[PAGE][0]["type"] == "pages"
        assert set(json.loads(answer.headers["X-App-Usage"])) == {"call_count", "total_cputime", "total_time"}

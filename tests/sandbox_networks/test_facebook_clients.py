"""facebook-sdk and Meta's own facebook-business, unmodified but for the address, work against the sandbox."""

import ast
import asyncio
import inspect
from typing import Any

import pytest

from bot.sandbox import world
from tests.sandbox_networks.conftest import AGORA_FB, World
from tests.sandbox_networks.graph_clients import Around

PAGE = AGORA_FB.id


@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:invalid escape sequence:SyntaxWarning")
async def test_facebook_sdk(world_: World) -> None:
    """Post, comment, read, photo, delete; and its one kind of error."""
    import facebook  # noqa: PLC0415  warns when it is imported

    client = facebook.GraphAPI(AGORA_FB.token, timeout=15, session=Around(world_.url))
    client.version = "v26.0"

    def work() -> dict[str, Any]:
        post = client.put_object(PAGE, "feed", message="Hola desde facebook-sdk")
        comment = client.put_object(post["id"], "comments", message="Y un comentario")
        read = client.get_connections(post["id"], "comments", fields="id,message,from")
        assert read["data"][0]["id"] == comment["id"]
        with pytest.raises(facebook.GraphAPIError) as caught:
            client.put_object(PAGE, "feed", message="Hola desde facebook-sdk")
        assert (caught.value.code, caught.value.type) == (506, "OAuthException")
        assert caught.value.result["error"]["error_subcode"] == 1455006
        client.delete_object(comment["id"])
        return dict(post)

    post = await asyncio.to_thread(work)
    (shown,) = (await world_.timeline(PAGE))["posts"]
    assert (shown["id"], shown["text"], shown["replies"]) == (post["id"], "Hola desde facebook-sdk", [])


@pytest.mark.filterwarnings("ignore::DeprecationWarning:facebook_business")
async def test_facebook_business(world_: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The official SDK writes a post, reads comments, hides one, and understands a refusal."""
    from facebook_business.adobjects.comment import Comment  # noqa: PLC0415
    from facebook_business.adobjects.page import Page  # noqa: PLC0415
    from facebook_business.adobjects.pagepost import PagePost  # noqa: PLC0415
    from facebook_business.api import FacebookAdsApi  # noqa: PLC0415
    from facebook_business.exceptions import FacebookRequestError  # noqa: PLC0415
    from facebook_business.session import FacebookSession  # noqa: PLC0415

    monkeypatch.setattr(FacebookSession, "GRAPH", world_.url)

    def write() -> str:
        FacebookAdsApi.init(world.FACEBOOK_APP_ID, world.FACEBOOK_APP_SECRET, AGORA_FB.token)
        return str(Page(PAGE).create_feed(params={"message": "Hola desde facebook-business"})["id"])

    def read(post: str) -> str:
        published = Page(PAGE).get_published_posts(fields=["id", "message", "created_time", "permalink_url"])
        assert [one["id"] for one in published] == [post]
        comments = PagePost(post).get_comments(fields=["id", "message", "from"], params={"filter": "stream"})
        (comment,) = list(comments)
        assert comment["from"]["name"] == "Lucía Ferrer"
        Comment(comment["id"]).api_update(params={"is_hidden": True})
        with pytest.raises(FacebookRequestError) as caught:
            Page(PAGE).create_feed(params={"message": "Hola desde facebook-business"})
        assert (caught.value.api_error_code(), caught.value.api_error_subcode()) == (506, 1455006)
        assert caught.value.api_transient_error() is False
        return str(comment["message"])

    post = await asyncio.to_thread(write)
    await world_.comment(PAGE, "Fatal", post=post)
    assert await asyncio.to_thread(read, post) == "Fatal"
    assert (await world_.timeline(PAGE))["posts"][0]["replies"][0]["hidden"] is True


def test_names_are_those_of_metas_sdk() -> None:
    """The tables of fields and parameters equal the SDK's; the SDK says nothing about what is refused."""
    from facebook_business.adobjects.comment import Comment  # noqa: PLC0415
    from facebook_business.adobjects.page import Page  # noqa: PLC0415
    from facebook_business.adobjects.pagepost import PagePost  # noqa: PLC0415
    from facebook_business.adobjects.photo import Photo  # noqa: PLC0415

    from bot.sandbox.facebook import names  # noqa: PLC0415

    for cls, ours in (
        (Page, names.PAGE_FIELDS),
        (PagePost, names.POST_FIELDS),
        (Comment, names.COMMENT_FIELDS),
        (Photo, names.PHOTO_FIELDS),
    ):
        theirs = {value for name, value in vars(cls.Field).items() if not name.startswith("_")}
        assert theirs == ours, cls


def test_parameters_are_those_of_metas_sdk() -> None:
    """Read from the SDK's source, where each edge names what it takes."""
    from facebook_business.adobjects import comment, page, pagepost  # noqa: PLC0415

    from bot.sandbox.facebook import names  # noqa: PLC0415

    for module, method, ours in (
        (page, "create_feed", names.FEED),
        (page, "create_photo", names.PHOTOS),
        (page, "create_message", names.MESSAGES),
        (page, "get_feed", names.LIST_POSTS),
        (page, "get_insights", names.INSIGHTS),
        (pagepost, "api_update", names.EDIT_POST),
        (pagepost, "create_comment", names.COMMENT_ON_POST),
        (comment, "create_comment", names.COMMENT_ON),
        (comment, "api_update", names.EDIT_COMMENT),
        (comment, "get_comments", names.LIST_COMMENTS),
        (comment, "create_like", names.LIKE),
    ):
        (function,) = (
            node
            for node in ast.walk(ast.parse(inspect.getsource(module)))
            if isinstance(node, ast.FunctionDef) and node.name == method
        )
        (table,) = (
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "param_types"
        )
        assert _keys(table) == ours, method


def _keys(table: ast.expr) -> set[str]:
    assert isinstance(table, ast.Dict)
    return {key.value for key in table.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}

"""Meta's SDK declares what our connector asks of the Graph; whatever nobody declares, the sandbox refuses."""

import dataclasses
from typing import Any

import aiohttp
import pytest

from bot.sandbox.facebook import names
from tests.fidelity.beside import by_operation
from tests.fidelity.conftest import Watched
from tests.fidelity.graph_sdk import Asked, asked, complaints, connected, fields, parameters, unknown_fields
from tests.fidelity.operations import FACEBOOK, of
from tests.fidelity.test_facebook_beside_metas import ours, staged
from tests.fidelity.wire import Exchange
from tests.sandbox_networks.conftest import AGORA_FB
from tests.sandbox_networks.graph_clients import proof
from tests.sandbox_networks.pictures import PNG

PAGE = AGORA_FB.id
KEYS = {"message", "type", "code", "is_transient", "fbtrace_id"}


async def test_everything_that_our_connector_asks_is_declared(watched: Watched) -> None:
    await ours(watched)
    exchanges = watched.recorder.exchanges
    assert by_operation(exchanges).keys() == {one.name for one in FACEBOOK}
    assert [line for one in exchanges for operation in of(one) for line in complaints(one, operation)] == []


async def again(there: Watched, one: Exchange, **more: str) -> tuple[int, Any]:
    """The same request with something more in it."""
    headers = {"Authorization": f"Bearer {AGORA_FB.token}"}
    options: dict[str, Any] = {"params": {**one.query, "appsecret_proof": proof(AGORA_FB.token)}}
    if one.method == "POST":
        form = aiohttp.FormData(more)
        for name, value in one.body.items():
            is_file = isinstance(value, dict)
            form.add_field(name, PNG if is_file else value, filename=value["name"] if is_file else None)
        options["data"] = form
    else:
        options["params"] |= more
    return await there.world.ask(one.method, one.path, headers=headers, **options)


async def test_the_sandbox_refuses_parameters_that_nobody_declares(watched: Watched) -> None:
    await ours(watched)
    mine = by_operation(watched.recorder.exchanges)
    mine["delete"] = dataclasses.replace(mine["delete"], path=mine["edit"].path)
    del mine["be told"]  # it is asked with the app's own token, `again` has the page's
    for name, one in mine.items():
        status, answer = await again(watched, one, colour="red")
        assert (status, answer["error"]["message"]) == (400, "(#100) Unexpected parameter: colour"), name
        assert answer["error"].keys() == KEYS, name
        assert (answer["error"]["type"], answer["error"]["code"]) == ("OAuthException", 100), name


@pytest.mark.parametrize(
    "wrong",
    [
        "colour",
        "id,colour",
        "from{colour}",
        "parent{colour}",
        "parent{from{colour}}",
        "comments{colour}",
        "comments.limit(5){from{colour}}",
        "comments.colour(red){id}",
        "comments.filter(red){id}",
        "reactions.colour(red)",
        "message.limit(1)",
        "attachment{colour}",
    ],
)
async def test_the_sandbox_refuses_fields_that_nobody_declares(watched: Watched, wrong: str) -> None:
    stage = await staged(watched)
    await ask(watched, stage.comment, "id,message,from{id,name},comments.limit(1){id}", 200)
    for path in (stage.answer, f"{stage.post}/comments"):
        answer = await ask(watched, path, wrong, 400)
        assert answer["error"]["message"].startswith("(#100) "), answer
        assert answer["error"].keys() == KEYS


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/published_posts", f"{PAGE}/tagged", f"{PAGE}/feed"])
async def test_lists_refuse_them_too(watched: Watched, path: str) -> None:
    for wrong in ("colour", "attachments{colour}", "published_posts{colour}", "comments{colour}"):
        answer = await ask(watched, path, wrong, 400)
        assert answer["error"]["code"] == 100, wrong


async def ask(there: Watched, path: str, wanted: str, status: int) -> Any:
    """`GET /{path}?fields=`."""
    query = {"fields": wanted, "appsecret_proof": proof(AGORA_FB.token)}
    headers = {"Authorization": f"Bearer {AGORA_FB.token}"}
    got, answer = await there.world.ask("GET", f"/v26.0/{path}", params=query, headers=headers)
    assert got == status, (wanted, answer)
    return answer


def test_what_the_sdk_has_no_field_for_is_a_connection() -> None:
    extras = {
        "Page": names.EXTRA_PAGE_FIELDS,
        "PagePost": names.EXTRA_POST_FIELDS,
        "Comment": names.EXTRA_COMMENT_FIELDS,
        "Photo": names.EXTRA_PHOTO_FIELDS,
    }
    for cls, more in extras.items():
        assert {name for name in more if connected(cls, name) is None} == set(), cls


ONLY_IN_THE_REFERENCE = {
    "StoryAttachment",
    "StoryAttachmentMedia",
    "StoryAttachmentTarget",
    "Image",
    "Shares",
    "Message",
    "MessageAttachment",
    "MessageImage",
}


def of_the_sdk(kind: str) -> str:
    """The SDK's name of a kind of object."""
    return "PagePost" if kind == "Post" else kind


def test_what_is_inside_is_what_the_sdk_finds_there() -> None:
    for kind, known in names.KINDS.items():
        if kind not in ONLY_IN_THE_REFERENCE:
            cls = of_the_sdk(kind)
            strange = {name for name in known - fields(cls).keys() if connected(cls, name) is None}
            assert strange == ({"type"} if kind == "Profile" else set()), kind
    for (kind, name), inside in names.INSIDE.items():
        if {kind, inside} & ONLY_IN_THE_REFERENCE or inside == "User":
            continue
        told = fields(of_the_sdk(kind)).get(name) or connected(of_the_sdk(kind), name)
        assert told is not None
        if told == "Object":  # the SDK doesn't say of what kind
            continue
        assert told.removeprefix("list<").removesuffix(">") == of_the_sdk(inside), (kind, name)
        if connected(of_the_sdk(kind), name) is not None:
            taken = parameters(of_the_sdk(kind), f"get_{name}").keys()
            assert names.ARGUMENTS.get(name, frozenset()) <= taken | names.PAGED, (kind, name)


def test_the_judge_sees_mistakes() -> None:
    (publish,) = [one for one in FACEBOOK if one.name == "publish with photos"]
    right = Exchange(
        "facebook",
        "POST",
        f"/v26.0/{PAGE}/feed",
        {},
        "Bearer",
        "",
        {"message": "x", "attached_media": "[{}]"},
        200,
        "",
        {},
    )
    assert complaints(right, publish) == []
    assert "declares no colour" in complaints(dataclasses.replace(right, query={"colour": "red"}), publish)[0]
    assert "list<Object>" in complaints(dataclasses.replace(right, body={"attached_media": "[1]"}), publish)[0]
    wrong = {"fields": "id,parent{colour},from,comments.filter(red){id},shade"}
    found = list(unknown_fields("Comment", asked(wrong["fields"])))
    assert found == ["Comment has no colour", "filter='red' isn't filter_enum", "Comment has no shade"]
    assert parameters("Comment", "api_update")["is_hidden"] == "bool"
    assert fields("Comment")["parent"] == "Comment"
    (tree,) = asked("comments.limit(2).filter(stream){id,from{name}}")
    inner = [Asked("id"), Asked("from", inner=[Asked("name")])]
    assert tree == Asked("comments", {"limit": "2", "filter": "stream"}, inner)
    with pytest.raises(ValueError, match="brackets"):
        asked("a{b")

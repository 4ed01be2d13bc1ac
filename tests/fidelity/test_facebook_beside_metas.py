"""`facebook-business`, Meta's official SDK, does everything that our connector does; their requests mean the same."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.network import Connector, Draft, Media, Prepared, Ref
from bot.sandbox import world
from connectors.facebook import objects
from connectors.facebook.inbox import FIELDS
from tests.contract.networks import NETWORKS
from tests.fidelity.beside import by_operation, undeclared
from tests.fidelity.conftest import Watched
from tests.fidelity.operations import FACEBOOK, unlisted
from tests.sandbox_networks.conftest import AGORA_FB
from tests.sandbox_networks.graph_clients import graph
from tests.sandbox_networks.listening import bound
from tests.sandbox_networks.pictures import PNG

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:facebook_business")
PICTURE = Media("m", "taza.png", "image/png", "Una taza", PNG)
SILENT = Media("m", "taza.png", "image/png", "", PNG)
PAGE = AGORA_FB.id
# Operations that the SDK lacks, with the reason.
NOTHING_IS_MISSING = {
    "ask about our token": "the SDK declares objects, and a token is none",
    "be told": "it is asked with the app's own token, and the SDK here has the page's",
}
IN_HEADER = "the token as a header, so that no log of addresses holds it; the Graph takes both (graph-api/overview)"
ITS_PROOF = "a form's proof goes with the form, the SDK puts it in the address; the Graph reads both alike"
ITS_SUMMARY = "the SDK's Cursor asks for a summary with every list"
UPLOADED = "the Graph takes the file under any name, the SDK counts: source0"
LISTS = [one.name for one in FACEBOOK if one.sdk and one.sdk[1].startswith("get_")]
WRITES = [one.name for one in FACEBOOK if one.route.startswith("POST") and one.name not in NOTHING_IS_MISSING]
UPLOADS = ["upload a photo", "upload a photo without words"]
WITHOUT_BODY = "the SDK sends a like without a form, ours has an empty one but for the proof"
OTHER_IDS = "the same comment, each in its own world"
DECLARED = {
    ("*", "auth"): IN_HEADER,
    ("like", "type"): WITHOUT_BODY,
    ("reply privately", "body.recipient"): OTHER_IDS,
    ("*", "query.access_token"): IN_HEADER,
    **{(name, "query.appsecret_proof"): ITS_PROOF for name in WRITES},
    **{(name, "body.appsecret_proof"): ITS_PROOF for name in WRITES},
    **{(name, "query.summary"): ITS_SUMMARY for name in LISTS},
    **{(name, "answer"): ITS_SUMMARY for name in LISTS if "reply" in name or "new comments" in name},
    **{(name, f"body.{place}"): UPLOADED for name in UPLOADS for place in ("source", "source0")},
}


@dataclass(frozen=True)
class Stage:
    """Own posts, more than two pages; comments below one, a reply to a comment, mentions: more than a page of each."""

    post: str
    doomed: str
    comment: str
    answer: str
    mention: str
    person: str


async def staged(there: Watched) -> Stage:
    """The same in both worlds."""
    made = []
    for number in range(52):
        _, answer = await graph(there.world, "POST", f"{PAGE}/feed", message=f"Buenos días {number}")
        made.append(answer["id"])
    comment = await there.world.comment(PAGE, "¿A qué hora abrís?", post=made[-1])
    answer = await there.world.comment(PAGE, "Eso digo yo", post=comment)
    for where in ({"post": made[-1]}, {}):
        storm = {"account": PAGE, "count": 105, "seconds": 0, **where}
        assert (await there.world.ask("POST", "/audience/storm", json=storm))[0] == 200
    mention = await there.world.comment(PAGE, "¿Conocéis este café?")
    for number in range(27):
        said = {"account": PAGE, "author": f"Rosa {number}", "text": "Buenas"}
        assert (await there.world.ask("POST", "/audience/message", json=said))[0] == 200
    talks = (await graph(there.world, "GET", f"{PAGE}/conversations", fields="participants"))[1]["data"]
    person = talks[0]["participants"]["data"][0]["id"]
    there.recorder.exchanges.clear()
    return Stage(made[-1], made[0], comment, answer, mention, person)


async def ours(there: Watched) -> None:
    """Every verb of the connector."""
    stage = await staged(there)
    connector: Connector = NETWORKS["facebook"].open(there.world.url)
    root, whole = Ref(stage.post), '{"since":1,"seen":[]}'
    try:
        await connector.whoami()
        assert (await connector.access()).may
        draft = Draft(key="1", text="Una taza", media=[PICTURE])
        prepared = await connector.prepare(draft)
        await connector.publish(draft, prepared)
        assert await connector.find(Draft(key="2", text="Nunca dicho"), Prepared("2", {})) is None
        alone = Draft(key="3", text="", media=[SILENT])
        await connector.publish(alone, await connector.prepare(alone))
        await connector.publish(Draft(key="4", text="Hasta luego"), Prepared("4", {}))
        await connector.fetch(whole)
        reply = Draft(key="5", text="A las nueve", reply_to=Ref(stage.answer), root=root, media=[PICTURE])
        prepared = await connector.prepare(reply)
        await connector.publish(reply, prepared)
        below = Draft(key="6", text="Nunca dicho", reply_to=root, root=root)
        assert await connector.find(below, Prepared("6", {"under": stage.post})) is None
        await connector.publish(Draft(key="7", text="Gracias", reply_to=Ref(stage.comment)), Prepared("7", {}))
        await connector.look([Ref(stage.answer), Ref(stage.mention)], {stage.mention})
        await connector.hide(Ref(stage.answer), True)
        await connector.like(Ref(stage.answer), True)
        await connector.like(Ref(stage.answer), False)
        await connector.reply_privately(Ref(stage.comment), "¿Nos das tu número?")
        await connector.messages(whole)
        private = Draft(key="8", text="Claro que sí", private_to=stage.person)
        prepared = await connector.prepare(private)
        await connector.publish(private, prepared)
        async with agreeing() as url:
            await connector.subscribe(url)
        await connector.metrics(root)
        await connector.edit(root, "Buenas tardes")
        await connector.delete(Ref(stage.doomed))
    finally:
        await connector.aclose()


@asynccontextmanager
async def agreeing() -> AsyncIterator[str]:
    """An address that repeats Meta's challenge."""

    async def agree(request: web.Request) -> web.Response:
        return web.Response(text=request.query["hub.challenge"])

    app, listener = web.Application(), bound()
    app.router.add_get("/facebook/webhook", agree)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/facebook/webhook"
    await runner.cleanup()


def official(stage: Stage, picture: Path) -> dict[str, Callable[[], object]]:
    """Each operation by `facebook-business`, in the order of ours."""
    from facebook_business.adobjects.comment import Comment  # noqa: PLC0415  they warn when imported
    from facebook_business.adobjects.page import Page  # noqa: PLC0415
    from facebook_business.adobjects.pagepost import PagePost  # noqa: PLC0415

    page, post, comment = Page(PAGE), PagePost(stage.post), Comment(stage.comment)
    comments = objects.COMMENT_FIELDS.split(",")
    own, named = objects.POST_FIELDS.split(","), objects.MENTION_FIELDS.split(",")
    below = f"comments.filter(stream).order(chronological).since(0).limit(25){{{objects.COMMENT_FIELDS}}}"
    inside = f"messages.limit(20){{{FIELDS}}}"
    backwards = {"filter": "stream", "order": "reverse_chronological", "limit": 100}
    since = {"filter": "stream", "order": "chronological", "limit": 100, "since": 0}

    def photo(**params: Any) -> str:
        hidden = {"published": False, "temporary": True, **params}
        return str(page.create_photo(params=hidden, pending=True).add_file(str(picture)).execute()["id"])

    def second(cursor: Any) -> object:
        assert cursor.load_next_page()
        return cursor

    def feed(**params: Any) -> object:
        return page.create_feed(params=params)

    def attached(**params: Any) -> list[dict[str, str]]:
        return [{"media_fbid": photo(**params)}]

    posts = page.get_published_posts
    return {
        "whoami": lambda: page.api_get(fields=["id", "name", "picture"]),
        "upload a photo": lambda: photo(alt_text_custom=PICTURE.alt),
        "note own posts": lambda: posts(fields=own, params={"limit": 25}),
        "publish with photos": lambda: feed(message="Una taza", attached_media=attached(alt_text_custom=PICTURE.alt)),
        "look further for a post": lambda: second(posts(fields=own, params={"limit": 25})),
        "upload a photo without words": photo,
        "publish photos alone": lambda: feed(attached_media=attached()),
        "publish": lambda: feed(message="Hasta luego"),
        "read posts with comments": lambda: posts(fields=["id", "permalink_url", below], params={"limit": 50}),
        "read more posts with comments": lambda: second(
            posts(fields=["id", "permalink_url", below], params={"limit": 50})
        ),
        "read more new comments": lambda: second(post.get_comments(fields=comments, params=since)),
        "read mentions": lambda: page.get_tagged(fields=named, params={"limit": 100}),
        "read more mentions": lambda: second(page.get_tagged(fields=named, params={"limit": 100})),
        "find the top of a reply": lambda: Comment(stage.answer).api_get(fields=["id", "created_time", "parent{id}"]),
        "look for a reply": lambda: comment.get_comments(fields=comments, params=backwards),
        "reply with a photo": lambda: Comment(stage.answer).create_comment(
            params={"message": "A las nueve", "attachment_id": photo(alt_text_custom=PICTURE.alt)}
        ),
        "look further for a reply": lambda: second(post.get_comments(fields=comments, params=backwards)),
        "reply": lambda: comment.create_comment(params={"message": "Gracias"}),
        "look at a comment": lambda: Comment(stage.answer).api_get(fields=objects.LOOK_FIELDS.split(",")),
        "look at a mention": lambda: PagePost(stage.mention).api_get(fields=objects.MENTION_LOOK_FIELDS.split(",")),
        "hide a comment": lambda: Comment(stage.answer).api_update(params={"is_hidden": True}),
        "like": lambda: Comment(stage.answer).create_like(),
        "take back a like": lambda: Comment(stage.answer).delete_likes(),
        "reply privately": lambda: page.create_message(
            params={"recipient": {"comment_id": stage.comment}, "message": {"text": "¿Nos das tu número?"}}
        ),
        "read private messages": lambda: page.get_conversations(
            fields=["id", "updated_time", inside], params={"platform": "MESSENGER", "limit": 25}
        ),
        "read more private messages": lambda: second(
            page.get_conversations(fields=["id", "updated_time", inside], params={"platform": "MESSENGER", "limit": 25})
        ),
        "look into a conversation": lambda: page.get_conversations(
            fields=["id", "updated_time", inside], params={"platform": "MESSENGER", "user_id": stage.person}
        ),
        "answer a private message": lambda: page.create_message(
            params={
                "recipient": {"id": stage.person},
                "message": {"text": "Claro que sí"},
                "messaging_type": "RESPONSE",
            }
        ),
        "be told of a page": lambda: page.create_subscribed_app(
            params={"subscribed_fields": ["feed", "mention", "messages"]}
        ),
        "read numbers": lambda: post.api_get(fields=[objects.NUMBERS]),
        "edit": lambda: post.api_update(params={"message": "Buenas tardes"}),
        "delete": lambda: PagePost(stage.doomed).api_delete(),
    }


@pytest.fixture
def redirected() -> Iterator[Callable[[str], None]]:
    """Points the SDK to a sandbox by its own class attribute; put back afterwards."""
    from facebook_business.api import FacebookAdsApi  # noqa: PLC0415
    from facebook_business.session import FacebookSession  # noqa: PLC0415

    before = FacebookSession.GRAPH
    session = FacebookSession(world.FACEBOOK_APP_ID, world.FACEBOOK_APP_SECRET, AGORA_FB.token)

    def to(url: str) -> None:
        FacebookSession.GRAPH = url
        FacebookAdsApi.set_default_api(FacebookAdsApi(session))

    yield to
    session.requests.close()
    FacebookAdsApi.set_default_api(None)
    FacebookSession.GRAPH = before


@pytest.mark.filterwarnings("ignore:.*does not allow field:UserWarning")
@pytest.mark.filterwarnings("ignore:Endpoint photos cannot upload files:UserWarning")
async def test_the_official_client_does_all_of_it_and_means_the_same(
    two: tuple[Watched, Watched], redirected: Callable[[str], None], tmp_path: Path
) -> None:
    left, right = two
    await ours(left)
    assert unlisted(left.recorder.exchanges) == []
    mine = by_operation(left.recorder.exchanges)
    assert mine.keys() == {one.name for one in FACEBOOK}

    picture = tmp_path / "taza.png"
    picture.write_bytes(PNG)
    redirected(right.world.url)
    calls = official(await staged(right), picture)
    assert calls.keys() == mine.keys() - NOTHING_IS_MISSING.keys()
    theirs = {}
    for name, call in calls.items():
        right.recorder.exchanges.clear()
        await asyncio.to_thread(call)
        theirs[name] = right.recorder.exchanges[-1]
    compared = [one for one in FACEBOOK if one.name not in NOTHING_IS_MISSING]
    mine = {one.name: mine[one.name] for one in compared}
    assert undeclared(compared, mine, theirs, DECLARED) == []

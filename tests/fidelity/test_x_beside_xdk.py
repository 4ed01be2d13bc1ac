"""`xdk`, X's official SDK, does everything that our connector does; their requests mean the same."""

import asyncio
import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.network import Connector, Draft, Media, Prepared, Ref
from bot.sandbox import world
from connectors.x.messages import EXPANSIONS as DM_EXPANSIONS
from connectors.x.messages import FIELDS as DM_FIELDS
from connectors.x.messages import KIND
from connectors.x.posts import EXPANSIONS, MEDIA_FIELDS, USER_FIELDS, Post, Timeline, items, metrics, readable
from connectors.x.timelines import KEPT
from tests.contract.networks import NETWORKS
from tests.fidelity.beside import by_operation, undeclared
from tests.fidelity.conftest import Watched
from tests.fidelity.description import complaints
from tests.fidelity.operations import X, unlisted
from tests.fidelity.wire import Exchange
from tests.sandbox_networks.conftest import AGORA_X, World
from tests.sandbox_networks.pictures import PNG, picture_of

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:xdk"),
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20"),
]
BEARER = {"Authorization": f"Bearer oauth2-{AGORA_X.handle}"}
PICTURE = Media("m", "taza.png", "image/png", "Una taza", PNG)
NOTHING_IS_MISSING: dict[str, str] = {}  # operations that xdk lacks, with the reason
WHOLE = "`referenced_posts` brings the answered post itself along, the older `referenced_tweets` only names it"
BOTH_NAMES = "the description has both names for where a page goes on"
DECLARED = {
    ("upload a picture", "type"): "the description takes both; multipart saves the third that base64 adds",
    ("upload a picture", "body.media"): "the same bytes, raw in multipart and base64 in JSON",
    ("search for more older mentions", "answer"): WHOLE,
    ("look at comments", "answer"): WHOLE,
    ("read more direct messages", "query.max_results"): "our second page is larger; theirs are of one size",
    ("search for more older mentions", "query.next_token"): BOTH_NAMES,
    ("search for more older mentions", "query.pagination_token"): BOTH_NAMES,
}
# The connector's `POST_FIELDS` in the words that xdk knows: fields, and what expansions bring instead.
FIELDS = ["attachments", "conversation_id", "created_at", "entities", "note_post"]
MORE = ["author_id", "in_reply_to_user_id", "referenced_posts", "edit_history_post_ids"]


@dataclass(frozen=True)
class Stage:
    """What is there before anybody begins: own posts, somebody's reply to one, more mentions than the timeline holds.

    `oldest`: the first one that it still holds. `person`: somebody who wrote in private, more than a page of it.
    """

    post: str
    doomed: str
    comment: str
    oldest: str
    person: str


async def staged(there: Watched) -> Stage:
    """The same in both worlds."""
    made = []
    for text in ("Buenos días", "Esto sobra"):
        status, answer = await there.world.ask("POST", "/2/tweets", json={"text": text}, headers=BEARER)
        assert status == 201
        made.append(answer["data"]["id"])
    assert (await there.world.ask("POST", "/audience/enrol", json={"likes": True}))[0] == 200
    comment = await there.world.comment(AGORA_X.id, "¿A qué hora abrís?", post=made[0])
    storm = {"account": AGORA_X.id, "count": 930, "seconds": 0}
    status, answer = await there.world.ask("POST", "/audience/storm", json=storm)
    assert status == 200
    for number in range(30):
        said = {"account": AGORA_X.id, "author": "Rosa", "text": f"Buenas {number}", "picture": picture_of("taza.png")}
        assert (await there.world.ask("POST", "/audience/message", json=said))[0] == 200
    person = there.world.networks.public.outsider("x", "Rosa").id
    there.recorder.exchanges.clear()
    return Stage(made[0], made[1], comment, answer["ids"][-KEPT], person)


async def ours(there: Watched) -> None:
    """Every verb of the connector."""
    stage = await staged(there)
    connector: Connector = NETWORKS["x"].open(there.world.url)
    try:
        await connector.whoami()
        draft = Draft(key="1", text="Una taza", media=[PICTURE])
        prepared = await connector.prepare(draft)
        await connector.publish(draft, prepared)
        assert await connector.find(draft, prepared) is not None
        assert await connector.find(draft, Prepared("1", {})) is not None
        alone = Draft(key="2", text="", media=[PICTURE])
        await connector.publish(alone, await connector.prepare(alone))
        await connector.publish(Draft(key="3", text="Hasta luego"), Prepared("3", {}))
        reply = Draft(key="4", text="A las nueve", reply_to=Ref(stage.comment))
        await connector.publish(reply, Prepared("4", {}))
        await connector.fetch(stage.post)
        await connector.look([Ref(stage.comment), Ref(stage.doomed)])
        await connector.hide(Ref(stage.comment), True)
        await connector.like(Ref(stage.comment), True)
        await connector.like(Ref(stage.comment), False)
        await connector.messages("1")
        private = Draft(key="5", text="Claro que sí", private_to=stage.person)
        await connector.publish(private, await connector.prepare(private))
        assert await connector.find(Draft(key="6", text="Nunca", private_to=stage.person), Prepared("6", {})) is None
        await connector.metrics(Ref(stage.post))
        await connector.delete(Ref(stage.doomed))
    finally:
        await connector.aclose()


@contextmanager
def xdk(there: World) -> Iterator[Any]:
    """X's SDK with the account's OAuth 1.0a keys, as it comes but for the address."""
    from xdk import Client  # noqa: PLC0415  it warns when it is imported
    from xdk.oauth1_auth import OAuth1  # noqa: PLC0415

    keys = OAuth1(world.X_CONSUMER_KEY, world.X_CONSUMER_SECRET, "", AGORA_X.token, AGORA_X.secret)
    client = Client(base_url=there.url, auth=keys)
    yield client
    client.session.close()


def official(client: Any, stage: Stage) -> dict[str, Callable[[], object]]:
    """Each operation by `xdk`, in the order of ours."""
    posts, users, media, me = client.posts, client.users, client.media, AGORA_X.id
    looked_at: dict[str, Any] = {
        "max_results": 100,
        "post_fields": FIELDS,
        "expansions": [*MORE, *[name for name in EXPANSIONS if name not in MORE]],
        "user_fields": USER_FIELDS,
        "media_fields": MEDIA_FIELDS,
    }

    told: dict[str, Any] = {"event_types": [KIND], "dm_event_fields": DM_FIELDS, "expansions": DM_EXPANSIONS}
    whole = {**told, "user_fields": USER_FIELDS, "media_fields": MEDIA_FIELDS}
    alone = {**told, "participant_id": stage.person, "expansions": ["sender_id"]}
    letters = client.direct_messages

    older = f"@{AGORA_X.handle} -from:{AGORA_X.handle}"

    def quotes() -> str:
        newest = next(users.get_posts(id=me, max_results=10)).data
        return f"({' OR '.join(f'quotes_of_tweet_id:{one.id}' for one in newest)}) -from:{me}"

    def uploaded() -> str:
        body = {"media": base64.b64encode(PNG).decode(), "media_category": "tweet_image"}
        return str(media.upload(body=body).data.id)

    def second(pages: Any) -> object:
        next(pages)
        return next(pages)

    def create(**body: Any) -> object:
        return posts.create(body=body)

    return {
        "whoami": lambda: users.get_me(user_fields=USER_FIELDS),
        "upload a picture": uploaded,
        "say what a picture shows": lambda: media.create_metadata(
            body={"id": uploaded(), "metadata": {"alt_text": {"text": PICTURE.alt}}}
        ),
        "note the newest own post": lambda: next(users.get_posts(id=me, max_results=5)),
        "publish with pictures": lambda: create(text="Una taza", media={"media_ids": [uploaded()]}),
        "look for a post": lambda: next(users.get_posts(id=me, since_id=stage.doomed, **looked_at)),
        "look for a first post": lambda: next(users.get_posts(id=me, **looked_at)),
        "publish pictures alone": lambda: create(media={"media_ids": [uploaded()]}),
        "publish": lambda: create(text="Hasta luego"),
        "reply": lambda: create(text="A las nueve", reply={"in_reply_to_tweet_id": stage.comment}),
        "read new mentions": lambda: next(users.get_mentions(id=me, since_id=stage.post, **looked_at)),
        "read more new mentions": lambda: second(users.get_mentions(id=me, since_id=stage.post, **looked_at)),
        "search for older mentions": lambda: next(
            posts.search_recent(query=older, since_id=stage.post, until_id=stage.oldest, **looked_at)
        ),
        "search for more older mentions": lambda: second(
            posts.search_recent(query=older, since_id=stage.post, until_id=stage.oldest, **looked_at)
        ),
        "search for quotes": lambda: next(posts.search_recent(query=quotes(), since_id=stage.post, **looked_at)),
        "look at comments": lambda: posts.get_by_ids(
            ids=[stage.comment, stage.doomed],
            post_fields=FIELDS,
            expansions=[*MORE, *[name for name in EXPANSIONS if name not in MORE]],
            media_fields=MEDIA_FIELDS,
        ),
        "hide a reply": lambda: posts.hide_reply(tweet_id=stage.comment, body={"hidden": True}),
        "like": lambda: users.like_post(id=me, body={"tweet_id": stage.comment}),
        "take back a like": lambda: users.unlike_post(id=me, tweet_id=stage.comment),
        "read direct messages": lambda: next(letters.get_events(max_results=5, **whole)),
        "read more direct messages": lambda: second(letters.get_events(max_results=5, **whole)),
        "look into a conversation": lambda: next(letters.get_events_by_participant_id(max_results=1, **alone)),
        "look further into a conversation": lambda: second(
            letters.get_events_by_participant_id(max_results=5, **alone)
        ),
        "answer a direct message": lambda: letters.create_by_participant_id(
            participant_id=stage.person, body={"text": "Claro que sí"}
        ),
        "read numbers": lambda: posts.get_by_id(id=stage.post, post_fields=["public_metrics"]),
        "delete": lambda: posts.delete(id=stage.doomed),
    }


@pytest.mark.slow
async def test_the_official_client_does_all_of_it_and_means_the_same(two: tuple[Watched, Watched]) -> None:
    left, right = two
    await ours(left)
    assert unlisted(left.recorder.exchanges) == []
    mine = by_operation(left.recorder.exchanges)
    assert mine.keys() == {one.name for one in X}

    theirs = {}
    with xdk(right.world) as client:
        calls = official(client, await staged(right))
        assert calls.keys() == mine.keys() - NOTHING_IS_MISSING.keys()
        for name, call in calls.items():
            right.recorder.exchanges.clear()
            await asyncio.to_thread(call)
            theirs[name] = right.recorder.exchanges[-1]
    assert undeclared(X, mine, theirs, DECLARED) == []
    assert [line for one in theirs.values() for line in complaints(one)] == []
    for name in mine:
        if "mentions" in name:
            assert read(theirs[name]) == read(mine[name]), name


def read(exchange: Exchange) -> list[Any]:
    """What our connector reads in an answer, whichever vocabulary it is in; ids and times differ between worlds."""
    page = Timeline.model_validate(exchange.answer)
    found = items(page.data, page.includes, AGORA_X.id, "{}")
    return [
        (one.kind, one.author.name, one.author.followers, one.text, one.root is None, one.parent is None, one.media)
        for one in found
    ]


def test_numbers_and_edits_are_read_in_either_vocabulary() -> None:
    older = {"edit_history_tweet_ids": ["1", "2"], "public_metrics": {"retweet_count": 2, "quote_count": 1}}
    newer = {"edit_history_post_ids": ["1", "2"], "public_metrics": {"repost_count": 2, "quote_count": 1}}
    notes = ({"note_tweet": {"text": "Muy largo"}}, {"note_post": {"text": "Muy largo"}})
    for one in (older | notes[0], newer | notes[1]):
        post = Post.model_validate({"id": "2", "text": "Muy…", **one})
        assert (post.stable_id, metrics(post).shares, readable(post)) == ("1", 3, "Muy largo")


async def test_a_difference_is_seen(two: tuple[Watched, Watched]) -> None:
    left, right = two
    exchanges = []
    for there, query in ((left, {"max_results": "5"}), (right, {"max_results": "6"})):
        path = f"/2/users/{AGORA_X.id}/tweets"
        assert (await there.world.ask("GET", path, params=query, headers=BEARER))[0] == 200
        exchanges.append(there.recorder.exchanges[-1])
    (operation,) = [one for one in X if one.name == "note the newest own post"]
    found = undeclared([operation], {operation.name: exchanges[0]}, {operation.name: exchanges[1]}, {})
    assert found == [f"{operation.name}: query.max_results: ours '5', theirs '6'"]
    same = {operation.name: exchanges[0]}
    assert undeclared([operation], same, same, {("*", "auth"): "never"}) == ["declared and not there: *: auth"]

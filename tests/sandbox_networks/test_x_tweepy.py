"""X through tweepy: what a bot does all day, and every refusal that it must understand."""

import pytest
import tweepy

from bot.sandbox.x.weight import weigh
from tests.sandbox_networks.conftest import AGORA_X, NORTHWIND_X, World
from tests.sandbox_networks.x_client import tweepy_client


@pytest.fixture
def agora(world_: World) -> tweepy.asynchronous.AsyncClient:
    """Café Ágora's client."""
    return tweepy_client(world_.session, world_.url, AGORA_X)


async def test_a_post_is_public_as_it_was_typed(world_: World, agora: tweepy.asynchronous.AsyncClient) -> None:
    """Escaped and wrapped in the API, plain for readers."""
    text = "Churros & chocolate a <5 €: https://agora.com/carta/otoño?x=1&y=2 #domingo"
    made = await agora.create_tweet(text=text, user_auth=True)
    ident = made["data"]["id"]
    assert made["data"]["edit_history_tweet_ids"] == [ident]
    assert "&amp; chocolate a &lt;5" in made["data"]["text"]
    assert "https://t.co/" in made["data"]["text"]

    read = await agora.get_tweet(ident, tweet_fields=["entities", "created_at", "author_id"], user_auth=True)
    url = read["data"]["entities"]["urls"][0]
    assert url["expanded_url"] == "https://agora.com/carta/otoño?x=1&y=2"
    assert read["data"]["text"][url["start"] : url["end"]] == url["url"]
    assert len(url["url"]) == 23
    assert read["data"]["author_id"] == AGORA_X.id

    (post,) = (await world_.timeline("x:cafe_agora"))["posts"]
    assert (post["id"], post["text"], post["hidden"], post["replies"]) == (ident, text, False, [])
    assert (await world_.ask("GET", post["permalink"].removeprefix(world_.url)))[0] == 200


async def test_a_comment_is_a_mention_and_can_be_answered(
    world_: World, agora: tweepy.asynchronous.AsyncClient
) -> None:
    """The reply begins with our handle for the API; ours with theirs."""
    made = await agora.create_tweet(text="Abrimos a las nueve", user_auth=True)
    comment = await world_.comment("x:cafe_agora", "¿También el lunes?", post=made["data"]["id"])
    mention = await world_.comment("x:cafe_agora", "Hola @cafe_agora, ¿tenéis terraza?", author="@tomas")
    found = await agora.get_users_mentions(
        AGORA_X.id,
        expansions=["author_id"],
        tweet_fields=["created_at", "referenced_tweets", "in_reply_to_user_id", "conversation_id"],
        user_auth=True,
    )
    assert [one["id"] for one in found["data"]] == [mention, comment]
    assert found["data"][1]["text"] == "@cafe_agora ¿También el lunes?"
    assert found["data"][1]["referenced_tweets"] == [{"type": "replied_to", "id": made["data"]["id"]}]
    assert found["data"][1]["conversation_id"] == made["data"]["id"]
    assert {one["username"] for one in found["includes"]["users"]} == {"luciaferrer", "tomas"}
    assert found["meta"] == {"result_count": 2, "newest_id": mention, "oldest_id": comment}

    reply = await agora.create_tweet(text="Sí, también", in_reply_to_tweet_id=comment, user_auth=True)
    assert reply["data"]["text"] == "@luciaferrer Sí, también"
    answered = await agora.create_tweet(text="Sí, terraza y todo", in_reply_to_tweet_id=mention, user_auth=True)
    shown = await world_.timeline(AGORA_X.id)
    (post,) = shown["posts"]
    assert post["replies"][0]["text"] == "¿También el lunes?"
    assert post["replies"][0]["by_account"] is False
    assert post["replies"][0]["replies"][0]["text"] == "Sí, también"
    assert post["replies"][0]["replies"][0]["by_account"] is True
    (named,) = shown["mentions"]
    assert [one["id"] for one in named["replies"]] == [answered["data"]["id"]]


async def test_since_id_and_pages(world_: World, agora: tweepy.asynchronous.AsyncClient) -> None:
    """Newest first; the token leads to older ones; since_id cuts."""
    ids = [await world_.comment("x:cafe_agora", f"@cafe_agora {number}") for number in range(12)]
    first = await agora.get_users_mentions(AGORA_X.id, max_results=5, user_auth=True)
    token = first["meta"]["next_token"]
    second = await agora.get_users_mentions(AGORA_X.id, max_results=5, pagination_token=token, user_auth=True)
    got = [one["id"] for one in first["data"] + second["data"]]
    assert got == list(reversed(ids))[:10]
    newer = await agora.get_users_mentions(AGORA_X.id, since_id=ids[-3], max_results=100, user_auth=True)
    assert [one["id"] for one in newer["data"]] == [ids[-1], ids[-2]]
    assert (await agora.get_users_mentions(AGORA_X.id, since_id=ids[-1], user_auth=True))["meta"] == {"result_count": 0}
    with pytest.raises(tweepy.BadRequest):
        await agora.get_users_mentions(AGORA_X.id, max_results=2, user_auth=True)


@pytest.mark.parametrize(
    "wrong", [{"access_token_secret": "other"}, {"consumer_secret": "other"}, {"access_token": "other"}]
)
async def test_a_wrong_signature_is_401(world_: World, wrong: dict[str, str]) -> None:
    """Nothing else than `Unauthorized` is said."""
    with pytest.raises(tweepy.Unauthorized) as caught:
        await tweepy_client(world_.session, world_.url, AGORA_X, **wrong).get_me()
    assert caught.value.response.content_type == "application/problem+json"
    body = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    assert await caught.value.response.json() == body


async def test_the_same_words_again_are_refused(world_: World, agora: tweepy.asynchronous.AsyncClient) -> None:
    """For a day, on one account, as long as the first one stands."""
    first = await agora.create_tweet(text="Hoy, torrijas", user_auth=True)
    with pytest.raises(tweepy.Forbidden) as caught:
        await agora.create_tweet(text="Hoy, torrijas", user_auth=True)
    assert await caught.value.response.json() == {
        "title": "Forbidden",
        "type": "about:blank",
        "status": 403,
        "detail": "You are not allowed to create a Tweet with duplicate content.",
    }
    northwind = tweepy_client(world_.session, world_.url, NORTHWIND_X)
    await northwind.create_tweet(text="Hoy, torrijas", user_auth=True)
    await agora.delete_tweet(first["data"]["id"], user_auth=True)
    await agora.create_tweet(text="Hoy, torrijas", user_auth=True)


async def test_281_is_too_long(agora: tweepy.asynchronous.AsyncClient) -> None:
    """Weighted: half as many Japanese signs, a URL is 23."""
    for text in ("a" * 281, "あ" * 141, "a" * 257 + " https://agora.com/"):
        assert weigh(text) > 280
        with pytest.raises(tweepy.BadRequest, match="too long"):
            await agora.create_tweet(text=text, user_auth=True)
    for text in ("a" * 280, "あ" * 140, "a" * 256 + " https://agora.com/" + "x" * 200):
        assert weigh(text) == 280
        await agora.create_tweet(text=text, user_auth=True)


async def test_only_who_calls_us_is_answered(world_: World, agora: tweepy.asynchronous.AsyncClient) -> None:
    """The rule of self-serve access; threads on one's own posts are free."""
    northwind = tweepy_client(world_.session, world_.url, NORTHWIND_X)
    stranger = await northwind.create_tweet(text="Firma de libros el jueves", user_auth=True)
    with pytest.raises(tweepy.Forbidden, match="where you are mentioned"):
        await agora.create_tweet(text="¡Allí estaremos!", in_reply_to_tweet_id=stranger["data"]["id"], user_auth=True)
    called = await northwind.create_tweet(text="El café lo pone @cafe_agora", user_auth=True)
    await agora.create_tweet(text="¡Allí estaremos!", in_reply_to_tweet_id=called["data"]["id"], user_auth=True)
    own = await agora.create_tweet(text="Uno", user_auth=True)
    await agora.create_tweet(text="Dos", in_reply_to_tweet_id=own["data"]["id"], user_auth=True)
    with pytest.raises(tweepy.Forbidden):
        await agora.create_tweet(text="Tres", in_reply_to_tweet_id="1", user_auth=True)
    with pytest.raises(tweepy.Forbidden, match="cashtag"):
        await agora.create_tweet(text="Compramos $AAPL y $TSLA", user_auth=True)


async def test_hiding_deleting_and_looking_for_what_is_gone(
    world_: World, agora: tweepy.asynchronous.AsyncClient
) -> None:
    """A hidden reply is marked; what is gone is an entry in `errors` with status 200."""
    own = (await agora.create_tweet(text="Cerramos en agosto", user_auth=True))["data"]["id"]
    comment = await world_.comment("x:cafe_agora", "Fatal", post=own)
    assert (await agora.hide_reply(comment, user_auth=True))["data"] == {"hidden": True}
    assert (await world_.timeline("x:cafe_agora"))["posts"][0]["replies"][0]["hidden"] is True
    assert (await agora.delete_tweet(own, user_auth=True))["data"] == {"deleted": True}
    gone = await agora.get_tweet(own, user_auth=True)
    assert "data" not in gone
    assert gone["errors"][0]["type"].endswith("/resource-not-found")
    with pytest.raises(tweepy.NotFound):
        await agora.delete_tweet(own, user_auth=True)
    assert (await world_.timeline("x:cafe_agora"))["posts"] == []


async def test_an_edited_mention_has_a_new_id(world_: World, agora: tweepy.asynchronous.AsyncClient) -> None:
    """The history's first id is the stable one."""
    first = await world_.comment("x:cafe_agora", "@cafe_agora kafé")
    body = {"account": "x:cafe_agora", "id": first, "text": "@cafe_agora café"}
    _, answer = await world_.ask("POST", "/audience/edit", json=body)
    found = await agora.get_users_mentions(AGORA_X.id, since_id=first, user_auth=True)
    (one,) = found["data"]
    assert (one["id"], one["text"]) == (answer["id"], "@cafe_agora café")
    assert one["edit_history_tweet_ids"] == [first, one["id"]]


async def test_limits_and_prices(world_: World, agora: tweepy.asynchronous.AsyncClient) -> None:
    """50 deletes in 15 minutes; then 429 with the time at which it goes on."""
    await agora.create_tweet(text="Sin enlace", user_auth=True)
    await agora.create_tweet(text="Con enlace agora.com", user_auth=True)
    _, costs = await world_.ask("GET", "/audience/costs")
    assert costs["x"] == 0.215
    for _ in range(50):
        with pytest.raises(tweepy.NotFound):
            await agora.delete_tweet("1", user_auth=True)
    with pytest.raises(tweepy.TooManyRequests) as caught:
        await agora.delete_tweet("1", user_auth=True)
    headers = caught.value.response.headers
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("50", "0")
    assert 0 < int(headers["x-rate-limit-reset"]) - world_.clock() <= 900
    world_.clock.ahead = 901
    with pytest.raises(tweepy.Unauthorized):  # signed with the real time, 15 minutes ago for the sandbox
        await agora.delete_tweet("1", user_auth=True)


async def test_an_expired_account_is_401(world_: World, agora: tweepy.asynchronous.AsyncClient) -> None:
    """As after the person withdrew the app's access."""
    await world_.ask("POST", "/audience/expire", json={"account": "x:cafe_agora"})
    with pytest.raises(tweepy.Unauthorized):
        await agora.get_me()
    await world_.ask("POST", "/audience/expire", json={"account": "x:cafe_agora", "restore": True})
    assert (await agora.get_me())["data"]["username"] == "cafe_agora"

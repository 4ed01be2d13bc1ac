"""The audience: names of accounts, storms that arrive over time, refusals, and what a restart keeps."""

from pathlib import Path

import pytest

from tests.sandbox_networks.conftest import AGORA_FB, AGORA_X, Clock, World, running

AGORA = {"Authorization": "Bearer oauth2-cafe_agora"}
SHAPE = {"id", "account", "author", "by_account", "text", "media", "at", "hidden", "liked", "replies", "permalink"}


@pytest.mark.parametrize("name", [AGORA_X.id, "x:cafe_agora", "cafe_agora", f"x:{AGORA_X.id}"])
async def test_accounts_by_every_name(world_: World, name: str) -> None:
    """Id, network and handle, a handle that is unique."""
    await world_.ask("POST", "/2/tweets", json={"text": "Hola"}, headers=AGORA)
    body = await world_.timeline(name)
    assert set(body) == {"posts", "mentions"}
    assert set(body["posts"][0]) == SHAPE
    assert body["posts"][0]["account"] == AGORA_X.id


@pytest.mark.parametrize(("name", "status"), [("Café Ágora", 400), ("nobody", 404), ("", 404)])
async def test_names_that_are_not_one_account(world_: World, name: str, status: int) -> None:
    """Not unique, or unknown: the sentence lists who there is."""
    got, answer = await world_.ask("GET", "/audience/posts", params={"account": name})
    assert (got, answer["ok"]) == (status, False)
    assert "x:cafe_agora" in answer["error"]


async def test_what_the_audience_can_not_do(world_: World) -> None:
    """Unknown posts, the account's own words, empty ones."""
    _, made = await world_.ask("POST", "/2/tweets", json={"text": "Hola"}, headers=AGORA)
    own = {"account": AGORA_X.id, "id": made["data"]["id"], "text": "x"}
    assert (await world_.ask("POST", "/audience/edit", json=own))[0] == 400
    nowhere = {"account": AGORA_X.id, "post": "12", "author": "a", "text": "x"}
    assert (await world_.ask("POST", "/audience/comment", json=nowhere))[0] == 404
    empty = {"account": AGORA_X.id, "author": "a", "text": " "}
    assert (await world_.ask("POST", "/audience/comment", json=empty))[0] == 400


@pytest.mark.parametrize("account", [AGORA_X.id, AGORA_FB.id, "ensayo"])
async def test_a_storm_comes_over_time(world_: World, account: str) -> None:
    """300 in a minute: a third after 20 seconds, each with its own words and id."""
    storm = {"account": account, "count": 300, "seconds": 60}
    _, answer = await world_.ask("POST", "/audience/storm", json=storm)
    assert len(set(answer["ids"])) == 300
    world_.clock.ahead = 20
    early = (await world_.timeline(account))["mentions"]
    assert 95 <= len(early) <= 160
    world_.clock.ahead = 60
    every = (await world_.timeline(account))["mentions"]
    assert [one["id"] for one in every] == list(reversed(answer["ids"]))
    assert len({one["text"] for one in every}) == 300
    assert len({one["author"] for one in every}) > 100


async def test_a_storm_may_be_of_people_who_copy_each_other(world_: World) -> None:
    """Two in three pass one sentence on in their own way, the others each say something else."""
    storm = {"account": AGORA_X.id, "count": 300, "seconds": 0, "alike": 0.66}
    assert (await world_.ask("POST", "/audience/storm", json=storm))[0] == 200
    said = [one["text"] for one in (await world_.timeline(AGORA_X.id))["mentions"]]
    copies = [text for text in said if "EXPLICACI" in text.upper() or "TRABAJADORES" in text.upper()]
    assert len(copies) == 198
    assert len(set(copies)) > 30
    assert len(set(said) - set(copies)) == 102
    for wrong in (1.5, "x"):
        assert (await world_.ask("POST", "/audience/storm", json=storm | {"alike": wrong}))[0] == 400


async def test_everything_survives_a_restart(tmp_path: Path) -> None:
    """Posts, comments, hidden marks, keys of duplicates: all in one file."""
    clock = Clock()
    async with running(tmp_path, clock) as one:
        _, made = await one.ask("POST", "/2/tweets", json={"text": "Hola"}, headers=AGORA)
        comment = await one.comment(AGORA_X.id, "Fatal", post=made["data"]["id"])
        path = f"/2/tweets/{comment}/hidden"
        assert (await one.ask("PUT", path, json={"hidden": True}, headers=AGORA))[0] == 200
        before = await one.timeline(AGORA_X.id)
    async with running(tmp_path, clock) as two:
        after = await two.timeline(AGORA_X.id)
        for body in (before, after):
            body["posts"][0].pop("permalink")
        assert after == before
        assert (await two.ask("POST", "/2/tweets", json={"text": "Hola"}, headers=AGORA))[0] == 403
        newer = await two.comment(AGORA_X.id, "Otra", post=made["data"]["id"])
        assert int(newer) > int(comment)


async def test_the_page_hears_of_it(world_: World) -> None:
    """`public`, with the network's name."""
    await world_.comment(AGORA_FB.id, "Hola")
    assert ("public", "facebook") in world_.told.topics

"""The living audience: at its pace, the same story on every run, words that don't repeat, silence where it is told."""

from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox import world
from bot.sandbox.crowd import NEIGHBOURS, Temper
from bot.sandbox.facebook.outside import FacebookOutside
from bot.sandbox.living import Living
from bot.sandbox.outside import Outside
from bot.sandbox.public import Item
from bot.sandbox.x.outside import XOutside
from tests.sandbox_networks.conftest import AGORA_X, Clock, World, running

AGORA = {"Authorization": "Bearer oauth2-cafe_agora"}


def living(world_: World, pace: float = 60.0) -> Living:
    """The audience of a world, to be driven by hand."""
    built = world_.networks
    networks: dict[str, Outside] = {
        "x": XOutside(built.x),
        "facebook": FacebookOutside(built.facebook),
        "practice": built.practice,
    }
    return Living(built.public, world.ACCOUNTS, networks, pace)


def watch(world_: World, audience: Living, minutes: float, tick: float = 1.0) -> list[str]:
    """What happens within so many minutes."""
    done = []
    for _ in range(round(minutes * 60 / tick)):
        world_.clock.ahead += tick
        done += audience.step()
    return done


def theirs(world_: World) -> list[Item]:
    """All that outsiders said in public."""
    accounts = {account.id for account in world.ACCOUNTS}
    return [one for one in world_.networks.public.where("1", deleted=True) if one.author not in accounts]


async def post(world_: World, text: str = "Hoy abrimos hasta las diez") -> str:
    """The café publishes on X."""
    _, answer = await world_.ask("POST", "/2/tweets", json={"text": text}, headers=AGORA)
    return str(answer["data"]["id"])


async def test_hours_pass_before_anything_comes_twice(world_: World) -> None:
    audience = living(world_)
    audience.step()
    await post(world_)
    done = watch(world_, audience, 240)
    assert 200 <= len(done) <= 300
    texts = [one.text.removeprefix("@cafe_agora ").removeprefix("@northwindbooks ") for one in theirs(world_)]
    own = [text for text in texts if len(text) > 25]
    assert len(own) > 100
    assert [text for text, count in Counter(own).items() if count > 1 and " " in text] == []
    assert not [text for text in texts if "{" in text or "}" in text]
    kinds = Counter(what.split(" ", 2)[-1] if "on what" not in what else "early" for what in done)
    assert len(kinds) >= 6, kinds


async def test_the_same_world_tells_the_same_story(tmp_path: Path) -> None:
    told = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        async with running(tmp_path / folder, Clock()) as world_:
            watch(world_, living(world_), 60)
            told.append([(one.network, one.account, one.author, one.text) for one in theirs(world_)])
    assert told[0] == told[1]
    assert told[0]


async def test_a_second_start_goes_on_with_the_story(tmp_path: Path) -> None:
    async with running(tmp_path, Clock()) as first:
        watch(first, living(first), 30)
        before = {one.text for one in theirs(first)}
        ahead = first.clock.ahead
    clock = Clock(ahead)
    async with running(tmp_path, clock) as second:
        watch(second, living(second), 30)
        after = [one.text for one in theirs(second)]
    assert len(after) > len(before)
    assert max(Counter(text for text in after if len(text) > 45).values()) == 1


async def test_a_new_post_is_talked_about_at_once(world_: World) -> None:
    audience = living(world_, pace=60)
    audience.step()
    ident = await post(world_)
    done = watch(world_, audience, 2)
    assert sum("on what is new" in what for what in done) == 3
    (shown,) = (await world_.timeline(AGORA_X.id))["posts"]
    assert shown["id"] == ident
    assert len(shown["replies"]) >= 3


async def test_who_is_answered_answers_and_says_yes_or_no_to_a_question(world_: World) -> None:
    audience = living(world_)
    audience.step()
    await post(world_)
    watch(world_, audience, 2)
    (shown,) = (await world_.timeline(AGORA_X.id))["posts"]
    asked = shown["replies"][0]
    question = {"text": "¿Podemos usar tu foto?", "reply": {"in_reply_to_tweet_id": asked["id"]}}
    status, _ = await world_.ask("POST", "/2/tweets", json=question, headers=AGORA)
    assert status == 201
    watch(world_, audience, 15)
    (shown,) = (await world_.timeline(AGORA_X.id))["posts"]
    (ours,) = next(one for one in shown["replies"] if one["id"] == asked["id"])["replies"]
    (said,) = ours["replies"]
    assert said["author"] == asked["author"]


async def test_silence_is_silence(world_: World) -> None:
    assert watch(world_, living(world_, pace=0), 60, tick=10) == []
    assert theirs(world_) == []


async def test_its_pace_can_be_changed(world_: World) -> None:
    assert (await world_.ask("POST", "/audience/pace", json={"seconds": 0}))[1] == {"ok": True, "seconds": 0.0}
    for wrong in (-1, "soon", None, True, 1e9):
        assert (await world_.ask("POST", "/audience/pace", json={"seconds": wrong}))[0] == 400


@pytest.mark.parametrize("language", ["es", "en"])
def test_there_is_somebody_of_every_kind(language: str) -> None:
    kinds = Counter(one.temper for one in NEIGHBOURS if one.language == language)
    assert kinds.keys() == set(Temper)
    assert kinds[Temper.TROLL] == 1
    assert kinds[Temper.KIND] > kinds[Temper.CROSS]
    assert len({one.name for one in NEIGHBOURS}) == len(NEIGHBOURS)

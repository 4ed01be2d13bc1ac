"""Ten thousand forged presses and forms: each is answered, none changes anything or is a bug, nobody is rung."""

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.discovery import find_router
from bot.domain.conversations import Conversation
from bot.domain.posts import Post, PostStatus
from bot.sandbox import world
from bot.slack.dispatch import Dispatcher
from bot.slack.gate import Gate
from bot.slack.limits import check_view
from bot.slack.people import People
from bot.slack.perform import Performer
from bot.slack.wire import BadPress, press_of
from tests.hostile.bodies import fresh
from tests.hostile.hall import Door, open_hall
from tests.hostile.presses import Forger
from tests.hostile.strings import harmful

MANY = 10_000
ALONE = 1_000
"""One after another, each timed until all that it led to is done."""
OURS = Counter({f"@{user.id}": 10**6 for user in world.USERS} | {f"#{channel.id}": 10**6 for channel in world.CHANNELS})
"""Whom and what a private answer may name."""


async def forger_for(door: Door, seed: int) -> Forger:
    """With the ids of everything in the town."""
    store = door.town.desk.store
    posts = await store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    talks = await store.listed(Conversation, "open:agora")
    accounts = await door.town.desk.accounts.all()
    real = [*(each.id for each in (*posts, *talks, *accounts)), "agora", "northwind", "ensayo"]
    return Forger(random.Random(seed), real, [channel.id for channel in world.CHANNELS])


def gate_of(door: Door) -> Gate:
    """The town's own parts behind a gate of this process, without the way over HTTP."""
    town = door.town
    people = People(town.desk.store, town.api, town.clock)
    performer = Performer(town.api, town.desk.store)
    dispatcher = Dispatcher(find_router(), desk=town.desk, people=people, performer=performer)
    return Gate(town.desk.store, dispatcher, team=world.TEAM_ID, me="hostile", bot_user=world.BOT_USER_ID, settle=0.0)


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_forged_presses(client: Any, tmp_path: Path) -> None:
    async with open_hall(client, tmp_path) as door:
        forger = await forger_for(door, 1)
        await door.hurry()
        before, gate = await door.state(), gate_of(door)
        acks: Counter[int] = Counter()
        async with gate:

            async def press(number: int) -> None:
                ack = await gate.take(fresh(forger.payload(number), number), {})
                acks[ack.status] += 1
                if isinstance(shown := ack.body.get("view"), dict):
                    check_view(shown)

            for number in range(MANY, MANY + ALONE):
                with door.timed(payload := forger.payload(number)):
                    await gate.take(fresh(payload, number), {})
                    await gate.idle()
            for start in range(0, MANY, 20):
                await asyncio.gather(*(press(number) for number in range(start, start + 20)))
            await gate.idle()
        await door.quiet()
        after = await door.state()
        assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == set()
        assert not door.bugs(), "\n\n".join(door.bugs()[:5])
        assert not door.slow, "\n".join(door.slow[:5])
        assert set(acks) <= {200, 400}
        assert acks[200] > MANY / 2, "most should get as far as a handler"
        assert not await alive_in(door)


async def alive_in(door: Door) -> list[str]:
    """What left for Slack with something of a stranger's alive in it."""
    async with door.town.session.get(f"{door.town.url}/calls", params={"target": "slack"}) as answer:
        calls = (await answer.json())["calls"]
    there = f"not ours: <{door.town.url}"  # the networks live there: a link to a post
    found = [problem for call in calls for problem in harmful(_sent(call), OURS)]
    return [problem for problem in found if not problem.startswith(there)]


def _sent(call: Any) -> dict[str, Any]:
    args = call.get("args") or {}
    return dict(args.get("view") or args)


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"action_id": 7},
        {"action_id": "menu", "selected_option": None},
        {"action_id": "menu", "selected_option": {"value": "[]"}},
        {"action_id": "menu", "selected_option": {"value": '{"!":["x"]}'}},
        {"action_id": "review.approve", "value": "[" * 100_000},
        {"action_id": "review.approve", "value": '{"post":NaN}'},
        {"action_id": "review.approve", "value": '{"post":' + "9" * 5000 + "}"},
    ],
    ids=str,
)
def test_a_press_that_means_nothing_says_so(action: dict[str, Any]) -> None:
    with pytest.raises(BadPress):
        press_of(action)

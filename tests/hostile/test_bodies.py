"""Signed nonsense at Slack's endpoint: answered 2xx or 4xx, changes nothing, is no bug; unsigned it is always 401."""

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.slack.payload import Malformed, sound
from tests.hostile.bodies import WRONG, as_text, changed, fresh, mutants, paths
from tests.hostile.hall import Door, encoded, open_hall, samples

pytestmark = pytest.mark.slow


@pytest.fixture
async def door(client: Any, tmp_path: Path) -> AsyncIterator[Door]:
    """The endpoint, with something behind it that could change."""
    async with open_hall(client, tmp_path) as opened:
        yield opened


async def unmoved(door: Door, before: dict[str, str]) -> None:
    """Nothing changed, nothing broke, nothing is left."""
    await door.quiet()
    after = await door.state()
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == set()
    assert not door.bugs(), "\n\n".join(door.bugs()[:5])
    assert not door.slow, "\n".join(door.slow[:5])
    assert not [status for status in door.statuses if status >= 500], door.statuses


async def test_what_is_no_payload(door: Door) -> None:
    known = await samples(door.town)
    await door.hurry()
    before = await door.state()
    sent = 0
    for name in ("mention", "approve", "command"):
        body, _ = encoded(known[name] | {"event_id": "EvX"})
        for text, kind in as_text(body):
            status = await door.post(text, kind)
            assert status in {200, 400}, (text[:200], kind)
            sent += 1
    assert sent >= 318
    await unmoved(door, before)


@pytest.mark.parametrize("seed", range(4))
async def test_every_part_of_every_payload_may_be_wrong(door: Door, seed: int) -> None:
    known = await samples(door.town)
    await door.hurry()
    before = await door.state()
    chance, sent = random.Random(seed), 0
    for payload in known.values():
        for mutant in mutants(payload, chance, 60):
            sent += 1
            assert await door.send(fresh(mutant, sent)) in {200, 400}, mutant
    assert sent >= 318
    await unmoved(door, before)


async def test_every_near_part_is_once_of_every_type(door: Door) -> None:
    """Without chance: each place of the first two levels, of each kind, with each wrong thing there once."""
    known = await samples(door.town)
    await door.hurry()
    before = await door.state()
    sent = 0
    for payload in known.values():
        for path in [path for path in paths(payload) if len(path) <= 2]:
            for wrong in WRONG[sent % 3 :: 3]:
                sent += 1
                assert await door.send(fresh(changed(payload, path, wrong), sent)) in {200, 400}, (path, wrong)
    await unmoved(door, before)


async def test_what_is_not_signed_now_by_slack_is_401_whatever_it_is(door: Door) -> None:
    known = await samples(door.town)
    await door.hurry()
    before = await door.state()
    body, kind = encoded(known["approve"])
    for text, sort in [(body, kind), *list(as_text(body))[::7]]:
        if not _utf8(text):
            continue
        assert await door.post(text, sort, secret="another") == 401
        assert await door.post(text, sort, age=301) == 401
        assert await door.post(text, sort, age=-301) == 401
        for mark in ("", "v0=", "v0=00", "v1=" + "0" * 64, "v0=" + "0" * 64, "\xff", "v0=" + "é" * 64):
            assert await door.post(text, sort, X_Slack_Signature=mark) == 401
        for stamp in ("", "soon", "-1", "1e9", "9" * 400, "NaN", "\u0661", "0x1", " "):
            assert await door.post(text, sort, X_Slack_Request_Timestamp=stamp) == 401
        async with door.town.session.post(door.url, data=text, headers={"Content-Type": sort}) as answer:
            assert answer.status == 401
    await unmoved(door, before)


def _utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_half_a_character_is_none() -> None:
    assert sound({"a\ud800": ["\udfffb", {"c": "é😀"}]}) == {"a\ufffd": ["\ufffdb", {"c": "é😀"}]}


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 10**101, -(10**101)])
def test_numbers_that_are_none(wrong: float) -> None:
    with pytest.raises(Malformed):
        sound({"a": [wrong]})

"""The demo as Slack reaches it by signed HTTP: the same journeys, and nothing from repeated or forged requests."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from bot.sandbox import world
from bot.store.launcher import connect
from bot.store.records import Store
from bot.store.server import socket_of
from tests.walks.people import Demo, Json, demo, labelled, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
USERS = {user.name: user.id for user in world.USERS}
_PRESSES = itertools.count(1)
APPROVED = "post.approve"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this demo keeps its state."""
    return tmp_path_factory.mktemp("http") / "data"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(data: Path) -> AsyncIterator[Demo]:
    """The demo, whose Slack posts signed requests to the bot."""
    async with demo(data, VOCERO_DEMO_SLACK_MODE="http", VOCERO_POLL_SECONDS="1") as running:
        yield running


def pressed(user: str, card: Json, *labels: str, trigger: str = "") -> Json:
    """What Slack sends when somebody presses a button of a message."""
    element = labelled(card["blocks"], *labels)
    return {
        "type": "block_actions",
        "team": {"id": world.TEAM_ID, "domain": "vocero"},
        "user": {"id": USERS[user], "username": user, "team_id": world.TEAM_ID},
        "api_app_id": world.APP_ID,
        "container": {"type": "message", "message_ts": card["ts"], "channel_id": channel_of(card)},
        "channel": {"id": channel_of(card), "name": card["channel"].lstrip("#")},
        "message": {name: card[name] for name in ("ts", "text", "blocks")},
        "trigger_id": trigger or f"{time.time()}.{next(_PRESSES)}",
        "actions": [
            {name: element[name] for name in ("type", "action_id", "value")} | {"block_id": "b", "action_ts": "1.5"}
        ],
    }


def channel_of(card: Json) -> str:
    """The id of the channel that a card was read in."""
    return next(each.id for each in world.CHANNELS if f"#{each.name}" == card["channel"])


async def delivered(town: Demo, body: bytes, **headers: str) -> int:
    """The bot's answer to one request, exactly as given."""
    url = (await town.get("/human/state"))["urls"]["bot"] + "/slack/events"
    given = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    async with town.session.post(url, data=body, headers=given) as answer:
        return answer.status


def signed(body: bytes, at: float | None = None, secret: str = world.SIGNING_SECRET) -> dict[str, str]:
    """Slack's headers over a body; https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    stamp = str(int(at or time.time()))
    mark = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}"}


async def in_review(town: Demo, text: str) -> Json:
    """Ana's practice post, waiting for somebody."""
    opened = await town.command("ana", "#ensayo", "/vocero post")
    assert (await town.submit("ana", opened["view"], text=text))["ok"]
    return await town.card("#ensayo", text, "Aprobar y publicar")


async def live(town: Demo, text: str) -> list[Json]:
    """What of this is public on the practice network."""
    return [post for post in await town.public("practice:ensayo") if post["text"] == text]


async def calls(town: Demo) -> int:
    """How often the bot has asked Slack for something that people see."""
    said = ("chat.postMessage", "chat.postEphemeral", "views.open", "views.publish", None)
    return len([call for call in (await town.get("/calls", target="slack"))["calls"] if call["method"] in said])


async def audited(data: Path, act: str) -> list[dict[str, Any]]:
    """The lines of the record about one act."""
    client = connect(f"unix://{socket_of(data)}")
    try:
        lines: Any = await client.xrange(Store(client, world.TEAM_ID).key("audit"))
    finally:
        await client.aclose()
    found = [json.loads(fields["entry"]) for _, fields in lines]
    return [entry for entry in found if entry["act"] == act]


async def test_a_post_goes_its_way(town: Demo) -> None:
    card = await in_review(town, "Por HTTP firmado")
    await town.press("bruno", card, "Aprobar y publicar")
    await town.until(lambda: live(town, "Por HTTP firmado"), "live")
    await town.card("#ensayo", "Por HTTP firmado", "Publicada")
    assert len(await live(town, "Por HTTP firmado")) == 1


async def test_the_same_signed_request_again_does_nothing(town: Demo, data: Path) -> None:
    card = await in_review(town, "Una sola vez")
    body = urlencode({"payload": json.dumps(pressed("bruno", card, "Aprobar y publicar"))}).encode()
    headers = signed(body)
    assert await delivered(town, body, **headers) == 200
    await town.card("#ensayo", "Una sola vez", "Publicada")
    before, acts = await calls(town), await audited(data, APPROVED)
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert [await delivered(town, body, **headers, **more) for more in ({}, {}, retry)] == [200] * 3
    await in_review(town, "Y después otra cosa")  # a whole journey later
    assert len(await live(town, "Una sola vez")) == 1
    assert await audited(data, APPROVED) == acts
    assert len(acts) >= 1
    assert await calls(town) == before + 3  # the form, the sentence and the card of the other thing


async def test_what_slack_did_not_sign_or_signed_long_ago_is_refused(town: Demo) -> None:
    card = await in_review(town, "Sin firma")
    body = urlencode({"payload": json.dumps(pressed("bruno", card, "Aprobar y publicar"))}).encode()
    old = time.time() - 301
    for headers in ({}, signed(body, secret="another"), signed(body + b"x"), signed(body, at=old)):
        assert 400 <= await delivered(town, body, **headers) < 500
    await town.card("#ensayo", "Sin firma", "Aprobar y publicar")
    assert not await live(town, "Sin firma")


async def test_an_envelope_that_comes_four_times_is_one_act(town: Demo, data: Path) -> None:
    card = await in_review(town, "Cuatro veces lo mismo")
    acts = len(await audited(data, APPROVED))
    answer = await town.post("/human/raw", envelope=pressed("bruno", card, "Aprobar y publicar"), times=4)
    assert answer["ok"], answer
    assert answer["acked"] == [True] * 4
    await town.until(lambda: live(town, "Cuatro veces lo mismo"), "live")
    await town.card("#ensayo", "Cuatro veces lo mismo", "Publicada")
    assert len(await live(town, "Cuatro veces lo mismo")) == 1
    assert len(await audited(data, APPROVED)) == acts + 1
    assert not words(answer["ephemeral"])


async def test_a_mention_that_comes_four_times_is_answered_once(town: Demo) -> None:
    mention = {"type": "app_mention", "user": USERS["diego"], "channel": "C01GENERAL1", "ts": "1795000000.000100"}
    event = {
        "type": "event_callback",
        "team_id": world.TEAM_ID,
        "api_app_id": world.APP_ID,
        "event_id": "Ev0FOURTIMES",
        "event": mention | {"text": f"<@{world.BOT_USER_ID}> hi"},
    }
    before = await calls(town)
    assert (await town.post("/human/raw", envelope=event, times=4))["ok"]

    async def answered() -> bool:
        return await calls(town) > before

    await town.until(answered, "the mention is answered")
    assert (await town.post("/human/raw", envelope=event, times=4))["ok"]
    assert await calls(town) == before + 1


async def test_a_forged_press_changes_nothing_and_is_on_record(town: Demo, data: Path) -> None:
    card = await in_review(town, "Eva quiere publicar")
    acts = await audited(data, APPROVED)
    answer = await town.post("/human/raw", envelope=pressed("eva", card, "Aprobar y publicar"))
    assert answer["ok"], answer
    assert words(answer["ephemeral"])

    async def recorded() -> list[dict[str, Any]]:
        found = await audited(data, "denied:review.approve")
        return [entry for entry in found if entry["who"] == f"{world.TEAM_ID}:{USERS['eva']}"]

    (entry,) = await town.until(recorded, "on record")
    assert labelled(card["blocks"], "Aprobar y publicar")["value"][:40] in entry["subject"]
    now = await town.card("#ensayo", "Eva quiere publicar")
    assert labelled(now["blocks"], "Aprobar y publicar")
    assert await audited(data, APPROVED) == acts
    assert not await live(town, "Eva quiere publicar")

"""Pictures in comments: our own copies on the card, in every network, and gone when what they are of is."""

import base64
from typing import Any

import pytest

from bot.domain.shown import TRIES
from tests.handlers.demo import Town
from tests.handlers.voices import INBOX, comment, hear, message, the_conversation
from tests.sandbox_networks.pictures import PNG, picture_of

ROOM = {"x:cafe_agora": INBOX, "facebook:cafe.agora": INBOX, "practice:ensayo": "#ensayo"}


async def images(town: Town, channel: str) -> list[dict[str, Any]]:
    """The picture blocks that stand in a channel."""
    blocks = [block for each in await town.messages(channel) for block in each.get("blocks") or []]
    return [block for block in blocks if block["type"] == "image"]


@pytest.mark.parametrize("account", ROOM)
async def test_a_picture_is_shown_as_our_own_copy(town: Town, account: str) -> None:
    await hear(town)
    await comment(town, "Mirad qué taza", account=account, picture=picture_of("taza.png"))
    (block,) = await images(town, ROOM[account])
    assert block["alt_text"] == "Imagen de Lucía"
    assert "image_url" not in block
    assert await town.api.download(block["slack_file"]["id"], most=1000) == PNG
    await hear(town)
    assert len(await images(town, ROOM[account])) == 1


async def test_a_picture_without_words_is_a_comment_too(town: Town) -> None:
    await hear(town)
    await message(town, "", picture=picture_of("pedido.png"))
    assert len(await images(town, INBOX)) == 1


async def test_what_is_no_picture_is_tried_a_few_times_and_counted(town: Town) -> None:
    await hear(town)
    cut_off = {"name": "taza.png", "base64": base64.b64encode(PNG[:40]).decode()}
    await comment(town, "Mirad", picture=cut_off)
    talk = await the_conversation(town)
    for number in range(TRIES + 1):
        changed = {"account": "x:cafe_agora", "id": talk.latest.ref, "text": f"@cafe_agora Mirad {number}"}
        async with town.session.post(f"{town.url}/audience/edit", json=changed):
            await hear(town)
    assert await images(town, INBOX) == []
    assert "1 imagen" in await town.text(INBOX)
    (known,) = await town.desk.showing.known(talk.id)
    assert (known.tries, known.file, known.problem) == (TRIES, "", "broken")


async def test_forgetting_somebody_takes_the_copy_from_slack(town: Town) -> None:
    await hear(town)
    await comment(town, "Mirad", picture=picture_of("taza.png"))
    (block,) = await images(town, INBOX)
    talk = await the_conversation(town)
    await town.desk.people.forget(talk.who, town.standing("admin"))
    await town.settle()
    assert await images(town, INBOX) == []
    async with town.session.get(f"{town.url}/calls", params={"target": "slack"}) as answer:
        calls = (await answer.json())["calls"]
    assert [call["args"]["file"] for call in calls if call["method"] == "files.delete"] == [block["slack_file"]["id"]]
    assert [(each.url, each.file) for each in await town.desk.showing.known(talk.id)] == [("", "")]

"""Somebody writes to an account on X in private: switched on by an admin, answered, found after a lost answer."""

import pytest

from tests.walks.people import Demo, Json, elements, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

WHERE = "x:cafe_agora"


async def talk(town: Demo) -> list[tuple[bool, str]]:
    """What stands in Elisa's conversation with the account."""
    talks = (await town.get("/audience/private", account=WHERE))["conversations"]
    return [(said["by_account"], said["text"]) for one in talks if one["person"] == "Elisa" for said in one["messages"]]


async def accounts_page(town: Demo) -> Json:
    """Café Ágora's accounts, as the workspace's admin sees them."""

    async def home() -> Json | None:
        found: Json | None = (await town.get("/human/home", user="admin"))["view"]
        return found

    view: Json = await town.until(home, "Home")
    manage = next(
        each for each in elements(view) if each["action_id"] == "accounts.manage" and "agora" in each.get("value", "")
    )
    page: Json = (await town.act("admin", view, manage["action_id"], value=manage["value"]))["view"]
    return page


async def test_a_direct_message_is_answered_and_found_after_a_lost_answer(taps: Demo) -> None:
    town = taps
    page = await accounts_page(town)
    assert "Private messages are not read." in words(page)
    # the first look waits a moment, so that it finds what is written right after the press
    await town.post("/faults", target="x", route="GET /2/dm_events", delay=3, times=1)
    town.taps = 0
    await town.press("admin", page, "Read private messages")
    assert town.taps == 2, "the press and its question"
    said = "Hola, ¿me reserváis una mesa de cuatro?"
    assert (await town.post("/audience/message", account=WHERE, author="Elisa", text=said))["ok"]
    card = await town.card("#agora-inbox", said, "Elisa", "Privado")
    assert "Responder en público" not in words(card)

    await town.post("/faults", target="x", route="POST /2/dm_conversations/with/*/messages", when="after", drop=True)
    form = (await town.press("carla", card, "Responder por privado"))["view"]
    assert "only Elisa sees it" in words(form)
    assert (await town.submit("carla", form, text="Claro, ¿a qué hora?"))["ok"]
    await town.card("#agora-inbox", said, "Claro, ¿a qué hora?", "Deshacer")
    assert await talk(town) == [(False, said)]
    # X has it and said so to nobody: five seconds later it is looked for, and found
    await town.card("#agora-inbox", said, "*Respondida*", "Carla Moreno respondió el", patience=75)
    assert await talk(town) == [(False, said), (True, "Claro, ¿a qué hora?")]
    assert not [post for post in await town.public(WHERE) if "¿a qué hora?" in post["text"]]

"""What becomes of a comment on Facebook, as webhooks tell it: edited, hidden in two taps, answered privately, gone."""

import pytest

from tests.walks.people import Demo, Json, elements, words
from tests.walks.test_inbox import published, say

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

WHERE = "facebook:cafe.agora"


async def choose(town: Demo, user: str, card: Json, label: str) -> Json:
    """Open a select and choose: two taps."""
    for element in elements(card["blocks"]):
        for option in element.get("options", []):
            if option["text"]["text"] == label:
                town.taps += 1
                return await town.act(user, card, element["action_id"], value=option["value"])
    raise AssertionError(f"no {label} on {words(card)}")


async def test_a_comment_is_followed_moderated_and_answered_privately(taps: Demo) -> None:
    town = taps
    post = (await published(town, "¿Qué os sirvo?"))["id"]
    said = await say(town, WHERE, "Nuria Sol", "El café estaba frío", post=post)
    await town.card("#agora-inbox", "El café estaba frío", "Nuria Sol")

    await town.post("/audience/edit", account=WHERE, id=said, text="El café estaba helado")
    card = await town.card("#agora-inbox", "Antes", "El café estaba frío", "El café estaba helado")

    async def comment() -> Json:
        (found,) = [one for each in await town.public(WHERE) for one in each["replies"] if one["id"] == said]
        return dict(found)

    town.taps = 0
    await choose(town, "carla", card, "Ocultar")
    assert town.taps == 2

    async def hidden() -> bool:
        return bool((await comment())["hidden"])

    await town.until(hidden, "hidden")
    card = await town.card("#agora-inbox", "Lo ocultó Carla", "helado")

    form = (await choose(town, "carla", card, "Responder por privado"))["view"]
    assert "only Nuria Sol sees it" in words(form)
    assert (await town.submit("carla", form, text="¿Nos das tu correo?"))["ok"]
    await town.card("#agora-inbox", "Carla Moreno respondió por privado", "¿Nos das tu correo?")
    told = (await town.get("/audience/private", account=WHERE))["messages"]
    assert [(one["recipient"], one["text"]) for one in told] == [("Nuria Sol", "¿Nos das tu correo?")]

    card = await town.card("#agora-inbox", "helado", "Lo ocultó Carla")
    await choose(town, "carla", card, "Mostrar")

    async def shown() -> bool:
        return not await hidden()

    await town.until(shown, "shown again")
    await town.post("/audience/delete", account=WHERE, id=said)
    card = await town.card("#agora-inbox", "Lo eliminó quien lo escribió", "helado")
    assert "Responder en público" not in words(card)

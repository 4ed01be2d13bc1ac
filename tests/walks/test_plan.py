"""Planning a week: slots, a post into the next free one, a phrase that moves it, the queue and the calendar."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.walks.people import Demo, Json, elements, labelled, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def set_slots(town: Demo, slots: str) -> None:
    """Those of Café Ágora, as an admin sets them in Home."""

    async def drawn() -> Json | None:
        home = (await town.get("/human/home", user="admin"))["view"]
        return home if any(e["action_id"] == "slots.edit" for e in elements(home or {})) else None

    home: Json = await town.until(drawn, "Home")
    edit = next(e for e in elements(home) if e["action_id"] == "slots.edit" and "agora" in e["value"])
    about = {"user": "admin", "view_id": home["id"], "action_id": "slots.edit", "value": edit["value"]}
    form = (await town.post("/human/click", **about))["view"]
    assert (await town.submit("admin", form, slots=slots))["ok"]


@pytest_asyncio.fixture(loop_scope="session")
async def slots(town: Demo) -> AsyncIterator[None]:
    """Four a day, for this walk alone: others share the town, and write posts without a time."""
    await set_slots(town, "mon-sun 0:30 6:30 12:30 18:30")
    yield
    await set_slots(town, "")


@pytest.mark.usefixtures("slots")
async def test_a_week_is_planned_without_leaving_slack(town: Demo) -> None:
    view = (await town.command("ana", "#agora-review", "/vocero post"))["view"]
    assert "Próximo horario libre" in words(view)
    assert (await town.submit("ana", view, text="Al horario del plan"))["ok"]
    card = await town.card("#agora-review", "Al horario del plan", "Aprobar")
    assert ":30 (Madrid)" in words(card)

    listed = (await town.command("ana", "#agora-review", "/vocero cola"))["ephemeral"][-1]
    assert "Al horario del plan" in words(listed)
    line = next(n for n, block in enumerate(listed["blocks"]) if "Al horario del plan" in str(block))
    mine = {**listed, "channel": "#agora-review", "blocks": listed["blocks"][line:]}
    move = (await town.press("ana", mine, "Mover"))["view"]
    shown = await town.submit("ana", move, phrase="pasado mañana a las 9:15")
    assert "09:15 (Madrid)" in words(shown["view"] or shown["response"])
    assert (await town.submit("ana", move))["ok"]
    card = await town.card("#agora-review", "Al horario del plan", "09:15 (Madrid)")
    await town.press("bruno", card, "Aprobar")
    await town.card("#agora-review", "Al horario del plan", "rogramada")

    week = (await town.command("ana", "#agora-review", "/vocero calendario"))["ephemeral"][-1]
    following = labelled(week["blocks"], "Semana siguiente")
    shown = {"user": "ana", "channel": "#agora-review", "ts": week["ts"], "action_id": following["action_id"]}
    await town.post("/human/click", **shown, value=following["value"])

    async def free() -> bool:  # late on a Sunday nothing is left of this one
        seen = await town.get("/human/messages", channel="#agora-review", user="ana")
        return any("libre" in words(each) for each in seen["messages"])

    await town.until(free, "next week's free slots")
    assert not [post for post in await town.public("x:cafe_agora") if post["text"] == "Al horario del plan"]

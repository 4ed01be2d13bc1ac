"""A route from the form to the card: straight to its channel, once; back in the inbox when the channel is archived."""

from typing import Any

from bot.engine.placing import Placing
from bot.sandbox import world
from bot.slack.rooms import Rooms
from handlers.views.routing import NewRoute
from tests.handlers.demo import NAMES, Town, view_of
from tests.handlers.test_compose import errors
from tests.handlers.test_rulebook import rulebook
from tests.handlers.voices import INBOX, comment, hear

FORM = "routing.form"


async def admin(town: Town, act: str, **about: Any) -> None:
    """What a workspace's admin does in Slack."""
    await town.act("admin", act=act, **about)


async def look(town: Town) -> None:
    """The worker looks at the channels of routes."""
    await Placing(town.desk, Rooms(town.api, world.TEAM_ID, town.clock).place).tick()
    await town.settle()


async def new_channel(town: Town, name: str) -> str:
    await admin(town, "create", name=name, private=False, members=["carla"])
    await admin(town, "invite", channel=name, user="vocero")
    return str((await town.api.names_of_channels())[name])


async def new_route(town: Town, **filled: Any) -> dict[str, Any]:
    """Fills in the form and sends it once, which shows what it would have taken."""
    book, press = await rulebook(town), NewRoute(brand="agora").packed()
    answer = await town.act("click", user="admin", view_id=book["id"], action_id="routing.new", value=press)
    view = view_of(answer)
    return {"view": view, "told": errors(await town.submit("admin", view, FORM, **filled))}


async def test_a_card_goes_straight_to_its_channel_and_comes_home_when_that_is_gone(town: Town) -> None:
    await hear(town)
    await comment(town, "ayer pedí una devolución", author="Nuria")
    channel = await new_channel(town, "quejas")
    carla = NAMES["carla"].partition(":")[2]
    filled = {"name": "quejas", "terms": "devolución", "place": channel, "person": carla}
    nowhere = await new_route(town, **(filled | {"place": None, "person": None}))
    assert "channel" in nowhere["told"]["place"]
    await town.submit("admin", nowhere["view"], FORM, **filled)
    top = await town.top("admin")
    assert top is not None
    assert "it would have taken 1 conversation" in str(top)
    assert not (await town.desk.rulebooks.of("agora")).routes
    await town.submit("admin", top, FORM, **filled)
    assert "still looking at that channel" in str(await rulebook(town))
    await look(town)
    assert "still looking" not in str(await rulebook(town))

    await comment(town, "otra devolución, por favor", author="Pol")
    assert "otra devolución" in await town.text("#quejas")
    assert "otra devolución" not in await town.text(INBOX)
    assert "Enviada por la ruta *quejas*" in await town.text("#quejas")
    assert "La lleva Carla" in await town.text("#quejas")
    assert "A route" in await town.text("@carla")
    await town.press("carla", "#quejas", "No hace falta")
    assert "No hace falta" in await town.text("#quejas")
    await comment(town, "una devolución más", author="Eli")
    assert len([m for m in await town.messages("#quejas") if m.get("metadata")]) == 2

    await admin(town, "archive", channel="quejas")
    await look(town)
    await town.ring(seconds=1)
    assert "una devolución más" in await town.text(INBOX)
    alerts = (await town.desk.brand("agora")).channel("alerts")
    assert (await town.text(alerts)).count("una ruta lleva a un canal donde no puedo escribir") == 1
    await look(town)
    await town.ring(seconds=1)
    assert (await town.text(alerts)).count("una ruta lleva a un canal donde no puedo escribir") == 1
    await comment(town, "la última devolución", author="Ona")
    assert "la última devolución" in await town.text(INBOX)


async def test_clients_and_guests_are_outsiders(town: Town) -> None:
    rooms = Rooms(town.api, world.TEAM_ID, town.clock)
    channel = await new_channel(town, "quejas")
    assert not (await rooms.place(channel, ())).outsiders
    assert (await rooms.place(channel, [NAMES["carla"]])).outsiders
    assert not (await rooms.place("C0NOBODY", ())).usable

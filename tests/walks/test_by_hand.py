"""An account that no connector reaches, from Home to the card: asked at its hour, published by hand, said so."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.walks.people import Demo, Json, demo, elements, picture, words
from tests.walks.test_posts import compose

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

LINK = "https://www.instagram.com/p/C1x/"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """A demo of its own: an account more in a brand is seen in every form."""
    async with demo(tmp_path_factory.mktemp("by-hand")) as running:
        yield running


async def accounts_of(town: Demo, brand: str) -> Json:
    """The page of a brand's accounts, that an admin opens from Home."""

    async def drawn() -> tuple[Json, Json] | None:
        home = (await town.get("/human/home", user="admin"))["view"] or {}
        ways = [each for each in elements(home) if each["action_id"].startswith("accounts.manage")]
        return next(((home, each) for each in ways if f'"{brand}"' in each.get("value", "")), None)

    home, press = await town.until(drawn, "Home")
    answer = await town.act("admin", home, press["action_id"], value=press["value"])

    async def opened() -> Json | None:
        views = (await town.get("/human/views", user="admin"))["views"]
        return views[-1] if views else None

    found: Json = answer["view"] or await town.until(opened, "the accounts")
    return found


async def chosen(town: Demo, user: str, channel: str, network: str) -> str:
    """The id of an account as the form of a new post offers it, unticked."""
    form = (await town.command(user, channel, "/vocero post"))["view"]
    boxes = next(each for each in elements(form) if ".accounts" in each["action_id"])
    (found,) = [each["value"] for each in boxes["options"] if network in each["text"]["text"]]
    assert found not in [each["value"] for each in boxes["initial_options"]]
    await town.post("/human/close", user=user, view_id=form["id"])
    return str(found)


async def test_added_in_home_asked_at_its_hour_and_published(town: Demo) -> None:
    page = await accounts_of(town, "agora")
    opened = (await town.press("admin", page, "Add an assisted one"))["view"]
    answer = await town.submit(
        "admin", opened, network="instagram-assisted", name="Café Ágora", handle="cafe_agora", publisher="U01ANA00001"
    )
    assert answer["ok"], answer
    account = await chosen(town, "ana", "#agora-review", "Instagram")
    text = "A mano: tarta de *queso* & café <3"
    uploaded = [{"name": "tarta.png", "base64": picture()}]
    await compose(town, "ana", "#agora-review", text, accounts=[account], picture=uploaded, alt="Una tarta")
    card = await town.card("#agora-review", "A mano: tarta", "Aprobar y publicar")
    await town.press("bruno", card, "Aprobar y publicar")
    ask = await town.card("@ana", "Publica esto a mano en Instagram @cafe_agora", "Texto para copiar")
    assert text in words(ask)
    assert "Una tarta" in words(ask)

    async def handed() -> bool:
        messages = await town.messages("@ana")
        return any(each.get("thread_ts") == ask["ts"] and each.get("files") for each in messages)

    await town.until(handed, "the picture as a file")
    form = (await town.press("ana", ask, "Ya está publicada"))["view"]
    await town.submit("ana", form, link=LINK)
    done = await town.card("#agora-review", "A mano: tarta", "la publicó Ana Ruiz a mano")
    assert LINK in words(done)
    assert "Ya está publicada en Instagram" in words(await town.card("@ana", "A mano: tarta", "Ya está publicada en"))


async def test_a_stop_while_somebody_is_asked_and_what_follows(town: Demo) -> None:
    account = await chosen(town, "diego", "#northwind-review", "Instagram")
    text = "By hand: a table of first novels"
    await compose(town, "diego", "#northwind-review", text, accounts=[account])
    card = await town.card("#northwind-review", text, "Approve and publish")
    await town.press("admin", card, "Approve and publish")
    ask = await town.card("@diego", "Publish this by hand on Instagram @northwindbooks", text)
    stop = (await town.command("carla", "#northwind-review", "/vocero stop"))["view"]
    await town.submit("carla", stop, scope="northwind")
    off = await town.card("@diego", "Don't publish this on Instagram", text)
    assert off["ts"] == ask["ts"]
    await town.card("@diego", "<@U01DIEGO001>", "Don't publish this")  # an edit rings nobody
    stopped = await town.card("#northwind-alerts", "stopped", "Resume")
    await town.press("admin", stopped, "Resume")
    held = await town.card("#northwind-review", text, "Ask again")
    await town.press("diego", held, "Ask again")

    async def asked_anew() -> Json | None:
        found = [each for each in await town.messages("@diego") if "Publish this by hand" in words(each)]
        return next((each for each in found if each["ts"] != ask["ts"] and text in words(each)), None)

    again = await town.until(asked_anew, "asked again")
    refused = (await town.press("diego", again, "I can't"))["view"]
    await town.submit("diego", refused, reason="No phone")
    theirs = await town.card("@carla", "Publish this by hand", text)
    assert "Diego Park can't: No phone" in words(theirs)
    form = (await town.press("carla", theirs, "It's published"))["view"]
    await town.submit("carla", form, link=LINK)
    await town.card("#northwind-review", text, "published by hand by Carla Moreno")

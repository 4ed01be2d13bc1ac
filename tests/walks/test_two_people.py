"""Two people take down, delete, disconnect, change rules, in both languages; who approved it is one search away."""

from dataclasses import dataclass

import pytest

from bot.sandbox import world
from tests.walks.people import Demo, Json, elements, labelled, words

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="session")]


@dataclass(frozen=True)
class Place:
    """A brand, who proposes and who seconds there, and the words on the cards."""

    brand: str
    author: str
    approver: str
    seconder: str
    approve: str
    unpublish: str
    confirm: str
    gone: str
    record: str
    delete: str
    deleted: str
    evidence: str

    @property
    def x(self) -> str:
        return {"agora": "x:cafe_agora", "northwind": "x:northwindbooks"}[self.brand]

    @property
    def facebook(self) -> str:
        return {"agora": "facebook:cafe.agora", "northwind": "facebook:northwind.books"}[self.brand]

    def channel(self, purpose: str) -> str:
        return f"#{self.brand}-{purpose}"


ES = Place(
    "agora",
    "ana",
    "bruno",
    "bruno",
    "Aprobar y publicar",
    "Despublicar",
    "Confirmar",
    "despublicada el",
    "Registro",
    "Eliminar",
    "Se eliminó el",
    "Prueba",
)
EN = Place(
    "northwind",
    "diego",
    "admin",
    "diego",
    "Approve and publish",
    "Unpublish",
    "Confirm",
    "unpublished on",
    "Record",
    "Delete",
    "Deleted on",
    "Evidence",
)
BOTH = pytest.mark.parametrize("place", [ES, EN], ids=["es", "en"])


async def drawn(town: Demo, channel: str, *texts: str, without: str = "") -> Json:
    """The card as it comes to be: these walks redraw more cards than Slack lets us in a minute, so some wait for it."""
    return await town.card(channel, *texts, without=without, patience=75)


async def published(town: Demo, place: Place, text: str, account: str) -> Json:
    """A post that is live on one account; its card."""
    opened = (await town.command(place.author, place.channel("review"), "/vocero post"))["view"]
    choice = next(e for e in elements(opened) if ".accounts" in e["action_id"])
    network = account.partition(":")[0]
    chosen = [option["value"] for option in choice["options"] if option["value"].startswith(network)]
    assert (await town.submit(place.author, opened, text=text, accounts=chosen))["ok"]
    card = await drawn(town, place.channel("review"), text, place.approve)
    await town.press(place.approver, card, place.approve)
    await town.until(lambda: live(town, account, text), "live")
    return await drawn(town, place.channel("review"), text, place.unpublish)


async def live(town: Demo, account: str, text: str) -> list[Json]:
    """What of this is public."""
    return [post for post in await town.public(account) if post["text"] == text]


async def gone(town: Demo, account: str, text: str) -> bool:
    """Whether it isn't public any more."""
    return not await live(town, account, text)


async def form_of(town: Demo, user: str, answer: Json) -> Json:
    """The form that a press opened, also where it opens a moment later."""

    async def opened() -> Json | None:
        views = (await town.get("/human/views", user=user))["views"]
        return views[-1] if views else None

    found: Json = answer.get("view") or await town.until(opened, "a form", 5)
    return found


async def on_home(town: Demo, user: str, action_id: str, about: str = "") -> tuple[Json, Json]:
    """Somebody's Home, and a button of it."""

    async def look() -> tuple[Json, Json] | None:
        home = (await town.get("/human/home", user=user))["view"]
        found = [e for e in elements(home) if e["action_id"] == action_id and about in e.get("value", "")]
        return (home, found[0]) if found else None

    shown: tuple[Json, Json] = await town.until(look, f"{action_id} on Home")
    return shown


async def choose(town: Demo, user: str, card: Json, label: str) -> Json:
    """Chooses from a card's menus."""
    for element in elements(card["blocks"]):
        for option in element.get("options", ()):
            if option["text"]["text"] == label:
                return await town.act(user, card, element["action_id"], value=option["value"])
    raise AssertionError(f"no {label} in {words(card)}")


@BOTH
async def test_two_people_unpublish(town: Demo, place: Place) -> None:
    text = f"Esto no va ({place.brand})"
    card = await published(town, place, text, place.x)
    form = await form_of(town, "carla", await town.press("carla", card, place.unpublish))
    assert (await town.submit("carla", form, reason="Precio equivocado"))["ok"]
    asked = await drawn(town, place.channel("alerts"), text, place.confirm)
    assert "Precio equivocado" in words(asked)
    await drawn(town, f"@{place.seconder}", text, place.confirm)
    own = await town.press("carla", asked, place.confirm)
    assert words(own["ephemeral"])
    assert await live(town, place.x, text)
    await town.press(place.seconder, asked, place.confirm)
    await town.until(lambda: gone(town, place.x, text), "taken down")
    await drawn(town, place.channel("review"), text, place.gone)
    done = await drawn(town, place.channel("alerts"), text, {"agora": "Hecha", "northwind": "Done"}[place.brand])
    assert "Carla" in words(done)


@BOTH
async def test_who_approved_this_in_one_search(town: Demo, place: Place) -> None:
    text = f"¿Quién lo aprobó? ({place.brand})"
    card = await published(town, place, text, place.x)
    seen = await form_of(town, place.seconder, await choose(town, place.seconder, card, place.record))
    assert {"agora": "Bruno Vidal aprobó la versión 1", "northwind": "approved version 1"}[place.brand] in words(seen)
    home, _ = await on_home(town, place.author, "audit.search")
    search = await form_of(town, place.author, await town.act(place.author, home, "audit.search"))
    found = await town.submit(place.author, search, words="quien aprobo")
    shown = found.get("view") or found["response"]["view"]
    assert "1" in words(shown)
    assert {"agora": "aprobó la versión 1", "northwind": "approved version 1"}[place.brand] in words(shown)


async def test_an_emergency_is_acknowledged(town: Demo) -> None:
    text = "La voz equivocada"
    card = await published(town, ES, text, ES.x)
    form = await form_of(town, "carla", await town.press("carla", card, ES.unpublish))
    assert (await town.submit("carla", form, reason="Cuenta equivocada", alone=["yes"]))["ok"]
    await town.until(lambda: gone(town, ES.x, text), "taken down")
    await drawn(town, "@bruno", text, "sin otra persona")
    await drawn(town, "@admin", text, "takes it down alone")
    rung = await drawn(town, "@bruno", "se ha despublicado una publicación por emergencia", "Me encargo")
    own = await drawn(town, "@carla", "unpublished in an emergency", without="I'm on it")
    assert "Carla" not in words(own)
    here = await drawn(town, ES.channel("alerts"), "por emergencia", "Me encargo")
    refused = await town.press("carla", here, "Me encargo")
    assert "somebody else" in words(refused["ephemeral"])
    await town.press("bruno", rung, "Me encargo")
    await drawn(town, "@carla", "unpublished in an emergency", "Bruno Vidal", without="I'm on it")


@BOTH
async def test_two_people_delete_a_comment(town: Demo, place: Place) -> None:
    post = f"¿Qué tal el evento? ({place.brand})"
    await published(town, place, post, place.facebook)
    (shown,) = await live(town, place.facebook, post)
    rude = f"Su móvil es 600 123 ({place.brand})"
    answer = await town.post("/audience/comment", account=place.facebook, author="Trol", text=rude, post=shown["id"])
    assert answer["ok"], answer
    card = await drawn(town, place.channel("inbox"), rude)
    form = await form_of(town, "carla", await choose(town, "carla", card, place.delete))
    assert (await town.submit("carla", form, reason="Datos personales"))["ok"]
    asked = await drawn(town, place.channel("alerts"), rude, place.confirm)
    await town.press(place.seconder, asked, place.confirm)

    async def deleted() -> bool:
        (now,) = await live(town, place.facebook, post)
        return not now["replies"]

    await town.until(deleted, "deleted")
    after = await drawn(town, place.channel("inbox"), place.deleted, place.evidence, without=rude)
    kept = await form_of(town, place.seconder, await town.press(place.seconder, after, place.evidence))
    assert rude in words(kept)

    async def forgotten() -> bool:
        return rude not in words(await town.messages(place.channel("alerts")))

    await town.until(forgotten, "its words are nowhere any more", 75)


async def test_two_people_disconnect_an_account_and_it_can_come_back(town: Demo) -> None:
    home, manage = await on_home(town, "admin", "accounts.manage", "northwind")
    page = await form_of(town, "admin", await town.act("admin", home, manage["action_id"], value=manage["value"]))
    off = next(
        e for e in elements(page) if e["action_id"].startswith("proposals.disconnect") and "facebook" in e["value"]
    )
    form = await form_of(town, "admin", await town.act("admin", page, off["action_id"], value=off["value"]))
    assert (await town.submit("admin", form, reason="The agency leaves"))["ok"]
    asked = await drawn(town, "#northwind-alerts", "The agency leaves", "Confirm")
    refused = await town.press("carla", asked, "Confirm")
    assert words(refused["ephemeral"])
    await town.press("diego", asked, "Confirm")
    await drawn(town, "#northwind-alerts", "The agency leaves", "Done")
    page = await form_of(town, "admin", await town.act("admin", home, manage["action_id"], value=manage["value"]))
    assert "Disconnected" in words(page)
    again = next(
        e for e in elements(page) if e["action_id"].startswith("accounts.reconnect") and "facebook" in e["value"]
    )
    form = await form_of(town, "admin", await town.act("admin", page, again["action_id"], value=again["value"]))
    seen = (await town.submit("admin", form, first=world.account("facebook", "Northwind Books").token))["view"]
    assert (await town.submit("admin", seen))["ok"]
    await drawn(town, "#northwind-alerts", "connected again")


async def test_a_rule_changes_when_a_second_person_confirms(town: Demo) -> None:
    home, edit = await on_home(town, "admin", "settings.edit_brand", "agora")
    for ticks, said in ((["digest"], "de sí a *no*"), (["four_eyes", "digest"], "de no a *sí*")):
        form = await form_of(town, "admin", await town.act("admin", home, edit["action_id"], value=edit["value"]))
        assert "takes two people" in words(form)
        assert (await town.submit("admin", form, ticks=ticks, reason="Vacaciones"))["ok"]
        asked = await drawn(town, "#agora-alerts", "Revisa otra persona", said, "Confirmar")
        assert labelled(asked["blocks"], "Rechazar")
        await town.press("bruno", asked, "Confirmar")
        await drawn(town, "#agora-alerts", "Revisa otra persona", said, "Hecha", without="Confirmar")

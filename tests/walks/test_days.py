"""Today, My day, help, stop and resume: the pages that a person works from."""

import json
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.walks.people import Demo, Json, elements, labelled, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_help_and_menu_speak_the_readers_language(town: Demo) -> None:
    menu = await town.command("ana", "#general", "/vocero")
    assert "Nueva publicación" in words(menu["ephemeral"]) + str(menu["response"])
    unknown = await town.command("diego", "#general", "/vocero pots hello")
    assert "post" in words(unknown["ephemeral"])
    spanish = await town.command("ana", "#general", "/vocero AYUDA")
    assert "/vocero" in words(spanish["ephemeral"])
    english = await town.command("diego", "#general", "/vocero help")
    assert words(spanish["ephemeral"]) != words(english["ephemeral"])
    await town.post("/human/message", user="diego", channel="#general", text="@vocero hi")

    async def answered() -> bool:
        found = await town.messages("#general")
        return any("/vocero" in words(m) and m.get("user") != "U01DIEGO001" for m in found)

    await town.until(answered, "the mention is answered")


async def test_today_has_what_waits_with_its_button(town: Demo) -> None:
    opened = await town.command("diego", "#northwind-review", "/vocero post")
    assert (await town.submit("diego", opened["view"], text="Waiting for a second pair of eyes"))["ok"]
    await town.card("#northwind-review", "second pair of eyes")
    page = await town.command("admin", "#general", "/vocero today")
    assert "second pair of eyes" in words(page["ephemeral"])
    mine = await town.command("ana", "#general", "/vocero hoy")
    assert "second pair of eyes" not in words(mine["ephemeral"])
    nobody = await town.command("eva", "#general", "/vocero hoy")
    assert words(nobody["ephemeral"])
    home = (await town.get("/human/home", user="admin"))["view"]
    assert "second pair of eyes" in words(home)


async def test_stop_holds_what_is_due_and_a_second_person_resumes(taps: Demo) -> None:
    town = taps
    soon = int(time.time()) + 3600
    opened = await town.command("ana", "#agora-review", "/vocero post")
    assert (await town.submit("ana", opened["view"], text="Esto se planeó antes", at=soon))["ok"]
    await town.press("bruno", await town.card("#agora-review", "se planeó antes", "Aprobar"), "Aprobar")
    planned = await town.card("#agora-review", "se planeó antes", "rogramada")
    town.taps = 1  # the shortcut itself
    form = (await town.post("/human/shortcut", user="carla", callback_id="stop_publishing"))["view"]
    assert form is not None
    await town.post("/human/close", user="carla", view_id=form["id"])
    form = (await town.command("ana", "#agora-review", "/vocero parar incendio"))["view"]
    assert (await town.submit("ana", form))["ok"]
    assert town.taps <= 3
    await town.card("#agora-review", "se planeó antes", "etenida")
    stopped = await town.card("#agora-alerts", "incendio")
    own = await town.press("ana", stopped, "Reanudar")
    assert words(own["ephemeral"])
    opened = await town.command("ana", "#agora-review", "/vocero post")
    assert (await town.submit("ana", opened["view"], text="Durante el incendio", when="now"))["ok"]
    said = await town.card("#agora-review", "Durante el incendio", "sale igualmente")
    await town.press("bruno", said, "Aprobar y publicar")

    async def live() -> list[Json]:
        return [p for p in await town.public("x:cafe_agora") if p["text"] == "Durante el incendio"]

    await town.until(live, "a statement, out in spite of the stop")
    await town.card("#agora-review", "Durante el incendio", "Marca parada")
    await town.press("bruno", stopped, "Reanudar")
    kept = await town.card("#agora-alerts", "se planeó antes", "Mantener")
    record = next(e for e in elements(planned["blocks"]) if "audit.see" in str(e.get("options")))
    ways = [json.loads(each["value"]) for each in record["options"]]
    post = next(way["subject"] for way in ways if way["!"] == "audit.see")
    mine = [
        e for e in elements(kept["blocks"]) if f'"{post}-' in e.get("value", "")
    ]  # other walks' posts were held too
    (button,) = [e for e in mine if "-x-" in e["value"] and "asked" in e["value"]]
    await town.act("bruno", kept, button["action_id"], value=button["value"])
    await town.card("#agora-review", "se planeó antes", "rogramada")


async def test_the_digest_comes_at_my_hour_once(town: Demo) -> None:
    if any("tu día" in words(message) for message in await town.messages("@bruno")):
        pytest.skip("the town opened in the hours after nine, so today's digest came before anybody chose an hour")
    tomorrow = int(time.time()) + 24 * 3600  # far from all else, so no check speaks and it can be approved from a line
    opened = await town.command("ana", "#agora-review", "/vocero post")
    assert (await town.submit("ana", opened["view"], text="Para el resumen de la mañana", at=tomorrow))["ok"]
    await town.card("#agora-review", "el resumen de la mañana")
    hour = datetime.now(ZoneInfo("Europe/Madrid")).hour
    home = (await town.get("/human/home", user="bruno"))["view"]
    menu = next(e for e in elements(home) if "settings.my_digest" in str(e.get("options")))
    chosen = next(o["value"] for o in menu["options"] if f'"hour":{hour}}}' in o["value"])
    await town.act("bruno", home, "menu", value=chosen)
    digest = await town.card("@bruno", "el resumen de la mañana", patience=60)
    assert labelled(digest["blocks"], "Aprobar y publicar", "Aprobar")
    await town.kill_bot()
    admin = (await town.get("/human/home", user="admin"))["view"]
    edit = next(e for e in elements(admin) if e["action_id"] == "settings.edit_brand" and "agora" in e["value"])
    form = (await town.act("admin", admin, edit["action_id"], value=edit["value"]))["view"]
    assert (await town.submit("admin", form, hour=str(hour)))["ok"]
    await town.card("#agora-digest", "el resumen de la mañana", patience=60)
    digests = [m for m in await town.messages("@bruno") if "el resumen de la mañana" in words(m)]
    assert len(digests) == 1

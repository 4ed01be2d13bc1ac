"""A fact falls while a post that leans on it is planned: the post waits for a person, though the bot died just then."""

import time
from pathlib import Path

import pytest

from tests.walks.people import Demo, Json, demo, elements, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SAID, TEXT = "La plaza se cierra el viernes", "Esta semana abrimos hasta tarde"
SOURCES = {
    "owner1": "Ayuntamiento", "url1": "https://madrid.es/plaza", "on1": "2026-01-02",
    "owner2": "El Diario", "url2": "https://diario.es/plaza", "on2": "2026-01-03",
}  # fmt: skip
REVIEW = "#agora-review"


async def verdict(town: Demo, label: str, value: str) -> None:
    """Bruno decides, on the fact's card."""
    form = (await town.press("bruno", await town.card(REVIEW, SAID, "lo pidió"), label))["view"]
    answer = await town.submit("bruno", form, verdict=value, **SOURCES)
    assert answer["ok"], answer
    assert answer["view"] is None, words(answer["view"])


async def leaning(town: Demo, at: int) -> None:
    """Ana's post for later, which leans on the fact, approved by Bruno."""
    form = (await town.command("ana", REVIEW, f"/vocero post {TEXT}"))["view"]
    await town.press("ana", form, "Más")

    async def drawn() -> Json | None:
        views: list[Json] = (await town.get("/human/views", user="ana"))["views"]
        return next((e for e in elements(views[-1:]) if ".leans" in e["action_id"]), None)

    field = await town.until(drawn, "the field of facts")
    (chosen,) = [option["value"] for option in field["options"] if SAID in words(option)]
    answer = await town.submit("ana", form, leans=[chosen], at=at)
    assert answer["view"] is None, words(answer["view"])
    card = await town.card(REVIEW, TEXT, f"Se apoya en «{SAID}»", "Confirmado", "Aprobar")
    await town.press("bruno", card, "Aprobar")
    await town.card(REVIEW, TEXT, "rogramada")


async def test_a_fact_that_falls_holds_it_though_the_bot_dies_in_that_moment(tmp_path: Path) -> None:
    async with demo(tmp_path / "data") as town:
        form = (await town.command("ana", REVIEW, f"/vocero verificar {SAID}"))["view"]
        assert (await town.submit("ana", form))["ok"]
        await verdict(town, "Verificar", "true")
        await town.card(REVIEW, SAID, "lo pidió", "Confirmado")
        await leaning(town, int(time.time()) + 3 * 3600)
        await verdict(town, "Nuevo veredicto", "false")
        await town.kill_bot()
        held = await town.card(REVIEW, TEXT, "en pausa", "ha resultado falso")
        for who in ("@ana", "@bruno"):
            await town.card(who, TEXT, SAID)
        refused = await town.press("bruno", held, "Mantener")
        assert SAID in words(refused["ephemeral"])
        await verdict(town, "Nuevo veredicto", "true")
        await town.card(REVIEW, TEXT, f"✅ Se apoya en «{SAID}»")
        keep = [each for each in elements(held["blocks"]) if words(each.get("text")).strip() == "Mantener"]
        assert len(keep) == 2, "one for each account"
        for each in keep:
            await town.act("bruno", held, each["action_id"], value=each["value"])
        await town.card(REVIEW, TEXT, "rogramada", without="Mantener")

"""Reviewing with what goes beyond yes and no, in Spanish and English, in the running demo."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock.faked import Machine, needs_compiler
from tests.walks.people import Demo, Json, demo, words
from tests.walks.test_two_people import form_of

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PLACES = pytest.mark.parametrize(
    ("brand", "author", "approver", "fix", "before", "done", "told"),
    [
        ("agora", "ana", "bruno", "Retocar y aprobar", "Texto antes", "Retocada y aprobada", "retocó tu publicación"),
        ("northwind", "admin", "diego", "Fix and approve", "Text before", "Changed and approved", "changed something"),
    ],
    ids=["es", "en"],
)


@PLACES
async def test_an_approver_changes_a_word_and_signs_it(
    taps: Demo, brand: str, author: str, approver: str, fix: str, before: str, done: str, told: str
) -> None:
    text, review = f"{brand}: abierto de 9 a 8", f"#{brand}-review"
    opened = await taps.command(author, review, "/vocero post")
    assert (await taps.submit(author, opened["view"], text=text, at=int(time.time()) + 5 * 3600))["ok"]
    card = await taps.card(review, text, fix)
    taps.taps = 0
    form = await form_of(taps, approver, await taps.press(approver, card, fix))
    assert (await taps.submit(approver, form, text=text.replace("8", "20")))["ok"]

    async def shown() -> Json | None:
        views = (await taps.get("/human/views", user=approver))["views"]
        return views[-1] if views and before in words(views[-1]) else None

    shown_view: Json = await taps.until(shown, "what differs", 10)
    assert (await taps.submit(approver, shown_view))["ok"]
    assert taps.taps == 3
    await taps.card(review, text.replace("8", "20"), done)
    await taps.card(f"@{author}", told)


@asynccontextmanager
async def clockwork(folder: Path) -> AsyncIterator[tuple[Demo, Machine]]:
    """The demo on a machine whose clock can be put forward."""
    place = Machine(folder, "", "")
    environment = place.environment({})
    async with demo(folder / "demo", **environment) as town:
        yield town, place


@needs_compiler
@pytest.mark.parametrize(
    ("brand", "author", "approver", "approve", "asked", "expired", "again", "asks_again", "publish"),
    [
        (
            "agora", "ana", "bruno", "Aprobar", "espera tu aprobación desde", "nadie aprobó tu publicación",
            "Volver a enviar", "vuelve a pedir tu aprobación", "Aprobar y publicar",
        ),
        (
            "northwind", "admin", "diego", "Approve", "has waited for your approval since",
            "nobody approved your post", "Send to review again", "asks for your approval again", "Approve and publish",
        ),
    ],
    ids=["es", "en"],
)  # fmt: skip
async def test_who_forgets_is_reminded_and_what_nobody_approves_comes_back(
    tmp_path: Path,
    brand: str,
    author: str,
    approver: str,
    approve: str,
    asked: str,
    expired: str,
    again: str,
    asks_again: str,
    publish: str,
) -> None:
    async with clockwork(tmp_path) as (town, place):
        review = f"#{brand}-review"

        async def submitted(text: str, hours: int) -> None:
            opened = await town.command(author, review, "/vocero post")
            at = round((place.now() + timedelta(hours=hours)).timestamp())
            assert (await town.submit(author, opened["view"], text=text, at=at))["ok"]
            await town.card(review, text, approve)

        await submitted("Mesas en la plaza", 100)
        place.put(place.off + timedelta(hours=9))
        reminder = await town.card(f"@{approver}", asked, "Mesas en la plaza", patience=90)
        await town.press(approver, reminder, approve)
        await town.card(review, "Mesas en la plaza", "Programada" if brand == "agora" else "Planned")

        await submitted("Hoy hay churros", 2)
        place.put(place.off + timedelta(hours=3))
        told = await town.card(f"@{author}", expired, "Hoy hay churros", patience=90)
        await town.press(author, told, again)
        asks = await town.card(f"@{approver}", asks_again, "Hoy hay churros", patience=90)
        await town.press(approver, asks, publish)

        async def live() -> bool:
            handle = "cafe_agora" if brand == "agora" else "northwindbooks"
            return any(each["text"] == "Hoy hay churros" for each in await town.public(f"x:{handle}"))

        await town.until(live, "live", 90)

"""Reviewing with what goes beyond yes and no, in Spanish and English, in the running demo."""

import time

import pytest

from tests.walks.people import Demo, Json, words
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

"""The measure of every screen is taps (PRODUCT.md): typing is not counted, saying yes to a question is."""

import time
from pathlib import Path

import pytest

from tests.walks.people import Demo, Json, demo, elements, labelled, picture, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SENT = 1
"""A typed command or the choice of a shortcut."""
CHOSEN = 2
"""Opening the file chooser and choosing."""


async def in_review(town: Demo, text: str, **values: object) -> Json:
    """Ana's post, waiting for Bruno."""
    opened = await town.command("ana", "#agora-review", "/vocero post")
    assert (await town.submit("ana", opened["view"], text=text, **values))["ok"]
    return await town.card("#agora-review", text, "Aprobar")


async def conversation(town: Demo, author: str) -> Json:
    """What somebody says to Café Ágora on X, as a card."""
    text = f"@cafe_agora soy {author}"
    answer = await town.post("/audience/comment", account="x:cafe_agora", author=author, text=text)
    assert answer["ok"], answer
    return await town.card("#agora-inbox", author, "Responder en público")


async def live(town: Demo, account: str, text: str) -> bool:
    """Whether it is public."""
    return any(post["text"] == text for post in await town.public(account))


async def test_approving_is_one_tap(taps: Demo) -> None:
    card = await in_review(taps, "Una pulsación basta", at=int(time.time()) + 3 * 3600)
    taps.taps = 0
    await taps.press("bruno", card, "Aprobar")
    assert taps.taps == 1
    await taps.card("#agora-review", "Una pulsación basta", "rogramada")


async def test_approving_what_goes_public_within_ten_minutes_is_two(taps: Demo) -> None:
    for text, due in (("Ahora mismo", None), ("Dentro de cinco minutos", int(time.time()) + 300)):
        card = await in_review(taps, text, **({"at": due} if due else {}))
        assert "Café Ágora" in words(labelled(card["blocks"], "Aprobar y publicar")["confirm"])
        taps.taps = 0
        await taps.press("bruno", card, "Aprobar y publicar")
        assert taps.taps == 2
    await taps.until(lambda: live(taps, "x:cafe_agora", "Ahora mismo"), "live")


@pytest.mark.parametrize(
    ("brand", "author", "approver", "label", "told"),
    [
        ("agora", "ana", "bruno", "Aprobar la semana", "Has aprobado 2 publicaciones"),
        ("northwind", "admin", "diego", "Approve the week", "2 posts approved by you"),
    ],
    ids=["es", "en"],
)
async def test_approving_a_week_is_two(
    tmp_path: Path, brand: str, author: str, approver: str, label: str, told: str
) -> None:
    async with demo(tmp_path / "week") as taps:  # nothing else waits there
        await _approve_a_week(taps, brand, author, approver, label, told)


async def _approve_a_week(taps: Demo, brand: str, author: str, approver: str, label: str, told: str) -> None:
    for number in (1, 2):
        opened = await taps.command(author, f"#{brand}-review", "/vocero post")
        at = int(time.time()) + (20 + number) * 3600
        assert (await taps.submit(author, opened["view"], text=f"{brand} week {number}", at=at))["ok"]
        await taps.card(f"#{brand}-review", f"{brand} week {number}")
    home = (await taps.get("/human/home", user=approver))["view"]
    taps.taps = 0
    form = (await taps.press(approver, home, label))["view"]
    assert form is not None
    assert all(f"{brand} week {number}" in words(form) for number in (1, 2))
    assert (await taps.submit(approver, form))["ok"]
    assert taps.taps == 2
    await taps.card(f"@{approver}", told)
    for number in (1, 2):
        await taps.card(f"#{brand}-review", f"{brand} week {number}", "rogramada" if brand == "agora" else "Planned")


async def test_no_reply_needed_is_one_tap(taps: Demo) -> None:
    card = await conversation(taps, "Unica")
    taps.taps = 0
    await taps.press("carla", card, "No hace falta")
    assert taps.taps == 1
    await taps.card("#agora-inbox", "Unica", "Reabrir")


async def test_answering_and_closing_is_two_taps(taps: Demo) -> None:
    card = await conversation(taps, "Segunda")
    taps.taps = 0
    form = (await taps.press("carla", card, "Responder en público"))["view"]
    assert (await taps.submit("carla", form, text="¡Hola, Segunda!"))["ok"]
    assert taps.taps == 2
    await taps.card("#agora-inbox", "Segunda", "Respondida", patience=45)


async def test_a_post_with_a_picture_into_now_is_at_most_six(taps: Demo) -> None:
    taps.taps = SENT
    form = (await taps.command("ana", "#agora-review", "/vocero post"))["view"]
    taps.taps += CHOSEN
    image = [{"name": "pan.png", "base64": picture()}]
    answer = await taps.submit("ana", form, text="Pan recién hecho", alt="Un pan", picture=image)
    assert (answer["ok"], answer["view"]) == (True, None)
    mine = taps.taps
    assert mine <= 6
    card = await taps.card("#agora-review", "Pan recién hecho", "Aprobar y publicar")
    await taps.press("bruno", card, "Aprobar y publicar")
    assert taps.taps <= 6
    await taps.until(lambda: live(taps, "x:cafe_agora", "Pan recién hecho"), "live")


def labelled_option(element: Json, label: str) -> str:
    """The value of the option that says this."""
    return next(str(one["value"]) for one in element["options"] if label in one["text"]["text"])


@pytest.mark.parametrize("way", ["command", "shortcut", "home"])
async def test_stopping_is_at_most_three(taps: Demo, way: str) -> None:
    taps.taps = 0
    if way == "command":
        taps.taps = SENT
        form = (await taps.command("diego", "#northwind-review", "/vocero stop"))["view"]
    elif way == "shortcut":
        taps.taps = SENT
        form = (await taps.post("/human/shortcut", user="diego", callback_id="stop_publishing"))["view"]
    else:
        home = (await taps.get("/human/home", user="diego"))["view"]
        form = (await taps.press("diego", home, "Stop publishing"))["view"]
    assert form is not None
    brands = next(element for element in elements(form) if element["action_id"] == "stop.form.scope")
    chosen = {} if "initial_option" in brands else {"scope": labelled_option(brands, "Northwind Books")}
    taps.taps += len(chosen) * (1 if brands["type"] == "radio_buttons" else 2)
    answer = await taps.submit("diego", form, **chosen, reason=f"taps by {way}")
    assert (answer["ok"], answer["view"]) == (True, None), words(answer["view"])
    assert taps.taps <= 3
    stopped = await taps.card("#northwind-alerts", f"taps by {way}", "Resume")
    await taps.press("admin", stopped, "Resume")
    await taps.card("#northwind-alerts", f"taps by {way}", without="Resume publishing")

"""A post is refused while somebody is on duty: their phone rings, they take it, everybody sees who has it."""

from typing import Any

import pytest

from tests.walks.people import Demo, Json, elements, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def rota(town: Demo, brand: str, text: str) -> None:
    """The admin writes a brand's rota, from Home."""

    async def written() -> bool:
        home = (await town.get("/human/home", user="admin"))["view"]
        edits = [e for e in elements(home) if e["action_id"] == "duty.edit" and brand in e["value"]]
        if not edits:
            return False  # Home is still being drawn
        (edit,) = edits
        block = next(b["block_id"] for b in home["blocks"] if edit in list(elements(b)))
        place: dict[str, Any] = {"view_id": home["id"], "block_id": block, "value": edit["value"]}
        form = (await town.post("/human/click", user="admin", action_id="duty.edit", **place))["view"]
        done = await town.submit("admin", form, rota=text, off_hours="ring")
        if done["view"]:
            await town.post("/human/close", user="admin", view_id=form["id"], all=True)
        return not done["view"]

    await town.until(written, "the rota is written, once everybody's name is known")


@pytest.mark.parametrize(
    ("brand", "author", "line", "take", "has", "over"),
    [
        ("agora", "ana", "lun-dom 00:00-24:00 @carla @bruno", "I'm on it", "Se encarga Carla Moreno", "Resuelto"),
        ("northwind", "diego", "mon-sun 00:00-24:00 @carla @diego", "I'm on it", "Carla Moreno has it", "Over since"),
    ],
)
async def test_the_one_on_duty_is_rung_and_has_it(
    town: Demo, brand: str, author: str, line: str, take: str, has: str, over: str
) -> None:
    await rota(town, brand, line)
    text = f"Night post of {brand}"
    await town.post(
        "/faults", target="x", route="POST /2/tweets", when="before", status=403, body={"detail": "no"}, times=1
    )
    opened = (await town.command(author, f"#{brand}-review", "/vocero post"))["view"]
    choice = next(e for e in elements(opened) if ".accounts" in e["action_id"])
    chosen = [option["value"] for option in choice["options"] if option["value"].startswith("x-")]
    assert (await town.submit(author, opened, text=text, accounts=chosen))["ok"]
    approver = {"agora": "bruno", "northwind": "admin"}[brand]
    card = await town.card(f"#{brand}-review", text, patience=30)
    await town.press(approver, card, "Approve and publish", "Aprobar y publicar")
    rung = await town.card("@carla", text, take, patience=45)
    await town.card(f"#{brand}-alerts", text)
    await town.press("carla", rung, take)
    await town.card(f"#{brand}-alerts", text, has)
    asked = await town.card(f"@{author}", text, "Carla Moreno")
    await town.press(author, asked, "Retry here", "Reintentar aquí")

    async def out() -> list[Json]:
        handle = {"agora": "x:cafe_agora", "northwind": "x:northwindbooks"}[brand]
        return [post for post in await town.public(handle) if post["text"] == text]

    await town.until(out, "it goes out")
    done = await town.card(f"#{brand}-alerts", text, over)
    assert take not in words(done)

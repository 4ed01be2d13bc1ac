"""A post's way: from a command to the public, in Spanish and English, with every stop between."""

import asyncio
import time

import pytest

from tests.walks.people import Demo, Json, elements, labelled, picture, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def compose(town: Demo, user: str, channel: str, text: str, **values: object) -> Json:
    """Open the form, fill it in, submit it."""
    opened = await town.command(user, channel, "/vocero post")
    return await town.submit(user, opened["view"], text=text, **values)


async def test_the_form_is_four_fields_in_the_readers_language(town: Demo) -> None:
    spanish = (await town.command("ana", "#agora-review", "/vocero crear Un café, por favor"))["view"]
    assert spanish["title"]["text"] == "Nueva publicación"
    said = words(spanish)
    for label in ("Café Ágora", "Cuentas", "Texto", "Imágenes", "Texto alternativo", "Cuándo"):
        assert label in said
    typed = [e for e in elements(spanish) if e["action_id"].endswith(".text")]
    assert typed[0]["initial_value"] == "Un café, por favor"
    accounts = next(e for e in elements(spanish) if ".accounts" in e["action_id"])
    assert len(accounts["initial_options"]) == len(accounts["options"]) == 2
    await town.post("/human/close", user="ana", view_id=spanish["id"])
    english = (await town.command("diego", "#northwind-review", "/vocero post"))["view"]
    assert english["title"]["text"] == "New post"
    assert "Northwind Books" in words(english)
    await town.post("/human/close", user="diego", view_id=english["id"])


async def test_a_post_with_a_picture_goes_live_on_two_networks(taps: Demo) -> None:
    town = taps
    text = "Hoy: tarta de queso & café <3 *sin* azúcar"
    answer = await compose(
        town, "ana", "#agora-review", text, alt="Una tarta entera",
        picture=[{"name": "tarta.png", "base64": picture()}],
    )  # fmt: skip
    assert answer["ok"], answer
    assert answer["view"] is None, words(answer["view"])
    card = await town.card("#agora-review", "tarta de queso", "Aprobar y publicar")
    said = words(card)
    assert "<@U01BRUNO001>" in said
    assert "Una tarta entera" in said
    confirm = labelled(card["blocks"], "Aprobar y publicar")["confirm"]
    assert "Café Ágora" in words(confirm)
    before = town.taps
    await town.press("bruno", card, "Aprobar y publicar")
    assert town.taps - before == 2  # one of them says yes to the question
    for account in ("x:cafe_agora", "facebook:cafe.agora"):

        async def live(account: str = account) -> list[Json]:
            return [post for post in await town.public(account) if post["text"] == text]

        (post,) = await town.until(live, f"live on {account}")
        assert [medium["alt"] for medium in post["media"]] == ["Una tarta entera"]
    done = await town.card("#agora-review", "tarta de queso", "Publicada")
    links = [line for line in words(done).split("<") if line.startswith("http")]
    assert len(links) == 2
    for link in links:
        async with town.session.get(link.partition("|")[0].partition(">")[0]) as page:
            assert page.status == 200
            assert "tarta de queso" in await page.text()
    assert all("tarta de queso" not in post["text"] for post in await town.public("x:northwindbooks"))


async def test_wrong_input_stands_on_its_field_and_what_was_typed_stays(town: Demo) -> None:
    opened = await town.command("ana", "#agora-review", "/vocero post")
    answer = await town.submit("ana", opened["view"], text="x" * 281, at=int(time.time()) - 7200)
    errors = answer["view"]["errors"]
    assert any("281" in sentence and "280" in sentence for sentence in errors.values()), errors
    assert len(errors) == 2, errors
    empty = await town.submit("ana", answer["view"], text="", accounts=[], at=None)
    assert len(empty["view"]["errors"]) >= 1
    await town.post("/human/close", user="ana", view_id=opened["view"]["id"])


async def test_only_another_approver_decides_and_each_press_is_one_act(town: Demo) -> None:
    assert (await compose(town, "diego", "#northwind-review", "Four eyes see more"))["ok"]
    card = await town.card("#northwind-review", "Four eyes see more", "Approve and publish")
    own = await town.press("diego", card, "Approve and publish")
    assert "somebody else has to approve" in words(own["ephemeral"])
    for stranger in ("eva", "ana", "carla"):
        refused = await town.press(stranger, card, "Approve and publish")
        assert words(refused["ephemeral"]), stranger
    assert not [p for p in await town.public("x:northwindbooks") if p["text"] == "Four eyes see more"]
    await town.press("admin", card, "Approve and publish")
    again = await town.press("admin", card, "Approve and publish")
    assert "lready approved" in words(again["ephemeral"])

    async def live() -> list[Json]:
        return [p for p in await town.public("x:northwindbooks") if p["text"] == "Four eyes see more"]

    assert len(await town.until(live, "live")) == 1
    old = await town.press("diego", card, "Request changes")
    assert "lready approved" in words(old["ephemeral"]) + words(old["view"])


async def test_an_edit_voids_the_approval_and_shows_what_changed(town: Demo) -> None:
    soon = int(time.time()) + 3 * 3600
    assert (await compose(town, "ana", "#agora-review", "Abrimos a las 9", at=soon))["ok"]
    card = await town.card("#agora-review", "Abrimos a las 9", "Aprobar")
    assert "confirm" not in labelled(card["blocks"], "Aprobar")
    await town.press("bruno", card, "Aprobar")
    planned = await town.card("#agora-review", "Abrimos a las 9", "rogramada")
    form = (await town.press("ana", planned, "Editar"))["view"]
    assert (await town.submit("ana", form, text="Abrimos a las 10"))["ok"]
    edited = await town.card("#agora-review", "Abrimos a las 10", "Abrimos a las 9", "Aprobar")
    old = labelled(card["blocks"], "Aprobar")["value"]
    stale = await town.act("bruno", card, "review.approve", value=old)
    assert words(stale["ephemeral"])
    back = (await town.press("bruno", edited, "Pedir cambios"))["view"]
    assert (await town.submit("bruno", back, reason="Mejor a las 11"))["ok"]
    await town.card("#agora-review", "Mejor a las 11")
    await town.card("@ana", "Mejor a las 11")
    changed = await town.card("#agora-review", "Abrimos a las 10", "Mejor a las 11")
    await town.press("ana", changed, "Anular")
    await town.card("#agora-review", "Abrimos a las 10", "Anulada")


async def test_what_is_typed_is_kept_and_home_goes_on_with_it(town: Demo) -> None:
    opened = (await town.command("ana", "#agora-review", "/vocero post"))["view"]
    text = next(e["action_id"] for e in elements(opened) if e["action_id"].endswith(".text"))
    await town.post("/human/input", user="ana", view_id=opened["id"], values={text: "A medio escrib"})
    await town.post("/human/close", user="ana", view_id=opened["id"])
    home = (await town.get("/human/home", user="ana"))["view"]
    assert "A medio escrib" in words(home)
    again = (await town.press("ana", home, "Seguir con el borrador"))["view"]
    typed = next(e for e in elements(again) if e["action_id"].endswith(".text"))
    assert typed["initial_value"] == "A medio escrib"
    done = await town.submit("ana", again, when="draft")
    assert done["ok"]
    assert done["view"] is None, words(done["view"])


async def test_two_who_approve_at_once_are_one_act(town: Demo) -> None:
    assert (await compose(town, "ana", "#ensayo", "Los dos a la vez"))["ok"]
    card = await town.card("#ensayo", "Los dos a la vez", "Aprobar y publicar")
    await asyncio.gather(*(town.press(who, card, "Aprobar y publicar") for who in ("bruno", "carla", "diego")))

    async def live() -> list[Json]:
        return [p for p in await town.public("practice:ensayo") if p["text"] == "Los dos a la vez"]

    assert len(await town.until(live, "live")) == 1

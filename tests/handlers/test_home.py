"""Home: my day with stop in reach, what an admin sets, and the first day on a workspace that knows nothing yet."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.domain.brands import Brand, Role, Workspace
from bot.errors import NotAllowed
from bot.sandbox import world
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in, view_of

REVIEW = "#agora-review"


READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "string": lambda client, key: client.get(key),
    "hash": lambda client, key: client.hgetall(key),
    "stream": lambda client, key: client.xrange(key),
    "zset": lambda client, key: client.zrange(key, 0, -1),
    "set": lambda client, key: client.smembers(key),
    "list": lambda client, key: client.lrange(key, 0, -1),
}


async def home(town: Town, user: str) -> dict[str, Any]:
    return await town.home(user)


def text_of(view: dict[str, Any]) -> str:
    return said_in({"blocks": view["blocks"]})


async def press(town: Town, user: str, view: dict[str, Any], label: str, about: str = "") -> dict[str, Any]:
    found = [e for e in elements_in(view["blocks"]) if e.get("text", {}).get("text") == label]
    element = next(e for e in found if about in e.get("value", ""))
    answer = await town.act(
        "click", user=user, view_id=view["id"], action_id=element["action_id"], value=element.get("value", "")
    )
    await town.settle()
    return answer


async def test_everyone_sees_their_own_day_and_their_own_buttons(town: Town) -> None:
    ana = text_of(await home(town, "ana"))
    assert "Mi día" in ana
    assert "Hola, Ana Ruiz." in ana
    assert "No tienes nada pendiente" in ana
    assert "Parar publicaciones" in ana
    assert "Nueva publicación" in ana
    assert "Crear una marca" not in ana
    admin = text_of(await home(town, "admin"))
    assert "Create a brand" in admin
    for name in ("Café Ágora", "Northwind Books", "Ensayo"):
        assert name in admin
    eva = text_of(await home(town, "eva"))
    assert "Todavía no tienes rol en ninguna marca. Pide uno a <@U01ADMIN001>." in eva
    assert "Parar" not in eva


async def test_a_press_on_home_draws_it_again(town: Town) -> None:
    view = view_of(await town.command("ana", "post Abrimos a las 9", REVIEW))
    await town.submit("ana", view, "compose.form", at=round(town.clock().timestamp() + 7200))
    page = await home(town, "bruno")
    assert "*Por aprobar* · 1" in text_of(page)
    await press(town, "bruno", page, "Aprobar")
    async with town.session.get(f"{town.url}/human/home", params={"user": "bruno", "peek": "1"}) as answer:
        after = text_of((await answer.json())["view"])
    assert "Por aprobar" not in after


async def test_a_draft_goes_on_from_home(town: Town) -> None:
    view = view_of(await town.command("ana", "post", REVIEW))
    await town.act("input", user="ana", view_id=view["id"], values={"compose.form.text": "Mañana hay música"})
    await town.act("close", user="ana", view_id=view["id"])
    page = await home(town, "ana")
    assert "Mañana hay música" in text_of(page)
    form = view_of(await press(town, "ana", page, "Seguir con el borrador"))
    assert "Mañana hay música" in str(form)


async def test_my_digest_hour_is_set_in_one_press(town: Town) -> None:
    page = await home(town, "ana")
    menu = next(e for e in elements_in(page["blocks"]) if e["type"] == "static_select")
    value = next(o["value"] for o in menu["options"] if o["text"]["text"].startswith("07:00"))
    await town.act("click", user="ana", view_id=page["id"], action_id=menu["action_id"], value=value)
    assert (await town.desk.member(NAMES["ana"])).digest_hour == 7


async def test_an_admin_creates_a_brand_and_wrong_fields_say_so(town: Town) -> None:
    view = view_of(await press(town, "admin", await home(town, "admin"), "Create a brand"))
    given = {"name": "Bar Sol", "face": ":sunny:", "language": "es", "zone": "Europe/Nowhere", "review": "C01GENERAL1"}
    answer = await town.submit("admin", view, "settings.brand", **given)
    assert "don't know this time zone" in str(answer["response"]["errors"])
    known = given | {"zone": "europe/madrid", "name": "café ágora"}
    answer = await town.submit("admin", view, "settings.brand", **known)
    assert "already a brand called" in str(answer["response"]["errors"])
    taken = given | {"zone": "europe/madrid", "review": "C01AGORREV1"}
    assert "already belongs to" in str((await town.submit("admin", view, "settings.brand", **taken))["response"])
    await town.submit("admin", view, "settings.brand", **given | {"zone": "europe/madrid"})
    brand = next(b for b in await town.desk.brands.all() if b.name == "Bar Sol")
    assert (brand.zone, brand.face, brand.channels.review) == ("Europe/Madrid", "☀️", "C01GENERAL1")
    assert brand.policies.four_eyes
    assert "Bar Sol" in text_of(await home(town, "admin"))


async def test_an_admin_edits_a_brand_and_gives_roles(town: Town) -> None:
    page = await home(town, "admin")
    view = view_of(await press(town, "admin", page, "Edit"))
    assert "Café Ágora" in str(view)
    await town.submit("admin", view, "settings.brand", ticks=[], hour="8")
    brand = await town.desk.brand("agora")
    assert brand.policies.four_eyes  # until a second person confirms: tests/handlers/test_proposals.py
    assert brand.digest_hour == 8
    view = view_of(await press(town, "admin", page, "Roles"))
    await town.act("input", user="admin", view_id=view["id"], values={"settings.roles.person": "U01BRUNO001"})
    async with town.session.get(f"{town.url}/human/views", params={"user": "admin"}) as answer:
        drawn = (await answer.json())["views"][-1]
    ticks = next(e for e in elements_in(drawn["blocks"]) if e["type"] == "checkboxes")
    assert [o["value"] for o in ticks["initial_options"]] == ["approver"]
    await town.submit("admin", drawn, "settings.roles", roles=["approver", "moderator"])
    assert (await town.desk.brand("agora")).roles[NAMES["bruno"]] == {Role.APPROVER, Role.MODERATOR}
    assert (await town.desk.brand("agora")).roles[NAMES["ana"]] == {Role.AUTHOR}


async def test_an_account_shows_face_and_name_before_it_is_saved(town: Town) -> None:
    desk = town.desk
    (old,) = [a for a in await desk.accounts.of("agora") if a.network == "x"]
    await desk.accounts.died(old.id, "401")
    await town.settle()
    view = view_of(await press(town, "admin", await home(town, "admin"), "Accounts"))
    assert "Access lost" in str(view)
    form = view_of(await press(town, "admin", view, "Reconnect", "x-15"))
    answer = await town.submit("admin", form, "accounts.form", first="wrong", second="wrong")
    assert "doesn't accept these keys" in str(answer["response"]["errors"])
    neighbour, ours = (world.account("x", brand) for brand in ("Northwind Books", "Café Ágora"))
    other = {"first": neighbour.token, "second": neighbour.secret}
    assert "belong to Northwind Books" in str((await town.submit("admin", form, "accounts.form", **other))["response"])
    answer = await town.submit("admin", form, "accounts.form", first=ours.token, second=ours.secret)
    asked = answer["view"] or answer["response"]["view"]
    assert "X says this is *Café Ágora* (@cafe_agora)." in str(asked)
    assert ours.secret not in str(asked)
    async with town.session.get(f"{town.url}/human/views", params={"user": "admin"}) as found:
        top = (await found.json())["views"][-1]
    await town.submit("admin", top, "accounts.confirm")
    again = await desk.accounts.get(old.id)
    assert again.state == "active"
    assert "vuelve a estar conectada" in await town.text("#agora-alerts")


async def test_secrets_never_reach_the_record_or_the_store_in_the_clear(town: Town) -> None:
    page = await home(town, "admin")
    view = view_of(await press(town, "admin", page, "Accounts"))
    form = view_of(await press(town, "admin", view, "Reconnect", "x-15"))
    await town.submit("admin", form, "accounts.form", first="very-secret-token", second="very-secret-secret")
    client = town.desk.store.client
    async for key in client.scan_iter("{" + town.desk.store.team + "}:*", count=1000):
        raw = await READERS[str(await client.type(key))](client, key)
        assert "very-secret" not in str(raw), key


async def test_who_is_no_admin_changes_nothing(town: Town) -> None:
    brand = await town.desk.brand("agora")
    for name in ("eva", "ana"):
        with pytest.raises(NotAllowed):
            await town.desk.brands.change("agora", town.standing(name), zone="UTC")
        with pytest.raises(NotAllowed):
            await town.desk.connecting.look("agora", "x", {}, town.standing(name))
        with pytest.raises(NotAllowed):
            await town.desk.connecting.practise("C01GENERAL1", town.standing(name), language="es", zone="UTC")
    assert await town.desk.brand("agora") == brand


async def test_the_owner_who_comes_first_is_admin_and_can_practise_at_once(town: Town) -> None:
    store = town.desk.store
    change = store.begin()
    workspace = await store.get(Workspace, "workspace")
    change.put(workspace.model_copy(update={"admins": frozenset()}), workspace)
    for brand in await town.desk.brands.all():
        change.remove(brand)
    await change.commit()
    assert "Vocero todavía no tiene Administración" in text_of(await home(town, "ana"))
    page = await home(town, "admin")
    assert "You are the first admin of Vocero" in text_of(page)
    form = view_of(await press(town, "admin", page, "Try it on Ensayo"))
    town.desk.endpoints["practice"].app["key"] = world.account("practice", "Ensayo").token  # type: ignore[index]
    for account in await town.desk.accounts.all():
        change = store.begin()
        change.remove(account)
        await change.commit()
    await town.submit("admin", form, "settings.practice_form", review="C01ENSAYO01")
    (brand,) = await store.listed(Brand, "brands")
    assert brand.practice
    assert brand.roles[NAMES["admin"]] == frozenset(Role)
    assert [a.network for a in await town.desk.accounts.of(brand.id)] == ["practice"]
    assert "Ensayo" in text_of(await home(town, "admin"))

"""What people see and press: a post by another hand, and keeping all that waited in one press."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.alarms import AlarmKind
from bot.domain.brands import AccountState
from bot.domain.deliveries import Delivery, State
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from bot.engine.probing import Prober
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, open_town, view_of
from tests.network_faults.town import ALERTS, REVIEW, X, reconnected

FORM = "compose.form"
ALL = "Mantener todo (2)"


@pytest.fixture
async def town(client: Any, tmp_path: Path) -> AsyncIterator[Town]:
    """The demo's people at work."""
    async with open_town(client, tmp_path) as opened:
        await opened.settle()
        yield opened


async def polled(town: Town) -> None:
    """One poll, and the cards that follow."""
    async for key in town.desk.store.client.scan_iter(town.desk.store.key("turn", "poll", "*")):
        await town.desk.store.client.delete(key)
    await Poller(town.desk, Failpoints(), every=timedelta(seconds=5)).tick()
    await town.settle()


async def posted_outside(town: Town, text: str) -> None:
    """Somebody with the account's password."""
    body = {"account": "x:cafe_agora", "text": text}
    async with town.session.post(f"{town.url}/audience/publish", json=body) as answer:
        assert answer.status == 200, await answer.text()


async def planned(town: Town, hours: int = 2) -> list[Delivery]:
    """Two posts on X for later."""
    for number in range(2):
        view = view_of(await town.command("ana", f"post Abrimos a las {9 + number}", REVIEW))
        at = round(town.clock().timestamp()) + hours * 3600 + number * 600
        await town.submit("ana", view, FORM, at=at, accounts=[X])
        await town.press("bruno", REVIEW, "Aprobar")
    return await town.desk.store.listed(Delivery, "planned:agora")


async def test_a_post_by_another_hand_is_a_card_with_two_ways_out(town: Town) -> None:
    await polled(town)
    await posted_outside(town, "Compra <!channel> ya & gana")
    await polled(town)
    await town.ring()
    card = await town.text(ALERTS)
    assert "hay una publicación que Vocero no ha enviado" in card
    assert "gana" in card
    raw = json.dumps(await town.messages(ALERTS))
    assert "<!channel>" not in raw
    stop = await town.press("ana", ALERTS, "Parar")
    assert view_of(stop)["callback_id"] == "stop.form"
    await town.press("ana", ALERTS, "Fue alguien del equipo")
    card = await town.text(ALERTS)
    assert ": fue alguien del equipo" in card
    assert not [alarm for alarm in await town.desk.alarms.open() if alarm.kind is AlarmKind.FOREIGN_POST]


async def test_somebody_without_a_role_cannot_silence_it(town: Town) -> None:
    await polled(town)
    await posted_outside(town, "Cosas raras")
    await polled(town)
    await town.ring()
    button = await town.button(ALERTS, "Fue alguien del equipo")
    answer = await town.press("diego", ALERTS, "", ts=button["ts"], action=button["action_id"], value=button["value"])
    assert answer["ephemeral"]
    assert [alarm for alarm in await town.desk.alarms.open() if alarm.kind is AlarmKind.FOREIGN_POST]


async def test_all_that_a_stop_held_is_kept_in_one_press(town: Town) -> None:
    held = await planned(town)
    await town.submit("ana", view_of(await town.command("ana", "stop", REVIEW)), "stop.form")
    assert ALL not in await town.text(ALERTS)
    await town.press("bruno", ALERTS, "Reanudar")
    old = await town.button(ALERTS, ALL)
    answer = await town.press("diego", ALERTS, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert answer["ephemeral"]
    assert {d.state for d in await _now(town, held)} == {State.HELD}
    answer = await town.press("bruno", ALERTS, ALL)
    assert "2 publicaciones vuelven a estar programadas" in str(answer["ephemeral"])
    assert {d.state for d in await _now(town, held)} == {State.PLANNED}
    again = await town.press("bruno", ALERTS, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "ya no queda nada en espera" in str(again["ephemeral"])


async def test_a_number_that_changed_is_asked_again(town: Town) -> None:
    held = await planned(town)
    await town.submit("ana", view_of(await town.command("ana", "stop", REVIEW)), "stop.form")
    await town.press("bruno", ALERTS, "Reanudar")
    old = await town.button(ALERTS, ALL)
    await town.press("bruno", ALERTS, "Mantener")
    answer = await town.press("bruno", ALERTS, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "Ahora hay 1" in str(answer["ephemeral"])
    assert sorted(d.state for d in await _now(town, held)) == [State.HELD, State.PLANNED]


async def test_all_that_waited_for_an_account_is_kept_in_one_press(town: Town) -> None:
    held = await planned(town, hours=1)
    await town.desk.accounts.died(X, "401")
    await town.publish(hours=2)
    assert {d.state for d in await _now(town, held)} == {State.HELD}
    await reconnected(town, NAMES["admin"])
    assert (await town.desk.accounts.get(X)).state is AccountState.ACTIVE
    await town.press("bruno", ALERTS, ALL)
    assert {d.state for d in await _now(town, held)} == {State.PLANNED}


async def _now(town: Town, known: list[Delivery]) -> list[Delivery]:
    return [await town.desk.deliveries.get(each.id) for each in known]


async def test_the_list_of_accounts_says_what_each_may_do_and_when_it_ends(town: Town) -> None:
    ends = (town.clock() + timedelta(days=30)).timestamp()
    async with town.session.post(
        f"{town.url}/audience/expire", json={"account": "facebook:cafe.agora", "at": ends}
    ) as answer:
        assert answer.status == 200, await answer.text()
    await Prober(town.desk).tick()
    home = await town.home("admin")
    value = next(e["value"] for e in elements_in(home["blocks"]) if e["action_id"] == "accounts.manage")
    opened = await town.act("click", user="admin", view_id=home["id"], action_id="accounts.manage", value=value)
    shown = json.dumps(view_of(opened), ensure_ascii=False)
    assert "pages_manage_posts" in shown
    assert "Su acceso termina el" in shown or "Its access ends on" in shown

"""The rota as an admin writes it, a shift that is handed over in three taps, and Slack's do-not-disturb."""

import json
from typing import Any

import pytest

from bot.domain.conversations import Conversation
from bot.domain.handovers import HandoverState
from bot.errors import NotAllowed
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_alarms import ALERTS, home_text, refused, rings, rota, the_alarm
from tests.handlers.voices import comment, hear

FORM = "duty.offer"


async def give(
    town: Town, giver: str, to: str, *brands: str, note: str = "", where: str = "home"
) -> tuple[dict[str, Any], int]:
    """Hand the shift over from Home or from the digest; answers what the form answered, and the taps."""
    if where == "home":
        home = await town.home(giver)
        opened = await town.act("click", user=giver, view_id=home["id"], action_id="duty.hand_over")
    else:
        digest = (await town.command(giver, "today"))["ephemeral"][-1]
        opened = await town.act("click", user=giver, channel="general", ts=digest["ts"], action_id="duty.hand_over")
    values = {"person": NAMES[to].partition(":")[2], "note": note} | ({"brands": list(brands)} if brands else {})
    view = opened["view"] or await town.top(giver)  # on a busy machine it may open after the press was answered
    assert view, opened
    return await town.submit(giver, view, FORM, **values), 2


async def carla_has_one(town: Town, text: str = "¿Tenéis wifi?") -> Conversation:
    """A conversation that Carla claimed."""
    await hear(town)
    await comment(town, text)
    (talk,) = await town.desk.store.listed(Conversation, "open:agora")
    return await town.desk.conversations.claim(talk.id, town.standing("carla"))


@pytest.mark.parametrize("where", ["home", "digest"])
async def test_hand_over_is_done_when_the_other_takes_it_and_takes_three_taps(town: Town, where: str) -> None:
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla")
    talk = await carla_has_one(town)
    await refused(town)
    await town.press("carla", "@carla", "I'm on it")
    answer, taps = await give(town, "carla", "bruno", note="Ojo con la terraza", where=where)
    assert ("Bruno Vidal is asked" in json.dumps(answer["ephemeral"])) is (where == "digest")
    asked = await town.text("@bruno")
    assert "Carla Moreno te pide tomar el turno" in asked
    for part in ("Ojo con la terraza", "¿Tenéis wifi?", "no ha publicado"):
        assert part in asked, part
    assert (await town.desk.conversations.get(talk.id)).owner == NAMES["carla"]
    assert "is asked to take the shift" in await town.text("@carla")

    await town.press("bruno", "@bruno", "Tomar el turno")
    assert taps + 1 <= 3
    assert (await town.desk.conversations.get(talk.id)).owner == NAMES["bruno"]
    assert (await the_alarm(town)).taken_by == NAMES["bruno"]
    watch = await town.desk.duty.watch(await town.desk.brand("agora"))
    assert watch.members == (NAMES["bruno"],)
    assert "Bruno Vidal took the shift" in await town.text("@carla")
    assert "Tomaste el turno de Carla Moreno" in await town.text("@bruno")
    lines = [said_in(m) for m in await town.messages(ALERTS) if "tomó el turno" in said_in(m)]
    assert len(lines) == 1
    assert "Bruno Vidal tomó el turno de Carla Moreno, de guardia hasta" in lines[0]
    assert "Se encarga Bruno Vidal" in await town.text(ALERTS)
    assert "De guardia: Bruno Vidal, que tomó el turno" in await home_text(town, "ana")
    await town.ring(hours=24)
    watch = await town.desk.duty.watch(await town.desk.brand("agora"))
    assert watch.members == (NAMES["carla"],)


async def test_not_now_and_no_answer_leave_it_where_it_is(town: Town) -> None:
    talk = await carla_has_one(town)
    await give(town, "carla", "bruno")
    old = await town.button("@bruno", "Tomar el turno")
    await town.press("bruno", "@bruno", "Ahora no")
    assert "can't take the shift now" in await town.text("@carla")
    late = await town.act("click", user="bruno", channel="@bruno", **old)
    assert "dijo que ahora no" in json.dumps(late["ephemeral"])

    await give(town, "carla", "bruno")
    await town.ring(minutes=29)
    assert "did not answer" not in await town.text("@carla")
    await town.ring(minutes=2)
    assert "Bruno Vidal did not answer for 30 minutes" in await town.text("@carla")
    assert "The shift is still yours" in await town.text("@carla")
    assert (await town.desk.conversations.get(talk.id)).owner == NAMES["carla"]
    assert "Tomar el turno" not in await town.text("@bruno")


async def test_who_asks_somebody_else_has_one_offer_and_the_first_one_sees_it(town: Town) -> None:
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla")
    await give(town, "carla", "bruno", "agora")
    old = await town.button("@bruno", "Tomar el turno")
    assert "Café Ágora: de guardia hasta" in await town.text("@bruno")  # said before it is taken
    await give(town, "carla", "ana", "agora")
    assert "ha pedido a otra persona" in await town.text("@bruno")
    assert "Tomar el turno" not in await town.text("@bruno")
    late = await town.act("click", user="bruno", channel="@bruno", **old)
    assert "Se le pidió a otra persona" in json.dumps(late["ephemeral"], ensure_ascii=False)
    await town.press("ana", "@ana", "Tomar el turno")
    assert (await town.desk.duty.watch(await town.desk.brand("agora"))).members == (NAMES["ana"],)


async def test_the_form_begins_with_the_deputy_so_that_handing_over_is_three_taps(town: Town) -> None:
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla @bruno")
    home = await town.home("carla")
    opened = await town.act("click", user="carla", view_id=home["id"], action_id="duty.hand_over")
    view = view_of(opened)
    (person,) = [e for e in elements_in(view["blocks"]) if e["action_id"] == "duty.offer.person"]
    assert person["initial_user"] == NAMES["bruno"].partition(":")[2]
    await town.act("submit", user="carla", view_id=view["id"], values={})
    await town.settle()
    await town.press("bruno", "@bruno", "Tomar el turno")
    assert (await town.desk.duty.watch(await town.desk.brand("agora"))).members == (NAMES["bruno"],)


async def test_only_the_one_who_was_asked_takes_it_once(town: Town) -> None:
    await give(town, "carla", "bruno")
    button = await town.button("@bruno", "Tomar el turno")
    with pytest.raises(NotAllowed):
        await town.desk.duty.accept(json.loads(button["value"])["handover"], town.standing("admin"))
    await town.press("bruno", "@bruno", "Tomar el turno")
    again = await town.act("click", user="bruno", channel="@bruno", **button)
    assert "tomó el turno" in json.dumps(again["ephemeral"], ensure_ascii=False)
    (line,) = [m for m in await town.messages(ALERTS) if "tomó" in said_in(m)]
    assert line


@pytest.mark.parametrize(
    ("to", "brands", "said"),
    [
        ("carla", ("agora",), "Choose somebody else"),
        ("eva", ("agora",), "Eva Sanz has no role in Café Ágora"),
        ("bruno", ("agora", "northwind"), "Bruno Vidal has no role in Northwind Books"),
    ],
)
async def test_who_cannot_take_it_is_said_beside_the_field(
    town: Town, to: str, brands: tuple[str, ...], said: str
) -> None:
    answer, _ = await give(town, "carla", to, *brands)
    assert said in json.dumps(answer, ensure_ascii=False)
    assert await town.desk.store.client.zcard(town.desk.store.key("index", "handovers:due")) == 0


async def test_whoever_is_on_duty_elsewhere_stays_so(town: Town) -> None:
    await rota(town, "agora", "lun-dom 00:00-24:00 @bruno")
    talk = await carla_has_one(town)
    await give(town, "carla", "ana", "agora")
    await town.press("ana", "@ana", "Tomar el turno")
    assert (await town.desk.conversations.get(talk.id)).owner == NAMES["ana"]
    watch = await town.desk.duty.watch(await town.desk.brand("agora"))
    assert watch.members == (NAMES["bruno"],)
    assert "quien está de guardia allí sigue" in await town.text("@ana")
    assert "Ana Ruiz tomó el trabajo de Carla Moreno" in await town.text(ALERTS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lun-vie 9-18 @nadie", "Line 1: @nadie is nobody with a role here"),
        ("lun-vie 9-18 @carla\nalgún día @ana", "Line 2: I miss from-to"),
        ("luz 9-18 @carla", "Line 1: I don't know these days"),
        ("lun 9-18", "after the times, name one person"),
        ("lun-dom 00:00-24:00 @diego", "Line 1: @diego is nobody with a role here"),
    ],
)
async def test_a_rota_that_is_not_understood_keeps_the_form(town: Town, text: str, said: str) -> None:
    answer = await rota(town, "agora", text)
    assert said in json.dumps(answer["view"], ensure_ascii=False)
    assert not (await town.desk.brand("agora")).duty.rota


async def test_a_rota_is_written_shown_and_written_again(town: Town) -> None:
    await rota(town, "agora", "lun-vie 09:00-18:00 @carla @bruno\nvie 18:00-02:00 <@U01ANA00001>", rule="ring")
    brand = await town.desk.brand("agora")
    assert [(shift.member, shift.deputy) for shift in brand.duty.rota] == [
        (NAMES["carla"], NAMES["bruno"]),
        (NAMES["ana"], ""),
    ]
    home = await town.home("admin")
    edit = next(e for e in elements_in(home["blocks"]) if e["action_id"] == "duty.edit" and "agora" in e["value"])
    block = next(b["block_id"] for b in home["blocks"] if edit in list(elements_in([b])))
    opened = await town.act(
        "click", user="admin", view_id=home["id"], action_id="duty.edit", value=edit["value"], block_id=block
    )
    shown = next(e for e in elements_in(view_of(opened)["blocks"]) if e["action_id"] == "duty.form.rota")
    assert shown["initial_value"] == "mon-fri 09:00-18:00 @carla @bruno\nfri 18:00-02:00 @ana"
    assert "@bruno (Bruno Vidal)" in json.dumps(opened["view"], ensure_ascii=False)


async def test_only_admins_are_offered_the_rota(town: Town) -> None:
    for user, brands in (("admin", {"agora", "northwind", "ensayo"}), ("ana", {"ensayo"}), ("eva", set())):
        message = (await town.command(user, "settings"))["ephemeral"][-1]
        edits = [e for e in elements_in(message["blocks"]) if e["action_id"] == "duty.edit"]
        assert {json.loads(edit["value"])["brand"] for edit in edits} == brands, user


@pytest.mark.parametrize("act", [{"act": "snooze", "minutes": 90}, {"act": "quiet", "after": 30, "minutes": 60}])
async def test_do_not_disturb_is_told_when_a_shift_is_taken_or_begins(town: Town, act: dict[str, Any]) -> None:
    for user in ("bruno", "carla"):
        await town.act("admin", user=user, **act)
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla")
    await town.ring(seconds=30)
    assert (await town.text("@carla")).count("Slack keeps your notifications back until") == 1
    await town.ring(minutes=1)
    assert (await town.text("@carla")).count("Slack keeps your notifications back until") == 1
    await give(town, "carla", "bruno")
    await town.press("bruno", "@bruno", "Tomar el turno")
    assert "Slack calla tus notificaciones hasta" in await town.text("@bruno")


async def test_without_do_not_disturb_nothing_is_said(town: Town) -> None:
    await town.act("admin", act="quiet", user="carla", after=60 * 26, minutes=60)  # after the shift
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla")
    await town.ring(seconds=30)
    assert "notifications back" not in await town.text("@carla")
    assert await rings(town, "carla") == 0


async def test_accepting_twice_at_once_is_one_handover(town: Town) -> None:
    await carla_has_one(town)
    await give(town, "carla", "bruno")
    store = town.desk.store
    (id_,) = await store.client.zrange(store.key("index", "handovers:due"), 0, -1)
    await town.desk.duty.accept(str(id_), town.standing("bruno"))
    handover = await town.desk.duty.get(str(id_))
    assert (handover.state, handover.moved) == (HandoverState.ACCEPTED, 1)

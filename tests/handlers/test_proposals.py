"""Sensitive acts take two people: done once by the right two, never by one, by strangers, by forgery or old buttons."""

from typing import Any

import pytest

from bot.domain.alarms import AlarmKind
from bot.domain.brands import Member, Role
from bot.domain.deliveries import Delivery
from bot.domain.proposals import Act, Proposal, State
from bot.engine.failpoints import Failpoints
from bot.engine.removals import Removals
from bot.errors import Conflict
from bot.store.audit import AuditLog
from handlers.views.proposals import Confirm
from tests.handlers.demo import NAMES, Town
from tests.handlers.test_publishing import ALERTS, REVIEW, approved

UNPUBLISH = "proposals.unpublish_form"


async def opened(town: Town, user: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The form that a press opened, also where it opens a moment later."""
    view = answer["view"] or await town.top(user)
    assert view, answer
    return dict(view)


async def live(town: Town, text: str = "Abrimos a las 9") -> None:
    await approved(town, text)
    await town.publish()
    assert await town.public("x:cafe_agora") == [text]


async def carry_out(town: Town) -> None:
    """The engine's turn, and the cards that follow."""
    await Removals(town.desk, Failpoints()).tick()
    await town.settle()


async def proposed(town: Town, act: Act) -> Proposal:
    """The only open proposal of a brand."""
    found = [each for each in await town.desk.proposals.open("agora") if each.act is act]
    assert len(found) == 1, found
    return found[0]


async def unpublish(town: Town, user: str = "carla", reason: str = "La foto no es nuestra", **more: Any) -> Any:
    form = await opened(town, user, await town.press(user, REVIEW, "Despublicar"))
    return await town.submit(user, form, UNPUBLISH, reason=reason, **more)


async def test_two_people_take_a_post_down(town: Town) -> None:
    await live(town)
    answer = await unpublish(town)
    assert "It happens when a second person confirms" in str(answer["ephemeral"])
    for place in (ALERTS, "@bruno", "@admin"):
        assert "Abrimos a las 9" in await town.text(place), place
    assert "La foto no es nuestra" in await town.text(ALERTS)
    assert "Despublicar" not in await town.text("@ana")
    refused = await town.press("carla", ALERTS, "Confirmar")
    assert "somebody else has to confirm it" in str(refused["ephemeral"])
    assert await town.public("x:cafe_agora")
    await town.press("bruno", "@bruno", "Confirmar")
    await carry_out(town)
    assert await town.public("x:cafe_agora") == []
    for place in (ALERTS, "@bruno", "@admin"):
        text = await town.text(place)
        assert "Confirmado por Bruno" in text or "Confirmed by Bruno" in text, place
        assert "Confirmar" not in text
    review = await town.text(REVIEW)
    assert "despublicada el" in review
    assert "a petición de Carla" in review
    for waited in ("@carla", "@ana"):  # who proposed it, and who wrote it
        assert "Abrimos a las 9" in await town.text(waited), waited


async def test_a_second_press_and_a_second_proposal_change_nothing(town: Town) -> None:
    await live(town)
    await unpublish(town)
    old = await town.button(ALERTS, "Confirmar")
    again = await town.press("bruno", REVIEW, "Despublicar")
    assert "ya lo propuso" in str(again["view"])  # before anything is typed
    again = await unpublish(town, "bruno")
    assert "ya lo propuso" in str(again)
    await town.press("bruno", ALERTS, "Confirmar")
    answer = await town.press("admin", ALERTS, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "Already confirmed by" in str(answer["ephemeral"])
    await carry_out(town)
    await carry_out(town)
    answer = await town.press("admin", ALERTS, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "Already confirmed by" in str(answer["ephemeral"])
    acts = [entry.act async for entry in entries(town)]
    assert acts.count("delivery.unpublish") == acts.count("proposal.unpublish.second") == 1


async def entries(town: Town) -> Any:
    async for line in AuditLog(town.desk.store).lines():
        yield line.entry


@pytest.mark.parametrize("name", ["ana", "diego", "eva"])
async def test_whose_role_does_not_reach_neither_proposes_nor_confirms(town: Town, name: str) -> None:
    await live(town)
    refused = await town.press(name, REVIEW, "Despublicar")
    assert refused["ephemeral"]
    assert not refused["view"]
    await unpublish(town)
    proposal = await proposed(town, Act.UNPUBLISH)
    await town.press(name, ALERTS, "Confirmar")
    assert (await town.desk.proposals.get(proposal.id)).state is State.OPEN
    denied = [entry.who async for entry in entries(town) if entry.act.startswith("denied:proposals")]
    assert denied.count(NAMES[name]) == 2


async def test_forged_presses_and_forms_do_nothing(town: Town) -> None:
    await live(town)
    await unpublish(town)
    proposal = await proposed(town, Act.UNPUBLISH)
    ts = (await town.button(ALERTS, "Confirmar"))["ts"]
    for who in ("diego", "eva", "carla"):
        payload = {
            "type": "block_actions",
            "team": {"id": town.desk.store.team},
            "user": {"id": NAMES[who].partition(":")[2], "team_id": town.desk.store.team},
            "channel": {"id": "C01GENERAL1"},
            "trigger_id": f"1.2.{who}",
            "actions": [
                {
                    "action_id": Confirm.ID,
                    "type": "button",
                    "value": Confirm(proposal=proposal.id).packed(),
                    "action_ts": ts,
                }
            ],
        }
        await town.act("raw", envelope={"type": "interactive", "payload": payload})
        await town.settle()
    assert (await town.desk.proposals.get(proposal.id)).state is State.OPEN
    assert await town.public("x:cafe_agora")


async def test_it_lapses_when_the_account_changed_or_a_day_went_by(town: Town) -> None:
    await live(town)
    await unpublish(town)
    account = await town.desk.accounts.get("x-1500000000000000001")
    change = town.desk.store.begin()
    change.put(account.model_copy(update={"generation": 9}), account)
    await change.commit()
    answer = await town.press("bruno", ALERTS, "Confirmar")
    assert "La cuenta cambió desde que se propuso" in str(answer["ephemeral"])
    assert "La cuenta cambió desde que se propuso" in await town.text(ALERTS)
    assert "The account has changed since it was proposed" in await town.text("@carla")
    await unpublish(town)
    town.clock.skip(hours=24)
    await carry_out(town)
    assert "Nobody confirmed it within a day" in await town.text("@carla")
    assert await town.public("x:cafe_agora")


async def test_a_proposal_is_declined_or_taken_back(town: Town) -> None:
    await live(town)
    await unpublish(town)
    refused = await town.press("bruno", ALERTS, "Anular")
    assert "Solo puede anularlo quien lo propuso" in str(refused["ephemeral"])
    await town.press("bruno", ALERTS, "Rechazar")
    assert "Declined by Bruno" in await town.text("@carla")
    await unpublish(town)
    await town.press("carla", ALERTS, "Anular")
    assert "Anulado por Carla" in await town.text(ALERTS)
    await carry_out(town)
    assert await town.public("x:cafe_agora")


async def test_an_emergency_takes_one_and_tells_every_approver(town: Town) -> None:
    await live(town)
    await unpublish(town, alone=["yes"])
    await carry_out(town)
    assert await town.public("x:cafe_agora") == []
    for place in ("@bruno", "@admin", ALERTS):
        text = await town.text(place)
        assert "sin otra persona" in text or "takes it down alone" in text, place
    (alarm,) = [each for each in await town.desk.alarms.open("agora") if each.kind == "removed"]
    assert alarm.detail["reason"] == "La foto no es nuestra"
    assert "Abrimos a las 9" in await town.text("@ana")
    (kept,) = [entry.evidence async for entry in entries(town) if entry.act == "proposal.unpublish.alone"]
    assert kept["text"] == "Abrimos a las 9"


async def test_whoever_does_it_alone_is_told_of_the_alarm_and_not_rung(town: Town) -> None:
    await live(town)
    await unpublish(town, alone=["yes"])
    (alarm,) = [each for each in await town.desk.alarms.open("agora") if each.kind == "removed"]
    rung = await town.desk.alarms.ring_next(alarm.id)
    await town.settle()
    assert NAMES["carla"] not in {each.who for each in rung.told}
    assert NAMES["bruno"] in {each.who for each in rung.told}
    own = await town.text("@carla")
    assert "unpublished in an emergency" in own
    assert "X @cafe_agora. Reason: La foto no es nuestra" in own
    assert "I'm on it" not in own
    await town.press("bruno", "@bruno", "Me encargo")
    assert "Bruno Vidal has it" in await town.text("@carla")


async def test_what_waits_for_a_second_person_is_in_the_way_of_no_emergency(town: Town) -> None:
    await live(town)
    await unpublish(town)
    waiting = await proposed(town, Act.UNPUBLISH)
    await unpublish(town, "bruno", "No puede esperar", alone=["yes"])
    await carry_out(town)
    assert await town.public("x:cafe_agora") == []
    assert (await town.desk.proposals.get(waiting.id)).state is State.EXPIRED
    assert "took it down as an emergency meanwhile" in await town.text("@carla")


async def test_an_emergency_and_its_alarm_are_there_together_or_not_at_all(town: Town) -> None:
    await live(town)
    desk, carla = town.desk, town.standing("carla")
    (delivery,) = await desk.store.listed(Delivery, "live:x-1500000000000000001")
    name = desk.alarms.open_name(AlarmKind.REMOVED, "u1")
    await desk.store.client.set(name, "in the way")
    with pytest.raises(Conflict):
        await desk.proposing.unpublish("u1", [delivery.id], "Por error", carla, alone=True)
    assert await desk.store.find(Proposal, "u1") is None
    await desk.store.client.delete(name)
    for _ in range(2):  # the second time it is gone from the network already, and the answer is the first one's
        made = await desk.proposing.unpublish("u1", [delivery.id], "Por error", carla, alone=True)
        assert made.emergency
        await carry_out(town)
        assert (await desk.proposals.get("u1")).state is State.DONE
    (alarm,) = [each for each in await desk.alarms.open("agora") if each.kind == "removed"]
    assert len(alarm.things) == 1


@pytest.mark.parametrize("how", ["role taken", "left Slack"])
async def test_it_lapses_when_whoever_proposed_it_may_not_any_more(town: Town, how: str) -> None:
    await live(town)
    await unpublish(town)
    proposal = await proposed(town, Act.UNPUBLISH)
    change, brand = town.desk.store.begin(), await town.desk.brand("agora")
    if how == "role taken":
        change.put(brand.model_copy(update={"roles": {NAMES["bruno"]: frozenset({Role.APPROVER})}}), brand)
    else:
        carla = await town.desk.store.get(Member, NAMES["carla"])
        change.put(carla.model_copy(update={"gone": True}), carla)
    await change.commit()
    answer = await town.press("bruno", ALERTS, "Confirmar")
    assert "Quien lo propuso ya no puede hacerlo" in str(answer["ephemeral"])
    assert "Quien lo propuso ya no puede hacerlo" in await town.text(ALERTS)
    assert (await town.desk.proposals.get(proposal.id)).state is State.EXPIRED
    await carry_out(town)
    assert await town.public("x:cafe_agora")


async def test_after_an_hour_it_is_no_emergency_unless_the_brand_is_stopped(town: Town) -> None:
    await live(town)
    form = await opened(town, "carla", await town.press("carla", REVIEW, "Despublicar"))
    town.clock.skip(minutes=61)
    answer = await town.submit("carla", form, UNPUBLISH, reason="Tarde", alone=["yes"])
    assert "so it takes two people" in str(answer)
    assert not [each for each in await town.desk.alarms.open("agora") if each.kind == "removed"]
    later = await opened(town, "carla", await town.press("carla", REVIEW, "Despublicar"))
    assert "Emergency" not in str(later)
    await town.desk.stops.stop("agora", town.standing("bruno"))
    await town.settle()
    await unpublish(town, alone=["yes"])
    await carry_out(town)
    assert await town.public("x:cafe_agora") == []


async def test_a_network_that_says_no_is_told_and_asked_again_by_a_person(town: Town) -> None:
    await live(town)
    await town.fault(target="x", route="DELETE /2/tweets/*", status=403, times=1, when="before", body={"detail": "no"})
    await unpublish(town)
    await town.press("bruno", ALERTS, "Confirmar")
    await carry_out(town)
    for place, label in ((ALERTS, "Reintentar"), ("@carla", "Try again"), ("@bruno", "Reintentar")):
        assert label in await town.text(place), place
    assert await town.public("x:cafe_agora")
    await town.press("carla", "@carla", "Try again")
    await carry_out(town)
    assert await town.public("x:cafe_agora") == []

"""A post is refused at night: who is rung, who has it, who is next; and the webhook when nobody answers."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.alarms import Alarm, AlarmKind, AlarmState
from bot.domain.brands import Role
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, environment, said_in, view_of
from tests.handlers.pager import Pager, webhook

FORM = "compose.form"
ALERTS = "#agora-alerts"
X = {"agora": "x-1500000000000000001", "northwind": "x-1500000000000000002"}


async def refused(town: Town, brand: str = "agora", author: str = "ana", text: str = "Abrimos a las 9") -> None:
    """A post for X that the network says no to."""
    view = view_of(await town.command(author, f"post {text}", f"#{brand}-review"))
    await town.submit(author, view, FORM, accounts=[X[brand]])
    approver = {"agora": "bruno", "northwind": "admin"}[brand]
    label = {"agora": "Aprobar y publicar", "northwind": "Approve and publish"}[brand]
    await town.press(approver, f"#{brand}-review", label)
    await town.fault(target="x", route="POST /2/tweets", status=403, times=1, when="before", body={"detail": "no"})
    await town.publish()


async def rota(town: Town, brand: str, text: str, rule: str = "admins") -> dict[str, Any]:
    """The admin writes a rota from Home."""
    await town.settle()
    home = await town.home("admin")
    edit = next(e for e in elements_in(home["blocks"]) if e["action_id"] == "duty.edit" and brand in e.get("value", ""))
    opened = await town.act(
        "click",
        user="admin",
        view_id=home["id"],
        action_id="duty.edit",
        value=edit["value"],
        block_id=_block(home, edit),
    )
    return await town.submit("admin", view_of(opened), "duty.form", rota=text, off_hours=rule)


def _block(view: dict[str, Any], element: Mapping[str, Any]) -> str:
    return next(str(b["block_id"]) for b in view["blocks"] if element in list(elements_in([b])))


async def the_alarm(town: Town, kind: AlarmKind = AlarmKind.REFUSED) -> Alarm:
    (found,) = [alarm for alarm in await town.desk.alarms.open() if alarm.kind is kind]
    return found


async def rings(town: Town, who: str) -> int:
    """Messages of alarms in somebody's direct messages: each one rang their phone."""
    return len([m for m in await town.messages(f"@{who}") if "alarms.take" in json.dumps(m) or "🚨" in said_in(m)])


LANGUAGES = {
    "es": {
        "brand": "agora", "author": "ana", "rota": "lun-dom 00:00-24:00 @carla @bruno", "duty": "carla",
        "deputy": "bruno", "next": "después se avisa a Bruno Vidal", "take": "Me encargo",
        "has": "Se encarga Bruno Vidal",
        "over": "Resuelto desde", "retry": "Reintentar aquí", "nobody": "Nadie se encarga todavía",
        "headline": "Café Ágora: X @cafe_agora no ha publicado", "webhook": "después va al webhook",
    },
    "en": {
        "brand": "northwind", "author": "diego", "rota": "mon-sun 00:00-24:00 @carla @diego", "duty": "carla",
        "deputy": "diego", "next": "next is Diego Park", "take": "I'm on it", "has": "Diego Park has it",
        "over": "Over since", "retry": "Retry here", "nobody": "Nobody has it yet",
        "headline": "Northwind Books: X @northwindbooks did not publish", "webhook": "next is the webhook",
    },
}  # fmt: skip


@pytest.mark.parametrize("lang", ["es", "en"])
async def test_duty_deputy_admins_webhook_taken_over(night: Town, pager: Pager, lang: str) -> None:
    say = LANGUAGES[lang]
    brand, alerts = say["brand"], f"#{say['brand']}-alerts"
    await rota(night, brand, say["rota"])
    secret = await webhook(night, pager)
    await refused(night, brand, say["author"])
    card = await night.text(alerts)
    assert say["nobody"] in card
    assert say["next"] in card
    assert await rings(night, say["duty"]) == 1
    assert await rings(night, "admin") == (1 if brand == "northwind" else 0)  # there the admin approved it
    assert say["retry"] not in await night.text(f"@{say['duty']}")  # a moderator can't settle it, and isn't told to

    await night.ring(minutes=4)
    before = await rings(night, say["deputy"])
    await night.ring(minutes=1, seconds=1)
    assert await rings(night, say["deputy"]) == before + 1
    await night.ring(minutes=5, seconds=1)
    assert "Alma Reyes" in await night.text(alerts)
    assert say["webhook"] in await night.text(alerts)
    assert not pager.came
    await night.ring(minutes=5, seconds=1)

    (body,) = pager.bodies()
    assert pager.genuine(secret)
    assert not pager.genuine("another")
    alarm = await the_alarm(night)
    assert (body["kind"], body["text"], body["attempt"]) == ("refused", say["headline"], 1)
    assert body["raised_at"] == alarm.raised_at.isoformat()
    assert body["url"].startswith("http")
    assert body["id"].startswith(alarm.id)

    await night.press(say["deputy"], f"@{say['deputy']}", say["take"])
    for place in (alerts, "@carla", "@admin", f"@{say['author']}"):
        shown = await night.text(place)
        assert "Me encargo" not in shown, place
        assert "I'm on it" not in shown, place
    assert say["has"] in await night.text(alerts)

    await night.press(say["author"], f"@{say['author']}", say["retry"])
    await night.publish()
    assert say["over"] in await night.text(alerts)
    assert (await night.desk.alarms.get(alarm.id)).state is AlarmState.OVER
    assert not await night.desk.alarms.open()
    assert len(pager.came) == 1


async def test_without_a_rota_moderators_and_approvers_are_rung_and_the_author_once(town: Town) -> None:
    await refused(town)
    assert await rings(town, "carla") == 1
    assert await rings(town, "bruno") == 1  # who approved it, and is rung: one message for both
    assert await rings(town, "ana") == 1
    assert await rings(town, "admin") == 0
    assert "Sin turnos todavía" in await home_text(town, "ana")
    await town.ring(minutes=5, seconds=1)
    assert await rings(town, "admin") == 1
    assert await rings(town, "carla") == 1


async def home_text(town: Town, user: str) -> str:
    return said_in(await town.home(user))


async def test_two_persons_at_once_late_and_twice(town: Town) -> None:
    await refused(town)
    button = await town.button(ALERTS, "Me encargo")
    first = await town.press("carla", ALERTS, "Me encargo")
    assert not first["ephemeral"]
    for who, said in (("bruno", "Carla Moreno"), ("carla", "Carla Moreno")):
        late = await town.act("click", user=who, channel=ALERTS, **button)
        assert said in str(late["ephemeral"]) or "carla" in str(late["ephemeral"]).lower(), who
    stranger = await town.act("click", user="eva", channel=ALERTS, **button)
    assert "rol" in str(stranger["ephemeral"])
    assert (await the_alarm(town)).taken_by == NAMES["carla"]
    await town.ring(minutes=29)
    assert "media hora" not in await town.text("@carla")
    await town.ring(minutes=2)
    await town.ring(hours=3)
    assert (await town.text("@carla")).count("half an hour") == 1
    await town.press("carla", "@carla", "I can't")
    alarm = await the_alarm(town)
    assert (alarm.state, alarm.refused) == (AlarmState.RINGING, (NAMES["carla"],))
    assert "Alma Reyes" in await town.text(ALERTS)  # it rang on at once
    assert "No pueden: Carla Moreno" in await town.text(ALERTS)


async def test_an_outage_is_one_message_with_its_count(town: Town) -> None:
    for number in range(12):
        detail = {"account": f"X @{number}"}
        await town.desk.alarms.ring(AlarmKind.STUCK, subject=f"d{number}", brand="agora", detail=detail)
    await town.settle()
    assert len(await town.desk.alarms.open()) == 1
    for place in ("@carla", ALERTS):
        said = [said_in(m) for m in await town.messages(place)]
        assert len([text for text in said if "12 alarmas" in text or "12 alarms" in text]) == 1, place
    town.clock.skip(minutes=2)
    await town.desk.alarms.ring(AlarmKind.STUCK, subject="later", brand="agora")
    assert len(await town.desk.alarms.open()) == 2


async def test_many_refused_posts_are_one_message_for_their_author(town: Town) -> None:
    await town.fault(target="x", route="POST /2/tweets", status=403, times=7, when="before", body={"detail": "no"})
    for number in range(7):
        view = view_of(await town.command("ana", f"post Número {number}", "#agora-review"))
        await town.submit("ana", view, FORM, accounts=[X["agora"]])
        await town.press("bruno", "#agora-review", "Aprobar y publicar")
    await town.publish()
    alarm = await the_alarm(town)
    assert len(alarm.things) == 7
    for who in ("ana", "bruno", "carla"):
        assert await rings(town, who) == 1, who
    card = await town.text(ALERTS)
    assert "Café Ágora: 7 publicaciones no han salido" in card
    assert "7 siguen abiertas" in card
    assert "y 2 más" in card
    await town.press("ana", "@ana", "Reintentar aquí")
    await town.publish()
    assert "6 siguen abiertas" in await town.text(ALERTS)


async def test_between_shifts_it_waits_and_what_cannot_wait_rings(town: Town) -> None:
    now = town.clock().astimezone()
    free = (now.weekday() + 3) % 7
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[free]
    await rota(town, "agora", f"{day} 09:00-18:00 @carla", rule="wait")
    await refused(town)
    assert await rings(town, "carla") == 0
    assert await rings(town, "ana") == 1
    assert "Fuera de horario" in await town.text(ALERTS)
    assert "después Carla Moreno" in await town.text(ALERTS)
    await town.desk.alarms.ring(AlarmKind.SPIKE, subject="agora", brand="agora")
    await town.settle()
    assert "far more is being said" in await town.text("@admin")
    waiting = await the_alarm(town)
    assert waiting.waits is not None
    await town.ring(seconds=(waiting.waits - town.clock()).total_seconds() + 1)
    assert NAMES["carla"] in (await the_alarm(town)).rung_members
    assert NAMES["carla"] in (await the_alarm(town, AlarmKind.SPIKE)).rung_members  # nobody took it either
    assert await rings(town, "carla") == 2


async def test_who_left_since_is_skipped_and_the_card_says_so(town: Town) -> None:
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla @bruno")
    await town.act("admin", act="deactivate", user="carla")
    await refused(town)
    assert await rings(town, "bruno") == 1
    assert NAMES["carla"] not in (await the_alarm(town)).rung_members
    assert "Sin aviso a Carla Moreno: ya no está" in await town.text(ALERTS)


async def test_an_alarm_whose_holder_left_rings_on_and_says_so(town: Town) -> None:
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla @bruno")
    await refused(town)
    await town.press("carla", "@carla", "I'm on it")
    await town.act("admin", act="deactivate", user="carla")
    assert "te toca a ti" not in await town.text("@bruno")
    await town.ring(minutes=5, seconds=1)
    alarm = await the_alarm(town)
    assert (alarm.state, alarm.lost, alarm.taken_by) == (AlarmState.RINGING, (NAMES["carla"],), "")
    assert "ahora te toca a ti: Café Ágora: X @cafe_agora no ha publicado" in await town.text("@bruno")
    card = await town.text(ALERTS)
    assert "Se encargaba y ya no está aquí: Carla Moreno" in card
    assert "Nadie se encarga todavía" in card
    await town.press("bruno", "@bruno", "Me encargo")
    await town.ring(minutes=6)
    assert (await the_alarm(town)).taken_by == NAMES["bruno"]


async def test_an_alarm_whose_holder_lost_their_role_rings_on(town: Town) -> None:
    await refused(town)
    await town.press("carla", "@carla", "I'm on it")
    await town.desk.brands.set_roles("agora", NAMES["carla"], frozenset({Role.VIEWER}), town.standing("admin"))
    await town.ring(seconds=31)
    assert (await the_alarm(town)).state is AlarmState.RINGING


async def test_whoever_begins_a_shift_is_rung_by_what_rang_everybody_before(town: Town) -> None:
    await rota(town, "agora", "lun-dom 00:00-24:00 @bruno")
    await refused(town)
    for _ in range(4):
        await town.ring(minutes=5, seconds=1)
    assert "ya se ha avisado a todo el mundo" in await town.text(ALERTS)
    assert await rings(town, "carla") == 0
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla")
    await town.ring(seconds=21)
    assert await rings(town, "carla") == 1
    assert "Carla Moreno, " in await town.text(ALERTS)
    assert await rings(town, "bruno") == 1


async def test_in_a_second_round_everybody_is_rung_again(town: Town) -> None:
    """Their message stands there already, and editing it rings nobody."""
    await rota(town, "agora", "lun-dom 00:00-24:00 @carla")
    await town.desk.alarms.ring(AlarmKind.STUCK, subject="d1", brand="agora")
    await town.settle()
    for _ in range(3):
        await town.ring(minutes=5, seconds=1)
    await town.press("admin", "@admin", "I'm on it")
    await town.press("admin", "@admin", "I can't")
    turns = [said_in(message) for message in await town.messages("@carla") if "your turn" in said_in(message)]
    assert len(turns) == 1
    assert "has not come to an end" in turns[0]


async def test_a_brand_without_anybody_rings_the_workspaces_admins(town: Town) -> None:
    brand = await town.desk.brand("agora")
    gone: dict[str, frozenset[Role]] = {member: frozenset() for member in brand.roles}
    change = town.desk.store.begin()
    change.put(brand.model_copy(update={"roles": gone}), brand)
    await change.commit()
    await town.desk.alarms.ring(AlarmKind.STUCK, subject="d1", brand="agora")
    await town.settle()
    assert await rings(town, "admin") == 1
    assert "Alma Reyes (Administración del espacio)" in await town.text(ALERTS)


async def test_a_dead_account_rings_with_its_button_and_is_over_when_reconnected(town: Town) -> None:
    await town.desk.accounts.died(X["agora"], "401")
    await town.settle()
    alarm = await the_alarm(town, AlarmKind.ACCESS_LOST)
    assert "Reconnect" in await town.text("@admin")
    assert "Reconnect" not in await town.text("@carla")
    assert "Reconectar" in await town.text(ALERTS)
    account = await town.desk.accounts.get(X["agora"])
    keys = {"access_token": environment()["AGORA_X_TOKEN"], "access_token_secret": environment()["AGORA_X_SECRET"]}
    found = await town.desk.accounts.identify("x", keys)
    await town.desk.accounts.connect(account.brand, "x", keys, found, town.standing("admin"))
    await town.settle()
    assert (await town.desk.alarms.get(alarm.id)).state is AlarmState.OVER
    assert "Reconectar" not in await town.text(ALERTS)


async def test_practice_rings_nobody_but_whose_post_it_is(town: Town) -> None:
    await town.desk.alarms.ring(AlarmKind.STUCK, subject="d1", brand="ensayo")
    await town.settle()
    for who in NAMES:
        assert await rings(town, who) == 0, who
    assert "Me encargo" in await town.text("#ensayo")


async def test_roles_are_what_counts_on_the_rota(town: Town) -> None:
    answer = await rota(town, "agora", "lun-vie 9-18 @eva")
    assert "@eva" in json.dumps(answer["view"])
    assert Role.ADMIN not in (await town.desk.brand("agora")).roles.get(NAMES["eva"], frozenset())
    assert not (await town.desk.brand("agora")).duty.rota

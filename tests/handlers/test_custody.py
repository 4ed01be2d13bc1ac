"""The store went back: each person is told once, a remembered admin says to go on, and what was planned asks."""

from typing import Any

from bot.desk.custody import Seen
from bot.domain.alarms import AlarmKind
from bot.domain.custody import Mark
from bot.domain.deliveries import Delivery, State
from bot.engine.sealing import Sealing
from bot.store.audit import AuditLog
from bot.store.vault import Vault
from tests.handlers.demo import NAMES, Town, said_in, view_of

FORM = "compose.form"
REVIEW, ALERTS = "#agora-review", "#agora-alerts"
X = "x-1500000000000000001"


async def planned(town: Town, text: str, hours: int = 2) -> None:
    """A post on X that is approved for later."""
    view = view_of(await town.command("ana", f"post {text}", REVIEW))
    await town.submit("ana", view, FORM, at=round(town.clock().timestamp()) + hours * 3600, accounts=[X])
    await town.press("bruno", REVIEW, "Aprobar")


async def go_back(town: Town, *admins: str) -> None:
    """The record ended five entries later when somebody looked last; they remember who were admins."""
    head = await AuditLog(town.desk.store).head()
    seen = Seen(
        mark=Mark(number=head.number + 5, hash="f" * 40),
        at=town.clock(),
        admins=[NAMES[name] for name in admins],
        alerts=[(await town.desk.brand("agora")).channel("alerts")],
    )
    assert (await town.desk.custody.examine(seen)).missing
    await town.settle()


async def told(town: Town, who: str, *words: str) -> int:
    """Messages of a channel that say one of these, a thread's lines among them."""
    return len([message for message in await town.messages(who) if any(word in said_in(message) for word in words)])


async def test_state_missing_confirmed_by_a_remembered_admin_and_what_was_planned_asks(town: Town) -> None:
    await planned(town, "Abrimos a las 9")
    await planned(town, "Cerramos a las 8", hours=3)
    await go_back(town, "bruno")
    for where in (ALERTS, "#northwind-alerts", "@admin", "@bruno", "@carla"):
        assert await told(town, where, "went back", "ha retrocedido") == 1, (where, await town.text(where))
    assert await told(town, "@bruno", "🚨", "🚧") == 1  # rung because approvers are, and asked because he was an admin
    assert await told(town, "@admin", "🚨", "🚧") == 1
    await town.ring(minutes=5, seconds=1)
    await town.ring(minutes=5, seconds=1)
    assert await told(town, "@admin", "🚧") == 1
    assert await told(town, "@admin", "🚨", "🚧") == 2  # and a line below it, because an edited message rings nobody
    for delivery in await town.desk.store.listed(Delivery, "asks:agora"):
        assert delivery.state is State.HELD

    refused = await town.press("ana", ALERTS, "Publicar desde aquí")
    assert "Solo" in str(refused["ephemeral"])
    assert (await town.desk.custody.now()).missing
    old = await town.button("@admin", "Publish from here on")
    await town.press("bruno", "@bruno", "Publicar desde aquí")
    assert not (await town.desk.custody.now()).missing
    for where in (ALERTS, "@bruno", "@admin"):
        assert await told(town, where, "Bruno Vidal confirm") >= 1, (where, await town.text(where))
        assert "Publicar desde aquí" not in await town.text(where)
        assert "Publish from here on" not in await town.text(where)
    late = await town.act("click", user="admin", channel="@admin", **old)
    assert "confirmed it already" in str(late["ephemeral"]), late
    assert not [a for a in await town.desk.alarms.open() if a.kind is AlarmKind.STATE_MISSING]

    text = await town.text(ALERTS)
    assert "2 publicaciones esperan" in text
    assert "Abrimos a las 9" in text
    await town.press("bruno", ALERTS, "Mantener")
    await town.press("bruno", ALERTS, "Anular")
    await town.publish(hours=2)
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]
    await town.publish(hours=1)
    assert len(await town.public("x:cafe_agora")) == 1  # the other one was withdrawn
    assert "publicaciones esperan" not in await town.text(ALERTS)
    assert "publicación espera" not in await town.text(ALERTS)


async def test_a_lost_key_is_one_message_a_person_and_says_which_accounts(town: Town) -> None:
    town.desk.vault, kept = Vault([b"n" * 32]), town.desk.vault
    await town.desk.custody.look_for_keys()
    await town.desk.custody.report({"eviction": "When full, the store throws away records (allkeys-lru)."})
    await town.settle()
    for where, key, full in (
        (ALERTS, "no puedo abrir Facebook", "tira publicaciones"),
        ("@admin", "I can't open", "throws posts away"),
        ("@carla", "I can't open", "throws posts away"),
    ):
        assert await told(town, where, key) == 1, (where, await town.text(where))
        assert await told(town, where, full) == 1, (where, await town.text(where))
    assert "X @cafe_agora" in await town.text("@admin")
    assert "VOCERO_KEY" in await town.text("@admin")
    town.desk.vault = kept
    await town.desk.custody.look_for_keys()
    await town.settle()
    assert [alarm.subject for alarm in await town.desk.alarms.open("")] == ["eviction"]


async def test_a_changed_record_rings_once_with_the_first_wrong_number(town: Town) -> None:
    sealing, store = Sealing(town.desk, None), town.desk.store
    await sealing.tick()
    await town.desk.denied(town.standing("ana"), "something", "agora")
    head = await AuditLog(store).head()
    rows: Any = await store.client.xrevrange(store.key("audit"), count=1)
    await store.client.xdel(store.key("audit"), rows[0][0])
    for _ in range(3):
        await sealing.tick()
    await town.settle()
    for where in ("@carla", ALERTS):
        assert await told(town, where, "vocero audit verify") == 1, (where, await town.text(where))
        assert str(head.number) in await town.text(where)
    assert len([a for a in await town.desk.alarms.open() if a.kind is AlarmKind.RECORD_BROKEN]) == 1

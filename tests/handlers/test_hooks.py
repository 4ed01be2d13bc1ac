"""The outgoing webhook: signed, tried again for an hour, tested by a press, and its secrets nowhere to be read."""

import json
import logging

import pytest

from bot.desk.hooks import HookCall
from bot.domain.alarms import AlarmKind
from tests.handlers.demo import Town, view_of
from tests.handlers.pager import Pager, webhook
from tests.handlers.test_alarms import ALERTS, refused


async def test_the_webhook_is_tried_again_for_an_hour_with_one_id(
    night: Town, pager: Pager, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = await webhook(night, pager)
    pager.answers = [500, 503]
    await night.desk.alarms.ring(AlarmKind.WORKER_DOWN, subject="worker")
    await night.settle()
    for _ in range(8):
        await night.ring(minutes=5, seconds=1)
    assert [body["attempt"] for body in pager.bodies()] == [1, 2, 3]
    assert len({body["id"] for body in pager.bodies()}) == 1
    assert pager.genuine(secret)
    stored = await everything(night)
    for hidden in (secret, "in-the-address"):
        assert hidden not in caplog.text
        assert hidden not in stored
        assert hidden not in "".join([await night.text(place) for place in ("@admin", ALERTS, "general")])


async def everything(town: Town) -> str:
    """All that the store holds of this workspace."""
    client, found = town.desk.store.client, []
    async for key in client.scan_iter("{" + town.desk.store.team + "}:*", count=1000):
        kind = await client.type(key)
        if kind == "hash":
            found.append(json.dumps(await client.hgetall(key)))
        elif kind == "string":
            found.append(str(await client.get(key)))
        elif kind == "stream":
            found.append(json.dumps(await client.xrange(key)))
    return "\n".join(found)


async def test_a_webhook_that_never_answers_is_said_on_the_card(night: Town, pager: Pager) -> None:
    await webhook(night, pager)
    pager.answers = [500] * 99
    await refused(night)
    for _ in range(4):
        await night.ring(minutes=5, seconds=1)
    assert "El webhook no lo aceptó (HTTP 500); nuevo intento" in await night.text(ALERTS)
    for _ in range(8):
        await night.ring(minutes=15, seconds=1)
    assert "no lo aceptó en una hora (HTTP 500)" in await night.text(ALERTS)
    tried = len(pager.came)
    await night.ring(hours=2)
    assert len(pager.came) == tried
    assert tried >= 5


async def test_a_test_is_sent_and_its_answer_told(night: Town, pager: Pager) -> None:
    await webhook(night, pager)
    pager.answers = [200, 404]
    for said in ("took the test", "did not take the test: HTTP 404"):
        answer = await night.command("admin", "settings")
        ts = answer["ephemeral"][-1]["ts"]
        opened = await night.act("click", user="admin", channel="general", ts=ts, action_id="hooks.edit")
        await night.act("click", user="admin", view_id=view_of(opened)["id"], action_id="hooks.test")
        await night.ring(seconds=1)
        assert said in await night.text("@admin")
        await night.act("close", user="admin", view_id=view_of(opened)["id"], all=True)
    assert [body["kind"] for body in pager.bodies()] == ["test", "test"]


async def test_only_an_admin_of_the_workspace_sets_the_webhook_and_private_addresses_are_refused(night: Town) -> None:
    answer = await night.command("ana", "ajustes")
    assert "hooks.edit" not in json.dumps(answer["ephemeral"])
    await night.desk.hooks.set("http://127.0.0.1/internal", night.standing("admin"))
    await night.desk.hooks.test(night.standing("admin"))
    await night.ring(seconds=1)
    assert "did not take the test: it leads into a private network" in await night.text("@admin")
    assert not await night.desk.store.listed(HookCall, "hooks:due")

"""Comments that can't be read for a while, or for long."""

from datetime import timedelta

import pytest

from bot.domain.alarms import AlarmKind
from bot.domain.brands import AccountState
from bot.text.words import words_for
from tests.network_faults.there import There


async def test_comments_that_cannot_be_read_for_long_are_told_once_and_when_it_is_over(there: There) -> None:
    await there.poll()
    network, id_ = there.bench.account.network, there.bench.account.id
    await there.outside.fault(target=network, status=503, body={}, times=99)
    for minutes in (0, 10, 9):
        there.bench.clock.by += timedelta(minutes=minutes)
        await there.poll()
        assert await there.rung(AlarmKind.STUCK) == []
    for minutes in (2, 60):
        there.bench.clock.by += timedelta(minutes=minutes)
        await there.poll()
        assert await there.rung(AlarmKind.STUCK) == [f"unread:{id_}", f"unseen:{id_}"]
    (alarm,) = await there.desk.alarms.about(f"unread:{id_}")
    assert alarm.detail["why"] == "unread"
    assert there.bench.account.name in alarm.detail["about"] or there.bench.account.handle in alarm.detail["about"]
    await there.outside.calm()
    await there.poll()
    assert await there.rung(AlarmKind.STUCK) == []


async def test_a_short_spell_is_forgotten_and_a_clock_put_back_begins_anew(there: There) -> None:
    network = there.bench.account.network
    for _ in range(3):
        await there.outside.fault(target=network, status=503, body={}, times=99)
        await there.poll()
        there.bench.clock.by += timedelta(minutes=15)
        await there.outside.calm()
        await there.poll()
    await there.outside.fault(target=network, status=503, body={}, times=99)
    await there.poll()
    there.bench.clock.by -= timedelta(days=1)
    await there.poll()
    there.bench.clock.by += timedelta(minutes=21)
    await there.poll()
    assert len(await there.rung(AlarmKind.STUCK)) == 2


@pytest.mark.parametrize("there", ["facebook"], indirect=True)
async def test_a_permission_that_is_missing_says_what_to_do(there: There) -> None:
    refused = {"error": {"code": 10, "type": "OAuthException", "message": "(#10) pages_read_user_content is missing"}}
    await there.outside.fault(target="facebook", route="GET /v*/tagged", status=403, body=refused, times=99)
    await there.poll()
    there.bench.clock.by += timedelta(minutes=21)
    await there.poll()
    (alarm,) = await there.desk.alarms.about(f"unread:{there.bench.account.id}")
    assert alarm.detail["why"] == "unread_refused"
    assert (await there.desk.accounts.get(there.bench.account.id)).state is AccountState.ACTIVE
    assert await there.rung(AlarmKind.STUCK) == [f"unread:{there.bench.account.id}"]
    assert "*Reconnect*" in words_for("en")("watchdog.stuck.unread_refused", about="x")

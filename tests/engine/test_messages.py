"""X's direct messages: off until somebody wants them, read at their own pace, paid for once, in no post's way."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.brands import Account, Standing
from bot.domain.conversations import Conversation
from bot.domain.deliveries import State
from bot.errors import NotAllowed, UserError
from tests.engine.bench import Bench
from tests.engine.test_polling import Ear
from tests.engine.test_spending import ADMIN, billed
from tests.publishing import CARLA, approve

EVENTS = "/2/dm_events"


@pytest.fixture
def x(benches: dict[str, Bench]) -> Ear:
    return Ear(benches["x"])


async def letter(ear: Ear, text: str, author: str = "Rosa") -> str:
    """Somebody writes to the account in private."""
    body = {"account": ear.bench.where, "author": author, "text": text}
    return str((await ear.bench.outside.post("/audience/message", **body))["id"])


async def looks(ear: Ear, path: str = EVENTS) -> list[int]:
    """How every look for private messages was answered."""
    calls = (await ear.bench.outside.get("/calls", target="x"))["calls"]
    return [call["status"] for call in calls if call["path"] == path]


async def later(ear: Ear, **span: float) -> None:
    """Time passes, for turns too, which go by the store's clock."""
    ear.bench.clock.by += timedelta(**span)
    await ear.desk.store.client.delete(ear.desk.store.key("turn", "letters", ear.bench.account.id))


async def switched(ear: Ear, on: bool = True) -> Account:
    return await ear.desk.private.switch(ear.bench.account.id, on, ADMIN)


async def record(ear: Ear) -> list[tuple[str, str]]:
    lines: Any = await ear.desk.store.client.xrange(ear.desk.store.key("audit"))
    return [(fields["entry"].split('"act":"')[1].split('"')[0], fields["entry"]) for _, fields in lines]


async def test_nothing_is_asked_before_an_admin_wants_it(x: Ear) -> None:
    await letter(x, "De antes")
    await x.poll()
    assert await looks(x) == []
    offer = x.desk.private.offer(x.bench.account)
    assert offer is not None
    assert (offer.on, offer.price, offer.sent, offer.minutes) == (False, 0.010, 0.015, 4)
    for who in (CARLA, Standing(id="T:NOBODY")):
        with pytest.raises(NotAllowed):
            await x.desk.private.switch(x.bench.account.id, True, who)
    await switched(x)
    await switched(x)
    said = await letter(x, "Hola")
    await x.poll()
    assert await x.heard() == [said]
    (talk,) = await x.desk.store.listed(Conversation, f"open:{x.bench.account.brand}")
    assert (talk.private, talk.person.handle) == (True, "rosa")
    acts = [act for act, _ in await record(x)]
    assert acts.count("account.messages_on") == 1


async def test_what_came_while_it_was_off_is_not_read_later(x: Ear) -> None:
    await switched(x)
    first = await letter(x, "Uno")
    await x.poll()
    await switched(x, on=False)
    await letter(x, "Dos", "Luis")
    await later(x, minutes=4)
    await x.poll()
    assert len(await looks(x)) == 1
    x.bench.clock.by += timedelta(seconds=1)
    await switched(x)
    await later(x, minutes=4)
    await x.poll()
    assert await x.heard() == [first]
    assert [act for act, _ in await record(x) if "messages" in act] == [
        "account.messages_on",
        "account.messages_off",
        "account.messages_on",
    ]


async def test_where_it_costs_nothing_there_is_nothing_to_switch(benches: dict[str, Bench]) -> None:
    for network in ("facebook", "practice"):
        bench = benches[network]
        assert bench.desk.private.offer(bench.account) is None
        with pytest.raises(UserError, match="not_there"):
            await bench.desk.private.switch(bench.account.id, True, ADMIN)


async def test_they_are_looked_for_seldom_whatever_the_pace(x: Ear) -> None:
    await switched(x)
    for _ in range(4):
        await x.poll()
    assert await looks(x) == [200]
    ttl = await x.desk.store.client.pttl(x.desk.store.key("turn", "letters", x.bench.account.id))
    assert 170_000 < ttl <= 180_000
    await x.desk.spending.set_budget(x.bench.account.id, 0.05, ADMIN)
    await x.desk.spending.note(x.bench.account, {"something": 0.045})
    await later(x, minutes=4)
    await x.poll()
    ttl = await x.desk.store.client.pttl(x.desk.store.key("turn", "letters", x.bench.account.id))
    assert 890_000 < ttl <= 900_000, "a limit that runs low is stretched"


async def test_they_count_in_the_month_s_limit_and_end_with_it(x: Ear) -> None:
    await switched(x)
    for number in range(7):
        await letter(x, f"Hola {number}")
    await x.poll()
    spent = (await x.desk.spending.of(x.bench.account)).dollars
    assert await billed(x) == pytest.approx(spent) == pytest.approx(0.07)
    await later(x, minutes=4)
    await x.poll()
    assert (await x.desk.spending.of(x.bench.account)).dollars == pytest.approx(spent)
    (talk,) = await x.desk.store.listed(Conversation, f"open:{x.bench.account.brand}")
    await x.desk.conversations.reply(talk.id, "r1", "Sí", CARLA)
    x.bench.clock.by += timedelta(seconds=25)
    await hasten(x)
    (reply,) = await x.desk.conversations.replies(talk.id)
    assert (await x.bench.work(reply)).state is State.LIVE
    assert await billed(x) == pytest.approx((await x.desk.spending.of(x.bench.account)).dollars)
    await x.desk.spending.set_budget(x.bench.account.id, 0.01, ADMIN)
    before = len(await looks(x))
    await later(x, minutes=4)
    await x.poll()
    assert len(await looks(x)) == before


async def hasten(ear: Ear) -> None:
    """What waits is due by the store's own clock too."""
    store = ear.desk.store
    due: Any = await store.client.zrange(store.key("index", "due"), 0, -1)
    for id_ in due:
        await store.client.zadd(store.key("index", "due"), {id_: 0})


async def test_a_limit_that_is_reached_holds_back_private_things_alone(x: Ear) -> None:
    await switched(x)
    await letter(x, "Hola")
    await x.poll()
    (talk,) = await x.desk.store.listed(Conversation, f"open:{x.bench.account.brand}")
    until = str(int(x.bench.clock().timestamp()) + 600)
    limited = {"status": 429, "body": {"title": "Too Many Requests"}, "headers": {"x-rate-limit-reset": until}}
    await x.bench.outside.fault(target="x", route=f"GET {EVENTS}", times=1, **limited)
    await later(x, minutes=4)
    mentioned = await x.comment("¿Y en público?", author="Luis")
    await x.poll()
    assert mentioned in await x.heard(), "mentions are read all the same"
    await letter(x, "¿Y yo?", "Hugo")
    await later(x, minutes=4)
    await x.poll()
    assert await looks(x) == [200, 429], "nothing is asked before X's time"
    await x.bench.outside.fault(target="x", route="POST /2/dm_conversations/with/*", times=1, **limited)
    await x.desk.conversations.reply(talk.id, "r1", "Sí", CARLA)
    x.bench.clock.by += timedelta(seconds=25)
    await hasten(x)
    (reply,) = await x.desk.conversations.replies(talk.id)
    waiting = await x.bench.work(reply, State.PLANNED)
    assert (waiting.state, waiting.trouble and waiting.trouble.kind) == (State.PLANNED, "rate_limited")
    post = await approve(x.desk, x.bench.account, "Esto sale")
    await hasten(x)
    assert (await x.bench.work(post)).state is State.LIVE
    assert await x.bench.public() == ["Esto sale"]


async def test_a_permission_that_is_missing_rings_nobody_and_is_told(x: Ear) -> None:
    await switched(x)
    kept_back = {"account": x.bench.where, "scopes": ["dm.read", "dm.write"]}
    await x.bench.outside.post("/audience/withhold", **kept_back)
    assert await x.desk.private.lacks(x.bench.account) is None
    account = await x.desk.accounts.get(x.bench.account.id)
    for _ in range(9):
        await x.poll()
        assert await x.desk.private.lacks(account) == "Read and write and Direct message"
        await later(x, minutes=4)
    assert len(await looks(x)) == 9, "it is tried on: the permission may come"
    assert await x.desk.alarms.about(f"unheard:{account.id}") == []
    assert (await x.desk.accounts.get(account.id)).state == "active"
    await x.bench.outside.post("/audience/withhold", **{**kept_back, "scopes": []})
    said = await letter(x, "Hola")
    await x.poll()
    assert await x.heard() == [said]
    assert await x.desk.private.lacks(account) is None


async def test_silence_rings_and_is_over_when_nobody_wants_them_any_more(x: Ear) -> None:
    await switched(x)
    await x.bench.outside.fault(target="x", route=f"GET {EVENTS}", status=503, body="<html>", times=99)
    for _ in range(7):
        await x.poll()
        await later(x, minutes=4)
    (alarm,) = await x.desk.alarms.about(f"unheard:{x.bench.account.id}")
    assert (alarm.things[0].detail["why"], alarm.over_at) == ("unheard", None)
    await switched(x, on=False)
    (alarm,) = await x.desk.alarms.about(f"unheard:{x.bench.account.id}")
    assert alarm.over_at is not None


@pytest.mark.parametrize("network", ["x", "facebook"])
async def test_what_is_private_is_not_looked_at_again_among_comments(benches: dict[str, Bench], network: str) -> None:
    """Asked for as though it were public it isn't there, which would read as though its author had deleted it."""
    ear = Ear(benches[network])
    if network == "x":
        await switched(ear)
    said = [await letter(ear, "Hola"), await ear.comment("¿Y en público?", author="Luis")]
    await ear.poll()
    assert await ear.heard() == sorted(said)
    await later(ear, hours=25)
    looked_at = await ear.desk.receiving.to_look_at(ear.bench.account, 20, timedelta(hours=1))
    assert [words.ref for words in looked_at] == said[1:]


async def test_reconnecting_keeps_the_switch(x: Ear) -> None:
    on = await switched(x)
    account = x.bench.account
    connector = x.desk.accounts.open(account)
    identity = await connector.whoami()
    await connector.aclose()
    again = await x.desk.accounts.connect(account.brand, "x", {"access_token": "t"}, identity, ADMIN)
    assert (again.messages_since, again.slots) == (on.messages_since, on.slots)

"""A storm through the real store: who gets a card, who is counted, ten thousand at once; and acts for all."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.alarms import Alarm, AlarmKind
from bot.domain.brands import Account, Role
from bot.domain.bulk import Bulk, BulkState
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus
from bot.domain.deliveries import Delivery, State
from bot.domain.errands import Errand
from bot.domain.house_rules import HouseRules
from bot.domain.inbox_views import View, Wanted
from bot.domain.people import Relationship
from bot.domain.records import score
from bot.domain.storms import CARDS, Crowd, Storm
from bot.engine.failpoints import Failpoints
from bot.engine.storms import StormEngine
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.network import Author, Change, Item, ItemKind, Page, Ref
from tests.desk.conftest import Clock, Team

SAME = (
    "Devolvedme el dinero ya",
    "devolvedme el DINERO ya!!",
    "Devolvedme el dinero yaaaa 😡",
    "@letters devolvedme el dinero ya",
)


def said(number: int, text: str, at: datetime, author: str = "") -> Item:
    who = author or f"p{number}"
    return Item(Ref(f"s{number}"), ItemKind.COMMENT, Author(who, who, f"Persona {who}"), text, at, Ref("post"))


def many(count: int, at: datetime, start: int = 0) -> list[Item]:
    """So many people who say nearly the same."""
    return [said(n, SAME[n % len(SAME)], at) for n in range(start, start + count)]


def different(count: int, at: datetime, start: int = 0) -> list[Item]:
    """So many people of whom each says something else."""
    found = range(start, start + count)
    return [said(n, " ".join(number_word(n * prime + 13) for prime in (7919, 104_729, 15_485_863)), at) for n in found]


def number_word(number: int) -> str:
    """Letters of its own for each number."""
    return "".join("bcdfghjklm"[int(digit)] * 2 for digit in str(number))


async def hear(desk: Desk, account: Account, items: Sequence[Item]) -> None:
    await desk.receiving.receive(account, Page(items, ""), None)


async def the_crowd(desk: Desk) -> Crowd:
    (found,) = await desk.store.listed(Crowd, "crowds")
    return found


async def talks(desk: Desk, crowd: str) -> list[Conversation]:
    return await desk.store.listed(Conversation, f"crowd:{crowd}", limit=20_000)


async def work(desk: Desk, clock: Clock, rounds: int = 200) -> None:
    """The engine, until nothing of any act is left; what is due goes out."""
    engine = StormEngine(desk, Failpoints())
    for _ in range(rounds):
        if not await desk.store.client.zcard(desk.store.key("index", "bulks")):
            return
        for answer in await desk.store.listed(Delivery, "due", high=score(clock())):
            await desk.deliveries.live(answer.id, f"ref-{answer.id}", "")
        await engine.tick()
        clock.pass_(seconds=2)
    raise AssertionError("it comes to no end")


async def events(desk: Desk, kind: str) -> list[str]:
    rows: Any = await desk.store.client.xrange(desk.store.key("events"))
    return [fields["event"] for _, fields in rows if f'"{kind}"' in fields["event"]]


@pytest.fixture
def account(people: Team) -> Account:
    return people.accounts["agora"]


async def test_the_fourth_makes_a_crowd_and_only_the_first_three_have_cards(
    desk: Desk, account: Account, clock: Clock
) -> None:
    await hear(desk, account, many(3, clock.at))
    assert await events(desk, "crowd_changed") == []
    await hear(desk, account, [*many(2, clock.at, 3), said(9, "¿Abrís el domingo por la tarde?", clock.at)])
    crowd = await the_crowd(desk)
    assert (crowd.count, len(await events(desk, "crowd_changed"))) == (5, 1)
    found = await talks(desk, crowd.id)
    assert sorted(talk.gathered for talk in found) == [False, False, False, True, True]
    (other,) = [t for t in await desk.store.listed(Conversation, "open:agora") if t.crowd != crowd.id]
    assert not other.gathered
    page = await desk.crowds.page(crowd.id)
    assert (page.people, page.waiting, page.taken, page.closed) == (5, 5, 0, 0)
    assert page.first is not None
    assert page.first.person.id == "p0"


async def test_one_person_who_repeats_is_no_crowd_and_neither_is_tomorrow(
    desk: Desk, account: Account, clock: Clock
) -> None:
    await hear(desk, account, [said(n, SAME[0], clock.at, author="troll") for n in range(8)])
    await hear(desk, account, many(2, clock.at, 20))
    assert await desk.store.listed(Crowd, "crowds") == []
    clock.pass_(minutes=11)
    await hear(desk, account, many(3, clock.at, 30))
    assert await desk.store.listed(Crowd, "crowds") == []


async def test_brands_and_accounts_never_mix(desk: Desk, people: Team, clock: Clock) -> None:
    await hear(desk, people.accounts["agora"], many(3, clock.at))
    await hear(desk, people.accounts["northwind"], many(3, clock.at))
    assert await desk.store.listed(Crowd, "crowds") == []


async def test_who_said_it_first_took_it_back_and_another_is_shown(desk: Desk, account: Account, clock: Clock) -> None:
    await hear(desk, account, many(5, clock.at))
    crowd = await the_crowd(desk)
    first = await desk.conversations.get(crowd.first)

    await desk.receiving.receive(account, Page([], "", changes=[Change(Ref("s0"), clock.at, gone=True)]), None)
    page = await desk.crowds.page(crowd.id)
    assert page.sample is not None
    assert page.sample.ref != first.latest.ref


async def test_beyond_the_pace_they_are_counted_and_reachable_and_taking_one_gives_it_a_card(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    await hear(desk, account, different(60, clock.at))
    (storm,) = await desk.store.listed(Storm, "storms")
    assert (storm.count, storm.gathered, storm.spike) == (60, 60 - CARDS, True)
    found = await desk.store.listed(Conversation, "open:agora")
    without = [talk for talk in found if talk.gathered]
    assert len(without) == 40
    for act in ("new", "heard", "rewritten", "targets", "close", "for_all", "undo", "delivery"):
        assert not await desk.storms.has_card(without[0], act)
    assert await desk.storms.has_card(without[0], "claim")
    listed = [
        talk.id
        for number in range(8)
        for talk in (await desk.inbox_list.page(Wanted(view=View.ALL, account=account.id), number, people.carla)).talks
    ]
    assert sorted(listed) == sorted(talk.id for talk in found)


async def test_the_alarm_rings_once_and_is_over_with_the_storm(desk: Desk, account: Account, clock: Clock) -> None:
    await hear(desk, account, different(60, clock.at))
    for _ in range(5):
        await desk.storms.look()
    (alarm,) = await desk.alarms.open("agora")
    assert alarm.kind is AlarmKind.SPIKE
    assert alarm.detail["count"] == "60"
    drawn = len(await events(desk, "storm_changed"))
    assert drawn == 2, "it began, and its card was behind once"
    clock.pass_(seconds=30)
    await hear(desk, account, [said(500, "¿Y ahora qué pasa con esto?", clock.at)])
    await desk.storms.look()
    (storm,) = await desk.store.listed(Storm, "storms")
    assert (storm.count, storm.told) == (61, 61)
    clock.pass_(minutes=16)
    await desk.storms.look()
    assert await desk.store.listed(Storm, "storms") == []
    assert (await desk.storms.get(storm.id)).over_at == clock.at
    assert await desk.alarms.open("agora") == []
    await hear(desk, account, [said(501, "Una pregunta normal", clock.at)])
    assert await desk.store.listed(Storm, "storms") == []
    assert len(await desk.store.listed(Alarm, f"alarms_about:{storm.id}")) == 1


async def test_a_lot_of_old_news_floods_no_channel_and_rings_nobody(desk: Desk, account: Account, clock: Clock) -> None:
    await hear(desk, account, different(60, clock.at - timedelta(hours=5)))
    await desk.storms.look()
    (storm,) = await desk.store.listed(Storm, "storms")
    assert (storm.spike, storm.gathered) == (False, 40)
    assert await desk.alarms.open("agora") == []


@pytest.mark.slow
async def test_ten_thousand_in_a_minute(
    desk: Desk, people: Team, account: Account, clock: Clock, record_property: Any
) -> None:
    """Nothing is lost, all of it is in the list, few have a card, and the cards that count are few drawings."""
    began = time.perf_counter()
    number, pages = 0, 0
    for second in range(60):
        at = clock.at
        batch = [*many(84, at, number), *different(83, at, number + 84)]
        number += len(batch)
        await hear(desk, account, batch[: 10_000 - (number - len(batch))])
        if second % 4 == 0:
            await desk.storms.look()
            pages += 1
        clock.pass_(seconds=1)
    await desk.storms.look()
    took = time.perf_counter() - began
    keys = [str(key) async for key in desk.store.client.scan_iter(desk.store.key("conversation", "*"), count=5000)]
    assert len(keys) == 10_000
    first = await desk.inbox_list.page(Wanted(view=View.ALL), 0, people.carla)
    assert first.total == 10_000
    found = await desk.store.listed(Conversation, "open:agora", limit=20_000)
    own = [talk for talk in found if not talk.gathered]
    (storm,) = await desk.store.listed(Storm, "storms")
    assert storm.count == 10_000
    assert len(own) <= CARDS + 60 / 4 + 3
    assert storm.told == storm.count
    crowds = await desk.store.listed(Crowd, "crowds")
    assert max(crowd.count for crowd in crowds) >= 5_000
    drawn = len(await events(desk, "storm_changed"))
    assert drawn <= pages + 2
    assert len(await desk.alarms.open("agora")) == 1
    record_property("table", f"10,000 comments: {took:.1f} s, {len(crowds)} crowds, {len(own)} cards, {drawn} drawings")
    assert took < 60


# --- for all of them


async def gathered(desk: Desk, account: Account, clock: Clock, count: int = 25) -> Crowd:
    await hear(desk, account, many(count, clock.at))
    clock.pass_(seconds=5)
    return await the_crowd(desk)


async def test_claim_all_leaves_a_colleagues_alone_and_newcomers_too(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock)
    page = await desk.crowds.page(crowd.id)
    mine, *_ = await talks(desk, crowd.id)
    await desk.conversations.claim(mine.id, people.admin)
    await hear(desk, account, many(3, clock.at, 100))
    bulk = await desk.crowds.claim_all(crowd.id, people.carla, seen=page.waiting, until=page.until)
    await work(desk, clock)
    bulk = await desk.store.get(Bulk, bulk.id)
    assert (bulk.state, bulk.done, bulk.passed, bulk.seen) == (BulkState.DONE, 24, 1, 25)
    owners = [talk.owner for talk in await talks(desk, crowd.id)]
    assert (owners.count(people.carla.id), owners.count(people.admin.id), owners.count("")) == (24, 1, 3)
    assert (await the_crowd(desk)).busy == ""
    acts = [entry for entry in await record(desk) if "crowd.claim" in entry or "conversation.claim" in entry]
    assert (
        sum("crowd.claim.asked" in entry for entry in acts) == sum("crowd.claim.done" in entry for entry in acts) == 1
    )
    assert sum("for all of" in entry for entry in acts) == 24


async def record(desk: Desk) -> list[str]:
    rows: Any = await desk.store.client.xrange(desk.store.key("audit"))
    return [fields["entry"] for _, fields in rows]


async def test_close_all_with_a_reason_and_none_that_takes_two(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock)
    page = await desk.crowds.page(crowd.id)
    with pytest.raises(NotAllowed):
        await desk.crowds.close_all(crowd.id, ClosedAs.DELETED, people.carla, seen=1, until=page.until)
    await desk.crowds.close_all(crowd.id, ClosedAs.NO_REPLY, people.carla, seen=25, until=page.until)
    with pytest.raises(AlreadyDone):
        await desk.crowds.close_all(crowd.id, ClosedAs.SPAM, people.admin, seen=25, until=page.until)
    await work(desk, clock)
    assert {talk.closed_as for talk in await talks(desk, crowd.id)} == {ClosedAs.NO_REPLY}
    again = await desk.crowds.close_all(crowd.id, ClosedAs.SPAM, people.admin, seen=25, until=page.until)
    await work(desk, clock)
    assert (await desk.store.get(Bulk, again.id)).done == 0


async def test_who_may_not_is_refused_and_who_may_no_longer_stops(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock, 80)
    for who in (people.ana, people.bruno, people.diego, people.eva):
        with pytest.raises(NotAllowed):
            await desk.crowds.claim_all(crowd.id, who, seen=1, until=10**15)
    bulk = await desk.crowds.claim_all(crowd.id, people.carla, seen=80, until=10**15)
    engine = StormEngine(desk, Failpoints())
    await engine.tick()
    await desk.brands.set_roles("agora", people.carla.id, frozenset({Role.VIEWER}), people.admin)
    clock.pass_(seconds=3)
    await work(desk, clock)
    stopped = await desk.store.get(Bulk, bulk.id)
    assert (stopped.state, stopped.done, stopped.problem) == (BulkState.STOPPED, 50, "error.no_role")
    assert (await the_crowd(desk)).busy == ""


async def test_hide_all_asks_for_each_once(desk: Desk, people: Team, account: Account, clock: Clock) -> None:
    crowd = await gathered(desk, account, clock, 30)
    await desk.crowds.hide_all(crowd.id, people.carla, seen=30, until=10**15)
    await work(desk, clock)
    errands = [e for t in await talks(desk, crowd.id) for e in await desk.store.listed(Errand, f"errands:{t.id}")]
    assert len(errands) == 30
    assert all(errand.wanted and errand.by == people.carla.id for errand in errands)


TEXTS = {"text": "Lo miramos.", "text2": "Ahora lo vemos.", "text3": "", "text4": "Gracias, lo veo"}


async def test_each_is_answered_once_with_a_variation_whatever_dies_on_the_way(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock)
    bulk = await desk.crowds.answer_all(crowd.id, "b1", TEXTS, people.carla, seen=25, until=10**15)
    assert (await desk.crowds.answer_all(crowd.id, "b1", TEXTS, people.carla, seen=25, until=10**15)).id == bulk.id
    engine = StormEngine(desk, Failpoints())
    await engine.tick()
    clock.pass_(seconds=2)
    taken = await desk.crowds.for_many.take(bulk.id)
    assert taken is not None
    await desk.crowds.for_many.batch(taken)  # and the process dies before it stored how far it came
    clock.pass_(seconds=61)
    await work(desk, clock)
    bulk = await desk.store.get(Bulk, bulk.id)
    assert (bulk.state, bulk.done, bulk.passed) == (BulkState.DONE, 25, 0)
    answers = [a for t in await talks(desk, crowd.id) for a in await desk.conversations.replies(t.id)]
    texts = [answer.reply.text for answer in answers if answer.reply]
    assert len(texts) == 25
    assert {texts.count(text) for text in TEXTS.values() if text} == {8, 9}
    assert {talk.closed_as for talk in await talks(desk, crowd.id)} == {ClosedAs.ANSWERED}


@pytest.mark.parametrize(("off", "left"), [(frozenset[str](), 1), (frozenset({"disclosure"}), 0)])
async def test_no_thanks_to_who_is_paid_among_many_unless_they_say_so(
    desk: Desk, people: Team, account: Account, clock: Clock, off: frozenset[str], left: int
) -> None:
    await desk.brands.change("agora", people.admin, rules=HouseRules(off=off))
    crowd = await gathered(desk, account, clock)
    paid, told, *_ = await talks(desk, crowd.id)
    await desk.people.describe(paid.who, people.carla, [], "", Relationship.PAID)
    await desk.people.describe(told.who, people.carla, [], "", Relationship.PAID)
    shown = await desk.crowds.to_answer_all(crowd.id, people.carla)
    assert {each.id for each in shown.related} == (set() if off else {paid.who, told.who})
    thanks = {"text": "Thank you!", "text2": "Thanks! (#ad)"}
    await desk.crowds.answer_all(crowd.id, "b1", thanks, people.carla, seen=25, until=10**15)
    await work(desk, clock)
    bulk = await desk.store.get(Bulk, "b1")
    assert (bulk.done, bulk.passed) == (25 - left, left)
    assert len(await desk.conversations.replies(paid.id)) == 1 - left
    assert (await desk.conversations.get(paid.id)).status is not ConversationStatus.CLOSED or not left
    assert len(await desk.conversations.replies(told.id)) == 1, "the second variation says it"


async def test_it_is_not_over_and_can_be_undone_while_the_network_has_some_wait(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock, 8)
    bulk = await desk.crowds.answer_all(crowd.id, "b1", TEXTS, people.carla, seen=8, until=10**15)
    engine = StormEngine(desk, Failpoints())
    for _ in range(20):
        await engine.tick()
        clock.pass_(seconds=31)
    assert (await desk.store.get(Bulk, bulk.id)).state is BulkState.RUNNING
    await desk.crowds.undo(bulk.id, people.carla)
    for _ in range(6):
        await engine.tick()
        clock.pass_(seconds=3)
    over = await desk.store.get(Bulk, bulk.id)
    assert (over.state, over.undone) == (BulkState.UNDONE, 8)


async def test_an_answer_that_the_brand_does_not_want_is_refused_beside_its_field(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock)
    long = {**TEXTS, "text4": "x" * 21}
    with pytest.raises(FieldErrors) as refused:
        await desk.crowds.answer_all(crowd.id, "b1", long, people.carla, seen=25, until=10**15)
    assert set(refused.value.fields) == {"text4"}
    await desk.stops.stop("agora", people.bruno, silence=True)
    with pytest.raises(UserError, match="silenced"):
        await desk.crowds.answer_all(crowd.id, "b1", TEXTS, people.carla, seen=25, until=10**15)


async def test_silence_in_the_middle_stops_it(desk: Desk, people: Team, account: Account, clock: Clock) -> None:
    crowd = await gathered(desk, account, clock)
    bulk = await desk.crowds.answer_all(crowd.id, "b1", TEXTS, people.carla, seen=25, until=10**15)
    await StormEngine(desk, Failpoints()).tick()
    await desk.stops.stop("agora", people.bruno, silence=True)
    clock.pass_(seconds=3)
    await work(desk, clock)
    stopped = await desk.store.get(Bulk, bulk.id)
    assert (stopped.state, stopped.problem, stopped.done) == (BulkState.STOPPED, "error.brand_silenced", 10)


async def test_undo_takes_back_all_that_did_not_go_out(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock)
    bulk = await desk.crowds.answer_all(crowd.id, "b1", TEXTS, people.carla, seen=25, until=10**15)
    engine = StormEngine(desk, Failpoints())
    await engine.tick()
    clock.pass_(seconds=2)
    await engine.tick()
    await desk.crowds.undo(bulk.id, people.admin)
    with pytest.raises(AlreadyDone):
        await desk.crowds.undo(bulk.id, people.carla)
    await work(desk, clock)
    over = await desk.store.get(Bulk, bulk.id)
    assert (over.state, over.undone, over.undone_by) == (BulkState.UNDONE, 20, people.admin.id)
    answers = [a for t in await talks(desk, crowd.id) for a in await desk.conversations.replies(t.id)]
    assert [answer.state for answer in answers] == [State.WITHDRAWN] * 20
    assert isinstance(answers[0], Delivery)


async def test_a_colleague_who_is_answering_is_not_crossed(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock, 6)
    one, *_ = await talks(desk, crowd.id)
    await desk.handling.answering(one.id, people.admin)
    bulk = await desk.crowds.answer_all(crowd.id, "b1", TEXTS, people.carla, seen=6, until=10**15)
    await work(desk, clock)
    assert (await desk.store.get(Bulk, bulk.id)).passed == 1
    assert (await desk.conversations.get(one.id)).status is ConversationStatus.NEW
    assert len(await talks(desk, crowd.id)) == 6


async def test_what_nobody_looks_at_any_more_is_forgotten(
    desk: Desk, people: Team, account: Account, clock: Clock
) -> None:
    crowd = await gathered(desk, account, clock, 40)
    bulk = await desk.crowds.claim_all(crowd.id, people.carla, seen=40, until=10**15)
    await work(desk, clock)
    clock.pass_(days=1)
    await desk.storms.look()
    clock.pass_(days=31)
    await desk.storms.look()
    assert await desk.store.find(Crowd, crowd.id) is None
    assert await desk.store.find(Bulk, bulk.id) is None
    for record_ in ("storms", "storms:over"):
        assert await desk.store.listed(Storm, record_) == []
    with pytest.raises(UserError, match="no_such_crowd"):
        await desk.crowds.claim_all(crowd.id, people.carla, seen=1, until=10**15)


async def test_what_is_said_in_private_is_never_shown_among_others(desk: Desk, account: Account, clock: Clock) -> None:
    """Twenty who write the same privately: each a conversation with a card of its own, no crowd, no storm."""
    private = [
        replace(each, ref=Ref(f"m{n}"), kind=ItemKind.MESSAGE, root=None, parent=Ref(f"t{n}"))
        for n, each in enumerate(many(20, clock.at))
    ]
    await hear(desk, account, private)
    assert await desk.store.listed(Crowd, "crowds") == []
    assert await events(desk, "storm_changed") == []
    found = await desk.store.listed(Conversation, f"open:{account.brand}")
    assert [(talk.private, talk.gathered, talk.crowd) for talk in found] == [(True, False, "")] * 20

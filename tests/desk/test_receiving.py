"""What became of what people said, through the real store: edits, deletions, hiding, in any order."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.conversations import Conversation, Words
from bot.errors import UserError
from bot.network import Change, Item, Page, Ref
from tests.desk.conftest import Clock, Team
from tests.desk.test_inbox import AT, everything, hear, item

ACCOUNT = "letters-agora"


def edited(seconds: int, text: str) -> Item:
    """The first comment, changed so long after it was made."""
    old = item(1)
    return Item(
        old.ref, old.kind, old.author, text, old.at, old.root, seen=AT + timedelta(seconds=seconds), edited=True
    )


def gone(seconds: int) -> Change:
    return Change(Ref("r1"), AT + timedelta(seconds=seconds), gone=True)


async def told(desk: Desk, people: Team, *what: Item | Change) -> None:
    """What a network tells, without a cursor."""
    items = [one for one in what if isinstance(one, Item)]
    changes = [one for one in what if isinstance(one, Change)]
    await desk.receiving.receive(people.accounts["agora"], Page(items, "", changes=changes), None)


async def only(desk: Desk) -> Words:
    (talk,) = await everything(desk)
    return talk.latest


async def test_an_edit_follows_and_before_is_kept(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    await told(desk, people, edited(60, "adiós"))
    await told(desk, people, edited(60, "adiós"))
    words = await only(desk)
    assert words.text == "adiós"
    assert [version.text for version in words.edits] == ["hola 1", "adiós"]
    events: Any = await desk.store.client.xrange(desk.store.key("events"))
    assert ["rewritten" in fields["event"] for _, fields in events].count(True) == 1


async def test_every_order_of_arrival_comes_to_the_same(desk: Desk, people: Team) -> None:
    """Webhooks overtake each other: what is told of a comment that isn't here waits for it."""
    hidden = Change(Ref("r1"), AT + timedelta(seconds=30), hidden=True)
    states = set()
    what: list[Item | Change] = [item(1), edited(60, "adiós"), gone(90), hidden]
    for number, order in enumerate(itertools.permutations(what)):
        account = people.accounts["agora"].model_copy(update={"id": f"letters-{number}"})
        for one in order:
            page = Page([one], "") if isinstance(one, Item) else Page([], "", changes=[one])
            await desk.receiving.receive(account, page, None)
        (talk,) = await desk.store.listed(Conversation, f"open_at:letters-{number}")
        words = talk.latest
        states.add((words.text, words.hidden, words.gone_at, tuple(version.text for version in words.edits)))
    assert states == {("adiós", True, AT + timedelta(seconds=90), ("hola 1", "adiós"))}


async def test_what_was_told_of_nothing_waits_a_week_and_not_longer(desk: Desk, people: Team) -> None:
    await told(desk, people, gone(5), gone(5), gone(6))
    assert await everything(desk) == []
    assert 0 < await desk.store.client.ttl(desk.store.key("foretold", f"{ACCOUNT}:r1")) <= 7 * 86_400
    await hear(desk, people, item(1))
    assert (await only(desk)).gone_at == AT + timedelta(seconds=5)
    assert not await desk.store.client.exists(desk.store.key("foretold", f"{ACCOUNT}:r1"))


async def test_what_its_author_deleted_is_not_answered(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    (talk,) = await everything(desk)
    await told(desk, people, gone(60))
    for attempt in (
        desk.inbox.to_answer(talk.id, people.carla),
        desk.conversations.reply(talk.id, "x", "¡Sí!", people.carla),
    ):
        with pytest.raises(UserError) as refused:
            await attempt
        assert refused.value.key == "error.comment_gone"


async def test_its_text_goes_after_the_brands_time(desk: Desk, people: Team, clock: Clock) -> None:
    await hear(desk, people, item(1), item(2))
    clock.at = AT + timedelta(days=1)
    await told(desk, people, edited(60, "un secreto"), gone(90))
    clock.at = AT + timedelta(days=29)
    assert await desk.retention.erase_due() == 0
    clock.at = AT + timedelta(days=31)
    assert await desk.retention.erase_due() == 1
    assert await desk.retention.erase_due() == 0
    talks = {talk.latest.ref: talk for talk in await everything(desk)}
    assert talks["r2"].latest.text == "hola 2"
    assert "secreto" not in talks["r1"].model_dump_json()
    assert "hola 1" not in talks["r1"].model_dump_json()
    await told(desk, people, edited(120, "otra vez"))
    assert (await desk.conversations.get(talks["r1"].id)).latest.text == ""
    lines: Any = await desk.store.client.xrange(desk.store.key("audit"))
    assert sum("conversation.erase" in fields["entry"] for _, fields in lines) == 1


async def test_looking_tells_only_what_people_do_not_see(desk: Desk, people: Team) -> None:
    account = people.accounts["agora"]
    await hear(desk, people, item(1))
    before = (await everything(desk))[0].version
    same = Change(Ref("r1"), AT + timedelta(hours=1), text="hola 1", hidden=False)
    await desk.receiving.looked(account, [same, Change(Ref("nobody"), AT, gone=True)])
    assert (await everything(desk))[0].version == before
    await desk.receiving.looked(account, [Change(Ref("r1"), AT + timedelta(hours=1), text="hola 1", hidden=True)])
    assert (await only(desk)).hidden


async def test_the_longest_unseen_are_looked_at_first_and_each_once_in_its_time(
    desk: Desk, people: Team, clock: Clock
) -> None:
    account, hour = people.accounts["agora"], timedelta(hours=1)
    clock.at = AT + timedelta(minutes=30)
    await hear(desk, people, *(item(n) for n in range(3)))
    assert await desk.receiving.to_look_at(account, 2, hour) == []
    clock.at = AT + timedelta(hours=2)
    first = await desk.receiving.to_look_at(account, 2, hour)
    assert [words.ref for words in first] == ["r0", "r1"]
    await desk.receiving.looking(account, first)
    assert [words.ref for words in await desk.receiving.to_look_at(account, 2, hour)] == ["r2"]
    clock.at = AT + timedelta(days=8)
    assert await desk.receiving.to_look_at(account, 2, hour) == []

"""Cards: posted once, drawn again in place, found after a crash, at the pace that Slack allows."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.brands import Brand
from bot.domain.events import BrandChanged, ConversationChanged, PostChanged
from bot.slack.blocks import Message
from bot.slack.cards import Draw
from bot.slack.deck import TRIES, Deck
from bot.slack.placed import Placed
from tests.slack.conftest import GENERAL, NAMES, REVIEW, Workspace, put
from tests.slack.feature import BrandCard, Broken, Renamed

CARD = BrandCard(brand="b1")
EVENT = BrandChanged(brand="b1", by="")


async def rename(slack: Workspace, name: str) -> None:
    """Gives the brand another name, and a next version."""
    await put(slack.store, (await slack.store.get(Brand, "b1")).model_copy(update={"name": name}))


async def draw_all(slack: Workspace, deck: Deck, rounds: int = 20) -> None:
    """Lets time pass until nothing is due."""
    for _ in range(rounds):
        await deck.serve()
        slack.clock.skip(seconds=2)
        if not await deck.marks.waiting():
            return


async def placed(slack: Workspace, channel: str = REVIEW) -> Placed:
    """The card's record."""
    return await slack.store.get(Placed, Placed.name(channel, CARD.key))


def names(messages: Sequence[dict[str, Any]]) -> list[str]:
    """Their texts."""
    return [message["text"] for message in messages]


async def test_an_event_posts_a_card_and_its_notice_below(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.tell(EVENT)
    await draw_all(quiet, deck)
    card, notice = await quiet.messages()
    assert card["metadata"] == {"event_type": "vocero_card", "event_payload": {"card": CARD.key}}
    assert notice["thread_ts"] == card["ts"]
    assert await deck.where(CARD) == (REVIEW, card["ts"])
    assert await deck.where(BrandCard(brand="other")) is None
    (call, _) = await quiet.calls("chat.postMessage")
    assert (call["args"]["unfurl_links"], call["args"]["unfurl_media"]) == (False, False)


async def test_a_change_is_drawn_in_place_and_notices_are_said_once(quiet: Workspace) -> None:
    deck = quiet.deck()
    for name in ("Uno", "Dos", "Tres"):
        await rename(quiet, name)
        await deck.tell(EVENT)
        await draw_all(quiet, deck)
    assert names(await quiet.messages()) == ["Tres", "now Uno", "now Dos", "now Tres"]
    await deck.tell(EVENT)
    await draw_all(quiet, deck)
    assert len(await quiet.messages()) == 4


async def test_many_touches_are_one_drawing(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, CARD)] * 5)
    await deck.touch([Draw(REVIEW, CARD)])
    assert await deck.marks.waiting() == {REVIEW: 1}
    await draw_all(quiet, deck)
    assert len(await quiet.calls("chat.postMessage")) == 1
    assert await quiet.calls("chat.update") == []


async def test_two_senders_post_one_card(quiet: Workspace) -> None:
    decks = [quiet.deck() for _ in range(4)]
    await asyncio.gather(*(deck.touch([Draw(REVIEW, CARD)]) for deck in decks))
    await asyncio.gather(*(deck.serve() for deck in decks))
    assert len(await quiet.messages()) == 1


async def test_an_older_drawing_changes_nothing(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, CARD)])
    await deck.serve()
    record = await placed(quiet)
    change = quiet.store.begin()
    change.put(record.model_copy(update={"drawn": 99, "digest": "of a newer one"}))
    await change.commit()
    quiet.clock.skip(seconds=5)
    await deck.touch([Draw(REVIEW, CARD)])
    await deck.serve()
    assert await quiet.calls("chat.update") == []
    assert await deck.marks.waiting() == {}


async def test_a_deleted_card_is_posted_anew(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, CARD)])
    await deck.serve()
    first = (await placed(quiet)).ts
    await quiet.api.web.chat_delete(channel=REVIEW, ts=first)
    await rename(quiet, "Otro")
    await deck.touch([Draw(REVIEW, CARD)])
    await draw_all(quiet, deck)
    assert names(await quiet.messages()) == ["Otro"]
    assert (await placed(quiet)).ts != first


@pytest.mark.parametrize("lost", [True, False], ids=["posted", "never posted"])
async def test_a_crash_between_posting_and_storing_is_found_out(quiet: Workspace, lost: bool) -> None:
    """The answer is lost after the message was posted, or before: either way there is one message in the end."""
    deck = quiet.deck()
    await quiet.fault(route="chat.postMessage", when="after" if lost else "before", drop=True)
    await deck.touch([Draw(REVIEW, CARD)])
    await deck.serve()
    assert len(await quiet.messages()) == int(lost)
    assert (await placed(quiet)).posting is not None
    await rename(quiet, "Otro")
    await draw_all(quiet, deck)
    assert names(await quiet.messages()) == ["Otro"]
    assert (await placed(quiet)).posting is None


async def test_another_process_finds_out(quiet: Workspace) -> None:
    dying, living = quiet.deck(), quiet.deck()
    await dying.touch([Draw(REVIEW, CARD)])
    await dying.serve()
    record = await placed(quiet)
    change = quiet.store.begin()
    change.put(record.model_copy(update={"ts": "", "posting": quiet.clock(), "digest": "", "drawn": 0}))
    await change.commit()
    for number in range(20):
        await quiet.api.post(REVIEW, Message(f"talk {number}"))
        quiet.clock.skip(seconds=1)
    await living.touch([Draw(REVIEW, CARD)])
    await draw_all(quiet, living)
    assert len([name for name in names(await quiet.messages()) if name == "Café"]) == 1
    assert (await placed(quiet)).ts == record.ts


async def test_the_pace_and_its_allowance(quiet: Workspace) -> None:
    deck = quiet.deck()
    notices = [Draw(REVIEW, Renamed(brand="b1", version=n)) for n in range(6)]
    start = quiet.clock()
    await deck.touch(notices)
    sent = []
    while await deck.marks.waiting():
        if await deck.serve():
            sent.append((quiet.clock() - start).total_seconds())
        quiet.clock.skip(seconds=0.25)
    assert len(sent) == 6
    assert sent[1] < 1
    assert all(at >= number - 1 for number, at in enumerate(sent))


async def test_slacks_own_pace_is_obeyed_and_the_order_is_kept(quiet: Workspace) -> None:
    deck = quiet.deck()
    await quiet.fault(
        route="chat.postMessage", status=429, headers={"Retry-After": "7"}, body={"ok": False, "error": "ratelimited"}
    )
    await deck.touch([Draw(REVIEW, Renamed(brand="b1", version=n)) for n in range(3)])
    await deck.touch([Draw(GENERAL, CARD)])
    for _ in range(4):
        await deck.serve()
    assert len(await quiet.messages(GENERAL)) + len(await quiet.messages()) == 1
    quiet.clock.skip(seconds=5)
    await deck.serve()
    before = len(await quiet.calls("chat.postMessage"))
    await draw_all(quiet, deck)
    assert len(await quiet.calls("chat.postMessage")) - before <= 3
    versions = [message["metadata"]["event_payload"]["card"][-2] for message in await quiet.messages()]
    assert versions == ["0", "1", "2"] or len(versions) == 2


async def test_updates_wait_together_and_posts_go_on(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, CARD)])
    await deck.serve()
    await rename(quiet, "Otro")
    await quiet.fault(
        route="chat.update", status=429, headers={"Retry-After": "30"}, body={"ok": False, "error": "ratelimited"}
    )
    await deck.touch([Draw(REVIEW, CARD), Draw(REVIEW, Renamed(brand="b1", version=1))])
    for _ in range(5):
        quiet.clock.skip(seconds=2)
        await deck.serve()
    assert names(await quiet.messages()) == ["Café", "now Otro"]
    assert len(await quiet.calls("chat.update")) == 1
    quiet.clock.skip(seconds=30)
    await draw_all(quiet, deck)
    assert names(await quiet.messages())[0] == "Otro"


async def test_trouble_in_one_channel_stops_no_other(quiet: Workspace) -> None:
    told = []

    async def unreachable(channel: str, error: str) -> None:
        told.append((channel, error))

    deck = quiet.deck(unreachable=unreachable)
    await deck.touch([Draw("C0NOWHERE01", CARD), Draw(REVIEW, CARD)])
    await deck.serve()
    await deck.serve()
    assert len(await quiet.messages()) == 1
    assert told == [("C0NOWHERE01", "channel_not_found")]
    assert await deck.marks.waiting() == {"C0NOWHERE01": 1}
    for _ in range(3):
        quiet.clock.skip(minutes=10)
        await deck.serve()
    assert len(told) == 1
    assert len(await quiet.calls("chat.postMessage")) == 5


async def test_a_card_that_cannot_be_drawn_is_set_aside(quiet: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, Broken(brand="b1"))])
    await deck.touch([Draw(REVIEW, CARD)])
    with caplog.at_level(logging.ERROR):
        for _ in range(TRIES + 2):
            await deck.serve()
            quiet.clock.skip(minutes=5)
    assert names(await quiet.messages()) == ["Café"]
    assert await deck.marks.waiting() == {}
    (reference,) = (await deck.marks.aside()).values()
    assert reference in caplog.text


async def test_a_bug_in_one_handler_takes_nothing_from_the_others(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.tell(PostChanged(post="b1", act=REVIEW))
    await deck.tell(ConversationChanged(conversation="none", act=REVIEW))
    await draw_all(quiet, deck)
    assert names(await quiet.messages()) == ["Café"]


async def test_a_card_in_a_direct_message(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(f"@{NAMES['ana']}", CARD)])
    await draw_all(quiet, deck)
    assert names(await quiet.messages("@ana")) == ["Café"]
    await rename(quiet, "Otro")
    await deck.touch([Draw(f"@{NAMES['ana']}", CARD)])
    await draw_all(quiet, deck)
    assert names(await quiet.messages("@ana")) == ["Otro"]
    assert len(await quiet.calls("conversations.open")) == 1


async def test_what_is_gone_is_not_drawn(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, BrandCard(brand="gone"))])
    await draw_all(quiet, deck)
    assert await quiet.messages() == []
    assert await deck.marks.waiting() == {}


async def test_a_touch_during_a_drawing_is_another_drawing(quiet: Workspace) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, CARD)])
    (mark,) = await deck.marks.lease(quiet.clock(), limit=5)
    await deck.touch([Draw(REVIEW, CARD)])
    assert await deck.marks.lease(quiet.clock(), limit=5) == []
    await deck._draw(mark)
    assert await deck.marks.waiting() == {REVIEW: 1}


async def test_a_dead_sender_leaves_its_channel(quiet: Workspace) -> None:
    dying, living = quiet.deck(), quiet.deck()
    await dying.touch([Draw(REVIEW, CARD)])
    assert await dying.marks.lease(quiet.clock(), limit=5, lease=timedelta(milliseconds=1))
    quiet.clock.skip(seconds=1)
    async with asyncio.timeout(5):
        while not await living.serve():
            quiet.clock.skip(seconds=1)
    assert len(await quiet.messages()) == 1


async def test_it_runs_by_itself(quiet: Workspace) -> None:
    deck = quiet.deck()
    running = asyncio.create_task(deck.run())
    await deck.tell(EVENT)
    async with asyncio.timeout(10):
        while len(await quiet.messages()) < 2:
            quiet.clock.skip(seconds=1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

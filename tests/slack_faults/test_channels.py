"""Channels that go away between submit, approve and publish: publishing goes on, people hear, cards come later."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.brands import Brand
from bot.domain.deliveries import State
from bot.slack.cards import Draw
from bot.slack.deck import Deck
from bot.slack.refusals import A_DAY
from tests.handlers.demo import NAMES, Town
from tests.slack.conftest import REVIEW, Workspace, put
from tests.slack.feature import BrandCard, Renamed
from tests.slack_faults.test_double import submitted

CARD = BrandCard(brand="b1")
CHANNEL = "#agora-review"


async def steps(town: Town, times: int = 6, **span: float) -> None:
    """Events become cards, as far as channels can be written to."""
    for _ in range(times):
        await town.relay.step()
        await town.deck.serve()
        town.clock.skip(**(span or {"seconds": 2}))


async def publish(town: Town) -> None:
    """What is due goes out; cards follow as far as they can."""
    store = town.desk.store
    due: Any = await store.client.zrange(store.key("index", "due"), 0, -1)
    for id_ in due:
        await store.client.zadd(store.key("index", "due"), {id_: 0})
    await town.publisher.tick()
    await town.publisher.drain()
    await steps(town)


async def approve_at_home(town: Town, user: str = "bruno") -> None:
    """The approver presses on their Home, where no channel is needed."""
    view = await town.home(user)
    press = next(e for b in view["blocks"] for e in b.get("elements", ()) if e.get("action_id") == "review.approve")
    answer_ = await town.act("click", user=user, view_id=view["id"], action_id=press["action_id"], value=press["value"])
    assert answer_["ok"]


def card_of(messages: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """The messages that show a text."""
    return [message for message in messages if text in str(message["blocks"])]


@pytest.mark.parametrize(
    ("act", "undo", "said"),
    [("archive", "unarchive", "archiv"), ("kick", "invite", "/invite @vocero")],
)
@pytest.mark.parametrize("drawn", [True, False], ids=["card drawn", "card not drawn"])
async def test_the_channel_goes_between_submit_and_approve(
    town: Town, act: str, undo: str, said: str, drawn: bool
) -> None:
    """It goes public all the same; admins and the brand's people hear; when the channel is back, its card is right."""
    if drawn:
        post = await submitted(town, "Abrimos a las 9")
        await town.act("admin", act=act, channel=CHANNEL)
    else:
        await town.act("admin", act=act, channel=CHANNEL)
        view = (await town.command("ana", "post", "agora-review"))["view"]
        values = {"compose.form.text": "Abrimos a las 9", "compose.form.accounts": ["x-1500000000000000001"]}
        await town.act("submit", user="ana", view_id=view["id"], values=values)
        await steps(town)
        (post,) = [p.id for p in await town.desk.store.listed(_post(), "posts:agora:in_review")]
    await approve_at_home(town)
    await steps(town)
    await publish(town)
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]
    (delivery,) = await town.desk.posts.deliveries(post)
    assert delivery.state is State.LIVE
    if act == "archive" or not drawn:  # who was only removed may still edit what stands in a public channel
        for name in ("@admin", "@bruno", "@carla"):
            text = await town.text(name)
            assert said in text, name
            assert text.count("<#C01AGORREV1> (☕ Café Ágora)") == 1, name
        assert said not in await town.text("@diego")
    await town.act("admin", act=undo, channel=CHANNEL)
    town.clock.skip(minutes=3)
    await town.settle()
    (card,) = card_of(await town.messages(CHANNEL), "Abrimos a las 9")
    assert "Publicada" in str(card["blocks"])
    assert await town.deck.marks.aside() == {}


def _post() -> Any:
    from bot.domain.posts import Post  # noqa: PLC0415

    return Post


async def test_the_card_is_deleted_between_submit_and_approve(town: Town) -> None:
    post = await submitted(town, "Abrimos a las 9")
    (card,) = card_of(await town.messages(CHANNEL), "Abrimos a las 9")
    await town.api.web.chat_delete(channel="C01AGORREV1", ts=card["ts"])
    await approve_at_home(town)
    await town.settle()
    (anew,) = card_of(await town.messages(CHANNEL), "Abrimos a las 9")
    assert anew["ts"] != card["ts"]
    assert "Aprobada" in str(anew["blocks"])
    await town.publish(seconds=1)
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]
    assert len(card_of(await town.messages(CHANNEL), "Abrimos a las 9")) == 1
    assert len(await town.desk.posts.deliveries(post)) == 1


async def test_the_author_is_deactivated_between_submit_and_publish(town: Town) -> None:
    """A refusal can't be told to her: admins hear that, and everybody else hears of the refusal as ever."""
    await submitted(town, "Abrimos a las 9")
    await approve_at_home(town)
    await town.settle()
    await town.act("admin", act="deactivate", user="ana")
    await town.fault(target="x", route="POST /2/tweets", status=403, body={"detail": "no"})
    await publish(town)
    await steps(town)
    assert "Reintentar aquí" in await town.text("@bruno")
    assert "Reintentar aquí" in await town.text("#agora-alerts")
    told = await town.text("@admin")
    assert told.count("deactivated") == 1
    assert f"<@{NAMES['ana'].rpartition(':')[2]}>" in told
    await town.act("click", user="bruno", channel="@bruno", **await town.button("@bruno", "Reintentar aquí"))
    await publish(town)
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]
    await town.act("admin", act="reactivate", user="ana")
    for aside in await town.deck.marks.aside():
        await town.deck.marks.retry(aside, town.clock())
    await town.settle()
    assert "Abrimos a las 9" in await town.text("@ana")


@pytest.mark.parametrize("error", ["user_not_visible", "user_disabled", "channel_not_found"])
async def test_a_direct_message_that_cannot_be_opened(quiet: Workspace, error: str) -> None:
    told: list[tuple[str, str]] = []

    async def unreachable(channel: str, reason: str) -> None:
        told.append((channel, reason))

    deck, ana = quiet.deck(unreachable=unreachable), f"@{NAMES['ana']}"
    await quiet.fault(route="conversations.open", status=200, body={"ok": False, "error": error}, times=3)
    await deck.touch([Draw(ana, CARD), Draw(REVIEW, CARD)])
    for _ in range(4):
        await deck.serve()
        quiet.clock.skip(minutes=2)
    assert told == [(ana, error)]
    assert len(await quiet.messages()) == 1
    await drawn_all(quiet, deck)
    assert len(await quiet.messages("@ana")) == 1


async def drawn_all(slack: Workspace, deck: Deck, rounds: int = 60) -> None:
    """Lets time pass until nothing waits."""
    for _ in range(rounds):
        await deck.serve()
        slack.clock.skip(seconds=5)
        if not await deck.marks.waiting():
            return
    raise AssertionError(await deck.marks.waiting())


async def rename(slack: Workspace, name: str) -> None:
    """Gives the brand another name, and a next version."""
    await put(slack.store, (await slack.store.get(Brand, "b1")).model_copy(update={"name": name}))


@pytest.mark.parametrize("parent_too", [True, False], ids=["card redrawn", "only the notice"])
async def test_a_notice_whose_card_was_deleted_comes_under_a_new_one(quiet: Workspace, parent_too: bool) -> None:
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, CARD)])
    await drawn_all(quiet, deck)
    (card,) = await quiet.messages()
    await quiet.api.web.chat_delete(channel=REVIEW, ts=card["ts"])
    notice = Draw(REVIEW, Renamed(brand="b1", version=2), thread_of=CARD)
    await deck.touch([*([Draw(REVIEW, CARD)] if parent_too else []), notice])
    await drawn_all(quiet, deck)
    anew, below = await quiet.messages()
    assert anew["ts"] != card["ts"]
    assert below["thread_ts"] == anew["ts"]
    assert await deck.marks.aside() == {}


async def test_a_thread_that_is_gone_while_a_notice_was_on_its_way(quiet: Workspace) -> None:
    """Its answer was lost, then its card was deleted: looking for it finds no thread, and it comes anew."""
    deck = quiet.deck()
    await deck.touch([Draw(REVIEW, CARD)])
    await drawn_all(quiet, deck)
    (card,) = await quiet.messages()
    await quiet.fault(route="chat.postMessage", when="before", drop=True)
    await deck.touch([Draw(REVIEW, Renamed(brand="b1", version=2), thread_of=CARD)])
    await deck.serve()
    await quiet.api.web.chat_delete(channel=REVIEW, ts=card["ts"])
    await drawn_all(quiet, deck)
    anew, below = await quiet.messages()
    assert below["thread_ts"] == anew["ts"]


async def test_five_of_twenty_channels_are_broken_in_different_ways(quiet: Workspace) -> None:
    """The others are drawn and redrawn at their pace; each broken one is told once, and drawn when it is mended."""
    told: list[tuple[str, str]] = []

    async def unreachable(channel: str, reason: str) -> None:
        told.append((channel, reason))

    deck, ids = quiet.deck(unreachable=unreachable), []
    for number in range(19):
        made = await quiet.act("admin", act="create", name=f"brand-{number}", private=number == 3)
        ids.append(made["channel"])
    archived, kicked, later, private = ids[0], ids[1], ids[2], ids[3]
    ana = f"@{NAMES['ana']}"
    await quiet.act("admin", act="archive", channel=archived)
    await quiet.act("admin", act="kick", channel=kicked)
    await quiet.act("admin", act="kick", channel=private)
    await quiet.act("admin", act="deactivate", user="ana")
    every = [*ids, ana]
    await deck.touch([Draw(channel, CARD) for channel in every])
    for _ in range(4):
        await deck.serve()
        quiet.clock.skip(seconds=2)
    await quiet.act("admin", act="archive", channel=later)
    await rename(quiet, "Otro")
    await deck.touch([Draw(channel, CARD) for channel in every])
    for _ in range(6):
        await deck.serve()
        quiet.clock.skip(seconds=2)
    broken = {archived, kicked, later, private}
    for channel in (id_ for id_ in ids if id_ not in broken):
        assert [message["text"] for message in await quiet.messages(channel)] == ["Otro"], channel
    words = {
        archived: "is_archived",
        kicked: "not_in_channel",
        later: "is_inactive",
        private: "channel_not_found",
        ana: "user_disabled",
    }
    assert sorted(told) == sorted(words.items())
    assert set(await deck.marks.waiting()) == broken
    (left,) = await deck.marks.aside()  # she left
    assert left.startswith(ana)
    for channel in (archived, later):
        await quiet.act("admin", act="unarchive", channel=channel)
    for channel in (kicked, private):
        await quiet.act("admin", act="invite", channel=channel)
    await quiet.act("admin", act="reactivate", user="ana")
    await deck.marks.retry(left, quiet.clock())
    start = quiet.clock()
    await drawn_all(quiet, deck)
    assert quiet.clock() - start <= timedelta(minutes=3)
    for channel in (*broken, "@ana"):
        assert [message["text"] for message in await quiet.messages(channel)] == ["Otro"], channel
    assert len(told) == 5


async def test_cards_for_somebody_who_left_are_set_aside_at_once(quiet: Workspace) -> None:
    """People hear it once, nothing goes on asking Slack, and other channels are drawn."""
    told: list[tuple[str, str]] = []

    async def unreachable(channel: str, reason: str) -> None:
        told.append((channel, reason))

    deck, ana = quiet.deck(unreachable=unreachable), f"@{NAMES['ana']}"
    await quiet.act("admin", act="deactivate", user="ana")
    cards = [Draw(ana, CARD), Draw(ana, Renamed(brand="b1", version=2)), Draw(REVIEW, CARD)]
    await deck.touch(cards)
    for _ in range(3):
        await deck.serve()
    assert await deck.marks.waiting() == {}
    assert len(await deck.marks.aside()) == 2
    assert [channel for channel, _ in told] == [ana]
    assert len(await quiet.messages()) == 1
    await quiet.act("admin", act="reactivate", user="ana")
    for aside in await deck.marks.aside():
        await deck.marks.retry(aside, quiet.clock())
    await drawn_all(quiet, deck)
    assert len(await quiet.messages("@ana")) == 2


async def test_cards_for_somebody_out_of_reach_for_a_day_are_set_aside(quiet: Workspace) -> None:
    deck, ana = quiet.deck(), f"@{NAMES['ana']}"
    await quiet.fault(route="conversations.open", status=200, body={"ok": False, "error": "user_not_visible"}, times=9)
    await deck.touch([Draw(ana, CARD)])
    await deck.serve()
    assert await deck.marks.waiting() == {ana: 1}
    trouble = quiet.store.key("dirty", "!trouble")
    await quiet.store.client.hset(trouble, ana, str(A_DAY - 1))
    for waits in ({ana: 1}, {}):
        quiet.clock.skip(minutes=3)
        await deck.serve()
        assert await deck.marks.waiting() == waits
    assert list((await deck.marks.aside()).values()) == ["user_not_visible"]

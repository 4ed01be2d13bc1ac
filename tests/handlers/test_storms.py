"""A storm as the team sees it: few cards, one that counts, one for those who say the same, and acts for all."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.bulk import Bulk
from bot.domain.conversations import Conversation
from bot.domain.storms import CARDS, Crowd, Storm
from bot.engine.errands import Errands
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from bot.engine.storms import StormEngine
from tests.handlers.demo import Town, said_in, view_of
from tests.handlers.voices import INBOX

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PAGE = "facebook:cafe.agora"


async def storm(town: Town, count: int, **more: Any) -> None:
    """Outsiders speak, and the bot hears them; nothing is drawn yet: by the town's clock drawing takes so long that the
    storm may be over meanwhile."""
    body = {"account": PAGE, "count": count, "seconds": 0, **more}
    async with town.session.post(
        f"{town.url}/audience/publish", json={"account": PAGE, "text": "Hoy, torrijas"}
    ) as made:
        body["post"] = (await made.json())["id"]
    async with town.session.post(f"{town.url}/audience/storm", json=body) as answer:
        assert answer.status == 200, await answer.text()
    store = town.desk.store
    for account in await town.desk.accounts.all():
        await store.client.delete(store.key("turn", "poll", account.id))
    await Poller(town.desk, Failpoints(), every=timedelta(seconds=1)).tick()
    await StormEngine(town.desk, Failpoints()).look()


async def rest(town: Town) -> None:
    """Until every card is drawn, at Slack's pace; the test's own time-out ends it."""
    while True:
        try:
            return await town.settle()
        except AssertionError:
            continue


async def look(town: Town, **span: float) -> None:
    """Time passes, and what is behind is drawn."""
    town.clock.skip(**span)
    await StormEngine(town.desk, Failpoints()).look()
    await rest(town)


async def work(town: Town) -> None:
    """Every act for all comes to its end."""
    engine, key = StormEngine(town.desk, Failpoints()), town.desk.store.key("index", "bulks")
    for _ in range(100):
        if not await town.desk.store.client.zcard(key):
            break
        await engine.tick()
        town.clock.skip(seconds=3)
    await rest(town)


async def the_crowd(town: Town) -> Crowd:
    """The greatest one."""
    return max(await town.desk.store.listed(Crowd, "crowds"), key=lambda crowd: crowd.count)


async def talks(town: Town, crowd: Crowd) -> list[Conversation]:
    return await town.desk.store.listed(Conversation, f"crowd:{crowd.id}", limit=1000)


async def cards(town: Town, starts: str) -> list[dict[str, Any]]:
    """The inbox channel's messages of one kind of card, as their metadata names it."""
    found = await town.messages(INBOX)
    keys = [(m.get("metadata") or {}).get("event_payload", {}).get("card", "") for m in found]
    return [message for message, key in zip(found, keys, strict=True) if key.startswith(starts)]


async def test_three_hundred_voices_are_a_few_cards_and_nothing_is_lost(town: Town) -> None:
    await storm(town, 300, alike=0.6)
    await storm(town, 60, alike=1)
    await rest(town)
    open_ = await town.desk.store.listed(Conversation, "open:agora", limit=1000)
    assert len(open_) == 360
    own = await cards(town, "inbox:")
    assert len(own) <= CARDS + 3
    (counts,) = await cards(town, "storms.storm:")
    assert "360 comentarios nuevos en Facebook Café Ágora desde" in said_in(counts)
    crowd = await the_crowd(town)
    assert crowd.count == 240
    (card,) = [m for m in await cards(town, "storms.crowd:") if crowd.id in str(m["metadata"])]
    assert "dicen casi lo mismo en Facebook Café Ágora" in said_in(card)
    assert "trabajadores" in said_in(card)
    # whoever had a card of their own before the others came points to it
    early = {talk.id for talk in await talks(town, crowd) if not talk.gathered}
    pointing = [m for m in own if any(f'"{id_}"' in str(m["metadata"]) for id_ in early)]
    assert len(pointing) == len(early) >= 3
    ts = str(card["ts"]).replace(".", "")
    assert all("Hay más gente que dice casi lo mismo" in said_in(m) and f"/p{ts}|" in said_in(m) for m in pointing)
    # the alerts channel was told once, and the person on duty as every alarm does
    assert (await town.text("#agora-alerts")).count("se habla mucho más de lo habitual") == 1

    # from the card to the list: the many, and all of them
    await town.press("carla", INBOX, "Ver la lista", ts=card["ts"], **_named(card, "inbox.show"))
    view = await town.top("carla")
    assert view is not None
    assert "240 conversaciones" in str(view) or "240 conversations" in str(view)
    # claiming one of those without a card gives it one
    without = next(talk for talk in await talks(town, crowd) if talk.gathered)
    await town.desk.conversations.claim(without.id, town.standing("carla"))
    await town.settle()
    assert len(await cards(town, "inbox:")) == len(own) + 1

    # no reply needed for all: one press with the number seen; what Carla has is hers to close as well
    crowd = await the_crowd(town)
    (card,) = [m for m in await cards(town, "storms.crowd:") if crowd.id in str(m["metadata"])]
    await town.press("carla", INBOX, "", ts=card["ts"], **_named(card, "storms.close"))
    await work(town)
    assert {str(talk.closed_as) for talk in await talks(town, crowd)} == {"no_reply"}
    (card,) = [m for m in await cards(town, "storms.crowd:") if crowd.id in str(m["metadata"])]
    assert f"{crowd.count} hechas" in said_in(card)
    assert len(await cards(town, "inbox:")) == len(own) + 1, "closing many draws no cards"

    # and when it is over, it says so once
    await look(town, minutes=16)
    assert await town.desk.store.listed(Storm, "storms") == []
    (counts,) = await cards(town, "storms.storm:")
    assert "360 comentarios en Facebook Café Ágora entre" in said_in(counts)
    assert (await town.text(INBOX)).count("La tormenta ha pasado") == 1


def _named(message: dict[str, Any], action: str) -> dict[str, str]:
    """A button of a message by its id."""
    found = [each for block in message["blocks"] for each in block.get("elements", []) if "action_id" in each]
    (one,) = [each for each in found if each["action_id"].partition(":")[0] == action]
    return {"action": one["action_id"], "value": one["value"]}


async def test_each_is_answered_with_a_variation_and_what_did_not_go_out_is_taken_back(town: Town) -> None:
    await storm(town, 24, alike=1)
    await rest(town)
    (card,) = await cards(town, "storms.crowd:")
    opened = await town.press("carla", INBOX, "", ts=card["ts"], **_named(card, "storms.answer"))
    view = view_of(opened if opened["view"] else {"view": await town.top("carla")})
    same = {"text": "Lo estamos mirando.", "text2": "¡Lo estamos MIRANDO!"}
    answer = await town.submit("carla", view, "storms.answer_form", **same)
    assert "another variation" in str(answer) or "otra variante" in str(answer)
    texts = {
        "text": "Lo estamos mirando.",
        "text2": "Te contamos en cuanto sepamos más.",
        "text3": "Gracias por decirlo.",
    }
    await town.submit("carla", view, "storms.answer_form", **texts)
    engine = StormEngine(town.desk, Failpoints())
    await engine.tick()
    await town.publish(seconds=21)
    await engine.tick()
    await town.settle()
    (card,) = await cards(town, "storms.crowd:")
    await town.press("admin", INBOX, "", ts=card["ts"], **_named(card, "storms.undo"))
    await work(town)
    (bulk,) = await town.desk.store.listed(Bulk, f"bulks:{(await the_crowd(town)).id}")
    assert (bulk.done, bulk.undone) == (20, 10)
    async with town.session.get(f"{town.url}/audience/posts", params={"account": PAGE}) as posts:
        (post, *_) = (await posts.json())["posts"]
    ours = [below["text"] for reply in post["replies"] for below in reply["replies"] if below["by_account"]]
    assert len(ours) == 10
    assert set(ours) == set(texts.values())
    (card,) = await cards(town, "storms.crowd:")
    assert "10" in said_in(card)


async def test_hide_all_hides_them_on_the_network(town: Town) -> None:
    await storm(town, 24, alike=1)
    await rest(town)
    (card,) = await cards(town, "storms.crowd:")
    refused = await town.press("ana", INBOX, "", ts=card["ts"], **_named(card, "storms.hide"))
    assert "Moderación" in str(refused["ephemeral"]) or "Moderator" in str(refused["ephemeral"])
    await town.press("carla", INBOX, "", ts=card["ts"], **_named(card, "storms.hide"))
    await work(town)
    for _ in range(3):
        await Errands(town.desk, Failpoints()).tick()
    async with town.session.get(f"{town.url}/audience/posts", params={"account": PAGE}) as posts:
        (post, *_) = (await posts.json())["posts"]
    assert [reply["hidden"] for reply in post["replies"]] == [True] * 24

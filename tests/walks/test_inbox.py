"""From an outsider's comment to a public answer, within the taps that a tired person has."""

import pytest

from bot.sandbox import world
from tests.walks.people import Demo, Json, elements, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

HOSTILE = "<!channel> *ojo* <https://evil.example|Café Ágora> <@U01BRUNO001> `x` :tada: \u202eoculto"


async def say(town: Demo, account: str, author: str, text: str, **more: str) -> str:
    """An outsider writes; the id of what was written."""
    answer = await town.post("/audience/comment", account=account, author=author, text=text, **more)
    assert answer["ok"], answer
    return str(answer["id"])


async def published(town: Demo, text: str) -> Json:
    """A post of Café Ágora's on both networks; the one on Facebook."""
    opened = await town.command("ana", "#agora-review", "/vocero post")
    assert (await town.submit("ana", opened["view"], text=text))["ok"]
    await town.press("bruno", await town.card("#agora-review", text, "Aprobar y publicar"), "Aprobar y publicar")

    async def live() -> Json | None:
        return next((post for post in await town.public("facebook:cafe.agora") if post["text"] == text), None)

    found: Json = await town.until(live, "live")
    return found


async def read_once(town: Demo) -> bool:
    """Whether the bot has asked X for Café Ágora's mentions and looked at what was there before."""
    number = world.account("x", "Café Ágora").id
    calls = (await town.get("/calls", target="x"))["calls"]
    return any(f"/{number}/mentions" in call["path"] and call["status"] == 200 for call in calls)


async def replies(town: Demo, account: str) -> list[Json]:
    """Every public reply of our own on an account."""

    def own(posts: list[Json]) -> list[Json]:
        return [
            reply
            for post in posts
            for reply in [*post.get("replies", []), *own(post.get("replies", []))]
            if reply.get("by_account")
        ]

    found = await town.get("/audience/posts", account=account)
    unique = {reply["id"]: reply for reply in own(found["posts"]) + own(found["mentions"])}
    return list(unique.values())


@pytest.mark.parametrize("network", ["x", "facebook"])
async def test_a_comment_is_answered_in_public_with_two_taps(taps: Demo, network: str) -> None:
    town = taps
    account = {"x": "x:cafe_agora", "facebook": "facebook:cafe.agora"}[network]
    more = {} if network == "x" else {"post": (await published(town, "¿Qué tomas hoy?"))["id"]}
    question = f"¿A qué hora abrís el domingo? ({network})"
    text = f"@cafe_agora {question}" if network == "x" else question
    if network == "x":
        await town.until(lambda: read_once(town), "mentions were read once: what is older than that isn't relayed")
    await say(town, account, "Marta Gil", text, **more)
    card = await town.card("#agora-inbox", question, "Marta Gil")
    town.taps = 0
    form = (await town.press("carla", card, "Responder en público"))["view"]
    said = words(form)
    assert question in said
    assert "☕" in said
    assert ("@cafe_agora" if network == "x" else "Café Ágora") in said
    assert (await town.submit("carla", form, text="A las 9, Marta. ¡Te esperamos!"))["ok"]
    assert town.taps == 2
    waiting = await town.card("#agora-inbox", question, "A las 9, Marta", "Deshacer")
    assert "La lleva Carla Moreno" in words(waiting)
    assert not [r for r in await replies(town, account) if "A las 9, Marta" in r["text"]]

    async def live() -> list[Json]:
        return [r for r in await replies(town, account) if "A las 9, Marta" in r["text"]]

    assert len(await town.until(live, "answered", 40)) == 1
    await town.card("#agora-inbox", question, "Respondida")
    late = await town.act(
        "carla",
        waiting,
        next(e["action_id"] for e in elements(waiting["blocks"]) if e.get("text", {}).get("text") == "Deshacer"),
    )
    assert words(late["ephemeral"])


async def test_undo_takes_it_back(town: Demo) -> None:
    await say(town, "x:cafe_agora", "Luis", "@cafe_agora me encanta vuestro pan")
    card = await town.card("#agora-inbox", "vuestro pan")
    form = (await town.press("carla", card, "Responder en público"))["view"]
    assert (await town.submit("carla", form, text="Ups, aún no"))["ok"]
    waiting = await town.card("#agora-inbox", "vuestro pan", "Deshacer")
    await town.press("carla", waiting, "Deshacer")
    await town.card("#agora-inbox", "vuestro pan", "Responder en público", without="Deshacer")
    assert not [r for r in await replies(town, "x:cafe_agora") if r["text"].endswith("aún no")]


async def test_no_reply_needed_is_one_tap_and_can_be_reopened(taps: Demo) -> None:
    town = taps
    await say(town, "x:cafe_agora", "Nico", "@cafe_agora 👍")
    card = await town.card("#agora-inbox", "Nico", "No hace falta")
    town.taps = 0
    await town.press("carla", card, "No hace falta")
    assert town.taps == 1
    closed = await town.card("#agora-inbox", "Nico", "Reabrir")
    again = await town.act(
        "carla",
        card,
        next(e["action_id"] for e in elements(card["blocks"]) if e.get("text", {}).get("text") == "No hace falta"),
    )
    assert words(again["ephemeral"])
    await town.press("carla", closed, "Reabrir")
    await town.card("#agora-inbox", "Nico", "No hace falta")


async def test_one_claims_and_the_next_hears_who_has_it(town: Demo) -> None:
    await say(town, "x:northwindbooks", "Jo", "@northwindbooks where is my parcel?")
    card = await town.card("#northwind-inbox", "where is my parcel?", "Claim")
    await town.press("carla", card, "Claim")
    owned = await town.card("#northwind-inbox", "where is my parcel?", "Owned by Carla Moreno")
    assert "Claim" not in [e.get("text", {}).get("text") for e in elements(owned["blocks"]) if e["type"] == "button"]
    second = await town.act(
        "admin",
        card,
        next(e["action_id"] for e in elements(card["blocks"]) if e.get("text", {}).get("text") == "Claim"),
    )
    assert "<@U01CARLA001>" in words(second["ephemeral"])
    for stranger in ("ana", "eva", "diego"):
        for left in reversed((await town.get("/human/views", user=stranger))["views"]):  # open since an earlier walk
            await town.post("/human/close", user=stranger, view_id=left["id"])
        refused = await town.press(stranger, owned, "Reply in public")
        assert refused["view"] is None, stranger


ASKED = (
    "Do you open on Sundays?", "My parcel came with a torn cover", "Is there a reading group for poets?",
    "The new shelves look lovely", "Can I return a signed copy?", "Who chose the window display?",
    "Your cat stole my scone", "Where do I collect an order?", "I miss the old armchair",
    "Any news of the second volume?", "Parking nearby is awful", "Thanks for the map of the coast",
)  # fmt: skip
"""Twelve people who have nothing to do with each other."""


async def test_a_burst_is_a_card_each_in_order(town: Demo) -> None:
    for number, asked in enumerate(ASKED):
        await say(town, "x:northwindbooks", f"Reader {number}", f"@northwindbooks {asked}")

    async def all_there() -> list[int]:
        said = [words(message) for message in await town.messages("#northwind-inbox")]
        found = [n for text in said for n, asked in enumerate(ASKED) if asked in text]
        return found if len(found) >= 12 else []

    assert await town.until(all_there, "twelve cards", 60) == list(range(12))


async def test_text_from_outside_cannot_ping_format_or_break(town: Demo) -> None:
    await say(town, "x:cafe_agora", "<!here> *Jefe*", f"@cafe_agora {HOSTILE}")
    card = await town.card("#agora-inbox", "evil.example")

    def mrkdwn(payload: object) -> list[str]:
        if isinstance(payload, dict):
            own = [payload["text"]] if payload.get("type") == "mrkdwn" else []
            return own + [text for value in payload.values() for text in mrkdwn(value)]
        return [text for value in payload for text in mrkdwn(value)] if isinstance(payload, list) else []

    for text in [*mrkdwn(card["blocks"]), card["text"]]:
        for bad in ("<!", "<@U01BRUNO", "<https://evil", "*ojo*", "*Jefe*", "\u202e"):
            assert bad not in text.replace("<@U01CARLA001>", ""), text


async def test_talk_in_the_thread_stays_private(town: Demo) -> None:
    await say(town, "x:cafe_agora", "Pilar", "@cafe_agora esto es una estafa")
    card = await town.card("#agora-inbox", "una estafa")
    await town.post("/human/message", user="carla", channel="#agora-inbox", text="qué pesada", thread_ts=card["ts"])
    assert not [r for r in await replies(town, "x:cafe_agora") if "pesada" in r["text"]]
    calls = (await town.get("/calls", target="x"))["calls"]
    assert "pesada" not in str(calls)

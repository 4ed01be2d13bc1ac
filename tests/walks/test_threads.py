"""A thread: typed behind *More*, approved once, public on X segment by segment, and mended where X said no."""

import pytest

from tests.walks.people import Demo, Json, elements, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

REST = ("First, grind it fresh", "Second, never boil the water & wait")


async def thread(town: Demo, first: str, *rest: str) -> None:
    """A thread of Northwind's for X, approved by the admin."""
    opened = (await town.command("diego", "#northwind-review", "/vocero post"))["view"]
    more = (await town.press("diego", opened, "More"))["view"]
    choice = next(e for e in elements(more) if ".accounts" in e["action_id"])
    chosen = [option["value"] for option in choice["options"] if option["value"].startswith("x-")]
    answer = await town.submit("diego", more, text=first, thread="\n---\n".join(rest), accounts=chosen)
    assert answer["view"] is None, words(answer["view"])
    card = await town.card("#northwind-review", f"1/{len(rest) + 1}", first, "Approve and publish")
    await town.press("admin", card, "Approve and publish")


async def chain(town: Demo, first: str) -> list[str]:
    """What of it is public, in the order in which one reads it."""
    found = [post for post in await town.public("x:northwindbooks") if post["text"] == first]
    texts = [post["text"] for post in found]
    while found and found[0]["replies"]:
        (reply,) = found[0]["replies"]
        texts.append(reply["text"])
        found = [reply]
    return texts


async def test_a_thread_goes_out_whole(town: Demo) -> None:
    first = "Three things about coffee"
    await thread(town, first, *REST)

    async def whole() -> bool:
        return await chain(town, first) == [first, *REST]

    await town.until(whole, "the whole thread")
    done = await town.card("#northwind-review", first, "live since", without="Approve and publish")
    assert "See the post" in words(done)


async def test_a_refusal_in_the_middle_is_told_and_mended(town: Demo) -> None:
    first = "Three things about tea"
    route: Json = {"target": "x", "route": "POST /2/tweets"}
    await town.post("/faults", **route, when="after", delay=0.001, times=1)
    await town.post("/faults", **route, when="before", status=403, body={"detail": "no"}, times=1)
    await thread(town, first, *(f"{text}, tea" for text in REST))
    card = await town.card("#northwind-review", first, "1 of 3 are out", "Retry here")
    await town.card("@diego", "2/3 of the thread", "1 of 3 are out", "Retry here")
    assert await chain(town, first) == [first]
    await town.press("admin", card, "Retry here")

    async def whole() -> bool:
        return len(await chain(town, first)) == 3

    await town.until(whole, "the rest of the thread")
    await town.card("#northwind-review", first, "live since", without="Retry here")

"""What people see and press when a network says no, says nothing, or has thrown us out."""

import pytest

from bot.sandbox import world
from tests.walks.people import Demo, Json, elements, labelled, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def approve(town: Demo, text: str, *accounts: str) -> None:
    """A post of Northwind's, approved by the admin, for some of its accounts."""
    opened = (await town.command("diego", "#northwind-review", "/vocero post"))["view"]
    choice = next(e for e in elements(opened) if ".accounts" in e["action_id"])
    chosen = [option["value"] for option in choice["options"] if option["value"].split("-")[0] in accounts]
    assert (await town.submit("diego", opened, text=text, accounts=chosen))["ok"]
    await town.press("admin", await town.card("#northwind-review", text, "Approve and publish"), "Approve and publish")


async def live(town: Demo, account: str, text: str) -> list[Json]:
    """What of this is public."""
    return [post for post in await town.public(account) if post["text"] == text]


async def test_nobody_knows_and_a_person_is_asked(town: Demo) -> None:
    await town.post("/faults", target="x", route="POST /2/tweets", when="before", status=502, body="<html>", times=1)
    await approve(town, "Is this one out?", "x")
    card = await town.card("#northwind-review", "Is this one out?", "Send again", patience=75)
    for label in ("It's live", "Send again", "Leave it"):
        assert labelled(card["blocks"], label)
    assert "Northwind Books" in words(labelled(card["blocks"], "Send again")["confirm"])
    await town.card("@diego", "Is this one out?", "Send again")
    await town.card("#northwind-alerts", "Is this one out?")
    assert not await live(town, "x:northwindbooks", "Is this one out?")
    stranger = await town.press("eva", card, "Send again")
    assert words(stranger["ephemeral"])
    await town.press("admin", card, "Send again")
    await town.until(lambda: live(town, "x:northwindbooks", "Is this one out?"), "sent again")
    done = await town.card("#northwind-review", "Is this one out?", without="Send again")
    late = await town.act("diego", card, labelled(card["blocks"], "Send again")["action_id"])
    assert late["ok"]
    assert len(await live(town, "x:northwindbooks", "Is this one out?")) == 1
    assert done


async def test_an_answer_that_got_lost_is_found_without_anybody(town: Demo) -> None:
    await town.post("/faults", target="facebook", route="/feed", when="after", drop=True, times=1)
    await approve(town, "Lost on the way back", "facebook")
    await town.card("#northwind-review", "Lost on the way back", "Live", patience=60)
    assert len(await live(town, "facebook:northwind.books", "Lost on the way back")) == 1


async def test_a_refusal_is_a_plain_sentence_for_that_account_alone(town: Demo) -> None:
    await approve(town, "Twice the same", "x")
    await town.until(lambda: live(town, "x:northwindbooks", "Twice the same"), "live")
    await approve(town, "Twice the same", "x", "facebook")
    card = await town.card("#northwind-review", "Twice the same", "Retry here")
    said = words(card)
    assert "403" not in said
    assert "Forbidden" not in said
    await town.until(lambda: live(town, "facebook:northwind.books", "Twice the same"), "the other account")
    assert len(await live(town, "x:northwindbooks", "Twice the same")) == 1


async def test_a_dead_token_holds_tells_and_goes_on_after_reconnecting(town: Demo) -> None:
    await town.post("/audience/expire", account="facebook:northwind.books")
    await approve(town, "Nobody lets us in", "facebook")
    await town.card("@diego", "Facebook Northwind Books", "Reconnect")
    told = await town.card("@admin", "Facebook Northwind Books", "Reconnect")
    await town.card("#northwind-review", "Nobody lets us in", "waiting until the account is reconnected")
    assert not await live(town, "facebook:northwind.books", "Nobody lets us in")
    refused = await town.press("diego", told | {"channel": "@admin"}, "Reconnect")
    assert not (refused.get("view") or {}).get("submit")
    await town.post("/audience/expire", account="facebook:northwind.books", restore=True)
    form = (await town.press("admin", told, "Reconnect"))["view"]
    wrong = await town.submit("admin", form, first="EAAnotatokenatall")
    assert wrong["view"]["errors"]
    seen = (await town.submit("admin", wrong["view"], first=world.account("facebook", "Northwind Books").token))["view"]
    assert "Northwind Books" in words(seen)
    assert "EAAsandbox" not in str(seen)
    assert (await town.submit("admin", seen))["ok"]
    asks = await town.card("#northwind-review", "Nobody lets us in", "Keep")
    await town.press("admin", asks, "Keep")
    await town.until(lambda: live(town, "facebook:northwind.books", "Nobody lets us in"), "live after reconnecting")

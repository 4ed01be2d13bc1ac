"""A moderator's day in the demo: 👀, a snooze, a colleague, one by one, and the company's answer, within few taps."""

import pytest

from tests.walks.people import Demo, Json, elements, words
from tests.walks.test_inbox import read_once, say

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


def option(where: Json, label: str) -> tuple[str, str]:
    """The action id and value of an option."""
    for element in elements(where["blocks"]):
        for one in element.get("options", []):
            if one["text"]["text"] == label:
                return element["action_id"], one["value"]
    raise AssertionError(f"no option {label!r} in {words(where)}")


async def card(town: Demo, author: str) -> Json:
    await town.until(lambda: read_once(town), "mentions were read once: what is older than that isn't relayed")
    await say(town, "x:cafe_agora", author, f"@cafe_agora soy {author}")
    return await town.card("#agora-inbox", author, "Responder en público")


async def test_eyes_claim_and_give_back(town: Demo) -> None:
    shown = await card(town, "Ojos")
    react = {"user": "carla", "channel": shown["channel"], "ts": shown["ts"], "name": "eyes"}
    await town.post("/human/react", **react)
    await town.card("#agora-inbox", "Ojos", "La lleva Carla Moreno")
    await town.post("/human/react", **react)
    await town.card("#agora-inbox", "Ojos", "Nueva")


async def test_snoozing_is_one_tap_and_so_is_closing_with_a_reason(taps: Demo) -> None:
    shown = await card(taps, "Luego")
    action, value = option(shown, "Posponer 1 h")
    taps.taps = 0
    await taps.act("carla", shown, action, value=value)
    assert taps.taps == 1
    asleep = await taps.card("#agora-inbox", "Luego", "Pospuesta")
    await taps.press("carla", asleep, "Traer ya")
    back = await taps.card("#agora-inbox", "Luego", "La lleva Carla Moreno")
    action, value = option(back, "Spam")
    taps.taps = 0
    await taps.act("carla", back, action, value=value)
    assert taps.taps == 1
    await taps.card("#agora-inbox", "Luego", "Spam", "Reabrir")


async def test_who_is_answering_is_seen_by_the_other(town: Demo) -> None:
    shown = await card(town, "Cruce")
    first = (await town.press("carla", shown, "Responder en público"))["view"]
    await town.card("#agora-inbox", "Cruce", "Carla Moreno está respondiendo")
    second = (await town.press("admin", shown, "Responder en público"))["view"]
    assert "Carla Moreno is answering" in words(second)
    asked = (await town.submit("carla", first, text="¡Hola!"))["view"]
    assert "Alma Reyes is answering" in words(asked)
    assert (await town.submit("carla", asked))["ok"]
    await town.card("#agora-inbox", "Cruce", "¡Hola!")


async def test_one_by_one_from_the_list(town: Demo) -> None:
    for author in ("Uno", "Dos"):
        await card(town, author)
    listed = (await town.command("carla", "#agora-inbox", "/vocero bandeja"))["view"]
    assert "Work through" in words(listed)
    working = (await town.press("carla", listed, "Work through"))["view"]
    assert "Public, as X @cafe_agora" in words(working)
    following = (await town.press("carla", working, "Skip"))["view"]
    assert words(following) != words(working)


async def test_the_company_answers_into_the_thread(town: Demo) -> None:
    shown = await card(town, "Empresa")
    action, value = option(shown, "Pasar a la empresa…")
    form = (await town.act("carla", shown, action, value=value))["view"]
    assert "Empresa" not in str(form["blocks"]).replace("a la empresa", "").replace("Pass to the company", "")
    general = (await town.get("/human/state"))["channels"]
    place = next(each["id"] for each in general if each["name"] == "general")
    assert (await town.submit("carla", form, place=place, note="¿Qué decimos?"))["ok"]
    asked = await town.card("#general", "¿Qué decimos?", "Contestar")
    answer = (await town.press("diego", asked, "Contestar"))["view"]
    assert (await town.submit("diego", answer, text="Que vengan mañana"))["ok"]
    await town.card("#agora-inbox", "Que vengan mañana", "contesta por la empresa")

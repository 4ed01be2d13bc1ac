"""Double clicks and two people at once, through two web processes on one store: one act, and the other hears of it."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.discovery import find_router
from bot.domain.brands import Role
from bot.slack.wire import LINK, Button, elements_in
from tests.handlers.demo import NAMES, Town
from tests.handlers.voices import comment, hear

PEOPLE = ("bruno", "carla", "ana", "diego", "admin")
PLACES = (
    *("#agora-review", "#agora-inbox", "#agora-alerts", "#agora-digest", "#general"),
    *(f"@{name}" for name in PEOPLE),
)
Json = dict[str, Any]


async def acts(town: Town) -> Counter[tuple[str, str, str]]:
    """How often each act is on record, by act, subject and delivery; what was denied is no act."""
    lines: Any = await town.desk.store.client.xrange(town.desk.store.key("audit"))
    entries = [json.loads(fields["entry"]) for _, fields in lines]
    return Counter(
        (str(e["act"]), str(e.get("subject", "")), str(e.get("delivery", "")))
        for e in entries
        if not str(e["act"]).startswith("denied:")
    )


async def submitted(town: Town, text: str, user: str = "ana", channel: str = "agora-review") -> str:
    """A post of Ágora's on X in review; answers its id."""
    view = (await town.command(user, "post", channel))["view"]
    accounts = ["x-1500000000000000001"] if channel.startswith("agora") else []
    values = {"text": text} | ({"accounts": accounts} if accounts else {})
    await town.submit(user, view, "compose.form", **values)
    return str(json.loads(view["private_metadata"])["draft"])


async def give(town: Town, name: str, role: Role) -> None:
    """Somebody has one role more in Ágora."""
    brand = await town.desk.brand("agora")
    roles = {**brand.roles, NAMES[name]: brand.roles.get(NAMES[name], frozenset()) | {role}}
    change = town.desk.store.begin()
    change.put(brand.model_copy(update={"roles": roles}), brand)
    await change.commit()


async def twice(town: Town, user: str, press: Mapping[str, Any]) -> list[Json]:
    """One person presses twice within a moment; the two web processes get one press each."""
    return list(await asyncio.gather(*(raw_act(town, "click", user=user, **press) for _ in range(2))))


async def raw_act(town: Town, what: str, **fields: Any) -> Json:
    """What a person does; the answer may be a refusal of the screen itself, such as another form lying on top."""
    async with town.session.post(f"{town.url}/human/{what}", json=fields) as answer:
        found: Json = await answer.json()
        return found


# --- two approvers


async def test_two_approvers_in_the_same_moment(town: Town) -> None:
    await give(town, "carla", Role.APPROVER)
    for round_ in range(5):
        post = await submitted(town, f"Once only {round_}")
        button = await town.button("#agora-review", "Aprobar y publicar")
        press = {"channel": "#agora-review", **button}
        before, heard = await acts(town), [await town.whispers(user, "#agora-review") for user in ("bruno", "carla")]
        await asyncio.gather(*(town.act("click", user=user, **press) for user in ("bruno", "carla")))
        await town.settle()
        new = await acts(town) - before
        assert new["post.approve", post, ""] == 1, new
        assert [act for act in new if act[0] == "post.approve"] == [("post.approve", post, "")]
        (decision,) = (await town.desk.posts.get(post)).decisions
        now = [await town.whispers(user, "#agora-review") for user in ("bruno", "carla")]
        told = ["".join(after[len(earlier) :]) for after, earlier in zip(now, heard, strict=True)]
        assert sorted(map(bool, told)) == [False, True]
        second = "".join(told)
        assert f"<@{decision.by.rpartition(':')[2]}>" in second
        assert len(await town.desk.posts.deliveries(post)) == 1
    await town.publish(seconds=1)
    assert sorted(await town.public("x:cafe_agora")) == [f"Once only {round_}" for round_ in range(5)]


async def test_two_people_answer_the_same_comment_at_once(town: Town) -> None:
    """Each has a form of their own, is told of the other, and sends it twice again: two answers at most, because two
    people wrote them; never four."""
    await give(town, "bruno", Role.MODERATOR)
    await hear(town)
    await comment(town, "¿Abren hoy?")
    button = await town.button("#agora-inbox", "Responder en público")
    views = {}
    for user in ("bruno", "carla"):
        views[user] = (await town.act("click", user=user, channel="#agora-inbox", **button))["view"]
    before = await acts(town)
    fields = {"inbox.reply.text": "Sí, hasta las ocho."}
    for _ in range(2):
        sends = [
            raw_act(town, "submit", user=user, view_id=view["id"], values=fields)
            for user, view in views.items()
            for _ in range(2)
        ]
        await asyncio.gather(*sends)
        await town.settle()
    new = await acts(town) - before
    assert 1 <= sum(count for act, count in new.items() if act[0] == "conversation.answer") <= 2
    await town.publish(seconds=25)
    assert len([one for one in await acts(town) if one[0] == "delivery.live"]) <= 2


# --- every button there is


async def a_working_day(town: Town) -> None:
    """Posts in every state, talks, a draft, an answer on its way, a stop: as much as can be pressed is drawn."""
    await town.command("ana", "post a draft to go on with", "agora-review")
    await hear(town)
    for number, text in enumerate(("Where are you?", "¿Hay terraza?", "Lovely cups", "El pan, duro")):
        await comment(town, text, author=f"Lucía {number}")
    for text in ("Refused", "Unknown", "Missed"):
        await submitted(town, text)
        await town.press("bruno", "#agora-review", "Aprobar y publicar")
        if text == "Refused":
            await town.fault(target="x", route="POST /2/tweets", status=403, body={"detail": "no"})
        if text == "Unknown":
            await town.fault(target="x", route="POST /2/tweets", status=503)
        await town.publish(**({"minutes": 31} if text == "Missed" else {"seconds": 0}))
        if text == "Unknown":
            await town.fault(target="x", route="GET /2/users/*/tweets", status=503, times=20)
        for _ in range(5):
            await town.publish(seconds=60)
    await submitted(town, "In review, first words")
    opened = await town.press("ana", "#agora-review", "Editar")
    await town.submit("ana", opened["view"], "compose.form", text="In review, second words")
    await submitted(town, "In review " + "x" * 250)
    opened = await town.press("carla", "#agora-inbox", "Responder en público")
    await town.submit("carla", opened["view"], "inbox.reply", text="Sí, hasta las ocho.")
    opened = await town.command("ana", "stop crisis", "agora-review")
    await town.submit("ana", opened["view"], "stop.form")
    await town.command("carla", "inbox", "general")
    await town.command("carla", "help", "general")
    await town.command("carla", "", "general")
    await town.command("bruno", "today", "general")


async def drawn(town: Town, *, looking: bool) -> list[Json]:
    """Everything that can be pressed now: where, by which action, of which class; `looking` opens Home anew."""
    found: list[Json] = []
    for place in PLACES:
        for message in await town.messages(place):
            reader = (message.get("ephemeral") or {}).get("user")
            for element in elements_in(message.get("blocks") or []):
                found += _presses(element, {"channel": place, "ts": message["ts"]}, reader)
    for name in PEOPLE:
        params = {"user": name} | ({} if looking else {"peek": "1"})
        async with town.session.get(f"{town.url}/human/home", params=params) as answer:
            view = (await answer.json())["view"]
        for element in elements_in(view["blocks"] if view else []):
            found += _presses(element, {"view_id": view["id"]}, NAMES[name].rpartition(":")[2])
    return found


def _presses(element: Mapping[str, Any], place: Json, reader: str | None) -> list[Json]:
    id_ = element["action_id"].partition(":")[0]
    if id_ == LINK or element["type"] not in {"button", "overflow"}:
        return []
    values = [element.get("value")] if element["type"] == "button" else [o["value"] for o in element["options"]]
    return [
        {**place, "action_id": element["action_id"], "value": value, "kind": _kind(id_, value), "reader": reader}
        for value in values
    ]


def _kind(id_: str, value: str | None) -> str:
    return str(json.loads(value or "{}")["!"]) if id_ == "menu" else id_


def _may_touch(reader: str | None) -> Callable[[str], bool]:
    return lambda name: reader is None or NAMES[name].endswith(reader)


@pytest.mark.slow
async def test_every_button_pressed_twice_is_one_act(town: Town) -> None:
    """Whatever is drawn anywhere is pressed twice at once, by whoever may, until nothing new is drawn."""
    await a_working_day(town)
    await town.command("carla", "today", "general")
    pressed: set[str] = set()
    effective: set[str] = set()

    async def next_one() -> Json | None:
        for looking in (False, True):
            for each in await drawn(town, looking=looking):
                if each["kind"] not in pressed:
                    return each
        return None

    while press := await next_one():
        pressed.add(press["kind"])
        place = {k: v for k, v in press.items() if k not in {"kind", "reader"} and v is not None}
        for user in filter(_may_touch(press["reader"]), PEOPLE):
            before = await acts(town)
            answers = await twice(town, user, place)
            assert all(answer["ok"] or "on top" in answer["error"] for answer in answers), (press, answers)
            await town.settle()
            new = await acts(town) - before
            assert not {act: count for act, count in new.items() if count > 1}, (press["kind"], user, new)
            for name in PEOPLE:
                for view in reversed(await _open(town, name)):
                    await town.act("close", user=name, view_id=view["id"], all=True)
                    break
            if new:
                effective.add(press["kind"])
                break
    routed = {each.ID for each in find_router().routes().interactions if issubclass(each, Button)}
    assert {"review.approve", "review.reject", "publishing.send_again", "inbox.claim", "inbox.close"} <= pressed, (
        pressed
    )
    assert {"review.approve", "inbox.claim"} <= effective, effective
    print(f"\npressed twice: {len(pressed)} of {len(routed)} kinds; with an act: {sorted(effective)}")
    print(f"not drawn here: {sorted(routed - pressed)}")


async def _open(town: Town, name: str) -> list[Json]:
    async with town.session.get(f"{town.url}/human/views", params={"user": name}) as answer:
        return list((await answer.json())["views"])

"""Every hostile string in every field that people type into: kept as it was typed or refused, and no bug either way."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.domain.brands import Account, Brand, Stop
from bot.domain.deliveries import Delivery
from bot.domain.posts import Post, PostStatus
from bot.sandbox import world
from bot.slack.forms import Form, typed_fields
from bot.slack.gate import Ack, Gate
from bot.slack.wire import all_known
from tests.handlers.demo import NAMES, Town
from tests.handlers.voices import the_conversation
from tests.hostile.hall import Door, open_hall
from tests.hostile.strings import STRINGS, typable
from tests.hostile.test_presses import alive_in, gate_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
TYPED = list(dict.fromkeys(typable(text) for text in STRINGS))
SOME = TYPED[::5]
_NUMBERS = itertools.count()


class Typist:
    """Fills in forms and sends them, as Slack would hand them over."""

    def __init__(self, door: Door, gate: Gate) -> None:
        self.door = door
        self.town = door.town
        self.gate = gate

    async def submit(self, user: str, form: Form, **typed: str) -> Ack:
        """The form with these texts typed in; what rides along is the form's own."""
        view = form.open(title="x", submit="x", blocks=[])
        kind = type(form)
        values = {
            name: {f"{kind.ID}.{name}": {"type": "plain_text_input", "value": text}} for name, text in typed.items()
        }
        fields = {name: {"type": "plain_text_input", "action_id": f"{kind.ID}.{name}"} for name in typed}
        label = {"type": "plain_text", "text": "x"}
        blocks = [{"type": "input", "block_id": n, "label": label, "element": each} for n, each in fields.items()]
        shown = view | {"id": "V1", "hash": "1.x", "blocks": blocks, "state": {"values": values}}
        return await self._take(user, {"type": "view_submission", "view": shown})

    async def command(self, user: str, text: str) -> Ack:
        """`/vocero …`."""
        about = {"command": "/vocero", "text": text, "channel_id": "C01GENERAL1", "team_id": world.TEAM_ID}
        return await self._take(user, about | {"user_id": NAMES[user].rpartition(":")[2]})

    async def _take(self, user: str, body: dict[str, Any]) -> Ack:
        who = {"id": NAMES[user].rpartition(":")[2], "team_id": world.TEAM_ID}
        about = {"team": {"id": world.TEAM_ID}, "user": who, "trigger_id": f"t.{next(_NUMBERS)}"}
        with self.door.timed(body):
            ack = await self.gate.take(about | body, {})
        assert ack.status == 200, body
        await self.gate.idle()
        return ack


@pytest.fixture
async def typist(client: Any, tmp_path: Path) -> AsyncIterator[Typist]:
    """In a town where Slack is in a hurry; at the end nothing was a bug, and nothing came alive."""
    async with open_hall(client, tmp_path) as door:
        await door.hurry()
        gate = gate_of(door)
        async with gate:
            yield Typist(door, gate)
            await gate.idle()
        await rest(door.town)
        assert not door.bugs(), "\n\n".join(door.bugs()[:5])
        assert not (await alive_in(door))[:5]
        assert not door.slow, "\n".join(door.slow[:5])


async def rest(town: Town) -> None:
    """Until every card is drawn, however many there are."""
    while True:
        try:
            return await town.settle()
        except AssertionError:
            continue  # more cards than one look takes; the test's own time-out ends it


def _texts(form: type[Form]) -> Iterator[str]:
    for name in typed_fields(form):
        kind = form.model_fields[name].annotation
        if {str, SecretStr} & {kind, *getattr(kind, "__args__", ())} and "tuple" not in str(kind):
            yield name


async def test_a_posts_text_arrives_as_it_was_typed(typist: Typist) -> None:
    """From the form to the network; blank ones are refused."""
    from handlers.views.compose import ComposeForm  # noqa: PLC0415 - the router has imported it by now

    town, store = typist.town, typist.town.desk.store
    account = next(each for each in await town.desk.accounts.all() if each.network == "practice")
    for number, text in enumerate(TYPED):
        id_ = f"h{number}"
        form = ComposeForm(draft=id_, drawn="ensayo", channel="C01ENSAYO01")
        form = form.model_copy(update={"brand": "ensayo"})
        await _compose(typist, form, text, account)
        post = await store.find(Post, id_)
        if not text.strip():
            assert post is None or post.status is PostStatus.DRAFT, text
            continue
        if post is None or post.status is not PostStatus.IN_REVIEW:
            continue  # over the network's length: the form says so
        assert post.current.text == text
        await town.desk.posts.approve(id_, town.standing("bruno"), revision=1)
    town.clock.skip(seconds=30)
    due, now = store.key("index", "due"), town.clock().timestamp() * 1000
    found: Any = await store.client.zrangebyscore(due, "-inf", now)
    for id_ in found:
        await store.client.zadd(due, {id_: 0})
    while await town.publisher.tick():
        await town.publisher.drain()
    public = await town.public("practice:ensayo")
    sent = [post.current.text for post in await store.listed(Post, f"posts:ensayo:{PostStatus.APPROVED}", limit=2000)]
    assert len(sent) > 700
    async with town.session.get(f"{town.url}/calls", params={"target": "practice"}) as answer:
        carried = {call["args"].get("text") for call in (await answer.json())["calls"]}
    assert [text for text in sent if text not in carried] == [], "what leaves is what was typed"
    assert sorted(public) == sorted(text.strip() for text in sent), "the network itself cuts blanks at both ends"


async def _compose(typist: Typist, form: Form, text: str, account: Account) -> None:
    kind = type(form)
    view = form.open(title="x", submit="x", blocks=[])
    picked = {"type": "checkboxes", "selected_options": [{"value": account.id}]}
    values = {
        "brand": {f"{kind.ID}.brand": {"type": "static_select", "selected_option": {"value": "ensayo"}}},
        "accounts": {f"{kind.ID}.accounts": picked},
        "text": {f"{kind.ID}.text": {"type": "plain_text_input", "value": text}},
    }
    await typist._take("ana", {"type": "view_submission", "view": view | {"id": "V1", "state": {"values": values}}})


async def test_every_text_field_of_every_form(typist: Typist) -> None:
    """By an admin, about things that are there: whatever becomes of it, it is answered and is no bug."""
    town, store = typist.town, typist.town.desk.store
    (post,) = await store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    talk, (account, *_) = await the_conversation(town), await town.desk.accounts.of("agora")
    real = {"brand": "agora", "drawn": "agora", "post": post.id, "conversation": talk.id, "account": account.id}
    forms = [form for form in all_known(Form) if form.__module__.startswith("handlers.") and list(_texts(form))]
    assert len(forms) >= 8
    for form in forms:
        named = [name for name in form.model_fields if name not in typed_fields(form)]
        opened = form.model_construct(None, **{name: real.get(name) or _any(form, name) for name in named})
        for text in SOME[:: 1 + len(forms) // 10]:
            await typist.submit("admin", opened, **dict.fromkeys(_texts(form), text))
        for name in _texts(form):
            for text in SOME[::8]:
                await typist.submit("admin", opened, **{name: text})


def _any(form: type[Form], name: str) -> Any:
    """Something of the field's type."""
    field = form.model_fields[name]
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    return 1 if field.annotation is int else "x"


async def test_an_answer_is_kept_as_it_was_typed(typist: Typist) -> None:
    from handlers.views.answers import ReplyForm  # noqa: PLC0415

    talk = await the_conversation(typist.town)
    kept = 0
    for number, text in enumerate(SOME):
        form = ReplyForm(conversation=talk.id, reply=f"r{number}", channel="C01AGORINB1")
        ack = await typist.submit("carla", form, text=text)
        if ack.body.get("response_action") == "update":  # one more answer than the last: asked once
            view: Any = ack.body["view"]
            seen = json.loads(view["private_metadata"])["seen"]
            ack = await typist.submit("carla", form.model_copy(update={"seen": tuple(seen)}), text=text)
        reply = await typist.town.desk.store.find(Delivery, f"r{number}")
        if reply is None:
            assert ack.body.get("response_action") == "errors", text
            continue
        kept += 1
        assert reply.reply is not None
        assert reply.reply.text == text
        assert text.strip()
    assert kept > 100


async def test_reasons(typist: Typist) -> None:
    from handlers.views.decisions import ChangesForm  # noqa: PLC0415
    from handlers.views.stop import StopForm  # noqa: PLC0415

    desk, store = typist.town.desk, typist.town.desk.store
    (post,) = await store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    for text in SOME:
        await typist.submit("bruno", ChangesForm(post=post.id, revision=1), reason=text)
        decided = await desk.posts.get(post.id)
        assert decided.current == post.current
        if decided.status is PostStatus.CHANGES_REQUESTED:
            assert decided.decision is not None
            assert decided.decision.reason == text.strip() or decided.decision.reason == text
            change = store.begin()
            change.put(post.model_copy(update={"version": decided.version}), decided)
            await change.commit()
    for text in SOME:
        form = StopForm(channel="C01AGORREV1")
        await typist.submit("ana", form, reason=text, scope=text)
        assert await store.find(Stop, "agora") is None, "a stop needs a scope that was chosen"


async def test_settings(typist: Typist) -> None:
    from handlers.views.settings import BrandForm  # noqa: PLC0415

    store = typist.town.desk.store
    before = await typist.door.state()
    fixed = {"review": "C01AGORREV1", "language": "es", "zone": "Europe/Madrid"}
    changed = 0
    for number, text in enumerate(TYPED):
        field = ("name", "face", "zone", "language", "review")[number % 5]
        typed = {"name": "Café Ágora", "face": "☕", **fixed, field: text}
        old = await store.get(Brand, "agora")
        await typist.submit("admin", BrandForm(brand="agora"), **typed)
        brand = await store.get(Brand, "agora")
        assert brand.roles == old.roles
        assert brand.zone == "Europe/Madrid", text
        assert brand.language in {"es", "en"}, text
        assert brand.name.strip()
        assert len(brand.name) <= 80
        assert len(brand.face) <= 40
        changed += brand != old
        if number % 40 == 0:
            await rest(typist.town)
    assert changed > 100
    after = await typist.door.state()
    assert {
        key for key in before if not key.startswith(("brand:agora", "index:", "events", "mark", "card", "dirty"))
    } <= after.keys()


@pytest.mark.parametrize("network", ["x", "facebook", "practice"])
async def test_credentials(typist: Typist, network: str) -> None:
    """Nothing that is typed as a key breaks a request, is written into a header of its own, or connects anything."""
    from handlers.views.accounts import SLOTS, ConnectForm  # noqa: PLC0415

    before = await typist.door.state()
    brand = "ensayo" if network == "practice" else "agora"
    for text in SOME:  # each one is hidden from the log from then on, which takes longer with every one
        form = ConnectForm(brand=brand, drawn=network)
        ack = await typist.submit("admin", form, network=network, **dict.fromkeys(SLOTS, text))
        assert ack.body.get("response_action") != "push", text
    after = await typist.door.state()
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == set()


async def test_commands(typist: Typist) -> None:
    before = await typist.door.state()
    for number, text in enumerate(TYPED):
        for command in (
            text,
            f"help {text}",
            f"{('settings', 'today', 'inbox', 'ajustes', 'calendar')[number % 5]} {text}",
        ):
            if not command.lstrip().lower().startswith(("post", "crear", "publicar")):
                await typist.command("eva", command)
    after = await typist.door.state()
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == set()


async def test_mentions_and_comments_from_outside(typist: Typist) -> None:
    """What strangers write under an account becomes cards, in both brands' languages."""
    town: Town = typist.town
    async with town.session.delete(f"{town.url}/faults") as answer:
        assert answer.status == 200
    for number, text in enumerate([text for text in SOME if text.strip()]):
        account = ("x:cafe_agora", "x:northwindbooks", "facebook:cafe.agora", "facebook:northwind.books")[number % 4]
        said = {"account": account, "author": text[:80] or "x", "text": text}
        async with town.session.post(f"{town.url}/audience/comment", json=said) as answer:
            assert answer.status in {200, 201, 400}, await answer.text()
    await typist.door.hurry()
    await asyncio.sleep(0)

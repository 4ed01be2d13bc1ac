"""One scene for each Web API method that we call: something that needs it, and what must be true afterwards."""

import ast
import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.domain.brands import Brand
from bot.sandbox import world
from bot.sandbox.slack.methods import METHODS
from bot.slack.blocks import Message
from bot.slack.cards import Draw
from bot.slack.client import SlackError
from bot.slack.deck import Deck
from bot.slack.directory import Directory
from bot.slack.rooms import Rooms
from bot.slack.uploads import OwnFile
from tests.sandbox_networks.pictures import PNG
from tests.slack.conftest import GENERAL, NAMES, REVIEW, Workspace, put
from tests.slack.feature import BrandCard, Renamed

CARD = BrandCard(brand="b1")
ANA = NAMES["ana"].rpartition(":")[2]
ROOT = Path(__file__).parents[2]
Json = dict[str, Any]
Fault = Callable[[], Awaitable[None]]
Scene = Callable[[Workspace, Fault], Awaitable[None]]
PATIENCE = 20.0
BESIDE = {"apps.connections.open"}
"""Called beside the client: Socket Mode has its own tests."""


def methods_called() -> set[str]:
    """Every Web API method that the client may call: what Slack knows and `bot/slack` names."""
    known = set(METHODS)
    named: set[str] = set()
    for path in sorted((ROOT / "bot" / "slack").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        named |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in known}
    assert named >= BESIDE
    return named - BESIDE


async def drawn(slack: Workspace, deck: Deck, rounds: int = 40) -> None:
    """Lets time pass until nothing waits."""
    for _ in range(rounds):
        await deck.serve()
        if not await deck.marks.waiting():
            return
        slack.clock.skip(seconds=2)
    raise AssertionError(await deck.marks.waiting())


async def texts(slack: Workspace, channel: str = REVIEW) -> list[str]:
    """What is said in a channel, oldest first."""
    return [message["text"] for message in await slack.messages(channel)]


async def rename(slack: Workspace, name: str) -> None:
    """Gives the brand another name, and a next version."""
    await put(slack.store, (await slack.store.get(Brand, "b1")).model_copy(update={"name": name}))


async def until(look: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Looks until there is something; AssertionError when patience ends."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (found := await look()):  # noqa: ASYNC110 - seen from outside, over HTTP: nothing to wait on
                await asyncio.sleep(0.05)
            return found
    except TimeoutError:
        raise AssertionError(f"never: {what}") from None


async def views(slack: Workspace) -> list[Json]:
    """Ana's open forms."""
    return list((await slack.seen("views", user="ana"))["views"])


async def view_of(slack: Workspace) -> Json:
    """Ana's form, open."""
    await slack.act("command", user="ana", channel=GENERAL, text="/vocero")
    return dict((await until(lambda: views(slack), "a form"))[-1])


async def _who(slack: Workspace, fault: Fault) -> None:
    await fault()
    assert (await slack.api.who())["team_id"] == world.TEAM_ID


async def _permalink(slack: Workspace, fault: Fault) -> None:
    ts = await slack.api.post(REVIEW, Message("x"))
    await fault()
    assert ts.replace(".", "") in await slack.api.permalink(REVIEW, ts)


async def _members(slack: Workspace, fault: Fault) -> None:
    await fault()
    assert await Directory(slack.api, world.TEAM_ID).member("@ana") == NAMES["ana"]


async def _channels(slack: Workspace, fault: Fault) -> None:
    await fault()
    assert await Directory(slack.api, world.TEAM_ID).channel("#general") == GENERAL


async def _file(slack: Workspace, fault: Fault) -> None:
    file = {"name": "a.png", "base64": base64.b64encode(b"bytes").decode()}
    said = await slack.act("message", user="ana", channel="general", text="look", files=[file])
    (message,) = [message for message in await slack.messages(GENERAL) if message["ts"] == said["ts"]]
    await fault()
    assert await slack.api.download(message["files"][0]["id"], most=100) == b"bytes"


async def _room(slack: Workspace, fault: Fault) -> None:
    await fault()
    room = await Rooms(slack.api, world.TEAM_ID, slack.clock).look(GENERAL)
    assert room is not None
    assert ANA in room.members


async def _keep(slack: Workspace, fault: Fault) -> None:
    """Tried anew as the engine does, where Slack doesn't get done with it."""
    await fault()
    for _ in range(2):
        try:
            file = await slack.api.keep("a.png", PNG, "", pauses=())
        except SlackError:
            continue
        assert await slack.api.download(file, most=1000) == PNG
        return
    raise AssertionError("never kept")


async def _drop(slack: Workspace, fault: Fault) -> None:
    file = await slack.api.keep("a.png", PNG, "", pauses=())
    await fault()
    await slack.api.drop(file)
    await slack.api.drop(file)


async def _upload(slack: Workspace, fault: Fault) -> None:
    """A file of ours arrives once, whatever is lost on the way."""
    channel = await slack.api.direct(ANA, patient=True)
    await fault()
    await slack.api.share(channel, OwnFile("a.json", b"{}", "A file", "Here it is"))
    (shared,) = [message for message in await slack.messages("@ana") if message.get("files")]
    assert await slack.api.download(shared["files"][0]["id"], most=100) == b"{}"


async def _place(slack: Workspace, fault: Fault) -> None:
    rooms = Rooms(slack.api, world.TEAM_ID, slack.clock)
    await fault()
    place = await rooms.place(GENERAL, ())
    assert (place.usable, place.outsiders) == (True, False)
    assert (await rooms.place(GENERAL, [NAMES["ana"]])).outsiders


async def _member(slack: Workspace, fault: Fault) -> None:
    await fault()
    assert (await view_of(slack))["callback_id"] == "test.note"


async def _quiet(slack: Workspace, fault: Fault) -> None:
    await slack.act("admin", act="snooze", user="ana", minutes=60)
    await fault()
    assert await slack.people.quiet(NAMES["ana"]) is not None


async def _whisper(slack: Workspace, fault: Fault) -> None:
    await slack.fault(route="/response", status=404, body={"ok": False, "error": "expired_url"})
    await fault()
    await slack.act("command", user="ana", channel=GENERAL, text="/vocero nothing")

    async def said() -> bool:
        return "nothing" in str([*await texts(slack, GENERAL), *await texts(slack, "@ana")])

    await until(said, "an answer")


async def _open(slack: Workspace, fault: Fault) -> None:
    await fault()
    await slack.act("command", user="ana", channel=GENERAL, text="/vocero")

    async def offers() -> list[Json]:
        return [message for message in await slack.messages(GENERAL) if "form.reopen" in str(message["blocks"])]

    async def either() -> bool:
        return bool(await views(slack) or await offers())

    await until(either, "a form or a button for it")
    if not await views(slack):
        (offered,) = await offers()
        (button,) = offered["blocks"][-1]["elements"]
        place = {"channel": GENERAL, "ts": offered["ts"], "action_id": button["action_id"], "value": button["value"]}
        await slack.act("click", user="ana", **place)
    assert [view["callback_id"] for view in await until(lambda: views(slack), "a form")] == ["test.note"]


async def _push(slack: Workspace, fault: Fault) -> None:
    """A sentence in front of an open form; where no window can be put there, a direct message says it."""
    view = await view_of(slack)
    await slack.act("input", user="ana", view_id=view["id"], values={"test.note.reason": "refuse"})
    await fault()
    await slack.act("click", user="ana", view_id=view["id"], action_id="test.clear")

    async def said() -> bool:
        return len(await views(slack)) + len(await texts(slack, "@ana")) == 2

    await until(said, "the sentence")


async def _update_view(slack: Workspace, fault: Fault) -> None:
    view = await view_of(slack)
    await fault()
    await slack.act("click", user="ana", view_id=view["id"], action_id="test.clear")

    async def cleared() -> bool:
        (shown,) = await views(slack)
        return "cleared" in str(shown["blocks"])

    await until(cleared, "the form drawn again")


async def _home(slack: Workspace, fault: Fault) -> None:
    await fault()
    await slack.seen("home", user="ana")

    async def shown() -> bool:
        return "Home of Ana" in str((await slack.seen("home", user="ana", peek="1"))["view"])

    await until(shown, "Home")


async def _direct(slack: Workspace, fault: Fault) -> None:
    deck = slack.deck()
    await fault()
    await deck.touch([Draw(f"@{NAMES['ana']}", CARD), Draw(REVIEW, CARD)])
    await deck.serve()
    await deck.serve()
    assert await texts(slack) == ["Café"]  # other channels go on
    await drawn(slack, deck)
    assert await texts(slack, "@ana") == ["Café"]


async def _post(slack: Workspace, fault: Fault) -> None:
    deck = slack.deck()
    await fault()
    await deck.touch([Draw(REVIEW, CARD)])
    await deck.serve()
    await deck.touch([Draw(GENERAL, CARD)])
    await deck.serve()
    assert await texts(slack, GENERAL) == ["Café"]  # other channels go on
    await drawn(slack, deck)
    assert await texts(slack) == ["Café"]


async def _update(slack: Workspace, fault: Fault) -> None:
    deck = slack.deck()
    await deck.touch([Draw(REVIEW, CARD), Draw(GENERAL, CARD)])
    await drawn(slack, deck)
    await rename(slack, "Otro")
    slack.clock.skip(seconds=5)
    await fault()
    notice = Renamed(brand="b1", version=2)
    await deck.touch([Draw(REVIEW, CARD), Draw(REVIEW, notice)])
    await drawn(slack, deck)
    assert await texts(slack) == ["Otro", "now Otro"]


async def _found(slack: Workspace, fault: Fault, thread: bool) -> None:
    deck = slack.deck()
    await deck.touch([Draw(REVIEW, CARD)])
    await drawn(slack, deck)
    slack.clock.skip(seconds=5)
    await slack.fault(route="chat.postMessage", when="after", drop=True)
    await deck.touch([Draw(REVIEW, Renamed(brand="b1", version=1), thread_of=CARD if thread else None)])
    await deck.serve()
    await fault()
    await drawn(slack, deck)
    assert await texts(slack) == ["Café", "now Café"]


async def _history(slack: Workspace, fault: Fault) -> None:
    await _found(slack, fault, thread=False)


async def _replies(slack: Workspace, fault: Fault) -> None:
    await _found(slack, fault, thread=True)


SCENES: dict[str, Scene] = {
    "auth.test": _who,
    "chat.getPermalink": _permalink,
    "chat.postEphemeral": _whisper,
    "chat.postMessage": _post,
    "chat.update": _update,
    "conversations.history": _history,
    "conversations.info": _room,
    "conversations.list": _channels,
    "conversations.members": _place,
    "conversations.open": _direct,
    "conversations.replies": _replies,
    "dnd.info": _quiet,
    "files.completeUploadExternal": _upload,
    "files.delete": _drop,
    "files.getUploadURLExternal": _keep,
    "files.info": _file,
    "users.info": _member,
    "users.list": _members,
    "views.open": _open,
    "views.publish": _home,
    "views.push": _push,
    "views.update": _update_view,
}

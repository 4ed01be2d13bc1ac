"""The demo's town and its bot's door: payloads as Slack sends them, signed, and what may not change by them."""

import asyncio
import gc
import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot.sandbox import world
from bot.sandbox.slack import payloads
from tests.handlers.demo import Town, open_town
from tests.handlers.test_inbox import heard
from tests.handlers.test_review import sent

SLOW = 0.2
"""Seconds that one hostile thing may take."""
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
STRANGER = next(user for user in world.USERS if user.name == "eva")
"""In the workspace, and without a role in any brand but none."""
_UNCHANGED = (
    "inbox",
    "seen",
    "answer",
    "audit",
    "member",
    "reopen",
    "poll:",
    "turn:",
    "sheet_export:",
    "commit:",
    "typing:",
    "index:members",
)
"""What may come and go: deliveries themselves, the record of what was denied, forms that wait, what Slack says of a
member, whose turn it is, and the marks of commits."""
_BUGS = (
    "a bug, reference",
    "Failed to run",
    "could not be handled",
    "unhandled",
    "Error handling request",
    "never retrieved",
)


@dataclass
class Door:
    """The bot's endpoint for Slack. `statuses` counts what it answered; `slow` is what kept this thread, which does all
    the work, busy for too long: time of its own, so that a busy machine doesn't count."""

    town: Town
    url: str
    log: logging.Handler
    statuses: dict[int, int] = field(default_factory=dict)
    slow: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, what: object) -> Iterator[None]:
        """Something hostile comes in: whatever it is, it takes no more than `SLOW`."""
        gc.disable()  # else what earlier tests left is cleared away on somebody else's time
        started = time.thread_time()
        try:
            yield
        finally:
            took = time.thread_time() - started
            gc.enable()
        if took > SLOW:
            self.slow.append(f"{took:.2f} s: {what!a:.300}")

    async def post(
        self, body: bytes, kind: str = JSON, *, age: float = 0, secret: str = world.SIGNING_SECRET, **more: str
    ) -> int:
        """Signed as Slack signs; answers the status."""
        stamp = str(int(time.time() - age))
        mark = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}", "Content-Type": kind}
        given = headers | {name.replace("_", "-"): value for name, value in more.items()}
        with self.timed(body):
            async with self.town.session.post(self.url, data=body, headers=given) as answer:
                await answer.read()
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        return answer.status

    async def send(self, payload: Mapping[str, Any]) -> int:
        """A payload in the encoding of its kind."""
        return await self.post(*encoded(payload))

    async def quiet(self) -> None:
        """Until everything that arrived was handled."""
        store = self.town.desk.store
        async with asyncio.timeout(30):
            while await store.client.xlen(store.key("inbox")):  # noqa: ASYNC110 - the gate's own work, in the store
                await asyncio.sleep(0.02)

    async def hurry(self) -> None:
        """From now on Slack takes whatever it is told, at any pace; what it is told stands in the log of calls."""
        taken = {
            "ok": True,
            "ts": "1.0",
            "channel": {"id": "D1"},
            "user": {"id": "U1", "name": "x"},
            "view": {"id": "V1"},
        }
        await self.town.fault(target="slack", status=200, body=taken, times=10**9)

    async def state(self) -> dict[str, str]:
        """Everything that is stored, by key, but for what may come and go."""
        store = self.town.desk.store
        found: dict[str, str] = {}
        raw: Any = store.client
        async for key in store.client.scan_iter("{" + store.team + "}:*", count=1000):
            name = str(key).partition(":")[2]
            if not name.startswith(_UNCHANGED):
                dump: Any = await raw.execute_command("DUMP", key, NEVER_DECODE=True)
                found[name] = hashlib.sha256(dump).hexdigest()
        return found

    def bugs(self) -> list[str]:
        """What the log says of errors that nobody meant."""
        records = getattr(self.log, "records", [])
        return list(dict.fromkeys(_where(each) for each in records if _is_bug(each)))


def _where(record: logging.LogRecord) -> str:
    """The error, and the last of our own lines that led to it."""
    lines = [line.strip() for line in (record.exc_text or record.getMessage()).splitlines() if line.strip()]
    ours = [line for line in lines if "/bot/" in line or "/handlers/" in line or "/connectors/" in line]
    return f"{lines[-1]}: {' '.join(ours[-2:])}"


def _is_bug(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR and any(bug in record.getMessage() for bug in _BUGS)


def encoded(payload: Mapping[str, Any]) -> tuple[bytes, str]:
    """Events as JSON, commands as a form, the rest as JSON in a form."""
    if str(payload.get("type")) in {"event_callback", "url_verification", "app_rate_limited"}:
        return json.dumps(payload).encode(), JSON
    if "command" in payload:
        fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()}
        return urlencode(fields, errors="replace").encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


class _Kept(logging.Handler):
    """Keeps what is logged as an error, with its trace."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []
        self._format = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and not record.exc_text:
            record.exc_text = self._format.formatException(record.exc_info)
        self.records.append(record)


@asynccontextmanager
async def open_hall(client: Any, folder: Path) -> AsyncIterator[Door]:
    """The town, with a post in review and a conversation."""
    kept = _Kept()
    logging.getLogger().addHandler(kept)
    try:
        async with open_town(client, folder) as town:
            async with town.session.get(f"{town.url}/human/state") as answer:
                urls = (await answer.json())["urls"]
            await sent(town)
            await heard(town)
            yield Door(town, f"{urls['bot']}/slack/events", kept)
    finally:
        logging.getLogger().removeHandler(kept)


def member(user: world.User) -> dict[str, Any]:
    """As the sandbox knows somebody."""
    return {"id": user.id, "name": user.name}


async def samples(town: Town, user: world.User = STRANGER) -> dict[str, dict[str, Any]]:
    """One payload of each kind that Slack sends, by one person, about things that are really there."""
    review = (await town.messages("agora-review"))[-1]
    inbox = (await town.messages("agora-inbox"))[-1]
    view = (await town.command("ana", "post"))["view"]
    who, channel = member(user), {"id": "C01AGORREV1", "name": "agora-review", "kind": "channel"}
    address = f"{town.url}/response/actions/x/y"
    presses = {
        name: payloads.message_press(who, channel, message, None, {}, address, "t.1")
        | {"actions": [_pressed(message, number)]}
        for name, message, number in (("approve", review, 0), ("answer", inbox, 0), ("menu", inbox, -1))
    }
    event = {"type": "app_mention", "user": user.id, "channel": "C01GENERAL1", "ts": "1.0", "text": "<@U01VOCERO01> hi"}
    home = {"type": "app_home_opened", "user": user.id, "channel": "D1", "tab": "home", "event_ts": "1.0"}
    return presses | {
        "command": payloads.command(who, channel, "/vocero", "help", address, "t.2"),
        "live input": payloads.view_press(who, view, "t.3") | {"actions": [_input(view)]},
        "home": payloads.view_press(who, view | {"type": "home"}, "t.4") | {"actions": [_pressed(review, 0)]},
        "submission": payloads.submission(who, view, "t.5", []),
        "closed": payloads.closing(who, view, cleared=False),
        "shortcut": payloads.shortcut(who, "new_post", "1.0", "t.6"),
        "message shortcut": payloads.message_action(
            who,
            channel,
            review,
            "make_post",
            "1.0",
            address,
            "t.7",
        ),
        "suggestion": payloads.suggestion(who, "b", "compose.form.brand", "x", {"view": view}),
        "mention": wrapped(event),
        "home opened": wrapped(home),
        "verification": {"type": "url_verification", "challenge": "abc", "token": "x"},
        "rate limited": {"type": "app_rate_limited", "team_id": world.TEAM_ID, "minute_rate_limited": 1, "token": "x"},
    }


def wrapped(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as it arrives."""
    who = {"enterprise_id": None, "team_id": world.TEAM_ID, "user_id": world.BOT_USER_ID, "is_bot": True}
    about = {"token": "x", "team_id": world.TEAM_ID, "api_app_id": world.APP_ID, "event_time": 1}
    return about | {"type": "event_callback", "event_id": "Ev1", "event": dict(event), "authorizations": [who]}


def _pressed(message: Mapping[str, Any], number: int) -> dict[str, Any]:
    elements = [e for block in message["blocks"] for e in block.get("elements", []) if "action_id" in e]
    element = elements[number]
    chosen = {"selected_option": element["options"][0]} if "options" in element else {"value": element.get("value", "")}
    return {"type": element["type"], "action_id": element["action_id"], "block_id": "b", "action_ts": "1.0"} | chosen


def _input(view: Mapping[str, Any]) -> dict[str, Any]:
    block = next(block for block in view["blocks"] if block["type"] == "input" and block.get("dispatch_action"))
    element = block["element"]
    return {
        "type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"], "value": "x",
        "action_ts": "1.0",
    }  # fmt: skip

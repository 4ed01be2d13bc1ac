"""People at work in the running demo: they type, press and read over the human API, and know nothing of our code."""

import asyncio
import base64
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.outgoing import unfit, unfit_ack

Json = dict[str, Any]
PATIENCE = 45.0
"""Seconds until what should happen must have happened."""


def elements(payload: object) -> Iterator[Json]:
    """Everything with an action id in blocks or a view."""
    if isinstance(payload, dict):
        if "action_id" in payload:
            yield payload
        for value in payload.values():
            yield from elements(value)
    elif isinstance(payload, list):
        for value in payload:
            yield from elements(value)


def words(payload: object) -> str:
    """Everything that is read in a message, a view or a list of them."""
    if isinstance(payload, dict):
        own = [payload["text"]] if isinstance(payload.get("text"), str) else []
        return "\n".join([*own, *(words(value) for key, value in payload.items() if key not in {"metadata", "ts"})])
    if isinstance(payload, list):
        return "\n".join(words(value) for value in payload)
    return ""


def labelled(payload: object, *labels: str) -> Json:
    """The one button or option with one of these labels; raises AssertionError when there is none."""
    for element in elements(payload):
        text = element.get("text")
        if isinstance(text, dict) and text.get("text") in labels:
            return element
    shown = [e["text"]["text"] for e in elements(payload) if isinstance(e.get("text"), dict)]
    raise AssertionError(f"no {labels} among {shown}")


@dataclass
class Demo:
    """The running demo."""

    url: str
    session: aiohttp.ClientSession
    process: asyncio.subprocess.Process
    taps: int = field(default=0)

    async def get(self, path: str, **params: str) -> Json:
        """A GET of the human API."""
        async with self.session.get(self.url + path, params=params) as answer:
            body: Json = await answer.json()
            assert answer.status == 200, (path, params, body)
            return body

    async def post(self, path: str, **body: Any) -> Json:
        """A POST of the human API; the answer may be an error, which tests look at."""
        async with self.session.post(self.url + path, json=body) as answer:
            found: Json = await answer.json()
            assert not unfit_ack(found.get("response")), (path, body)
            return found

    async def fit(self) -> None:
        """AssertionError when something left for Slack that Slack would not have taken."""
        assert not (wrong := unfit((await self.get("/calls", target="slack"))["calls"])), wrong[:20]

    async def record(self, file: Path) -> None:
        """Write down what reached Slack, and the addresses that were asked elsewhere."""
        calls = (await self.get("/calls", target="slack"))["calls"]
        for target in ("x", "facebook", "practice"):
            calls += [call["path"] for call in (await self.get("/calls", target=target))["calls"]]
        await asyncio.to_thread(file.write_text, json.dumps(calls), "utf-8")

    # --- what people do

    async def command(self, user: str, channel: str, text: str) -> Json:
        """Type a command and send it; on a busy machine its form may open after it was acknowledged."""
        answer = await self.post("/human/command", user=user, channel=channel, text=text)
        assert answer["ok"], answer
        if answer["view"] or answer["ephemeral"]:
            return answer

        async def opened() -> Json | None:
            views = (await self.get("/human/views", user=user))["views"]
            return views[-1] if views else None

        return answer | {"view": await self.until(opened, f"{text} opens a form", 5)}

    async def press(self, user: str, where: Json, *labels: str, value: str | None = None) -> Json:
        """Press a button of a message or of a view, by its label; saying yes to its question is one more tap."""
        element = labelled(where.get("blocks", []), *labels)
        self.taps += "confirm" in element
        return await self.act(user, where, element["action_id"], value=value or element.get("value"))

    async def act(self, user: str, where: Json, action_id: str, *, value: str | None = None) -> Json:
        """Press something by its action id."""
        self.taps += 1
        more = {} if value is None else {"value": value}
        if "callback_id" in where or where.get("type") in {"modal", "home"}:
            return await self.post("/human/click", user=user, view_id=where["id"], action_id=action_id, **more)
        place = {"channel": where["channel"], "ts": where["ts"]}
        return await self.post("/human/click", user=user, **place, action_id=action_id, **more)

    async def submit(self, user: str, view: Json, **values: Any) -> Json:
        """Fill in fields, by the last part of their action id, and submit; on a busy machine they may come late."""
        self.taps += 1
        ids = fields_of(view)

        async def drawn() -> Json | None:
            views = (await self.get("/human/views", user=user))["views"]
            found = [fields_of(each) for each in views if each["id"] == view["id"]]
            return next((each for each in found if set(values) <= set(each)), None)

        if not set(values) <= set(ids):
            ids = await self.until(drawn, f"a form with {sorted(values)}", 5)
        named = {ids[name]: value for name, value in values.items()}
        return await self.post("/human/submit", user=user, view_id=view["id"], values=named)

    # --- what people read

    async def messages(self, channel: str) -> list[Json]:
        """A channel, oldest first."""
        found = (await self.get("/human/messages", channel=channel))["messages"]
        return [message | {"channel": channel} for message in found]

    async def public(self, account: str) -> list[Json]:
        """What is public on an account, newest first."""
        posts: list[Json] = (await self.get("/audience/posts", account=account))["posts"]
        return posts

    async def until(self, look: Callable[[], Awaitable[Any]], what: str = "", patience: float = PATIENCE) -> Any:
        """Look until there is something; AssertionError when patience ends."""
        try:
            async with asyncio.timeout(patience):
                while not (found := await look()):  # noqa: ASYNC110 - another process, over HTTP: nothing to wait on
                    await asyncio.sleep(0.1)
                return found
        except TimeoutError:
            raise AssertionError(f"never: {what}") from None

    async def card(self, channel: str, *texts: str, without: str = "", patience: float = PATIENCE) -> Json:
        """The newest message of a channel that says all of this, and does not say `without`."""

        async def look() -> Json | None:
            for message in reversed(await self.messages(channel)):
                said = words(message)
                if all(text in said for text in texts) and not (without and without in said):
                    return message
            return None

        found: Json = await self.until(look, f"{texts} in {channel}", patience)
        return found

    async def pids(self) -> Json:
        """The bot's and the store's process ids."""
        pids: Json = (await self.get("/human/state"))["pids"]
        return pids

    async def kill_bot(self) -> None:
        """kill -9, and wait until the next one is there."""
        before = (await self.pids())["bot"]
        os.kill(before, signal.SIGKILL)

        async def again() -> bool:
            state = await self.get("/human/state")
            return bool(state["ready"] and state["pids"]["bot"] not in {before, None})

        await self.until(again, "the bot is back")


def fields_of(view: Json) -> Json:
    """A form's action ids by their last part."""
    ids = [str(element["action_id"]) for element in elements(view)]
    return {id_.partition(":")[0].rpartition(".")[2]: id_ for id_ in ids}


def picture(width: int = 60, height: int = 40) -> str:
    """A PNG in Base64."""
    import io  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    out = io.BytesIO()
    Image.new("RGB", (width, height), (180, 90, 40)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


@asynccontextmanager
async def demo(data: Path, **environment: str) -> AsyncIterator[Demo]:
    """`make demo` on a free port, with its own state; stopped as Ctrl-C does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VOCERO_", "SLACK_"))}
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--port", "0"),
            env=kept | {"VOCERO_DATA": str(data), "VOCERO_DEMO_PACE": "0"} | environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    try:
        url = ""
        async with asyncio.timeout(60):
            while not url:
                line = (await process.stdout.readline()).decode()
                assert line, "the demo did not start"
                if "open http://" in line:
                    url = line.partition("open ")[2].split()[0]
        async with aiohttp.ClientSession() as session:
            running = Demo(url, session, process)

            async def ready() -> bool:
                return bool((await running.get("/human/state"))["ready"])

            await running.until(ready, "the bot joined Slack", 60)
            yield running
            if process.returncode is None:
                await running.fit()
                if "SANDBOX_CANARY" in os.environ:  # for tests/secrets/plugin.py
                    await running.record(data.parent / f"{data.name}-calls.json")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()


def dumped(message: Json) -> str:
    """A message for a failed assertion."""
    return json.dumps(message, ensure_ascii=False, indent=1)

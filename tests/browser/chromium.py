"""Drives a headless Chromium over the DevTools protocol: open, find by role or text, click, type, wait, look.

Waiting is done by the page itself (a promise resolved by a MutationObserver), so nothing here sleeps. Clicks and
keys are real input events at real coordinates: what is covered, hidden or inert can't be pressed.
"""

import asyncio
import base64
import contextlib
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
PATIENCE = 30.0
HUNG = 60.0
"""Seconds for one command: more than a test waits for anything, since the waiting is done inside the command."""
KEYS = {
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Tab": ("Tab", 9, ""),
    "Backspace": ("Backspace", 8, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "Space": ("Space", 32, " "),
}
MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}

WATCH = """
(test, ms) => new Promise((resolve) => {
  let observer = null;
  let timer = null;
  const done = (value) => { observer?.disconnect(); clearTimeout(timer); resolve(value); };
  const look = () => { const found = test(); if (found) done(found); return found; };
  if (look()) return;
  observer = new MutationObserver(look);
  observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  timer = setTimeout(() => done(test() || null), ms);
})
"""

FIND = """
({selector, text, exact}) => {
  const clean = (node) => (node.innerText ?? node.textContent ?? '').replace(/\\s+/g, ' ').trim();
  const seen = (node) => node.checkVisibility({visibilityProperty: true}) && !node.closest('[inert]');
  const nodes = [...document.querySelectorAll(selector ?? '*')].filter(seen);
  if (text === null) return nodes[0] ?? null;
  const fits = nodes.filter((node) => exact ? clean(node) === text : clean(node).includes(text));
  return (selector ? fits[0] : fits.at(-1)) ?? null;
}
"""

SEEN = """
(() => {
  const at = document.activeElement;
  const shown = document.querySelector('.modal') ?? document.querySelector('main') ?? document.body;
  const said = shown.innerText.replace(/\\s+/g, ' ').trim();
  return `seen: ${said.slice(0, 300)} … ${said.slice(-1500)}; focus: ${at?.outerHTML.slice(0, 200)}`;
})()
"""


def installed() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


class NotFound(AssertionError):
    """Nothing like it appeared in time."""


@dataclass
class Page:
    """One tab. `errors` collects uncaught exceptions and console errors, failed loads included."""

    socket: aiohttp.ClientWebSocketResponse
    errors: list[str] = field(default_factory=list)
    answers: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    serial: int = 0

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One DevTools command and its result."""
        self.serial += 1
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.answers[self.serial] = future
        await self.socket.send_json({"id": self.serial, "method": method, "params": params})
        return await asyncio.wait_for(future, HUNG)

    async def read(self) -> None:
        """Takes what Chromium says until it hangs up."""
        async for message in self.socket:
            said = json.loads(message.data)
            if future := self.answers.pop(said.get("id"), None):
                if "error" in said:
                    future.set_exception(RuntimeError(said["error"]["message"]))
                else:
                    future.set_result(said["result"])
            else:
                self._hear(said.get("method", ""), said.get("params", {}))

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.errors.append(" ".join(str(each.get("value", each.get("description"))) for each in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
        elif method == "Page.loadEventFired":
            self.loaded.set()

    async def goto(self, url: str) -> None:
        """Opens an address and waits until it has loaded."""
        self.loaded.clear()
        await self.send("Page.navigate", url=url)
        await asyncio.wait_for(self.loaded.wait(), PATIENCE * 3)

    async def run(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        result = await self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    async def until(self, expression: str, within: float = PATIENCE) -> Any:
        """Waits until an expression is true and gives its value; looks again whenever the page changes."""
        found = await self.run(f"({WATCH})(() => ({expression}), {within * 1000})")
        if found is None:
            raise NotFound(f"never true: {expression}; {await self._seen()}")
        return found

    async def _seen(self) -> str:
        """What the page showed instead, and where the keyboard was: all that a failure on another machine leaves."""
        return str(await self.run(SEEN))

    async def _node(self, selector: str | None, text: str | None, exact: bool, within: float) -> str:
        wanted = json.dumps({"selector": selector, "text": text, "exact": exact})
        watch = f"({WATCH})(() => ({FIND})({wanted}), {within * 1000})"
        result = await self.send("Runtime.evaluate", expression=watch, awaitPromise=True)
        if "objectId" not in result["result"]:
            raise NotFound(f"nothing visible with selector {selector!r} and text {text!r}; {await self._seen()}")
        return str(result["result"]["objectId"])

    async def _role(self, role: str, name: str | None, exact: bool, within: float) -> str:
        """By what assistive technology hears; an exact name wins over one that contains it."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while True:
            document = await self.send("Runtime.evaluate", expression="document.documentElement")
            tree = await self.send("Accessibility.queryAXTree", objectId=document["result"]["objectId"], role=role)
            if node := _named(tree["nodes"], name, exact):
                found = await self.send("DOM.resolveNode", backendNodeId=node["backendDOMNodeId"])
                return str(found["object"]["objectId"])
            left = end - loop.time()
            if left <= 0:
                raise NotFound(f"nothing with role {role!r} and name {name!r}; {await self._seen()}")
            await self.run(f"(() => {{ let n = 0; return ({WATCH})(() => n++ > 0, {min(left, 1) * 1000}); }})()")

    async def find(
        self,
        selector: str | None = None,
        *,
        text: str | None = None,
        role: str | None = None,
        name: str | None = None,
        exact: bool = False,
        within: float = PATIENCE,
    ) -> str:
        """Waits for something visible; by accessible `role` and `name`, or by CSS `selector` and/or `text`."""
        if role is not None:
            return await self._role(role, name, exact, within)
        return await self._node(selector, text, exact, within)

    async def call(self, node: str, function: str, *args: Any) -> Any:
        """Calls a JavaScript function with a found node as `this`."""
        result = await self.send(
            "Runtime.callFunctionOn",
            objectId=node,
            functionDeclaration=function,
            arguments=[{"value": each} for each in args],
            awaitPromise=True,
            returnByValue=True,
        )
        return result["result"].get("value")

    async def text(self, selector: str | None = None, **how: Any) -> str:
        """The visible words of something."""
        return str(await self.call(await self.find(selector, **how), "function () { return this.innerText; }"))

    async def click(self, selector: str | None = None, **how: Any) -> None:
        """Presses the middle of something with the mouse; fails when something else lies over it."""
        at = await self._there(selector, **how)
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left", clickCount=1)

    async def hover(self, selector: str | None = None, **how: Any) -> None:
        """Moves the mouse over something."""
        at = await self._there(selector, **how)
        await self.send("Input.dispatchMouseEvent", type="mouseMoved", x=at[0], y=at[1])

    async def _there(self, selector: str | None, **how: Any) -> tuple[float, float]:
        """The middle of something; what was drawn anew between finding and looking is found again."""
        for _ in range(5):
            at = await self._middle(await self.find(selector, **how))
            if at is not None:
                return at
        raise NotFound(f"drawn anew all the time: {selector!r} {how}")

    async def _middle(self, node: str) -> tuple[float, float] | None:
        at = await self.call(
            node,
            """async function () {
              this.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
              await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
              if (!this.isConnected) return null;
              const box = this.getBoundingClientRect();
              const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
              const top = document.elementFromPoint(x, y);
              const hit = top && (this.contains(top) || top.contains(this) || top.closest('label')?.contains(this));
              return {x, y, over: hit ? null : top?.outerHTML?.slice(0, 200) ?? 'nothing'};
            }""",
        )
        if at is None:
            return None
        if at["over"] is not None:
            raise NotFound(f"it is covered by {at['over']}")
        return at["x"], at["y"]

    async def type(self, text: str) -> None:
        """Types where the focus is."""
        await self.send("Input.insertText", text=text)

    async def fill(self, words: str, selector: str | None = None, **how: Any) -> None:
        """Focuses a field, empties it, and types."""
        node = await self.find(selector, **how)
        await self.call(node, "function () { this.focus(); this.select?.(); }")
        await self.type(words)

    async def choose(self, label: str, option: str) -> None:
        """Opens the list with this label and takes an option, by their visible words."""
        await self.click(role="combobox", name=label)
        await self.click(role="option", name=option)

    async def press(self, key: str, *modifiers: str) -> None:
        """Presses a key: one of `KEYS`, or a character."""
        code, number, text = KEYS.get(key, (key, ord(key[0].upper()), key))
        held = sum(MODIFIERS[each] for each in modifiers)
        event = {
            "key": " " if key == "Space" else key,
            "code": code,
            "windowsVirtualKeyCode": number,
            "modifiers": held,
        }
        down = {**event, "text": text} if text and not held & 7 else event
        await self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **down)
        await self.send("Input.dispatchKeyEvent", type="keyUp", **event)

    async def upload(self, files: list[Path], selector: str) -> None:
        """Chooses files in a file field, hidden or not."""
        found = await self.send("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})")
        await self.send(
            "DOM.setFileInputFiles", files=[str(each) for each in files], objectId=found["result"]["objectId"]
        )

    async def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """The window's size; `phone` also emulates touch and its pixels."""
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )

    async def prefer(self, scheme: str) -> None:
        """`light` or `dark`."""
        await self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    async def screenshot(self, path: Path) -> None:
        """Saves what is seen as a PNG."""
        shot = await self.send("Page.captureScreenshot", format="png")
        _save(path, base64.b64decode(shot["data"]))


def _named(nodes: list[dict[str, Any]], name: str | None, exact: bool) -> dict[str, Any] | None:
    heard = [node for node in nodes if not node.get("ignored") and "backendDOMNodeId" in node]
    if name is None:
        return next(iter(heard), None)
    names = [(str(node.get("name", {}).get("value", "")), node) for node in heard]
    same = [node for found, node in names if found == name]
    return next(iter(same or [node for found, node in names if name in found and not exact]), None)


def _save(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@dataclass
class Browser:
    """A running Chromium with an empty profile of its own."""

    session: aiohttp.ClientSession
    base: str

    @contextlib.asynccontextmanager
    async def page(self, url: str = "about:blank", *, width: int = 1440, height: int = 900) -> AsyncIterator[Page]:
        """A new tab, closed at the end."""
        async with self.session.put(f"{self.base}/json/new?about:blank") as answer:
            target = await answer.json()
        async with self.session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0, heartbeat=None) as socket:
            page = Page(socket)
            reading = asyncio.create_task(page.read())
            try:
                for domain in ("Page", "Runtime", "Log", "DOM", "Accessibility"):
                    await page.send(f"{domain}.enable")
                await page.resize(width, height)
                if url != "about:blank":
                    await page.goto(url)
                yield page
            finally:
                with contextlib.suppress(aiohttp.ClientError):
                    async with self.session.get(f"{self.base}/json/close/{target['id']}"):
                        pass
                reading.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await reading


@contextlib.asynccontextmanager
async def chromium(*, language: str = "en") -> AsyncIterator[Browser]:
    """Starts Chromium and ends it; raises FileNotFoundError when there is none."""
    binary = installed()
    if binary is None:
        raise FileNotFoundError("Chromium is not installed (apt-get install chromium)")
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            binary,
            *FLAGS,
            f"--user-data-dir={profile}",
            f"--lang={language}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        draining: asyncio.Task[None] | None = None
        try:
            base = await asyncio.wait_for(_address(process.stderr), PATIENCE * 3)
            draining = asyncio.create_task(_drain(process.stderr))
            async with aiohttp.ClientSession() as session:
                yield Browser(session, base)
        finally:
            if draining:
                draining.cancel()
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _address(lines: asyncio.StreamReader) -> str:
    """Chromium says on stderr where it listens."""
    async for line in lines:
        if b"DevTools listening on ws://" in line:
            return "http://" + line.decode().split("ws://", 1)[1].split("/", 1)[0]
    raise RuntimeError("Chromium ended before it listened")


async def _drain(lines: asyncio.StreamReader) -> None:
    async for _ in lines:
        pass

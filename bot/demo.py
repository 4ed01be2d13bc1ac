"""`make demo`: the outside world and the bot side by side on one machine, kept running, stopped together."""

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import aiohttp

from bot import leftovers
from bot.errors import ConfigurationError
from bot.sandbox import world
from bot.slack.manifest import manifest
from bot.store.launcher import ensure_store, stop_store, store_pid
from bot.store.server import pid_on_file

log = logging.getLogger(__name__)

SEED = Path(__file__).parent / "demo.yaml"
RESTART_AFTER = 0.5
"""Seconds before a bot that died is started again."""
LOOK, STUCK = 5.0, 30.0
"""Seconds between two looks whether the bot's loop turns, and after which one that doesn't is started again."""
LOWEST, HIGHEST = 10_000, 32_000
"""Where free ports are looked for."""


PACE = 60.0
"""Seconds between two things that the demo's audience does by itself, on the average."""


def _pace() -> float:
    """`VOCERO_DEMO_PACE`: seconds, 0 for an audience that says nothing by itself. Raises ConfigurationError."""
    given = os.environ.get("VOCERO_DEMO_PACE", "").strip()
    try:
        pace = float(given) if given else PACE
    except ValueError:
        pace = -1.0
    if not 0 <= pace <= 86_400:
        raise ConfigurationError(f"VOCERO_DEMO_PACE must be a number of seconds from 0 to 86400; it is {given!r}.")
    return pace


class Demo:
    """The supervisor: a sandbox process, a bot process, and the embedded store, which stops last."""

    def __init__(self, port: int, data: Path) -> None:
        self._port = port or _free_port(0)
        self._bot_port = _free_port(self._port + 1)
        self._data = data.resolve()
        self._pids = self._data / "pids.json"
        self._stopping = asyncio.Event()
        self._children: dict[str, int] = {}

    @property
    def url(self) -> str:
        """Where people open the page."""
        return f"http://127.0.0.1:{self._port}"

    async def run(self) -> int:
        """Everything up until SIGINT or SIGTERM; answers the exit code.

        Raises ConfigurationError for a taken port, or a folder where a demo runs already.
        """
        if not (self._data / leftovers.FILE).exists():
            self._require_port()
        with self._alone():
            if left := await asyncio.to_thread(leftovers.end, self._data):
                log.warning("ended %d processes that an earlier demo left behind", left)
            self._require_port()
            return await self._run()

    def _require_port(self) -> None:
        if _free_port(self._port) != self._port:
            other = f"make demo PORT={_free_port(self._port + 1)}"
            raise ConfigurationError(f"Port {self._port} is taken: end what listens there, or try `{other}`.")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Two demos in one folder would be two bots on one store: only the first may run."""
        self._data.mkdir(parents=True, exist_ok=True)
        with (self._data / "demo.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ConfigurationError(f"A demo runs in {self._data} already: end it, or set VOCERO_DATA.") from None
            yield

    async def _run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        await asyncio.to_thread(ensure_store, self._data)
        self._write_pids(None)
        outside = await self._start_sandbox()
        if outside is None:
            await asyncio.to_thread(stop_store, self._data)
            return 1
        try:
            if not await self._seed():
                return 1
            await self._keep_bot(outside)
            if outside.returncode is not None:
                log.error("the outside world ended with %s, so the demo ends", outside.returncode)
                return 1
        finally:
            await _end(outside)
            await asyncio.to_thread(stop_store, self._data)
            self._pids.unlink(missing_ok=True)
            leftovers.forget(self._data)
        return 0

    def _environment(self) -> Mapping[str, str]:
        x, facebook = ({a.brand: a for a in world.ACCOUNTS if a.network == n} for n in ("x", "facebook"))
        practice = next(a for a in world.ACCOUNTS if a.network == "practice")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "X_", "FACEBOOK_"))}
        return kept | {
            "SLACK_BOT_TOKEN": world.BOT_TOKEN,
            "SLACK_APP_TOKEN": world.APP_TOKEN,
            "SLACK_SIGNING_SECRET": world.SIGNING_SECRET,
            "SLACK_MODE": os.environ.get("VOCERO_DEMO_SLACK_MODE", "socket"),
            "SLACK_API_URL": f"{self.url}/api/",
            "X_API_URL": self.url,
            "X_SITE_URL": f"{self.url}/x",
            "X_CONSUMER_KEY": world.X_CONSUMER_KEY,
            "X_CONSUMER_SECRET": world.X_CONSUMER_SECRET,
            "FACEBOOK_GRAPH_URL": self.url,
            "FACEBOOK_SITE_URL": f"{self.url}/facebook",
            "FACEBOOK_APP_ID": world.FACEBOOK_APP_ID,
            "FACEBOOK_APP_SECRET": world.FACEBOOK_APP_SECRET,
            "PRACTICE_URL": self.url,
            "REDIS_URL": "",
            "VOCERO_PUBLIC_URL": f"http://127.0.0.1:{self._bot_port}",
            "VOCERO_DATA": str(self._data),
            "VOCERO_POLL_SECONDS": os.environ.get("VOCERO_POLL_SECONDS", "5"),
            "HOST": "127.0.0.1",
            "PORT": str(self._bot_port),
            "AGORA_X_TOKEN": x["Café Ágora"].token,
            "AGORA_X_SECRET": x["Café Ágora"].secret,
            "AGORA_FACEBOOK_TOKEN": facebook["Café Ágora"].token,
            "NORTHWIND_X_TOKEN": x["Northwind Books"].token,
            "NORTHWIND_X_SECRET": x["Northwind Books"].secret,
            "NORTHWIND_FACEBOOK_TOKEN": facebook["Northwind Books"].token,
            "ENSAYO_PRACTICE_KEY": practice.token,
        }

    async def _spawn(
        self, name: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> asyncio.subprocess.Process:
        # a session of its own: Ctrl-C reaches only the supervisor, which stops the others in order
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments, env=environment, start_new_session=True
        )
        self._children[name] = process.pid
        leftovers.note(self._data, self._children)
        return process

    async def _start_sandbox(self) -> asyncio.subprocess.Process | None:
        bot = f"http://127.0.0.1:{self._bot_port}"
        app = self._data / "manifest.json"
        app.write_text(json.dumps(manifest()), "utf-8")
        process = await self._spawn(
            "outside",
            "bot.sandbox",
            *("--port", str(self._port), "--data", str(self._data), "--bot-url", bot, "--pids", str(self._pids)),
            *("--mode", os.environ.get("VOCERO_DEMO_SLACK_MODE", "socket"), "--manifest", str(app)),
            *("--pace", str(_pace())),
        )
        async with aiohttp.ClientSession() as session:
            while process.returncode is None and not self._stopping.is_set():
                with contextlib.suppress(aiohttp.ClientError):  # not listening yet: asked again until it is, or ends
                    async with session.get(f"{self.url}/human/state") as answer:
                        if answer.status == 200:
                            return process
                await self._pause(0.05)
        await _end(process)
        return None

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):  # the pause was not cut short by a signal
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _seed(self) -> bool:
        """The demo's brands, the first time only: what people change later stays."""
        marker = self._data / "seeded"
        if marker.exists():
            return True
        process = await self._spawn("seed", "bot", "config", "import", str(SEED), environment=self._environment())
        if await process.wait():
            log.error("the demo's brands could not be imported")
            return False
        marker.touch()
        return True

    async def _keep_bot(self, outside: asyncio.subprocess.Process) -> None:
        """Run the bot, and run it again when it dies, until asked to stop or the sandbox is gone."""
        told = False
        while not self._stopping.is_set() and outside.returncode is None:
            await asyncio.to_thread(ensure_store, self._data)
            process = await self._spawn("bot", "bot", "run", environment=self._environment())
            self._write_pids(process.pid)
            try:
                if not told:
                    told = True
                    _say(f"Vocero's demo: open {self.url} (Ctrl-C stops it, a second `make demo` goes on)")
                ended = {asyncio.create_task(each.wait()) for each in (process, outside)}
                stop = asyncio.create_task(self._stopping.wait())
                store, done = pid_on_file(self._data), set[asyncio.Task[object]]()
                alive = Alive(f"http://127.0.0.1:{self._bot_port}/healthz")
                while not done:
                    done, _ = await asyncio.wait(ended | {stop}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
                    if not done and not await alive.turns():
                        log.error("the bot is stuck; ending it")
                        process.kill()
                    if store != (store := pid_on_file(self._data)):  # the bot started it again
                        self._write_pids(process.pid)
                for task in (*ended, stop):
                    task.cancel()
                if process.returncode is not None:
                    log.warning("the bot ended with %s; starting it again", process.returncode)
                    self._bot_port = _free_port(self._bot_port)  # somebody else's by now, perhaps
                    await self._pause(RESTART_AFTER)
            finally:
                await _end(process)

    def _write_pids(self, bot: int | None) -> None:
        temporary = self._pids.with_suffix(".new")
        temporary.write_text(json.dumps({"bot": bot, "store": store_pid(self._data)}))
        temporary.replace(self._pids)


class Alive:
    """Asks a process again and again whether its loop turns, once it did."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._answered: float | None = None

    async def turns(self) -> bool:
        """False when it has answered before and didn't for `STUCK` seconds."""
        now = asyncio.get_running_loop().time()
        if self._answered is not None and now - self._answered < LOOK:
            return True
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LOOK)) as session,
                session.get(self._url) as answer,
            ):
                await answer.read()
            self._answered = asyncio.get_running_loop().time()
        except (aiohttp.ClientError, TimeoutError):
            return self._answered is None or now - self._answered < STUCK
        return True


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _free_port(wanted: int) -> int:
    """The wanted port if nobody listens there, else another; below those that outgoing connections take by themselves
    (https://docs.kernel.org/networking/ip-sysctl.html, ip_local_port_range), so that it is still free in a while."""
    others = (LOWEST + secrets.randbelow(HIGHEST - LOWEST) for _ in range(100))
    for port in (*((wanted,) if wanted else ()), *others, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


async def _end(process: asyncio.subprocess.Process, patience: float = 25) -> None:
    """SIGTERM, and SIGKILL for one that doesn't listen."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), patience)
    except TimeoutError:
        log.warning("process %d did not stop in time", process.pid)
        process.kill()
        await process.wait()

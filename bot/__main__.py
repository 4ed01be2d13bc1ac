"""The command line `vocero` (also `python -m bot`): demo, run, web, worker, and what an operator asks beside them."""

import argparse
import asyncio
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NoReturn

from bot import journal
from bot.errors import ConfigurationError, StoreError, VoceroError
from bot.process import collect_seldom, keep_memory_private
from bot.settings import Settings, load

GOOD, FAILED, WRONG = 0, 1, 2
IN_ORDER = 20.0
"""Seconds for ending in order."""

log = logging.getLogger(__name__)


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="vocero", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    demo = verbs.add_parser("demo", help="everything on this machine, without credentials")
    demo.add_argument("--port", type=_port, default=8400)
    verbs.add_parser("run", help="web and worker in one process")
    verbs.add_parser("web", help="what Slack sends (one or more processes)")
    verbs.add_parser("worker", help="publishing, polling, cards, digests (one or more processes)")
    config = verbs.add_parser("config", help="brands, channels, roles and accounts as a file")
    moves = config.add_subparsers(dest="move", required=True)
    moves.add_parser("import", help="make the workspace be as FILE says").add_argument("file", type=Path)
    moves.add_parser("export", help="print the workspace as such a file, without secrets")
    from bot import auditing, keys, storing  # noqa: PLC0415 - imported here with the verbs that they serve

    storing.add_arguments(verbs.add_parser("store", help="what is stored: state, backup, restore, migrate"))
    auditing.add_arguments(verbs.add_parser("audit", help="the record of who did what: check it, write it out"))
    keys.add_arguments(verbs.add_parser("keys", help="the keys that seal credentials: change them, count, drop"))
    manifest = verbs.add_parser("manifest", help="the Slack app's manifest")
    manifest.add_argument("--lang", choices=("en", "es"), default="en")
    manifest.add_argument("--url", type=_public, help="public address, for signed HTTP instead of Socket Mode")
    verbs.add_parser("doctor", help="check settings, store and Slack, and say what is wrong")
    return parser


def _port(text: str) -> int:
    """A port from the command line."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a whole number from 0 to 65535 (0: any free one)")
    return int(text)


def _public(text: str) -> str:
    """Where Slack can call: it takes https alone (https://docs.slack.dev/reference/app-manifest)."""
    if not re.fullmatch(r"https://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no public address: write https://vocero.example.org")
    return text


async def _until_told(work: Callable[[AsyncExitStack], Awaitable[None]]) -> int:
    """Run until SIGINT or SIGTERM, then close in order, within `IN_ORDER` seconds; a second signal ends it at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(number: signal.Signals) -> None:
        if stop.is_set():
            log.warning("told to end again: ending at once")
            _leave(128 + number)
        stop.set()
        late = threading.Timer(IN_ORDER, _too_late)  # a thread's, for a loop that is stuck
        late.daemon = True
        late.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told, number)
    async with AsyncExitStack() as stack:
        running = asyncio.ensure_future(work(stack))
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
            await stopped
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return GOOD


def _too_late() -> None:
    log.error("not everything ended in time; what was on the wire is looked for by whoever starts next")
    _leave(FAILED)


async def _serve(settings: Settings, *, web: bool, worker: bool) -> int:
    from bot.house import open_house  # noqa: PLC0415 - other verbs answer without loading the whole house

    async def work(stack: AsyncExitStack) -> None:
        house = await stack.enter_async_context(open_house(settings))
        collect_seldom()
        await house.run(web=web, worker=worker)

    return await _until_told(work)


async def _config(settings: Settings, options: argparse.Namespace) -> int:
    from bot.desk.config import Importer, export_config, parse_config  # noqa: PLC0415
    from bot.house import open_house  # noqa: PLC0415

    async with open_house(settings) as house:
        if options.move == "export":
            print(await export_config(house.desk), end="")
            return GOOD
        try:
            text = options.file.read_text("utf-8")
        except OSError as error:
            raise ConfigurationError(f"{options.file}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"{options.file}: not a text in UTF-8.") from error
        config = parse_config(text, options.file.name)
        for line in await Importer(house.desk, house.directory, os.environ).load(config):
            print(line)
    return GOOD


def _run(options: argparse.Namespace) -> int:
    if options.verb == "demo":
        from bot.demo import Demo  # noqa: PLC0415

        journal.setup("warning")
        data = Path(os.environ.get("VOCERO_DATA") or ".vocero/demo")
        return asyncio.run(Demo(options.port, data).run())
    if options.verb == "manifest":
        from bot.slack.manifest import render  # noqa: PLC0415

        print(render(options.lang, options.url), end="")
        return GOOD
    if options.verb in {"store", "audit", "keys"}:
        from bot import auditing, keys, storing  # noqa: PLC0415

        journal.setup("warning")
        run = {"store": storing.run, "audit": auditing.run, "keys": keys.run}[options.verb]
        return asyncio.run(run(options))
    settings = load()
    journal.setup(settings.vocero_log_level, form=settings.vocero_log_format)
    if options.verb in {"config", "doctor"}:
        from bot import doctor  # noqa: PLC0415

        return asyncio.run(_config(settings, options) if options.verb == "config" else doctor.run(settings))
    web, worker = options.verb in {"run", "web"}, options.verb in {"run", "worker"}
    return _leave(asyncio.run(_serve(settings, web=web, worker=worker)))


def _leave(code: int) -> NoReturn:
    """End at once: a thread that waits for a network that hangs would keep the process, and has nothing to tell."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> int:
    """Run the command line; 2 means a setting is missing or wrong, and each is said in a sentence."""
    options = arguments().parse_args()
    keep_memory_private()
    try:
        return _run(options)
    except ConfigurationError as error:
        for sentence in error.sentences:
            print(journal.redact(sentence), file=sys.stderr)
        return WRONG
    except StoreError as error:
        print(journal.redact(str(error)), file=sys.stderr)
        return FAILED
    except VoceroError as error:
        print(journal.redact(str(error)), file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())

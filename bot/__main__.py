"""The command line `vocero` (also `python -m bot`): demo, run, web, worker, config, store, manifest, doctor."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NoReturn

from bot import journal
from bot.errors import ConfigurationError, StoreError, VoceroError
from bot.settings import Settings, load

GOOD, FAILED, WRONG = 0, 1, 2


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
    store = verbs.add_parser("store", help="the embedded store")
    acts = store.add_subparsers(dest="act", required=True)
    acts.add_parser("status")
    acts.add_parser("stop")
    acts.add_parser("backup").add_argument("target", type=Path)
    manifest = verbs.add_parser("manifest", help="the Slack app's manifest")
    manifest.add_argument("--lang", choices=("en", "es"), default="en")
    manifest.add_argument("--url", default=None, help="public address, for signed HTTP instead of Socket Mode")
    verbs.add_parser("doctor", help="check settings, store and Slack, and say what is wrong")
    return parser


def _port(text: str) -> int:
    """A port from the command line."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a whole number from 0 to 65535 (0: any free one)")
    return int(text)


async def _until_told(work: Callable[[AsyncExitStack], Awaitable[None]]) -> int:
    """Run until SIGINT or SIGTERM, then close in order."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
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


async def _serve(settings: Settings, *, web: bool, worker: bool) -> int:
    from bot.house import open_house  # noqa: PLC0415 - other verbs answer without loading the whole house

    async def work(stack: AsyncExitStack) -> None:
        house = await stack.enter_async_context(open_house(settings))
        if web:
            await house.run_web(also=stack)
        if worker:
            await house.run_worker()

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


def _store(settings_data: Path, options: argparse.Namespace) -> int:
    from bot.store.backup import backup  # noqa: PLC0415
    from bot.store.launcher import stop_store, store_status  # noqa: PLC0415

    if options.act == "status":
        status = store_status(settings_data)
        print(f"{status.state}  {status.socket}  pid {status.pid}  version {status.version}")
        return GOOD if status.state == "up" else FAILED
    if options.act == "stop":
        print("stopped" if stop_store(settings_data) else "it was not running")
        return GOOD
    print(f"copied to {backup(settings_data, options.target)}; keep secret.key (or VOCERO_KEY) somewhere else")
    return GOOD


async def _doctor(settings: Settings) -> int:
    from bot.house import open_house  # noqa: PLC0415

    async with open_house(settings) as house:
        brands, accounts = await house.desk.brands.all(), await house.desk.accounts.all()
        print(f"Slack: joined as team {house.team}, by {settings.mode}.")
        print(f"Store: up. {len(brands)} brands, {len(accounts)} accounts.")
        for account in accounts:
            print(f"Account {account.network} {account.name}: {account.state}.")
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
    if options.verb == "store":
        return _store(Path(os.environ.get("VOCERO_DATA") or ".vocero"), options)
    settings = load()
    journal.setup(settings.vocero_log_level)
    if options.verb == "config":
        return asyncio.run(_config(settings, options))
    if options.verb == "doctor":
        return asyncio.run(_doctor(settings))
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

"""`python -m bot.sandbox --port 8400 --data DIR --bot-url URL`: the outside world in a process of its own."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bot.sandbox.app import bound, build, open_sandbox, serving
from bot.sandbox.slack.installed import install


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8400)
    parser.add_argument("--data", type=Path, default=Path(".vocero/demo"), help="folder of sandbox.db")
    parser.add_argument("--bot-url", default="http://127.0.0.1:8401", help="where the bot listens")
    parser.add_argument("--mode", choices=("socket", "http"), default="socket", help="how Slack delivers")
    parser.add_argument("--pids", type=Path, default=None, help="JSON file with the bot's and the store's pids")
    parser.add_argument("--manifest", type=Path, default=None, help="the Slack app's manifest, as JSON; else no limits")
    parser.add_argument("--no-readers", action="store_true", help="nobody comments on practice posts by itself")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds between two acts of the audience; 0: silence")
    return parser


async def run(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listener = bound(options.port)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sandbox = open_sandbox(options.data, url, options.bot_url.rstrip("/"), options.mode, options.pids)
    sandbox.extra["pace"] = max(0.0, options.pace)
    if options.manifest is not None:
        sandbox.extra.update(install(options.manifest))
    async with serving(build(sandbox, with_readers=not options.no_readers), listener):
        sys.stderr.write(f"The outside world is at {url}\n")
        await stop.wait()
    sandbox.db.close()


if __name__ == "__main__":
    asyncio.run(run(arguments().parse_args()))

"""`vocero store`: how the store is, stop it, copy it, put a copy back, bring old records to the present shape."""

import argparse
import asyncio
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import ConfigurationError
from bot.offline import data_of, environment, opened
from bot.store.backup import backup, last_backup, restore
from bot.store.client import NoAnswer, unanswered
from bot.store.inspection import inspect
from bot.store.launcher import connect, stop_store, store_status
from bot.store.migrations import Migration, kinds_of
from bot.store.vault import KEY_FILE

GOOD, FAILED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`status`, `stop`, `backup FOLDER`, `restore FOLDER`, `migrate`."""
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("status", help="whether it runs, its size and its last backup; exit 1 if it doesn't run")
    acts.add_parser("stop", help="stop the embedded store; whoever still runs doesn't start it again")
    acts.add_parser("backup", help="copy it while it runs").add_argument("target", type=Path, help="a new folder")
    back = acts.add_parser("restore", help="put a backup in its place; publishing then waits for an admin")
    back.add_argument("source", type=Path, help="a folder that `backup` made")
    acts.add_parser("migrate", help="write every record in its present shape")


async def run(options: argparse.Namespace, given: Mapping[str, str] | None = None) -> int:
    """Do it; answers the exit code. Raises ConfigurationError and StoreError."""
    given = given if given is not None else environment()
    if options.act == "migrate":
        return await _migrate(given)
    if given.get("REDIS_URL"):
        return await _elsewhere(options.act, given["REDIS_URL"])
    data = data_of(given)
    return await asyncio.to_thread(_here, options, data, bool(given.get("VOCERO_KEY")))


def _here(options: argparse.Namespace, data: Path, key_set: bool) -> int:
    match options.act:
        case "status":
            return _status(data)
        case "stop":
            _say("stopped" if stop_store(data) else "it was not running")
        case "backup":
            _say(f"copied to {backup(data, options.target)}; keep secret.key (or VOCERO_KEY) somewhere else")
        case _:
            return _restore(data, options.source, key_set)
    return GOOD


def _status(data: Path) -> int:
    status = store_status(data)
    _say(f"{status.state}  {status.socket}  pid {status.pid}  version {status.version}")
    if status.memory is not None and status.log is not None:
        _say(f"memory {status.memory / 1e6:.0f} MB, log {status.log / 1e6:.1f} MB")
    if data.is_dir():
        _say(f"free on its disk {shutil.disk_usage(data).free / 1e9:.1f} GB")
        last = last_backup(data)
        _say(f"last backup {last:%Y-%m-%d %H:%M} UTC" if last else "last backup never")
    return GOOD if status.state == "up" else FAILED


def _restore(data: Path, source: Path, key_set: bool) -> int:
    done = restore(data, source, now=datetime.now(UTC))
    _say(f"restored {done.keys} keys from {source}")
    if done.aside is not None:
        _say(f"what was there before is in {done.aside}")
    if not key_set and not (data / KEY_FILE).exists():
        _say(f"{data / KEY_FILE} is missing: put the saved one there before you start, else accounts can't be opened")
    _say("start Vocero: publishing waits until an admin confirms it in Slack, post by post")
    return GOOD


async def _elsewhere(act: str, url: str) -> int:
    """REDIS_URL leads to a store that somebody else looks after."""
    if act != "status":
        raise ConfigurationError(f"REDIS_URL is set: `store {act}` is for the embedded store, use your provider's way.")
    client = connect(url)
    try:
        found = await inspect(client)
        keys = int(await client.dbsize())
    except NoAnswer as error:
        _say(f"down  {unanswered(error)}")
        return FAILED
    finally:
        await client.aclose()
    _say(f"up  by REDIS_URL  {keys} keys")
    for finding in found:
        _say(finding.sentence)
    return GOOD


async def _migrate(given: Mapping[str, str]) -> int:
    from bot import house  # noqa: PLC0415, F401 - every kind of record is known once the whole house is

    async with opened(given) as client:
        done = await Migration(client, kinds_of()).run()
    for kind, number in sorted(done.written.items()):
        _say(f"{kind}: {number} written in the present shape")
    for kind, number in sorted(done.newer.items()):
        _say(f"{kind}: {number} were written by a newer Vocero")
    _say(f"{done.seen} records looked at")
    return FAILED if done.newer else GOOD


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")

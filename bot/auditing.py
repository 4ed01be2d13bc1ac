"""`vocero audit`: check the record and write it out, without Slack, also while the bot is stopped."""

import argparse
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from dotenv import dotenv_values

from bot.domain.audit import Broken, Verify
from bot.errors import ConfigurationError, StoreError
from bot.settings import DOTENV
from bot.store import witness
from bot.store.audit import AuditLog
from bot.store.audit_file import Chosen, check_file, exported
from bot.store.launcher import connect, ensure_store, stop_store, store_status
from bot.store.records import Store
from bot.store.vault import KEY_FILE, open_vault

GOOD, FAILED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify [--file FILE]`, `export FILE|- [--since …] [--brand …] [--subject …]`."""
    acts = parser.add_subparsers(dest="act", required=True)
    verify = acts.add_parser("verify", help="read all of it; exit 1 and the first wrong number if it was touched")
    verify.add_argument("--file", type=Path, help="check an exported file instead of the store")
    export = acts.add_parser("export", help="write it as JSON lines that `verify --file` can check")
    export.add_argument("target", help="a new file, or - for standard output")
    export.add_argument("--since", type=_instant, help="a day (2026-03-01) or an instant (2026-03-01T09:00+01:00)")
    export.add_argument("--brand", default="", help="a brand's id")
    export.add_argument("--subject", default="", help="the id of a post, a conversation, an account …")


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write 2026-03-01 or 2026-03-01T09:00+01:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


async def run(options: argparse.Namespace, environment: Mapping[str, str] | None = None) -> int:
    """Do it; answers the exit code. Raises ConfigurationError and StoreError."""
    given = environment if environment is not None else _environment()
    data = Path(given.get("VOCERO_DATA") or ".vocero")
    if options.act == "verify" and options.file is not None:
        return _verify_file(options.file, _key(data, given))
    async with _stores(data, given) as stores:
        if options.act == "export":
            return await _export(stores, options)
        codes = [await _verify(store, data, _key(data, given)) for store in stores]
        return max(codes)


def _environment() -> Mapping[str, str]:
    return {name: value for name, value in {**dotenv_values(DOTENV), **os.environ}.items() if value}


def _key(data: Path, given: Mapping[str, str]) -> Verify | None:
    """How seals are checked; None where there is no key, because looking must not make one."""
    if given.get("VOCERO_KEY") or (data / KEY_FILE).exists():
        return open_vault(data, given.get("VOCERO_KEY")).signed
    return None


def _asleep(data: Path) -> bool:
    if not data.is_dir():
        raise ConfigurationError(f"There is no store in {data}: set VOCERO_DATA or REDIS_URL.")
    return store_status(data).state == "down"


@asynccontextmanager
async def _stores(data: Path, given: Mapping[str, str]) -> AsyncIterator[list[Store]]:
    """The workspaces of the store that is set; our own is started for the moment if it isn't running."""
    url, ours = given.get("REDIS_URL", ""), False
    if not url:
        ours = _asleep(data)
        url = ensure_store(data)
    client = connect(url)
    try:
        teams = [str(key)[1:].partition("}")[0] async for key in client.scan_iter("{*}:audit", count=1000)]
        if not teams:
            seen = witness.read(data)
            teams = [seen.team] if seen else []
        if not teams:
            raise StoreError("This store holds no record.")
        yield [Store(client, team) for team in sorted(set(teams))]
    finally:
        await client.aclose()
        if ours:
            stop_store(data)


async def _verify(store: Store, data: Path, verify: Verify | None) -> int:
    seen = witness.read(data)
    try:
        checked = await AuditLog(store).check(verify, seen if seen and seen.team == store.team else None)
    except Broken as broken:
        _say(f"{store.team}: wrong at entry {broken.number}: {broken.args[0].partition(': ')[2]}.")
        return FAILED
    since = f" since {checked.first:%Y-%m-%d %H:%M} UTC" if checked.first else ""
    _say(f"{store.team}: {checked.entries} entries{since}, {len(checked.seals)} seals: all as it was written.")
    _say(_about_seals(verify, checked.head.number - checked.head.sealed))
    return GOOD


def _about_seals(verify: Verify | None, unsealed: int) -> str:
    if verify is None:
        return "There is no key here, so who made the seals wasn't checked."
    return f"{unsealed} entries wait for the next seal." if unsealed else "Every entry is under a seal."


async def _export(stores: list[Store], options: argparse.Namespace) -> int:
    chosen = Chosen(options.since, options.brand, options.subject)
    if len(stores) != 1:
        raise ConfigurationError(f"This store holds {len(stores)} workspaces; export takes one.")
    if options.target == "-":
        async for line in exported(stores[0], chosen):
            _say(line)
        return GOOD
    target = Path(options.target)
    try:
        with target.open("x", encoding="utf-8") as file:  # noqa: ASYNC230 - a command line with nothing else to do
            written = 0
            async for line in exported(stores[0], chosen):
                file.write(f"{line}\n")
                written += line.startswith('{"type":"entry"')
    except OSError as error:
        raise ConfigurationError(f"{target} can't be written: {error.strerror}.") from error
    _say(f"{written} entries are in {target}; `vocero audit verify --file` checks it anywhere.")
    return GOOD


def _verify_file(path: Path, verify: Verify | None) -> int:
    try:
        with path.open(encoding="utf-8") as file:
            checked = check_file(file, verify)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not a text in UTF-8.") from error
    except Broken as broken:
        _say(f"{path}: wrong at entry {broken.number}: {broken.args[0].partition(': ')[2]}.")
        return FAILED
    _say(
        f"{path}: {checked.team}, entries {checked.first} to {checked.last} ({checked.shown} shown), "
        f"{checked.seals} seals: all as it was written."
    )
    if verify is None:
        _say("There is no key here, so who made the seals wasn't checked.")
    return GOOD


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")

"""`vocero keys`: change the key that seals accounts' credentials, see what is sealed with which, drop the old ones."""

import argparse
import base64
import contextlib
import fcntl
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from redis.exceptions import ResponseError

from bot.errors import ConfigurationError, StoreError
from bot.offline import data_of, environment, opened
from bot.store.client import Client
from bot.store.keys import KeyFile, Keys, name_of, new_key, parse
from bot.store.rotation import Count, Done, Rotation
from bot.store.vault import KEY_FILE, open_vault

GOOD, FAILED = 0, 1
SETTLED = 60.0
"""Seconds after a change of the key file for which something may still be written that the key before sealed."""
_BEGUN = "rotating"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`rotate`, `status`, `drop-old`."""
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("rotate", help="make a new key and seal everything with it; the bot goes on working")
    acts.add_parser("status", help="how much is sealed with which key")
    acts.add_parser("drop-old", help="forget keys that nothing is sealed with any more")


async def run(options: argparse.Namespace, given: Mapping[str, str] | None = None) -> int:
    """Do it; answers the exit code. Raises ConfigurationError and StoreError."""
    given = given if given is not None else environment()
    keys, data = given.get("VOCERO_KEY", ""), data_of(given)
    if not keys and not (data / KEY_FILE).exists():
        raise ConfigurationError(f"There is no key: neither VOCERO_KEY is set, nor is there a {data / KEY_FILE}.")
    async with opened(given) as client:
        if options.act == "status":
            return _told(await Rotation(client, open_vault(data, keys)).count(), _ring(data, keys))
        with _alone(data):
            if options.act == "rotate":
                return await (_rotate_set(client, keys) if keys else _rotate_file(client, data))
            return await _drop(client, data, keys)


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Two of us would each make a key."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "keys.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError("Keys are being changed right now, by another command.") from None
        yield


def _ring(data: Path, keys: str) -> Keys:
    return parse(keys.split(","), "VOCERO_KEY") if keys else KeyFile(data).read()


# --- rotate


async def _rotate_file(client: Client, data: Path) -> int:
    """The note names the key that is being taken into use, so whoever was killed goes on instead of making another."""
    file, note = KeyFile(data), data / _BEGUN
    held = file.read()
    if not note.exists() or note.read_text("ascii").strip() != held.names[0]:
        key = new_key()
        note.write_text(f"{name_of(key)}\n", "ascii")
        file.write(held.led_by(key))
        _say(f"A new key, {name_of(key)}, is first in {file.path}; keep a copy of that file in another place.")
    else:
        _say(f"Going on with key {held.names[0]}.")
    code = _done(await _reseal(client, Rotation(client, open_vault(data))))
    if code == GOOD:
        note.unlink()
    return code


async def _rotate_set(client: Client, keys: str) -> int:
    """With VOCERO_KEY only the operator can change keys; the first call tells a new one, the second seals with it."""
    vault = open_vault(Path(), keys)
    rotation = Rotation(client, vault)
    count = await rotation.count()
    if not set(count.by_key) - {vault.names[0]} and len(parse(keys.split(","), "VOCERO_KEY").ring) == 1:
        key = new_key()
        _say(f"A new key, {name_of(key)}:\n")
        _say(f"  {base64.b64encode(key).decode('ascii')}\n")
        _say("1. Put it in front of what VOCERO_KEY is now, with a comma between them, wherever the bot runs.")
        _say("2. Start every process again, then run `vocero keys rotate` once more.")
        return GOOD
    return _done(await _reseal(client, rotation))


async def _reseal(client: Client, rotation: Rotation) -> Done:
    done = await rotation.reseal()
    try:
        await client.bgrewriteaof()  # the store's log still holds what was sealed before
    except ResponseError as error:  # one is under way, or a managed store doesn't permit it
        _say(f"The store's log isn't written anew now: {error}.")
    return done


def _done(done: Done) -> int:
    _say(f"Sealed anew: {done.sealed}.")
    for place in done.failed:
        _say(f"Left as it was: {place.what}, sealed with key {place.name}, which doesn't open it.")
    if done.busy:
        _say(f"Being handled right now: {done.busy}. Run `vocero keys rotate` again in a minute.")
    if done.complete:
        _say("Everything is sealed with the first key. `vocero keys drop-old` forgets the others.")
    return GOOD if done.complete else FAILED


# --- status and drop-old


def _told(count: Count, keys: Keys) -> int:
    names = keys.names
    for name in [*names, *sorted(set(count.by_key) - set(names))]:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(count.kinds.get(name, {}).items()))
        role = "seals" if name == names[0] else "old" if name in names else "MISSING"
        _say(f"{name}  {role:<7}  {count.by_key.get(name, 0)} sealed{f' ({kinds})' if kinds else ''}")
    for name in keys.checks:
        _say(f"{name}  checks   seals of the record only")
    return FAILED if set(count.by_key) - set(names) else GOOD


async def _drop(client: Client, data: Path, keys: str) -> int:
    held = _ring(data, keys)
    old = held.names[1:]
    if not old:
        _say("There is only one key.")
        return GOOD
    if not keys and (age := time.time() - KeyFile(data).path.stat().st_mtime) < SETTLED:
        raise StoreError(f"The key is {age:.0f} s old: what is written now may be sealed with the one before. Wait.")
    count = await Rotation(client, open_vault(data, keys)).count()
    if needed := [name for name in old if count.by_key.get(name)]:
        _say(f"Still needed: {', '.join(needed)}. Run `vocero keys rotate` first.")
        return FAILED
    left = held.without(old)
    if keys:
        _say("Take every key but the first out of VOCERO_KEY, and put these behind it, with commas: what the record")
        _say("was sealed with can be checked with them, and nothing can be opened.\n")
        _say("  " + ",".join(left.lines()[1:]))
    else:
        KeyFile(data).write(left)
        _say(f"Forgotten: {', '.join(old)}. What the record was sealed with can still be checked.")
    return GOOD


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")

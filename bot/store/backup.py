"""A copy of the store that runs, complete up to the moment it began, and the way back from it.

The key that opens accounts' credentials is left out of it on purpose: keep `secret.key`, or VOCERO_KEY, in another
place. After a restore nothing is published until an admin says so, because the copy doesn't know what went out since.
"""

import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis

from bot.errors import StoreError, StoreUnavailable
from bot.store import restored
from bot.store.launcher import ensure_store, stop_store, store_status
from bot.store.server import LOG_GROWTH, client_of, folder_of, one_at_a_time, owned, socket_of, wait_until

_LOG = "appendonlydir"  # https://valkey.io/topics/persistence: base and increments, and a manifest that lists them
_GROWTH = "auto-aof-rewrite-percentage"
_LAST = "last-backup"


def backup(data: Path, target: Path, *, timeout: float = 300) -> Path:
    """Copies the store of the folder `data` to the new folder `target`, running or not; returns `target` resolved.

    While it copies, the log isn't rewritten (nothing else changes for anybody). Raises StoreError if `target` exists,
    if there is nothing to copy, if a copy fails, or if a rewrite doesn't end within `timeout` seconds.
    """
    data, target = data.resolve(), target.resolve()
    if target.exists():
        raise StoreError(f"{target} exists already: a backup goes to a new folder.")
    if not (data / _LOG).is_dir():
        raise StoreError(f"There is no store in {data}.")
    draft = target.with_name(f"{target.name}.partial")
    with one_at_a_time(data):
        status = store_status(data)
        if status.state in {"loading", "hung"}:
            raise StoreUnavailable(f"The store of {data} doesn't answer now: try again in a moment.")
        try:
            if status.state == "down":
                _copy(data, draft)
            else:
                with client_of(status.socket) as client:
                    _copy_running(client, data, draft, timeout)
            draft.replace(target)
            _sync(target.parent)
            (data / _LAST).write_text(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n", "ascii")
        except redis.RedisError as error:
            raise StoreUnavailable(f"The store of {data} stopped answering: {error}") from error
        except OSError as error:
            raise StoreError(f"The backup to {target} failed: {error}.") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return target


def last_backup(data: Path) -> datetime | None:
    """When the store of this folder was copied last; None for never, as far as the folder knows."""
    try:
        return datetime.fromisoformat((data / _LAST).read_text("ascii").strip())
    except (FileNotFoundError, ValueError):
        return None


@dataclass(frozen=True)
class Restored:
    """How a restore went: how many keys the copy has, and where what was there before is now (None: nothing was)."""

    keys: int
    aside: Path | None


def restore(data: Path, source: Path, *, now: datetime) -> Restored:
    """Puts the backup `source` in the place of the store of the folder `data`, which is made if need be.

    The copy is copied, and started once to see that it is whole, before anything is touched; what was there stays
    beside it, in `appendonlydir.<when>`. Publishing then waits for an admin's word. Raises StoreError while the store
    runs, or when the copy isn't one.
    """
    source, data = source.resolve(), folder_of(data)
    if not any(file.name.endswith(".manifest") for file in _files(source / _LOG)):
        raise StoreError(f"{source} is no backup: there is no {_LOG} with a manifest in it.")
    draft = data / "restoring"
    with one_at_a_time(data):
        if owned(data) or store_status(data).state != "down":
            raise StoreError(f"The store of {data} runs: end Vocero and run `vocero store stop` first.")
        try:
            _copy(source, draft)
            keys = _checked(draft, source)
            restored.note(data)
            aside = _aside(data, now)
            try:
                (draft / _LOG).replace(data / _LOG)
            except OSError:
                if aside is not None:
                    aside.replace(data / _LOG)
                raise
            _sync(data)
        except OSError as error:
            raise StoreError(f"The restore from {source} failed: {error}. What was there is untouched.") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Restored(keys, aside)


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _checked(draft: Path, source: Path) -> int:
    """How many keys it has, told by a server that loaded all of it."""
    sizes = {file.name: file.stat().st_size for file in _files(draft / _LOG)}
    try:
        ensure_store(draft, timeout=300)
        with client_of(socket_of(draft)) as client:
            keys = int(client.dbsize())
    except StoreUnavailable as error:
        raise StoreError(f"{source} can't be used: {error}") from error
    finally:
        stop_store(draft)
        if (note := draft / "socket").exists():
            shutil.rmtree(Path(note.read_text("utf-8")).parent, ignore_errors=True)
    shorter = [file.name for file in _files(draft / _LOG) if file.stat().st_size < sizes.get(file.name, 0)]
    if shorter or not keys:
        raise StoreError(f"{source} isn't whole: {', '.join(shorter) or 'an empty store'} can't be read to its end.")
    return keys


def _aside(data: Path, now: datetime) -> Path | None:
    if not (data / _LOG).exists():
        return None
    aside = data / f"{_LOG}.{now:%Y%m%dT%H%M%SZ}"
    if aside.exists():
        raise StoreError(f"{aside} exists already: try again in a second.")
    return (data / _LOG).replace(aside)


def _copy_running(client: redis.Redis, data: Path, draft: Path, timeout: float) -> None:
    """A rewrite would swap the files under the copy, so it is put off until afterwards."""
    client.config_set(_GROWTH, 0)
    try:
        wait_until(
            lambda: not _rewriting(client),
            time.monotonic() + timeout,
            lambda: StoreError("The store is still rewriting its log: try again later."),
        )
        _copy(data, draft)
    finally:
        client.config_set(_GROWTH, LOG_GROWTH)


def _rewriting(client: redis.Redis) -> bool:
    info = client.info("persistence")
    return bool(info["aof_rewrite_in_progress"] or info["aof_rewrite_scheduled"])


def _copy(data: Path, draft: Path) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    shutil.copytree(data / _LOG, draft / _LOG)
    for file in (draft / _LOG).iterdir():
        _sync(file)
    _sync(draft / _LOG)
    _sync(draft)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""A copy of the store that runs: taken while everybody goes on working, complete up to the moment it began.

The copy is a data folder: `VOCERO_DATA` set to it (or moved there) is the restore. The key that opens accounts'
credentials is left out on purpose: keep `secret.key`, or VOCERO_KEY, in another place.
"""

import os
import shutil
import time
from pathlib import Path

import redis

from bot.errors import StoreError, StoreUnavailable
from bot.store.launcher import store_status
from bot.store.server import LOG_GROWTH, client_of, one_at_a_time, wait_until

_LOG = "appendonlydir"  # https://valkey.io/topics/persistence: base and increments, and a manifest that lists them
_GROWTH = "auto-aof-rewrite-percentage"


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
        except redis.RedisError as error:
            raise StoreUnavailable(f"The store of {data} stopped answering: {error}") from error
        except OSError as error:
            raise StoreError(f"The backup to {target} failed: {error}.") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return target


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

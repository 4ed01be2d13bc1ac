"""What a store says of itself, and what that means for posts: one sentence each, with what to do.

Managed services often forbid CONFIG, and some INFO: what can't be read is said to be unknown.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, cast

import redis
from redis.asyncio import Redis

from bot.store.client import Cause, NoAnswer
from bot.store.server import OLDEST


class Weight(IntEnum):
    """What a finding asks for."""

    NOTE = 1  # the operator reads it in the log
    ALARM = 2  # records may be lost: people are told as well
    REFUSE = 3  # publishing can't be trusted here: Vocero doesn't start


@dataclass(frozen=True)
class Finding:
    """One thing about a store; `about` names it: version, role, log, write, fsync or eviction."""

    about: str
    weight: Weight
    sentence: str

    @property
    def alarming(self) -> bool:
        """Whether people are told."""
        return self.weight is Weight.ALARM


async def inspect(client: Redis) -> list[Finding]:
    """What could lose a post, the gravest first; empty for our own store. Raises NoAnswer."""
    info = await _info(client)
    if info is None:
        return [
            Finding(
                "info",
                Weight.NOTE,
                "The store doesn't say how it keeps its data (INFO is not permitted): whether it is a primary, has an "
                "append-only file and maxmemory-policy noeviction is unknown, have its provider confirm it.",
            )
        ]
    found = [*_version(info), *_role(info), *await _log(client, info), *await _eviction(client, info)]
    return sorted(found, key=lambda finding: -finding.weight)


def _version(info: Mapping[str, Any]) -> list[Finding]:
    version = str(info.get("redis_version", ""))
    major = version.partition(".")[0]
    if not major.isdecimal() or int(major) >= OLDEST:
        return []
    sentence = f"The store is version {version}: use Valkey, or Redis {OLDEST} or newer."
    return [Finding("version", Weight.REFUSE, sentence)]


def _role(info: Mapping[str, Any]) -> list[Finding]:
    if info.get("role") not in {"slave", "replica"}:
        return []
    sentence = "REDIS_URL leads to a replica, which can't be written: use the primary's address."
    return [Finding("role", Weight.REFUSE, sentence)]


async def _log(client: Redis, info: Mapping[str, Any]) -> list[Finding]:
    if "aof_enabled" not in info:
        told = "The store doesn't say whether it keeps an append-only file: have appendonly yes confirmed."
        return [Finding("log", Weight.NOTE, told)]
    if not info["aof_enabled"]:
        told = "The store keeps no append-only file, so a crash of it may lose posts: set appendonly yes."
        return [Finding("log", Weight.ALARM, told)]
    if info.get("aof_last_write_status", "ok") != "ok":
        told = "The store can't write its append-only file: look at its disk, nothing can be saved until then."
        return [Finding("write", Weight.ALARM, told)]
    fsync = await _setting(client, "appendfsync")
    if fsync is None:
        told = "The store doesn't say how often it writes to disk: have appendfsync always confirmed."
    elif fsync != "always":
        told = (
            f"The store writes to disk with appendfsync {fsync}: a crash of it may lose its last writes, "
            "set appendfsync always."
        )
    else:
        return []
    return [Finding("fsync", Weight.NOTE, told)]


async def _eviction(client: Redis, info: Mapping[str, Any]) -> list[Finding]:
    policy = info.get("maxmemory_policy") or await _setting(client, "maxmemory-policy")
    if policy is None:
        told = "The store doesn't say what it does when full: have maxmemory-policy noeviction confirmed."
        return [Finding("eviction", Weight.NOTE, told)]
    if policy != "noeviction":
        told = f"When full, the store throws away records ({policy}): set maxmemory-policy noeviction."
        return [Finding("eviction", Weight.ALARM, told)]
    return []


async def _info(client: Redis) -> Mapping[str, Any] | None:
    try:
        return cast(Mapping[str, Any], await client.info("all"))
    except NoAnswer as error:
        if error.cause is not Cause.FORBIDDEN:
            raise
    except redis.ResponseError:  # a service that took the command away
        return None
    return None


async def _setting(client: Redis, name: str) -> str | None:
    try:
        found = await cast(Awaitable[dict[str, str]], client.config_get(name))
    except NoAnswer as error:
        if error.cause is not Cause.FORBIDDEN:
            raise
        return None
    except redis.ResponseError:
        return None
    return found.get(name)

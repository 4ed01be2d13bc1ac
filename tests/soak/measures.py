"""What a running bot weighs: its memory, its open files and threads, and what the store keeps, by kind of key."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import linear_regression

import psutil  # type: ignore[import-untyped]
from redis.asyncio import Redis

MB = 1_000_000
_NUMBERS = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Sample:
    """One look. hours: simulated, since the start."""

    hours: float
    pid: int
    memory: float
    files: int
    threads: int


def look(pid: int, hours: float) -> Sample:
    """At a process, now; memory in MB."""
    process = psutil.Process(pid)
    with process.oneshot():
        memory = process.memory_info().rss / MB
        return Sample(hours, pid, memory, process.num_fds(), process.num_threads())


def slope(samples: Sequence[Sample], of: str) -> float:
    """By how much an attribute grows in a simulated hour."""
    if len(samples) < 3:
        return 0.0
    return linear_regression([s.hours for s in samples], [float(getattr(s, of)) for s in samples]).slope


@dataclass
class Keys:
    """The store's keys by family (the word after the workspace), and how many of each end by themselves.

    inside: the members of the collections of a family, which grow where the number of keys doesn't.
    """

    count: Counter[str] = field(default_factory=Counter)
    ending: Counter[str] = field(default_factory=Counter)
    inside: Counter[str] = field(default_factory=Counter)


def family(key: str) -> str:
    """`{T1}:post:abc` is of `post`; `{T1}:index:due` of `index:due`; docket's own are one."""
    _hash_tag, mark, rest = key.partition("}:")
    if not mark:
        return "(engine)"
    words = rest.split(":")
    named = words[0] in {"index", "dirty", "audit", "inbox", "events"} and len(words) > 1
    return ":".join(words[:2]) if named and not _NUMBERS.search(words[1]) else words[0]


_SIZES: Mapping[str, str] = {"zset": "zcard", "hash": "hlen", "stream": "xlen", "set": "scard", "list": "llen"}


async def keys(client: Redis) -> Keys:
    """All of them, counted."""
    found = Keys()
    async for key in client.scan_iter(count=1000):
        name = family(str(key))
        kind = str(await client.type(key))
        found.count[name] += 1
        found.ending[name] += int(await client.ttl(key)) >= 0
        if kind in _SIZES:
            found.inside[name] += int(await getattr(client, _SIZES[kind])(key))
    return found

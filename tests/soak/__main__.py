"""`make soak`: hours of a team's work in the demo, a minute each; exits 1 when the bot's memory isn't flat.

`ARGS="--hours 24 --warm 4"` for a day; `--seconds` is how long an hour takes.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from redis.asyncio import Redis

from bot.store.launcher import connect
from tests.soak.hours import Done, hour
from tests.soak.measures import Keys, Sample, keys, look, slope
from tests.walks.people import Demo, demo

FLAT = 1.0
"""MB that memory may grow in a simulated hour."""
EVERY = 2.0


async def _watch(town: Demo, seconds: float, samples: list[Sample]) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        pid = (await town.pids())["bot"]
        samples.append(look(pid, (loop.time() - began) / seconds))
        await asyncio.sleep(EVERY)


def _grown(before: Keys, after: Keys, hours: float) -> list[str]:
    lines = [f"{'kind of key':24} {'keys':>8} {'an hour':>8} {'of them ending':>15} {'members, an hour':>17}"]
    for name in sorted(after.count):
        more = (after.count[name] - before.count[name]) / hours
        inside = (after.inside[name] - before.inside[name]) / hours
        if more or inside:
            ending = f"{after.ending[name]} of {after.count[name]}"
            lines.append(f"{name:24} {after.count[name]:8} {more:8.1f} {ending:>15} {inside:17.1f}")
    return lines


async def soak(hours: int, warm: int, seconds: float) -> bool:
    """Whether it is flat; prints what was done and what grew."""
    samples, done = list[Sample](), Done()
    with tempfile.TemporaryDirectory(prefix="vocero-soak-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        async with demo(data) as town:
            client = _store(data)
            watcher = asyncio.create_task(_watch(town, seconds, samples))
            before = Keys()
            try:
                for number in range(hours):
                    if number == warm:
                        before = await keys(client)
                    await hour(town, number, seconds, done)
                    sample = samples[-1]
                    print(
                        f"hour {number + 1}: {sample.memory:.1f} MB, {sample.files} files, {sample.threads} threads",
                        flush=True,
                    )
                after = await keys(client)
            finally:
                watcher.cancel()
                await asyncio.gather(watcher, return_exceptions=True)
                await client.aclose()
    return _verdict(samples, done, _grown(before, after, hours - warm), hours, warm)


def _store(data: Path) -> Redis:
    socket = next(data.rglob("valkey.sock"))
    return connect(f"unix://{socket}")


def _verdict(samples: list[Sample], done: Done, grown: list[str], hours: int, warm: int) -> bool:
    steady = [sample for sample in samples if sample.hours >= warm]
    growth = slope(steady, "memory")
    died = len({sample.pid for sample in samples}) > 1
    print("\n".join(grown))
    print(
        f"{hours} hours, the first {warm} to warm up: {done.posts} posts, {done.comments} comments, "
        f"{done.commands} commands, {done.digests} digests, {done.reconnects} new sockets; {len(done.failed)} failed"
    )
    for sentence in done.failed[:5]:
        print(f"  {sentence[:300]}")
    flat = growth < FLAT and abs(slope(steady, "files")) < 1 and not died
    print(
        f"{'flat' if flat else 'NOT FLAT'}: memory {growth:+.2f} MB an hour (limit {FLAT}), "
        f"files {slope(steady, 'files'):+.2f}, threads {slope(steady, 'threads'):+.2f}"
    )
    return flat and len(done.failed) <= (done.posts + done.comments) // 20


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--hours", type=int, default=5, help="simulated hours, warm-up included")
    parser.add_argument("--warm", type=int, default=2, help="of them to warm up")
    parser.add_argument("--seconds", type=float, default=60, help="real seconds of an hour")
    options = parser.parse_args()
    if not 0 < options.warm < options.hours:
        parser.error("the warm-up is a part of the hours")
    logging.basicConfig(level=logging.ERROR)
    return 0 if asyncio.run(soak(options.hours, options.warm, options.seconds)) else 1


if __name__ == "__main__":
    sys.exit(main())
